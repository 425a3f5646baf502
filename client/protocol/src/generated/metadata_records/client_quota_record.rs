// Written by `cargo ci codegen` from schema/metadata-records/client_quota_record.schema.

//! `ClientQuotaRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 14; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientQuotaRecord {
    /// `[EntityData]`
    pub entity: Vec<EntityData>,
    /// `string`
    pub key: String,
    /// `float64`
    pub value: f64,
    /// `bool`
    pub remove: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ClientQuotaRecord {
    const LEN_MIN: usize = 12;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("entity", &self.entity, version, true)?;
        out.string("key", &self.key, true)?;
        out.float64(self.value);
        out.bool(self.remove);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.entity = input.structures("entity", version, true)?;
        self.key = input.string("key", true)?;
        self.value = input.float64("value")?;
        self.remove = input.bool("remove")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ClientQuotaRecord`]; version 0, flexible.
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

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("entity_type", &self.entity_type, true)?;
        out.nullable_string("entity_name", self.entity_name.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.entity_type = input.string("entity_type", true)?;
        self.entity_name = input.nullable_string("entity_name", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ClientQuotaRecord {
    const NAME: &'static str = "ClientQuotaRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
