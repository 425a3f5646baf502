//! No two crates for one job, no two versions of one crate, and none that breaks determinism.
//!
//! Judged are the crates that a `Cargo.toml` of ours names, and all that is linked into the `klamm` binary. What
//! macros use while they run in the compiler is theirs.
//!
//! **Not here**: licences and the table of who may depend on whom.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use crate::finding::Finding;

/// Jobs, and the crates that do them.
const JOBS: &[(&str, &[&str])] = &[
    ("async runtime", &["tokio", "async-std", "smol", "glommio", "monoio", "compio"]),
    ("command line", &["clap", "structopt", "argh", "pico-args", "lexopt", "bpaf", "gumdrop"]),
    ("CRC-32C", &["crc32c", "crc-fast", "crc32c-hw", "crc"]),
    ("error with a cause", &["anyhow", "eyre", "color-eyre", "miette"]),
    ("error enum", &["thiserror", "snafu", "quick-error", "failure", "derive_more"]),
    ("gzip", &["flate2", "libdeflater", "libflate", "zune-inflate"]),
    ("deflate", &["miniz_oxide", "zlib-rs", "libz-sys", "libz-rs-sys", "cloudflare-zlib-sys"]),
    (
        "HTTP client or server",
        &["hyper", "reqwest", "ureq", "isahc", "curl", "tiny_http", "actix-web", "attohttpc"],
    ),
    ("HTTP router", &["axum", "warp", "rocket", "poem", "actix-web", "salvo"]),
    ("JSON", &["serde_json", "simd-json", "sonic-rs", "json", "tinyjson", "nanoserde", "miniserde"]),
    ("LZ4", &["lz4_flex", "lz4", "lzzzz"]),
    ("log and trace", &["tracing", "slog", "fern", "env_logger", "log4rs", "flexi_logger"]),
    ("metrics", &["prometheus-client", "prometheus", "metrics", "opentelemetry"]),
    ("progress bar", &["indicatif", "pbr", "linya", "kdam"]),
    ("property test", &["proptest", "quickcheck", "bolero", "arbtest"]),
    ("random numbers", &["rand", "oorandom", "nanorand", "fastrand", "tinyrand"]),
    ("regular expressions", &["regex", "regex-lite", "fancy-regex", "pcre2", "onig"]),
    ("snappy", &["snap", "rust-snappy", "ruzzy"]),
    ("system calls", &["rustix", "nix"]),
    ("TLS", &["rustls", "native-tls", "openssl", "boring", "s2n-tls"]),
    ("zstd", &["zstd", "ruzstd", "async-compression"]),
];

/// Crates that are not built into anything here, with the reason and what to use instead.
const BANNED: &[(&str, &str, &str)] = &[(
    "zlib-rs",
    "its output depends on the CPU, so a seed's history would too",
    "flate2 with the feature rust_backend",
)];

pub(super) fn check(graph: &Graph, found: &mut Vec<Finding>) {
    let named: BTreeMap<&str, (&str, usize)> = graph
        .members
        .iter()
        .flat_map(|member| {
            member.edges.iter().map(|edge| (edge.to.as_str(), (member.manifest.as_str(), edge.line)))
        })
        .collect();
    let judged: BTreeSet<&str> = graph
        .outside
        .iter()
        .filter(|package| package.shipped)
        .map(|package| package.name.as_str())
        .chain(named.keys().copied())
        .collect();
    let place = |name: &str| named.get(name).copied().unwrap_or(("Cargo.lock", 1));

    for (job, crates) in JOBS {
        let present: Vec<&str> = crates.iter().copied().filter(|name| judged.contains(name)).collect();
        if let [kept, .., last] = present[..] {
            let (path, line) = place(last);
            let wrong = format!("{} do one job: {job}", present.join(" and "));
            found.push(Finding::new(path, line, wrong, format!("keep one, such as {kept}")));
        }
    }
    for (name, versions) in versions(graph, &judged) {
        if versions.len() > 1 {
            let (path, line) = place(name);
            let versions: Vec<&str> = versions.into_iter().collect();
            let wrong = format!("{name} comes in the versions {}", versions.join(" and "));
            found.push(Finding::new(path, line, wrong, "one version of a crate"));
        }
    }
    for (name, reason, instead) in BANNED {
        if graph.outside.iter().any(|package| package.name == *name) {
            let (path, line) = place(name);
            found.push(Finding::new(
                path,
                line,
                format!("{name} is built: {reason}"),
                format!("use {instead}"),
            ));
        }
    }
}

/// The versions of each judged crate.
fn versions<'a>(graph: &'a Graph, judged: &BTreeSet<&'a str>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in
        graph.outside.iter().filter(|package| package.linked && judged.contains(package.name.as_str()))
    {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Edge, Member, Outside};
    use super::*;

    fn outside(name: &str, version: &str, shipped: bool) -> Outside {
        Outside { name: name.into(), version: version.into(), license: None, linked: true, shipped }
    }

    fn findings(named: &[&str], outside: Vec<Outside>) -> Vec<String> {
        let edge = |(index, name): (usize, &&str)| Edge {
            to: (*name).into(),
            line: index + 1,
            dev: false,
            features: vec![],
        };
        let edges = named.iter().enumerate().map(edge).collect();
        let member = Member { name: "klamm".into(), manifest: "broker/bin/Cargo.toml".into(), edges };
        let mut found = Vec::new();
        check(&Graph { members: vec![member], outside }, &mut found);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn two_crates_for_one_job_are_found() {
        assert_eq!(
            findings(&["serde_json", "simd-json"], vec![]),
            [
                "broker/bin/Cargo.toml:2: serde_json and simd-json do one job: JSON; keep one, such as serde_json"
            ]
        );
        assert_eq!(findings(&["rustls"], vec![outside("openssl", "1.0.0", true)]).len(), 1);
        assert_eq!(findings(&["lz4_flex"], vec![outside("lz4", "1.0.0", false)]), [""; 0]);
    }

    #[test]
    fn two_versions_of_a_crate_are_found() {
        let twice = |shipped| vec![outside("http", "0.2.0", shipped), outside("http", "1.0.0", shipped)];
        assert_eq!(
            findings(&[], twice(true)),
            ["Cargo.lock:1: http comes in the versions 0.2.0 and 1.0.0; one version of a crate"]
        );
        assert_eq!(findings(&["http"], twice(false)).len(), 1);
        assert_eq!(findings(&[], twice(false)), [""; 0]);
    }

    #[test]
    fn a_codec_that_depends_on_the_cpu_is_found() {
        let found = findings(&[], vec![outside("zlib-rs", "0.5.0", false)]);
        assert!(found.len() == 1 && found[0].contains("its output depends on the CPU"), "{found:?}");
    }
}
