// Written by `cargo ci codegen` from schema/wire/consumer_group_describe_response.schema.

//! `ConsumerGroupDescribeResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupDescribeResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[DescribedGroup]`
    pub groups: Vec<DescribedGroup>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ConsumerGroupDescribeResponse {
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

/// Part of [`ConsumerGroupDescribeResponse`]; versions 0-1, flexible.
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
    /// `string`
    pub assignor_name: String,
    /// `[Member]`
    pub members: Vec<Member>,
    /// `int32 = -2147483648`
    pub authorized_operations: i32,
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
            assignor_name: String::new(),
            members: Vec::new(),
            authorized_operations: i32::MIN,
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
        out.string("assignor_name", &self.assignor_name, true)?;
        out.structures("members", &self.members, version, true)?;
        out.int32(self.authorized_operations);
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
        self.assignor_name = input.string("assignor_name", true)?;
        self.members = input.structures("members", version, true)?;
        self.authorized_operations = input.int32("authorized_operations")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// `string`
    pub member_id: String,
    /// `string? = null`
    pub instance_id: Option<String>,
    /// `string? = null`
    pub rack_id: Option<String>,
    /// `int32`
    pub member_epoch: i32,
    /// `string`
    pub client_id: String,
    /// `string`
    pub client_host: String,
    /// `[string]`
    pub subscribed_topic_names: Vec<String>,
    /// `string? = null`
    pub subscribed_topic_regex: Option<String>,
    /// `Assignment`
    pub assignment: Assignment,
    /// `Assignment`
    pub target_assignment: Assignment,
    /// `int8 = -1 @1+ ignorable`
    pub member_type: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for Member {
    fn default() -> Self {
        Self {
            member_id: String::new(),
            instance_id: None,
            rack_id: None,
            member_epoch: 0,
            client_id: String::new(),
            client_host: String::new(),
            subscribed_topic_names: Vec::new(),
            subscribed_topic_regex: None,
            assignment: Assignment::default(),
            target_assignment: Assignment::default(),
            member_type: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for Member {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("member_id", &self.member_id, true)?;
        out.nullable_string("instance_id", self.instance_id.as_deref(), true)?;
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.int32(self.member_epoch);
        out.string("client_id", &self.client_id, true)?;
        out.string("client_host", &self.client_host, true)?;
        out.array("subscribed_topic_names", &self.subscribed_topic_names, true)?;
        out.nullable_string("subscribed_topic_regex", self.subscribed_topic_regex.as_deref(), true)?;
        out.structure("assignment", &self.assignment, version)?;
        out.structure("target_assignment", &self.target_assignment, version)?;
        if version >= 1 {
            out.int8(self.member_type);
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.member_id = input.string("member_id", true)?;
        self.instance_id = input.nullable_string("instance_id", true)?;
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.member_epoch = input.int32("member_epoch")?;
        self.client_id = input.string("client_id", true)?;
        self.client_host = input.string("client_host", true)?;
        self.subscribed_topic_names = input.array("subscribed_topic_names", true)?;
        self.subscribed_topic_regex = input.nullable_string("subscribed_topic_regex", true)?;
        self.assignment = input.structure("assignment", version)?;
        self.target_assignment = input.structure("target_assignment", version)?;
        if version >= 1 {
            self.member_type = input.int8("member_type")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// `uuid`
    pub topic_id: Uuid,
    /// `string`
    pub topic_name: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicPartitions {
    const LEN_MIN: usize = 19;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.string("topic_name", &self.topic_name, true)?;
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.topic_name = input.string("topic_name", true)?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupDescribeResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    /// `[TopicPartitions]`
    pub topic_partitions: Vec<TopicPartitions>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Assignment {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("topic_partitions", &self.topic_partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_partitions = input.structures("topic_partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ConsumerGroupDescribeResponse {
    const NAME: &'static str = "ConsumerGroupDescribeResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for ConsumerGroupDescribeResponse {
    const KEY: ApiKey = ApiKey::ConsumerGroupDescribe;
}
