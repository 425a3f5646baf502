// Written by `cargo ci codegen` from schema/wire/alter_user_scram_credentials_request.schema.

//! `AlterUserScramCredentialsRequest`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterUserScramCredentialsRequest {
    /// `[ScramCredentialDeletion]`
    pub deletions: Vec<ScramCredentialDeletion>,
    /// `[ScramCredentialUpsertion]`
    pub upsertions: Vec<ScramCredentialUpsertion>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterUserScramCredentialsRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("deletions", &self.deletions, version, true)?;
        out.structures("upsertions", &self.upsertions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.deletions = input.structures("deletions", version, true)?;
        self.upsertions = input.structures("upsertions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterUserScramCredentialsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScramCredentialDeletion {
    /// `string`
    pub name: String,
    /// `int8`
    pub mechanism: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ScramCredentialDeletion {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int8(self.mechanism);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.mechanism = input.int8("mechanism")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterUserScramCredentialsRequest`]; version 0, flexible.
#[derive(Clone, Default, PartialEq)]
pub struct ScramCredentialUpsertion {
    /// `string`
    pub name: String,
    /// `int8`
    pub mechanism: i8,
    /// `int32`
    pub iterations: i32,
    /// `bytes secret`
    pub salt: Bytes,
    /// `bytes secret`
    pub salted_password: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

/// Without the secrets.
impl std::fmt::Debug for ScramCredentialUpsertion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScramCredentialUpsertion")
            .field("name", &self.name)
            .field("mechanism", &self.mechanism)
            .field("iterations", &self.iterations)
            .field("salt", &format_args!("(hidden)"))
            .field("salted_password", &format_args!("(hidden)"))
            .field("unknown_tagged_fields", &self.unknown_tagged_fields)
            .finish()
    }
}

impl Structure for ScramCredentialUpsertion {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int8(self.mechanism);
        out.int32(self.iterations);
        out.bytes("salt", &self.salt, true)?;
        out.bytes("salted_password", &self.salted_password, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.mechanism = input.int8("mechanism")?;
        self.iterations = input.int32("iterations")?;
        self.salt = input.bytes("salt", true)?;
        self.salted_password = input.bytes("salted_password", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AlterUserScramCredentialsRequest {
    const NAME: &'static str = "AlterUserScramCredentialsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for AlterUserScramCredentialsRequest {
    const KEY: ApiKey = ApiKey::AlterUserScramCredentials;
    type Response = crate::AlterUserScramCredentialsResponse;
}
