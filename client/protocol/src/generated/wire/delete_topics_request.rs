// Written by `cargo ci codegen` from schema/wire/delete_topics_request.schema.

//! `DeleteTopicsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 1-6, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicsRequest {
    /// `[DeleteTopicState] @6+`
    pub topics: Vec<DeleteTopicState>,
    /// `[string] @1-5 ignorable`
    pub topic_names: Vec<String>,
    /// `int32`
    pub timeout_ms: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DeleteTopicsRequest {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        if version >= 6 {
            out.structures("topics", &self.topics, version, flexible)?;
        } else if !self.topics.is_empty() {
            return Err(EncodeError::new("topics", EncodeErrorKind::NotInVersion));
        }
        if version <= 5 {
            out.array("topic_names", &self.topic_names, flexible)?;
        }
        out.int32(self.timeout_ms);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        if version >= 6 {
            self.topics = input.structures("topics", version, flexible)?;
        }
        if version <= 5 {
            self.topic_names = input.array("topic_names", flexible)?;
        }
        self.timeout_ms = input.int32("timeout_ms")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DeleteTopicsRequest`]; version 6, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicState {
    /// `string? = null`
    pub name: Option<String>,
    /// `uuid`
    pub topic_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DeleteTopicState {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.nullable_string("name", self.name.as_deref(), true)?;
        out.uuid(self.topic_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.nullable_string("name", true)?;
        self.topic_id = input.uuid("topic_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DeleteTopicsRequest {
    const NAME: &'static str = "DeleteTopicsRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=6;
}

impl crate::Request for DeleteTopicsRequest {
    const KEY: ApiKey = ApiKey::DeleteTopics;
    type Response = crate::DeleteTopicsResponse;
}
