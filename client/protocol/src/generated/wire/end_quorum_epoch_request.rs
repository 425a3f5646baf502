// Written by `cargo ci codegen` from schema/wire/end_quorum_epoch_request.schema.

//! `EndQuorumEpochRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndQuorumEpochRequest {
    /// `string? = null`
    pub cluster_id: Option<String>,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// `[LeaderEndpoint] @1+ ignorable`
    pub leader_endpoints: Vec<LeaderEndpoint>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for EndQuorumEpochRequest {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.nullable_string("cluster_id", self.cluster_id.as_deref(), flexible)?;
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

/// Part of [`EndQuorumEpochRequest`]; versions 0-1, flexible from 1.
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

/// Part of [`EndQuorumEpochRequest`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `int32`
    pub leader_id: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// `[int32] @0 ignorable`
    pub preferred_successors: Vec<i32>,
    /// `[ReplicaInfo] @1+ ignorable`
    pub preferred_candidates: Vec<ReplicaInfo>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.int32(self.partition_index);
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        if version <= 0 {
            out.array("preferred_successors", &self.preferred_successors, flexible)?;
        }
        if version >= 1 {
            out.structures("preferred_candidates", &self.preferred_candidates, version, flexible)?;
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
        self.partition_index = input.int32("partition_index")?;
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        if version <= 0 {
            self.preferred_successors = input.array("preferred_successors", flexible)?;
        }
        if version >= 1 {
            self.preferred_candidates = input.structures("preferred_candidates", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`EndQuorumEpochRequest`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplicaInfo {
    /// `int32`
    pub candidate_id: i32,
    /// `uuid`
    pub candidate_directory_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ReplicaInfo {
    const LEN_MIN: usize = 21;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.candidate_id);
        out.uuid(self.candidate_directory_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.candidate_id = input.int32("candidate_id")?;
        self.candidate_directory_id = input.uuid("candidate_directory_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`EndQuorumEpochRequest`]; version 1, flexible.
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

impl Message for EndQuorumEpochRequest {
    const NAME: &'static str = "EndQuorumEpochRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for EndQuorumEpochRequest {
    const KEY: ApiKey = ApiKey::EndQuorumEpoch;
    type Response = crate::EndQuorumEpochResponse;
}
