// Written by `cargo ci codegen` from schema/wire/consumer_protocol_assignment.schema.

//! `ConsumerProtocolAssignment`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// A message of its own; versions 0-3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerProtocolAssignment {
    /// `[TopicPartition]`
    pub assigned_partitions: Vec<TopicPartition>,
    /// `bytes? = null`
    pub user_data: Option<Bytes>,
}

impl Structure for ConsumerProtocolAssignment {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("assigned_partitions", &self.assigned_partitions, version, false)?;
        out.nullable_bytes("user_data", self.user_data.as_ref(), false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.assigned_partitions = input.structures("assigned_partitions", version, false)?;
        self.user_data = input.nullable_bytes("user_data", false)?;
        Ok(())
    }
}

/// Part of [`ConsumerProtocolAssignment`]; versions 0-3.
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

impl Message for ConsumerProtocolAssignment {
    const NAME: &'static str = "ConsumerProtocolAssignment";
    const VERSIONS: RangeInclusive<i16> = 0..=3;
}
