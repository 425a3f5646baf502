// Written by `cargo ci codegen` from schema/group-records/legacy_offset_commit.schema.

//! `LegacyOffsetCommitKey` and `LegacyOffsetCommitValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// Key of a record, type 0; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegacyOffsetCommitKey {
    /// `string`
    pub group: String,
    /// `string`
    pub topic: String,
    /// `int32`
    pub partition: i32,
}

impl Structure for LegacyOffsetCommitKey {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group", &self.group, false)?;
        out.string("topic", &self.topic, false)?;
        out.int32(self.partition);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group = input.string("group", false)?;
        self.topic = input.string("topic", false)?;
        self.partition = input.int32("partition")?;
        Ok(())
    }
}

impl Message for LegacyOffsetCommitKey {
    const NAME: &'static str = "LegacyOffsetCommitKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 0; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegacyOffsetCommitValue {
    /// `int64`
    pub offset: i64,
    /// `string`
    pub metadata: String,
    /// `int64`
    pub commit_timestamp: i64,
}

impl Structure for LegacyOffsetCommitValue {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.offset);
        out.string("metadata", &self.metadata, false)?;
        out.int64(self.commit_timestamp);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.offset = input.int64("offset")?;
        self.metadata = input.string("metadata", false)?;
        self.commit_timestamp = input.int64("commit_timestamp")?;
        Ok(())
    }
}

impl Message for LegacyOffsetCommitValue {
    const NAME: &'static str = "LegacyOffsetCommitValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
