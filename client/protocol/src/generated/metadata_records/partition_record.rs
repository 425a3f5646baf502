// Written by `cargo ci codegen` from schema/metadata-records/partition_record.schema.

//! `PartitionRecord`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter, Uuid,
};

/// A metadata record, type 3; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionRecord {
    /// `int32 = -1`
    pub partition_id: i32,
    /// `uuid`
    pub topic_id: Uuid,
    /// `[int32]`
    pub replicas: Vec<i32>,
    /// `[int32]`
    pub isr: Vec<i32>,
    /// `[int32]`
    pub removing_replicas: Vec<i32>,
    /// `[int32]`
    pub adding_replicas: Vec<i32>,
    /// `int32 = -1`
    pub leader: i32,
    /// `int8 tag(0)`
    pub leader_recovery_state: i8,
    /// `int32 = -1`
    pub leader_epoch: i32,
    /// `int32 = -1`
    pub partition_epoch: i32,
    /// `[uuid] @1+`
    pub directories: Vec<Uuid>,
    /// `[int32]? = null @2+ tag(1)`
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// `[int32]? = null @2+ tag(2)`
    pub last_known_elr: Option<Vec<i32>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionRecord {
    fn default() -> Self {
        Self {
            partition_id: -1,
            topic_id: Uuid::ZERO,
            replicas: Vec::new(),
            isr: Vec::new(),
            removing_replicas: Vec::new(),
            adding_replicas: Vec::new(),
            leader: -1,
            leader_recovery_state: 0,
            leader_epoch: -1,
            partition_epoch: -1,
            directories: Vec::new(),
            eligible_leader_replicas: None,
            last_known_elr: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionRecord {
    const LEN_MIN: usize = 37;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_id);
        out.uuid(self.topic_id);
        out.array("replicas", &self.replicas, true)?;
        out.array("isr", &self.isr, true)?;
        out.array("removing_replicas", &self.removing_replicas, true)?;
        out.array("adding_replicas", &self.adding_replicas, true)?;
        out.int32(self.leader);
        out.int32(self.leader_epoch);
        out.int32(self.partition_epoch);
        if version >= 1 {
            out.array("directories", &self.directories, true)?;
        } else if !self.directories.is_empty() {
            return Err(EncodeError::new("directories", EncodeErrorKind::NotInVersion));
        }
        if version < 2 && self.eligible_leader_replicas.is_some() {
            return Err(EncodeError::new("eligible_leader_replicas", EncodeErrorKind::NotInVersion));
        }
        if version < 2 && self.last_known_elr.is_some() {
            return Err(EncodeError::new("last_known_elr", EncodeErrorKind::NotInVersion));
        }
        let mut tagged = TaggedWriter::default();
        if self.leader_recovery_state != 0 {
            let out = tagged.field(0);
            out.int8(self.leader_recovery_state);
        }
        if version >= 2 && self.eligible_leader_replicas.is_some() {
            let out = tagged.field(1);
            out.nullable_array("eligible_leader_replicas", self.eligible_leader_replicas.as_deref(), true)?;
        }
        if version >= 2 && self.last_known_elr.is_some() {
            let out = tagged.field(2);
            out.nullable_array("last_known_elr", self.last_known_elr.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_id = input.int32("partition_id")?;
        self.topic_id = input.uuid("topic_id")?;
        self.replicas = input.array("replicas", true)?;
        self.isr = input.array("isr", true)?;
        self.removing_replicas = input.array("removing_replicas", true)?;
        self.adding_replicas = input.array("adding_replicas", true)?;
        self.leader = input.int32("leader")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.partition_epoch = input.int32("partition_epoch")?;
        if version >= 1 {
            self.directories = input.array("directories", true)?;
        }
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.leader_recovery_state = input.int8("leader_recovery_state")?;
                }
                1 if version >= 2 => {
                    self.eligible_leader_replicas = input.nullable_array("eligible_leader_replicas", true)?;
                }
                2 if version >= 2 => {
                    self.last_known_elr = input.nullable_array("last_known_elr", true)?;
                }
                1..=2 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for PartitionRecord {
    const NAME: &'static str = "PartitionRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}
