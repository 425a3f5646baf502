// Written by `cargo ci codegen` from schema/share-records/share_update.schema.

//! `ShareUpdateKey` and `ShareUpdateValue`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter, Uuid,
};

/// Key of a record, type 1; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareUpdateKey {
    /// `string`
    pub group_id: String,
    /// `uuid`
    pub topic_id: Uuid,
    /// `int32`
    pub partition: i32,
}

impl Structure for ShareUpdateKey {
    const LEN_MIN: usize = 22;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        out.uuid(self.topic_id);
        out.int32(self.partition);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        self.topic_id = input.uuid("topic_id")?;
        self.partition = input.int32("partition")?;
        Ok(())
    }
}

impl Message for ShareUpdateKey {
    const NAME: &'static str = "ShareUpdateKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 1; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareUpdateValue {
    /// `int32`
    pub snapshot_epoch: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// `int64`
    pub start_offset: i64,
    /// `int32 = -1 tag(0)`
    pub delivery_complete_count: i32,
    /// `[StateBatch]`
    pub state_batches: Vec<StateBatch>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareUpdateValue {
    fn default() -> Self {
        Self {
            snapshot_epoch: 0,
            leader_epoch: 0,
            start_offset: 0,
            delivery_complete_count: -1,
            state_batches: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ShareUpdateValue {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.snapshot_epoch);
        out.int32(self.leader_epoch);
        out.int64(self.start_offset);
        out.structures("state_batches", &self.state_batches, version, true)?;
        let mut tagged = TaggedWriter::default();
        if self.delivery_complete_count != -1 {
            let out = tagged.field(0);
            out.int32(self.delivery_complete_count);
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.snapshot_epoch = input.int32("snapshot_epoch")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.start_offset = input.int64("start_offset")?;
        self.state_batches = input.structures("state_batches", version, true)?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.delivery_complete_count = input.int32("delivery_complete_count")?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`ShareUpdateValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateBatch {
    /// `int64`
    pub first_offset: i64,
    /// `int64`
    pub last_offset: i64,
    /// `int8`
    pub delivery_state: i8,
    /// `int16`
    pub delivery_count: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StateBatch {
    const LEN_MIN: usize = 20;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.first_offset);
        out.int64(self.last_offset);
        out.int8(self.delivery_state);
        out.int16(self.delivery_count);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.first_offset = input.int64("first_offset")?;
        self.last_offset = input.int64("last_offset")?;
        self.delivery_state = input.int8("delivery_state")?;
        self.delivery_count = input.int16("delivery_count")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareUpdateValue {
    const NAME: &'static str = "ShareUpdateValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
