//! CRC-32C, and how it changes when the front of the covered bytes does.
//!
//! Not here: CRC-32 (gzip's own, inside flate2).

/// CRC-32C of `bytes`, by the processor's instruction where there is one.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
}

/// The CRC of a new front and the same back, from the CRC of the old front and that back, without reading the back.
/// If `stored` did not fit the old bytes, the result does not fit the new ones either.
pub(crate) fn with_front_replaced(stored: u32, old_front: &[u8], new_front: &[u8], back_len: usize) -> u32 {
    stored ^ crc32c::crc32c_combine(checksum(old_front) ^ checksum(new_front), 0, back_len)
}
