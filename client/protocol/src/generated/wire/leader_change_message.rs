// Written by `cargo ci codegen` from schema/wire/leader_change_message.schema.

//! `LeaderChangeMessage`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields, Uuid,
};

/// A message of its own; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaderChangeMessage {
    /// `int16`
    pub version: i16,
    /// `int32`
    pub leader_id: i32,
    /// `[Voter]`
    pub voters: Vec<Voter>,
    /// `[Voter]`
    pub granting_voters: Vec<Voter>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for LeaderChangeMessage {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int16(self.version);
        out.int32(self.leader_id);
        out.structures("voters", &self.voters, version, true)?;
        out.structures("granting_voters", &self.granting_voters, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.version = input.int16("version")?;
        self.leader_id = input.int32("leader_id")?;
        self.voters = input.structures("voters", version, true)?;
        self.granting_voters = input.structures("granting_voters", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`LeaderChangeMessage`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voter {
    /// `int32`
    pub voter_id: i32,
    /// `uuid @1+`
    pub voter_directory_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Voter {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.voter_id);
        if version >= 1 {
            out.uuid(self.voter_directory_id);
        } else if !self.voter_directory_id.is_zero() {
            return Err(EncodeError::new("voter_directory_id", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.voter_id = input.int32("voter_id")?;
        if version >= 1 {
            self.voter_directory_id = input.uuid("voter_directory_id")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for LeaderChangeMessage {
    const NAME: &'static str = "LeaderChangeMessage";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}
