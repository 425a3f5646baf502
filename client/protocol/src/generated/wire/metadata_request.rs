// Written by `cargo ci codegen` from schema/wire/metadata_request.schema.

//! `MetadataRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataRequest {
    /// `[MetadataRequestTopic]?1+`
    pub topics: Option<Vec<MetadataRequestTopic>>,
    /// `bool = true @4+`
    pub allow_auto_topic_creation: bool,
    /// `bool @8-10`
    pub include_cluster_authorized_operations: bool,
    /// `bool @8+`
    pub include_topic_authorized_operations: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataRequest {
    fn default() -> Self {
        Self {
            topics: Some(Vec::new()),
            allow_auto_topic_creation: true,
            include_cluster_authorized_operations: false,
            include_topic_authorized_operations: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for MetadataRequest {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        if version < 1 && self.topics.is_none() {
            return Err(EncodeError::new("topics", EncodeErrorKind::Null));
        }
        out.nullable_structures("topics", self.topics.as_deref(), version, flexible)?;
        if version >= 4 {
            out.bool(self.allow_auto_topic_creation);
        } else if !self.allow_auto_topic_creation {
            return Err(EncodeError::new("allow_auto_topic_creation", EncodeErrorKind::NotInVersion));
        }
        if (8..=10).contains(&version) {
            out.bool(self.include_cluster_authorized_operations);
        } else if self.include_cluster_authorized_operations {
            return Err(EncodeError::new(
                "include_cluster_authorized_operations",
                EncodeErrorKind::NotInVersion,
            ));
        }
        if version >= 8 {
            out.bool(self.include_topic_authorized_operations);
        } else if self.include_topic_authorized_operations {
            return Err(EncodeError::new(
                "include_topic_authorized_operations",
                EncodeErrorKind::NotInVersion,
            ));
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
        self.topics = input.nullable_structures("topics", version, flexible)?;
        if version < 1 && self.topics.is_none() {
            return Err(input.null("topics"));
        }
        if version >= 4 {
            self.allow_auto_topic_creation = input.bool("allow_auto_topic_creation")?;
        }
        if (8..=10).contains(&version) {
            self.include_cluster_authorized_operations =
                input.bool("include_cluster_authorized_operations")?;
        }
        if version >= 8 {
            self.include_topic_authorized_operations = input.bool("include_topic_authorized_operations")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`MetadataRequest`]; versions 0-13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataRequestTopic {
    /// `uuid @10+ ignorable`
    pub topic_id: Uuid,
    /// `string?10+`
    pub name: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataRequestTopic {
    fn default() -> Self {
        Self { topic_id: Uuid::ZERO, name: Some(String::new()), unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for MetadataRequestTopic {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        if version >= 10 {
            out.uuid(self.topic_id);
        }
        if version < 10 && self.name.is_none() {
            return Err(EncodeError::new("name", EncodeErrorKind::Null));
        }
        out.nullable_string("name", self.name.as_deref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        if version >= 10 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.name = input.nullable_string("name", flexible)?;
        if version < 10 && self.name.is_none() {
            return Err(input.null("name"));
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for MetadataRequest {
    const NAME: &'static str = "MetadataRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=13;
}

impl crate::Request for MetadataRequest {
    const KEY: ApiKey = ApiKey::Metadata;
    type Response = crate::MetadataResponse;
}
