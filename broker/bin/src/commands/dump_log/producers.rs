//! A producer snapshot: a line per entry. The format is described where it is written, in `klamm-log`.
//! Not here: records.

use bytes::Buf;

use super::line::{Dump, Field, Kind, Line};

const CRC_FROM: usize = 6;
const ENTRY_LEN: usize = 46;

/// The lines; `Err` says why the bytes are no snapshot.
pub(super) fn snapshot(bytes: &[u8]) -> Result<Dump, &'static str> {
    let mut rest = bytes;
    if rest.try_get_i16() != Ok(1) {
        return Err("Snapshot is not of version 1.");
    }
    let crc = rest.try_get_u32().map_err(|_| "Snapshot is too short.")?;
    if crc != klamm_records::crc32c(&bytes[CRC_FROM..]) {
        return Err("Snapshot is corrupt (CRC is no longer valid).");
    }
    let count = rest.try_get_i32().map_err(|_| "Snapshot is too short.")?;
    let mut lines = Vec::new();
    for _ in 0..count {
        if rest.len() < ENTRY_LEN {
            return Err("Snapshot is cut short.");
        }
        lines.push(entry(&mut rest));
    }
    Ok(Dump::Lines(lines))
}

fn entry(rest: &mut &[u8]) -> Line {
    let (producer_id, producer_epoch) = (rest.get_i64(), rest.get_i16());
    let (last_sequence, last_offset, offset_delta) = (rest.get_i32(), rest.get_i64(), rest.get_i32());
    let (timestamp, coordinator_epoch, first_offset) = (rest.get_i64(), rest.get_i32(), rest.get_i64());
    let line = Line::new(Kind::Entry)
        .with("producerId", producer_id)
        .with("producerEpoch", producer_epoch)
        .with("coordinatorEpoch", coordinator_epoch)
        .with("currentTxnFirstOffset", Field::Optional((first_offset >= 0).then_some(first_offset)))
        .with("lastTimestamp", timestamp);
    if last_offset < 0 {
        return line;
    }
    line.with("firstSequence", last_sequence.wrapping_sub(offset_delta))
        .with("lastSequence", last_sequence)
        .with("lastOffset", last_offset)
        .with("offsetDelta", offset_delta)
        .with("timestamp", timestamp)
}

#[cfg(test)]
mod tests {
    use bytes::BufMut;

    use super::*;

    fn file() -> Vec<u8> {
        let mut bytes = vec![0, 1, 0, 0, 0, 0, 0, 0, 0, 2];
        for (producer_id, last_offset, first_offset) in [(4, 1999, -1), (6, -1, 12)] {
            bytes.put_i64(producer_id);
            bytes.put_i16(1);
            bytes.put_i32(1999);
            bytes.put_i64(last_offset);
            bytes.put_i32(18);
            bytes.put_i64(1_700_000_000_000);
            bytes.put_i32(-1);
            bytes.put_i64(first_offset);
        }
        let crc = klamm_records::crc32c(&bytes[CRC_FROM..]);
        bytes[2..6].copy_from_slice(&crc.to_be_bytes());
        bytes
    }

    #[test]
    fn entries() {
        insta::assert_snapshot!(snapshot(&file()).expect("it is sound").text(), @r#"
        producerId: 4 producerEpoch: 1 coordinatorEpoch: -1 currentTxnFirstOffset: OptionalLong.empty lastTimestamp: 1700000000000 firstSequence: 1981 lastSequence: 1999 lastOffset: 1999 offsetDelta: 18 timestamp: 1700000000000
        producerId: 6 producerEpoch: 1 coordinatorEpoch: -1 currentTxnFirstOffset: OptionalLong[12] lastTimestamp: 1700000000000
        "#);
    }

    #[test]
    fn damage_is_told() {
        let mut bytes = file();
        bytes[20] ^= 1;
        let check = |bytes: &[u8], expected| assert_eq!(snapshot(bytes).err(), Some(expected));
        check(&bytes, "Snapshot is corrupt (CRC is no longer valid).");
        check(&[0, 2], "Snapshot is not of version 1.");
        check(&[0, 1, 0], "Snapshot is too short.");
    }
}
