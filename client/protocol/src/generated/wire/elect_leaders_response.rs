// Written by `cargo ci codegen` from schema/wire/elect_leaders_response.schema.

//! `ElectLeadersResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ElectLeadersResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error @1+`
    pub error_code: ErrorCode,
    /// `[ReplicaElectionResult]`
    pub replica_election_results: Vec<ReplicaElectionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ElectLeadersResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.throttle_time_ms);
        if version >= 1 {
            out.error_code(self.error_code);
        } else if self.error_code.is_error() {
            return Err(EncodeError::new("error_code", EncodeErrorKind::NotInVersion));
        }
        out.structures("replica_election_results", &self.replica_election_results, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        if version >= 1 {
            self.error_code = input.error_code("error_code")?;
        }
        self.replica_election_results = input.structures("replica_election_results", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ElectLeadersResponse`]; versions 0-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplicaElectionResult {
    /// `string`
    pub topic: String,
    /// `[PartitionResult]`
    pub partition_result: Vec<PartitionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ReplicaElectionResult {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("topic", &self.topic, flexible)?;
        out.structures("partition_result", &self.partition_result, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.topic = input.string("topic", flexible)?;
        self.partition_result = input.structures("partition_result", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ElectLeadersResponse`]; versions 0-2, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionResult {
    /// `int32`
    pub partition_id: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionResult {
    fn default() -> Self {
        Self {
            partition_id: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionResult {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.partition_id);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.partition_id = input.int32("partition_id")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ElectLeadersResponse {
    const NAME: &'static str = "ElectLeadersResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for ElectLeadersResponse {
    const KEY: ApiKey = ApiKey::ElectLeaders;
}
