// Written by `cargo ci codegen` from schema/wire/share_fetch_request.schema.

//! `ShareFetchRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 1-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareFetchRequest {
    /// `string? = null`
    pub group_id: Option<String>,
    /// `string?`
    pub member_id: Option<String>,
    /// `int32`
    pub share_session_epoch: i32,
    /// `int32`
    pub max_wait_ms: i32,
    /// `int32`
    pub min_bytes: i32,
    /// `int32 = 2147483647`
    pub max_bytes: i32,
    /// `int32`
    pub max_records: i32,
    /// `int32`
    pub batch_size: i32,
    /// `int8 @2+ ignorable`
    pub share_acquire_mode: i8,
    /// `bool @2+`
    pub is_renew_ack: bool,
    /// `[FetchTopic]`
    pub topics: Vec<FetchTopic>,
    /// `[ForgottenTopic]`
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareFetchRequest {
    fn default() -> Self {
        Self {
            group_id: None,
            member_id: Some(String::new()),
            share_session_epoch: 0,
            max_wait_ms: 0,
            min_bytes: 0,
            max_bytes: i32::MAX,
            max_records: 0,
            batch_size: 0,
            share_acquire_mode: 0,
            is_renew_ack: false,
            topics: Vec::new(),
            forgotten_topics_data: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ShareFetchRequest {
    const LEN_MIN: usize = 29;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_string("group_id", self.group_id.as_deref(), true)?;
        out.nullable_string("member_id", self.member_id.as_deref(), true)?;
        out.int32(self.share_session_epoch);
        out.int32(self.max_wait_ms);
        out.int32(self.min_bytes);
        out.int32(self.max_bytes);
        out.int32(self.max_records);
        out.int32(self.batch_size);
        if version >= 2 {
            out.int8(self.share_acquire_mode);
        }
        if version >= 2 {
            out.bool(self.is_renew_ack);
        } else if self.is_renew_ack {
            return Err(EncodeError::new("is_renew_ack", EncodeErrorKind::NotInVersion));
        }
        out.structures("topics", &self.topics, version, true)?;
        out.structures("forgotten_topics_data", &self.forgotten_topics_data, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.nullable_string("group_id", true)?;
        self.member_id = input.nullable_string("member_id", true)?;
        self.share_session_epoch = input.int32("share_session_epoch")?;
        self.max_wait_ms = input.int32("max_wait_ms")?;
        self.min_bytes = input.int32("min_bytes")?;
        self.max_bytes = input.int32("max_bytes")?;
        self.max_records = input.int32("max_records")?;
        self.batch_size = input.int32("batch_size")?;
        if version >= 2 {
            self.share_acquire_mode = input.int8("share_acquire_mode")?;
            self.is_renew_ack = input.bool("is_renew_ack")?;
        }
        self.topics = input.structures("topics", version, true)?;
        self.forgotten_topics_data = input.structures("forgotten_topics_data", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareFetchRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchTopic {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[FetchPartition]`
    pub partitions: Vec<FetchPartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FetchTopic {
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

/// Part of [`ShareFetchRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchPartition {
    /// `int32`
    pub partition_index: i32,
    /// `[AcknowledgementBatch]`
    pub acknowledgement_batches: Vec<AcknowledgementBatch>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FetchPartition {
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

/// Part of [`ShareFetchRequest`]; versions 1-2, flexible.
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

/// Part of [`ShareFetchRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForgottenTopic {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ForgottenTopic {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareFetchRequest {
    const NAME: &'static str = "ShareFetchRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Request for ShareFetchRequest {
    const KEY: ApiKey = ApiKey::ShareFetch;
    type Response = crate::ShareFetchResponse;
}
