//! Holds the workspace's direct dependencies against the table.
//!
//! **Not here**: the table.

use super::graph::{Edge, Graph, Member};
use super::table::{DOORS, FEATURES, FREE, RUNTIMES, Role, Row, TABLE};
use crate::finding::Finding;

pub(super) fn check(graph: &Graph, found: &mut Vec<Finding>) {
    let ours: Vec<&str> = graph.members.iter().map(|member| member.name.as_str()).collect();
    for member in &graph.members {
        let Some(row) = TABLE.iter().find(|row| row.of == member.name) else {
            let wrong = format!("{} is not in the table of who may depend on whom", member.name);
            found.push(Finding::new(&member.manifest, 1, wrong, "give it a row in ci/src/deps/table.rs"));
            continue;
        };
        for edge in member.edges.iter().filter(|edge| !edge.dev) {
            let complaint =
                if ours.contains(&edge.to.as_str()) { inside(row, edge) } else { outside(row, edge) };
            if let Some((wrong, allowed)) = complaint {
                found.push(at(member, edge, &wrong, &allowed));
            }
        }
    }
}

fn at(member: &Member, edge: &Edge, wrong: &str, allowed: &str) -> Finding {
    Finding::new(&member.manifest, edge.line, format!("{} {wrong}", member.name), allowed)
}

/// What is wrong with an edge between two crates of ours, and what is allowed.
fn inside(row: &Row, edge: &Edge) -> Option<(String, String)> {
    if row.may_use.contains(&edge.to.as_str()) || FREE.contains(&row.of) {
        return None;
    }
    let allowed = if row.may_use.is_empty() {
        "it may depend on no crate of this workspace".to_owned()
    } else {
        format!("of this workspace it may depend on {}", row.may_use.join(", "))
    };
    Some((format!("depends on {}", edge.to), allowed))
}

/// What is wrong with an edge to a crate from outside, and what is allowed.
fn outside(row: &Row, edge: &Edge) -> Option<(String, String)> {
    let to = edge.to.as_str();
    match row.is {
        Role::Engine => None,
        Role::Core if RUNTIMES.contains(&to) => Some((
            format!("depends on {to}"),
            "a core is sans-IO: time is an argument, effects are data".to_owned(),
        )),
        Role::Shell if DOORS.contains(&to) => Some((
            format!("depends on {to}"),
            "the world is reached through klamm-env; engines alone use it".to_owned(),
        )),
        Role::Core | Role::Shell => edge.features.iter().find_map(|feature| {
            let (_, _, brings) =
                FEATURES.iter().find(|(name, banned, _)| *name == to && banned == feature)?;
            Some((
                format!("turns on {to}'s feature `{feature}`, which brings {brings}"),
                "engines and ci alone may".to_owned(),
            ))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the table says of crate `of` with one dependency on `to`, in a workspace that has both.
    fn check_edge(of: &str, to: &str, features: &[&str], dev: bool) -> Vec<String> {
        let edge =
            Edge { to: to.into(), line: 7, dev, features: features.iter().map(|f| (*f).into()).collect() };
        let mut members =
            vec![Member { name: of.into(), manifest: "a/Cargo.toml".into(), edges: vec![edge] }];
        if to.starts_with("klamm") {
            members.push(Member { name: to.into(), manifest: "b/Cargo.toml".into(), edges: vec![] });
        }
        let mut found = Vec::new();
        check(&Graph { members, outside: vec![] }, &mut found);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_edge_that_the_table_does_not_name_is_found() {
        assert_eq!(
            check_edge("klamm-log", "klamm-protocol", &[], false),
            ["a/Cargo.toml:7: klamm-log depends on klamm-protocol; \
              of this workspace it may depend on klamm-records, klamm-env"]
        );
        assert_eq!(check_edge("klamm-client-core", "klamm-env", &[], false).len(), 1);
        assert_eq!(check_edge("klamm-sim", "klamm-protocol", &[], false).len(), 1);
        assert_eq!(check_edge("klamm", "klamm-sim", &[], false).len(), 1);
        assert_eq!(check_edge("klamm-streams", "klamm-client-core", &[], false).len(), 1);
    }

    #[test]
    fn named_edges_dev_dependencies_and_scenarios_pass() {
        assert_eq!(check_edge("klamm-log", "klamm-env", &[], false), [""; 0]);
        assert_eq!(check_edge("klamm-log", "klamm-sim", &[], true), [""; 0]);
        assert_eq!(check_edge("klamm-scenarios", "klamm-sim", &[], false), [""; 0]);
        assert_eq!(check_edge("klamm-ci", "klamm-env-tokio", &[], false), [""; 0]);
    }

    #[test]
    fn a_runtime_in_a_core_is_found() {
        let found = check_edge("klamm-metadata", "tokio", &["sync"], false);
        assert!(found.len() == 1 && found[0].contains("klamm-metadata depends on tokio; a core is sans-IO"));
        assert_eq!(check_edge("klamm-broker", "tokio", &["sync", "io-util"], false), [""; 0]);
    }

    #[test]
    fn doors_beside_the_seam_are_found() {
        assert_eq!(check_edge("klamm-broker", "socket2", &[], false).len(), 1);
        assert_eq!(check_edge("klamm-env-tokio", "socket2", &[], false), [""; 0]);
        let found = check_edge("klamm-broker", "tokio", &["sync", "net"], false);
        assert!(found.len() == 1 && found[0].contains("feature `net`, which brings sockets"), "{found:?}");
        assert_eq!(check_edge("klamm-env-tokio", "tokio", &["net"], false), [""; 0]);
        assert_eq!(check_edge("klamm-client", "rand", &["default"], false).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        let found = check_edge("klamm-extra", "bytes", &[], false);
        assert!(found.len() == 1 && found[0].contains("klamm-extra is not in the table"), "{found:?}");
    }
}
