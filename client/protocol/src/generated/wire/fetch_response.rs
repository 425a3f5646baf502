// Written by `cargo ci codegen` from schema/wire/fetch_response.schema.

//! `FetchResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Records,
    Structure, TaggedFields, TaggedWriter, Uuid, tagged_fields::differs_from_default,
};

/// Body of a response; versions 4-18, flexible from 12.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchResponse {
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `error @7+ ignorable`
    pub error_code: ErrorCode,
    /// `int32 @7+`
    pub session_id: i32,
    /// `[FetchableTopicResponse]`
    pub responses: Vec<FetchableTopicResponse>,
    /// `[NodeEndpoint] @16+ tag(0)`
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FetchResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 12;
        out.int32(self.throttle_time_ms);
        if version >= 7 {
            out.error_code(self.error_code);
        }
        if version >= 7 {
            out.int32(self.session_id);
        } else if self.session_id != 0 {
            return Err(EncodeError::new("session_id", EncodeErrorKind::NotInVersion));
        }
        out.structures("responses", &self.responses, version, flexible)?;
        if version < 16 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::new("node_endpoints", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if version >= 16 && !self.node_endpoints.is_empty() {
                let out = tagged.field(0);
                out.structures("node_endpoints", &self.node_endpoints, version, true)?;
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 12;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        if version >= 7 {
            self.error_code = input.error_code("error_code")?;
            self.session_id = input.int32("session_id")?;
        }
        self.responses = input.structures("responses", version, flexible)?;
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 if version >= 16 => {
                        self.node_endpoints = input.structures("node_endpoints", version, true)?;
                    }
                    0 => return Err(input.tag_not_in_version(&tag)),
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`FetchResponse`]; versions 4-18, flexible from 12.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchableTopicResponse {
    /// `string @4-12 ignorable`
    pub topic: String,
    /// `uuid @13+ ignorable`
    pub topic_id: Uuid,
    /// `[PartitionData]`
    pub partitions: Vec<PartitionData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FetchableTopicResponse {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 12;
        if version <= 12 {
            out.string("topic", &self.topic, flexible)?;
        }
        if version >= 13 {
            out.uuid(self.topic_id);
        }
        out.structures("partitions", &self.partitions, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 12;
        if version <= 12 {
            self.topic = input.string("topic", flexible)?;
        }
        if version >= 13 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`FetchResponse`]; versions 4-18, flexible from 12.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `int64`
    pub high_watermark: i64,
    /// `int64 = -1 ignorable`
    pub last_stable_offset: i64,
    /// `int64 = -1 @5+ ignorable`
    pub log_start_offset: i64,
    /// `EpochEndOffset @12+ tag(0)`
    pub diverging_epoch: EpochEndOffset,
    /// `LeaderIdAndEpoch @12+ tag(1)`
    pub current_leader: LeaderIdAndEpoch,
    /// `SnapshotId @12+ tag(2)`
    pub snapshot_id: SnapshotId,
    /// `[AbortedTransaction]? ignorable`
    pub aborted_transactions: Option<Vec<AbortedTransaction>>,
    /// `int32 = -1 @11+`
    pub preferred_read_replica: i32,
    /// `records?`
    pub records: Option<Records>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionData {
    fn default() -> Self {
        Self {
            partition_index: 0,
            error_code: ErrorCode::NONE,
            high_watermark: 0,
            last_stable_offset: -1,
            log_start_offset: -1,
            diverging_epoch: EpochEndOffset::default(),
            current_leader: LeaderIdAndEpoch::default(),
            snapshot_id: SnapshotId::default(),
            aborted_transactions: Some(Vec::new()),
            preferred_read_replica: -1,
            records: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 30;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 12;
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.int64(self.high_watermark);
        out.int64(self.last_stable_offset);
        if version >= 5 {
            out.int64(self.log_start_offset);
        }
        if version < 12 && differs_from_default(&self.diverging_epoch) {
            return Err(EncodeError::new("diverging_epoch", EncodeErrorKind::NotInVersion));
        }
        if version < 12 && differs_from_default(&self.current_leader) {
            return Err(EncodeError::new("current_leader", EncodeErrorKind::NotInVersion));
        }
        if version < 12 && differs_from_default(&self.snapshot_id) {
            return Err(EncodeError::new("snapshot_id", EncodeErrorKind::NotInVersion));
        }
        out.nullable_structures(
            "aborted_transactions",
            self.aborted_transactions.as_deref(),
            version,
            flexible,
        )?;
        if version >= 11 {
            out.int32(self.preferred_read_replica);
        } else if self.preferred_read_replica != -1 {
            return Err(EncodeError::new("preferred_read_replica", EncodeErrorKind::NotInVersion));
        }
        out.nullable_records("records", self.records.as_ref(), flexible)?;
        if flexible {
            let mut tagged = TaggedWriter::default();
            if differs_from_default(&self.diverging_epoch) {
                let out = tagged.field(0);
                out.structure("diverging_epoch", &self.diverging_epoch, version)?;
            }
            if differs_from_default(&self.current_leader) {
                let out = tagged.field(1);
                out.structure("current_leader", &self.current_leader, version)?;
            }
            if differs_from_default(&self.snapshot_id) {
                let out = tagged.field(2);
                out.structure("snapshot_id", &self.snapshot_id, version)?;
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 12;
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.high_watermark = input.int64("high_watermark")?;
        self.last_stable_offset = input.int64("last_stable_offset")?;
        if version >= 5 {
            self.log_start_offset = input.int64("log_start_offset")?;
        }
        self.aborted_transactions = input.nullable_structures("aborted_transactions", version, flexible)?;
        if version >= 11 {
            self.preferred_read_replica = input.int32("preferred_read_replica")?;
        }
        self.records = input.nullable_records("records", flexible)?;
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 => {
                        self.diverging_epoch = input.structure("diverging_epoch", version)?;
                    }
                    1 => {
                        self.current_leader = input.structure("current_leader", version)?;
                    }
                    2 => {
                        self.snapshot_id = input.structure("snapshot_id", version)?;
                    }
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`FetchResponse`]; versions 12-18, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochEndOffset {
    /// `int32 = -1`
    pub epoch: i32,
    /// `int64 = -1`
    pub end_offset: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EpochEndOffset {
    fn default() -> Self {
        Self { epoch: -1, end_offset: -1, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for EpochEndOffset {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.epoch);
        out.int64(self.end_offset);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.epoch = input.int32("epoch")?;
        self.end_offset = input.int64("end_offset")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`FetchResponse`]; versions 12-18, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderIdAndEpoch {
    /// `int32 = -1`
    pub leader_id: i32,
    /// `int32 = -1`
    pub leader_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for LeaderIdAndEpoch {
    fn default() -> Self {
        Self { leader_id: -1, leader_epoch: -1, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for LeaderIdAndEpoch {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`FetchResponse`]; versions 12-18, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotId {
    /// `int64 = -1`
    pub end_offset: i64,
    /// `int32 = -1`
    pub epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for SnapshotId {
    fn default() -> Self {
        Self { end_offset: -1, epoch: -1, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for SnapshotId {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.end_offset);
        out.int32(self.epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.end_offset = input.int64("end_offset")?;
        self.epoch = input.int32("epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`FetchResponse`]; versions 4-18, flexible from 12.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbortedTransaction {
    /// `int64`
    pub producer_id: i64,
    /// `int64`
    pub first_offset: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AbortedTransaction {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 12;
        out.int64(self.producer_id);
        out.int64(self.first_offset);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 12;
        self.producer_id = input.int64("producer_id")?;
        self.first_offset = input.int64("first_offset")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`FetchResponse`]; versions 16-18, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    /// `int32`
    pub node_id: i32,
    /// `string`
    pub host: String,
    /// `int32`
    pub port: i32,
    /// `string? = null`
    pub rack: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for NodeEndpoint {
    const LEN_MIN: usize = 11;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.node_id);
        out.string("host", &self.host, true)?;
        out.int32(self.port);
        out.nullable_string("rack", self.rack.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.node_id = input.int32("node_id")?;
        self.host = input.string("host", true)?;
        self.port = input.int32("port")?;
        self.rack = input.nullable_string("rack", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for FetchResponse {
    const NAME: &'static str = "FetchResponse";
    const VERSIONS: RangeInclusive<i16> = 4..=18;
}

impl crate::Response for FetchResponse {
    const KEY: ApiKey = ApiKey::Fetch;
}
