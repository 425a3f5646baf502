// Written by `cargo ci codegen` from schema/wire/produce_request.schema.

//! `ProduceRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Records, Structure,
    TaggedFields, Uuid,
};

/// Body of a request; versions 3-13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProduceRequest {
    /// `string? = null`
    pub transactional_id: Option<String>,
    /// `int16`
    pub acks: i16,
    /// `int32`
    pub timeout_ms: i32,
    /// `[TopicProduceData]`
    pub topic_data: Vec<TopicProduceData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ProduceRequest {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.nullable_string("transactional_id", self.transactional_id.as_deref(), flexible)?;
        out.int16(self.acks);
        out.int32(self.timeout_ms);
        out.structures("topic_data", &self.topic_data, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.transactional_id = input.nullable_string("transactional_id", flexible)?;
        self.acks = input.int16("acks")?;
        self.timeout_ms = input.int32("timeout_ms")?;
        self.topic_data = input.structures("topic_data", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ProduceRequest`]; versions 3-13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicProduceData {
    /// `string @3-12 ignorable`
    pub name: String,
    /// `uuid @13+ ignorable`
    pub topic_id: Uuid,
    /// `[PartitionProduceData]`
    pub partition_data: Vec<PartitionProduceData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicProduceData {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        if version <= 12 {
            out.string("name", &self.name, flexible)?;
        }
        if version >= 13 {
            out.uuid(self.topic_id);
        }
        out.structures("partition_data", &self.partition_data, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        if version <= 12 {
            self.name = input.string("name", flexible)?;
        }
        if version >= 13 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.partition_data = input.structures("partition_data", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ProduceRequest`]; versions 3-13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionProduceData {
    /// `int32`
    pub index: i32,
    /// `records?`
    pub records: Option<Records>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionProduceData {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.int32(self.index);
        out.nullable_records("records", self.records.as_ref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.index = input.int32("index")?;
        self.records = input.nullable_records("records", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ProduceRequest {
    const NAME: &'static str = "ProduceRequest";
    const VERSIONS: RangeInclusive<i16> = 3..=13;
}

impl crate::Request for ProduceRequest {
    const KEY: ApiKey = ApiKey::Produce;
    type Response = crate::ProduceResponse;
}
