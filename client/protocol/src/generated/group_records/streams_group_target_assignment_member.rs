// Written by `cargo ci codegen` from schema/group-records/streams_group_target_assignment_member.schema.

//! `StreamsGroupTargetAssignmentMemberKey` and `StreamsGroupTargetAssignmentMemberValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Key of a record, type 21; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTargetAssignmentMemberKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
}

impl Structure for StreamsGroupTargetAssignmentMemberKey {
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

impl Message for StreamsGroupTargetAssignmentMemberKey {
    const NAME: &'static str = "StreamsGroupTargetAssignmentMemberKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 21; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTargetAssignmentMemberValue {
    /// `[TaskIds]`
    pub active_tasks: Vec<TaskIds>,
    /// `[TaskIds]`
    pub standby_tasks: Vec<TaskIds>,
    /// `[TaskIds]`
    pub warmup_tasks: Vec<TaskIds>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupTargetAssignmentMemberValue {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("active_tasks", &self.active_tasks, version, true)?;
        out.structures("standby_tasks", &self.standby_tasks, version, true)?;
        out.structures("warmup_tasks", &self.warmup_tasks, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.active_tasks = input.structures("active_tasks", version, true)?;
        self.standby_tasks = input.structures("standby_tasks", version, true)?;
        self.warmup_tasks = input.structures("warmup_tasks", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupTargetAssignmentMemberValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskIds {
    /// `string`
    pub subtopology_id: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TaskIds {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("subtopology_id", &self.subtopology_id, true)?;
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.subtopology_id = input.string("subtopology_id", true)?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for StreamsGroupTargetAssignmentMemberValue {
    const NAME: &'static str = "StreamsGroupTargetAssignmentMemberValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
