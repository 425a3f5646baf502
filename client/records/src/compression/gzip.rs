//! Gzip, by miniz_oxide: its output is the same on every processor.
//!
//! Not here: further members after the first, which are ignored like any other bytes behind the stream.

use std::io::Write;

use bytes::{BufMut, BytesMut};
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

pub(super) type Decoder<'a> = GzDecoder<&'a [u8]>;

pub(super) fn compress(input: &[u8], level: i32, out: &mut BytesMut) {
    let level =
        u32::try_from(level).map_or_else(|_| flate2::Compression::default(), flate2::Compression::new);
    let mut encoder = GzEncoder::new(out.writer(), level);
    encoder
        .write_all(input)
        .and_then(|()| encoder.finish().map(drop))
        .expect("a buffer in memory takes all writes");
}

pub(super) fn decoder(compressed: &[u8]) -> Decoder<'_> {
    GzDecoder::new(compressed)
}
