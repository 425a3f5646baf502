//! Licences by allow-list, over everything that is built.
//!
//! **Not here**: advisories, which need the advisory database: `cargo deny check` with `deny.toml`.

use super::graph::Graph;
use crate::finding::Finding;

/// Licences that ask for no more than their text and their authors' names. `deny.toml` repeats them.
pub(super) const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Zlib",
];

pub(super) fn check(graph: &Graph, found: &mut Vec<Finding>) {
    for package in &graph.outside {
        let license = package.license.as_deref().unwrap_or_default();
        if !is_allowed(license) {
            let wrong = if license.is_empty() {
                format!("{} {} names no licence", package.name, package.version)
            } else {
                format!("{} {} has the licence {license}", package.name, package.version)
            };
            found.push(Finding::new("Cargo.lock", 1, wrong, format!("allowed are {}", ALLOWED.join(", "))));
        }
    }
}

/// Whether an SPDX expression leaves a way within [`ALLOWED`]. `/` is an old spelling of `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words) && words.peek().is_none()
}

fn any_of<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> bool {
    let mut allowed = all_of(words);
    while words.next_if_eq(&"OR").is_some() {
        allowed |= all_of(words);
    }
    allowed
}

fn all_of<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> bool {
    let mut allowed = one(words);
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words);
    }
    allowed
}

fn one<'a>(words: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> bool {
    match words.next() {
        Some("(") => any_of(words) & words.next_if_eq(&")").is_some(),
        Some(id) if words.next_if_eq(&"WITH").is_some() => {
            words.next().is_some_and(|exception| ALLOWED.contains(&format!("{id} WITH {exception}").as_str()))
        }
        Some(id) => ALLOWED.contains(&id),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::Outside;
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        for allowed in [
            "MIT",
            "MIT/Apache-2.0",
            "Unlicense OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in
            ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND AGPL-3.0", "(MIT", "MIT ISC", "OR MIT"]
        {
            assert!(!is_allowed(refused), "{refused}");
        }
    }

    #[test]
    fn a_foreign_licence_is_found() {
        let outside = |license: Option<&str>| Outside {
            name: "left-pad".into(),
            version: "1.0.0".into(),
            license: license.map(Into::into),
            linked: true,
            shipped: false,
        };
        let mut found = Vec::new();
        check(&Graph { outside: vec![outside(Some("GPL-3.0")), outside(None)], members: vec![] }, &mut found);
        assert_eq!(found.len(), 2);
        assert!(
            found[0].to_string().starts_with("Cargo.lock:1: left-pad 1.0.0 has the licence GPL-3.0; allowed")
        );
    }

    #[test]
    fn deny_toml_allows_the_same() {
        let path = crate::workspace::root().join("deny.toml");
        let text = std::fs::read_to_string(path).expect("deny.toml lies at the top");
        let list =
            text.split("allow = [").nth(1).and_then(|rest| rest.split(']').next()).expect("it has a list");
        let listed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        assert_eq!(listed, ALLOWED);
    }
}
