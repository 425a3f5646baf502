//! Kafka's messages, their codec, error codes and API keys.
//!
//! ```text
//!   schema/*.schema ── cargo ci codegen ──▶ generated/  one module per message
//!                                               │ write / read, field by field
//!   Frame ◀── encode_request / encode_response ─┤
//!    pieces: Bytes (large fields chained)       ▼
//!            Range (the sender fills it)     Encoder · Decoder · TaggedFields
//! ```
//!
//! Messages live at the root, one module each: [`fetch_request::FetchTopic`] and, for the message itself,
//! [`FetchRequest`]. Records of the internal topics have a module per topic: [`metadata_records`],
//! [`group_records`], [`transaction_records`], [`share_records`].
//!
//! **Invariants**
//! 1. Bytes of a peer never panic, and nothing is allocated from a number before it is held against the bytes
//!    that are left and against the decoder's budget.
//! 2. Decoding copies no `bytes` and no records: they are slices of the input.
//! 3. A value that a version cannot carry is an error that names message, version and field, unless the schema
//!    says that it may be dropped.
//! 4. Tagged fields that the schema does not know survive decoding and encoding.
//!
//! **Not here**: record batches (`klamm-records`), sockets and frames' size limits, which versions a listener serves.

mod any_record;
mod api_key;
mod decoder;
mod encoder;
mod error;
mod error_code;
mod frame;
mod generated;
mod message;
mod records;
mod tagged_fields;
mod uuid;

pub use any_record::AnyRecord;
pub use api_key::{ApiKey, UnknownApiKey};
pub use decoder::{Decoder, OpenTag};
pub use encoder::{Element, Encoder};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
pub use error_code::ErrorCode;
pub use frame::{
    Frame, Piece, decode_request_header, decode_response_header, encode_request, encode_response,
};
pub use generated::wire::*;
pub use generated::{
    group_records, metadata_records, raft_state, share_records, streams_state, transaction_records,
};
pub use message::{Message, Request, Response, Structure};
pub use records::Records;
pub use tagged_fields::{TaggedFields, TaggedWriter};
pub use uuid::{Uuid, UuidParseError};
