// Written by `cargo ci codegen` from schema/wire/share_acknowledge_request.schema.

//! `ShareAcknowledgeRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 1-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareAcknowledgeRequest {
    /// `string? = null`
    pub group_id: Option<String>,
    /// `string?`
    pub member_id: Option<String>,
    /// `int32`
    pub share_session_epoch: i32,
    /// `bool @2+`
    pub is_renew_ack: bool,
    /// `[AcknowledgeTopic]`
    pub topics: Vec<AcknowledgeTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareAcknowledgeRequest {
    fn default() -> Self {
        Self {
            group_id: None,
            member_id: Some(String::new()),
            share_session_epoch: 0,
            is_renew_ack: false,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ShareAcknowledgeRequest {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_string("group_id", self.group_id.as_deref(), true)?;
        out.nullable_string("member_id", self.member_id.as_deref(), true)?;
        out.int32(self.share_session_epoch);
        if version >= 2 {
            out.bool(self.is_renew_ack);
        } else if self.is_renew_ack {
            return Err(EncodeError::new("is_renew_ack", EncodeErrorKind::NotInVersion));
        }
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.nullable_string("group_id", true)?;
        self.member_id = input.nullable_string("member_id", true)?;
        self.share_session_epoch = input.int32("share_session_epoch")?;
        if version >= 2 {
            self.is_renew_ack = input.bool("is_renew_ack")?;
        }
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareAcknowledgeRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcknowledgeTopic {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[AcknowledgePartition]`
    pub partitions: Vec<AcknowledgePartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AcknowledgeTopic {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareAcknowledgeRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcknowledgePartition {
    /// `int32`
    pub partition_index: i32,
    /// `[AcknowledgementBatch]`
    pub acknowledgement_batches: Vec<AcknowledgementBatch>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AcknowledgePartition {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.structures("acknowledgement_batches", &self.acknowledgement_batches, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.acknowledgement_batches = input.structures("acknowledgement_batches", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareAcknowledgeRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcknowledgementBatch {
    /// `int64`
    pub first_offset: i64,
    /// `int64`
    pub last_offset: i64,
    /// `[int8]`
    pub acknowledge_types: Vec<i8>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AcknowledgementBatch {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.first_offset);
        out.int64(self.last_offset);
        out.array("acknowledge_types", &self.acknowledge_types, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.first_offset = input.int64("first_offset")?;
        self.last_offset = input.int64("last_offset")?;
        self.acknowledge_types = input.array("acknowledge_types", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareAcknowledgeRequest {
    const NAME: &'static str = "ShareAcknowledgeRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Request for ShareAcknowledgeRequest {
    const KEY: ApiKey = ApiKey::ShareAcknowledge;
    type Response = crate::ShareAcknowledgeResponse;
}
