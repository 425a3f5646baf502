// Written by `cargo ci codegen` from schema/wire/remove_raft_voter_request.schema.

//! `RemoveRaftVoterRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoveRaftVoterRequest {
    /// `string?`
    pub cluster_id: Option<String>,
    /// `int32`
    pub voter_id: i32,
    /// `uuid`
    pub voter_directory_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for RemoveRaftVoterRequest {
    fn default() -> Self {
        Self {
            cluster_id: Some(String::new()),
            voter_id: 0,
            voter_directory_id: Uuid::ZERO,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for RemoveRaftVoterRequest {
    const LEN_MIN: usize = 22;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.nullable_string("cluster_id", self.cluster_id.as_deref(), true)?;
        out.int32(self.voter_id);
        out.uuid(self.voter_directory_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.cluster_id = input.nullable_string("cluster_id", true)?;
        self.voter_id = input.int32("voter_id")?;
        self.voter_directory_id = input.uuid("voter_directory_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for RemoveRaftVoterRequest {
    const NAME: &'static str = "RemoveRaftVoterRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for RemoveRaftVoterRequest {
    const KEY: ApiKey = ApiKey::RemoveRaftVoter;
    type Response = crate::RemoveRaftVoterResponse;
}
