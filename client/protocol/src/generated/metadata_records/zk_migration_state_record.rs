// Written by `cargo ci codegen` from schema/metadata-records/zk_migration_state_record.schema.

//! `ZkMigrationStateRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 21; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZkMigrationStateRecord {
    /// `int8`
    pub zk_migration_state: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ZkMigrationStateRecord {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int8(self.zk_migration_state);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.zk_migration_state = input.int8("zk_migration_state")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ZkMigrationStateRecord {
    const NAME: &'static str = "ZkMigrationStateRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
