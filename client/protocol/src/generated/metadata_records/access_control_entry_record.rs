// Written by `cargo ci codegen` from schema/metadata-records/access_control_entry_record.schema.

//! `AccessControlEntryRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// A metadata record, type 18; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessControlEntryRecord {
    /// `uuid`
    pub id: Uuid,
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// `int8`
    pub pattern_type: i8,
    /// `string`
    pub principal: String,
    /// `string`
    pub host: String,
    /// `int8`
    pub operation: i8,
    /// `int8`
    pub permission_type: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AccessControlEntryRecord {
    const LEN_MIN: usize = 24;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.id);
        out.int8(self.resource_type);
        out.string("resource_name", &self.resource_name, true)?;
        out.int8(self.pattern_type);
        out.string("principal", &self.principal, true)?;
        out.string("host", &self.host, true)?;
        out.int8(self.operation);
        out.int8(self.permission_type);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.id = input.uuid("id")?;
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", true)?;
        self.pattern_type = input.int8("pattern_type")?;
        self.principal = input.string("principal", true)?;
        self.host = input.string("host", true)?;
        self.operation = input.int8("operation")?;
        self.permission_type = input.int8("permission_type")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AccessControlEntryRecord {
    const NAME: &'static str = "AccessControlEntryRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
