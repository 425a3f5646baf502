// Written by `cargo ci codegen` from schema/wire/consumer_protocol_subscription.schema.

//! `ConsumerProtocolSubscription`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// A message of its own; versions 0-3.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerProtocolSubscription {
    /// `[string]`
    pub topics: Vec<String>,
    /// `bytes? = null`
    pub user_data: Option<Bytes>,
    /// `[TopicPartition] @1+ ignorable`
    pub owned_partitions: Vec<TopicPartition>,
    /// `int32 = -1 @2+ ignorable`
    pub generation_id: i32,
    /// `string? = null @3+ ignorable`
    pub rack_id: Option<String>,
}

impl Default for ConsumerProtocolSubscription {
    fn default() -> Self {
        Self {
            topics: Vec::new(),
            user_data: None,
            owned_partitions: Vec::new(),
            generation_id: -1,
            rack_id: None,
        }
    }
}

impl Structure for ConsumerProtocolSubscription {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.array("topics", &self.topics, false)?;
        out.nullable_bytes("user_data", self.user_data.as_ref(), false)?;
        if version >= 1 {
            out.structures("owned_partitions", &self.owned_partitions, version, false)?;
        }
        if version >= 2 {
            out.int32(self.generation_id);
        }
        if version >= 3 {
            out.nullable_string("rack_id", self.rack_id.as_deref(), false)?;
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topics = input.array("topics", false)?;
        self.user_data = input.nullable_bytes("user_data", false)?;
        if version >= 1 {
            self.owned_partitions = input.structures("owned_partitions", version, false)?;
        }
        if version >= 2 {
            self.generation_id = input.int32("generation_id")?;
        }
        if version >= 3 {
            self.rack_id = input.nullable_string("rack_id", false)?;
        }
        Ok(())
    }
}

/// Part of [`ConsumerProtocolSubscription`]; versions 1-3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartition {
    /// `string`
    pub topic: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
}

impl Structure for TopicPartition {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("topic", &self.topic, false)?;
        out.array("partitions", &self.partitions, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic = input.string("topic", false)?;
        self.partitions = input.array("partitions", false)?;
        Ok(())
    }
}

impl Message for ConsumerProtocolSubscription {
    const NAME: &'static str = "ConsumerProtocolSubscription";
    const VERSIONS: RangeInclusive<i16> = 0..=3;
}
