//! One record: its parts, its bytes, and records one after another in a payload.
//!
//! ```text
//!  length │ attributes, 1 B │ timestamp delta │ offset delta │ key │ value │ header count │ { key │ value } …
//! ```
//! All but the attributes are zigzag variable-length integers; keys and values have their length in front, -1 for null.
//!
//! Not here: compression; the payload is what comes out of it.

use bytes::{BufMut, Bytes, BytesMut};

use crate::varint::{put_varint, put_varlong, take_varint, take_varlong, varint_len};
use crate::{BatchHeader, InvalidRecord};

/// A record whose key, value and headers share the payload's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Position in the partition.
    pub offset: i64,
    /// Milliseconds since 1970, or -1: the producer's, or the time of the append with LogAppendTime.
    pub timestamp: i64,
    /// The key.
    pub key: Option<Bytes>,
    /// The value; `None` is a tombstone in a compacted topic.
    pub value: Option<Bytes>,
    /// Headers in the order of sending; keys may repeat (KIP-82).
    pub headers: Vec<Header>,
}

/// A record's header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// The name, UTF-8 by convention.
    pub key: Bytes,
    /// The value.
    pub value: Option<Bytes>,
}

/// A record whose parts borrow from the payload. Its structure has been checked to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordRef<'a> {
    /// Position in the partition.
    pub offset: i64,
    /// What the batch's base offset was added to.
    pub offset_delta: i32,
    /// See [`Record::timestamp`].
    pub timestamp: i64,
    /// The key.
    pub key: Option<&'a [u8]>,
    /// The value.
    pub value: Option<&'a [u8]>,
    /// The headers.
    pub headers: HeadersRef<'a>,
}

/// A header that borrows from the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderRef<'a> {
    /// The name, UTF-8 by convention.
    pub key: &'a [u8],
    /// The value.
    pub value: Option<&'a [u8]>,
}

/// The headers of a [`RecordRef`], taken apart while iterating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadersRef<'a> {
    count: i32,
    bytes: &'a [u8],
}

impl HeadersRef<'_> {
    /// How many are left.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl<'a> Iterator for HeadersRef<'a> {
    type Item = HeaderRef<'a>;

    fn next(&mut self) -> Option<HeaderRef<'a>> {
        self.count = self.count.checked_sub(1).filter(|left| *left >= 0)?;
        Some(take_header(&mut self.bytes).expect("headers are checked when the record is read"))
    }
}

impl RecordRef<'_> {
    /// The same record sharing `payload`, which it must have been read from.
    pub fn to_record(&self, payload: &Bytes) -> Record {
        let share = |part: Option<&[u8]>| part.map(|part| payload.slice_ref(part));
        Record {
            offset: self.offset,
            timestamp: self.timestamp,
            key: share(self.key),
            value: share(self.value),
            headers: self
                .headers
                .map(|header| Header { key: payload.slice_ref(header.key), value: share(header.value) })
                .collect(),
        }
    }
}

/// What a record's deltas add to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Base {
    offset: i64,
    timestamp: i64,
    log_append_time: Option<i64>,
}

impl Base {
    pub(crate) fn of(header: &BatchHeader) -> Base {
        Base {
            offset: header.base_offset,
            timestamp: header.base_timestamp,
            log_append_time: header.log_append_time(),
        }
    }

    /// Reads the record that fills `body`, which follows the length.
    pub(crate) fn read<'a>(&self, body: &'a [u8]) -> Result<RecordRef<'a>, InvalidRecord> {
        let (_attributes, mut rest) = body.split_first().ok_or(InvalidRecord::Truncated)?;
        let timestamp_delta = take_varlong(&mut rest)?;
        let offset_delta = take_varint(&mut rest)?;
        let key = take_nullable(&mut rest)?;
        let value = take_nullable(&mut rest)?;
        let count = take_varint(&mut rest)?;
        // A header has at least the lengths of its key and value.
        if usize::try_from(count).ok().is_none_or(|count| count > rest.len() / 2) {
            return Err(InvalidRecord::HeaderCount(count));
        }
        let headers = HeadersRef { count, bytes: rest };
        for _ in 0..count {
            take_header(&mut rest)?;
        }
        if !rest.is_empty() {
            return Err(InvalidRecord::RecordLength { declared: body.len(), read: body.len() - rest.len() });
        }
        Ok(RecordRef {
            offset: self.offset.wrapping_add(i64::from(offset_delta)),
            offset_delta,
            timestamp: self.log_append_time.unwrap_or(self.timestamp.wrapping_add(timestamp_delta)),
            key,
            value,
            headers,
        })
    }
}

fn take_header<'a>(bytes: &mut &'a [u8]) -> Result<HeaderRef<'a>, InvalidRecord> {
    let key = take_nullable(bytes)?.ok_or(InvalidRecord::NegativeLength(-1))?;
    Ok(HeaderRef { key, value: take_nullable(bytes)? })
}

fn take_nullable<'a>(bytes: &mut &'a [u8]) -> Result<Option<&'a [u8]>, InvalidRecord> {
    match take_varint(bytes)? {
        -1 => Ok(None),
        length => take_bytes(bytes, length).map(Some),
    }
}

fn take_bytes<'a>(bytes: &mut &'a [u8], length: i32) -> Result<&'a [u8], InvalidRecord> {
    let length = usize::try_from(length).map_err(|_| InvalidRecord::NegativeLength(length))?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(InvalidRecord::Truncated)?;
    *bytes = rest;
    Ok(taken)
}

/// The records of a payload without compression. Ends after an error; bytes behind the last record are one.
#[derive(Debug, Clone)]
pub struct RecordRefs<'a> {
    base: Base,
    rest: &'a [u8],
    left: i32,
}

impl<'a> RecordRefs<'a> {
    pub(crate) fn new(header: &BatchHeader, payload: &'a [u8]) -> RecordRefs<'a> {
        RecordRefs { base: Base::of(header), rest: payload, left: header.record_count.max(0) }
    }

    fn take(&mut self) -> Result<RecordRef<'a>, InvalidRecord> {
        let length = take_varint(&mut self.rest)?;
        let body = take_bytes(&mut self.rest, length)?;
        self.base.read(body)
    }
}

impl<'a> Iterator for RecordRefs<'a> {
    type Item = Result<RecordRef<'a>, InvalidRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return (!std::mem::take(&mut self.rest).is_empty()).then_some(Err(InvalidRecord::TrailingBytes));
        }
        self.left -= 1;
        let record = self.take();
        if record.is_err() {
            (self.left, self.rest) = (0, &[]);
        }
        Some(record)
    }
}

/// The records of a payload without compression, each sharing its bytes. Ends after an error, as [`RecordRefs`].
#[derive(Debug, Clone)]
pub struct Records {
    base: Base,
    payload: Bytes,
    at: usize,
    left: i32,
}

impl Records {
    pub(crate) fn new(header: &BatchHeader, payload: Bytes) -> Records {
        Records { base: Base::of(header), payload, at: 0, left: header.record_count.max(0) }
    }
}

impl Iterator for Records {
    type Item = Result<Record, InvalidRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut refs = RecordRefs { base: self.base, rest: &self.payload[self.at..], left: self.left };
        let record = refs.next()?.map(|record| record.to_record(&self.payload));
        (self.left, self.at) = (refs.left, self.payload.len() - refs.rest.len());
        Some(record)
    }
}

/// Parts of a record to be written.
#[derive(Clone, Copy)]
pub(crate) struct RecordParts<'a, H> {
    pub(crate) timestamp_delta: i64,
    pub(crate) offset_delta: i32,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) value: Option<&'a [u8]>,
    pub(crate) headers: H,
}

impl<'a, H: Iterator<Item = HeaderRef<'a>> + Clone> RecordParts<'a, H> {
    /// Bytes after the length.
    pub(crate) fn body_len(&self) -> usize {
        let (count, headers) = self.headers.clone().fold((0, 0), |(count, len), header| {
            (count + 1, len + nullable_len(Some(header.key)) + nullable_len(header.value))
        });
        1 + varint_len(self.timestamp_delta)
            + varint_len(i64::from(self.offset_delta))
            + nullable_len(self.key)
            + nullable_len(self.value)
            + varint_len(count)
            + headers
    }

    /// Appends the record; `body_len` is what [`RecordParts::body_len`] gave.
    pub(crate) fn put(&self, body_len: usize, out: &mut BytesMut) {
        put_varlong(out, body_len as i64);
        out.put_u8(0);
        put_varlong(out, self.timestamp_delta);
        put_varint(out, self.offset_delta);
        put_nullable(out, self.key);
        put_nullable(out, self.value);
        put_varlong(out, self.headers.clone().count() as i64);
        for header in self.headers.clone() {
            put_nullable(out, Some(header.key));
            put_nullable(out, header.value);
        }
    }
}

/// The most bytes that a record with these parts can take in a batch, length included.
pub fn record_len<'a>(
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
    headers: impl Iterator<Item = HeaderRef<'a>> + Clone,
) -> usize {
    let parts = RecordParts { timestamp_delta: i64::MIN, offset_delta: i32::MIN, key, value, headers };
    let body_len = parts.body_len();
    varint_len(body_len as i64) + body_len
}

fn nullable_len(part: Option<&[u8]>) -> usize {
    part.map_or(varint_len(-1), |part| varint_len(part.len() as i64) + part.len())
}

fn put_nullable(out: &mut BytesMut, part: Option<&[u8]>) {
    put_varlong(out, part.map_or(-1, |part| part.len() as i64));
    out.put_slice(part.unwrap_or_default());
}
