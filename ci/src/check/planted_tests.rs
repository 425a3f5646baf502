//! Plants what rustfmt, Clippy and rustdoc must catch into small workspaces in a temporary folder.
//!
//! False crates stand in for tokio and rand, so that Clippy has their paths without a download.
//!
//! **Not here**: what tidy and deps catch; their tests stand beside them.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{CLIPPY, RUSTDOC, RUSTFMT};
use crate::workspace;

/// Crates that are stood in for by false ones of this name.
const FALSE_CRATES: [&str; 2] = ["rand", "tokio"];

/// What uses each path of `std` that is banned.
const STD: &[(&str, &str)] = &[
    ("std::time::Instant::now", "_ = std::time::Instant::now();"),
    ("std::time::Instant::elapsed", "_ = std::time::Instant::elapsed;"),
    ("std::time::SystemTime::now", "_ = std::time::SystemTime::now();"),
    ("std::time::SystemTime::elapsed", "_ = std::time::SystemTime::elapsed;"),
    ("std::thread::spawn", "std::thread::spawn(|| ());"),
    ("std::thread::scope", "std::thread::scope(|_| ());"),
    ("std::thread::sleep", "std::thread::sleep(std::time::Duration::ZERO);"),
    ("std::thread::park", "std::thread::park();"),
    ("std::thread::park_timeout", "std::thread::park_timeout(std::time::Duration::ZERO);"),
    ("std::thread::yield_now", "std::thread::yield_now();"),
    ("std::thread::available_parallelism", "drop(std::thread::available_parallelism());"),
    ("std::fs::canonicalize", "drop(std::fs::canonicalize(\"a\"));"),
    ("std::fs::copy", "drop(std::fs::copy(\"a\", \"b\"));"),
    ("std::fs::create_dir", "drop(std::fs::create_dir(\"a\"));"),
    ("std::fs::create_dir_all", "drop(std::fs::create_dir_all(\"a\"));"),
    ("std::fs::exists", "drop(std::fs::exists(\"a\"));"),
    ("std::fs::hard_link", "drop(std::fs::hard_link(\"a\", \"b\"));"),
    ("std::fs::metadata", "drop(std::fs::metadata(\"a\"));"),
    ("std::fs::read", "drop(std::fs::read(\"a\"));"),
    ("std::fs::read_dir", "drop(std::fs::read_dir(\"a\"));"),
    ("std::fs::read_link", "drop(std::fs::read_link(\"a\"));"),
    ("std::fs::read_to_string", "drop(std::fs::read_to_string(\"a\"));"),
    ("std::fs::remove_dir", "drop(std::fs::remove_dir(\"a\"));"),
    ("std::fs::remove_dir_all", "drop(std::fs::remove_dir_all(\"a\"));"),
    ("std::fs::remove_file", "drop(std::fs::remove_file(\"a\"));"),
    ("std::fs::rename", "drop(std::fs::rename(\"a\", \"b\"));"),
    ("std::fs::set_permissions", "_ = std::fs::set_permissions::<&str>;"),
    ("std::fs::symlink_metadata", "drop(std::fs::symlink_metadata(\"a\"));"),
    ("std::fs::write", "drop(std::fs::write(\"a\", \"b\"));"),
    ("std::path::Path::canonicalize", "_ = std::path::Path::canonicalize;"),
    ("std::path::Path::exists", "_ = std::path::Path::exists;"),
    ("std::path::Path::is_dir", "_ = std::path::Path::is_dir;"),
    ("std::path::Path::is_file", "_ = std::path::Path::is_file;"),
    ("std::path::Path::is_symlink", "_ = std::path::Path::is_symlink;"),
    ("std::path::Path::metadata", "_ = std::path::Path::metadata;"),
    ("std::path::Path::read_dir", "_ = std::path::Path::read_dir;"),
    ("std::path::Path::read_link", "_ = std::path::Path::read_link;"),
    ("std::path::Path::symlink_metadata", "_ = std::path::Path::symlink_metadata;"),
    ("std::path::Path::try_exists", "_ = std::path::Path::try_exists;"),
    ("std::os::unix::fs::symlink", "drop(std::os::unix::fs::symlink(\"a\", \"b\"));"),
    ("std::net::ToSocketAddrs::to_socket_addrs", "drop(std::net::ToSocketAddrs::to_socket_addrs(\"a:1\"));"),
    ("std::collections::HashMap", "drop(std::collections::HashMap::<u8, u8>::new());"),
    ("std::collections::HashSet", "drop(std::collections::HashSet::<u8>::new());"),
];

/// A ban of `clippy.toml`.
#[derive(Clone)]
struct Ban {
    path: String,
    reason: String,
    is_type: bool,
}

fn all_bans() -> Vec<Ban> {
    let text = bans_of("");
    let (methods, types) = text.split_once("disallowed-types = [").expect("methods, then types");
    let quoted = |line: &str, key: &str| {
        let (_, rest) = line.split_once(&format!("{key} = \""))?;
        let end = rest.replace("\\\"", "..").find('"')?;
        Some(rest[..end].replace("\\\"", "\""))
    };
    let read = |part: &str, is_type| -> Vec<Ban> {
        let ban = |line| {
            let (path, reason) =
                (quoted(line, "path")?, quoted(line, "reason").expect("each ban has its reason"));
            Some(Ban { path, reason, is_type })
        };
        part.lines().filter_map(ban).collect()
    };
    [read(methods, false), read(types, true)].concat()
}

/// A line that uses what is banned.
fn use_of(ban: &Ban) -> String {
    if let Some((_, line)) = STD.iter().find(|(path, _)| *path == ban.path) {
        return (*line).to_owned();
    }
    match ban.is_type {
        true => format!("_ = None::<{}>;", ban.path),
        false => format!("{}();", ban.path),
    }
}

/// The source of a crate `name` that has every banned path of it, so that Clippy knows them without a download.
fn false_crate(name: &str, bans: &[Ban]) -> String {
    let mut items: Vec<(Vec<&str>, bool)> = Vec::new();
    for ban in bans {
        let path: Vec<&str> = ban.path.split("::").collect();
        if path[0] == name {
            items.push((path[1..].to_vec(), ban.is_type));
        }
    }
    items.sort();
    format!("#![allow(clippy::all)]\n{}", module(&items))
}

/// Items by their paths from here on, in order: what a capital letter begins is a type.
fn module(items: &[(Vec<&str>, bool)]) -> String {
    let groups = items.chunk_by(|a, b| a.0[0] == b.0[0]);
    let sources = groups.map(|group| {
        let name = group[0].0[0];
        let is_type = name.starts_with(char::is_uppercase);
        let below: Vec<(Vec<&str>, bool)> = group
            .iter()
            .filter(|(path, _)| path.len() > 1)
            .map(|(path, is)| (path[1..].to_vec(), *is))
            .collect();
        match (is_type, below.is_empty()) {
            (true, _) => format!("pub struct {name};\nimpl {name} {{\n{}}}\n", module(&below)),
            (false, true) => format!("pub fn {name}() {{}}\n"),
            (false, false) => format!("pub mod {name} {{\n{}}}\n", module(&below)),
        }
    });
    sources.collect()
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("it lies in the folder"))
        .expect("a temporary folder can be written");
    std::fs::write(path, text).expect("a temporary folder can be written");
}

/// A workspace of one crate, with `source` as its `lib.rs`, `bans` as its `clippy.toml` and this workspace's lints.
fn plant(source: &str, bans: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let ours =
        std::fs::read_to_string(workspace::root().join("Cargo.toml")).expect("the workspace has a manifest");
    let lints = ours.split_once("[workspace.lints.rust]").expect("it has lints").1;
    let lints = lints.split_once("\n[profile").map_or(lints, |(lints, _)| lints);
    write(
        folder.path(),
        "Cargo.toml",
        &format!(
            "[workspace]\nmembers = [\"tokio\", \"rand\"]\n[workspace.lints.rust]{lints}\n\
             [package]\nname = \"planted\"\nedition = \"2024\"\n[lints]\nworkspace = true\n\
             [dependencies]\ntokio = {{ path = \"tokio\" }}\nrand = {{ path = \"rand\" }}\n"
        ),
    );
    for name in FALSE_CRATES {
        let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        write(folder.path(), &format!("{name}/Cargo.toml"), &manifest);
        write(folder.path(), &format!("{name}/src/lib.rs"), &false_crate(name, &all_bans()));
    }
    write(folder.path(), "src/lib.rs", source);
    write(folder.path(), "clippy.toml", bans);
    folder
}

fn bans_of(folder: &str) -> String {
    let path = workspace::root().join(folder).join("clippy.toml");
    std::fs::read_to_string(path).expect("the folder has a clippy.toml")
}

fn cargo(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("CLIPPY_CONF_DIR")
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTDOCFLAGS")
        .output()
        .expect("cargo runs, since it runs this test")
}

/// Whether Clippy as `cargo ci check` runs it is content, and what it says. The false tokio is left out.
fn clippy(source: &str, bans: &str) -> (bool, String) {
    let arguments: Vec<&str> = CLIPPY
        .iter()
        .map(|argument| if *argument == "--workspace" { "--package=planted" } else { argument })
        .collect();
    let output = cargo(&plant(source, bans), &arguments);
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A library that runs each line.
fn library(lines: impl Iterator<Item = String>) -> String {
    let body: String = lines.map(|line| format!("    {line}\n")).collect();
    format!("//! Planted.\n\n/// Does what it must not.\npub fn planted() {{\n{body}}}\n")
}

#[test]
fn each_way_around_the_seam_is_banned_with_its_reason() {
    let bans = all_bans();
    assert!(bans.len() > 100, "{} bans were read", bans.len());
    let (content, said) = clippy(&library(bans.iter().map(use_of)), &bans_of(""));
    assert!(!content, "{said}");
    for (number, ban) in (5..).zip(&bans) {
        let place = format!("src/lib.rs:{number}:");
        let caught = |report: &str| {
            report.contains(&place) && report.contains(&ban.path) && report.contains(&ban.reason)
        };
        assert!(said.split("\n\n").any(caught), "`{}` was not caught in:\n{said}", use_of(ban));
    }
}

#[test]
fn an_engine_may_touch_the_world() {
    let source = library(all_bans().iter().map(use_of));
    for folder in ["sim", "sim/tokio", "ci"] {
        let (content, said) = clippy(&source, &bans_of(folder));
        assert!(content, "{said}");
    }
}

#[test]
fn crates_below_an_engine_have_the_bans_of_the_root() {
    for folder in ["sim/env", "sim/conformance"] {
        assert_eq!(bans_of(folder), bans_of(""), "{folder}");
    }
}

#[test]
fn a_plain_warning_is_an_error() {
    let (content, said) = clippy("//! Planted.\n\npub fn no_docs() {}\n", &bans_of(""));
    assert!(!content && said.contains("missing documentation for a function"), "{said}");
}

#[test]
fn code_that_is_not_formatted_is_caught() {
    let formatted = "//! Planted.\n\n/// Does nothing.\npub fn planted() {}\n";
    let folder = plant(formatted, "");
    write(folder.path(), "tokio/src/lib.rs", formatted);
    let output = cargo(&folder, RUSTFMT);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    write(folder.path(), "src/lib.rs", &formatted.replace("() {}", "( ) { }"));
    let output = cargo(&folder, RUSTFMT);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && said.contains("+pub fn planted() {}"), "{said}");
}

#[test]
fn a_link_to_an_item_that_is_not_there_is_caught() {
    let good = "//! Planted.\n\n/// Does nothing, as [`planted`] says.\npub fn planted() {}\n";
    let check = |source| {
        let output = cargo(&plant(source, ""), RUSTDOC);
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (content, said) = check(good);
    assert!(content, "{said}");
    let (content, said) = check(&good.replace("[`planted`]", "[`absent`]"));
    assert!(!content && said.contains("unresolved link to `absent`"), "{said}");
}
