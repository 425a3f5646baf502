// Written by `cargo ci codegen` from schema/raft-state/.

//! What a voter keeps of elections.

pub mod quorum_state_data;

pub use quorum_state_data::QuorumStateData;
