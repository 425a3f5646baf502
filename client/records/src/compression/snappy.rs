//! Snappy in the framing of Java's xerial library, and raw.
//!
//! ```text
//!  82 'SNAPPY' 00 │ version 1, u32 │ compatible with 1, u32 │ { length, u32 │ block } …
//! ```
//!
//! Not here: Google's own framing format, which Kafka does not use.

use std::io;

use bytes::{BufMut, BytesMut};
use snap::raw::{Decoder as BlockDecoder, Encoder as BlockEncoder, decompress_len, max_compress_len};

use super::{Stop, garbage};

const MAGIC: [u8; 8] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
const VERSION: u32 = 1;
const FRAME_HEADER_LEN: usize = 16;
/// Bytes in a block before compression, as Java's library has it.
const BLOCK_LEN: usize = 32 * 1024;
/// A copy of 64 bytes takes three; nothing expands further.
const EXPANSION_MAX: usize = 22;

pub(super) fn compress(input: &[u8], out: &mut BytesMut) {
    out.put_slice(&MAGIC);
    out.put_u32(VERSION);
    out.put_u32(VERSION);
    let mut encoder = BlockEncoder::new();
    for block in input.chunks(BLOCK_LEN) {
        let length_at = out.len();
        out.put_bytes(0, size_of::<u32>() + max_compress_len(block.len()));
        let block_at = length_at + size_of::<u32>();
        let len = encoder.compress(block, &mut out[block_at..]).expect("there is room for the worst case");
        out[length_at..block_at].copy_from_slice(&(len as u32).to_be_bytes());
        out.truncate(block_at + len);
    }
}

/// Decodes block by block; a raw payload is one block.
pub(super) struct Decoder<'a> {
    rest: &'a [u8],
    framed: bool,
    block: Vec<u8>,
    taken: usize,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(compressed: &'a [u8]) -> io::Result<Decoder<'a>> {
        if compressed.is_empty() {
            return Err(garbage("there is nothing"));
        }
        let framed = compressed.starts_with(&MAGIC);
        let rest = match framed {
            true => compressed.get(FRAME_HEADER_LEN..).ok_or_else(|| garbage("the header is cut short"))?,
            false => compressed,
        };
        Ok(Decoder { rest, framed, block: Vec::new(), taken: 0 })
    }

    /// A block comes out whole, so one with more than `left` bytes is refused before there is room for it.
    pub(super) fn read(&mut self, into: &mut [u8], left: usize) -> Result<usize, Stop> {
        while self.taken == self.block.len() {
            if self.rest.is_empty() {
                return Ok(0);
            }
            let block = self.next_block()?;
            let len = decompress_len(block).map_err(io::Error::other)?;
            if len > block.len().saturating_mul(EXPANSION_MAX) {
                return Err(garbage("a block claims more bytes than it can hold").into());
            }
            if len > left {
                return Err(Stop::TooLarge);
            }
            self.block.resize(len, 0);
            self.taken = 0;
            BlockDecoder::new().decompress(block, &mut self.block).map_err(io::Error::other)?;
        }
        let len = into.len().min(self.block.len() - self.taken);
        into[..len].copy_from_slice(&self.block[self.taken..self.taken + len]);
        self.taken += len;
        Ok(len)
    }

    fn next_block(&mut self) -> io::Result<&'a [u8]> {
        if !self.framed {
            return Ok(std::mem::take(&mut self.rest));
        }
        // Streams written one after the other are one stream.
        if self.rest.starts_with(&MAGIC) {
            self.rest =
                self.rest.get(FRAME_HEADER_LEN..).ok_or_else(|| garbage("the header is cut short"))?;
        }
        let (length, rest) = self.rest.split_first_chunk().ok_or_else(|| garbage("a block is cut short"))?;
        let length = u32::from_be_bytes(*length) as usize;
        let (block, rest) = rest.split_at_checked(length).ok_or_else(|| garbage("a block is cut short"))?;
        self.rest = rest;
        Ok(block)
    }
}
