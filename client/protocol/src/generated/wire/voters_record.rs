// Written by `cargo ci codegen` from schema/wire/voters_record.schema.

//! `VotersRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// A message of its own; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VotersRecord {
    /// `int16`
    pub version: i16,
    /// `[Voter]`
    pub voters: Vec<Voter>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for VotersRecord {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int16(self.version);
        out.structures("voters", &self.voters, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.version = input.int16("version")?;
        self.voters = input.structures("voters", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`VotersRecord`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Voter {
    /// `int32`
    pub voter_id: i32,
    /// `uuid`
    pub voter_directory_id: Uuid,
    /// `[Endpoint]`
    pub endpoints: Vec<Endpoint>,
    /// `KRaftVersionFeature`
    pub kraft_version_feature: KRaftVersionFeature,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Voter {
    const LEN_MIN: usize = 27;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.voter_id);
        out.uuid(self.voter_directory_id);
        out.structures("endpoints", &self.endpoints, version, true)?;
        out.structure("kraft_version_feature", &self.kraft_version_feature, version)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.voter_id = input.int32("voter_id")?;
        self.voter_directory_id = input.uuid("voter_directory_id")?;
        self.endpoints = input.structures("endpoints", version, true)?;
        self.kraft_version_feature = input.structure("kraft_version_feature", version)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`VotersRecord`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// `string`
    pub name: String,
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Endpoint {
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

/// Part of [`VotersRecord`]; version 0, flexible.
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

impl Message for VotersRecord {
    const NAME: &'static str = "VotersRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
