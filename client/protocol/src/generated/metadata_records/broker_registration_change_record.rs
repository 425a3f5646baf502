// Written by `cargo ci codegen` from schema/metadata-records/broker_registration_change_record.schema.

//! `BrokerRegistrationChangeRecord`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter, Uuid,
};

/// A metadata record, type 17; versions 0-3, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerRegistrationChangeRecord {
    /// `int32`
    pub broker_id: i32,
    /// `int64`
    pub broker_epoch: i64,
    /// `int8 tag(0)`
    pub fenced: i8,
    /// `int8 @1+ tag(1)`
    pub in_controlled_shutdown: i8,
    /// `[uuid] @2+ tag(2)`
    pub log_dirs: Vec<Uuid>,
    /// `[uuid]? = null @3+ tag(3)`
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for BrokerRegistrationChangeRecord {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.int64(self.broker_epoch);
        if version < 1 && self.in_controlled_shutdown != 0 {
            return Err(EncodeError::new("in_controlled_shutdown", EncodeErrorKind::NotInVersion));
        }
        if version < 2 && !self.log_dirs.is_empty() {
            return Err(EncodeError::new("log_dirs", EncodeErrorKind::NotInVersion));
        }
        if version < 3 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::new("cordoned_log_dirs", EncodeErrorKind::NotInVersion));
        }
        let mut tagged = TaggedWriter::default();
        if self.fenced != 0 {
            let out = tagged.field(0);
            out.int8(self.fenced);
        }
        if version >= 1 && self.in_controlled_shutdown != 0 {
            let out = tagged.field(1);
            out.int8(self.in_controlled_shutdown);
        }
        if version >= 2 && !self.log_dirs.is_empty() {
            let out = tagged.field(2);
            out.array("log_dirs", &self.log_dirs, true)?;
        }
        if version >= 3 && self.cordoned_log_dirs.is_some() {
            let out = tagged.field(3);
            out.nullable_array("cordoned_log_dirs", self.cordoned_log_dirs.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.fenced = input.int8("fenced")?;
                }
                1 if version >= 1 => {
                    self.in_controlled_shutdown = input.int8("in_controlled_shutdown")?;
                }
                2 if version >= 2 => {
                    self.log_dirs = input.array("log_dirs", true)?;
                }
                3 if version >= 3 => {
                    self.cordoned_log_dirs = input.nullable_array("cordoned_log_dirs", true)?;
                }
                1..=3 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for BrokerRegistrationChangeRecord {
    const NAME: &'static str = "BrokerRegistrationChangeRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=3;
}
