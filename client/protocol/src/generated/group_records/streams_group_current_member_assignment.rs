// Written by `cargo ci codegen` from schema/group-records/streams_group_current_member_assignment.schema.

//! `StreamsGroupCurrentMemberAssignmentKey` and `StreamsGroupCurrentMemberAssignmentValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter};

/// Key of a record, type 22; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupCurrentMemberAssignmentKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
}

impl Structure for StreamsGroupCurrentMemberAssignmentKey {
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

impl Message for StreamsGroupCurrentMemberAssignmentKey {
    const NAME: &'static str = "StreamsGroupCurrentMemberAssignmentKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 22; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupCurrentMemberAssignmentValue {
    /// `int32`
    pub member_epoch: i32,
    /// `int32`
    pub previous_member_epoch: i32,
    /// `int8`
    pub state: i8,
    /// `[TaskIds]`
    pub active_tasks: Vec<TaskIds>,
    /// `[TaskIds]`
    pub standby_tasks: Vec<TaskIds>,
    /// `[TaskIds]`
    pub warmup_tasks: Vec<TaskIds>,
    /// `[TaskIds]`
    pub active_tasks_pending_revocation: Vec<TaskIds>,
    /// `[TaskIds]`
    pub standby_tasks_pending_revocation: Vec<TaskIds>,
    /// `[TaskIds]`
    pub warmup_tasks_pending_revocation: Vec<TaskIds>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupCurrentMemberAssignmentValue {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.member_epoch);
        out.int32(self.previous_member_epoch);
        out.int8(self.state);
        out.structures("active_tasks", &self.active_tasks, version, true)?;
        out.structures("standby_tasks", &self.standby_tasks, version, true)?;
        out.structures("warmup_tasks", &self.warmup_tasks, version, true)?;
        out.structures(
            "active_tasks_pending_revocation",
            &self.active_tasks_pending_revocation,
            version,
            true,
        )?;
        out.structures(
            "standby_tasks_pending_revocation",
            &self.standby_tasks_pending_revocation,
            version,
            true,
        )?;
        out.structures(
            "warmup_tasks_pending_revocation",
            &self.warmup_tasks_pending_revocation,
            version,
            true,
        )?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.member_epoch = input.int32("member_epoch")?;
        self.previous_member_epoch = input.int32("previous_member_epoch")?;
        self.state = input.int8("state")?;
        self.active_tasks = input.structures("active_tasks", version, true)?;
        self.standby_tasks = input.structures("standby_tasks", version, true)?;
        self.warmup_tasks = input.structures("warmup_tasks", version, true)?;
        self.active_tasks_pending_revocation =
            input.structures("active_tasks_pending_revocation", version, true)?;
        self.standby_tasks_pending_revocation =
            input.structures("standby_tasks_pending_revocation", version, true)?;
        self.warmup_tasks_pending_revocation =
            input.structures("warmup_tasks_pending_revocation", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupCurrentMemberAssignmentValue`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskIds {
    /// `string`
    pub subtopology_id: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// `[int32]? tag(0)`
    pub assignment_epochs: Option<Vec<i32>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TaskIds {
    fn default() -> Self {
        Self {
            subtopology_id: String::new(),
            partitions: Vec::new(),
            assignment_epochs: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for TaskIds {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("subtopology_id", &self.subtopology_id, true)?;
        out.array("partitions", &self.partitions, true)?;
        let mut tagged = TaggedWriter::default();
        if self.assignment_epochs.as_ref().is_none_or(|value| !value.is_empty()) {
            let out = tagged.field(0);
            out.nullable_array("assignment_epochs", self.assignment_epochs.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.subtopology_id = input.string("subtopology_id", true)?;
        self.partitions = input.array("partitions", true)?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.assignment_epochs = input.nullable_array("assignment_epochs", true)?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for StreamsGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "StreamsGroupCurrentMemberAssignmentValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
