//! CRC-32C, and how it changes when the front of the covered bytes does.
//!
//! Not here: CRC-32 (gzip's own, inside flate2).

/// The polynomial, lowest power in the highest bit.
const POLYNOMIAL: u32 = 0x82f6_3b78;
/// The polynomial 1 in that order.
const ONE: u32 = 1 << 31;
/// At k: x to the power of 2^k, which shifts a CRC over 2^k zero bits.
const POWERS: [u32; 64] = powers();

/// CRC-32C of `bytes`, by the processor's instruction where there is one.
pub fn crc32c(bytes: &[u8]) -> u32 {
    ::crc32c::crc32c(bytes)
}

/// The CRC of a new front and the same back, from the CRC of the old front and that back, without reading the back.
/// If `stored` did not fit the old bytes, the result does not fit the new ones either.
pub(crate) fn with_front_replaced(stored: u32, old_front: &[u8], new_front: &[u8], back_len: usize) -> u32 {
    let change = crc32c(old_front) ^ crc32c(new_front);
    let bits = 8 * back_len as u64;
    let shifted = (0..u64::BITS)
        .filter(|bit| bits >> bit & 1 == 1)
        .fold(change, |shifted, bit| product(shifted, POWERS[bit as usize]));
    stored ^ shifted
}

/// The product of two polynomials over GF(2), modulo the CRC's.
const fn product(left: u32, mut right: u32) -> u32 {
    let mut sum = 0;
    let mut bit = ONE;
    while bit != 0 {
        sum ^= if left & bit == 0 { 0 } else { right };
        right = right >> 1 ^ if right & 1 == 0 { 0 } else { POLYNOMIAL };
        bit >>= 1;
    }
    sum
}

const fn powers() -> [u32; 64] {
    let mut powers = [ONE >> 1; 64];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = product(powers[exponent - 1], powers[exponent - 1]);
        exponent += 1;
    }
    powers
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_standard_check_value() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    proptest! {
        #[test]
        fn replacing_the_front_is_computing_anew(
            old in vec(any::<u8>(), 40),
            new in vec(any::<u8>(), 40),
            back in vec(any::<u8>(), 0..5_000),
        ) {
            let of = |front: &[u8]| crc32c(&[front, &back[..]].concat());
            prop_assert_eq!(with_front_replaced(of(&old), &old, &new, back.len()), of(&new));
            prop_assert_ne!(with_front_replaced(of(&old) ^ 1, &old, &new, back.len()), of(&new));
        }
    }
}
