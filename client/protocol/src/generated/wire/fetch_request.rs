// Written by `cargo ci codegen` from schema/wire/fetch_request.schema.

//! `FetchRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter, Uuid, tagged_fields::differs_from_default,
};

/// Body of a request; versions 4-18, flexible from 12.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchRequest {
    /// `string? = null @12+ tag(0) ignorable`
    pub cluster_id: Option<String>,
    /// `int32 = -1 @4-14`
    pub replica_id: i32,
    /// `ReplicaState @15+ tag(1)`
    pub replica_state: ReplicaState,
    /// `int32`
    pub max_wait_ms: i32,
    /// `int32`
    pub min_bytes: i32,
    /// `int32 = 2147483647 ignorable`
    pub max_bytes: i32,
    /// `int8 ignorable`
    pub isolation_level: i8,
    /// `int32 @7+ ignorable`
    pub session_id: i32,
    /// `int32 = -1 @7+ ignorable`
    pub session_epoch: i32,
    /// `[FetchTopic]`
    pub topics: Vec<FetchTopic>,
    /// `[ForgottenTopic] @7+`
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    /// `string @11+ ignorable`
    pub rack_id: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FetchRequest {
    fn default() -> Self {
        Self {
            cluster_id: None,
            replica_id: -1,
            replica_state: ReplicaState::default(),
            max_wait_ms: 0,
            min_bytes: 0,
            max_bytes: i32::MAX,
            isolation_level: 0,
            session_id: 0,
            session_epoch: -1,
            topics: Vec::new(),
            forgotten_topics_data: Vec::new(),
            rack_id: String::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for FetchRequest {
    const LEN_MIN: usize = 21;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 12;
        if version <= 14 {
            out.int32(self.replica_id);
        } else if self.replica_id != -1 {
            return Err(EncodeError::new("replica_id", EncodeErrorKind::NotInVersion));
        }
        if version < 15 && differs_from_default(&self.replica_state) {
            return Err(EncodeError::new("replica_state", EncodeErrorKind::NotInVersion));
        }
        out.int32(self.max_wait_ms);
        out.int32(self.min_bytes);
        out.int32(self.max_bytes);
        out.int8(self.isolation_level);
        if version >= 7 {
            out.int32(self.session_id);
            out.int32(self.session_epoch);
        }
        out.structures("topics", &self.topics, version, flexible)?;
        if version >= 7 {
            out.structures("forgotten_topics_data", &self.forgotten_topics_data, version, flexible)?;
        } else if !self.forgotten_topics_data.is_empty() {
            return Err(EncodeError::new("forgotten_topics_data", EncodeErrorKind::NotInVersion));
        }
        if version >= 11 {
            out.string("rack_id", &self.rack_id, flexible)?;
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if self.cluster_id.is_some() {
                let out = tagged.field(0);
                out.nullable_string("cluster_id", self.cluster_id.as_deref(), true)?;
            }
            if version >= 15 && differs_from_default(&self.replica_state) {
                let out = tagged.field(1);
                out.structure("replica_state", &self.replica_state, version)?;
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 12;
        if version <= 14 {
            self.replica_id = input.int32("replica_id")?;
        }
        self.max_wait_ms = input.int32("max_wait_ms")?;
        self.min_bytes = input.int32("min_bytes")?;
        self.max_bytes = input.int32("max_bytes")?;
        self.isolation_level = input.int8("isolation_level")?;
        if version >= 7 {
            self.session_id = input.int32("session_id")?;
            self.session_epoch = input.int32("session_epoch")?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if version >= 7 {
            self.forgotten_topics_data = input.structures("forgotten_topics_data", version, flexible)?;
        }
        if version >= 11 {
            self.rack_id = input.string("rack_id", flexible)?;
        }
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 => {
                        self.cluster_id = input.nullable_string("cluster_id", true)?;
                    }
                    1 if version >= 15 => {
                        self.replica_state = input.structure("replica_state", version)?;
                    }
                    1 => return Err(input.tag_not_in_version(&tag)),
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`FetchRequest`]; versions 15-18, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaState {
    /// `int32 = -1`
    pub replica_id: i32,
    /// `int64 = -1`
    pub replica_epoch: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ReplicaState {
    fn default() -> Self {
        Self { replica_id: -1, replica_epoch: -1, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for ReplicaState {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.replica_id);
        out.int64(self.replica_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.replica_id = input.int32("replica_id")?;
        self.replica_epoch = input.int64("replica_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`FetchRequest`]; versions 4-18, flexible from 12.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchTopic {
    /// `string @4-12 ignorable`
    pub topic: String,
    /// `uuid @13+ ignorable`
    pub topic_id: Uuid,
    /// `[FetchPartition]`
    pub partitions: Vec<FetchPartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FetchTopic {
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

/// Part of [`FetchRequest`]; versions 4-18, flexible from 12.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchPartition {
    /// `int32`
    pub partition: i32,
    /// `int32 = -1 @9+ ignorable`
    pub current_leader_epoch: i32,
    /// `int64`
    pub fetch_offset: i64,
    /// `int32 = -1 @12+`
    pub last_fetched_epoch: i32,
    /// `int64 = -1 @5+ ignorable`
    pub log_start_offset: i64,
    /// `int32`
    pub partition_max_bytes: i32,
    /// `uuid @17+ tag(0) ignorable`
    pub replica_directory_id: Uuid,
    /// `int64 = 9223372036854775807 @18+ tag(1) ignorable`
    pub high_watermark: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FetchPartition {
    fn default() -> Self {
        Self {
            partition: 0,
            current_leader_epoch: -1,
            fetch_offset: 0,
            last_fetched_epoch: -1,
            log_start_offset: -1,
            partition_max_bytes: 0,
            replica_directory_id: Uuid::ZERO,
            high_watermark: i64::MAX,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for FetchPartition {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 12;
        out.int32(self.partition);
        if version >= 9 {
            out.int32(self.current_leader_epoch);
        }
        out.int64(self.fetch_offset);
        if version >= 12 {
            out.int32(self.last_fetched_epoch);
        } else if self.last_fetched_epoch != -1 {
            return Err(EncodeError::new("last_fetched_epoch", EncodeErrorKind::NotInVersion));
        }
        if version >= 5 {
            out.int64(self.log_start_offset);
        }
        out.int32(self.partition_max_bytes);
        if flexible {
            let mut tagged = TaggedWriter::default();
            if version >= 17 && !self.replica_directory_id.is_zero() {
                let out = tagged.field(0);
                out.uuid(self.replica_directory_id);
            }
            if version >= 18 && self.high_watermark != i64::MAX {
                let out = tagged.field(1);
                out.int64(self.high_watermark);
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 12;
        self.partition = input.int32("partition")?;
        if version >= 9 {
            self.current_leader_epoch = input.int32("current_leader_epoch")?;
        }
        self.fetch_offset = input.int64("fetch_offset")?;
        if version >= 12 {
            self.last_fetched_epoch = input.int32("last_fetched_epoch")?;
        }
        if version >= 5 {
            self.log_start_offset = input.int64("log_start_offset")?;
        }
        self.partition_max_bytes = input.int32("partition_max_bytes")?;
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 if version >= 17 => {
                        self.replica_directory_id = input.uuid("replica_directory_id")?;
                    }
                    1 if version >= 18 => {
                        self.high_watermark = input.int64("high_watermark")?;
                    }
                    0..=1 => return Err(input.tag_not_in_version(&tag)),
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`FetchRequest`]; versions 7-18, flexible from 12.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForgottenTopic {
    /// `string @7-12 ignorable`
    pub topic: String,
    /// `uuid @13+ ignorable`
    pub topic_id: Uuid,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ForgottenTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 12;
        if version <= 12 {
            out.string("topic", &self.topic, flexible)?;
        }
        if version >= 13 {
            out.uuid(self.topic_id);
        }
        out.array("partitions", &self.partitions, flexible)?;
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
        self.partitions = input.array("partitions", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for FetchRequest {
    const NAME: &'static str = "FetchRequest";
    const VERSIONS: RangeInclusive<i16> = 4..=18;
}

impl crate::Request for FetchRequest {
    const KEY: ApiKey = ApiKey::Fetch;
    type Response = crate::FetchResponse;
}
