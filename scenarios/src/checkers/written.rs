//! Histories written by hand, for checkers' tests: one partition, values by number, a second per event.
//! Not here: histories of worlds.

use std::time::Duration;

use super::{Checker, Checkers};
use crate::history::{ClientId, Delivery, Event, Fact, Offset, Outcome, Partition, Record};
use crate::value::{Value, ValueId};

pub(super) const PARTITION: Partition = Partition { topic: 0, index: 0 };

/// Runs a checker over `facts`, one a second, and compares the evidence it reports.
pub(super) fn check<C: Checker + Default + 'static>(facts: &[Fact], expected: &[&str]) {
    let mut checkers = Checkers::new(vec![Box::<C>::default()]);
    let mut at = Duration::ZERO;
    for fact in facts {
        at += Duration::from_secs(1);
        checkers.observe(&Event { at, fact: fact.clone() });
    }
    checkers.finish(at);
    let found: Vec<_> = checkers.violations().iter().map(|violation| violation.evidence.as_str()).collect();
    assert_eq!(found, expected);
}

/// Value `number` of the producer c1.
pub(super) fn id(number: u32) -> ValueId {
    ValueId { client: ClientId(1), sequence: number }
}

pub(super) fn value(number: u32) -> Value {
    Value::encode(id(number), 20).0
}

pub(super) fn sent(number: u32) -> Fact {
    Fact::Sent { value: value(number), partition: PARTITION, delivery: Delivery::Ordered }
}

pub(super) fn sent_at_least_once(number: u32) -> Fact {
    Fact::Sent { value: value(number), partition: PARTITION, delivery: Delivery::AtLeastOnce }
}

fn ended(number: u32, outcome: Outcome) -> Fact {
    Fact::Ended { value: id(number), partition: PARTITION, outcome }
}

pub(super) fn acked(number: u32, offset: i64) -> Fact {
    ended(number, Outcome::Acknowledged(Some(Offset(offset))))
}

pub(super) fn acked_somewhere(number: u32) -> Fact {
    ended(number, Outcome::Acknowledged(None))
}

pub(super) fn failed(number: u32) -> Fact {
    ended(number, Outcome::Failed)
}

pub(super) fn unknown(number: u32) -> Fact {
    ended(number, Outcome::Unknown)
}

pub(super) fn record(offset: i64, number: u32) -> Record {
    Record { offset: Offset(offset), value: value(number), leader_epoch: 0 }
}

/// Consumer `consumer` sees values, each as (offset, number).
pub(super) fn polled(consumer: u32, records: &[(i64, u32)]) -> Fact {
    let records = records.iter().map(|&(offset, number)| record(offset, number)).collect();
    Fact::Polled { consumer: ClientId(consumer), partition: PARTITION, records }
}

pub(super) fn polled_records(consumer: u32, records: Vec<Record>) -> Fact {
    Fact::Polled { consumer: ClientId(consumer), partition: PARTITION, records }
}

pub(super) fn scanned(from: i64, records: &[(i64, u32)]) -> Fact {
    let records = records.iter().map(|&(offset, number)| record(offset, number)).collect();
    Fact::Scanned { partition: PARTITION, from: Offset(from), records }
}

pub(super) fn placed(consumer: u32, offset: Option<i64>) -> Fact {
    Fact::Placed { consumer: ClientId(consumer), partition: PARTITION, offset: offset.map(Offset) }
}

pub(super) fn end_read(end: i64, asked_s: u64) -> Fact {
    Fact::EndRead { partition: PARTITION, end: Offset(end), asked: Duration::from_secs(asked_s) }
}

pub(super) fn may_be_deleted(below: i64) -> Fact {
    Fact::MayBeDeleted { partition: PARTITION, below: Offset(below) }
}

pub(super) fn harmed(first: i64, last: i64) -> Fact {
    Fact::Harmed { partition: PARTITION, first: Offset(first), last: Offset(last) }
}

pub(super) fn damage_told(consumer: u32, offset: i64) -> Fact {
    Fact::DamageTold { consumer: ClientId(consumer), partition: PARTITION, offset: Offset(offset) }
}

pub(super) fn loss_allowed() -> Fact {
    Fact::LossAllowed { partition: PARTITION }
}
