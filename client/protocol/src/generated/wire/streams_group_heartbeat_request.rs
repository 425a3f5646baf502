// Written by `cargo ci codegen` from schema/wire/streams_group_heartbeat_request.schema.

//! `StreamsGroupHeartbeatRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupHeartbeatRequest {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
    /// `int32`
    pub member_epoch: i32,
    /// `int32`
    pub endpoint_information_epoch: i32,
    /// `string? = null`
    pub instance_id: Option<String>,
    /// `string? = null`
    pub rack_id: Option<String>,
    /// `int32 = -1`
    pub rebalance_timeout_ms: i32,
    /// `Topology? = null`
    pub topology: Option<Topology>,
    /// `[TaskIds]? = null`
    pub active_tasks: Option<Vec<TaskIds>>,
    /// `[TaskIds]? = null`
    pub standby_tasks: Option<Vec<TaskIds>>,
    /// `[TaskIds]? = null`
    pub warmup_tasks: Option<Vec<TaskIds>>,
    /// `string? = null`
    pub process_id: Option<String>,
    /// `Endpoint? = null`
    pub user_endpoint: Option<Endpoint>,
    /// `[KeyValue]? = null`
    pub client_tags: Option<Vec<KeyValue>>,
    /// `[TaskOffset]? = null`
    pub task_offsets: Option<Vec<TaskOffset>>,
    /// `[TaskOffset]? = null`
    pub task_end_offsets: Option<Vec<TaskOffset>>,
    /// `bool`
    pub shutdown_application: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupHeartbeatRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            member_id: String::new(),
            member_epoch: 0,
            endpoint_information_epoch: 0,
            instance_id: None,
            rack_id: None,
            rebalance_timeout_ms: -1,
            topology: None,
            active_tasks: None,
            standby_tasks: None,
            warmup_tasks: None,
            process_id: None,
            user_endpoint: None,
            client_tags: None,
            task_offsets: None,
            task_end_offsets: None,
            shutdown_application: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for StreamsGroupHeartbeatRequest {
    const LEN_MIN: usize = 27;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        out.string("member_id", &self.member_id, true)?;
        out.int32(self.member_epoch);
        out.int32(self.endpoint_information_epoch);
        out.nullable_string("instance_id", self.instance_id.as_deref(), true)?;
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.int32(self.rebalance_timeout_ms);
        out.nullable_structure("topology", self.topology.as_ref(), version)?;
        out.nullable_structures("active_tasks", self.active_tasks.as_deref(), version, true)?;
        out.nullable_structures("standby_tasks", self.standby_tasks.as_deref(), version, true)?;
        out.nullable_structures("warmup_tasks", self.warmup_tasks.as_deref(), version, true)?;
        out.nullable_string("process_id", self.process_id.as_deref(), true)?;
        out.nullable_structure("user_endpoint", self.user_endpoint.as_ref(), version)?;
        out.nullable_structures("client_tags", self.client_tags.as_deref(), version, true)?;
        out.nullable_structures("task_offsets", self.task_offsets.as_deref(), version, true)?;
        out.nullable_structures("task_end_offsets", self.task_end_offsets.as_deref(), version, true)?;
        out.bool(self.shutdown_application);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        self.member_id = input.string("member_id", true)?;
        self.member_epoch = input.int32("member_epoch")?;
        self.endpoint_information_epoch = input.int32("endpoint_information_epoch")?;
        self.instance_id = input.nullable_string("instance_id", true)?;
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.rebalance_timeout_ms = input.int32("rebalance_timeout_ms")?;
        self.topology = input.nullable_structure("topology", version)?;
        self.active_tasks = input.nullable_structures("active_tasks", version, true)?;
        self.standby_tasks = input.nullable_structures("standby_tasks", version, true)?;
        self.warmup_tasks = input.nullable_structures("warmup_tasks", version, true)?;
        self.process_id = input.nullable_string("process_id", true)?;
        self.user_endpoint = input.nullable_structure("user_endpoint", version)?;
        self.client_tags = input.nullable_structures("client_tags", version, true)?;
        self.task_offsets = input.nullable_structures("task_offsets", version, true)?;
        self.task_end_offsets = input.nullable_structures("task_end_offsets", version, true)?;
        self.shutdown_application = input.bool("shutdown_application")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// `int32`
    pub epoch: i32,
    /// `[Subtopology]`
    pub subtopologies: Vec<Subtopology>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Topology {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.epoch);
        out.structures("subtopologies", &self.subtopologies, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.epoch = input.int32("epoch")?;
        self.subtopologies = input.structures("subtopologies", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subtopology {
    /// `string`
    pub subtopology_id: String,
    /// `[string]`
    pub source_topics: Vec<String>,
    /// `[string]`
    pub source_topic_regex: Vec<String>,
    /// `[TopicInfo]`
    pub state_changelog_topics: Vec<TopicInfo>,
    /// `[string]`
    pub repartition_sink_topics: Vec<String>,
    /// `[TopicInfo]`
    pub repartition_source_topics: Vec<TopicInfo>,
    /// `[CopartitionGroup]`
    pub copartition_groups: Vec<CopartitionGroup>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Subtopology {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("subtopology_id", &self.subtopology_id, true)?;
        out.array("source_topics", &self.source_topics, true)?;
        out.array("source_topic_regex", &self.source_topic_regex, true)?;
        out.structures("state_changelog_topics", &self.state_changelog_topics, version, true)?;
        out.array("repartition_sink_topics", &self.repartition_sink_topics, true)?;
        out.structures("repartition_source_topics", &self.repartition_source_topics, version, true)?;
        out.structures("copartition_groups", &self.copartition_groups, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.subtopology_id = input.string("subtopology_id", true)?;
        self.source_topics = input.array("source_topics", true)?;
        self.source_topic_regex = input.array("source_topic_regex", true)?;
        self.state_changelog_topics = input.structures("state_changelog_topics", version, true)?;
        self.repartition_sink_topics = input.array("repartition_sink_topics", true)?;
        self.repartition_source_topics = input.structures("repartition_source_topics", version, true)?;
        self.copartition_groups = input.structures("copartition_groups", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CopartitionGroup {
    /// `[int16]`
    pub source_topics: Vec<i16>,
    /// `[int16]`
    pub source_topic_regex: Vec<i16>,
    /// `[int16]`
    pub repartition_source_topics: Vec<i16>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CopartitionGroup {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.array("source_topics", &self.source_topics, true)?;
        out.array("source_topic_regex", &self.source_topic_regex, true)?;
        out.array("repartition_source_topics", &self.repartition_source_topics, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.source_topics = input.array("source_topics", true)?;
        self.source_topic_regex = input.array("source_topic_regex", true)?;
        self.repartition_source_topics = input.array("repartition_source_topics", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyValue {
    /// `string`
    pub key: String,
    /// `string`
    pub value: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for KeyValue {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("key", &self.key, true)?;
        out.string("value", &self.value, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.key = input.string("key", true)?;
        self.value = input.string("value", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicInfo {
    /// `string`
    pub name: String,
    /// `int32`
    pub partitions: i32,
    /// `int16`
    pub replication_factor: i16,
    /// `[KeyValue]`
    pub topic_configs: Vec<KeyValue>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicInfo {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int32(self.partitions);
        out.int16(self.replication_factor);
        out.structures("topic_configs", &self.topic_configs, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.partitions = input.int32("partitions")?;
        self.replication_factor = input.int16("replication_factor")?;
        self.topic_configs = input.structures("topic_configs", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Endpoint {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("host", &self.host, true)?;
        out.uint16(self.port);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.host = input.string("host", true)?;
        self.port = input.uint16("port")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskOffset {
    /// `string`
    pub subtopology_id: String,
    /// `int32`
    pub partition: i32,
    /// `int64`
    pub offset: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TaskOffset {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("subtopology_id", &self.subtopology_id, true)?;
        out.int32(self.partition);
        out.int64(self.offset);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.subtopology_id = input.string("subtopology_id", true)?;
        self.partition = input.int32("partition")?;
        self.offset = input.int64("offset")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskIds {
    /// `string`
    pub subtopology_id: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TaskIds {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("subtopology_id", &self.subtopology_id, true)?;
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.subtopology_id = input.string("subtopology_id", true)?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for StreamsGroupHeartbeatRequest {
    const NAME: &'static str = "StreamsGroupHeartbeatRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for StreamsGroupHeartbeatRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupHeartbeat;
    type Response = crate::StreamsGroupHeartbeatResponse;
}
