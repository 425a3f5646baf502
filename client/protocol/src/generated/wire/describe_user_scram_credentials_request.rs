// Written by `cargo ci codegen` from schema/wire/describe_user_scram_credentials_request.schema.

//! `DescribeUserScramCredentialsRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeUserScramCredentialsRequest {
    /// `[UserName]?`
    pub users: Option<Vec<UserName>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeUserScramCredentialsRequest {
    fn default() -> Self {
        Self { users: Some(Vec::new()), unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for DescribeUserScramCredentialsRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_structures("users", self.users.as_deref(), version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.users = input.nullable_structures("users", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeUserScramCredentialsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserName {
    /// `string`
    pub name: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for UserName {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeUserScramCredentialsRequest {
    const NAME: &'static str = "DescribeUserScramCredentialsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for DescribeUserScramCredentialsRequest {
    const KEY: ApiKey = ApiKey::DescribeUserScramCredentials;
    type Response = crate::DescribeUserScramCredentialsResponse;
}
