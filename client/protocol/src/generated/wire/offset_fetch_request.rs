// Written by `cargo ci codegen` from schema/wire/offset_fetch_request.schema.

//! `OffsetFetchRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 1-10, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchRequest {
    /// `string @1-7`
    pub group_id: String,
    /// `[OffsetFetchRequestTopic]?2+ @1-7`
    pub topics: Option<Vec<OffsetFetchRequestTopic>>,
    /// `[OffsetFetchRequestGroup] @8+`
    pub groups: Vec<OffsetFetchRequestGroup>,
    /// `bool @7+`
    pub require_stable: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            topics: Some(Vec::new()),
            groups: Vec::new(),
            require_stable: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for OffsetFetchRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        if version <= 7 {
            out.string("group_id", &self.group_id, flexible)?;
        } else if !self.group_id.is_empty() {
            return Err(EncodeError::new("group_id", EncodeErrorKind::NotInVersion));
        }
        if version <= 7 {
            if version < 2 && self.topics.is_none() {
                return Err(EncodeError::new("topics", EncodeErrorKind::Null));
            }
            out.nullable_structures("topics", self.topics.as_deref(), version, flexible)?;
        } else if self.topics.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::new("topics", EncodeErrorKind::NotInVersion));
        }
        if version >= 8 {
            out.structures("groups", &self.groups, version, flexible)?;
        } else if !self.groups.is_empty() {
            return Err(EncodeError::new("groups", EncodeErrorKind::NotInVersion));
        }
        if version >= 7 {
            out.bool(self.require_stable);
        } else if self.require_stable {
            return Err(EncodeError::new("require_stable", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 6;
        if version <= 7 {
            self.group_id = input.string("group_id", flexible)?;
            self.topics = input.nullable_structures("topics", version, flexible)?;
            if version < 2 && self.topics.is_none() {
                return Err(input.null("topics"));
            }
        }
        if version >= 8 {
            self.groups = input.structures("groups", version, flexible)?;
        }
        if version >= 7 {
            self.require_stable = input.bool("require_stable")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetFetchRequest`]; versions 1-7, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchRequestTopic {
    /// `string`
    pub name: String,
    /// `[int32]`
    pub partition_indexes: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetFetchRequestTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.string("name", &self.name, flexible)?;
        out.array("partition_indexes", &self.partition_indexes, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 6;
        self.name = input.string("name", flexible)?;
        self.partition_indexes = input.array("partition_indexes", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetFetchRequest`]; versions 8-10, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchRequestGroup {
    /// `string`
    pub group_id: String,
    /// `string? = null @9+ ignorable`
    pub member_id: Option<String>,
    /// `int32 = -1 @9+ ignorable`
    pub member_epoch: i32,
    /// `[OffsetFetchRequestTopics]?`
    pub topics: Option<Vec<OffsetFetchRequestTopics>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchRequestGroup {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            member_id: None,
            member_epoch: -1,
            topics: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for OffsetFetchRequestGroup {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        if version >= 9 {
            out.nullable_string("member_id", self.member_id.as_deref(), true)?;
            out.int32(self.member_epoch);
        }
        out.nullable_structures("topics", self.topics.as_deref(), version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        if version >= 9 {
            self.member_id = input.nullable_string("member_id", true)?;
            self.member_epoch = input.int32("member_epoch")?;
        }
        self.topics = input.nullable_structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`OffsetFetchRequest`]; versions 8-10, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchRequestTopics {
    /// `string @8-9 ignorable`
    pub name: String,
    /// `uuid @10+ ignorable`
    pub topic_id: Uuid,
    /// `[int32]`
    pub partition_indexes: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetFetchRequestTopics {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        if version <= 9 {
            out.string("name", &self.name, true)?;
        }
        if version >= 10 {
            out.uuid(self.topic_id);
        }
        out.array("partition_indexes", &self.partition_indexes, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        if version <= 9 {
            self.name = input.string("name", true)?;
        }
        if version >= 10 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.partition_indexes = input.array("partition_indexes", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for OffsetFetchRequest {
    const NAME: &'static str = "OffsetFetchRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=10;
}

impl crate::Request for OffsetFetchRequest {
    const KEY: ApiKey = ApiKey::OffsetFetch;
    type Response = crate::OffsetFetchResponse;
}
