//! Workloads, fault plans, checkers and the seeded tests.
pub mod checkers;
pub mod history;
pub mod value;
