//! A copy of the workspace's files to be patched. Not here: patching.

use std::path::Path;

use anyhow::Context as _;

use crate::workspace::Tree;

/// Makes `copy` hold the workspace's files and no others. What is there already and equal is left alone, so that a
/// build of the copy finds only what differs.
pub(super) fn refresh(root: &Path, copy: &Path) -> anyhow::Result<()> {
    let tree = Tree::read(root)?;
    for path in tree.paths() {
        let bytes = std::fs::read(root.join(path)).with_context(|| path.to_owned())?;
        let place = copy.join(path);
        if std::fs::read(&place).is_ok_and(|there| there == bytes) {
            continue;
        }
        std::fs::create_dir_all(place.parent().expect("a file lies in a folder"))?;
        std::fs::write(&place, bytes).with_context(|| place.display().to_string())?;
    }
    remove_others(&tree, copy, copy)
}

fn remove_others(tree: &Tree, copy: &Path, folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(copy).ok().and_then(Path::to_str).context("a name that is not UTF-8")?;
        if path.is_dir() {
            if tree.has(name) { remove_others(tree, copy, &path)? } else { std::fs::remove_dir_all(&path)? }
        } else if !tree.has(name) {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_copy_is_made_whole_again() {
        let root = crate::workspace::root();
        let place = tempfile::tempdir().expect("a folder for tests");
        let copy = place.path().join("tree");
        refresh(&root, &copy).expect("the tests run in a checkout");
        fs::write(copy.join("Cargo.toml"), "changed").expect("the copy is ours");
        fs::create_dir(copy.join("more")).expect("the copy is ours");
        fs::write(copy.join("more/left_over.rs"), "").expect("the copy is ours");
        let before =
            fs::metadata(copy.join("LICENSE")).and_then(|found| found.modified()).expect("it was copied");
        refresh(&root, &copy).expect("the tests run in a checkout");
        let text = |path: &Path| fs::read_to_string(path.join("Cargo.toml")).expect("it is there");
        assert_eq!(text(&copy), text(&root));
        assert!(!copy.join("more").exists());
        let after = fs::metadata(copy.join("LICENSE")).and_then(|found| found.modified()).expect("it stays");
        assert_eq!(before, after);
    }
}
