//! The writing half of the codec: one buffer, and the large pieces that are chained into it by position.
//!
//! Not here: size prefix and headers (`frame`).

use bytes::Bytes;

use crate::error::{EncodeError, EncodeErrorKind};
use crate::frame::Piece;
use crate::{ErrorCode, Records, Structure, TaggedFields, TaggedWriter, Uuid};

/// Bytes fields from this length on are chained, and not copied.
const CHAINED_LEN_MIN: usize = 512;

/// Strings are at most this long in every form.
const STRING_LEN_MAX: usize = 0x7fff;

/// Where messages are written.
///
/// `flexible` arguments choose compact lengths (varint, one more than the length, 0 for null) over the old ones.
#[derive(Debug, Default)]
pub struct Encoder {
    buffer: Vec<u8>,
    chained: Vec<(usize, Piece)>,
    chained_len: usize,
}

impl Encoder {
    /// Nothing written yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing written yet, and room for `capacity` bytes that are not chained.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { buffer: Vec::with_capacity(capacity), ..Self::default() }
    }

    /// Bytes so far, the chained ones included.
    pub fn len(&self) -> usize {
        self.buffer.len() + self.chained_len
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything as pieces in order.
    pub(crate) fn into_pieces(self) -> Vec<Piece> {
        let buffer = Bytes::from(self.buffer);
        let mut pieces = Vec::with_capacity(2 * self.chained.len() + 1);
        let mut start = 0;
        for (position, piece) in self.chained {
            if position > start {
                pieces.push(Piece::Bytes(buffer.slice(start..position)));
            }
            pieces.push(piece);
            start = position;
        }
        if start < buffer.len() {
            pieces.push(Piece::Bytes(buffer.slice(start..)));
        }
        pieces
    }

    /// Everything in one piece; copied if anything was chained.
    ///
    /// # Errors
    /// A range among the pieces.
    pub fn into_bytes(self) -> Result<Bytes, EncodeError> {
        if self.chained.is_empty() {
            return Ok(Bytes::from(self.buffer));
        }
        let mut whole = Vec::with_capacity(self.len());
        for piece in self.into_pieces() {
            match piece {
                Piece::Bytes(bytes) => whole.extend_from_slice(&bytes),
                Piece::Range { .. } => return Err(EncodeError::new("", EncodeErrorKind::Range)),
            }
        }
        Ok(Bytes::from(whole))
    }

    /// Puts `value` over the first four bytes, which must be there and not chained.
    pub(crate) fn patch_prefix(&mut self, value: i32) {
        if let Some(prefix) = self.buffer.first_chunk_mut() {
            *prefix = value.to_be_bytes();
        }
    }

    /// Appends what another encoder holds.
    pub(crate) fn append(&mut self, other: Self) {
        let offset = self.buffer.len();
        self.buffer.extend_from_slice(&other.buffer);
        self.chained.extend(other.chained.into_iter().map(|(position, piece)| (position + offset, piece)));
        self.chained_len += other.chained_len;
    }

    fn chain(&mut self, piece: Piece) {
        self.chained_len += piece.len();
        self.chained.push((self.buffer.len(), piece));
    }

    fn content(&mut self, bytes: &Bytes) {
        if bytes.len() < CHAINED_LEN_MIN {
            self.buffer.extend_from_slice(bytes);
        } else {
            self.chain(Piece::Bytes(bytes.clone()));
        }
    }

    /// A byte: 0 or 1.
    pub fn bool(&mut self, value: bool) {
        self.buffer.push(u8::from(value));
    }

    /// One byte.
    pub fn int8(&mut self, value: i8) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Two bytes.
    pub fn int16(&mut self, value: i16) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Two bytes without a sign.
    pub fn uint16(&mut self, value: u16) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Four bytes.
    pub fn int32(&mut self, value: i32) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Eight bytes.
    pub fn int64(&mut self, value: i64) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Eight bytes, IEEE 754.
    pub fn float64(&mut self, value: f64) {
        self.buffer.extend_from_slice(&value.to_be_bytes());
    }

    /// Sixteen bytes.
    pub fn uuid(&mut self, value: Uuid) {
        self.buffer.extend_from_slice(&value.0);
    }

    /// An error code, two bytes.
    pub fn error_code(&mut self, value: ErrorCode) {
        self.int16(value.0);
    }

    /// Seven bits a byte, least significant first.
    pub fn unsigned_varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.buffer.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.buffer.push(value as u8);
    }

    /// Length of bytes, records or an array.
    fn length(&mut self, field: &str, length: Option<usize>, flexible: bool) -> Result<(), EncodeError> {
        let length = match length {
            Some(length) => i32::try_from(length)
                .ok()
                .filter(|length| *length < i32::MAX)
                .ok_or_else(|| EncodeError::new(field, EncodeErrorKind::TooLong(length)))?,
            None => -1,
        };
        if flexible {
            self.unsigned_varint((length + 1) as u32);
        } else {
            self.int32(length);
        }
        Ok(())
    }

    /// A string.
    ///
    /// # Errors
    /// One of more than 32,767 bytes.
    pub fn string(&mut self, field: &str, value: &str, flexible: bool) -> Result<(), EncodeError> {
        if value.len() > STRING_LEN_MAX {
            return Err(EncodeError::new(field, EncodeErrorKind::TooLong(value.len())));
        }
        if flexible {
            self.unsigned_varint(value.len() as u32 + 1);
        } else {
            self.int16(value.len() as i16);
        }
        self.buffer.extend_from_slice(value.as_bytes());
        Ok(())
    }

    /// A string or null.
    ///
    /// # Errors
    /// As [`Encoder::string`].
    pub fn nullable_string(
        &mut self,
        field: &str,
        value: Option<&str>,
        flexible: bool,
    ) -> Result<(), EncodeError> {
        match value {
            Some(value) => self.string(field, value, flexible)?,
            None if flexible => self.unsigned_varint(0),
            None => self.int16(-1),
        }
        Ok(())
    }

    /// Bytes; large ones are chained.
    ///
    /// # Errors
    /// 2³¹ - 1 or more.
    pub fn bytes(&mut self, field: &str, value: &Bytes, flexible: bool) -> Result<(), EncodeError> {
        self.nullable_bytes(field, Some(value), flexible)
    }

    /// Bytes or null.
    ///
    /// # Errors
    /// As [`Encoder::bytes`].
    pub fn nullable_bytes(
        &mut self,
        field: &str,
        value: Option<&Bytes>,
        flexible: bool,
    ) -> Result<(), EncodeError> {
        self.length(field, value.map(Bytes::len), flexible)?;
        if let Some(value) = value {
            self.content(value);
        }
        Ok(())
    }

    /// Record batches or null.
    ///
    /// # Errors
    /// As [`Encoder::bytes`].
    pub fn nullable_records(
        &mut self,
        field: &str,
        value: Option<&Records>,
        flexible: bool,
    ) -> Result<(), EncodeError> {
        self.length(field, value.map(Records::len), flexible)?;
        match value {
            Some(Records::Bytes(bytes)) => self.content(bytes),
            Some(Records::Range { token, len }) if *len > 0 => {
                self.chain(Piece::Range { token: *token, len: *len });
            }
            Some(Records::Range { .. }) | None => {}
        }
        Ok(())
    }

    /// A structure.
    ///
    /// # Errors
    /// As [`Structure::write`].
    pub fn structure<T: Structure>(
        &mut self,
        field: &str,
        value: &T,
        version: i16,
    ) -> Result<(), EncodeError> {
        value.write(self, version).map_err(|error| error.within(field))
    }

    /// A structure after a byte 1, or null as a byte -1.
    ///
    /// # Errors
    /// As [`Structure::write`].
    pub fn nullable_structure<T: Structure>(
        &mut self,
        field: &str,
        value: Option<&T>,
        version: i16,
    ) -> Result<(), EncodeError> {
        match value {
            Some(value) => {
                self.int8(1);
                self.structure(field, value, version)
            }
            None => {
                self.int8(-1);
                Ok(())
            }
        }
    }

    /// A structure after a varint 1, or null as a varint 0: the form within a tagged field.
    ///
    /// # Errors
    /// As [`Structure::write`].
    pub fn nullable_tagged_structure<T: Structure>(
        &mut self,
        field: &str,
        value: Option<&T>,
        version: i16,
    ) -> Result<(), EncodeError> {
        self.unsigned_varint(u32::from(value.is_some()));
        value.map_or(Ok(()), |value| self.structure(field, value, version))
    }

    /// An array of structures.
    ///
    /// # Errors
    /// As [`Structure::write`]; 2³¹ - 1 elements or more.
    pub fn structures<T: Structure>(
        &mut self,
        field: &str,
        values: &[T],
        version: i16,
        flexible: bool,
    ) -> Result<(), EncodeError> {
        self.nullable_structures(field, Some(values), version, flexible)
    }

    /// An array of structures or null.
    ///
    /// # Errors
    /// As [`Encoder::structures`].
    pub fn nullable_structures<T: Structure>(
        &mut self,
        field: &str,
        values: Option<&[T]>,
        version: i16,
        flexible: bool,
    ) -> Result<(), EncodeError> {
        self.length(field, values.map(<[T]>::len), flexible)?;
        for value in values.unwrap_or_default() {
            self.structure(field, value, version)?;
        }
        Ok(())
    }

    /// An array of plain values.
    ///
    /// # Errors
    /// A value that cannot be written; 2³¹ - 1 elements or more.
    pub fn array<T: Element>(
        &mut self,
        field: &str,
        values: &[T],
        flexible: bool,
    ) -> Result<(), EncodeError> {
        self.nullable_array(field, Some(values), flexible)
    }

    /// An array of plain values or null.
    ///
    /// # Errors
    /// As [`Encoder::array`].
    pub fn nullable_array<T: Element>(
        &mut self,
        field: &str,
        values: Option<&[T]>,
        flexible: bool,
    ) -> Result<(), EncodeError> {
        self.length(field, values.map(<[T]>::len), flexible)?;
        for value in values.unwrap_or_default() {
            value.write(field, self, flexible)?;
        }
        Ok(())
    }

    /// The tagged section of a structure whose schema has no tags.
    ///
    /// # Errors
    /// None today; the signature is that of a section with known tags.
    pub fn tagged_fields(&mut self, unknown: &TaggedFields) -> Result<(), EncodeError> {
        TaggedWriter::default().finish(unknown, self)
    }

    pub(crate) fn unknown_field(&mut self, tag: u32, bytes: &Bytes) {
        self.unsigned_varint(tag);
        self.unsigned_varint(bytes.len() as u32);
        self.content(bytes);
    }
}

/// A plain value that arrays hold.
pub trait Element: Sized {
    /// No value is shorter.
    const LEN_MIN: usize;

    /// Appends the value.
    ///
    /// # Errors
    /// A string that is too long.
    fn write(&self, field: &str, out: &mut Encoder, flexible: bool) -> Result<(), EncodeError>;

    /// Takes a value.
    ///
    /// # Errors
    /// Too few bytes, or a length that is none.
    fn read(
        field: &'static str,
        input: &mut crate::Decoder,
        flexible: bool,
    ) -> Result<Self, crate::DecodeError>;
}

macro_rules! fixed_element {
    ($($type:ty, $method:ident, $len:literal;)*) => {$(
        impl Element for $type {
            const LEN_MIN: usize = $len;

            fn write(&self, _: &str, out: &mut Encoder, _: bool) -> Result<(), EncodeError> {
                out.$method(*self);
                Ok(())
            }

            fn read(field: &'static str, input: &mut crate::Decoder, _: bool) -> Result<Self, crate::DecodeError> {
                input.$method(field)
            }
        }
    )*};
}

fixed_element! {
    i8, int8, 1;
    i16, int16, 2;
    i32, int32, 4;
    i64, int64, 8;
    Uuid, uuid, 16;
}

impl Element for String {
    const LEN_MIN: usize = 1;

    fn write(&self, field: &str, out: &mut Encoder, flexible: bool) -> Result<(), EncodeError> {
        out.string(field, self, flexible)
    }

    fn read(
        field: &'static str,
        input: &mut crate::Decoder,
        flexible: bool,
    ) -> Result<Self, crate::DecodeError> {
        input.string(field, flexible)
    }
}
