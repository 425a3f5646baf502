// Written by `cargo ci codegen` from schema/streams-state/subscription_info_data.schema.

//! `SubscriptionInfoData`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, Uuid};

/// A message of its own; versions 1-11.
#[derive(Clone, Debug, PartialEq)]
pub struct SubscriptionInfoData {
    /// `int32`
    pub version: i32,
    /// `int32 = -1 @3+`
    pub latest_supported_version: i32,
    /// `uuid`
    pub process_id: Uuid,
    /// `[TaskId] @1-6`
    pub prev_tasks: Vec<TaskId>,
    /// `[TaskId] @1-6`
    pub standby_tasks: Vec<TaskId>,
    /// `bytes @2+`
    pub user_end_point: Bytes,
    /// `[TaskOffsetSum] @7+`
    pub task_offset_sums: Vec<TaskOffsetSum>,
    /// `int8 @8+`
    pub unique_field: i8,
    /// `int32 @9+`
    pub error_code: i32,
    /// `[ClientTag] @11+`
    pub client_tags: Vec<ClientTag>,
}

impl Default for SubscriptionInfoData {
    fn default() -> Self {
        Self {
            version: 0,
            latest_supported_version: -1,
            process_id: Uuid::ZERO,
            prev_tasks: Vec::new(),
            standby_tasks: Vec::new(),
            user_end_point: Bytes::new(),
            task_offset_sums: Vec::new(),
            unique_field: 0,
            error_code: 0,
            client_tags: Vec::new(),
        }
    }
}

impl Structure for SubscriptionInfoData {
    const LEN_MIN: usize = 28;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.version);
        if version >= 3 {
            out.int32(self.latest_supported_version);
        } else if self.latest_supported_version != -1 {
            return Err(EncodeError::new("latest_supported_version", EncodeErrorKind::NotInVersion));
        }
        out.uuid(self.process_id);
        if version <= 6 {
            out.structures("prev_tasks", &self.prev_tasks, version, false)?;
        } else if !self.prev_tasks.is_empty() {
            return Err(EncodeError::new("prev_tasks", EncodeErrorKind::NotInVersion));
        }
        if version <= 6 {
            out.structures("standby_tasks", &self.standby_tasks, version, false)?;
        } else if !self.standby_tasks.is_empty() {
            return Err(EncodeError::new("standby_tasks", EncodeErrorKind::NotInVersion));
        }
        if version >= 2 {
            out.bytes("user_end_point", &self.user_end_point, false)?;
        } else if !self.user_end_point.is_empty() {
            return Err(EncodeError::new("user_end_point", EncodeErrorKind::NotInVersion));
        }
        if version >= 7 {
            out.structures("task_offset_sums", &self.task_offset_sums, version, false)?;
        } else if !self.task_offset_sums.is_empty() {
            return Err(EncodeError::new("task_offset_sums", EncodeErrorKind::NotInVersion));
        }
        if version >= 8 {
            out.int8(self.unique_field);
        } else if self.unique_field != 0 {
            return Err(EncodeError::new("unique_field", EncodeErrorKind::NotInVersion));
        }
        if version >= 9 {
            out.int32(self.error_code);
        } else if self.error_code != 0 {
            return Err(EncodeError::new("error_code", EncodeErrorKind::NotInVersion));
        }
        if version >= 11 {
            out.structures("client_tags", &self.client_tags, version, false)?;
        } else if !self.client_tags.is_empty() {
            return Err(EncodeError::new("client_tags", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.version = input.int32("version")?;
        if version >= 3 {
            self.latest_supported_version = input.int32("latest_supported_version")?;
        }
        self.process_id = input.uuid("process_id")?;
        if version <= 6 {
            self.prev_tasks = input.structures("prev_tasks", version, false)?;
            self.standby_tasks = input.structures("standby_tasks", version, false)?;
        }
        if version >= 2 {
            self.user_end_point = input.bytes("user_end_point", false)?;
        }
        if version >= 7 {
            self.task_offset_sums = input.structures("task_offset_sums", version, false)?;
        }
        if version >= 8 {
            self.unique_field = input.int8("unique_field")?;
        }
        if version >= 9 {
            self.error_code = input.int32("error_code")?;
        }
        if version >= 11 {
            self.client_tags = input.structures("client_tags", version, false)?;
        }
        Ok(())
    }
}

/// Part of [`SubscriptionInfoData`]; versions 1-6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskId {
    /// `int32`
    pub topic_group_id: i32,
    /// `int32`
    pub partition: i32,
}

impl Structure for TaskId {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.topic_group_id);
        out.int32(self.partition);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_group_id = input.int32("topic_group_id")?;
        self.partition = input.int32("partition")?;
        Ok(())
    }
}

/// Part of [`SubscriptionInfoData`]; versions 7-11.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskOffsetSum {
    /// `int32`
    pub topic_group_id: i32,
    /// `int32 @10+`
    pub partition: i32,
    /// `int64 @10+`
    pub offset_sum: i64,
    /// `string? @10+ ignorable`
    pub named_topology: Option<String>,
    /// `[PartitionToOffsetSum] @7-9`
    pub partition_to_offset_sum: Vec<PartitionToOffsetSum>,
}

impl Default for TaskOffsetSum {
    fn default() -> Self {
        Self {
            topic_group_id: 0,
            partition: 0,
            offset_sum: 0,
            named_topology: Some(String::new()),
            partition_to_offset_sum: Vec::new(),
        }
    }
}

impl Structure for TaskOffsetSum {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.topic_group_id);
        if version >= 10 {
            out.int32(self.partition);
        } else if self.partition != 0 {
            return Err(EncodeError::new("partition", EncodeErrorKind::NotInVersion));
        }
        if version >= 10 {
            out.int64(self.offset_sum);
        } else if self.offset_sum != 0 {
            return Err(EncodeError::new("offset_sum", EncodeErrorKind::NotInVersion));
        }
        if version >= 10 {
            out.nullable_string("named_topology", self.named_topology.as_deref(), false)?;
        }
        if version <= 9 {
            out.structures("partition_to_offset_sum", &self.partition_to_offset_sum, version, false)?;
        } else if !self.partition_to_offset_sum.is_empty() {
            return Err(EncodeError::new("partition_to_offset_sum", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_group_id = input.int32("topic_group_id")?;
        if version >= 10 {
            self.partition = input.int32("partition")?;
            self.offset_sum = input.int64("offset_sum")?;
            self.named_topology = input.nullable_string("named_topology", false)?;
        }
        if version <= 9 {
            self.partition_to_offset_sum = input.structures("partition_to_offset_sum", version, false)?;
        }
        Ok(())
    }
}

/// Part of [`SubscriptionInfoData`]; versions 7-9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionToOffsetSum {
    /// `int32`
    pub partition: i32,
    /// `int64`
    pub offset_sum: i64,
}

impl Structure for PartitionToOffsetSum {
    const LEN_MIN: usize = 12;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.int64(self.offset_sum);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.offset_sum = input.int64("offset_sum")?;
        Ok(())
    }
}

/// Part of [`SubscriptionInfoData`]; version 11.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientTag {
    /// `bytes`
    pub key: Bytes,
    /// `bytes`
    pub value: Bytes,
}

impl Structure for ClientTag {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.bytes("key", &self.key, false)?;
        out.bytes("value", &self.value, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.key = input.bytes("key", false)?;
        self.value = input.bytes("value", false)?;
        Ok(())
    }
}

impl Message for SubscriptionInfoData {
    const NAME: &'static str = "SubscriptionInfoData";
    const VERSIONS: RangeInclusive<i16> = 1..=11;
}
