// Written by `cargo ci codegen` from schema/metadata-records/user_scram_credential_record.schema.

//! `UserScramCredentialRecord`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 11; version 0, flexible.
#[derive(Clone, Default, PartialEq)]
pub struct UserScramCredentialRecord {
    /// `string`
    pub name: String,
    /// `int8`
    pub mechanism: i8,
    /// `bytes secret`
    pub salt: Bytes,
    /// `bytes secret`
    pub stored_key: Bytes,
    /// `bytes secret`
    pub server_key: Bytes,
    /// `int32`
    pub iterations: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

/// Without the secrets.
impl std::fmt::Debug for UserScramCredentialRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserScramCredentialRecord")
            .field("name", &self.name)
            .field("mechanism", &self.mechanism)
            .field("salt", &format_args!("(hidden)"))
            .field("stored_key", &format_args!("(hidden)"))
            .field("server_key", &format_args!("(hidden)"))
            .field("iterations", &self.iterations)
            .field("unknown_tagged_fields", &self.unknown_tagged_fields)
            .finish()
    }
}

impl Structure for UserScramCredentialRecord {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int8(self.mechanism);
        out.bytes("salt", &self.salt, true)?;
        out.bytes("stored_key", &self.stored_key, true)?;
        out.bytes("server_key", &self.server_key, true)?;
        out.int32(self.iterations);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.mechanism = input.int8("mechanism")?;
        self.salt = input.bytes("salt", true)?;
        self.stored_key = input.bytes("stored_key", true)?;
        self.server_key = input.bytes("server_key", true)?;
        self.iterations = input.int32("iterations")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UserScramCredentialRecord {
    const NAME: &'static str = "UserScramCredentialRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
