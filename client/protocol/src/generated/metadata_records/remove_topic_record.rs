// Written by `cargo ci codegen` from schema/metadata-records/remove_topic_record.schema.

//! `RemoveTopicRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// A metadata record, type 9; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveTopicRecord {
    /// `uuid`
    pub topic_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for RemoveTopicRecord {
    const LEN_MIN: usize = 17;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for RemoveTopicRecord {
    const NAME: &'static str = "RemoveTopicRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
