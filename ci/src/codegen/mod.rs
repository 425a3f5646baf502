//! `cargo ci codegen`: from `client/protocol/schema/` to `client/protocol/src/generated/`.
//!
//! ```text
//!   schema text ── parse ──▶ model ── emit, emit_field, emit_tables ──▶ Rust ── rustfmt ──▶ committed
//! ```
//!
//! The same schema gives the same bytes. `--check` writes nothing and names the first file that differs.
//!
//! Not here: what the generated code stands on (`klamm-protocol`), and the check in CI (`cargo ci check`).

mod emit;
mod emit_field;
mod emit_tables;
mod model;
mod parse;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

use model::Message;

/// Arguments of `cargo ci codegen`.
#[derive(clap::Args)]
pub struct Args {
    /// Fails if what is committed differs, and writes nothing.
    #[arg(long)]
    check: bool,
}

/// Files by their path below a folder.
type Files = BTreeMap<PathBuf, String>;

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the crate is not in a workspace")?;
    let target = root.join("client/protocol/src/generated");
    let generated = format(root, &generate(&root.join("client/protocol/schema"))?)?;
    let committed = read_tree(&target, "rs")?;
    if args.check {
        return check(&committed, &generated);
    }
    for stale in committed.keys().filter(|path| !generated.contains_key(*path)) {
        fs::remove_file(target.join(stale))?;
    }
    for (path, text) in generated.iter().filter(|(path, text)| committed.get(*path) != Some(*text)) {
        write(&target.join(path), text)?;
    }
    Ok(())
}

/// Names the first file that is not what the schema gives.
fn check(committed: &Files, generated: &Files) -> anyhow::Result<()> {
    let mut paths: Vec<_> = committed.keys().chain(generated.keys()).collect();
    paths.sort();
    match paths.into_iter().find(|path| committed.get(*path) != generated.get(*path)) {
        Some(path) => bail!(
            "client/protocol/src/generated/{} is not what the schema gives; run `cargo ci codegen`",
            path.display()
        ),
        None => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().context("a file has a folder")?)?;
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Files with the extension below `root`, in order of their paths.
fn read_tree(root: &Path, extension: &str) -> anyhow::Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path)?;
                files.insert(path.strip_prefix(root)?.to_owned(), text);
            }
        }
    }
    Ok(files)
}

/// All generated files, not formatted yet.
fn generate(schema: &Path) -> anyhow::Result<Files> {
    let mut sources = read_tree(schema, "schema")?;
    let mut take = |name: &str| {
        sources.remove(Path::new(name)).with_context(|| format!("{} has no {name}", schema.display()))
    };
    let apis = parse::apis(&take("api_keys.schema")?).context("api_keys.schema")?;
    let errors = parse::errors(&take("error_codes.schema")?).context("error_codes.schema")?;
    let mut folders: BTreeMap<String, Vec<(String, Vec<Message>)>> = BTreeMap::new();
    let mut files = Files::new();
    for (path, text) in &sources {
        let source = path.to_str().context("a path that is not text")?;
        let (folder, file) = source.split_once('/').context("a schema outside of a folder")?;
        let module = file.trim_end_matches(".schema");
        let messages = parse::messages(text).with_context(|| source.to_owned())?;
        ensure!(!messages.is_empty(), "{source} has no message");
        let rust = emit::module(source, &messages).with_context(|| source.to_owned())?;
        files.insert(format!("{}/{module}.rs", folder.replace('-', "_")).into(), rust);
        folders.entry(folder.to_owned()).or_default().push((module.to_owned(), messages));
    }
    let mut modules =
        "//! What `cargo ci codegen` writes from the schema.\n\npub(crate) mod api_keys;\npub(crate) mod error_codes;\n"
            .to_owned();
    for (folder, messages) in &folders {
        let module = folder.replace('-', "_");
        let visibility = if folder == "wire" { "pub(crate)" } else { "pub" };
        modules += &format!("{visibility} mod {module};\n");
        files.insert(format!("{module}/mod.rs").into(), emit_tables::folder_module(folder, messages)?);
    }
    let requests: Vec<_> = folders["wire"].iter().flat_map(|(_, messages)| messages.clone()).collect();
    files.insert("api_keys.rs".into(), emit_tables::api_keys(&apis, &requests)?);
    files.insert("error_codes.rs".into(), emit_tables::error_codes(&errors)?);
    files.insert("mod.rs".into(), modules);
    Ok(files)
}

/// The files as rustfmt leaves them; it follows the modules from `mod.rs` on.
fn format(root: &Path, files: &Files) -> anyhow::Result<Files> {
    let folder = tempfile::tempdir()?;
    for (path, text) in files {
        write(&folder.path().join(path), text)?;
    }
    let status = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root.join("rustfmt.toml"))
        .arg(folder.path().join("mod.rs"))
        .status()
        .context("starting rustfmt")?;
    ensure!(status.success(), "rustfmt does not accept what was generated");
    read_tree(folder.path(), "rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_is_what_the_schema_gives() {
        run(&Args { check: true }).expect("nobody edited generated files, or the schema alone");
    }

    #[test]
    fn the_first_file_that_differs_is_named() {
        let files = |texts: &[(&str, &str)]| -> Files {
            texts.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect()
        };
        let generated = files(&[("a.rs", "1"), ("b.rs", "2"), ("c.rs", "3")]);
        for (committed, first) in [
            (files(&[("a.rs", "1"), ("b.rs", "edited"), ("c.rs", "too")]), "b.rs"),
            (files(&[("b.rs", "2"), ("c.rs", "3")]), "a.rs"),
            (files(&[("a.rs", "1"), ("a2.rs", "stale"), ("b.rs", "2"), ("c.rs", "3")]), "a2.rs"),
        ] {
            let error = check(&committed, &generated).expect_err(first).to_string();
            assert!(error.starts_with(&format!("client/protocol/src/generated/{first} is not")), "{error}");
        }
        check(&generated, &generated).expect("nothing differs");
    }

    #[test]
    fn mistakes_in_a_schema_are_named_with_their_line() {
        for (field, expected) in [
            ("a int32", "no colon behind a name"),
            ("a: int33", "int33 is no type"),
            ("a: int32 = x", "x is no default"),
            ("a: int32 @2-1", "2-1 ends before it begins"),
            ("a: int32 @0-9", "0-9 goes beyond what it is in"),
            ("a: int32 ignored", "ignored is unknown"),
            ("a: int32 {", "only structures have parts"),
        ] {
            let text = format!("data D versions 0-3 flexible 2+ {{\n  {field}\n}}\n");
            let error = parse::messages(&text).expect_err(expected);
            assert_eq!(error.to_string(), format!("line 2: {field}"));
            assert!(format!("{error:#}").contains(expected), "{error:#}");
        }
    }

    #[test]
    fn schemas_that_make_no_sense_are_refused() {
        for (fields, expected) in [
            ("a: Missing", "there is no structure Missing"),
            ("a: int32?", "the type cannot be null"),
            ("a: int32 tag(0)", "a tag before the flexible versions"),
            ("a: int32 @2+ tag(0)\nb: int32 @2+ tag(0)", "the tag is taken"),
            ("a: S\nstruct S @1+ {\n}", "S lacks versions"),
            ("a: string?0-1", "null must stay allowed to the last version"),
            ("a: [S]\nstruct S {\nb: [S]\n}", "contains itself"),
            ("a: [S] {\n}\nstruct S {\n}", "S is described twice"),
        ] {
            let text = format!("data D versions 0-3 flexible 2+ {{\n{fields}\n}}\n");
            let error = parse::messages(&text).expect_err(expected);
            assert!(format!("{error:#}").contains(expected), "{error:#}");
        }
    }
}
