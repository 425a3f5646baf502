// Written by `cargo ci codegen` from schema/metadata-records/partition_change_record.schema.

//! `PartitionChangeRecord`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter, Uuid,
};

/// A metadata record, type 5; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionChangeRecord {
    /// `int32 = -1`
    pub partition_id: i32,
    /// `uuid`
    pub topic_id: Uuid,
    /// `[int32]? = null tag(0)`
    pub isr: Option<Vec<i32>>,
    /// `int32 = -2 tag(1)`
    pub leader: i32,
    /// `[int32]? = null tag(2)`
    pub replicas: Option<Vec<i32>>,
    /// `[int32]? = null tag(3)`
    pub removing_replicas: Option<Vec<i32>>,
    /// `[int32]? = null tag(4)`
    pub adding_replicas: Option<Vec<i32>>,
    /// `int8 = -1 tag(5)`
    pub leader_recovery_state: i8,
    /// `[uuid]? = null @1+ tag(8)`
    pub directories: Option<Vec<Uuid>>,
    /// `[int32]? = null @2+ tag(6)`
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// `[int32]? = null @2+ tag(7)`
    pub last_known_elr: Option<Vec<i32>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionChangeRecord {
    fn default() -> Self {
        Self {
            partition_id: -1,
            topic_id: Uuid::ZERO,
            isr: None,
            leader: -2,
            replicas: None,
            removing_replicas: None,
            adding_replicas: None,
            leader_recovery_state: -1,
            directories: None,
            eligible_leader_replicas: None,
            last_known_elr: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionChangeRecord {
    const LEN_MIN: usize = 21;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_id);
        out.uuid(self.topic_id);
        if version < 1 && self.directories.is_some() {
            return Err(EncodeError::new("directories", EncodeErrorKind::NotInVersion));
        }
        if version < 2 && self.eligible_leader_replicas.is_some() {
            return Err(EncodeError::new("eligible_leader_replicas", EncodeErrorKind::NotInVersion));
        }
        if version < 2 && self.last_known_elr.is_some() {
            return Err(EncodeError::new("last_known_elr", EncodeErrorKind::NotInVersion));
        }
        let mut tagged = TaggedWriter::default();
        if self.isr.is_some() {
            let out = tagged.field(0);
            out.nullable_array("isr", self.isr.as_deref(), true)?;
        }
        if self.leader != -2 {
            let out = tagged.field(1);
            out.int32(self.leader);
        }
        if self.replicas.is_some() {
            let out = tagged.field(2);
            out.nullable_array("replicas", self.replicas.as_deref(), true)?;
        }
        if self.removing_replicas.is_some() {
            let out = tagged.field(3);
            out.nullable_array("removing_replicas", self.removing_replicas.as_deref(), true)?;
        }
        if self.adding_replicas.is_some() {
            let out = tagged.field(4);
            out.nullable_array("adding_replicas", self.adding_replicas.as_deref(), true)?;
        }
        if self.leader_recovery_state != -1 {
            let out = tagged.field(5);
            out.int8(self.leader_recovery_state);
        }
        if version >= 2 && self.eligible_leader_replicas.is_some() {
            let out = tagged.field(6);
            out.nullable_array("eligible_leader_replicas", self.eligible_leader_replicas.as_deref(), true)?;
        }
        if version >= 2 && self.last_known_elr.is_some() {
            let out = tagged.field(7);
            out.nullable_array("last_known_elr", self.last_known_elr.as_deref(), true)?;
        }
        if version >= 1 && self.directories.is_some() {
            let out = tagged.field(8);
            out.nullable_array("directories", self.directories.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_id = input.int32("partition_id")?;
        self.topic_id = input.uuid("topic_id")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.isr = input.nullable_array("isr", true)?;
                }
                1 => {
                    self.leader = input.int32("leader")?;
                }
                2 => {
                    self.replicas = input.nullable_array("replicas", true)?;
                }
                3 => {
                    self.removing_replicas = input.nullable_array("removing_replicas", true)?;
                }
                4 => {
                    self.adding_replicas = input.nullable_array("adding_replicas", true)?;
                }
                5 => {
                    self.leader_recovery_state = input.int8("leader_recovery_state")?;
                }
                6 if version >= 2 => {
                    self.eligible_leader_replicas = input.nullable_array("eligible_leader_replicas", true)?;
                }
                7 if version >= 2 => {
                    self.last_known_elr = input.nullable_array("last_known_elr", true)?;
                }
                8 if version >= 1 => {
                    self.directories = input.nullable_array("directories", true)?;
                }
                6..=8 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for PartitionChangeRecord {
    const NAME: &'static str = "PartitionChangeRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}
