//! Prints random instances of every message in every version, a line each: name, version, bytes in hexadecimal.
//!
//! Another implementation reads each line, writes what it understood, and compares: see `tests/messages.rs` for
//! how Rust ones are held to it. Arguments: how many of each (1), and the seed (0).

#![allow(clippy::print_stdout)]

#[path = "../tests/random/mod.rs"]
mod random;

use std::fmt::Write as _;

use random::{Random, instance, schema};

fn main() {
    let mut arguments =
        std::env::args().skip(1).map(|argument| argument.parse().expect("arguments are numbers"));
    let count: u64 = arguments.next().unwrap_or(1);
    let mut random = Random(arguments.next().unwrap_or(0));
    for message in schema() {
        let versions = message.versions();
        for version in versions.first..=versions.last {
            for _ in 0..count {
                let bytes = instance(&message, version, &mut random);
                let mut hexadecimal = String::with_capacity(2 * bytes.len());
                for byte in bytes {
                    write!(hexadecimal, "{byte:02x}").expect("a string takes everything");
                }
                println!("{} {version} {hexadecimal}", message.name);
            }
        }
    }
}
