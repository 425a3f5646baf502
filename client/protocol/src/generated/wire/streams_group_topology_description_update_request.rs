// Written by `cargo ci codegen` from schema/wire/streams_group_topology_description_update_request.schema.

//! `StreamsGroupTopologyDescriptionUpdateRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTopologyDescriptionUpdateRequest {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
    /// `int32`
    pub topology_epoch: i32,
    /// `TopologyDescription`
    pub topology_description: TopologyDescription,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupTopologyDescriptionUpdateRequest {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        out.string("member_id", &self.member_id, true)?;
        out.int32(self.topology_epoch);
        out.structure("topology_description", &self.topology_description, version)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        self.member_id = input.string("member_id", true)?;
        self.topology_epoch = input.int32("topology_epoch")?;
        self.topology_description = input.structure("topology_description", version)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`]; version 0, flexible.
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

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`]; version 0, flexible.
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

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`]; version 0, flexible.
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

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`]; version 0, flexible.
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

impl Message for StreamsGroupTopologyDescriptionUpdateRequest {
    const NAME: &'static str = "StreamsGroupTopologyDescriptionUpdateRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for StreamsGroupTopologyDescriptionUpdateRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupTopologyDescriptionUpdate;
    type Response = crate::StreamsGroupTopologyDescriptionUpdateResponse;
}
