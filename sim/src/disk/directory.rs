//! Directories: the names that readers see, those on the medium, and the changes between. Not here: files' bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};
use std::rc::Rc;

use super::file::FileBytes;

pub(crate) type FileRef = Rc<RefCell<FileBytes>>;
pub(crate) type DirectoryRef = Rc<RefCell<Directory>>;

/// What a name stands for.
#[derive(Clone)]
pub(crate) enum Child {
    File(FileRef),
    Directory(DirectoryRef),
}

/// A directory.
#[derive(Default)]
pub(crate) struct Directory {
    pub(super) names: BTreeMap<String, Child>,
    pub(super) durable: BTreeMap<String, Child>,
}

/// One name of one directory, and what it stands for from now on.
pub(super) struct Edit {
    directory: DirectoryRef,
    name: String,
    child: Option<Child>,
}

/// Edits that reach the medium together.
pub(super) struct Change {
    pub(super) number: u64,
    edits: Vec<Edit>,
}

impl Change {
    pub(super) fn touches(&self, directory: &DirectoryRef) -> bool {
        self.edits.iter().any(|edit| Rc::ptr_eq(&edit.directory, directory))
    }
}

/// The tree of names, with the changes that are not on the medium yet, oldest first.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) root: DirectoryRef,
    pub(super) pending: Vec<Change>,
    numbers: u64,
}

/// The parts of a path; `..` goes up.
pub(super) fn parts(path: &Path) -> io::Result<Vec<String>> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => {
                let part =
                    part.to_str().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "not UTF-8"))?;
                parts.push(part.to_owned());
            }
            Component::ParentDir => {
                parts.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    Ok(parts)
}

pub(super) fn not_found(path: &Path) -> io::Error {
    io::Error::new(ErrorKind::NotFound, format!("{} is not there", path.display()))
}

impl Tree {
    pub(super) fn find(&self, path: &Path) -> io::Result<Child> {
        let mut child = Child::Directory(self.root.clone());
        for part in parts(path)? {
            let Child::Directory(directory) = child else { return Err(ErrorKind::NotADirectory.into()) };
            let found = directory.borrow().names.get(&part).cloned();
            child = found.ok_or_else(|| not_found(path))?;
        }
        Ok(child)
    }

    pub(super) fn directory(&self, path: &Path) -> io::Result<DirectoryRef> {
        match self.find(path)? {
            Child::Directory(directory) => Ok(directory),
            Child::File(_) => Err(ErrorKind::NotADirectory.into()),
        }
    }

    /// The directory that holds a path, and the name there.
    pub(super) fn place(&self, path: &Path) -> io::Result<(DirectoryRef, String)> {
        let mut parent = parts(path)?;
        let name =
            parent.pop().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the root has no name"))?;
        Ok((self.directory(&parent.iter().collect::<std::path::PathBuf>())?, name))
    }

    /// Sets or removes names, together.
    fn change(&mut self, edits: Vec<Edit>) {
        for edit in &edits {
            let mut directory = edit.directory.borrow_mut();
            let old = match &edit.child {
                Some(child) => directory.names.insert(edit.name.clone(), child.clone()),
                None => directory.names.remove(&edit.name),
            };
            if let Some(Child::File(file)) = old {
                file.borrow_mut().names -= 1;
            }
            if let Some(Child::File(file)) = &edit.child {
                file.borrow_mut().names += 1;
            }
        }
        self.numbers += 1;
        self.pending.push(Change { number: self.numbers, edits });
    }

    pub(super) fn link(&mut self, directory: DirectoryRef, name: String, child: Child) {
        self.change(vec![Edit { directory, name, child: Some(child) }]);
    }

    pub(super) fn unlink(&mut self, directory: DirectoryRef, name: String) {
        self.change(vec![Edit { directory, name, child: None }]);
    }

    pub(super) fn rename(&mut self, from: (DirectoryRef, String), to: (DirectoryRef, String), child: Child) {
        let old = Edit { directory: from.0, name: from.1, child: None };
        let new = Edit { directory: to.0, name: to.1, child: Some(child) };
        self.change(vec![new, old]);
    }

    /// The number of the latest change.
    pub(super) fn latest(&self) -> u64 {
        self.numbers
    }

    /// Brings all changes up to `latest` that `chosen` picks onto the medium, in order.
    pub(super) fn make_durable(&mut self, latest: u64, mut chosen: impl FnMut(&Change) -> bool) {
        let mut kept: Vec<Change> = Vec::new();
        for change in std::mem::take(&mut self.pending) {
            if change.number > latest || !chosen(&change) {
                kept.push(change);
                continue;
            }
            for edit in change.edits {
                // What came before for the same name must not come back later.
                let same = |old: &Edit| Rc::ptr_eq(&old.directory, &edit.directory) && old.name == edit.name;
                kept.iter_mut().for_each(|old| old.edits.retain(|old| !same(old)));
                let mut directory = edit.directory.borrow_mut();
                match edit.child {
                    Some(child) => directory.durable.insert(edit.name, child),
                    None => directory.durable.remove(&edit.name),
                };
            }
        }
        kept.retain(|change| !change.edits.is_empty());
        self.pending = kept;
    }
}
