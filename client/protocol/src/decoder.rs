//! The reading half of the codec, over bytes of a peer that may lie about everything.
//!
//! Not here: size prefix and headers (`frame`).

use bytes::Bytes;

use crate::encoder::Element;
use crate::error::{DecodeError, DecodeErrorKind};
use crate::{ErrorCode, Records, Structure, TaggedFields, Uuid};

/// What decoded arrays may take beside what the length of the input earns them, 8 MiB.
const BUDGET_FLOOR: usize = 8 << 20;

/// Memory that decoded arrays may take for each byte of input.
const BUDGET_PER_BYTE: usize = 8;

/// Where messages are read from.
///
/// Arrays are paid for before they are allocated: their count is held against the bytes that are left, and their
/// size in memory against a budget of 8 MiB and eight bytes for each byte of input. `field` arguments name the field in
/// errors; `flexible` arguments choose compact lengths.
#[derive(Debug)]
pub struct Decoder {
    input: Bytes,
    position: usize,
    /// End of what may be read: of the input, or of the tagged field that is open.
    end: usize,
    budget: usize,
}

/// A tagged field that is being read.
#[derive(Debug)]
pub struct OpenTag {
    /// The tag.
    pub number: u32,
    outer_end: usize,
}

impl Decoder {
    /// Over the whole of `input`.
    pub fn new(input: Bytes) -> Self {
        let budget = BUDGET_FLOOR.saturating_add(input.len().saturating_mul(BUDGET_PER_BYTE));
        Self { position: 0, end: input.len(), input, budget }
    }

    /// Bytes that are left.
    pub fn remaining(&self) -> usize {
        self.end - self.position
    }

    /// Bytes that were read.
    pub fn position(&self) -> usize {
        self.position
    }

    /// All that is left, as a slice of the input.
    pub fn rest(&mut self) -> Bytes {
        let rest = self.input.slice(self.position..self.end);
        self.position = self.end;
        rest
    }

    /// API key and version at the beginning of a request's header, without taking them.
    pub(crate) fn peek_request(&mut self) -> Result<(i16, i16), DecodeError> {
        let start = self.position;
        let peeked =
            self.int16("request_api_key").and_then(|key| Ok((key, self.int16("request_api_version")?)));
        self.position = start;
        peeked.map_err(|error| error.of("RequestHeader", 1))
    }

    /// An error at a field.
    #[cold]
    pub fn error(&self, field: &str, kind: DecodeErrorKind) -> DecodeError {
        DecodeError::new(field, kind)
    }

    /// A field that may not be null in this version.
    #[cold]
    pub fn null(&self, field: &str) -> DecodeError {
        self.error(field, DecodeErrorKind::Null)
    }

    /// A type that none of the records has.
    #[cold]
    pub(crate) fn unknown_record_type(&self, records: &'static str, record_type: i16) -> DecodeError {
        self.error("type", DecodeErrorKind::UnknownRecordType(i64::from(record_type))).of(records, -1)
    }

    #[cold]
    fn too_short(&self, field: &str, needed: u64) -> DecodeError {
        self.error(field, DecodeErrorKind::TooShort { needed, left: self.remaining() })
    }

    fn fixed<const LEN: usize>(&mut self, field: &'static str) -> Result<[u8; LEN], DecodeError> {
        match self.input[self.position..self.end].first_chunk::<LEN>() {
            Some(bytes) => {
                self.position += LEN;
                Ok(*bytes)
            }
            None => Err(self.too_short(field, LEN as u64)),
        }
    }

    fn slice(&mut self, field: &'static str, len: usize) -> Result<&[u8], DecodeError> {
        if len > self.remaining() {
            return Err(self.too_short(field, len as u64));
        }
        let start = self.position;
        self.position += len;
        Ok(&self.input[start..self.position])
    }

    fn shared(&mut self, field: &'static str, len: usize) -> Result<Bytes, DecodeError> {
        let start = self.position;
        self.slice(field, len)?;
        Ok(self.input.slice(start..self.position))
    }

    /// A byte: anything but 0 is true.
    pub fn bool(&mut self, field: &'static str) -> Result<bool, DecodeError> {
        Ok(self.int8(field)? != 0)
    }

    /// One byte.
    pub fn int8(&mut self, field: &'static str) -> Result<i8, DecodeError> {
        self.fixed(field).map(i8::from_be_bytes)
    }

    /// Two bytes.
    pub fn int16(&mut self, field: &'static str) -> Result<i16, DecodeError> {
        self.fixed(field).map(i16::from_be_bytes)
    }

    /// Two bytes without a sign.
    pub fn uint16(&mut self, field: &'static str) -> Result<u16, DecodeError> {
        self.fixed(field).map(u16::from_be_bytes)
    }

    /// Four bytes.
    pub fn int32(&mut self, field: &'static str) -> Result<i32, DecodeError> {
        self.fixed(field).map(i32::from_be_bytes)
    }

    /// Eight bytes.
    pub fn int64(&mut self, field: &'static str) -> Result<i64, DecodeError> {
        self.fixed(field).map(i64::from_be_bytes)
    }

    /// Eight bytes, IEEE 754.
    pub fn float64(&mut self, field: &'static str) -> Result<f64, DecodeError> {
        self.fixed(field).map(f64::from_be_bytes)
    }

    /// Sixteen bytes.
    pub fn uuid(&mut self, field: &'static str) -> Result<Uuid, DecodeError> {
        self.fixed(field).map(Uuid)
    }

    /// An error code, two bytes.
    pub fn error_code(&mut self, field: &'static str) -> Result<ErrorCode, DecodeError> {
        self.int16(field).map(ErrorCode)
    }

    /// Seven bits a byte, least significant first, at most 32 bits.
    pub fn unsigned_varint(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        let mut value: u32 = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.fixed(field)?;
            let bits = u32::from(byte & 0x7f);
            if shift == 28 && bits > 0x0f {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.error(field, DecodeErrorKind::Varint))
    }

    /// Length of bytes, records or an array. In the old form every negative number is null, as in Kafka.
    fn length(&mut self, field: &'static str, flexible: bool) -> Result<Option<usize>, DecodeError> {
        if !flexible {
            return Ok(usize::try_from(self.int32(field)?).ok());
        }
        self.compact_length(field)
    }

    fn compact_length(&mut self, field: &'static str) -> Result<Option<usize>, DecodeError> {
        match self.unsigned_varint(field)? {
            0 => Ok(None),
            length if length <= i32::MAX as u32 => Ok(Some(length as usize - 1)),
            length => Err(self.error(field, DecodeErrorKind::Length(i64::from(length) - 1))),
        }
    }

    fn non_null<T>(&self, field: &'static str, value: Option<T>) -> Result<T, DecodeError> {
        value.ok_or_else(|| self.null(field))
    }

    /// A string.
    pub fn string(&mut self, field: &'static str, flexible: bool) -> Result<String, DecodeError> {
        let value = self.nullable_string(field, flexible)?;
        self.non_null(field, value)
    }

    /// A string or null. Bytes that are not UTF-8 are replaced, as in Kafka.
    pub fn nullable_string(
        &mut self,
        field: &'static str,
        flexible: bool,
    ) -> Result<Option<String>, DecodeError> {
        let length =
            if flexible { self.compact_length(field)? } else { usize::try_from(self.int16(field)?).ok() };
        let Some(length) = length else { return Ok(None) };
        if length > 0x7fff {
            return Err(self.error(field, DecodeErrorKind::Length(length as i64)));
        }
        Ok(Some(String::from_utf8_lossy(self.slice(field, length)?).into_owned()))
    }

    /// Bytes, as a slice of the input.
    pub fn bytes(&mut self, field: &'static str, flexible: bool) -> Result<Bytes, DecodeError> {
        let value = self.nullable_bytes(field, flexible)?;
        self.non_null(field, value)
    }

    /// Bytes or null.
    pub fn nullable_bytes(
        &mut self,
        field: &'static str,
        flexible: bool,
    ) -> Result<Option<Bytes>, DecodeError> {
        match self.length(field, flexible)? {
            Some(length) => self.shared(field, length).map(Some),
            None => Ok(None),
        }
    }

    /// Record batches, as a slice of the input, or null.
    pub fn nullable_records(
        &mut self,
        field: &'static str,
        flexible: bool,
    ) -> Result<Option<Records>, DecodeError> {
        Ok(self.nullable_bytes(field, flexible)?.map(Records::Bytes))
    }

    /// A structure.
    pub fn structure<T: Structure>(&mut self, field: &'static str, version: i16) -> Result<T, DecodeError> {
        let mut value = T::default();
        value.read(self, version).map_err(|error| error.within(field))?;
        Ok(value)
    }

    /// A structure after a byte that is not negative, or null.
    pub fn nullable_structure<T: Structure>(
        &mut self,
        field: &'static str,
        version: i16,
    ) -> Result<Option<T>, DecodeError> {
        if self.int8(field)? < 0 { Ok(None) } else { self.structure(field, version).map(Some) }
    }

    /// A structure after a varint that is not 0, or null: the form within a tagged field.
    pub fn nullable_tagged_structure<T: Structure>(
        &mut self,
        field: &'static str,
        version: i16,
    ) -> Result<Option<T>, DecodeError> {
        if self.unsigned_varint(field)? == 0 { Ok(None) } else { self.structure(field, version).map(Some) }
    }

    /// Reads the count of an array and pays for its elements.
    fn count<T>(
        &mut self,
        field: &'static str,
        flexible: bool,
        len_min: usize,
    ) -> Result<Option<usize>, DecodeError> {
        let Some(count) = self.length(field, flexible)? else { return Ok(None) };
        let memory = count.saturating_mul(size_of::<T>());
        if count > self.remaining() / len_min.max(1) || memory > self.budget {
            return Err(self.error(field, DecodeErrorKind::TooMany(count)));
        }
        self.budget -= memory;
        Ok(Some(count))
    }

    /// An array of structures.
    pub fn structures<T: Structure>(
        &mut self,
        field: &'static str,
        version: i16,
        flexible: bool,
    ) -> Result<Vec<T>, DecodeError> {
        let values = self.nullable_structures(field, version, flexible)?;
        self.non_null(field, values)
    }

    /// An array of structures or null.
    pub fn nullable_structures<T: Structure>(
        &mut self,
        field: &'static str,
        version: i16,
        flexible: bool,
    ) -> Result<Option<Vec<T>>, DecodeError> {
        let Some(count) = self.count::<T>(field, flexible, T::LEN_MIN)? else { return Ok(None) };
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(self.structure(field, version)?);
        }
        Ok(Some(values))
    }

    /// An array of plain values.
    pub fn array<T: Element>(&mut self, field: &'static str, flexible: bool) -> Result<Vec<T>, DecodeError> {
        let values = self.nullable_array(field, flexible)?;
        self.non_null(field, values)
    }

    /// An array of plain values or null.
    pub fn nullable_array<T: Element>(
        &mut self,
        field: &'static str,
        flexible: bool,
    ) -> Result<Option<Vec<T>>, DecodeError> {
        let Some(count) = self.count::<T>(field, flexible, T::LEN_MIN)? else { return Ok(None) };
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(T::read(field, self, flexible)?);
        }
        Ok(Some(values))
    }

    /// Number of fields in a tagged section.
    pub fn tag_count(&mut self) -> Result<u32, DecodeError> {
        self.unsigned_varint("tagged_fields")
    }

    /// Opens the next tagged field: until [`Decoder::close_tag`] nothing behind it can be read.
    pub fn open_tag(&mut self) -> Result<OpenTag, DecodeError> {
        let number = self.unsigned_varint("tagged_fields")?;
        let len = self.unsigned_varint("tagged_fields")? as usize;
        if len > self.remaining() {
            return Err(self.too_short("tagged_fields", len as u64));
        }
        let outer_end = std::mem::replace(&mut self.end, self.position + len);
        Ok(OpenTag { number, outer_end })
    }

    /// Keeps the value of a tag that the schema does not know.
    pub fn unknown_tag(&mut self, tag: &OpenTag, fields: &mut TaggedFields) -> Result<(), DecodeError> {
        let len = self.remaining();
        if len > TaggedFields::FIELD_LEN_MAX {
            return Err(self.error("tagged_fields", DecodeErrorKind::Length(len as i64)));
        }
        let memory = size_of::<(u32, Bytes)>();
        if fields.len() >= TaggedFields::COUNT_MAX || memory > self.budget {
            return Err(self.error("tagged_fields", DecodeErrorKind::TooMany(fields.len() + 1)));
        }
        self.budget -= memory;
        let value = self.rest();
        fields.insert(tag.number, value);
        Ok(())
    }

    /// A known tag that this version does not have.
    #[cold]
    pub fn tag_not_in_version(&self, tag: &OpenTag) -> DecodeError {
        self.error("tagged_fields", DecodeErrorKind::TagNotInVersion(tag.number))
    }

    /// Ends the field, which must have been read to its end.
    #[expect(clippy::needless_pass_by_value, reason = "a tag is closed once")]
    pub fn close_tag(&mut self, tag: OpenTag) -> Result<(), DecodeError> {
        if self.position != self.end {
            return Err(self.error("tagged_fields", DecodeErrorKind::TagLen(tag.number)));
        }
        self.end = tag.outer_end;
        Ok(())
    }

    /// The tagged section of a structure whose schema has no tags.
    pub fn tagged_fields(&mut self) -> Result<TaggedFields, DecodeError> {
        let mut fields = TaggedFields::new();
        for _ in 0..self.tag_count()? {
            let tag = self.open_tag()?;
            self.unknown_tag(&tag, &mut fields)?;
            self.close_tag(tag)?;
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApiVersionsRequest, FetchRequest, Message, MetadataRequest};

    fn check_error<M: Message + std::fmt::Debug>(bytes: &[u8], version: i16, expected: &str) {
        let error = M::from_bytes(Bytes::copy_from_slice(bytes), version).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn varints_end_at_32_bits() {
        for (bytes, value) in [
            (&[0x00][..], Some(0)),
            (&[0x80, 0x01], Some(128)),
            (&[0x80, 0x00], Some(0)),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], Some(u32::MAX)),
            (&[0xff, 0xff, 0xff, 0xff, 0x1f], None),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x01], None),
            (&[0x80], None),
        ] {
            let found = Decoder::new(Bytes::copy_from_slice(bytes)).unsigned_varint("n");
            assert_eq!(found.ok(), value, "{bytes:x?}");
        }
    }

    #[test]
    fn errors_name_message_version_and_field() {
        check_error::<MetadataRequest>(
            &[0, 0, 0, 1, 0, 5],
            1,
            "MetadataRequest v1, topics.name: 5 bytes are needed and 0 are left",
        );
        check_error::<MetadataRequest>(
            &[0, 0, 0, 1, 0xff, 0xff],
            1,
            "MetadataRequest v1, topics.name: null is not allowed in this version",
        );
        check_error::<MetadataRequest>(
            &[0xff; 4],
            0,
            "MetadataRequest v0, topics: null is not allowed in this version",
        );
        check_error::<MetadataRequest>(
            &[0x7f, 0xff, 0xff, 0xff],
            1,
            "MetadataRequest v1, topics: 2147483647 elements are too many",
        );
        check_error::<MetadataRequest>(
            &[0xff, 0xff, 0xff, 0xff, 0x07],
            12,
            "MetadataRequest v12, topics: 2147483646 elements are too many",
        );
        check_error::<MetadataRequest>(
            &[0xff, 0xff, 0xff, 0xff, 0x0f],
            12,
            "MetadataRequest v12, topics: 4294967294 is no length",
        );
        check_error::<MetadataRequest>(&[0xff; 6], 12, "MetadataRequest v12, topics: a varint is too long");
        check_error::<MetadataRequest>(&[], 99, "MetadataRequest v99: there is no such version");
    }

    #[test]
    fn what_kafka_lets_pass_passes() {
        // Any negative length of an array is null, any byte but 0 is true, bytes behind the body stay.
        let (request, left_over) =
            MetadataRequest::from_bytes(Bytes::from_static(&[0xff, 0xff, 0xff, 0xfe, 2, 9, 9]), 4)
                .expect("null");
        assert_eq!((request.topics, request.allow_auto_topic_creation, left_over), (None, true, 2));
        let name = Bytes::from_static(&[0, 0, 0, 1, 0, 2, 0xff, 0xfe]);
        let (request, _) = MetadataRequest::from_bytes(name, 1).expect("the name is replaced");
        assert_eq!(request.topics.expect("there are topics")[0].name.as_deref(), Some("\u{fffd}\u{fffd}"));
    }

    #[test]
    fn many_tiny_elements_exceed_the_budget() {
        // Names of no length take 2 bytes each here, and many times that in memory.
        let count = 4 << 20;
        let mut bytes = i32::to_be_bytes(count).to_vec();
        bytes.resize(4 + 2 * count as usize, 0);
        check_error::<MetadataRequest>(
            &bytes,
            1,
            "MetadataRequest v1, topics: 4194304 elements are too many",
        );
    }

    /// An ApiVersions request (version 3) with empty names and this tagged section.
    fn tagged(section: &[u8]) -> Result<ApiVersionsRequest, DecodeError> {
        let bytes = [&[1, 1], section].concat();
        ApiVersionsRequest::from_bytes(bytes.into(), 3).map(|(request, _)| request)
    }

    #[test]
    fn unknown_tags_are_kept_in_any_order() {
        let request = tagged(&[3, 99, 2, 7, 8, 98, 0, 99, 1, 5]).expect("order and repetition are let pass");
        let fields: Vec<_> =
            request.unknown_tagged_fields.iter().map(|(tag, value)| (tag, value.to_vec())).collect();
        assert_eq!(fields, [(98, vec![]), (99, vec![5])]);
        assert_eq!(request.to_bytes(3).expect("it can be encoded"), &[1, 1, 2, 98, 0, 99, 1, 5][..]);
    }

    #[test]
    fn tagged_sections_are_bounded() {
        for (section, field, kind) in [
            (&[1, 99, 3, 0][..], "tagged_fields", DecodeErrorKind::TooShort { needed: 3, left: 1 }),
            (
                &[0xff, 0xff, 0xff, 0xff, 0x07],
                "tagged_fields",
                DecodeErrorKind::TooShort { needed: 1, left: 0 },
            ),
        ] {
            let error = tagged(section).expect_err("the section is wrong");
            assert_eq!((error.field(), error.kind()), (field, &kind));
        }
        let long = [&[1, 99, 0x81, 0x80, 0x08][..], &vec![0; (128 << 10) + 1]].concat();
        assert_eq!(tagged(&long).expect_err("too long").kind(), &DecodeErrorKind::Length((128 << 10) + 1));
        let many: Vec<u8> = [0x81, 0x08]
            .into_iter()
            .chain((0..1025).flat_map(|tag| [0x80 | (tag & 0x7f) as u8, (tag >> 7) as u8, 0]))
            .collect();
        assert_eq!(tagged(&many).expect_err("too many").kind(), &DecodeErrorKind::TooMany(1025));
    }

    #[test]
    fn known_tags_belong_to_their_versions_and_lengths() {
        // Fetch, with every field in line zero and a tagged section.
        let fetch = |version: i16, len: usize, section: &[u8]| {
            let mut bytes = vec![0; len];
            // Empty arrays and string in the compact form.
            bytes[len - 3..].copy_from_slice(&[1, 1, 1]);
            bytes.extend(section);
            FetchRequest::from_bytes(bytes.into(), version).map(|(request, _)| request)
        };
        let state = [1, 1, 13, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0];
        assert_eq!(fetch(15, 24, &state).expect("replica state").replica_state.replica_epoch, 6);
        let error = fetch(12, 28, &state).expect_err("version 12 has no replica state");
        assert_eq!(error.kind(), &DecodeErrorKind::TagNotInVersion(1));
        let error = fetch(15, 24, &[1, 1, 14, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 9])
            .expect_err("one byte too many");
        assert_eq!(error.kind(), &DecodeErrorKind::TagLen(1));
    }
}
