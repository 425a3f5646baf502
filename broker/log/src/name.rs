//! Names on disk: of logs' directories, of segments' files, and ids as text. Not here: rules for topic names.

use std::fmt;

/// A topic's name and a partition's number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// The topic.
    pub topic: String,
    /// The partition, from 0.
    pub partition: i32,
}

impl TopicPartition {
    /// Names a partition.
    pub fn new(topic: impl Into<String>, partition: i32) -> Self {
        Self { topic: topic.into(), partition }
    }

    /// The name of its directory.
    pub fn directory_name(&self) -> String {
        format!("{}-{}", self.topic, self.partition)
    }

    fn parse(text: &str) -> Option<Self> {
        let (topic, partition) = text.rsplit_once('-')?;
        let partition: i32 = partition.parse().ok().filter(|number| *number >= 0)?;
        (!topic.is_empty()).then(|| Self::new(topic, partition))
    }
}

impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

/// What the name of a directory inside a log directory says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogName {
    /// A log in use.
    Live(TopicPartition),
    /// A log whose topic or replica was deleted; its files are still there.
    Deleted(TopicPartition),
    /// A log that was to replace one in another directory.
    Future(TopicPartition),
    /// A log that the cluster's metadata does not know.
    Stray(TopicPartition),
}

impl LogName {
    /// Reads a directory's name; `None` if it is no log's. As in Kafka, only `-delete`, `-future` and `-stray` at the
    /// very end tell that it is no log in use: a topic's own name may end like the id before them.
    pub fn parse(name: &str) -> Option<Self> {
        for (suffix, kind) in SUFFIXES {
            if let Some(before) = name.strip_suffix(suffix) {
                let (before, id) = before.rsplit_once('.')?;
                let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
                return TopicPartition::parse(before).filter(|_| is_id).map(kind);
            }
        }
        TopicPartition::parse(name).map(Self::Live)
    }
}

type Kind = fn(TopicPartition) -> LogName;

/// What the name of a directory that is no log in use ends with.
const SUFFIXES: [(&str, Kind); 3] =
    [("-delete", LogName::Deleted), ("-future", LogName::Future), ("-stray", LogName::Stray)];

/// Sixteen bytes that name a topic, a directory or a cluster; its text is Kafka's base64url form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uuid(pub [u8; 16]);

/// The id of a topic.
pub type TopicId = Uuid;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Uuid {
    /// Topic id of the metadata log.
    pub const METADATA_TOPIC: Uuid = Uuid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

    /// Reads the text form: 22 characters of base64url without padding.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 22 {
            return None;
        }
        let mut value: u128 = 0;
        let mut tail = 0;
        for (place, byte) in text.bytes().enumerate() {
            let digit = u8::try_from(ALPHABET.iter().position(|letter| *letter == byte)?).ok()?;
            if place < 21 {
                value = (value << 6) | u128::from(digit);
            } else {
                tail = digit;
            }
        }
        // 22 characters hold 132 bits: the last four are padding.
        (tail & 0x0f == 0).then(|| Self(((value << 2) | u128::from(tail >> 4)).to_be_bytes()))
    }

    /// Whether this is what a damaged byte made of the other's text: ids that were drawn differ in nearly all characters.
    pub fn is_misread(&self, other: Self) -> bool {
        let (text, other) = (self.to_string(), other.to_string());
        text.bytes().zip(other.bytes()).filter(|(one, other)| one != other).count() == 1
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = u128::from_be_bytes(self.0);
        for place in 0..21 {
            let digit = (value >> (122 - 6 * place)) & 0x3f;
            write!(f, "{}", char::from(ALPHABET[usize::try_from(digit).expect("six bits")]))?;
        }
        let tail = (value & 0x3) << 4;
        write!(f, "{}", char::from(ALPHABET[usize::try_from(tail).expect("six bits")]))
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The name of a segment's file: 20 digits and a suffix such as `.log`.
pub(crate) fn segment_file(base_offset: i64, suffix: &str) -> String {
    format!("{base_offset:020}{suffix}")
}

/// The offset that a segment's file is named by, if `name` is `<20 digits><suffix>`.
pub(crate) fn offset_of(name: &str, suffix: &str) -> Option<i64> {
    let digits = name.strip_suffix(suffix)?;
    if digits.len() != 20 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directory_names() {
        let live = |topic: &str, partition| Some(LogName::Live(TopicPartition::new(topic, partition)));
        let check =
            |name: &str, expected: Option<LogName>| assert_eq!(LogName::parse(name), expected, "{name}");
        check("orders-0", live("orders", 0));
        check("a.b-c-12", live("a.b-c", 12));
        check("-3", None);
        check("orders", None);
        check("orders-x", None);
        check(
            "orders-1.0123456789abcdef0123456789abcdef-delete",
            Some(LogName::Deleted(TopicPartition::new("orders", 1))),
        );
        check(
            "a.b-1.0123456789abcdef0123456789abcdef-stray",
            Some(LogName::Stray(TopicPartition::new("a.b", 1))),
        );
        check(
            "a.b-1.0123456789abcdef0123456789abcdef-future",
            Some(LogName::Future(TopicPartition::new("a.b", 1))),
        );
        check("orders-1.0123-delete", None);
        check("orders-delete", None);
    }

    /// Such a topic's logs were taken for deleted ones: no start found their checkpoints.
    #[test]
    fn a_topic_may_end_like_a_deleted_logs_id() {
        for topic in [
            "orders.0123456789abcdef0123456789abcdef",
            "orders-1.0123456789abcdef0123456789abcdef-delete",
            "orders-1.0123456789abcdef0123456789abcdef-stray",
            "0123456789abcdef0123456789abcdef",
        ] {
            let partition = TopicPartition::new(topic, 7);
            let name = partition.directory_name();
            assert_eq!(LogName::parse(&name), Some(LogName::Live(partition.clone())), "{name}");
            let deleted = format!("{name}.fedcba9876543210fedcba9876543210-delete");
            assert_eq!(LogName::parse(&deleted), Some(LogName::Deleted(partition)), "{deleted}");
        }
    }

    #[test]
    fn ids_as_text() {
        assert_eq!(Uuid::METADATA_TOPIC.to_string(), "AAAAAAAAAAAAAAAAAAAAAQ");
        assert_eq!(Uuid::parse("AAAAAAAAAAAAAAAAAAAAAQ"), Some(Uuid::METADATA_TOPIC));
        let id = Uuid([0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xfe]);
        assert_eq!(Uuid::parse(&id.to_string()), Some(id));
        assert_eq!(Uuid::parse("AAAAAAAAAAAAAAAAAAAAAR"), None);
        let misread = Uuid::parse(&id.to_string().replacen('A', "Q", 1));
        assert!(misread.is_some_and(|misread| misread.is_misread(id)), "{id}");
        assert!(!id.is_misread(id) && !id.is_misread(Uuid([9; 16])));
        assert_eq!(Uuid::parse("short"), None);
    }

    #[test]
    fn segment_files() {
        assert_eq!(segment_file(42, ".log"), "00000000000000000042.log");
        assert_eq!(offset_of("00000000000000000042.log", ".log"), Some(42));
        assert_eq!(offset_of("42.log", ".log"), None);
        assert_eq!(offset_of("00000000000000000042.log.deleted", ".log"), None);
    }
}
