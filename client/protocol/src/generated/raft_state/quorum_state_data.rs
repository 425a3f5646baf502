// Written by `cargo ci codegen` from schema/raft-state/quorum_state_data.schema.

//! `QuorumStateData`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields, Uuid,
};

/// A message of its own; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct QuorumStateData {
    /// `string @0`
    pub cluster_id: String,
    /// `int32 = -1`
    pub leader_id: i32,
    /// `int32 = -1`
    pub leader_epoch: i32,
    /// `int32 = -1`
    pub voted_id: i32,
    /// `uuid @1+`
    pub voted_directory_id: Uuid,
    /// `int64 @0`
    pub applied_offset: i64,
    /// `[Voter]? @0`
    pub current_voters: Option<Vec<Voter>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for QuorumStateData {
    fn default() -> Self {
        Self {
            cluster_id: String::new(),
            leader_id: -1,
            leader_epoch: -1,
            voted_id: -1,
            voted_directory_id: Uuid::ZERO,
            applied_offset: 0,
            current_voters: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for QuorumStateData {
    const LEN_MIN: usize = 23;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        if version <= 0 {
            out.string("cluster_id", &self.cluster_id, true)?;
        } else if !self.cluster_id.is_empty() {
            return Err(EncodeError::new("cluster_id", EncodeErrorKind::NotInVersion));
        }
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.int32(self.voted_id);
        if version >= 1 {
            out.uuid(self.voted_directory_id);
        } else if !self.voted_directory_id.is_zero() {
            return Err(EncodeError::new("voted_directory_id", EncodeErrorKind::NotInVersion));
        }
        if version <= 0 {
            out.int64(self.applied_offset);
        } else if self.applied_offset != 0 {
            return Err(EncodeError::new("applied_offset", EncodeErrorKind::NotInVersion));
        }
        if version <= 0 {
            out.nullable_structures("current_voters", self.current_voters.as_deref(), version, true)?;
        } else if self.current_voters.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::new("current_voters", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        if version <= 0 {
            self.cluster_id = input.string("cluster_id", true)?;
        }
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.voted_id = input.int32("voted_id")?;
        if version >= 1 {
            self.voted_directory_id = input.uuid("voted_directory_id")?;
        }
        if version <= 0 {
            self.applied_offset = input.int64("applied_offset")?;
            self.current_voters = input.nullable_structures("current_voters", version, true)?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`QuorumStateData`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voter {
    /// `int32`
    pub voter_id: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Voter {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.voter_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.voter_id = input.int32("voter_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for QuorumStateData {
    const NAME: &'static str = "QuorumStateData";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}
