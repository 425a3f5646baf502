// Written by `cargo ci codegen` from schema/wire/default_principal_data.schema.

//! `DefaultPrincipalData`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A message of its own; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DefaultPrincipalData {
    /// `string`
    pub r#type: String,
    /// `string`
    pub name: String,
    /// `bool`
    pub token_authenticated: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DefaultPrincipalData {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("type", &self.r#type, true)?;
        out.string("name", &self.name, true)?;
        out.bool(self.token_authenticated);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.r#type = input.string("type", true)?;
        self.name = input.string("name", true)?;
        self.token_authenticated = input.bool("token_authenticated")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DefaultPrincipalData {
    const NAME: &'static str = "DefaultPrincipalData";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
