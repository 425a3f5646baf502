//! LZ4 frames. What is written has independent blocks of 64 KiB and no checksum of its content, as from Java.
//!
//! Not here: the broken header checksum of message format 0; legacy and skippable frames, and blocks that refer to those
//! before them, which Kafka refuses too.

use std::io::{self, Read, Write};

use bytes::{BufMut, BytesMut};
use lz4_flex::frame::{BlockMode, BlockSize, FrameDecoder, FrameEncoder, FrameInfo};

use super::garbage;

const MAGIC: [u8; 4] = 0x184d_2204_u32.to_le_bytes();
/// In the byte behind the magic.
const INDEPENDENT_BLOCKS: u8 = 0x20;

pub(super) fn compress(input: &[u8], out: &mut BytesMut) {
    let info = FrameInfo::new().block_size(BlockSize::Max64KB).block_mode(BlockMode::Independent);
    let mut encoder = FrameEncoder::with_frame_info(info, out.writer());
    encoder.write_all(input).expect("a buffer in memory takes all writes");
    encoder.finish().expect("a buffer in memory takes all writes");
}

/// Decodes one frame. The decoder beneath takes the end of its input for the end of the frame; this one does not.
pub(super) struct Decoder<'a> {
    frame: FrameDecoder<Input<'a>>,
    ended: bool,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(compressed: &'a [u8]) -> io::Result<Decoder<'a>> {
        if !compressed.starts_with(&MAGIC) {
            return Err(garbage("this is no LZ4 frame"));
        }
        // No Java client could read such a batch, so none may get into a log.
        if compressed.get(MAGIC.len()).is_some_and(|flags| flags & INDEPENDENT_BLOCKS == 0) {
            return Err(garbage("blocks that depend on one another are not supported"));
        }
        Ok(Decoder { frame: FrameDecoder::new(Input { rest: compressed, ran_dry: false }), ended: false })
    }

    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let read = self.frame.read(into)?;
        if read == 0 {
            if self.frame.get_ref().ran_dry {
                return Err(garbage("the frame is cut short"));
            }
            self.ended = true;
        }
        Ok(read)
    }
}

/// A slice that remembers being asked for more than it had.
struct Input<'a> {
    rest: &'a [u8],
    ran_dry: bool,
}

impl Read for Input<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.ran_dry |= self.rest.len() < into.len();
        self.rest.read(into)
    }
}
