// Written by `cargo ci codegen` from schema/wire/create_partitions_response.schema.

//! `CreatePartitionsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatePartitionsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[CreatePartitionsTopicResult]`
    pub results: Vec<CreatePartitionsTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CreatePartitionsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.throttle_time_ms);
        out.structures("results", &self.results, version, flexible)?;
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
        self.results = input.structures("results", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`CreatePartitionsResponse`]; versions 0-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatePartitionsTopicResult {
    /// `string`
    pub name: String,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CreatePartitionsTopicResult {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("name", &self.name, flexible)?;
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
        self.name = input.string("name", flexible)?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for CreatePartitionsResponse {
    const NAME: &'static str = "CreatePartitionsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=3;
}

impl crate::Response for CreatePartitionsResponse {
    const KEY: ApiKey = ApiKey::CreatePartitions;
}
