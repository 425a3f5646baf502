//! `cargo ci tidy`: the rules of the house that neither rustfmt nor Clippy knows.
//!
//! ```text
//!   lengths    functions to 70 lines, files to 800 without tests
//!   opening    each file says what it is for; crate roots and longer files also what is not there
//!   names      no util, helper, manager, common, misc
//!   layout     what may lie at the top level, and whose clippy.toml allows what
//!   select     no `select!` without `biased`
//!   links      links in Markdown and in doc comments lead somewhere
//! ```
//!
//! Code that a machine wrote is exempt from all but the names of files.
//!
//! **Not here**: dependencies and licences (`deps`), formatting, and the bans that Clippy sees (`clippy.toml`).

mod layout;
mod lengths;
mod links;
mod names;
mod opening;
mod select;

use syn::spanned::Spanned as _;

use crate::finding::{Finding, verdict};
use crate::workspace::{self, Tree};

/// Arguments of `cargo ci tidy`.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: &Args) -> anyhow::Result<()> {
    verdict("tidy", findings(&Tree::read(&workspace::root())?))
}

/// Where generated code lies; it is held against its schema, not against the rules for authors.
const GENERATED: &str = "client/protocol/src/generated/";

/// A Rust file that somebody wrote.
struct RustFile<'a> {
    path: &'a str,
    text: &'a str,
    syntax: syn::File,
}

impl RustFile<'_> {
    /// Whether the whole file is a test.
    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        self.path.split('/').any(|folder| folder == "tests" || folder == "benches")
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
    }

    /// Lines outside `#[cfg(test)]`.
    fn lines_without_tests(&self) -> usize {
        if self.is_test() {
            return 0;
        }
        let tests: usize = self.syntax.items.iter().filter(|item| is_test_only(item)).map(lines).sum();
        self.text.lines().count() - tests
    }
}

fn is_test_only(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

fn lines(item: &syn::Item) -> usize {
    let span = item.span();
    span.end().line + 1 - span.start().line
}

fn findings(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    names::check_paths(tree, &mut found);
    layout::check(tree, &mut found);
    links::check(tree, &mut found);
    for (path, text) in tree.texts(".rs") {
        if path.starts_with(GENERATED) || path.starts_with("corpus/") {
            continue;
        }
        match syn::parse_file(text) {
            Ok(syntax) => check_rust(tree, &RustFile { path, text, syntax }, &mut found),
            Err(error) => found.push(Finding::new(
                path,
                error.span().start().line,
                format!("does not parse: {error}"),
                "every .rs file is Rust",
            )),
        }
    }
    found
}

fn check_rust(tree: &Tree, file: &RustFile<'_>, found: &mut Vec<Finding>) {
    lengths::check(file, found);
    opening::check(tree, file, found);
    names::check_items(file, found);
    select::check(file, found);
}

/// What tidy says of a tree of these files, one line each.
#[cfg(test)]
fn check(files: &[(&str, &str)]) -> Vec<String> {
    let mut found = findings(&Tree::of(files));
    found.sort();
    found.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_clean_file_has_no_finding() {
        assert_eq!(check(&[("ci/src/a.rs", "//! What a is for. Not here: b.\n\nfn a() {}\n")]), [""; 0]);
    }

    #[test]
    fn a_file_that_does_not_parse_is_found() {
        let found = check(&[("ci/src/a.rs", "//! A.\nfn {")]);
        assert!(found.len() == 1 && found[0].starts_with("ci/src/a.rs:2: does not parse"), "{found:?}");
    }

    #[test]
    fn generated_code_is_exempt() {
        assert_eq!(check(&[("client/protocol/src/generated/a.rs", "struct FooManager;")]), [""; 0]);
    }
}
