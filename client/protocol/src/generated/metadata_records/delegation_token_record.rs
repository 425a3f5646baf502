// Written by `cargo ci codegen` from schema/metadata-records/delegation_token_record.schema.

//! `DelegationTokenRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 10; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DelegationTokenRecord {
    /// `string`
    pub owner: String,
    /// `string`
    pub requester: String,
    /// `[string]`
    pub renewers: Vec<String>,
    /// `int64`
    pub issue_timestamp: i64,
    /// `int64`
    pub max_timestamp: i64,
    /// `int64`
    pub expiration_timestamp: i64,
    /// `string`
    pub token_id: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DelegationTokenRecord {
    const LEN_MIN: usize = 29;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("owner", &self.owner, true)?;
        out.string("requester", &self.requester, true)?;
        out.array("renewers", &self.renewers, true)?;
        out.int64(self.issue_timestamp);
        out.int64(self.max_timestamp);
        out.int64(self.expiration_timestamp);
        out.string("token_id", &self.token_id, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.owner = input.string("owner", true)?;
        self.requester = input.string("requester", true)?;
        self.renewers = input.array("renewers", true)?;
        self.issue_timestamp = input.int64("issue_timestamp")?;
        self.max_timestamp = input.int64("max_timestamp")?;
        self.expiration_timestamp = input.int64("expiration_timestamp")?;
        self.token_id = input.string("token_id", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DelegationTokenRecord {
    const NAME: &'static str = "DelegationTokenRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
