// Written by `cargo ci codegen` from schema/wire/alter_user_scram_credentials_response.schema.

//! `AlterUserScramCredentialsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterUserScramCredentialsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[AlterUserScramCredentialsResult]`
    pub results: Vec<AlterUserScramCredentialsResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterUserScramCredentialsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.structures("results", &self.results, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.results = input.structures("results", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterUserScramCredentialsResponse`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterUserScramCredentialsResult {
    /// `string`
    pub user: String,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterUserScramCredentialsResult {
    fn default() -> Self {
        Self {
            user: String::new(),
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AlterUserScramCredentialsResult {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("user", &self.user, true)?;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.user = input.string("user", true)?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AlterUserScramCredentialsResponse {
    const NAME: &'static str = "AlterUserScramCredentialsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for AlterUserScramCredentialsResponse {
    const KEY: ApiKey = ApiKey::AlterUserScramCredentials;
}
