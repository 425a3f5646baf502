//! The runner behind `cargo sim`.

fn main() {}
