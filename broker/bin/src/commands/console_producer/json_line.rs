//! A line of JSON as a record, as `console-consumer --json` writes it. Not here: plain lines (`lines`).

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use klamm_client::{Header, ProducerRecord};
use serde_json::{Map, Value};

/// What a record is made of.
const TAKEN: [&str; 4] = ["headers", "key", "timestamp", "value"];
/// Where a record was: passed over, so that it can be sent to where it was not.
const PASSED_OVER: [&str; 5] = ["leaderEpoch", "offset", "partition", "timestampType", "topic"];

/// The record of the line with this number, from 1.
pub(super) fn record(topic: &Arc<str>, line: &[u8], number: u64) -> Result<ProducerRecord> {
    parse(topic, line).with_context(|| format!("line number {number}"))
}

fn parse(topic: &Arc<str>, line: &[u8]) -> Result<ProducerRecord> {
    let fields: Map<String, Value> = serde_json::from_slice(line)?;
    let known = |field: &str| TAKEN.contains(&field) || PASSED_OVER.contains(&field);
    if let Some(unknown) = fields.keys().find(|field| !known(field)) {
        bail!("\"{unknown}\" is no field of a record: allowed are {}", TAKEN.join(", "));
    }
    let mut record = ProducerRecord::to(Arc::clone(topic));
    record.key = bytes(&fields, "key")?;
    record.value = bytes(&fields, "value")?;
    record.timestamp = match fields.get("timestamp") {
        None | Some(Value::Null) => None,
        Some(time) => Some(time.as_i64().context("\"timestamp\" must be a number of milliseconds")?),
    };
    record.headers = match fields.get("headers") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(headers)) => headers.iter().map(header).collect::<Result<_>>()?,
        Some(_) => bail!("\"headers\" must be a list of {{\"key\": .., \"value\": ..}}"),
    };
    Ok(record)
}

fn header(header: &Value) -> Result<Header> {
    let fields = header.as_object().context("a header is {\"key\": .., \"value\": ..}")?;
    let key = bytes(fields, "key")?.context("a header has a \"key\"")?;
    Ok(Header { key, value: bytes(fields, "value")? })
}

/// Text, a list of bytes, or null.
fn bytes(fields: &Map<String, Value>, name: &str) -> Result<Option<Bytes>> {
    let byte = |number: &Value| number.as_u64().and_then(|number| u8::try_from(number).ok());
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(Bytes::copy_from_slice(text.as_bytes()))),
        Some(Value::Array(numbers)) => {
            let bytes = numbers.iter().map(byte).collect::<Option<Vec<_>>>();
            Ok(Some(bytes.with_context(|| format!("\"{name}\": a byte is a number from 0 to 255"))?.into()))
        }
        Some(_) => bail!("\"{name}\" must be a text, a list of bytes, or null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key, value, timestamp, and how many headers.
    type Parts<'a> = (Option<&'a [u8]>, Option<&'a [u8]>, Option<i64>, usize);

    fn check(line: &str, expected: Result<Parts<'_>, &str>) {
        let topic = Arc::from("orders");
        match (record(&topic, line.as_bytes(), 3), expected) {
            (Ok(record), Ok(expected)) => {
                let found =
                    (record.key.as_deref(), record.value.as_deref(), record.timestamp, record.headers.len());
                assert_eq!(found, expected, "{line}");
            }
            (Err(error), Err(expected)) => {
                let error = format!("{error:#}");
                assert!(error.starts_with("line number 3: ") && error.contains(expected), "{error}");
            }
            (found, expected) => panic!("{line}: {found:?} and not {expected:?}"),
        }
    }

    #[test]
    fn lines() {
        check("{}", Ok((None, None, None, 0)));
        check(r#"{"key":"k","value":[0,255],"timestamp":7}"#, Ok((Some(b"k"), Some(&[0, 255]), Some(7), 0)));
        check(
            r#"{"topic":"other","partition":9,"offset":3,"leaderEpoch":0,"timestampType":"CreateTime","key":null,"value":"v","headers":[{"key":"h","value":null},{"key":"h","value":""}]}"#,
            Ok((None, Some(b"v"), None, 2)),
        );
        check("hello", Err("expected value"));
        check(r#"{"val":"v"}"#, Err("allowed are headers, key, timestamp, value"));
        check(r#"{"value":[256]}"#, Err("a number from 0 to 255"));
        check(r#"{"value":1}"#, Err("must be a text, a list of bytes, or null"));
        check(r#"{"headers":[{"value":"v"}]}"#, Err("a header has a \"key\""));
        check(r#"{"timestamp":"today"}"#, Err("a number of milliseconds"));
    }
}
