// Written by `cargo ci codegen` from schema/wire/heartbeat_request.schema.

//! `HeartbeatRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-4, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeartbeatRequest {
    /// `string`
    pub group_id: String,
    /// `int32`
    pub generation_id: i32,
    /// `string`
    pub member_id: String,
    /// `string? = null @3+`
    pub group_instance_id: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for HeartbeatRequest {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("group_id", &self.group_id, flexible)?;
        out.int32(self.generation_id);
        out.string("member_id", &self.member_id, flexible)?;
        if version >= 3 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::new("group_instance_id", EncodeErrorKind::NotInVersion));
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
        self.group_id = input.string("group_id", flexible)?;
        self.generation_id = input.int32("generation_id")?;
        self.member_id = input.string("member_id", flexible)?;
        if version >= 3 {
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for HeartbeatRequest {
    const NAME: &'static str = "HeartbeatRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=4;
}

impl crate::Request for HeartbeatRequest {
    const KEY: ApiKey = ApiKey::Heartbeat;
    type Response = crate::HeartbeatResponse;
}
