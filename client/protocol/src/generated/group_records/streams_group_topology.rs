// Written by `cargo ci codegen` from schema/group-records/streams_group_topology.schema.

//! `StreamsGroupTopologyKey` and `StreamsGroupTopologyValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Key of a record, type 23; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTopologyKey {
    /// `string`
    pub group_id: String,
}

impl Structure for StreamsGroupTopologyKey {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        Ok(())
    }
}

impl Message for StreamsGroupTopologyKey {
    const NAME: &'static str = "StreamsGroupTopologyKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 23; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTopologyValue {
    /// `int32`
    pub epoch: i32,
    /// `[Subtopology]`
    pub subtopologies: Vec<Subtopology>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupTopologyValue {
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

/// Part of [`StreamsGroupTopologyValue`]; version 0, flexible.
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

/// Part of [`StreamsGroupTopologyValue`]; version 0, flexible.
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

/// Part of [`StreamsGroupTopologyValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicConfig {
    /// `string`
    pub key: String,
    /// `string`
    pub value: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicConfig {
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

/// Part of [`StreamsGroupTopologyValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicInfo {
    /// `string`
    pub name: String,
    /// `int32`
    pub partitions: i32,
    /// `int16`
    pub replication_factor: i16,
    /// `[TopicConfig]`
    pub topic_configs: Vec<TopicConfig>,
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

impl Message for StreamsGroupTopologyValue {
    const NAME: &'static str = "StreamsGroupTopologyValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
