// Written by `cargo ci codegen` from schema/wire/alter_client_quotas_request.schema.

//! `AlterClientQuotasRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterClientQuotasRequest {
    /// `[EntryData]`
    pub entries: Vec<EntryData>,
    /// `bool`
    pub validate_only: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterClientQuotasRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.structures("entries", &self.entries, version, flexible)?;
        out.bool(self.validate_only);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.entries = input.structures("entries", version, flexible)?;
        self.validate_only = input.bool("validate_only")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AlterClientQuotasRequest`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryData {
    /// `[EntityData]`
    pub entity: Vec<EntityData>,
    /// `[OpData]`
    pub ops: Vec<OpData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for EntryData {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.structures("entity", &self.entity, version, flexible)?;
        out.structures("ops", &self.ops, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.entity = input.structures("entity", version, flexible)?;
        self.ops = input.structures("ops", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AlterClientQuotasRequest`]; versions 0-1, flexible from 1.
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

/// Part of [`AlterClientQuotasRequest`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpData {
    /// `string`
    pub key: String,
    /// `float64`
    pub value: f64,
    /// `bool`
    pub remove: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OpData {
    const LEN_MIN: usize = 11;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.string("key", &self.key, flexible)?;
        out.float64(self.value);
        out.bool(self.remove);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.key = input.string("key", flexible)?;
        self.value = input.float64("value")?;
        self.remove = input.bool("remove")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for AlterClientQuotasRequest {
    const NAME: &'static str = "AlterClientQuotasRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for AlterClientQuotasRequest {
    const KEY: ApiKey = ApiKey::AlterClientQuotas;
    type Response = crate::AlterClientQuotasResponse;
}
