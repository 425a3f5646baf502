// Written by `cargo ci codegen` from schema/wire/update_raft_voter_response.schema.

//! `UpdateRaftVoterResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
    TaggedWriter, tagged_fields::differs_from_default,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdateRaftVoterResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `CurrentLeader tag(0)`
    pub current_leader: CurrentLeader,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for UpdateRaftVoterResponse {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        let mut tagged = TaggedWriter::default();
        if differs_from_default(&self.current_leader) {
            let out = tagged.field(0);
            out.structure("current_leader", &self.current_leader, version)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.current_leader = input.structure("current_leader", version)?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`UpdateRaftVoterResponse`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentLeader {
    /// `int32 = -1`
    pub leader_id: i32,
    /// `int32 = -1`
    pub leader_epoch: i32,
    /// `string`
    pub host: String,
    /// `int32`
    pub port: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CurrentLeader {
    fn default() -> Self {
        Self {
            leader_id: -1,
            leader_epoch: -1,
            host: String::new(),
            port: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for CurrentLeader {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.string("host", &self.host, true)?;
        out.int32(self.port);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.host = input.string("host", true)?;
        self.port = input.int32("port")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UpdateRaftVoterResponse {
    const NAME: &'static str = "UpdateRaftVoterResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for UpdateRaftVoterResponse {
    const KEY: ApiKey = ApiKey::UpdateRaftVoter;
}
