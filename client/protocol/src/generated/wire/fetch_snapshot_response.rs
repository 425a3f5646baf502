// Written by `cargo ci codegen` from schema/wire/fetch_snapshot_response.schema.

//! `FetchSnapshotResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Records,
    Structure, TaggedFields, TaggedWriter, tagged_fields::differs_from_default,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchSnapshotResponse {
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `[TopicSnapshot]`
    pub topics: Vec<TopicSnapshot>,
    /// `[NodeEndpoint] @1+ tag(0)`
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FetchSnapshotResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.structures("topics", &self.topics, version, true)?;
        if version < 1 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::new("node_endpoints", EncodeErrorKind::NotInVersion));
        }
        let mut tagged = TaggedWriter::default();
        if version >= 1 && !self.node_endpoints.is_empty() {
            let out = tagged.field(0);
            out.structures("node_endpoints", &self.node_endpoints, version, true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.topics = input.structures("topics", version, true)?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 if version >= 1 => {
                    self.node_endpoints = input.structures("node_endpoints", version, true)?;
                }
                0 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`FetchSnapshotResponse`]; versions 0-1, flexible.
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

/// Part of [`FetchSnapshotResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionSnapshot {
    /// `int32`
    pub index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `SnapshotId`
    pub snapshot_id: SnapshotId,
    /// `LeaderIdAndEpoch tag(0)`
    pub current_leader: LeaderIdAndEpoch,
    /// `int64`
    pub size: i64,
    /// `int64`
    pub position: i64,
    /// `records`
    pub unaligned_records: Option<Records>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionSnapshot {
    const LEN_MIN: usize = 37;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.index);
        out.error_code(self.error_code);
        out.structure("snapshot_id", &self.snapshot_id, version)?;
        out.int64(self.size);
        out.int64(self.position);
        if self.unaligned_records.is_none() {
            return Err(EncodeError::new("unaligned_records", EncodeErrorKind::Null));
        }
        out.nullable_records("unaligned_records", self.unaligned_records.as_ref(), true)?;
        let mut tagged = TaggedWriter::default();
        if differs_from_default(&self.current_leader) {
            let out = tagged.field(0);
            out.structure("current_leader", &self.current_leader, version)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.index = input.int32("index")?;
        self.error_code = input.error_code("error_code")?;
        self.snapshot_id = input.structure("snapshot_id", version)?;
        self.size = input.int64("size")?;
        self.position = input.int64("position")?;
        self.unaligned_records = input.nullable_records("unaligned_records", true)?;
        if self.unaligned_records.is_none() {
            return Err(input.null("unaligned_records"));
        }
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.current_leader = input.structure("current_leader", version)?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`FetchSnapshotResponse`]; versions 0-1, flexible.
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

/// Part of [`FetchSnapshotResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaderIdAndEpoch {
    /// `int32`
    pub leader_id: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for LeaderIdAndEpoch {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`FetchSnapshotResponse`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    /// `int32`
    pub node_id: i32,
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for NodeEndpoint {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.node_id);
        out.string("host", &self.host, true)?;
        out.uint16(self.port);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.node_id = input.int32("node_id")?;
        self.host = input.string("host", true)?;
        self.port = input.uint16("port")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for FetchSnapshotResponse {
    const NAME: &'static str = "FetchSnapshotResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for FetchSnapshotResponse {
    const KEY: ApiKey = ApiKey::FetchSnapshot;
}
