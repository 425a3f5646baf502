//! The workspace's dependencies, reduced from `cargo metadata` to what the rules look at.
//!
//! **Not here**: the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId, TargetKind};

use super::table::GUESTS;

/// The workspace's crates and everything that is built for them.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) members: Vec<Member>,
    /// Every crate from outside that is resolved for any target, test or build of ours.
    pub(super) outside: Vec<Outside>,
}

/// A crate of the workspace.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// Its `Cargo.toml`, relative to the workspace's root.
    pub(super) manifest: String,
    pub(super) edges: Vec<Edge>,
}

/// One line of a `[dependencies]`, `[build-dependencies]` or `[dev-dependencies]`.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) to: String,
    pub(super) line: usize,
    pub(super) dev: bool,
    /// Features asked for here, `default` among them where it is not turned off.
    pub(super) features: Vec<String>,
}

/// A crate from a registry.
#[derive(Debug)]
pub(super) struct Outside {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    /// Whether it is linked into anything of ours, rather than run by the compiler for a macro or brought by a guest
    /// for itself.
    pub(super) linked: bool,
    /// Whether it is linked into the `klamm` binary.
    pub(super) shipped: bool,
}

impl Graph {
    /// Asks `cargo metadata` about the workspace at `root`.
    ///
    /// # Errors
    /// When cargo cannot resolve it.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let metadata =
            MetadataCommand::new().manifest_path(root.join("Cargo.toml")).exec().context("cargo metadata")?;
        let members = metadata
            .workspace_packages()
            .iter()
            .map(|package| member(root, package))
            .collect::<Result<_, _>>()?;
        Ok(Self { members, outside: outside(&metadata, &built(root)?)? })
    }
}

fn member(root: &Path, package: &Package) -> anyhow::Result<Member> {
    let text =
        std::fs::read_to_string(&package.manifest_path).with_context(|| package.manifest_path.to_string())?;
    let edges = package.dependencies.iter().map(|dependency| {
        let mut features = dependency.features.clone();
        if dependency.uses_default_features {
            features.push("default".to_owned());
        }
        Edge {
            line: line_of(&text, &dependency.name),
            to: dependency.name.clone(),
            dev: dependency.kind == DependencyKind::Development,
            features,
        }
    });
    let manifest = package.manifest_path.strip_prefix(root).unwrap_or(&package.manifest_path).to_string();
    Ok(Member { name: package.name.to_string(), manifest, edges: edges.collect() })
}

/// The line of a manifest that begins with `dependency`; its first, if none does.
fn line_of(manifest: &str, dependency: &str) -> usize {
    let begins =
        |line: &str| line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    manifest.lines().position(begins).map_or(1, |index| index + 1)
}

fn outside(metadata: &Metadata, built: &BTreeSet<(String, String)>) -> anyhow::Result<Vec<Outside>> {
    let resolve = metadata.resolve.as_ref().context("cargo metadata gave no resolved graph")?;
    let packages: BTreeMap<&PackageId, &Package> =
        metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let edges: BTreeMap<&PackageId, &cargo_metadata::Node> =
        resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let reach = |from: Vec<&PackageId>, wanted: &[DependencyKind], through_macros: bool| {
        let mut seen = BTreeSet::new();
        let mut left: Vec<PackageId> = from.into_iter().cloned().collect();
        while let Some(id) = left.pop() {
            let Some(node) = edges.get(&id).filter(|_| seen.insert(id.clone())) else { continue };
            let follow = |dep: &&cargo_metadata::NodeDep| {
                let guest = packages.get(&id).is_some_and(|package| GUESTS.contains(&package.name.as_str()));
                dep.dep_kinds.iter().any(|kind| wanted.contains(&kind.kind))
                    && (through_macros || !guest)
                    && (through_macros
                        || packages.get(&dep.pkg).is_some_and(|package| !is_proc_macro(package)))
            };
            left.extend(node.deps.iter().filter(follow).map(|dep| dep.pkg.clone()));
        }
        seen
    };
    use DependencyKind::{Build, Development, Normal};
    let members = || metadata.workspace_members.iter().collect();
    let binary = metadata.packages.iter().filter(|package| package.name.as_str() == "klamm");
    let resolved = reach(members(), &[Normal, Build, Development], true);
    let linked = reach(members(), &[Normal, Development], false);
    let shipped = reach(binary.map(|package| &package.id).collect(), &[Normal], false);
    Ok(resolved
        .iter()
        .filter_map(|id| packages.get(id))
        .filter(|package| built.contains(&(package.name.to_string(), package.version.to_string())))
        .filter(|package| package.source.is_some())
        .map(|package| Outside {
            name: package.name.to_string(),
            version: package.version.to_string(),
            license: package.license.clone(),
            linked: linked.contains(&package.id),
            shipped: shipped.contains(&package.id),
        })
        .collect())
}

/// Names and versions of what is built for any target. The graph of `cargo metadata` also has crates that only a
/// feature of a crate that is off could bring in; `cargo tree` has not.
fn built(root: &Path) -> anyhow::Result<BTreeSet<(String, String)>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--workspace", "--target", "all", "--edges", "normal,build,dev"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(root)
        .output()
        .context("cargo tree")?;
    anyhow::ensure!(tree.status.success(), "cargo tree: {}", String::from_utf8_lossy(&tree.stderr));
    let named = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    };
    Ok(String::from_utf8_lossy(&tree.stdout).lines().filter_map(named).collect())
}

fn is_proc_macro(package: &Package) -> bool {
    package.targets.iter().any(|target| target.kind.contains(&TargetKind::ProcMacro))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_read() {
        let graph = Graph::read(&crate::workspace::root()).expect("cargo can resolve the workspace");
        let ci = graph.members.iter().find(|member| member.name == "klamm-ci").expect("it is a member");
        assert_eq!(ci.manifest, "ci/Cargo.toml");
        assert!(ci.edges.iter().any(|edge| edge.to == "syn" && !edge.dev && edge.line > 1));
        let syn =
            graph.outside.iter().find(|package| package.name == "syn" && package.linked).expect("ci uses it");
        assert!(!syn.shipped && syn.license.is_some());
    }

    #[test]
    fn a_dependency_is_found_by_its_whole_name() {
        assert_eq!(line_of("[dependencies]\nrand_chacha = \"1\"\nrand.workspace = true\n", "rand"), 3);
    }
}
