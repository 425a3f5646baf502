// Written by `cargo ci codegen` from schema/wire/metadata_response.schema.

//! `MetadataResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, Uuid,
};

/// Body of a response; versions 0-13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponse {
    /// `int32 @3+ ignorable`
    pub throttle_time_ms: i32,
    /// `[MetadataResponseBroker]`
    pub brokers: Vec<MetadataResponseBroker>,
    /// `string? = null @2+ ignorable`
    pub cluster_id: Option<String>,
    /// `int32 = -1 @1+ ignorable`
    pub controller_id: i32,
    /// `[MetadataResponseTopic]`
    pub topics: Vec<MetadataResponseTopic>,
    /// `int32 = -2147483648 @8-10`
    pub cluster_authorized_operations: i32,
    /// `error @13+ ignorable`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            brokers: Vec::new(),
            cluster_id: None,
            controller_id: -1,
            topics: Vec::new(),
            cluster_authorized_operations: i32::MIN,
            error_code: ErrorCode::NONE,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for MetadataResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        if version >= 3 {
            out.int32(self.throttle_time_ms);
        }
        out.structures("brokers", &self.brokers, version, flexible)?;
        if version >= 2 {
            out.nullable_string("cluster_id", self.cluster_id.as_deref(), flexible)?;
        }
        if version >= 1 {
            out.int32(self.controller_id);
        }
        out.structures("topics", &self.topics, version, flexible)?;
        if (8..=10).contains(&version) {
            out.int32(self.cluster_authorized_operations);
        } else if self.cluster_authorized_operations != i32::MIN {
            return Err(EncodeError::new("cluster_authorized_operations", EncodeErrorKind::NotInVersion));
        }
        if version >= 13 {
            out.error_code(self.error_code);
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        if version >= 3 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        self.brokers = input.structures("brokers", version, flexible)?;
        if version >= 2 {
            self.cluster_id = input.nullable_string("cluster_id", flexible)?;
        }
        if version >= 1 {
            self.controller_id = input.int32("controller_id")?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if (8..=10).contains(&version) {
            self.cluster_authorized_operations = input.int32("cluster_authorized_operations")?;
        }
        if version >= 13 {
            self.error_code = input.error_code("error_code")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`MetadataResponse`]; versions 0-13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataResponseBroker {
    /// `int32`
    pub node_id: i32,
    /// `string`
    pub host: String,
    /// `int32`
    pub port: i32,
    /// `string? = null @1+ ignorable`
    pub rack: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for MetadataResponseBroker {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.int32(self.node_id);
        out.string("host", &self.host, flexible)?;
        out.int32(self.port);
        if version >= 1 {
            out.nullable_string("rack", self.rack.as_deref(), flexible)?;
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.node_id = input.int32("node_id")?;
        self.host = input.string("host", flexible)?;
        self.port = input.int32("port")?;
        if version >= 1 {
            self.rack = input.nullable_string("rack", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`MetadataResponse`]; versions 0-13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponseTopic {
    /// `error`
    pub error_code: ErrorCode,
    /// `string?12+`
    pub name: Option<String>,
    /// `uuid @10+ ignorable`
    pub topic_id: Uuid,
    /// `bool @1+ ignorable`
    pub is_internal: bool,
    /// `[MetadataResponsePartition]`
    pub partitions: Vec<MetadataResponsePartition>,
    /// `int32 = -2147483648 @8+`
    pub topic_authorized_operations: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataResponseTopic {
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

impl Structure for MetadataResponseTopic {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.error_code(self.error_code);
        if version < 12 && self.name.is_none() {
            return Err(EncodeError::new("name", EncodeErrorKind::Null));
        }
        out.nullable_string("name", self.name.as_deref(), flexible)?;
        if version >= 10 {
            out.uuid(self.topic_id);
        }
        if version >= 1 {
            out.bool(self.is_internal);
        }
        out.structures("partitions", &self.partitions, version, flexible)?;
        if version >= 8 {
            out.int32(self.topic_authorized_operations);
        } else if self.topic_authorized_operations != i32::MIN {
            return Err(EncodeError::new("topic_authorized_operations", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.error_code = input.error_code("error_code")?;
        self.name = input.nullable_string("name", flexible)?;
        if version < 12 && self.name.is_none() {
            return Err(input.null("name"));
        }
        if version >= 10 {
            self.topic_id = input.uuid("topic_id")?;
        }
        if version >= 1 {
            self.is_internal = input.bool("is_internal")?;
        }
        self.partitions = input.structures("partitions", version, flexible)?;
        if version >= 8 {
            self.topic_authorized_operations = input.int32("topic_authorized_operations")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`MetadataResponse`]; versions 0-13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponsePartition {
    /// `error`
    pub error_code: ErrorCode,
    /// `int32`
    pub partition_index: i32,
    /// `int32`
    pub leader_id: i32,
    /// `int32 = -1 @7+ ignorable`
    pub leader_epoch: i32,
    /// `[int32]`
    pub replica_nodes: Vec<i32>,
    /// `[int32]`
    pub isr_nodes: Vec<i32>,
    /// `[int32] @5+ ignorable`
    pub offline_replicas: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataResponsePartition {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            partition_index: 0,
            leader_id: 0,
            leader_epoch: -1,
            replica_nodes: Vec::new(),
            isr_nodes: Vec::new(),
            offline_replicas: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for MetadataResponsePartition {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.error_code(self.error_code);
        out.int32(self.partition_index);
        out.int32(self.leader_id);
        if version >= 7 {
            out.int32(self.leader_epoch);
        }
        out.array("replica_nodes", &self.replica_nodes, flexible)?;
        out.array("isr_nodes", &self.isr_nodes, flexible)?;
        if version >= 5 {
            out.array("offline_replicas", &self.offline_replicas, flexible)?;
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.error_code = input.error_code("error_code")?;
        self.partition_index = input.int32("partition_index")?;
        self.leader_id = input.int32("leader_id")?;
        if version >= 7 {
            self.leader_epoch = input.int32("leader_epoch")?;
        }
        self.replica_nodes = input.array("replica_nodes", flexible)?;
        self.isr_nodes = input.array("isr_nodes", flexible)?;
        if version >= 5 {
            self.offline_replicas = input.array("offline_replicas", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for MetadataResponse {
    const NAME: &'static str = "MetadataResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=13;
}

impl crate::Response for MetadataResponse {
    const KEY: ApiKey = ApiKey::Metadata;
}
