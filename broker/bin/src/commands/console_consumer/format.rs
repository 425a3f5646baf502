//! A record as a line, by the properties of Kafka's default formatter. Not here: reading records.

use std::io::{self, Write};

use anyhow::{Result, bail};
use bytes::Bytes;
use klamm_client::{ConsumerRecord, Header};

use crate::connection::Properties;

const NO_TIMESTAMP: i64 = -1;

/// Which columns a line has, and what stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecordFormat {
    timestamp: bool,
    partition: bool,
    offset: bool,
    delivery: bool,
    epoch: bool,
    headers: bool,
    key: bool,
    value: bool,
    key_separator: Vec<u8>,
    line_separator: Vec<u8>,
    headers_separator: Vec<u8>,
    null_literal: Vec<u8>,
}

impl RecordFormat {
    /// From `print.key`, `key.separator` and so on.
    pub(super) fn from_properties(properties: &Properties) -> Result<Self> {
        const KNOWN: [&str; 12] = [
            "print.timestamp",
            "print.partition",
            "print.offset",
            "print.delivery",
            "print.epoch",
            "print.headers",
            "print.key",
            "print.value",
            "key.separator",
            "line.separator",
            "headers.separator",
            "null.literal",
        ];
        // Bytes are printed as they are, which is what these classes come to.
        let bytes_as_they_are = |key: &str, value: &str| {
            matches!(key, "key.deserializer" | "value.deserializer" | "headers.deserializer")
                && (value.ends_with("StringDeserializer") || value.ends_with("ByteArrayDeserializer"))
        };
        let known = |key: &str, value: &str| KNOWN.contains(&key) || bytes_as_they_are(key, value);
        if let Some((unknown, _)) = properties.iter().find(|(key, value)| !known(key, value)) {
            bail!("--formatter-property {unknown}: allowed are {}", KNOWN.join(", "));
        }
        let flag = |key: &str, default: bool| match properties.get(key).map(|value| value.trim()) {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(other) => bail!("--formatter-property {key}={other}: allowed are true and false"),
        };
        let text = |key: &str, default: &str| {
            properties.get(key).map_or(default, String::as_str).as_bytes().to_vec()
        };
        Ok(Self {
            timestamp: flag("print.timestamp", false)?,
            partition: flag("print.partition", false)?,
            offset: flag("print.offset", false)?,
            delivery: flag("print.delivery", false)?,
            epoch: flag("print.epoch", false)?,
            headers: flag("print.headers", false)?,
            key: flag("print.key", false)?,
            value: flag("print.value", true)?,
            key_separator: text("key.separator", "\t"),
            line_separator: text("line.separator", "\n"),
            headers_separator: text("headers.separator", ","),
            null_literal: text("null.literal", "null"),
        })
    }

    /// Writes a record's line.
    pub(super) fn write(&self, out: &mut impl Write, record: &ConsumerRecord) -> io::Result<()> {
        let mut line = Line { out, separator: &self.key_separator, begun: false };
        if self.timestamp {
            match record.timestamp {
                NO_TIMESTAMP => write!(line.column()?, "NO_TIMESTAMP")?,
                timestamp => write!(line.column()?, "{}:{timestamp}", record.timestamp_type)?,
            }
        }
        if self.partition {
            write!(line.column()?, "Partition:{}", record.partition)?;
        }
        if self.offset {
            write!(line.column()?, "Offset:{}", record.offset)?;
        }
        if self.delivery {
            write!(line.column()?, "Delivery:NOT_PRESENT")?;
        }
        if self.epoch {
            match record.leader_epoch {
                Some(epoch) => write!(line.column()?, "Epoch:{epoch}")?,
                None => write!(line.column()?, "Epoch:NOT_PRESENT")?,
            }
        }
        if self.headers {
            self.write_headers(line.column()?, &record.headers)?;
        }
        if self.key {
            line.column()?.write_all(self.or_null(record.key.as_ref()))?;
        }
        if self.value {
            line.column()?.write_all(self.or_null(record.value.as_ref()))?;
        }
        out.write_all(&self.line_separator)
    }

    fn write_headers(&self, out: &mut impl Write, headers: &[Header]) -> io::Result<()> {
        if headers.is_empty() {
            return out.write_all(b"NO_HEADERS");
        }
        for (header, at) in headers.iter().zip(0..) {
            if at > 0 {
                out.write_all(&self.headers_separator)?;
            }
            out.write_all(&header.key)?;
            out.write_all(b":")?;
            out.write_all(self.or_null(header.value.as_ref()))?;
        }
        Ok(())
    }

    fn or_null<'a>(&'a self, part: Option<&'a Bytes>) -> &'a [u8] {
        part.map_or(&self.null_literal, |part| part)
    }
}

/// A line that is being written, column by column.
struct Line<'a, W> {
    out: &'a mut W,
    separator: &'a [u8],
    begun: bool,
}

impl<W: Write> Line<'_, W> {
    fn column(&mut self) -> io::Result<&mut W> {
        if self.begun {
            self.out.write_all(self.separator)?;
        }
        self.begun = true;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use klamm_client::TimestampType;

    use super::*;

    fn record(key: Option<&'static str>, headers: &[(&'static str, Option<&'static str>)]) -> ConsumerRecord {
        let header = |(key, value): &(&'static str, Option<&'static str>)| Header {
            key: Bytes::from(*key),
            value: value.map(Bytes::from),
        };
        ConsumerRecord {
            topic: "t".into(),
            partition: 2,
            offset: 40,
            timestamp: 1_700_000_000_000,
            timestamp_type: TimestampType::CreateTime,
            leader_epoch: None,
            key: key.map(Bytes::from),
            value: Some(Bytes::from("v\u{e9}")),
            headers: headers.iter().map(header).collect(),
        }
    }

    fn shown(properties: &[(&str, &str)], record: &ConsumerRecord) -> String {
        let properties = properties.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let format = RecordFormat::from_properties(&properties.collect()).expect("sound");
        let mut out = Vec::new();
        format.write(&mut out, record).expect("memory takes it");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn columns_are_those_of_kafka() {
        let all = [
            ("print.timestamp", "true"),
            ("print.partition", "true"),
            ("print.offset", "true"),
            ("print.delivery", "true"),
            ("print.epoch", "true"),
            ("print.headers", "true"),
            ("print.key", "true"),
        ];
        assert_eq!(shown(&[], &record(None, &[])), "v\u{e9}\n");
        assert_eq!(
            shown(&all, &record(Some("a"), &[])),
            "CreateTime:1700000000000\tPartition:2\tOffset:40\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\tNO_HEADERS\ta\tv\u{e9}\n"
        );
        let headers = [("h1", Some("v1")), ("h2", None)];
        assert_eq!(shown(&all[5..], &record(None, &headers)), "h1:v1,h2:null\tnull\tv\u{e9}\n");
        let custom =
            [("print.key", "true"), ("print.value", "false"), ("line.separator", "|"), ("null.literal", "-")];
        assert_eq!(shown(&custom, &record(None, &[])), "-|");
    }

    #[test]
    fn unknown_properties_are_refused() {
        let properties = Properties::from([("print.keys".to_owned(), "true".to_owned())]);
        let error = RecordFormat::from_properties(&properties).expect_err("refused").to_string();
        assert!(error.contains("print.keys: allowed are print.timestamp"), "{error}");
    }
}
