//! The codecs of record batches: by name, by id, compressing whole payloads, decompressing as a bounded stream.
//!
//! One file a codec. Not here: which part of a batch is compressed (`batch`, `builder`).

mod gzip;
mod lz4;
mod snappy;
mod zstd;

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use bytes::{Bytes, BytesMut};

use crate::RecordsError;

/// How a batch's records are compressed; the order is that of the ids on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Compression {
    /// As they are.
    #[default]
    None,
    /// RFC 1952, one member; several are read too.
    Gzip,
    /// Snappy blocks in the framing of Java's xerial library; raw blocks are read too.
    Snappy,
    /// LZ4 frames of independent blocks of 64 KiB; larger ones are read too, dependent ones are not.
    Lz4,
    /// Zstandard frames (KIP-110).
    Zstd,
}

impl Compression {
    /// All of them, by id.
    pub const ALL: [Compression; 5] =
        [Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd];

    /// The number in a batch's attributes.
    pub fn id(self) -> u8 {
        self as u8
    }

    /// The codec with this number.
    pub fn from_id(id: u8) -> Option<Compression> {
        Compression::ALL.get(usize::from(id)).copied()
    }

    /// The name in `compression.type`. (A topic's `producer` and `uncompressed` are the configuration's to know.)
    pub fn name(self) -> &'static str {
        match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Snappy => "snappy",
            Compression::Lz4 => "lz4",
            Compression::Zstd => "zstd",
        }
    }

    /// Lowest, highest and default level of `compression.<name>.level`, where the codec has that key (KIP-390).
    /// Gzip's default, -1, is below its lowest.
    pub fn levels(self) -> Option<Levels> {
        match self {
            Compression::None | Compression::Snappy => None,
            Compression::Gzip => Some(Levels { lowest: 1, highest: 9, default: -1 }),
            Compression::Lz4 => Some(Levels { lowest: 1, highest: 17, default: 9 }),
            Compression::Zstd => Some(Levels { lowest: -131_072, highest: 22, default: 3 }),
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Compression {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Compression::ALL
            .into_iter()
            .find(|each| each.name() == name)
            .ok_or_else(|| format!("compression '{name}' is not one of none, gzip, snappy, lz4, zstd"))
    }
}

/// The levels of a codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// Fastest.
    pub lowest: i32,
    /// Smallest output.
    pub highest: i32,
    /// What Kafka takes unless told otherwise.
    pub default: i32,
}

/// A level that the codec does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{compression} has no level {level}{}", allowed_levels(*.compression))]
pub struct LevelError {
    /// The codec.
    pub compression: Compression,
    /// The level asked for.
    pub level: i32,
}

fn allowed_levels(compression: Compression) -> String {
    compression.levels().map_or(", nor any other".into(), |levels| {
        format!(", only {} to {} and the default {}", levels.lowest, levels.highest, levels.default)
    })
}

/// A codec and its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compressor {
    compression: Compression,
    level: i32,
}

impl Compressor {
    /// The codec at its default level.
    pub fn new(compression: Compression) -> Compressor {
        Compressor { compression, level: compression.levels().map_or(0, |levels| levels.default) }
    }

    /// The codec at `level`. LZ4 takes Kafka's levels, but its encoder here has one speed and ignores them.
    pub fn with_level(compression: Compression, level: i32) -> Result<Compressor, LevelError> {
        match compression.levels() {
            Some(levels) if level == levels.default || (levels.lowest..=levels.highest).contains(&level) => {
                Ok(Compressor { compression, level })
            }
            _ => Err(LevelError { compression, level }),
        }
    }

    /// The codec.
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// Appends the compressed form of `input` to `out`.
    pub fn compress(&self, input: &[u8], out: &mut BytesMut) {
        match self.compression {
            Compression::None => out.extend_from_slice(input),
            Compression::Gzip => gzip::compress(input, self.level, out),
            Compression::Snappy => snappy::compress(input, out),
            Compression::Lz4 => lz4::compress(input, out),
            Compression::Zstd => zstd::compress(input, self.level, out),
        }
    }
}

/// A compressed payload read as a stream, up to a bound.
pub struct Decompressor<'a> {
    compression: Compression,
    decoder: Decoder<'a>,
    compressed_len: usize,
    size_max: usize,
    left: usize,
}

enum Decoder<'a> {
    None(&'a [u8]),
    Gzip(gzip::Decoder<'a>),
    Snappy(snappy::Decoder<'a>),
    Lz4(Box<lz4::Decoder<'a>>),
    Zstd(zstd::Decoder<'a>),
}

impl<'a> Decompressor<'a> {
    /// Reads `compressed`, giving at most `decompressed_bytes_max` bytes.
    pub fn new(
        compression: Compression,
        compressed: &'a [u8],
        decompressed_bytes_max: usize,
    ) -> Result<Decompressor<'a>, RecordsError> {
        let decoder = match compression {
            Compression::None => Ok(Decoder::None(compressed)),
            Compression::Gzip => Ok(Decoder::Gzip(gzip::Decoder::new(compressed))),
            Compression::Snappy => snappy::Decoder::new(compressed).map(Decoder::Snappy),
            Compression::Lz4 => lz4::Decoder::new(compressed).map(|decoder| Decoder::Lz4(Box::new(decoder))),
            Compression::Zstd => zstd::decoder(compressed, decompressed_bytes_max).map(Decoder::Zstd),
        };
        Ok(Decompressor {
            compression,
            decoder: decoder.map_err(|error| failure(compression, &error))?,
            compressed_len: compressed.len(),
            size_max: decompressed_bytes_max,
            left: decompressed_bytes_max,
        })
    }

    /// Fills some of `into`, which is not empty; 0 is the end. Bytes beyond the bound are an error.
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize, RecordsError> {
        if self.left == 0 {
            let mut beyond = [0];
            return match self.read_unbounded(&mut beyond)? {
                0 => Ok(0),
                _ => Err(RecordsError::DecompressedTooLarge { size_max: self.size_max }),
            };
        }
        let wanted = into.len().min(self.left);
        let read = self.read_unbounded(&mut into[..wanted])?;
        self.left -= read;
        Ok(read)
    }

    /// All that is left, in one buffer that grows with what really comes out.
    pub fn read_all(mut self) -> Result<Bytes, RecordsError> {
        let first = self.compressed_len.saturating_mul(3).clamp(1024, 1 << 20).min(self.left.max(1));
        let mut out = BytesMut::zeroed(first);
        let mut filled = 0;
        loop {
            if filled == out.len() {
                let more = out.len().min(self.left).max(1);
                out.resize(filled + more, 0);
            }
            match self.read(&mut out[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        out.truncate(filled);
        Ok(out.freeze())
    }

    fn read_unbounded(&mut self, into: &mut [u8]) -> Result<usize, RecordsError> {
        let read = match &mut self.decoder {
            Decoder::None(rest) => rest.read(into),
            Decoder::Gzip(decoder) => decoder.read(into),
            Decoder::Snappy(decoder) => match decoder.read(into, self.left) {
                Ok(read) => Ok(read),
                Err(Stop::TooLarge) => {
                    return Err(RecordsError::DecompressedTooLarge { size_max: self.size_max });
                }
                Err(Stop::Broken(error)) => Err(error),
            },
            Decoder::Lz4(decoder) => decoder.read(into),
            Decoder::Zstd(decoder) => decoder.read(into),
        };
        read.map_err(|error| failure(self.compression, &error))
    }
}

/// Why a decoder that gives whole blocks does not go on.
enum Stop {
    /// The next block is beyond the bound.
    TooLarge,
    /// The stream is damaged.
    Broken(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Broken(error)
    }
}

fn failure(compression: Compression, error: &io::Error) -> RecordsError {
    RecordsError::Decompression { compression, reason: error.to_string() }
}

fn garbage(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
