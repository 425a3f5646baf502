//! The one binary: broker and tools.

fn main() {}
