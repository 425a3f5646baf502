// Written by `cargo ci codegen` from schema/wire/streams_group_heartbeat_response.schema.

//! `StreamsGroupHeartbeatResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupHeartbeatResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `string`
    pub member_id: String,
    /// `int32`
    pub member_epoch: i32,
    /// `int32`
    pub heartbeat_interval_ms: i32,
    /// `int32 @0`
    pub acceptable_recovery_lag_legacy: i32,
    /// `int32`
    pub task_offset_interval_ms: i32,
    /// `int64 = -1 @1+ ignorable`
    pub acceptable_recovery_lag: i64,
    /// `[Status]?`
    pub status: Option<Vec<Status>>,
    /// `[TaskIds]? = null`
    pub active_tasks: Option<Vec<TaskIds>>,
    /// `[TaskIds]? = null`
    pub standby_tasks: Option<Vec<TaskIds>>,
    /// `[TaskIds]? = null`
    pub warmup_tasks: Option<Vec<TaskIds>>,
    /// `bool @1+`
    pub topology_description_required: bool,
    /// `int32`
    pub endpoint_information_epoch: i32,
    /// `[EndpointToPartitions]? = null`
    pub partitions_by_user_endpoint: Option<Vec<EndpointToPartitions>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupHeartbeatResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            error_message: None,
            member_id: String::new(),
            member_epoch: 0,
            heartbeat_interval_ms: 0,
            acceptable_recovery_lag_legacy: 0,
            task_offset_interval_ms: 0,
            acceptable_recovery_lag: -1,
            status: Some(Vec::new()),
            active_tasks: None,
            standby_tasks: None,
            warmup_tasks: None,
            topology_description_required: false,
            endpoint_information_epoch: 0,
            partitions_by_user_endpoint: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for StreamsGroupHeartbeatResponse {
    const LEN_MIN: usize = 34;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.string("member_id", &self.member_id, true)?;
        out.int32(self.member_epoch);
        out.int32(self.heartbeat_interval_ms);
        if version <= 0 {
            out.int32(self.acceptable_recovery_lag_legacy);
        } else if self.acceptable_recovery_lag_legacy != 0 {
            return Err(EncodeError::new("acceptable_recovery_lag_legacy", EncodeErrorKind::NotInVersion));
        }
        out.int32(self.task_offset_interval_ms);
        if version >= 1 {
            out.int64(self.acceptable_recovery_lag);
        }
        out.nullable_structures("status", self.status.as_deref(), version, true)?;
        out.nullable_structures("active_tasks", self.active_tasks.as_deref(), version, true)?;
        out.nullable_structures("standby_tasks", self.standby_tasks.as_deref(), version, true)?;
        out.nullable_structures("warmup_tasks", self.warmup_tasks.as_deref(), version, true)?;
        if version >= 1 {
            out.bool(self.topology_description_required);
        } else if self.topology_description_required {
            return Err(EncodeError::new("topology_description_required", EncodeErrorKind::NotInVersion));
        }
        out.int32(self.endpoint_information_epoch);
        out.nullable_structures(
            "partitions_by_user_endpoint",
            self.partitions_by_user_endpoint.as_deref(),
            version,
            true,
        )?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.member_id = input.string("member_id", true)?;
        self.member_epoch = input.int32("member_epoch")?;
        self.heartbeat_interval_ms = input.int32("heartbeat_interval_ms")?;
        if version <= 0 {
            self.acceptable_recovery_lag_legacy = input.int32("acceptable_recovery_lag_legacy")?;
        }
        self.task_offset_interval_ms = input.int32("task_offset_interval_ms")?;
        if version >= 1 {
            self.acceptable_recovery_lag = input.int64("acceptable_recovery_lag")?;
        }
        self.status = input.nullable_structures("status", version, true)?;
        self.active_tasks = input.nullable_structures("active_tasks", version, true)?;
        self.standby_tasks = input.nullable_structures("standby_tasks", version, true)?;
        self.warmup_tasks = input.nullable_structures("warmup_tasks", version, true)?;
        if version >= 1 {
            self.topology_description_required = input.bool("topology_description_required")?;
        }
        self.endpoint_information_epoch = input.int32("endpoint_information_epoch")?;
        self.partitions_by_user_endpoint =
            input.nullable_structures("partitions_by_user_endpoint", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointToPartitions {
    /// `Endpoint`
    pub user_endpoint: Endpoint,
    /// `[TopicPartition]`
    pub active_partitions: Vec<TopicPartition>,
    /// `[TopicPartition]`
    pub standby_partitions: Vec<TopicPartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for EndpointToPartitions {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structure("user_endpoint", &self.user_endpoint, version)?;
        out.structures("active_partitions", &self.active_partitions, version, true)?;
        out.structures("standby_partitions", &self.standby_partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.user_endpoint = input.structure("user_endpoint", version)?;
        self.active_partitions = input.structures("active_partitions", version, true)?;
        self.standby_partitions = input.structures("standby_partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// `int8`
    pub status_code: i8,
    /// `string`
    pub status_detail: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Status {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int8(self.status_code);
        out.string("status_detail", &self.status_detail, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.status_code = input.int8("status_code")?;
        self.status_detail = input.string("status_detail", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartition {
    /// `string`
    pub topic: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicPartition {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("topic", &self.topic, true)?;
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic = input.string("topic", true)?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`]; versions 0-1, flexible.
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

/// Part of [`StreamsGroupHeartbeatResponse`]; versions 0-1, flexible.
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

impl Message for StreamsGroupHeartbeatResponse {
    const NAME: &'static str = "StreamsGroupHeartbeatResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for StreamsGroupHeartbeatResponse {
    const KEY: ApiKey = ApiKey::StreamsGroupHeartbeat;
}
