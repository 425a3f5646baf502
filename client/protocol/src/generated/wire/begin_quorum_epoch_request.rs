// Written by `cargo ci codegen` from schema/wire/begin_quorum_epoch_request.schema.

//! `BeginQuorumEpochRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-1, flexible from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct BeginQuorumEpochRequest {
    /// `string? = null`
    pub cluster_id: Option<String>,
    /// `int32 = -1 @1+ ignorable`
    pub voter_id: i32,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// `[LeaderEndpoint] @1+ ignorable`
    pub leader_endpoints: Vec<LeaderEndpoint>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BeginQuorumEpochRequest {
    fn default() -> Self {
        Self {
            cluster_id: None,
            voter_id: -1,
            topics: Vec::new(),
            leader_endpoints: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for BeginQuorumEpochRequest {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.nullable_string("cluster_id", self.cluster_id.as_deref(), flexible)?;
        if version >= 1 {
            out.int32(self.voter_id);
        }
        out.structures("topics", &self.topics, version, flexible)?;
        if version >= 1 {
            out.structures("leader_endpoints", &self.leader_endpoints, version, flexible)?;
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.cluster_id = input.nullable_string("cluster_id", flexible)?;
        if version >= 1 {
            self.voter_id = input.int32("voter_id")?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if version >= 1 {
            self.leader_endpoints = input.structures("leader_endpoints", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`BeginQuorumEpochRequest`]; versions 0-1, flexible from 1.
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
        let flexible = version >= 1;
        out.string("topic_name", &self.topic_name, flexible)?;
        out.structures("partitions", &self.partitions, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.topic_name = input.string("topic_name", flexible)?;
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`BeginQuorumEpochRequest`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `uuid @1+ ignorable`
    pub voter_directory_id: Uuid,
    /// `int32`
    pub leader_id: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 12;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.int32(self.partition_index);
        if version >= 1 {
            out.uuid(self.voter_directory_id);
        }
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.partition_index = input.int32("partition_index")?;
        if version >= 1 {
            self.voter_directory_id = input.uuid("voter_directory_id")?;
        }
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`BeginQuorumEpochRequest`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaderEndpoint {
    /// `string`
    pub name: String,
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for LeaderEndpoint {
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

impl Message for BeginQuorumEpochRequest {
    const NAME: &'static str = "BeginQuorumEpochRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for BeginQuorumEpochRequest {
    const KEY: ApiKey = ApiKey::BeginQuorumEpoch;
    type Response = crate::BeginQuorumEpochResponse;
}
