// Written by `cargo ci codegen` from schema/group-records/consumer_group_regular_expression.schema.

//! `ConsumerGroupRegularExpressionKey` and `ConsumerGroupRegularExpressionValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Key of a record, type 16; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupRegularExpressionKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub regular_expression: String,
}

impl Structure for ConsumerGroupRegularExpressionKey {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        out.string("regular_expression", &self.regular_expression, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        self.regular_expression = input.string("regular_expression", false)?;
        Ok(())
    }
}

impl Message for ConsumerGroupRegularExpressionKey {
    const NAME: &'static str = "ConsumerGroupRegularExpressionKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 16; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupRegularExpressionValue {
    /// `[string]`
    pub topics: Vec<String>,
    /// `int64`
    pub version: i64,
    /// `int64`
    pub timestamp: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ConsumerGroupRegularExpressionValue {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.array("topics", &self.topics, true)?;
        out.int64(self.version);
        out.int64(self.timestamp);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topics = input.array("topics", true)?;
        self.version = input.int64("version")?;
        self.timestamp = input.int64("timestamp")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ConsumerGroupRegularExpressionValue {
    const NAME: &'static str = "ConsumerGroupRegularExpressionValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
