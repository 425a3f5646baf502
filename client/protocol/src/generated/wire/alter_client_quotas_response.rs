// Written by `cargo ci codegen` from schema/wire/alter_client_quotas_response.schema.

//! `AlterClientQuotasResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterClientQuotasResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[EntryData]`
    pub entries: Vec<EntryData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterClientQuotasResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.int32(self.throttle_time_ms);
        out.structures("entries", &self.entries, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.entries = input.structures("entries", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AlterClientQuotasResponse`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryData {
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `[EntityData]`
    pub entity: Vec<EntityData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EntryData {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            entity: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for EntryData {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        out.structures("entity", &self.entity, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", flexible)?;
        self.entity = input.structures("entity", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AlterClientQuotasResponse`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityData {
    /// `string`
    pub entity_type: String,
    /// `string?`
    pub entity_name: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EntityData {
    fn default() -> Self {
        Self {
            entity_type: String::new(),
            entity_name: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for EntityData {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.string("entity_type", &self.entity_type, flexible)?;
        out.nullable_string("entity_name", self.entity_name.as_deref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.entity_type = input.string("entity_type", flexible)?;
        self.entity_name = input.nullable_string("entity_name", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for AlterClientQuotasResponse {
    const NAME: &'static str = "AlterClientQuotasResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for AlterClientQuotasResponse {
    const KEY: ApiKey = ApiKey::AlterClientQuotas;
}
