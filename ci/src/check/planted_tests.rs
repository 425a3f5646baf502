//! Plants what rustfmt, Clippy and rustdoc must catch into small workspaces in a temporary folder.
//!
//! A false crate named `tokio` stands in for the real one, so that Clippy has its paths without a download.
//!
//! **Not here**: what tidy and deps catch; their tests stand beside them.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{CLIPPY, RUSTDOC, RUSTFMT};
use crate::workspace;

/// Lines that must be refused, and a word of the reason that Clippy must give.
const BANNED: &[(&str, &str)] = &[
    ("std::time::Instant::now();", "env.now()"),
    ("std::time::SystemTime::now();", "env.wall()"),
    ("std::thread::spawn(|| ());", "env.spawn_on"),
    ("std::thread::sleep(std::time::Duration::ZERO);", "env.sleep"),
    ("drop(std::fs::read(\"a\"));", "env.open"),
    ("drop(std::fs::File::open(\"b\"));", "env.open"),
    ("drop(std::net::TcpListener::bind(\"c\"));", "env.listen"),
    ("drop(std::net::TcpStream::connect(\"d\"));", "env.connect"),
    ("drop(std::collections::HashMap::<u8, u8>::new());", "BTreeMap"),
    ("drop(std::collections::HashSet::<u8>::new());", "BTreeSet"),
    ("tokio::spawn();", "env.spawn_on"),
    ("tokio::time::sleep();", "env.sleep"),
    ("let _: Option<tokio::net::TcpStream> = None;", "env.connect"),
    ("let _: Option<tokio::fs::File> = None;", "env.open"),
    ("let _: Option<tokio::task::JoinSet> = None;", "FuturesUnordered"),
];

const FALSE_TOKIO: &str = "
    pub fn spawn() {}
    pub mod time { pub fn sleep() {} }
    pub mod net { pub struct TcpStream; }
    pub mod fs { pub struct File; }
    pub mod task { pub struct JoinSet; }
";

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
            "[workspace]\nmembers = [\"tokio\"]\n[workspace.lints.rust]{lints}\n\
             [package]\nname = \"planted\"\nedition = \"2024\"\n[lints]\nworkspace = true\n\
             [dependencies]\ntokio = {{ path = \"tokio\" }}\n"
        ),
    );
    write(folder.path(), "tokio/Cargo.toml", "[package]\nname = \"tokio\"\nedition = \"2024\"\n");
    write(folder.path(), "tokio/src/lib.rs", FALSE_TOKIO);
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
fn library(lines: impl Iterator<Item = &'static str>) -> String {
    let body: String = lines.map(|line| format!("    {line}\n")).collect();
    format!("//! Planted.\n\n/// Does what it must not.\npub fn planted() {{\n{body}}}\n")
}

#[test]
fn each_way_around_the_seam_is_banned_with_its_reason() {
    let (content, said) = clippy(&library(BANNED.iter().map(|(line, _)| *line)), &bans_of(""));
    assert!(!content, "{said}");
    for (number, (line, reason)) in (5..).zip(BANNED) {
        let place = format!("src/lib.rs:{number}:");
        let caught = said.split("\n\n").any(|report| report.contains(&place) && report.contains(reason));
        assert!(caught, "`{line}` was not caught with `{reason}` in:\n{said}");
    }
}

#[test]
fn an_engine_may_touch_the_world() {
    let source = library(["drop(std::fs::read(\"a\"));", "tokio::spawn();"].into_iter());
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
