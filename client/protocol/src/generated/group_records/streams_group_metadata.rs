// Written by `cargo ci codegen` from schema/group-records/streams_group_metadata.schema.

//! `StreamsGroupMetadataKey` and `StreamsGroupMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter};

/// Key of a record, type 17; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupMetadataKey {
    /// `string`
    pub group_id: String,
}

impl Structure for StreamsGroupMetadataKey {
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

impl Message for StreamsGroupMetadataKey {
    const NAME: &'static str = "StreamsGroupMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 17; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupMetadataValue {
    /// `int32`
    pub epoch: i32,
    /// `int64`
    pub metadata_hash: i64,
    /// `int32 = -1 tag(0)`
    pub validated_topology_epoch: i32,
    /// `[LastAssignmentConfig]? tag(1)`
    pub last_assignment_configs: Option<Vec<LastAssignmentConfig>>,
    /// `int32 = -1 tag(2)`
    pub stored_description_topology_epoch: i32,
    /// `int32 = -1 tag(3)`
    pub failed_description_topology_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupMetadataValue {
    fn default() -> Self {
        Self {
            epoch: 0,
            metadata_hash: 0,
            validated_topology_epoch: -1,
            last_assignment_configs: Some(Vec::new()),
            stored_description_topology_epoch: -1,
            failed_description_topology_epoch: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for StreamsGroupMetadataValue {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.epoch);
        out.int64(self.metadata_hash);
        let mut tagged = TaggedWriter::default();
        if self.validated_topology_epoch != -1 {
            let out = tagged.field(0);
            out.int32(self.validated_topology_epoch);
        }
        if self.last_assignment_configs.as_ref().is_none_or(|value| !value.is_empty()) {
            let out = tagged.field(1);
            out.nullable_structures(
                "last_assignment_configs",
                self.last_assignment_configs.as_deref(),
                version,
                true,
            )?;
        }
        if self.stored_description_topology_epoch != -1 {
            let out = tagged.field(2);
            out.int32(self.stored_description_topology_epoch);
        }
        if self.failed_description_topology_epoch != -1 {
            let out = tagged.field(3);
            out.int32(self.failed_description_topology_epoch);
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.epoch = input.int32("epoch")?;
        self.metadata_hash = input.int64("metadata_hash")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.validated_topology_epoch = input.int32("validated_topology_epoch")?;
                }
                1 => {
                    self.last_assignment_configs =
                        input.nullable_structures("last_assignment_configs", version, true)?;
                }
                2 => {
                    self.stored_description_topology_epoch =
                        input.int32("stored_description_topology_epoch")?;
                }
                3 => {
                    self.failed_description_topology_epoch =
                        input.int32("failed_description_topology_epoch")?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`StreamsGroupMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LastAssignmentConfig {
    /// `string`
    pub key: String,
    /// `string`
    pub value: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for LastAssignmentConfig {
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

impl Message for StreamsGroupMetadataValue {
    const NAME: &'static str = "StreamsGroupMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
