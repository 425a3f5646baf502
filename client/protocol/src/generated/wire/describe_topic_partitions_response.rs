// Written by `cargo ci codegen` from schema/wire/describe_topic_partitions_response.schema.

//! `DescribeTopicPartitionsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeTopicPartitionsResponse {
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `[DescribeTopicPartitionsResponseTopic]`
    pub topics: Vec<DescribeTopicPartitionsResponseTopic>,
    /// `Cursor? = null`
    pub next_cursor: Option<Cursor>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeTopicPartitionsResponse {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.structures("topics", &self.topics, version, true)?;
        out.nullable_structure("next_cursor", self.next_cursor.as_ref(), version)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.topics = input.structures("topics", version, true)?;
        self.next_cursor = input.nullable_structure("next_cursor", version)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeTopicPartitionsResponse`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeTopicPartitionsResponseTopic {
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub name: Option<String>,
    /// `uuid ignorable`
    pub topic_id: Uuid,
    /// `bool ignorable`
    pub is_internal: bool,
    /// `[DescribeTopicPartitionsResponsePartition]`
    pub partitions: Vec<DescribeTopicPartitionsResponsePartition>,
    /// `int32 = -2147483648`
    pub topic_authorized_operations: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeTopicPartitionsResponseTopic {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            name: Some(String::new()),
            topic_id: Uuid::ZERO,
            is_internal: false,
            partitions: Vec::new(),
            topic_authorized_operations: i32::MIN,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeTopicPartitionsResponseTopic {
    const LEN_MIN: usize = 26;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        out.nullable_string("name", self.name.as_deref(), true)?;
        out.uuid(self.topic_id);
        out.bool(self.is_internal);
        out.structures("partitions", &self.partitions, version, true)?;
        out.int32(self.topic_authorized_operations);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        self.name = input.nullable_string("name", true)?;
        self.topic_id = input.uuid("topic_id")?;
        self.is_internal = input.bool("is_internal")?;
        self.partitions = input.structures("partitions", version, true)?;
        self.topic_authorized_operations = input.int32("topic_authorized_operations")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeTopicPartitionsResponse`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeTopicPartitionsResponsePartition {
    /// `error`
    pub error_code: ErrorCode,
    /// `int32`
    pub partition_index: i32,
    /// `int32`
    pub leader_id: i32,
    /// `int32 = -1 ignorable`
    pub leader_epoch: i32,
    /// `[int32]`
    pub replica_nodes: Vec<i32>,
    /// `[int32]`
    pub isr_nodes: Vec<i32>,
    /// `[int32]? = null`
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// `[int32]? = null`
    pub last_known_elr: Option<Vec<i32>>,
    /// `[int32] ignorable`
    pub offline_replicas: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeTopicPartitionsResponsePartition {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            partition_index: 0,
            leader_id: 0,
            leader_epoch: -1,
            replica_nodes: Vec::new(),
            isr_nodes: Vec::new(),
            eligible_leader_replicas: None,
            last_known_elr: None,
            offline_replicas: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeTopicPartitionsResponsePartition {
    const LEN_MIN: usize = 20;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        out.int32(self.partition_index);
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.array("replica_nodes", &self.replica_nodes, true)?;
        out.array("isr_nodes", &self.isr_nodes, true)?;
        out.nullable_array("eligible_leader_replicas", self.eligible_leader_replicas.as_deref(), true)?;
        out.nullable_array("last_known_elr", self.last_known_elr.as_deref(), true)?;
        out.array("offline_replicas", &self.offline_replicas, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        self.partition_index = input.int32("partition_index")?;
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.replica_nodes = input.array("replica_nodes", true)?;
        self.isr_nodes = input.array("isr_nodes", true)?;
        self.eligible_leader_replicas = input.nullable_array("eligible_leader_replicas", true)?;
        self.last_known_elr = input.nullable_array("last_known_elr", true)?;
        self.offline_replicas = input.array("offline_replicas", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeTopicPartitionsResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor {
    /// `string`
    pub topic_name: String,
    /// `int32`
    pub partition_index: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Cursor {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("topic_name", &self.topic_name, true)?;
        out.int32(self.partition_index);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_name = input.string("topic_name", true)?;
        self.partition_index = input.int32("partition_index")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeTopicPartitionsResponse {
    const NAME: &'static str = "DescribeTopicPartitionsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for DescribeTopicPartitionsResponse {
    const KEY: ApiKey = ApiKey::DescribeTopicPartitions;
}
