// Written by `cargo ci codegen` from schema/streams-state/.

//! What Streams' members tell each other.

pub mod subscription_info_data;

pub use subscription_info_data::SubscriptionInfoData;
