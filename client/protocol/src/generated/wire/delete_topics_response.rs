// Written by `cargo ci codegen` from schema/wire/delete_topics_response.schema.

//! `DeleteTopicsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, Uuid,
};

/// Body of a response; versions 1-6, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicsResponse {
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `[DeletableTopicResult]`
    pub responses: Vec<DeletableTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DeleteTopicsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.int32(self.throttle_time_ms);
        out.structures("responses", &self.responses, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.responses = input.structures("responses", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DeleteTopicsResponse`]; versions 1-6, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct DeletableTopicResult {
    /// `string?6+`
    pub name: Option<String>,
    /// `uuid @6+ ignorable`
    pub topic_id: Uuid,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null @5+ ignorable`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DeletableTopicResult {
    fn default() -> Self {
        Self {
            name: Some(String::new()),
            topic_id: Uuid::ZERO,
            error_code: ErrorCode::NONE,
            error_message: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DeletableTopicResult {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        if version < 6 && self.name.is_none() {
            return Err(EncodeError::new("name", EncodeErrorKind::Null));
        }
        out.nullable_string("name", self.name.as_deref(), flexible)?;
        if version >= 6 {
            out.uuid(self.topic_id);
        }
        out.error_code(self.error_code);
        if version >= 5 {
            out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.name = input.nullable_string("name", flexible)?;
        if version < 6 && self.name.is_none() {
            return Err(input.null("name"));
        }
        if version >= 6 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.error_code = input.error_code("error_code")?;
        if version >= 5 {
            self.error_message = input.nullable_string("error_message", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DeleteTopicsResponse {
    const NAME: &'static str = "DeleteTopicsResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=6;
}

impl crate::Response for DeleteTopicsResponse {
    const KEY: ApiKey = ApiKey::DeleteTopics;
}
