//! What `cargo ci codegen` writes from the schema.

pub(crate) mod api_keys;
pub(crate) mod error_codes;
pub mod group_records;
pub mod metadata_records;
pub mod raft_state;
pub mod share_records;
pub mod streams_state;
pub mod transaction_records;
pub(crate) mod wire;
