//! A decoded record as one line of JSON, made from what `Debug` says of it: every generated structure has that, and
//! names its fields. Not here: decoding.

use std::fmt::{Debug, Write as _};

/// Fields that a record may lack (tagged ones, and those of later versions), with the text of their default: they are
/// left out while they have it.
const OPTIONAL: [(&str, &str, &str); 31] = [
    ("AbortTransactionRecord", "reason", "null"),
    ("BeginTransactionRecord", "name", "null"),
    ("BrokerRegistrationChangeRecord", "cordonedLogDirs", "null"),
    ("BrokerRegistrationChangeRecord", "fenced", "0"),
    ("BrokerRegistrationChangeRecord", "inControlledShutdown", "0"),
    ("BrokerRegistrationChangeRecord", "logDirs", "[]"),
    ("OffsetCommitValue", "expireTimestamp", "-1"),
    ("OffsetCommitValue", "topicId", "\"AAAAAAAAAAAAAAAAAAAAAA\""),
    ("PartitionChangeRecord", "addingReplicas", "null"),
    ("PartitionChangeRecord", "directories", "null"),
    ("PartitionChangeRecord", "eligibleLeaderReplicas", "null"),
    ("PartitionChangeRecord", "isr", "null"),
    ("PartitionChangeRecord", "lastKnownElr", "null"),
    ("PartitionChangeRecord", "leader", "-2"),
    ("PartitionChangeRecord", "leaderRecoveryState", "-1"),
    ("PartitionChangeRecord", "removingReplicas", "null"),
    ("PartitionChangeRecord", "replicas", "null"),
    ("PartitionRecord", "directories", "[]"),
    ("PartitionRecord", "eligibleLeaderReplicas", "null"),
    ("PartitionRecord", "lastKnownElr", "null"),
    ("PartitionRecord", "leaderRecoveryState", "0"),
    ("RegisterBrokerRecord", "cordonedLogDirs", "null"),
    ("RegisterBrokerRecord", "isMigratingZkBroker", "false"),
    ("RegisterBrokerRecord", "logDirs", "[]"),
    ("ShareSnapshotValue", "deliveryCompleteCount", "-1"),
    ("ShareUpdateValue", "deliveryCompleteCount", "-1"),
    ("TransactionLogValue", "clientTransactionVersion", "0"),
    ("TransactionLogValue", "nextProducerEpoch", "-1"),
    ("TransactionLogValue", "nextProducerId", "-1"),
    ("TransactionLogValue", "previousProducerId", "-1"),
    ("Voter", "voterDirectoryId", "\"AAAAAAAAAAAAAAAAAAAAAA\""),
];

const TAGGED_FIELDS: &str = "unknownTaggedFields";

/// The structure as JSON, its fields in camel case and in the order of the schema.
pub(super) fn of(structure: &impl Debug) -> String {
    let debug = format!("{structure:?}");
    let mut reader = Reader { rest: &debug };
    reader.value().unwrap_or_else(|| serde_json::Value::from(debug.as_str()).to_string())
}

/// Reads what derived `Debug` writes on one line.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let stripped = self.rest.strip_prefix(token);
        self.rest = stripped.unwrap_or(self.rest);
        stripped.is_some()
    }

    fn value(&mut self) -> Option<String> {
        if self.eat("[") {
            return self.list();
        }
        if self.rest.starts_with('"') {
            let text = String::from_utf8_lossy(&self.quoted()?).into_owned();
            return Some(serde_json::Value::from(text).to_string());
        }
        if self.rest.starts_with("b\"") {
            self.eat("b");
            return Some(format!("\"{}\"", base64(&self.quoted()?)));
        }
        let end = self.rest.find([',', ' ', '(', ')', '[', ']', '{', '}'])?;
        let (word, rest) = self.rest.split_at(end);
        let word = word.to_owned();
        self.rest = rest;
        if self.eat(" {") {
            return self.fields(&word);
        }
        if self.eat("(") {
            let inner = self.value()?;
            return self.eat(")").then_some(inner);
        }
        Some(match word.as_str() {
            "None" => "null".to_owned(),
            "true" | "false" => word,
            // An id: longer than any number.
            _ if word.len() == 22 || word.parse::<f64>().is_err() => format!("\"{word}\""),
            _ => word,
        })
    }

    fn list(&mut self) -> Option<String> {
        let mut items = Vec::new();
        while !self.eat("]") {
            items.push(self.value()?);
            self.eat(", ");
        }
        Some(format!("[{}]", items.join(",")))
    }

    fn fields(&mut self, structure: &str) -> Option<String> {
        let mut out = String::from("{");
        while !self.eat(" }") {
            self.eat(",");
            self.eat(" ");
            let (name, rest) = self.rest.split_once(": ")?;
            let name = camel_case(name);
            self.rest = rest;
            let is_tagged_fields = name == TAGGED_FIELDS;
            let value = if is_tagged_fields { self.skip_tagged_fields()? } else { self.value()? };
            if is_tagged_fields || OPTIONAL.contains(&(structure, &name, &value)) {
                continue;
            }
            let comma = if out.len() > 1 { "," } else { "" };
            write!(out, "{comma}\"{name}\":{value}").expect("text grows");
        }
        out.push('}');
        Some(out)
    }

    /// What the schema does not know stands last in its structure, and is not shown.
    fn skip_tagged_fields(&mut self) -> Option<String> {
        let mut depth = 0_usize;
        while let Some(next) = self.rest.chars().next() {
            match next {
                '"' => {
                    self.quoted()?;
                    continue;
                }
                ' ' | ',' if depth == 0 && !self.rest.starts_with(" {") && !self.rest.starts_with(" (") => {
                    break;
                }
                '[' | '(' | '{' => depth += 1,
                ']' | ')' | '}' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            self.rest = &self.rest[next.len_utf8()..];
        }
        Some(String::new())
    }

    /// A string or a byte string, without its escapes.
    fn quoted(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut characters = self.rest.strip_prefix('"')?.chars();
        loop {
            let character = match characters.next()? {
                '"' => break,
                '\\' => match characters.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => '\0',
                    'x' => {
                        let digits: String = characters.by_ref().take(2).collect();
                        bytes.push(u8::from_str_radix(&digits, 16).ok()?);
                        continue;
                    }
                    'u' => {
                        let digits = characters.as_str().strip_prefix('{')?.split('}').next()?;
                        characters = characters.as_str().get(digits.len() + 2..)?.chars();
                        char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
                    }
                    other => other,
                },
                other => other,
            };
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.rest = characters.as_str();
        Some(bytes)
    }
}

/// Kafka's name of a field.
fn camel_case(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("kraft_") {
        return camel_case(&format!("k_raft_{rest}"));
    }
    let mut words = name.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        out.push_str(&first.to_uppercase());
        out.push_str(rest);
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let sextet = (bits >> (18 - 6 * at)) & 0x3f;
            out.push(if at <= group.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use klamm_protocol::metadata_records::{
        ConfigRecord, MetadataRecord, PartitionChangeRecord, PartitionRecord,
    };
    use klamm_protocol::{Uuid, VotersRecord, voters_record};

    use super::*;

    #[test]
    fn records_have_kafkas_names_and_leave_out_what_is_not_set() {
        let partition = PartitionRecord {
            partition_id: 2,
            topic_id: Uuid::METADATA_TOPIC,
            replicas: vec![1, 2],
            directories: vec![Uuid([0xff; 16])],
            ..Default::default()
        };
        insta::assert_snapshot!(of(&MetadataRecord::from(partition)), @r#"{"partitionId":2,"topicId":"AAAAAAAAAAAAAAAAAAAAAQ","replicas":[1,2],"isr":[],"removingReplicas":[],"addingReplicas":[],"leader":-1,"leaderEpoch":-1,"partitionEpoch":-1,"directories":["_____________________w"]}"#);
        let change = PartitionChangeRecord { leader: 3, ..Default::default() };
        insta::assert_snapshot!(of(&change), @r#"{"partitionId":-1,"topicId":"AAAAAAAAAAAAAAAAAAAAAA","leader":3}"#);
    }

    #[test]
    fn text_is_escaped_for_json() {
        let config = ConfigRecord {
            resource_name: "a \"b\" {c: 1, } \u{1}é\n\0".to_owned(),
            value: Some("[x, y]".to_owned()),
            ..Default::default()
        };
        insta::assert_snapshot!(of(&config), @r#"{"resourceType":0,"resourceName":"a \"b\" {c: 1, } \u0001é\n\u0000","name":"","value":"[x, y]"}"#);
    }

    #[test]
    fn structures_inside_structures() {
        let voter = voters_record::Voter {
            voter_id: 3,
            voter_directory_id: Uuid([7; 16]),
            endpoints: vec![Default::default(), Default::default()],
            ..Default::default()
        };
        let mut record = VotersRecord { voters: vec![voter], ..Default::default() };
        insta::assert_snapshot!(of(&record), @r#"{"version":0,"voters":[{"voterId":3,"voterDirectoryId":"BwcHBwcHBwcHBwcHBwcHBw","endpoints":[{"name":"","host":"","port":0},{"name":"","host":"","port":0}],"kRaftVersionFeature":{"minSupportedVersion":0,"maxSupportedVersion":0}}]}"#);
        record.unknown_tagged_fields.insert(9, Bytes::from_static(b"x\"})]"));
        record.voters[0].unknown_tagged_fields.insert(4, Bytes::from_static(b", "));
        assert!(of(&record).ends_with("}}]}"), "{}", of(&record));
    }

    #[test]
    fn bytes_are_base64() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(base64(bytes), expected);
        check(b"", "");
        check(b"a", "YQ==");
        check(b"ab", "YWI=");
        check(b"abc", "YWJj");
    }
}
