//! Kafka's UUID: sixteen bytes, written as 22 characters of URL-safe base64.
//!
//! Not here: making random ones, which needs a source of randomness.

use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Sixteen bytes, most significant first. [`Uuid::ZERO`] stands for "none".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// No id.
    pub const ZERO: Self = Self([0; 16]);
    /// The topic id of `__cluster_metadata`.
    pub const METADATA_TOPIC: Self = Self([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

    /// From the two halves that Kafka's files and logs speak of.
    pub const fn from_halves(most_significant: u64, least_significant: u64) -> Self {
        Self((((most_significant as u128) << 64) | least_significant as u128).to_be_bytes())
    }

    /// Whether this is [`Uuid::ZERO`].
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = u128::from_be_bytes(self.0);
        let mut text = [0u8; 22];
        for (index, character) in text.iter_mut().enumerate() {
            // 22 × 6 = 132 bits: the last character carries two bits and four zeros.
            let sextet = if index < 21 { value >> (122 - 6 * index) } else { value << 4 };
            *character = ALPHABET[(sextet & 0x3f) as usize];
        }
        f.pad(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a UUID in Kafka's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UuidParseError;

impl fmt::Display for UuidParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a UUID is 22 characters of URL-safe base64")
    }
}

impl std::error::Error for UuidParseError {}

impl FromStr for Uuid {
    type Err = UuidParseError;

    /// Accepts padding, as Kafka does.
    fn from_str(text: &str) -> Result<Self, UuidParseError> {
        let digits = text.trim_end_matches('=').as_bytes();
        if digits.len() != 22 || text.len() > 24 {
            return Err(UuidParseError);
        }
        let mut value: u128 = 0;
        for (index, digit) in digits.iter().enumerate() {
            let sextet = ALPHABET.iter().position(|letter| letter == digit).ok_or(UuidParseError)? as u128;
            value = if index < 21 { (value << 6) | sextet } else { (value << 2) | (sextet >> 4) };
        }
        Ok(Self(value.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_base64_without_padding() {
        for (halves, text) in [
            ((0, 0), "AAAAAAAAAAAAAAAAAAAAAA"),
            ((0, 1), "AAAAAAAAAAAAAAAAAAAAAQ"),
            ((u64::MAX, u64::MAX), "_____________________w"),
            ((0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210), "ASNFZ4mrze_-3LqYdlQyEA"),
        ] {
            let uuid = Uuid::from_halves(halves.0, halves.1);
            assert_eq!(uuid.to_string(), text);
            assert_eq!(text.parse(), Ok(uuid));
            assert_eq!(format!("{text}==").parse(), Ok(uuid));
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA+", "ä"] {
            assert_eq!(text.parse::<Uuid>(), Err(UuidParseError), "{text}");
        }
    }
}
