// Written by `cargo ci codegen` from schema/wire/update_raft_voter_request.schema.

//! `UpdateRaftVoterRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateRaftVoterRequest {
    /// `string?`
    pub cluster_id: Option<String>,
    /// `int32`
    pub current_leader_epoch: i32,
    /// `int32`
    pub voter_id: i32,
    /// `uuid`
    pub voter_directory_id: Uuid,
    /// `[Listener]`
    pub listeners: Vec<Listener>,
    /// `KRaftVersionFeature`
    pub kraft_version_feature: KRaftVersionFeature,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for UpdateRaftVoterRequest {
    fn default() -> Self {
        Self {
            cluster_id: Some(String::new()),
            current_leader_epoch: 0,
            voter_id: 0,
            voter_directory_id: Uuid::ZERO,
            listeners: Vec::new(),
            kraft_version_feature: KRaftVersionFeature::default(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for UpdateRaftVoterRequest {
    const LEN_MIN: usize = 32;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_string("cluster_id", self.cluster_id.as_deref(), true)?;
        out.int32(self.current_leader_epoch);
        out.int32(self.voter_id);
        out.uuid(self.voter_directory_id);
        out.structures("listeners", &self.listeners, version, true)?;
        out.structure("kraft_version_feature", &self.kraft_version_feature, version)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.cluster_id = input.nullable_string("cluster_id", true)?;
        self.current_leader_epoch = input.int32("current_leader_epoch")?;
        self.voter_id = input.int32("voter_id")?;
        self.voter_directory_id = input.uuid("voter_directory_id")?;
        self.listeners = input.structures("listeners", version, true)?;
        self.kraft_version_feature = input.structure("kraft_version_feature", version)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`UpdateRaftVoterRequest`]; version 0, flexible.
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

/// Part of [`UpdateRaftVoterRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KRaftVersionFeature {
    /// `int16`
    pub min_supported_version: i16,
    /// `int16`
    pub max_supported_version: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for KRaftVersionFeature {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int16(self.min_supported_version);
        out.int16(self.max_supported_version);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.min_supported_version = input.int16("min_supported_version")?;
        self.max_supported_version = input.int16("max_supported_version")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UpdateRaftVoterRequest {
    const NAME: &'static str = "UpdateRaftVoterRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for UpdateRaftVoterRequest {
    const KEY: ApiKey = ApiKey::UpdateRaftVoter;
    type Response = crate::UpdateRaftVoterResponse;
}
