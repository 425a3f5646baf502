//! Metadata image, delta and controller decisions, sans-IO.

pub mod config;
