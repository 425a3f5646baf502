//! The client's decisions, sans-IO.
