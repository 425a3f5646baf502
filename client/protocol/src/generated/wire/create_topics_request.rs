// Written by `cargo ci codegen` from schema/wire/create_topics_request.schema.

//! `CreateTopicsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 2-7, flexible from 5.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTopicsRequest {
    /// `[CreatableTopic]`
    pub topics: Vec<CreatableTopic>,
    /// `int32 = 60000`
    pub timeout_ms: i32,
    /// `bool`
    pub validate_only: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreateTopicsRequest {
    fn default() -> Self {
        Self {
            topics: Vec::new(),
            timeout_ms: 60000,
            validate_only: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for CreateTopicsRequest {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.structures("topics", &self.topics, version, flexible)?;
        out.int32(self.timeout_ms);
        out.bool(self.validate_only);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.topics = input.structures("topics", version, flexible)?;
        self.timeout_ms = input.int32("timeout_ms")?;
        self.validate_only = input.bool("validate_only")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`CreateTopicsRequest`]; versions 2-7, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatableTopic {
    /// `string`
    pub name: String,
    /// `int32`
    pub num_partitions: i32,
    /// `int16`
    pub replication_factor: i16,
    /// `[CreatableReplicaAssignment]`
    pub assignments: Vec<CreatableReplicaAssignment>,
    /// `[CreatableTopicConfig]`
    pub configs: Vec<CreatableTopicConfig>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CreatableTopic {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.string("name", &self.name, flexible)?;
        out.int32(self.num_partitions);
        out.int16(self.replication_factor);
        out.structures("assignments", &self.assignments, version, flexible)?;
        out.structures("configs", &self.configs, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.name = input.string("name", flexible)?;
        self.num_partitions = input.int32("num_partitions")?;
        self.replication_factor = input.int16("replication_factor")?;
        self.assignments = input.structures("assignments", version, flexible)?;
        self.configs = input.structures("configs", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`CreateTopicsRequest`]; versions 2-7, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatableReplicaAssignment {
    /// `int32`
    pub partition_index: i32,
    /// `[int32]`
    pub broker_ids: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CreatableReplicaAssignment {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.int32(self.partition_index);
        out.array("broker_ids", &self.broker_ids, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.partition_index = input.int32("partition_index")?;
        self.broker_ids = input.array("broker_ids", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`CreateTopicsRequest`]; versions 2-7, flexible from 5.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicConfig {
    /// `string`
    pub name: String,
    /// `string?`
    pub value: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreatableTopicConfig {
    fn default() -> Self {
        Self { name: String::new(), value: Some(String::new()), unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for CreatableTopicConfig {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.string("name", &self.name, flexible)?;
        out.nullable_string("value", self.value.as_deref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.name = input.string("name", flexible)?;
        self.value = input.nullable_string("value", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for CreateTopicsRequest {
    const NAME: &'static str = "CreateTopicsRequest";
    const VERSIONS: RangeInclusive<i16> = 2..=7;
}

impl crate::Request for CreateTopicsRequest {
    const KEY: ApiKey = ApiKey::CreateTopics;
    type Response = crate::CreateTopicsResponse;
}
