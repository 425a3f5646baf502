//! Producer ids: sequences in and out of order, duplicates, epochs.
//!
//! **Not here**: transactions.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use klamm_protocol::{ErrorCode, InitProducerIdRequest};

use super::answer::coded;
use super::batch::{batch, record_at};
use super::probes::Probes;
use super::produce::{Send, produced};

/// Producer id less that of InitProducerId, epoch, sequence, records.
type Row = (&'static str, i64, i16, i32, i64);

const FIRST: &[Row] = &[
    ("first batch of a new producer id with sequence 7", 5000, 0, 7, 1),
    ("sequence 0", 0, 0, 0, 1),
    ("sequence 0 again, same batch (duplicate)", 0, 0, 0, 1),
    ("sequence 1", 0, 0, 1, 1),
    ("sequence 5 (gap)", 0, 0, 5, 1),
    ("sequence 1 with 2 records (overlap 1-2, differs from cached 1-1)", 0, 0, 1, 2),
];

/// After sequences up to 8.
const LATER: &[Row] = &[
    ("duplicate among the last 5 batches (sequence 6, last is 8)", 0, 0, 6, 1),
    ("duplicate older than 5 batches (sequence 1, last is 8)", 0, 0, 1, 1),
    ("sequence -1 with a producer id", 0, 0, -1, 1),
    ("sequence -5 with a producer id", 0, 0, -5, 1),
    ("epoch 1 with sequence 3 (new epoch must start at 0)", 0, 1, 3, 1),
    ("epoch 1 with sequence 0", 0, 1, 0, 1),
    ("epoch 0 after epoch 1", 0, 0, 9, 1),
    ("epoch -1 with a producer id", 0, -1, 1, 1),
];

const WRAPPED: &[Row] = &[
    ("sequence wraps: 2147483647 then 0 (first batch at 2147483647 of a fresh id)", 5001, 0, i32::MAX, 1),
    ("... then 0", 5001, 0, 0, 1),
];

fn numbered(producer_id: i64, producer_epoch: i16, base_sequence: i32, records: i64) -> Vec<u8> {
    batch(|batch| {
        batch.records = (0..records).map(record_at).collect();
        (batch.producer_id, batch.producer_epoch, batch.base_sequence) =
            (producer_id, producer_epoch, base_sequence);
    })
}

fn send(records: Vec<u8>) -> Send {
    Send { topic: "tidem".to_owned(), records: Some(records), ..Send::default() }
}

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    probes.target.fresh_topic("tidem", 1, &[])?;
    let own = producer_id(probes)?;
    let ask =
        |probes: &mut Probes<'_>, input, records| probes.ask(9, input, &send(records).request(), produced);
    let each = |probes: &mut Probes<'_>, rows: &[Row]| {
        for (input, above, epoch, sequence, records) in rows {
            ask(probes, input, numbered(own + above, *epoch, *sequence, *records));
        }
    };
    each(probes, FIRST);
    for sequence in 2..9 {
        probes.target.call(&send(numbered(own, 0, sequence, 1)).request(), 9)?;
    }
    each(probes, LATER);
    ask(probes, "producer id -2", numbered(-2, 0, 0, 1));
    let both = [numbered(own, 1, 1, 1), numbered(own, 1, 2, 1)].concat();
    ask(probes, "two idempotent batches in one partition", both);
    each(probes, WRAPPED);
    ask(probes, "never allocated producer id 9e15, sequence 0", numbered(9_000_000_000_000_000, 0, 0, 1));
    let transactional = batch(|batch| {
        batch.attributes = 0x10;
        (batch.producer_id, batch.producer_epoch, batch.base_sequence) = (own, 1, 1);
    });
    ask(probes, "transactional bit, pid, but transactional_id null in request", transactional);
    Ok(())
}

/// A producer id from the broker, which may have to fetch a block of them first.
fn producer_id(probes: &mut Probes<'_>) -> Result<i64> {
    const REQUEST: &str = "InitProducerId v4";
    let request = InitProducerIdRequest {
        transactional_id: None,
        transaction_timeout_ms: 60_000,
        ..Default::default()
    };
    let begun = Instant::now();
    let first = probes.target.call(&request, 4)?;
    let mut last = first.clone();
    while last.error_code == ErrorCode::COORDINATOR_LOAD_IN_PROGRESS
        && begun.elapsed() < Duration::from_secs(15)
    {
        std::thread::sleep(Duration::from_millis(50));
        last = probes.target.call(&request, 4)?;
    }
    ensure!(last.error_code.is_none(), "no producer id: {}", coded(last.error_code));
    let retried = if first.error_code.is_error() { ", then succeeds when retried" } else { "" };
    let outcome = format!("{}{retried}", coded(first.error_code));
    probes.see(REQUEST, "first call after broker start (no id block yet)", outcome);
    let outcome = format!("{} epoch={}", coded(last.error_code), last.producer_epoch);
    probes.see(REQUEST, "no transactional id, timeout 60000", outcome);
    Ok(last.producer_id)
}
