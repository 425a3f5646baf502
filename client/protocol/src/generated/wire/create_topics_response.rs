// Written by `cargo ci codegen` from schema/wire/create_topics_response.schema.

//! `CreateTopicsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, TaggedWriter, Uuid,
};

/// Body of a response; versions 2-7, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateTopicsResponse {
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `[CreatableTopicResult]`
    pub topics: Vec<CreatableTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CreateTopicsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.int32(self.throttle_time_ms);
        out.structures("topics", &self.topics, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.topics = input.structures("topics", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`CreateTopicsResponse`]; versions 2-7, flexible from 5.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicResult {
    /// `string`
    pub name: String,
    /// `uuid @7+ ignorable`
    pub topic_id: Uuid,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? ignorable`
    pub error_message: Option<String>,
    /// `error @5+ tag(0) ignorable`
    pub topic_config_error_code: ErrorCode,
    /// `int32 = -1 @5+ ignorable`
    pub num_partitions: i32,
    /// `int16 = -1 @5+ ignorable`
    pub replication_factor: i16,
    /// `[CreatableTopicConfigs]? @5+ ignorable`
    pub configs: Option<Vec<CreatableTopicConfigs>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreatableTopicResult {
    fn default() -> Self {
        Self {
            name: String::new(),
            topic_id: Uuid::ZERO,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            topic_config_error_code: ErrorCode::NONE,
            num_partitions: -1,
            replication_factor: -1,
            configs: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for CreatableTopicResult {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.string("name", &self.name, flexible)?;
        if version >= 7 {
            out.uuid(self.topic_id);
        }
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        if version >= 5 {
            out.int32(self.num_partitions);
            out.int16(self.replication_factor);
            out.nullable_structures("configs", self.configs.as_deref(), version, flexible)?;
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if self.topic_config_error_code.is_error() {
                let out = tagged.field(0);
                out.error_code(self.topic_config_error_code);
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.name = input.string("name", flexible)?;
        if version >= 7 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", flexible)?;
        if version >= 5 {
            self.num_partitions = input.int32("num_partitions")?;
            self.replication_factor = input.int16("replication_factor")?;
            self.configs = input.nullable_structures("configs", version, flexible)?;
        }
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 => {
                        self.topic_config_error_code = input.error_code("topic_config_error_code")?;
                    }
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`CreateTopicsResponse`]; versions 5-7, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicConfigs {
    /// `string`
    pub name: String,
    /// `string?`
    pub value: Option<String>,
    /// `bool`
    pub read_only: bool,
    /// `int8 = -1 ignorable`
    pub config_source: i8,
    /// `bool`
    pub is_sensitive: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreatableTopicConfigs {
    fn default() -> Self {
        Self {
            name: String::new(),
            value: Some(String::new()),
            read_only: false,
            config_source: -1,
            is_sensitive: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for CreatableTopicConfigs {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.nullable_string("value", self.value.as_deref(), true)?;
        out.bool(self.read_only);
        out.int8(self.config_source);
        out.bool(self.is_sensitive);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.value = input.nullable_string("value", true)?;
        self.read_only = input.bool("read_only")?;
        self.config_source = input.int8("config_source")?;
        self.is_sensitive = input.bool("is_sensitive")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for CreateTopicsResponse {
    const NAME: &'static str = "CreateTopicsResponse";
    const VERSIONS: RangeInclusive<i16> = 2..=7;
}

impl crate::Response for CreateTopicsResponse {
    const KEY: ApiKey = ApiKey::CreateTopics;
}
