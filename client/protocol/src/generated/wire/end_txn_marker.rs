// Written by `cargo ci codegen` from schema/wire/end_txn_marker.schema.

//! `EndTxnMarker`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// A message of its own; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndTxnMarker {
    /// `int32`
    pub coordinator_epoch: i32,
}

impl Structure for EndTxnMarker {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.coordinator_epoch);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.coordinator_epoch = input.int32("coordinator_epoch")?;
        Ok(())
    }
}

impl Message for EndTxnMarker {
    const NAME: &'static str = "EndTxnMarker";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
