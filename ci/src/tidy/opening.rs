//! What a file must say before its first line of code.
//!
//! The rule: every file opens with `//!` and its purpose, and says what is "not here". A crate's root says its
//! **Invariants** as well. Folders of tests and examples, and what is generated, need a purpose only.

use super::RustFile;
use crate::finding::Finding;
use crate::workspace::Tree;

pub(super) fn check(tree: &Tree, file: &RustFile<'_>, found: &mut Vec<Finding>) {
    let docs = opening(&file.syntax.attrs);
    let mut miss = |wrong: &str, allowed: &str| found.push(Finding::new(file.path, 1, wrong, allowed));
    if docs.trim().is_empty() {
        miss("no docs at the top of the file", "open it with `//!` and its purpose");
        return;
    }
    let says_not_here = docs.to_lowercase().contains("not here");
    if is_crate_root(tree, file.path) {
        if !docs.contains("**Invariants**") {
            miss("the crate's docs have no **Invariants**", "say what always holds here");
        }
        if !says_not_here {
            miss("the crate's docs have no **Not here**", "say what is to be looked for elsewhere");
        }
    } else if !says_not_here && !needs_purpose_only(file.path) {
        miss(
            "the docs at the top do not say what is not here",
            "say what is to be looked for elsewhere, after the words \"Not here\"",
        );
    }
}

fn needs_purpose_only(path: &str) -> bool {
    path.split('/').any(|folder| matches!(folder, "tests" | "examples" | "generated"))
}

/// The `//!` lines of a file, as one text.
fn opening(attributes: &[syn::Attribute]) -> String {
    let mut docs = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let syn::Meta::NameValue(syn::MetaNameValue { value: syn::Expr::Lit(value), .. }) = &attribute.meta
            && let syn::Lit::Str(line) = &value.lit
        {
            docs.push_str(&line.value());
            docs.push('\n');
        }
    }
    docs
}

/// A library's `lib.rs`, and `main.rs` where there is no library.
fn is_crate_root(tree: &Tree, path: &str) -> bool {
    match path.strip_suffix("src/main.rs") {
        Some(package) => !tree.has(&format!("{package}src/lib.rs")),
        None => path.ends_with("src/lib.rs"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn a_file_without_docs_is_found() {
        let expected = ["ci/src/a.rs:1: no docs at the top of the file; open it with `//!` and its purpose"];
        assert_eq!(check(&[("ci/src/a.rs", "/// Not of the file.\nfn a() {}\n")]), expected);
    }

    #[test]
    fn a_crate_root_says_its_invariants_and_what_is_not_here() {
        assert_eq!(check(&[("sim/src/lib.rs", "//! A.\n")]).len(), 2);
        assert_eq!(check(&[("sim/src/main.rs", "//! A.\n")]).len(), 2);
        let root = "//! A.\n//! **Invariants**\n//! **Not here**: b.\n";
        assert_eq!(check(&[("sim/src/lib.rs", root)]), [""; 0]);
        assert_eq!(check(&[("sim/src/lib.rs", root), ("sim/src/main.rs", "//! A. Not here: b.\n")]), [""; 0]);
    }

    #[test]
    fn a_file_says_what_is_not_here() {
        let found = check(&[("ci/src/a.rs", "//! A.\n")]);
        assert!(found.len() == 1 && found[0].contains("do not say what is not here"), "{found:?}");
        assert_eq!(check(&[("ci/src/a.rs", "//! A. Not here: b.\n")]), [""; 0]);
        assert_eq!(check(&[("ci/tests/a.rs", "//! A.\n"), ("ci/examples/a.rs", "//! A.\n")]), [""; 0]);
    }
}
