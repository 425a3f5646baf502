// Written by `cargo ci codegen` from schema/wire/add_raft_voter_request.schema.

//! `AddRaftVoterRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AddRaftVoterRequest {
    /// `string?`
    pub cluster_id: Option<String>,
    /// `int32`
    pub timeout_ms: i32,
    /// `int32`
    pub voter_id: i32,
    /// `uuid`
    pub voter_directory_id: Uuid,
    /// `[Listener]`
    pub listeners: Vec<Listener>,
    /// `bool = true @1+`
    pub ack_when_committed: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AddRaftVoterRequest {
    fn default() -> Self {
        Self {
            cluster_id: Some(String::new()),
            timeout_ms: 0,
            voter_id: 0,
            voter_directory_id: Uuid::ZERO,
            listeners: Vec::new(),
            ack_when_committed: true,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AddRaftVoterRequest {
    const LEN_MIN: usize = 27;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_string("cluster_id", self.cluster_id.as_deref(), true)?;
        out.int32(self.timeout_ms);
        out.int32(self.voter_id);
        out.uuid(self.voter_directory_id);
        out.structures("listeners", &self.listeners, version, true)?;
        if version >= 1 {
            out.bool(self.ack_when_committed);
        } else if !self.ack_when_committed {
            return Err(EncodeError::new("ack_when_committed", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.cluster_id = input.nullable_string("cluster_id", true)?;
        self.timeout_ms = input.int32("timeout_ms")?;
        self.voter_id = input.int32("voter_id")?;
        self.voter_directory_id = input.uuid("voter_directory_id")?;
        self.listeners = input.structures("listeners", version, true)?;
        if version >= 1 {
            self.ack_when_committed = input.bool("ack_when_committed")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AddRaftVoterRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    /// `string`
    pub name: String,
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Listener {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.string("host", &self.host, true)?;
        out.uint16(self.port);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.host = input.string("host", true)?;
        self.port = input.uint16("port")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AddRaftVoterRequest {
    const NAME: &'static str = "AddRaftVoterRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for AddRaftVoterRequest {
    const KEY: ApiKey = ApiKey::AddRaftVoter;
    type Response = crate::AddRaftVoterResponse;
}
