// Written by `cargo ci codegen` from schema/wire/describe_user_scram_credentials_response.schema.

//! `DescribeUserScramCredentialsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeUserScramCredentialsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `[DescribeUserScramCredentialsResult]`
    pub results: Vec<DescribeUserScramCredentialsResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeUserScramCredentialsResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            results: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeUserScramCredentialsResponse {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.structures("results", &self.results, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.results = input.structures("results", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeUserScramCredentialsResponse`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeUserScramCredentialsResult {
    /// `string`
    pub user: String,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `[CredentialInfo]`
    pub credential_infos: Vec<CredentialInfo>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeUserScramCredentialsResult {
    fn default() -> Self {
        Self {
            user: String::new(),
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            credential_infos: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeUserScramCredentialsResult {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("user", &self.user, true)?;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.structures("credential_infos", &self.credential_infos, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.user = input.string("user", true)?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.credential_infos = input.structures("credential_infos", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeUserScramCredentialsResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CredentialInfo {
    /// `int8`
    pub mechanism: i8,
    /// `int32`
    pub iterations: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CredentialInfo {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int8(self.mechanism);
        out.int32(self.iterations);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.mechanism = input.int8("mechanism")?;
        self.iterations = input.int32("iterations")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeUserScramCredentialsResponse {
    const NAME: &'static str = "DescribeUserScramCredentialsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for DescribeUserScramCredentialsResponse {
    const KEY: ApiKey = ApiKey::DescribeUserScramCredentials;
}
