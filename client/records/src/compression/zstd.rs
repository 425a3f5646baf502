//! Zstandard, by the reference library.
//!
//! Not here: dictionaries.

use std::io;

use bytes::{BufMut, BytesMut};

/// A window of 8 MiB, which levels up to 19 stay within.
const WINDOW_LOG_MIN: u32 = 23;
/// The largest window that decoders allow by default, 128 MiB.
const WINDOW_LOG_MAX: u32 = 27;

pub(super) type Decoder<'a> = zstd::stream::read::Decoder<'static, &'a [u8]>;

pub(super) fn compress(input: &[u8], level: i32, out: &mut BytesMut) {
    let start = out.len();
    out.put_bytes(0, zstd::zstd_safe::compress_bound(input.len()));
    let len = zstd::bulk::Compressor::new(level)
        .and_then(|mut compressor| compressor.compress_to_buffer(input, &mut out[start..]))
        .expect("the level is in range and there is room for the worst case");
    out.truncate(start + len);
}

/// The window, which the stream itself asks for, is held to what may come out of it.
pub(super) fn decoder(compressed: &[u8], decompressed_bytes_max: usize) -> io::Result<Decoder<'_>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(compressed)?;
    let window_log = usize::BITS - decompressed_bytes_max.leading_zeros();
    decoder.window_log_max(window_log.clamp(WINDOW_LOG_MIN, WINDOW_LOG_MAX))?;
    Ok(decoder)
}
