//! Lines of a stream that arrives in pieces, and the record that each of them is. Not here: reading, sending.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bytes::{Bytes, BytesMut};
use klamm_client::{Header, ProducerRecord};

use crate::connection::Properties;

/// Cuts pieces into lines without copying those that lie in one piece.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end has not arrived.
    begun: BytesMut,
    piece: Bytes,
}

impl Lines {
    /// The next piece; the one before must have been used up.
    pub(super) fn push(&mut self, piece: Bytes) {
        debug_assert!(self.piece.is_empty());
        self.piece = piece;
    }

    /// A line, without its end; `None` asks for another piece.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let Some(end) = self.piece.iter().position(|byte| *byte == b'\n') else {
            self.begun.extend_from_slice(&self.piece);
            self.piece = Bytes::new();
            return None;
        };
        let line = self.piece.split_to(end + 1).slice(..end);
        if self.begun.is_empty() {
            return Some(without_return(line));
        }
        self.begun.extend_from_slice(&line);
        Some(without_return(self.begun.split().freeze()))
    }

    /// The last line, if it has no end.
    pub(super) fn rest(&mut self) -> Option<Bytes> {
        (!self.begun.is_empty()).then(|| without_return(self.begun.split().freeze()))
    }
}

fn without_return(line: Bytes) -> Bytes {
    if line.ends_with(b"\r") { line.slice(..line.len() - 1) } else { line }
}

/// How a line becomes a record: the properties of Kafka's line reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LineFormat {
    parse_key: bool,
    key_separator: Vec<u8>,
    parse_headers: bool,
    headers_delimiter: Vec<u8>,
    headers_separator: Vec<u8>,
    headers_key_separator: Vec<u8>,
    null_marker: Option<Vec<u8>>,
    ignore_error: bool,
}

impl LineFormat {
    /// From `parse.key`, `key.separator` and so on.
    pub(super) fn from_properties(properties: &Properties) -> Result<Self> {
        const KNOWN: [&str; 8] = [
            "parse.key",
            "key.separator",
            "parse.headers",
            "headers.delimiter",
            "headers.separator",
            "headers.key.separator",
            "null.marker",
            "ignore.error",
        ];
        if let Some(unknown) = properties.keys().find(|key| !KNOWN.contains(&key.as_str())) {
            bail!("--reader-property {unknown}: allowed are {}", KNOWN.join(", "));
        }
        let flag = |key: &str| match properties.get(key).map(|value| value.trim()) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => bail!("--reader-property {key}={other}: allowed are true and false"),
        };
        let text = |key: &str, default: &str| {
            properties.get(key).map_or(default, String::as_str).as_bytes().to_vec()
        };
        let format = Self {
            parse_key: flag("parse.key")?,
            key_separator: text("key.separator", "\t"),
            parse_headers: flag("parse.headers")?,
            headers_delimiter: text("headers.delimiter", "\t"),
            headers_separator: text("headers.separator", ","),
            headers_key_separator: text("headers.key.separator", ":"),
            null_marker: properties.get("null.marker").map(|marker| marker.as_bytes().to_vec()),
            ignore_error: flag("ignore.error")?,
        };
        let separators = [
            &format.key_separator,
            &format.headers_delimiter,
            &format.headers_separator,
            &format.headers_key_separator,
        ];
        if separators.iter().any(|separator| separator.is_empty()) {
            bail!("a separator must not be empty");
        }
        Ok(format)
    }

    /// The record of the line with this number, from 1.
    pub(super) fn record(&self, topic: &Arc<str>, line: Bytes, number: u64) -> Result<ProducerRecord> {
        let mut record = ProducerRecord::to(Arc::clone(topic));
        let mut rest = line;
        if self.parse_headers
            && let Some(headers) =
                self.part(&mut rest, &self.headers_delimiter, "headers delimiter", number)?
        {
            record.headers = self.headers(headers, number)?;
        }
        if self.parse_key
            && let Some(key) = self.part(&mut rest, &self.key_separator, "key separator", number)?
        {
            record.key = self.unless_null(key);
        }
        record.value = self.unless_null(rest);
        Ok(record)
    }

    /// What stands before the separator; the rest stays. Without a separator there is no such part, if errors are to
    /// be ignored.
    fn part(&self, rest: &mut Bytes, separator: &[u8], name: &str, number: u64) -> Result<Option<Bytes>> {
        match find(rest, separator) {
            Some(at) => {
                let part = rest.split_to(at);
                let _ = rest.split_to(separator.len());
                Ok(Some(part))
            }
            None if self.ignore_error => Ok(None),
            None => bail!("No {name} found on line number {number}: '{}'", String::from_utf8_lossy(rest)),
        }
    }

    fn headers(&self, mut text: Bytes, number: u64) -> Result<Vec<Header>> {
        let mut headers = Vec::new();
        if self.unless_null(text.clone()).is_none() {
            return Ok(headers);
        }
        loop {
            let end = find(&text, &self.headers_separator);
            let pair = text.split_to(end.unwrap_or(text.len()));
            match find(&pair, &self.headers_key_separator) {
                Some(at) => {
                    let value = pair.slice(at + self.headers_key_separator.len()..);
                    headers.push(Header { key: pair.slice(..at), value: self.unless_null(value) });
                }
                None if self.ignore_error => headers.push(Header { key: pair, value: None }),
                None => {
                    let pair = String::from_utf8_lossy(&pair).into_owned();
                    return None.with_context(|| {
                        format!("No header key separator found in pair '{pair}' on line number {number}")
                    });
                }
            }
            if end.is_none() {
                return Ok(headers);
            }
            let _ = text.split_to(self.headers_separator.len());
        }
    }

    fn unless_null(&self, part: Bytes) -> Option<Bytes> {
        (self.null_marker.as_deref() != Some(&part[..])).then_some(part)
    }
}

fn find(text: &[u8], separator: &[u8]) -> Option<usize> {
    text.windows(separator.len()).position(|window| window == separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&'static [u8]]) -> Vec<Bytes> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for piece in pieces {
            lines.push(Bytes::from_static(piece));
            while let Some(line) = lines.next() {
                found.push(line);
            }
        }
        found.extend(lines.rest());
        found
    }

    #[test]
    fn lines_do_not_depend_on_pieces() {
        let whole = lines(&[b"one\n\ntwo\r\nlast"]);
        assert_eq!(whole, ["one", "", "two", "last"]);
        for cut in 0..14 {
            let (left, right) = b"one\n\ntwo\r\nlast".split_at(cut);
            assert_eq!(lines(&[left, right]), whole, "cut at {cut}");
        }
        assert_eq!(lines(&[b"a\n"]), ["a"]);
        assert!(lines(&[b"", b""]).is_empty());
    }

    fn format(properties: &[(&str, &str)]) -> Result<LineFormat> {
        let properties = properties.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        LineFormat::from_properties(&properties.collect())
    }

    fn check(properties: &[(&str, &str)], line: &'static str, expected: &str) {
        let record = format(properties).expect("sound").record(&"t".into(), Bytes::from(line), 7);
        let shown = match record {
            Ok(record) => format!("{:?} {:?} {:?}", record.key, record.value, record.headers),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{line}");
    }

    #[test]
    fn keys() {
        check(&[], "a\tb", r#"None Some(b"a\tb") []"#);
        check(&[("parse.key", "true")], "a\tb\tc", r#"Some(b"a") Some(b"b\tc") []"#);
        let colon = [("parse.key", "true"), ("key.separator", "::")];
        check(&colon, "a::b", r#"Some(b"a") Some(b"b") []"#);
        check(&colon, "ab", "No key separator found on line number 7: 'ab'");
        check(&[("parse.key", "true"), ("ignore.error", "true")], "ab", r#"None Some(b"ab") []"#);
        check(&[("parse.key", "true"), ("null.marker", "NULL")], "NULL\tNULL", "None None []");
    }

    #[test]
    fn headers() {
        let header = |key: &'static str, value: Option<&'static str>| Header {
            key: Bytes::from(key),
            value: value.map(Bytes::from),
        };
        let both = [("parse.key", "true"), ("parse.headers", "true"), ("null.marker", "-")];
        let expected = format!(
            r#"Some(b"k") Some(b"v") {:?}"#,
            [header("a", Some("1")), header("b", None), header("c", Some(""))]
        );
        check(&both, "a:1,b:-,c:\tk\tv", &expected);
        check(&both, "-\tk\tv", r#"Some(b"k") Some(b"v") []"#);
        check(&both, "a\tk\tv", "No header key separator found in pair 'a' on line number 7");
        check(&both, "k", "No headers delimiter found on line number 7: 'k'");
    }

    #[test]
    fn unknown_properties_are_refused() {
        let check = |properties: &[(&str, &str)], expected: &str| {
            let error = format(properties).expect_err(expected).to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(&[("parse.kex", "true")], "parse.kex: allowed are parse.key");
        check(&[("parse.key", "1")], "parse.key=1: allowed are true and false");
        check(&[("key.separator", "")], "must not be empty");
    }
}
