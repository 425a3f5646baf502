// Written by `cargo ci codegen` from schema/metadata-records/topic_record.schema.

//! `TopicRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// A metadata record, type 2; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicRecord {
    /// `string`
    pub name: String,
    /// `uuid`
    pub topic_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicRecord {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.uuid(self.topic_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.topic_id = input.uuid("topic_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for TopicRecord {
    const NAME: &'static str = "TopicRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
