// Written by `cargo ci codegen` from schema/group-records/consumer_group_current_member_assignment.schema.

//! `ConsumerGroupCurrentMemberAssignmentKey` and `ConsumerGroupCurrentMemberAssignmentValue`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter, Uuid,
};

/// Key of a record, type 8; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupCurrentMemberAssignmentKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
}

impl Structure for ConsumerGroupCurrentMemberAssignmentKey {
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

impl Message for ConsumerGroupCurrentMemberAssignmentKey {
    const NAME: &'static str = "ConsumerGroupCurrentMemberAssignmentKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 8; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupCurrentMemberAssignmentValue {
    /// `int32`
    pub member_epoch: i32,
    /// `int32`
    pub previous_member_epoch: i32,
    /// `int8`
    pub state: i8,
    /// `[TopicPartitions]`
    pub assigned_partitions: Vec<TopicPartitions>,
    /// `[TopicPartitions]`
    pub partitions_pending_revocation: Vec<TopicPartitions>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ConsumerGroupCurrentMemberAssignmentValue {
    const LEN_MIN: usize = 12;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.member_epoch);
        out.int32(self.previous_member_epoch);
        out.int8(self.state);
        out.structures("assigned_partitions", &self.assigned_partitions, version, true)?;
        out.structures("partitions_pending_revocation", &self.partitions_pending_revocation, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.member_epoch = input.int32("member_epoch")?;
        self.previous_member_epoch = input.int32("previous_member_epoch")?;
        self.state = input.int8("state")?;
        self.assigned_partitions = input.structures("assigned_partitions", version, true)?;
        self.partitions_pending_revocation =
            input.structures("partitions_pending_revocation", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupCurrentMemberAssignmentValue`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicPartitions {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// `[int32]? tag(0)`
    pub assignment_epochs: Option<Vec<i32>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TopicPartitions {
    fn default() -> Self {
        Self {
            topic_id: Uuid::ZERO,
            partitions: Vec::new(),
            assignment_epochs: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for TopicPartitions {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
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
        self.topic_id = input.uuid("topic_id")?;
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

impl Message for ConsumerGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "ConsumerGroupCurrentMemberAssignmentValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
