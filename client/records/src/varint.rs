//! Zigzag variable-length integers, as records use them: 7 bits a byte, lowest first.
//!
//! Not here: the unsigned form of flexible messages (klamm-protocol).

use bytes::{BufMut, BytesMut};

use crate::InvalidRecord;

const VARINT_BYTES_MAX: usize = 5;
const VARLONG_BYTES_MAX: usize = 10;

/// Takes a 32-bit integer off the front; bits beyond the 32nd of its fifth byte are dropped, as in Java.
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Result<i32, InvalidRecord> {
    let raw = take_raw(bytes, VARINT_BYTES_MAX)? as u32;
    Ok((raw >> 1) as i32 ^ -((raw & 1) as i32))
}

/// Takes a 64-bit integer off the front.
pub(crate) fn take_varlong(bytes: &mut &[u8]) -> Result<i64, InvalidRecord> {
    let raw = take_raw(bytes, VARLONG_BYTES_MAX)?;
    Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
}

#[inline]
fn take_raw(bytes: &mut &[u8], bytes_max: usize) -> Result<u64, InvalidRecord> {
    let mut value = 0_u64;
    for (index, &byte) in bytes.iter().take(bytes_max).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            *bytes = &bytes[index + 1..];
            return Ok(value);
        }
    }
    Err(if bytes.len() < bytes_max { InvalidRecord::Truncated } else { InvalidRecord::VarintTooLong })
}

pub(crate) fn put_varint(out: &mut BytesMut, value: i32) {
    put_varlong(out, i64::from(value));
}

pub(crate) fn put_varlong(out: &mut BytesMut, value: i64) {
    let mut raw = zigzag(value);
    while raw >= 0x80 {
        out.put_u8(raw as u8 | 0x80);
        raw >>= 7;
    }
    out.put_u8(raw as u8);
}

/// Bytes that `value` takes; the same for both widths.
pub(crate) fn varint_len(value: i64) -> usize {
    let bits = 64 - (zigzag(value) | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(value: i64, expected: &[u8]) {
        let mut out = BytesMut::new();
        put_varlong(&mut out, value);
        assert_eq!(out, expected);
        assert_eq!(varint_len(value), expected.len());
        let mut rest = expected;
        assert_eq!(take_varlong(&mut rest), Ok(value));
        assert!(rest.is_empty());
        if let Ok(narrow) = i32::try_from(value) {
            let mut rest = expected;
            assert_eq!(take_varint(&mut rest), Ok(narrow));
        }
    }

    #[test]
    fn known_values() {
        check(0, &[0]);
        check(-1, &[1]);
        check(1, &[2]);
        check(63, &[126]);
        check(-64, &[127]);
        check(64, &[0x80, 1]);
        check(i64::from(i32::MAX), &[0xfe, 0xff, 0xff, 0xff, 0x0f]);
        check(i64::from(i32::MIN), &[0xff, 0xff, 0xff, 0xff, 0x0f]);
        check(i64::MIN, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
    }

    #[test]
    fn too_long_and_cut() {
        let mut long: &[u8] = &[0x80, 0x80, 0x80, 0x80, 0x80, 0];
        assert_eq!(take_varint(&mut long), Err(InvalidRecord::VarintTooLong));
        let mut long: &[u8] = &[0xff; 11];
        assert_eq!(take_varlong(&mut long), Err(InvalidRecord::VarintTooLong));
        let mut cut: &[u8] = &[0x80, 0x80];
        assert_eq!(take_varint(&mut cut), Err(InvalidRecord::Truncated));
    }

    proptest! {
        #[test]
        fn round_trip(value: i64) {
            let mut out = BytesMut::new();
            put_varlong(&mut out, value);
            prop_assert_eq!(out.len(), varint_len(value));
            let mut rest: &[u8] = &out;
            prop_assert_eq!(take_varlong(&mut rest), Ok(value));
        }
    }
}
