// Written by `cargo ci codegen` from schema/wire/aborted_txn.schema.

//! `AbortedTxn`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// A message of its own; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbortedTxn {
    /// `int64`
    pub producer_id: i64,
    /// `int64`
    pub first_offset: i64,
    /// `int64`
    pub last_offset: i64,
    /// `int64`
    pub last_stable_offset: i64,
}

impl Structure for AbortedTxn {
    const LEN_MIN: usize = 32;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.producer_id);
        out.int64(self.first_offset);
        out.int64(self.last_offset);
        out.int64(self.last_stable_offset);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.producer_id = input.int64("producer_id")?;
        self.first_offset = input.int64("first_offset")?;
        self.last_offset = input.int64("last_offset")?;
        self.last_stable_offset = input.int64("last_stable_offset")?;
        Ok(())
    }
}

impl Message for AbortedTxn {
    const NAME: &'static str = "AbortedTxn";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
