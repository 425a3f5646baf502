// Written by `cargo ci codegen` from schema/wire/elect_leaders_request.schema.

//! `ElectLeadersRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-2, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct ElectLeadersRequest {
    /// `int8 @1+`
    pub election_type: i8,
    /// `[TopicPartitions]?`
    pub topic_partitions: Option<Vec<TopicPartitions>>,
    /// `int32 = 60000`
    pub timeout_ms: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ElectLeadersRequest {
    fn default() -> Self {
        Self {
            election_type: 0,
            topic_partitions: Some(Vec::new()),
            timeout_ms: 60000,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ElectLeadersRequest {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        if version >= 1 {
            out.int8(self.election_type);
        } else if self.election_type != 0 {
            return Err(EncodeError::new("election_type", EncodeErrorKind::NotInVersion));
        }
        out.nullable_structures("topic_partitions", self.topic_partitions.as_deref(), version, flexible)?;
        out.int32(self.timeout_ms);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        if version >= 1 {
            self.election_type = input.int8("election_type")?;
        }
        self.topic_partitions = input.nullable_structures("topic_partitions", version, flexible)?;
        self.timeout_ms = input.int32("timeout_ms")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ElectLeadersRequest`]; versions 0-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// `string`
    pub topic: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicPartitions {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("topic", &self.topic, flexible)?;
        out.array("partitions", &self.partitions, flexible)?;
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
        self.partitions = input.array("partitions", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ElectLeadersRequest {
    const NAME: &'static str = "ElectLeadersRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Request for ElectLeadersRequest {
    const KEY: ApiKey = ApiKey::ElectLeaders;
    type Response = crate::ElectLeadersResponse;
}
