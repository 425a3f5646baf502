//! Values of configuration keys: their types and what a key allows. Not here: the keys.

use std::fmt;

/// The type of a key's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// 16 bits.
    Short,
    /// 32 bits.
    Int,
    /// 64 bits.
    Long,
    /// A floating point number.
    Double,
    /// Text.
    String,
    /// Texts, separated by commas.
    List,
    /// The name of a class.
    Class,
    /// Text that is never shown.
    Password,
}

impl Kind {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "boolean" => Self::Boolean,
            "short" => Self::Short,
            "int" => Self::Int,
            "long" => Self::Long,
            "double" => Self::Double,
            "string" => Self::String,
            "list" => Self::List,
            "class" => Self::Class,
            "password" => Self::Password,
            _ => return None,
        })
    }

    /// Kafka's number for the type in DescribeConfigs (KIP-569).
    pub fn code(self) -> i8 {
        match self {
            Self::Boolean => 1,
            Self::String => 2,
            Self::Int => 3,
            Self::Short => 4,
            Self::Long => 5,
            Self::Double => 6,
            Self::List => 7,
            Self::Class => 8,
            Self::Password => 9,
        }
    }

    pub(super) fn value(self, name: &str, text: &str) -> Result<Value, InvalidValue> {
        let trimmed = text.trim();
        let number = |min: i64, max: i64, what: &str| match trimmed.parse::<i64>() {
            Ok(number) if (min..=max).contains(&number) => Ok(Value::Number(number)),
            _ => Err(InvalidValue::new(name, text, format!("{what} from {min} to {max}"))),
        };
        match self {
            Self::Boolean => match trimmed.to_ascii_lowercase().as_str() {
                "true" => Ok(Value::Boolean(true)),
                "false" => Ok(Value::Boolean(false)),
                _ => Err(InvalidValue::new(name, text, "true or false".to_owned())),
            },
            Self::Short => number(i16::MIN.into(), i16::MAX.into(), "a whole number"),
            Self::Int => number(i32::MIN.into(), i32::MAX.into(), "a whole number"),
            Self::Long => number(i64::MIN, i64::MAX, "a whole number"),
            Self::Double => match trimmed.parse::<f64>() {
                Ok(number) => Ok(Value::Double(number)),
                Err(_) => Err(InvalidValue::new(name, text, "a number".to_owned())),
            },
            Self::List if trimmed.is_empty() => Ok(Value::List(Vec::new())),
            Self::List => Ok(Value::List(trimmed.split(',').map(|item| item.trim().to_owned()).collect())),
            Self::String | Self::Class | Self::Password => Ok(Value::Text(trimmed.to_owned())),
        }
    }
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a boolean key.
    Boolean(bool),
    /// Of a short, int or long key.
    Number(i64),
    /// Of a double key.
    Double(f64),
    /// Of a list.
    List(Vec<String>),
    /// Of a string, class or password.
    Text(String),
}

/// What a key allows beyond its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Anything.
    Any,
    /// Numbers between two bounds, or one number besides.
    Range {
        /// The least.
        min: f64,
        /// The greatest, if there is one.
        max: Option<f64>,
        /// Allowed besides.
        or: Option<f64>,
    },
    /// One of some words.
    One(Vec<&'static str>),
    /// One of some words in any mixture of capital and small letters.
    AnyCase(Vec<&'static str>),
    /// Items without duplicates, of some words or (`None`) of any.
    Items {
        /// The words, if not any.
        of: Option<Vec<&'static str>>,
        /// Whether there may be none.
        empty: bool,
    },
    /// Text that is not empty.
    NonEmpty,
    /// `partition:broker` pairs, or `*`.
    Throttled,
    /// `latest`, `earliest`, or `by_duration:` with an ISO-8601 duration (KIP-1106).
    OffsetReset,
}

impl Rule {
    pub(super) fn parse(text: &'static str) -> Option<Self> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let words = |text: &'static str| text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>();
        Some(match word {
            "-" | "nonnull" => Self::Any,
            "nonempty" => Self::NonEmpty,
            "throttled" => Self::Throttled,
            "reset" => Self::OffsetReset,
            "one" => Self::One(words(rest)),
            "anycase" => Self::AnyCase(words(rest)),
            "items" => Self::Items { of: None, empty: rest.contains("empty") },
            "list" => {
                let (allowed, flags) = rest.split_once(';').unwrap_or((rest, ""));
                Self::Items { of: Some(words(allowed)), empty: flags.contains("empty") }
            }
            "range" => {
                let (range, or) =
                    rest.split_once(" or ").map_or((rest, None), |(range, or)| (range, or.parse().ok()));
                let (min, max) = range.split_once("..")?;
                Self::Range { min: min.parse().ok()?, max: max.parse().ok(), or }
            }
            _ => return None,
        })
    }

    pub(super) fn check(&self, name: &str, text: &str, value: &Value) -> Result<(), InvalidValue> {
        let allowed = match self {
            Self::Any => true,
            Self::Range { min, max, or } => {
                #[expect(clippy::cast_precision_loss, reason = "bounds are far below 2^53")]
                let number = match value {
                    Value::Number(number) => *number as f64,
                    Value::Double(number) => *number,
                    _ => return Ok(()),
                };
                (number >= *min && max.is_none_or(|max| number <= max)) || *or == Some(number)
            }
            Self::One(words) => words.contains(&text.trim()),
            Self::AnyCase(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text.trim())),
            Self::Items { of, empty } => match value {
                Value::List(items) => {
                    (*empty || !items.is_empty())
                        && items.iter().all(|item| of.as_ref().is_none_or(|of| of.contains(&item.as_str())))
                        && items.iter().all(|item| items.iter().filter(|other| *other == item).count() == 1)
                }
                _ => true,
            },
            Self::NonEmpty => !text.trim().is_empty(),
            Self::Throttled => match value {
                Value::List(items) => {
                    items.is_empty() || items == &["*"] || items.iter().all(|item| is_pair(item))
                }
                _ => true,
            },
            Self::OffsetReset => is_offset_reset(text.trim()),
        };
        if allowed { Ok(()) } else { Err(InvalidValue::new(name, text, self.to_string())) }
    }
}

fn is_pair(item: &str) -> bool {
    item.split_once(':')
        .is_some_and(|(partition, broker)| partition.parse::<u32>().is_ok() && broker.parse::<u32>().is_ok())
}

fn is_offset_reset(text: &str) -> bool {
    let duration = |text: &str| {
        text.starts_with('P') && text.len() > 2 && text.ends_with(|last: char| last.is_ascii_uppercase())
    };
    matches!(text, "latest" | "earliest") || text.strip_prefix("by_duration:").is_some_and(duration)
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any value"),
            Self::Range { min, max, or } => {
                match max {
                    Some(max) => write!(f, "a number from {min} to {max}")?,
                    None => write!(f, "a number of at least {min}")?,
                }
                or.map_or(Ok(()), |or| write!(f, " or {or}"))
            }
            Self::One(words) | Self::AnyCase(words) => write!(f, "one of {}", words.join(", ")),
            Self::Items { of: Some(words), empty } => {
                write!(
                    f,
                    "a list of {} without duplicates{}",
                    words.join(", "),
                    if *empty { ", or nothing" } else { "" }
                )
            }
            Self::Items { of: None, empty } => {
                write!(f, "a {}list without duplicates", if *empty { "" } else { "non-empty " })
            }
            Self::NonEmpty => f.write_str("a text that is not empty"),
            Self::Throttled => f.write_str("PARTITION:BROKER,... or *"),
            Self::OffsetReset => f.write_str("latest, earliest or by_duration:PnDTnHnMn.nS"),
        }
    }
}

/// A text that is no value of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    /// The key.
    pub name: String,
    /// The text.
    pub text: String,
    /// What is allowed, in words.
    pub allowed: String,
}

impl InvalidValue {
    fn new(name: &str, text: &str, allowed: String) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), allowed }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invalid value {} for configuration {}: allowed is {}", self.text, self.name, self.allowed)
    }
}

impl std::error::Error for InvalidValue {}

#[cfg(test)]
mod tests {
    use super::super::Definitions;
    use super::*;

    fn check(name: &str, text: &str, expected: Result<Value, &str>) {
        let definition =
            Definitions::topic().get(name).or_else(|| Definitions::broker().get(name)).expect("a key");
        assert_eq!(
            definition.value(text).map_err(|error| error.allowed),
            expected.map_err(str::to_owned),
            "{name}={text}"
        );
    }

    #[test]
    fn values_are_read_by_type_and_held_to_the_rule() {
        check("retention.ms", " 5 ", Ok(Value::Number(5)));
        check("retention.ms", "x", Err("a whole number from -9223372036854775808 to 9223372036854775807"));
        check("segment.bytes", "100", Err("a number of at least 1048576"));
        check("compression.gzip.level", "-1", Ok(Value::Number(-1)));
        check("compression.gzip.level", "0", Err("a number from 1 to 9 or -1"));
        check("cleanup.policy", "", Ok(Value::List(vec![])));
        check("cleanup.policy", "compact, delete", Ok(Value::List(vec!["compact".into(), "delete".into()])));
        check("cleanup.policy", "foo", Err("a list of compact, delete without duplicates, or nothing"));
        check("compression.type", "brotli", Err("one of uncompressed, zstd, lz4, snappy, gzip, producer"));
        check("min.cleanable.dirty.ratio", "1.5", Err("a number from 0 to 1"));
        check("process.roles", "", Err("a list of broker, controller without duplicates"));
        check("preallocate", "TRUE", Ok(Value::Boolean(true)));
        check(
            "follower.replication.throttled.replicas",
            "0:1,1:2",
            Ok(Value::List(vec!["0:1".into(), "1:2".into()])),
        );
    }
}
