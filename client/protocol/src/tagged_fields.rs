//! Tagged fields (KIP-482): those that the schema does not know, and the writer of a tagged section.
//! Not here: those that the schema knows, which are generated.

use bytes::Bytes;

use crate::error::{EncodeError, EncodeErrorKind};
use crate::{Encoder, Structure};

/// The tagged fields of a structure that its schema does not know: tag and bytes, in order of tags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaggedFields {
    fields: Vec<(u32, Bytes)>,
}

impl TaggedFields {
    /// One field may hold this many bytes, 128 KiB.
    pub const FIELD_LEN_MAX: usize = 128 << 10;
    /// One structure may hold this many fields that the schema does not know.
    pub const COUNT_MAX: usize = 1024;

    /// No field.
    pub const fn new() -> Self {
        Self { fields: Vec::new() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// The fields in order of their tags.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Bytes)> {
        self.fields.iter().map(|(tag, bytes)| (*tag, bytes))
    }

    /// The bytes of one field.
    pub fn get(&self, tag: u32) -> Option<&Bytes> {
        self.fields.binary_search_by_key(&tag, |field| field.0).ok().map(|index| &self.fields[index].1)
    }

    /// Adds a field; of two with the same tag the later one stays.
    pub fn insert(&mut self, tag: u32, bytes: Bytes) {
        match self.fields.binary_search_by_key(&tag, |field| field.0) {
            Ok(index) => self.fields[index].1 = bytes,
            Err(index) => self.fields.insert(index, (tag, bytes)),
        }
    }
}

/// Writes the tagged section of one structure: known fields are encoded apart, since their length goes before them.
#[derive(Default)]
pub struct TaggedWriter {
    known: Vec<(u32, Encoder)>,
}

impl TaggedWriter {
    /// Where the value of a known field goes; fields come in order of their tags.
    pub fn field(&mut self, tag: u32) -> &mut Encoder {
        self.known.push((tag, Encoder::new()));
        let last = self.known.len() - 1;
        &mut self.known[last].1
    }

    /// Writes the section: number of fields, then known and unknown ones merged by tag.
    ///
    /// # Errors
    /// A tag among the unknown ones that the schema knows.
    pub fn finish(self, unknown: &TaggedFields, out: &mut Encoder) -> Result<(), EncodeError> {
        out.unsigned_varint((self.known.len() + unknown.len()) as u32);
        let mut unknown = unknown.iter().peekable();
        for (tag, value) in self.known {
            while let Some((earlier, bytes)) = unknown.next_if(|(earlier, _)| *earlier <= tag) {
                if earlier == tag {
                    return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::TagTaken(tag)));
                }
                out.unknown_field(earlier, bytes);
            }
            out.unsigned_varint(tag);
            out.unsigned_varint(value.len() as u32);
            out.append(value);
        }
        for (tag, bytes) in unknown {
            out.unknown_field(tag, bytes);
        }
        Ok(())
    }
}

/// Whether a structure differs from its default, which is when it is written as a tagged field.
pub(crate) fn differs_from_default<T: Structure + PartialEq>(structure: &T) -> bool {
    *structure != T::default()
}
