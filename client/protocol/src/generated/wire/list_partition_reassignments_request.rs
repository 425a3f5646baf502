// Written by `cargo ci codegen` from schema/wire/list_partition_reassignments_request.schema.

//! `ListPartitionReassignmentsRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPartitionReassignmentsRequest {
    /// `int32 = 60000`
    pub timeout_ms: i32,
    /// `[ListPartitionReassignmentsTopics]? = null`
    pub topics: Option<Vec<ListPartitionReassignmentsTopics>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ListPartitionReassignmentsRequest {
    fn default() -> Self {
        Self { timeout_ms: 60000, topics: None, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for ListPartitionReassignmentsRequest {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.timeout_ms);
        out.nullable_structures("topics", self.topics.as_deref(), version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.timeout_ms = input.int32("timeout_ms")?;
        self.topics = input.nullable_structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ListPartitionReassignmentsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListPartitionReassignmentsTopics {
    /// `string`
    pub name: String,
    /// `[int32]`
    pub partition_indexes: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListPartitionReassignmentsTopics {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.array("partition_indexes", &self.partition_indexes, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.partition_indexes = input.array("partition_indexes", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ListPartitionReassignmentsRequest {
    const NAME: &'static str = "ListPartitionReassignmentsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for ListPartitionReassignmentsRequest {
    const KEY: ApiKey = ApiKey::ListPartitionReassignments;
    type Response = crate::ListPartitionReassignmentsResponse;
}
