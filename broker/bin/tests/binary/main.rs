//! The real binary from outside: a broker, the tools against it, and what they refuse.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "these tests are about processes, files and ports of the machine they run on"
)]

mod refusals;
mod served;
mod tools;
