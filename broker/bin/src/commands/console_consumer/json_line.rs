//! A record as a line of JSON. Not here: columns as Kafka prints them (`format`).

use std::io::{self, Write};

use bytes::Bytes;
use klamm_client::ConsumerRecord;
use serde_json::{Value, json};

/// Writes a record's line. What is not UTF-8 is an array of numbers, a byte each.
pub(super) fn write(out: &mut impl Write, record: &ConsumerRecord) -> io::Result<()> {
    let headers = record
        .headers
        .iter()
        .map(|header| json!({ "key": text(Some(&header.key)), "value": text(header.value.as_ref()) }));
    let line = json!({
        "topic": &*record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "timestampType": record.timestamp_type.to_string(),
        "leaderEpoch": record.leader_epoch,
        "headers": headers.collect::<Vec<_>>(),
        "key": text(record.key.as_ref()),
        "value": text(record.value.as_ref()),
    });
    writeln!(out, "{line}")
}

fn text(bytes: Option<&Bytes>) -> Value {
    match bytes.map(|bytes| std::str::from_utf8(bytes).map_err(|_| bytes)) {
        None => Value::Null,
        Some(Ok(text)) => text.into(),
        Some(Err(bytes)) => bytes.to_vec().into(),
    }
}
