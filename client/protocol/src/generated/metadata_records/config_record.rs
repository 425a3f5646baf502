// Written by `cargo ci codegen` from schema/metadata-records/config_record.schema.

//! `ConfigRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 4; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigRecord {
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// `string`
    pub name: String,
    /// `string?`
    pub value: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConfigRecord {
    fn default() -> Self {
        Self {
            resource_type: 0,
            resource_name: String::new(),
            name: String::new(),
            value: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ConfigRecord {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int8(self.resource_type);
        out.string("resource_name", &self.resource_name, true)?;
        out.string("name", &self.name, true)?;
        out.nullable_string("value", self.value.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", true)?;
        self.name = input.string("name", true)?;
        self.value = input.nullable_string("value", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ConfigRecord {
    const NAME: &'static str = "ConfigRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
