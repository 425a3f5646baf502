//! Who may depend on whom, as data.
//!
//! Direct, normal edges count; dev-dependencies are free. A crate of the workspace without a row is a finding.
//!
//! **Not here**: how the table is held against the workspace (`edges`).

/// One row: a crate of ours, and the crates of ours that it may name.
pub(super) struct Row {
    pub(super) of: &'static str,
    pub(super) may_use: &'static [&'static str],
    pub(super) is: Role,
}

/// What kind of ground a crate stands on, which decides about crates from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Sans-IO: no async runtime and no door to the world.
    Core,
    /// Reaches the world through `klamm-env` alone.
    Shell,
    /// Is a door to the world.
    Engine,
}

use Role::{Core, Engine, Shell};

const fn row(of: &'static str, is: Role, may_use: &'static [&'static str]) -> Row {
    Row { of, may_use, is }
}

/// Every library that ships.
const LIBRARIES: &[&str] = &[
    "klamm-env",
    "klamm-env-tokio",
    "klamm-protocol",
    "klamm-records",
    "klamm-client-core",
    "klamm-client",
    "klamm-streams",
    "klamm-connect",
    "klamm-log",
    "klamm-raft",
    "klamm-metadata",
    "klamm-replica",
    "klamm-coordinator",
    "klamm-security",
    "klamm-broker",
    "klamm-console",
];

/// Simulators of others, under engines that ship with nothing: what they bring along for themselves is theirs.
pub(super) const GUESTS: [&str; 2] = ["madsim", "turmoil"];

/// The crates that may use any other.
pub(super) const FREE: [&str; 1] = ["klamm-scenarios"];

/// The table.
pub(super) const TABLE: &[Row] = &[
    row("klamm-env", Shell, &[]),
    row("klamm-env-tokio", Engine, &["klamm-env"]),
    row("klamm-env-hosted", Shell, &["klamm-env"]),
    row("klamm-env-turmoil", Engine, &["klamm-env", "klamm-env-hosted"]),
    row("klamm-env-madsim", Engine, &["klamm-env", "klamm-env-hosted"]),
    row("klamm-sim", Engine, &["klamm-env"]),
    row("klamm-conformance", Shell, &["klamm-env", "klamm-env-hosted"]),
    row("klamm-protocol", Core, &[]),
    row("klamm-records", Core, &["klamm-protocol"]),
    row("klamm-client-core", Core, &["klamm-protocol", "klamm-records"]),
    row("klamm-raft", Core, &["klamm-protocol", "klamm-records"]),
    row("klamm-metadata", Core, &["klamm-protocol", "klamm-records"]),
    row("klamm-replica", Core, &["klamm-protocol", "klamm-records", "klamm-log"]),
    row("klamm-coordinator", Core, &["klamm-protocol", "klamm-records", "klamm-metadata"]),
    row("klamm-security", Core, &["klamm-protocol", "klamm-records"]),
    row("klamm-log", Shell, &["klamm-records", "klamm-env"]),
    row("klamm-client", Shell, &["klamm-client-core", "klamm-protocol", "klamm-records", "klamm-env"]),
    row("klamm-streams", Shell, &["klamm-client", "klamm-env", "klamm-records"]),
    row("klamm-connect", Shell, &["klamm-client", "klamm-env", "klamm-records"]),
    row(
        "klamm-broker",
        Shell,
        &[
            "klamm-raft",
            "klamm-metadata",
            "klamm-replica",
            "klamm-coordinator",
            "klamm-security",
            "klamm-log",
            "klamm-protocol",
            "klamm-records",
            "klamm-env",
            "klamm-client",
        ],
    ),
    row("klamm-console", Shell, &["klamm-client", "klamm-env"]),
    row("klamm", Shell, LIBRARIES),
    row(
        "klamm-ci",
        Engine,
        &["klamm-protocol", "klamm-records", "klamm-client", "klamm-env", "klamm-env-tokio"],
    ),
    row("klamm-scenarios", Shell, &[]),
];

/// Crates from outside that are a runtime or a door to the world. Cores use none of them.
pub(super) const RUNTIMES: &[&str] = &[
    "tokio",
    "tokio-util",
    "async-std",
    "smol",
    "mio",
    "hyper",
    "axum",
    "tower",
    "socket2",
    "rustix",
    "libc",
    "nix",
    "getrandom",
    "fastrand",
    "tempfile",
    "chrono",
    "time",
];

/// Doors that shells do not use either: the seam has what they would give.
pub(super) const DOORS: &[&str] =
    &["mio", "socket2", "rustix", "libc", "nix", "getrandom", "fastrand", "chrono", "time"];

/// Features by which an innocent crate becomes a door: the crate, the feature, and what it brings in.
pub(super) const FEATURES: &[(&str, &str, &str)] = &[
    ("tokio", "rt", "tasks outside the seam"),
    ("tokio", "rt-multi-thread", "threads outside the seam"),
    ("tokio", "net", "sockets outside the seam"),
    ("tokio", "fs", "files outside the seam"),
    ("tokio", "time", "time outside the seam"),
    ("tokio", "signal", "signals outside the seam"),
    ("tokio", "process", "processes outside the seam"),
    ("tokio", "full", "everything outside the seam"),
    ("rand", "default", "a generator with a random seed"),
    ("rand", "thread_rng", "a generator with a random seed"),
    ("rand", "sys_rng", "a generator with a random seed"),
    ("rand", "os_rng", "a generator with a random seed"),
    ("hashbrown", "default", "a hasher with a random seed"),
    ("hashbrown", "default-hasher", "a hasher with a random seed"),
    ("ahash", "runtime-rng", "a hasher with a random seed"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_table_are_rows_of_it() {
        let rows: Vec<_> = TABLE.iter().map(|row| row.of).collect();
        for row in TABLE {
            for used in row.may_use {
                assert!(rows.contains(used), "{} may use {used}, which has no row", row.of);
                assert_ne!(row.of, *used);
            }
        }
    }

    #[test]
    fn no_core_may_use_the_seam_or_an_engine() {
        for row in TABLE.iter().filter(|row| row.is == Core) {
            assert!(!row.may_use.iter().any(|used| used.starts_with("klamm-env") || *used == "klamm-sim"));
        }
    }
}
