// Written by `cargo ci codegen` from schema/wire/broker_heartbeat_request.schema.

//! `BrokerHeartbeatRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter, Uuid,
};

/// Body of a request; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerHeartbeatRequest {
    /// `int32`
    pub broker_id: i32,
    /// `int64 = -1`
    pub broker_epoch: i64,
    /// `int64`
    pub current_metadata_offset: i64,
    /// `bool`
    pub want_fence: bool,
    /// `bool`
    pub want_shut_down: bool,
    /// `[uuid] @1+ tag(0)`
    pub offline_log_dirs: Vec<Uuid>,
    /// `[uuid]? = null @2+ tag(1)`
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerHeartbeatRequest {
    fn default() -> Self {
        Self {
            broker_id: 0,
            broker_epoch: -1,
            current_metadata_offset: 0,
            want_fence: false,
            want_shut_down: false,
            offline_log_dirs: Vec::new(),
            cordoned_log_dirs: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for BrokerHeartbeatRequest {
    const LEN_MIN: usize = 23;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.int64(self.broker_epoch);
        out.int64(self.current_metadata_offset);
        out.bool(self.want_fence);
        out.bool(self.want_shut_down);
        if version < 1 && !self.offline_log_dirs.is_empty() {
            return Err(EncodeError::new("offline_log_dirs", EncodeErrorKind::NotInVersion));
        }
        if version < 2 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::new("cordoned_log_dirs", EncodeErrorKind::NotInVersion));
        }
        let mut tagged = TaggedWriter::default();
        if version >= 1 && !self.offline_log_dirs.is_empty() {
            let out = tagged.field(0);
            out.array("offline_log_dirs", &self.offline_log_dirs, true)?;
        }
        if version >= 2 && self.cordoned_log_dirs.is_some() {
            let out = tagged.field(1);
            out.nullable_array("cordoned_log_dirs", self.cordoned_log_dirs.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.current_metadata_offset = input.int64("current_metadata_offset")?;
        self.want_fence = input.bool("want_fence")?;
        self.want_shut_down = input.bool("want_shut_down")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 if version >= 1 => {
                    self.offline_log_dirs = input.array("offline_log_dirs", true)?;
                }
                1 if version >= 2 => {
                    self.cordoned_log_dirs = input.nullable_array("cordoned_log_dirs", true)?;
                }
                0..=1 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for BrokerHeartbeatRequest {
    const NAME: &'static str = "BrokerHeartbeatRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Request for BrokerHeartbeatRequest {
    const KEY: ApiKey = ApiKey::BrokerHeartbeat;
    type Response = crate::BrokerHeartbeatResponse;
}
