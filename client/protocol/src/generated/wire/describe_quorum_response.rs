// Written by `cargo ci codegen` from schema/wire/describe_quorum_response.schema.

//! `DescribeQuorumResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, Uuid,
};

/// Body of a response; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeQuorumResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `string? @2+ ignorable`
    pub error_message: Option<String>,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// `[Node] @2+`
    pub nodes: Vec<Node>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeQuorumResponse {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            topics: Vec::new(),
            nodes: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeQuorumResponse {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        if version >= 2 {
            out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        }
        out.structures("topics", &self.topics, version, true)?;
        if version >= 2 {
            out.structures("nodes", &self.nodes, version, true)?;
        } else if !self.nodes.is_empty() {
            return Err(EncodeError::new("nodes", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        if version >= 2 {
            self.error_message = input.nullable_string("error_message", true)?;
        }
        self.topics = input.structures("topics", version, true)?;
        if version >= 2 {
            self.nodes = input.structures("nodes", version, true)?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeQuorumResponse`]; versions 0-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    /// `string`
    pub topic_name: String,
    /// `[PartitionData]`
    pub partitions: Vec<PartitionData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicData {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("topic_name", &self.topic_name, true)?;
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_name = input.string("topic_name", true)?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeQuorumResponse`]; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? @2+ ignorable`
    pub error_message: Option<String>,
    /// `int32`
    pub leader_id: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// `int64`
    pub high_watermark: i64,
    /// `[ReplicaState]`
    pub current_voters: Vec<ReplicaState>,
    /// `[ReplicaState]`
    pub observers: Vec<ReplicaState>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionData {
    fn default() -> Self {
        Self {
            partition_index: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            leader_id: 0,
            leader_epoch: 0,
            high_watermark: 0,
            current_voters: Vec::new(),
            observers: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 25;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        if version >= 2 {
            out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        }
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.int64(self.high_watermark);
        out.structures("current_voters", &self.current_voters, version, true)?;
        out.structures("observers", &self.observers, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        if version >= 2 {
            self.error_message = input.nullable_string("error_message", true)?;
        }
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.high_watermark = input.int64("high_watermark")?;
        self.current_voters = input.structures("current_voters", version, true)?;
        self.observers = input.structures("observers", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeQuorumResponse`]; version 2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// `int32`
    pub node_id: i32,
    /// `[Listener]`
    pub listeners: Vec<Listener>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Node {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.node_id);
        out.structures("listeners", &self.listeners, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.node_id = input.int32("node_id")?;
        self.listeners = input.structures("listeners", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeQuorumResponse`]; version 2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    /// `string`
    pub name: String,
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Listener {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.string("host", &self.host, true)?;
        out.uint16(self.port);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.host = input.string("host", true)?;
        self.port = input.uint16("port")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeQuorumResponse`]; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaState {
    /// `int32`
    pub replica_id: i32,
    /// `uuid @2+`
    pub replica_directory_id: Uuid,
    /// `int64`
    pub log_end_offset: i64,
    /// `int64 = -1 @1+ ignorable`
    pub last_fetch_timestamp: i64,
    /// `int64 = -1 @1+ ignorable`
    pub last_caught_up_timestamp: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ReplicaState {
    fn default() -> Self {
        Self {
            replica_id: 0,
            replica_directory_id: Uuid::ZERO,
            log_end_offset: 0,
            last_fetch_timestamp: -1,
            last_caught_up_timestamp: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ReplicaState {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.replica_id);
        if version >= 2 {
            out.uuid(self.replica_directory_id);
        } else if !self.replica_directory_id.is_zero() {
            return Err(EncodeError::new("replica_directory_id", EncodeErrorKind::NotInVersion));
        }
        out.int64(self.log_end_offset);
        if version >= 1 {
            out.int64(self.last_fetch_timestamp);
            out.int64(self.last_caught_up_timestamp);
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.replica_id = input.int32("replica_id")?;
        if version >= 2 {
            self.replica_directory_id = input.uuid("replica_directory_id")?;
        }
        self.log_end_offset = input.int64("log_end_offset")?;
        if version >= 1 {
            self.last_fetch_timestamp = input.int64("last_fetch_timestamp")?;
            self.last_caught_up_timestamp = input.int64("last_caught_up_timestamp")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeQuorumResponse {
    const NAME: &'static str = "DescribeQuorumResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for DescribeQuorumResponse {
    const KEY: ApiKey = ApiKey::DescribeQuorum;
}
