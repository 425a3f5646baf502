// Written by `cargo ci codegen` from schema/group-records/share_group_current_member_assignment.schema.

//! `ShareGroupCurrentMemberAssignmentKey` and `ShareGroupCurrentMemberAssignmentValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Key of a record, type 14; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupCurrentMemberAssignmentKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
}

impl Structure for ShareGroupCurrentMemberAssignmentKey {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        out.string("member_id", &self.member_id, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        self.member_id = input.string("member_id", false)?;
        Ok(())
    }
}

impl Message for ShareGroupCurrentMemberAssignmentKey {
    const NAME: &'static str = "ShareGroupCurrentMemberAssignmentKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 14; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupCurrentMemberAssignmentValue {
    /// `int32`
    pub member_epoch: i32,
    /// `int32`
    pub previous_member_epoch: i32,
    /// `int8`
    pub state: i8,
    /// `[TopicPartitions]`
    pub assigned_partitions: Vec<TopicPartitions>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ShareGroupCurrentMemberAssignmentValue {
    const LEN_MIN: usize = 11;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.member_epoch);
        out.int32(self.previous_member_epoch);
        out.int8(self.state);
        out.structures("assigned_partitions", &self.assigned_partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.member_epoch = input.int32("member_epoch")?;
        self.previous_member_epoch = input.int32("previous_member_epoch")?;
        self.state = input.int8("state")?;
        self.assigned_partitions = input.structures("assigned_partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareGroupCurrentMemberAssignmentValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicPartitions {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "ShareGroupCurrentMemberAssignmentValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
