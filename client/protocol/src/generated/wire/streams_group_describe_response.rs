// Written by `cargo ci codegen` from schema/wire/streams_group_describe_response.schema.

//! `StreamsGroupDescribeResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupDescribeResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[DescribedGroup]`
    pub groups: Vec<DescribedGroup>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupDescribeResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.structures("groups", &self.groups, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.groups = input.structures("groups", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedGroup {
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `string`
    pub group_id: String,
    /// `string`
    pub group_state: String,
    /// `int32`
    pub group_epoch: i32,
    /// `int32`
    pub assignment_epoch: i32,
    /// `Topology? = null`
    pub topology: Option<Topology>,
    /// `[Member]`
    pub members: Vec<Member>,
    /// `int32 = -2147483648`
    pub authorized_operations: i32,
    /// `TopologyDescription? = null @1+`
    pub topology_description: Option<TopologyDescription>,
    /// `int8 @1+`
    pub topology_description_status: i8,
    /// `string? = null @1+ ignorable`
    pub assignor_name: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribedGroup {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            error_message: None,
            group_id: String::new(),
            group_state: String::new(),
            group_epoch: 0,
            assignment_epoch: 0,
            topology: None,
            members: Vec::new(),
            authorized_operations: i32::MIN,
            topology_description: None,
            topology_description_status: 0,
            assignor_name: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribedGroup {
    const LEN_MIN: usize = 20;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.string("group_id", &self.group_id, true)?;
        out.string("group_state", &self.group_state, true)?;
        out.int32(self.group_epoch);
        out.int32(self.assignment_epoch);
        out.nullable_structure("topology", self.topology.as_ref(), version)?;
        out.structures("members", &self.members, version, true)?;
        out.int32(self.authorized_operations);
        if version >= 1 {
            out.nullable_structure("topology_description", self.topology_description.as_ref(), version)?;
        } else if self.topology_description.is_some() {
            return Err(EncodeError::new("topology_description", EncodeErrorKind::NotInVersion));
        }
        if version >= 1 {
            out.int8(self.topology_description_status);
        } else if self.topology_description_status != 0 {
            return Err(EncodeError::new("topology_description_status", EncodeErrorKind::NotInVersion));
        }
        if version >= 1 {
            out.nullable_string("assignor_name", self.assignor_name.as_deref(), true)?;
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.group_id = input.string("group_id", true)?;
        self.group_state = input.string("group_state", true)?;
        self.group_epoch = input.int32("group_epoch")?;
        self.assignment_epoch = input.int32("assignment_epoch")?;
        self.topology = input.nullable_structure("topology", version)?;
        self.members = input.structures("members", version, true)?;
        self.authorized_operations = input.int32("authorized_operations")?;
        if version >= 1 {
            self.topology_description = input.nullable_structure("topology_description", version)?;
            self.topology_description_status = input.int8("topology_description_status")?;
            self.assignor_name = input.nullable_string("assignor_name", true)?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// `int32`
    pub epoch: i32,
    /// `[Subtopology]? = null`
    pub subtopologies: Option<Vec<Subtopology>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Topology {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.epoch);
        out.nullable_structures("subtopologies", self.subtopologies.as_deref(), version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.epoch = input.int32("epoch")?;
        self.subtopologies = input.nullable_structures("subtopologies", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subtopology {
    /// `string`
    pub subtopology_id: String,
    /// `[string]`
    pub source_topics: Vec<String>,
    /// `[string]`
    pub repartition_sink_topics: Vec<String>,
    /// `[TopicInfo]`
    pub state_changelog_topics: Vec<TopicInfo>,
    /// `[TopicInfo]`
    pub repartition_source_topics: Vec<TopicInfo>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Subtopology {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("subtopology_id", &self.subtopology_id, true)?;
        out.array("source_topics", &self.source_topics, true)?;
        out.array("repartition_sink_topics", &self.repartition_sink_topics, true)?;
        out.structures("state_changelog_topics", &self.state_changelog_topics, version, true)?;
        out.structures("repartition_source_topics", &self.repartition_source_topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.subtopology_id = input.string("subtopology_id", true)?;
        self.source_topics = input.array("source_topics", true)?;
        self.repartition_sink_topics = input.array("repartition_sink_topics", true)?;
        self.state_changelog_topics = input.structures("state_changelog_topics", version, true)?;
        self.repartition_source_topics = input.structures("repartition_source_topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// `string`
    pub member_id: String,
    /// `int32`
    pub member_epoch: i32,
    /// `string? = null`
    pub instance_id: Option<String>,
    /// `string? = null`
    pub rack_id: Option<String>,
    /// `string`
    pub client_id: String,
    /// `string`
    pub client_host: String,
    /// `int32`
    pub topology_epoch: i32,
    /// `string`
    pub process_id: String,
    /// `Endpoint? = null`
    pub user_endpoint: Option<Endpoint>,
    /// `[KeyValue]`
    pub client_tags: Vec<KeyValue>,
    /// `[TaskOffset]`
    pub task_offsets: Vec<TaskOffset>,
    /// `[TaskOffset]`
    pub task_end_offsets: Vec<TaskOffset>,
    /// `Assignment`
    pub assignment: Assignment,
    /// `Assignment`
    pub target_assignment: Assignment,
    /// `bool`
    pub is_classic: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Member {
    const LEN_MIN: usize = 28;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("member_id", &self.member_id, true)?;
        out.int32(self.member_epoch);
        out.nullable_string("instance_id", self.instance_id.as_deref(), true)?;
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.string("client_id", &self.client_id, true)?;
        out.string("client_host", &self.client_host, true)?;
        out.int32(self.topology_epoch);
        out.string("process_id", &self.process_id, true)?;
        out.nullable_structure("user_endpoint", self.user_endpoint.as_ref(), version)?;
        out.structures("client_tags", &self.client_tags, version, true)?;
        out.structures("task_offsets", &self.task_offsets, version, true)?;
        out.structures("task_end_offsets", &self.task_end_offsets, version, true)?;
        out.structure("assignment", &self.assignment, version)?;
        out.structure("target_assignment", &self.target_assignment, version)?;
        out.bool(self.is_classic);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.member_id = input.string("member_id", true)?;
        self.member_epoch = input.int32("member_epoch")?;
        self.instance_id = input.nullable_string("instance_id", true)?;
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.client_id = input.string("client_id", true)?;
        self.client_host = input.string("client_host", true)?;
        self.topology_epoch = input.int32("topology_epoch")?;
        self.process_id = input.string("process_id", true)?;
        self.user_endpoint = input.nullable_structure("user_endpoint", version)?;
        self.client_tags = input.structures("client_tags", version, true)?;
        self.task_offsets = input.structures("task_offsets", version, true)?;
        self.task_end_offsets = input.structures("task_end_offsets", version, true)?;
        self.assignment = input.structure("assignment", version)?;
        self.target_assignment = input.structure("target_assignment", version)?;
        self.is_classic = input.bool("is_classic")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
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

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
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

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    /// `[TaskIds]`
    pub active_tasks: Vec<TaskIds>,
    /// `[TaskIds]`
    pub standby_tasks: Vec<TaskIds>,
    /// `[TaskIds]`
    pub warmup_tasks: Vec<TaskIds>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Assignment {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("active_tasks", &self.active_tasks, version, true)?;
        out.structures("standby_tasks", &self.standby_tasks, version, true)?;
        out.structures("warmup_tasks", &self.warmup_tasks, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.active_tasks = input.structures("active_tasks", version, true)?;
        self.standby_tasks = input.structures("standby_tasks", version, true)?;
        self.warmup_tasks = input.structures("warmup_tasks", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
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

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
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

/// Part of [`StreamsGroupDescribeResponse`]; versions 0-1, flexible.
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

/// Part of [`StreamsGroupDescribeResponse`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescription {
    /// `[TopologyDescriptionSubtopology]`
    pub subtopologies: Vec<TopologyDescriptionSubtopology>,
    /// `[TopologyDescriptionGlobalStore]`
    pub global_stores: Vec<TopologyDescriptionGlobalStore>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopologyDescription {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("subtopologies", &self.subtopologies, version, true)?;
        out.structures("global_stores", &self.global_stores, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.subtopologies = input.structures("subtopologies", version, true)?;
        self.global_stores = input.structures("global_stores", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionSubtopology {
    /// `string`
    pub subtopology_id: String,
    /// `[TopologyDescriptionNode]`
    pub nodes: Vec<TopologyDescriptionNode>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopologyDescriptionSubtopology {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("subtopology_id", &self.subtopology_id, true)?;
        out.structures("nodes", &self.nodes, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.subtopology_id = input.string("subtopology_id", true)?;
        self.nodes = input.structures("nodes", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionNode {
    /// `string`
    pub name: String,
    /// `int8`
    pub node_type: i8,
    /// `[string]`
    pub source_topics: Vec<String>,
    /// `string? = null`
    pub sink_topic: Option<String>,
    /// `[string]`
    pub stores: Vec<String>,
    /// `[string]`
    pub successors: Vec<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopologyDescriptionNode {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int8(self.node_type);
        out.array("source_topics", &self.source_topics, true)?;
        out.nullable_string("sink_topic", self.sink_topic.as_deref(), true)?;
        out.array("stores", &self.stores, true)?;
        out.array("successors", &self.successors, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.node_type = input.int8("node_type")?;
        self.source_topics = input.array("source_topics", true)?;
        self.sink_topic = input.nullable_string("sink_topic", true)?;
        self.stores = input.array("stores", true)?;
        self.successors = input.array("successors", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupDescribeResponse`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionGlobalStore {
    /// `TopologyDescriptionNode`
    pub source: TopologyDescriptionNode,
    /// `TopologyDescriptionNode`
    pub processor: TopologyDescriptionNode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopologyDescriptionGlobalStore {
    const LEN_MIN: usize = 15;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structure("source", &self.source, version)?;
        out.structure("processor", &self.processor, version)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.source = input.structure("source", version)?;
        self.processor = input.structure("processor", version)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for StreamsGroupDescribeResponse {
    const NAME: &'static str = "StreamsGroupDescribeResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for StreamsGroupDescribeResponse {
    const KEY: ApiKey = ApiKey::StreamsGroupDescribe;
}
