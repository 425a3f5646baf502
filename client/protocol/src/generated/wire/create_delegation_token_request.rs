// Written by `cargo ci codegen` from schema/wire/create_delegation_token_request.schema.

//! `CreateDelegationTokenRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 1-3, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateDelegationTokenRequest {
    /// `string? @3+`
    pub owner_principal_type: Option<String>,
    /// `string? @3+`
    pub owner_principal_name: Option<String>,
    /// `[CreatableRenewers]`
    pub renewers: Vec<CreatableRenewers>,
    /// `int64`
    pub max_lifetime_ms: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreateDelegationTokenRequest {
    fn default() -> Self {
        Self {
            owner_principal_type: Some(String::new()),
            owner_principal_name: Some(String::new()),
            renewers: Vec::new(),
            max_lifetime_ms: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for CreateDelegationTokenRequest {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        if version >= 3 {
            out.nullable_string("owner_principal_type", self.owner_principal_type.as_deref(), flexible)?;
        } else if self.owner_principal_type.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::new("owner_principal_type", EncodeErrorKind::NotInVersion));
        }
        if version >= 3 {
            out.nullable_string("owner_principal_name", self.owner_principal_name.as_deref(), flexible)?;
        } else if self.owner_principal_name.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::new("owner_principal_name", EncodeErrorKind::NotInVersion));
        }
        out.structures("renewers", &self.renewers, version, flexible)?;
        out.int64(self.max_lifetime_ms);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        if version >= 3 {
            self.owner_principal_type = input.nullable_string("owner_principal_type", flexible)?;
            self.owner_principal_name = input.nullable_string("owner_principal_name", flexible)?;
        }
        self.renewers = input.structures("renewers", version, flexible)?;
        self.max_lifetime_ms = input.int64("max_lifetime_ms")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`CreateDelegationTokenRequest`]; versions 1-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatableRenewers {
    /// `string`
    pub principal_type: String,
    /// `string`
    pub principal_name: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CreatableRenewers {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("principal_type", &self.principal_type, flexible)?;
        out.string("principal_name", &self.principal_name, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.principal_type = input.string("principal_type", flexible)?;
        self.principal_name = input.string("principal_name", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for CreateDelegationTokenRequest {
    const NAME: &'static str = "CreateDelegationTokenRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=3;
}

impl crate::Request for CreateDelegationTokenRequest {
    const KEY: ApiKey = ApiKey::CreateDelegationToken;
    type Response = crate::CreateDelegationTokenResponse;
}
