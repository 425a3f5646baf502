//! How long a function and a file may be. Not here: the length of a line, which is rustfmt's.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::RustFile;
use crate::finding::Finding;

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 800;

pub(super) fn check(file: &RustFile<'_>, found: &mut Vec<Finding>) {
    let lines = file.lines_without_tests();
    if lines > FILE_LINES_MAX {
        found.push(Finding::new(
            file.path,
            1,
            format!("the file has {lines} lines without tests"),
            format!("up to {FILE_LINES_MAX}: split it by role"),
        ));
    }
    Functions { path: file.path, found }.visit_file(&file.syntax);
}

struct Functions<'a> {
    path: &'a str,
    found: &'a mut Vec<Finding>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &syn::Signature, body: Span) {
        let start = signature.fn_token.span.start().line;
        let lines = body.end().line + 1 - start;
        if lines > FUNCTION_LINES_MAX {
            let wrong = format!("fn {} has {lines} lines", signature.ident);
            let allowed = format!("up to {FUNCTION_LINES_MAX}");
            self.found.push(Finding::new(self.path, start, wrong, allowed));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig, function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig, function.block.span());
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig, body.span());
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;

    /// A function of `lines` lines, from `fn` to the closing brace.
    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_may_have_70_lines_and_not_71() {
        assert_eq!(check(&[("ci/src/a.rs", &format!("//! A. Not here: b.\n{}", function(70)))]), [""; 0]);
        let planted = format!("//! A. Not here: b.\n\n{}", function(71));
        assert_eq!(check(&[("ci/src/a.rs", &planted)]), ["ci/src/a.rs:3: fn long has 71 lines; up to 70"]);
    }

    #[test]
    fn methods_count_and_inner_functions_too() {
        let planted = format!("//! A. Not here: b.\nimpl A {{\n{}}}\n", function(71));
        assert_eq!(check(&[("ci/src/a.rs", &planted)]).len(), 1);
        let planted = format!("//! A. Not here: b.\ntrait A {{\n{}}}\n", function(71));
        assert_eq!(check(&[("ci/src/a.rs", &planted)]).len(), 1);
        let planted = format!("//! A. Not here: b.\nfn outer() {{\n{}}}\n", function(71));
        assert_eq!(check(&[("ci/src/a.rs", &planted)]).len(), 2);
    }

    #[test]
    fn a_file_may_have_800_lines_without_its_tests() {
        let body = "const A: () = ();\n".repeat(798);
        let tests = "#[cfg(test)]\nmod tests {\n\n\n\n}\n";
        let fits = format!("//! A.\n//! Not here: b.\n{body}{tests}");
        assert_eq!(check(&[("ci/src/a.rs", &fits)]), [""; 0]);
        let planted = format!("//! A.\n//! Not here: b.\n\n{body}{tests}");
        assert_eq!(
            check(&[("ci/src/a.rs", &planted)]),
            ["ci/src/a.rs:1: the file has 801 lines without tests; up to 800: split it by role"]
        );
        assert_eq!(check(&[("ci/tests/a.rs", &planted)]), [""; 0]);
    }
}
