// Written by `cargo ci codegen` from schema/wire/fetch_snapshot_request.schema.

//! `FetchSnapshotRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter, Uuid,
};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchSnapshotRequest {
    /// `string? = null tag(0)`
    pub cluster_id: Option<String>,
    /// `int32 = -1`
    pub replica_id: i32,
    /// `int32 = 2147483647`
    pub max_bytes: i32,
    /// `[TopicSnapshot]`
    pub topics: Vec<TopicSnapshot>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FetchSnapshotRequest {
    fn default() -> Self {
        Self {
            cluster_id: None,
            replica_id: -1,
            max_bytes: i32::MAX,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for FetchSnapshotRequest {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.replica_id);
        out.int32(self.max_bytes);
        out.structures("topics", &self.topics, version, true)?;
        let mut tagged = TaggedWriter::default();
        if self.cluster_id.is_some() {
            let out = tagged.field(0);
            out.nullable_string("cluster_id", self.cluster_id.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.replica_id = input.int32("replica_id")?;
        self.max_bytes = input.int32("max_bytes")?;
        self.topics = input.structures("topics", version, true)?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.cluster_id = input.nullable_string("cluster_id", true)?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`FetchSnapshotRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicSnapshot {
    /// `string`
    pub name: String,
    /// `[PartitionSnapshot]`
    pub partitions: Vec<PartitionSnapshot>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicSnapshot {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`FetchSnapshotRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionSnapshot {
    /// `int32`
    pub partition: i32,
    /// `int32`
    pub current_leader_epoch: i32,
    /// `SnapshotId`
    pub snapshot_id: SnapshotId,
    /// `int64`
    pub position: i64,
    /// `uuid @1+ tag(0) ignorable`
    pub replica_directory_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionSnapshot {
    const LEN_MIN: usize = 30;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.int32(self.current_leader_epoch);
        out.structure("snapshot_id", &self.snapshot_id, version)?;
        out.int64(self.position);
        let mut tagged = TaggedWriter::default();
        if version >= 1 && !self.replica_directory_id.is_zero() {
            let out = tagged.field(0);
            out.uuid(self.replica_directory_id);
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.current_leader_epoch = input.int32("current_leader_epoch")?;
        self.snapshot_id = input.structure("snapshot_id", version)?;
        self.position = input.int64("position")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 if version >= 1 => {
                    self.replica_directory_id = input.uuid("replica_directory_id")?;
                }
                0 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`FetchSnapshotRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotId {
    /// `int64`
    pub end_offset: i64,
    /// `int32`
    pub epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for SnapshotId {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.end_offset);
        out.int32(self.epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.end_offset = input.int64("end_offset")?;
        self.epoch = input.int32("epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for FetchSnapshotRequest {
    const NAME: &'static str = "FetchSnapshotRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for FetchSnapshotRequest {
    const KEY: ApiKey = ApiKey::FetchSnapshot;
    type Response = crate::FetchSnapshotResponse;
}
