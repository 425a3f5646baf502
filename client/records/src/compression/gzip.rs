//! Gzip, by miniz_oxide: its output is the same on every processor.
//!
//! Members behind one another are one stream, as Java reads them: what follows a member and does not begin as another
//! is ignored. Not here: names and times in a member's header, which are skipped.

use std::io::{self, Read, Write};

use bytes::{BufMut, BytesMut};
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

pub(super) fn compress(input: &[u8], level: i32, out: &mut BytesMut) {
    let level =
        u32::try_from(level).map_or_else(|_| flate2::Compression::default(), flate2::Compression::new);
    let mut encoder = GzEncoder::new(out.writer(), level);
    encoder
        .write_all(input)
        .and_then(|()| encoder.finish().map(drop))
        .expect("a buffer in memory takes all writes");
}

/// Decodes member after member.
pub(super) struct Decoder<'a> {
    member: GzDecoder<&'a [u8]>,
    is_first: bool,
    ended: bool,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(compressed: &'a [u8]) -> Decoder<'a> {
        Decoder { member: GzDecoder::new(compressed), is_first: true, ended: false }
    }

    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.ended {
            match self.member.read(into) {
                Ok(0) => {
                    let behind = *self.member.get_ref();
                    self.ended = behind.is_empty();
                    self.is_first = false;
                    self.member.reset(behind);
                }
                // No header was found behind the last member.
                Err(_) if !self.is_first && self.member.header().is_none() => self.ended = true,
                read => return read,
            }
        }
        Ok(0)
    }
}
