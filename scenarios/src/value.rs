//! What a workload writes: values that name themselves and show damage. Not here: keys, headers, batches.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};

use crate::history::ClientId;

/// One value, never sent twice by an application: the client that sent it and the how-manieth of that client it is.
///
/// Ids of one client are ordered as its calls were.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId {
    /// Who sent it.
    pub client: ClientId,
    /// Counted per client from 0.
    pub sequence: u32,
}

impl ValueId {
    /// Stands for bytes that no workload wrote.
    pub const DAMAGED: ValueId = ValueId { client: ClientId(u32::MAX), sequence: u32::MAX };
}

impl fmt::Display for ValueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::DAMAGED {
            return f.write_str("damaged");
        }
        write!(f, "{}#{}", self.client, self.sequence)
    }
}

impl fmt::Debug for ValueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A value as it was sent or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    /// Which one; [`ValueId::DAMAGED`] if its bytes are not those of any.
    pub id: ValueId,
    /// CRC-32C of its bytes, without the checksum they carry themselves.
    pub hash: u32,
}

impl Value {
    /// Fewest bytes that a value can have.
    pub const LEN_MIN: usize = 16;

    /// The bytes of value `id`, padded to `len` (at least [`Value::LEN_MIN`]).
    ///
    /// ```text
    ///  0..4   CRC-32C of all that follows
    ///  4..8   client            big endian, all of them
    ///  8..12  sequence
    /// 12..16  length of the whole value
    /// 16..    padding: letters that follow from client and sequence
    /// ```
    pub fn encode(id: ValueId, len: usize) -> (Value, Bytes) {
        let len = len.max(Self::LEN_MIN);
        let mut bytes = BytesMut::with_capacity(len);
        bytes.put_u32(0);
        bytes.put_u32(id.client.0);
        bytes.put_u32(id.sequence);
        bytes.put_u32(u32::try_from(len).expect("a value is far below 4 GiB"));
        let mut state = u64::from(id.client.0) << 32 | u64::from(id.sequence);
        while bytes.len() < len {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            let mut letters = [0; 8];
            for (letter, draw) in letters.iter_mut().zip((state ^ state >> 29).to_be_bytes()) {
                *letter = b'a' + (draw & 15);
            }
            bytes.extend_from_slice(&letters[..letters.len().min(len - bytes.len())]);
        }
        let hash = crc32c::crc32c(&bytes[4..]);
        bytes[..4].copy_from_slice(&hash.to_be_bytes());
        (Value { id, hash }, bytes.freeze())
    }

    /// Which value `bytes` are.
    pub fn decode(bytes: &[u8]) -> Value {
        let word = |at: usize| bytes.get(at..at + 4)?.try_into().map(u32::from_be_bytes).ok();
        let hash = crc32c::crc32c(bytes.get(4..).unwrap_or(bytes));
        let whole = word(0) == Some(hash) && word(12).is_some_and(|len| len as usize == bytes.len());
        match (whole, word(4), word(8)) {
            (true, Some(client), Some(sequence)) => {
                Value { id: ValueId { client: ClientId(client), sequence }, hash }
            }
            _ => Value { id: ValueId::DAMAGED, hash },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_value_names_itself(client: u32, sequence in 0..u32::MAX, len in 0_usize..300) {
            let id = ValueId { client: ClientId(client), sequence };
            let (value, bytes) = Value::encode(id, len);
            prop_assert_eq!(bytes.len(), len.max(Value::LEN_MIN));
            prop_assert_eq!(value.id, id);
            prop_assert_eq!(Value::decode(&bytes), value);
        }

        #[test]
        fn one_flipped_bit_shows(len in 16_usize..100, bit in 0_usize..800) {
            let (_, bytes) = Value::encode(ValueId { client: ClientId(7), sequence: 9 }, len);
            let mut bytes = bytes.to_vec();
            let bit = bit % (8 * bytes.len());
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(Value::decode(&bytes).id, ValueId::DAMAGED);
        }

        #[test]
        fn a_cut_shows(len in 0_usize..100) {
            let (_, bytes) = Value::encode(ValueId { client: ClientId(7), sequence: 9 }, 100);
            prop_assert_eq!(Value::decode(&bytes[..len]).id, ValueId::DAMAGED);
        }
    }
}
