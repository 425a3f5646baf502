//! What each client does on its own, ours among them: one file a client.
//!
//! **Not here**: cases in which several clients meet (`text`) or in which the broker dies (`kill`, `dump_log`).

pub(super) mod java;
pub(super) mod kcat;
pub(super) mod own;
pub(super) mod python;

use std::time::Duration;

use anyhow::{Result, ensure};

/// How long one client may take for one small thing.
const PATIENCE: Duration = Duration::from_secs(90);

/// Holds what came out against what was expected; the error shows both.
fn expect_equal(what: &str, found: &[u8], expected: &str) -> Result<()> {
    let found = String::from_utf8_lossy(found);
    ensure!(found == expected, "{what}\nexpected: {expected:?}\nfound:    {found:?}");
    Ok(())
}

/// Holds that `found` contains each of `parts`.
fn expect_parts(what: &str, found: &[u8], parts: &[&str]) -> Result<()> {
    let found = String::from_utf8_lossy(found);
    for part in parts {
        ensure!(found.contains(part), "{what}: nowhere {part:?} in\n{found}");
    }
    Ok(())
}
