// Written by `cargo ci codegen` from schema/group-records/offset_commit.schema.

//! `OffsetCommitKey` and `OffsetCommitValue`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter, Uuid,
};

/// Key of a record, type 1; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitKey {
    /// `string`
    pub group: String,
    /// `string`
    pub topic: String,
    /// `int32`
    pub partition: i32,
}

impl Structure for OffsetCommitKey {
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

impl Message for OffsetCommitKey {
    const NAME: &'static str = "OffsetCommitKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 1; versions 0-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitValue {
    /// `int64`
    pub offset: i64,
    /// `int32 = -1 @3+ ignorable`
    pub leader_epoch: i32,
    /// `string`
    pub metadata: String,
    /// `int64`
    pub commit_timestamp: i64,
    /// `int64 = -1 @1 ignorable`
    pub expire_timestamp: i64,
    /// `uuid @4+ tag(0) ignorable`
    pub topic_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetCommitValue {
    fn default() -> Self {
        Self {
            offset: 0,
            leader_epoch: -1,
            metadata: String::new(),
            commit_timestamp: 0,
            expire_timestamp: -1,
            topic_id: Uuid::ZERO,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for OffsetCommitValue {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.int64(self.offset);
        if version >= 3 {
            out.int32(self.leader_epoch);
        }
        out.string("metadata", &self.metadata, flexible)?;
        out.int64(self.commit_timestamp);
        if version == 1 {
            out.int64(self.expire_timestamp);
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if !self.topic_id.is_zero() {
                let out = tagged.field(0);
                out.uuid(self.topic_id);
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.offset = input.int64("offset")?;
        if version >= 3 {
            self.leader_epoch = input.int32("leader_epoch")?;
        }
        self.metadata = input.string("metadata", flexible)?;
        self.commit_timestamp = input.int64("commit_timestamp")?;
        if version == 1 {
            self.expire_timestamp = input.int64("expire_timestamp")?;
        }
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 => {
                        self.topic_id = input.uuid("topic_id")?;
                    }
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

impl Message for OffsetCommitValue {
    const NAME: &'static str = "OffsetCommitValue";
    const VERSIONS: RangeInclusive<i16> = 0..=4;
}
