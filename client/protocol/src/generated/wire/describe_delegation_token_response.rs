// Written by `cargo ci codegen` from schema/wire/describe_delegation_token_response.schema.

//! `DescribeDelegationTokenResponse`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 1-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeDelegationTokenResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `[DescribedDelegationToken]`
    pub tokens: Vec<DescribedDelegationToken>,
    /// `int32`
    pub throttle_time_ms: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeDelegationTokenResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.error_code(self.error_code);
        out.structures("tokens", &self.tokens, version, flexible)?;
        out.int32(self.throttle_time_ms);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.error_code = input.error_code("error_code")?;
        self.tokens = input.structures("tokens", version, flexible)?;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeDelegationTokenResponse`]; versions 1-3, flexible from 2.
#[derive(Clone, Default, PartialEq)]
pub struct DescribedDelegationToken {
    /// `string`
    pub principal_type: String,
    /// `string`
    pub principal_name: String,
    /// `string @3+`
    pub token_requester_principal_type: String,
    /// `string @3+`
    pub token_requester_principal_name: String,
    /// `int64`
    pub issue_timestamp: i64,
    /// `int64`
    pub expiry_timestamp: i64,
    /// `int64`
    pub max_timestamp: i64,
    /// `string`
    pub token_id: String,
    /// `bytes secret`
    pub hmac: Bytes,
    /// `[DescribedDelegationTokenRenewer]`
    pub renewers: Vec<DescribedDelegationTokenRenewer>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

/// Without the secrets.
impl std::fmt::Debug for DescribedDelegationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DescribedDelegationToken")
            .field("principal_type", &self.principal_type)
            .field("principal_name", &self.principal_name)
            .field("token_requester_principal_type", &self.token_requester_principal_type)
            .field("token_requester_principal_name", &self.token_requester_principal_name)
            .field("issue_timestamp", &self.issue_timestamp)
            .field("expiry_timestamp", &self.expiry_timestamp)
            .field("max_timestamp", &self.max_timestamp)
            .field("token_id", &self.token_id)
            .field("hmac", &format_args!("(hidden)"))
            .field("renewers", &self.renewers)
            .field("unknown_tagged_fields", &self.unknown_tagged_fields)
            .finish()
    }
}

impl Structure for DescribedDelegationToken {
    const LEN_MIN: usize = 30;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("principal_type", &self.principal_type, flexible)?;
        out.string("principal_name", &self.principal_name, flexible)?;
        if version >= 3 {
            out.string("token_requester_principal_type", &self.token_requester_principal_type, flexible)?;
        } else if !self.token_requester_principal_type.is_empty() {
            return Err(EncodeError::new("token_requester_principal_type", EncodeErrorKind::NotInVersion));
        }
        if version >= 3 {
            out.string("token_requester_principal_name", &self.token_requester_principal_name, flexible)?;
        } else if !self.token_requester_principal_name.is_empty() {
            return Err(EncodeError::new("token_requester_principal_name", EncodeErrorKind::NotInVersion));
        }
        out.int64(self.issue_timestamp);
        out.int64(self.expiry_timestamp);
        out.int64(self.max_timestamp);
        out.string("token_id", &self.token_id, flexible)?;
        out.bytes("hmac", &self.hmac, flexible)?;
        out.structures("renewers", &self.renewers, version, flexible)?;
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
        if version >= 3 {
            self.token_requester_principal_type = input.string("token_requester_principal_type", flexible)?;
            self.token_requester_principal_name = input.string("token_requester_principal_name", flexible)?;
        }
        self.issue_timestamp = input.int64("issue_timestamp")?;
        self.expiry_timestamp = input.int64("expiry_timestamp")?;
        self.max_timestamp = input.int64("max_timestamp")?;
        self.token_id = input.string("token_id", flexible)?;
        self.hmac = input.bytes("hmac", flexible)?;
        self.renewers = input.structures("renewers", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeDelegationTokenResponse`]; versions 1-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedDelegationTokenRenewer {
    /// `string`
    pub principal_type: String,
    /// `string`
    pub principal_name: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribedDelegationTokenRenewer {
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

impl Message for DescribeDelegationTokenResponse {
    const NAME: &'static str = "DescribeDelegationTokenResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=3;
}

impl crate::Response for DescribeDelegationTokenResponse {
    const KEY: ApiKey = ApiKey::DescribeDelegationToken;
}
