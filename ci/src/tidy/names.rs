//! Names that say nothing about what is inside. Not here: names that Clippy finds too alike or too short.

use syn::visit::{self, Visit};

use super::RustFile;
use crate::finding::Finding;
use crate::workspace::Tree;

const MODULES: [&str; 8] = ["util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"];
const TYPE_ENDINGS: [&str; 6] = ["Manager", "Helper", "Helpers", "Util", "Utils", "Misc"];

/// Files and folders.
pub(super) fn check_paths(tree: &Tree, found: &mut Vec<Finding>) {
    for path in tree.paths() {
        for part in path.split('/') {
            let stem = part.split('.').next().unwrap_or(part);
            if MODULES.contains(&stem.to_lowercase().as_str()) {
                found.push(Finding::new(path, 1, format!("the name `{part}`"), "name it after what it does"));
            }
        }
    }
}

/// Modules inside files, and types.
pub(super) fn check_items(file: &RustFile<'_>, found: &mut Vec<Finding>) {
    Names { path: file.path, found }.visit_file(&file.syntax);
}

struct Names<'a> {
    path: &'a str,
    found: &'a mut Vec<Finding>,
}

impl Names<'_> {
    fn refuse(&mut self, name: &syn::Ident) {
        let wrong = format!("the name `{name}`");
        self.found.push(Finding::new(
            self.path,
            name.span().start().line,
            wrong,
            "name it after what it does",
        ));
    }

    fn check_type(&mut self, name: &syn::Ident) {
        let text = name.to_string();
        if TYPE_ENDINGS.iter().any(|ending| text.ends_with(ending)) {
            self.refuse(name);
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // A module in a file of its own is found by the file's name.
        if item.content.is_some() && MODULES.contains(&item.ident.to_string().as_str()) {
            self.refuse(&item.ident);
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.check_type(&item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.check_type(&item.ident);
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.check_type(&item.ident);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.check_type(&item.ident);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.check_type(&item.ident);
        visit::visit_item_trait(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn banned_files_folders_and_modules_are_found() {
        assert_eq!(
            check(&[("broker/src/utils.rs", "//! A. Not here: b.\n")]),
            ["broker/src/utils.rs:1: the name `utils.rs`; name it after what it does"]
        );
        assert_eq!(check(&[("broker/src/common/a.rs", "//! A. Not here: b.\n")]).len(), 1);
        assert_eq!(
            check(&[("broker/src/a.rs", "//! A. Not here: b.\n\nmod misc {}\nmod misconduct {}\n")]),
            ["broker/src/a.rs:3: the name `misc`; name it after what it does"]
        );
    }

    #[test]
    fn banned_types_are_found_wherever_they_stand() {
        let planted =
            "//! A. Not here: b.\nfn a() {\n    struct LogManager;\n}\nenum FooUtil {}\ntrait Helper {}\n";
        let lines: Vec<_> = check(&[("broker/src/a.rs", planted)]);
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("broker/src/a.rs:3: the name `LogManager`"), "{lines:?}");
    }
}
