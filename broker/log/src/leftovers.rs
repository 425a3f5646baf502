//! Files that a removal, a replacement or a compaction left unfinished: settled before a log is opened, as Kafka does.
//!
//! ```text
//!  *.deleted *.tmp *.part     were to go, or were never finished: they go
//!  *.cleaned                  compaction was cut short: it goes, and with it every *.swap at its offset or above,
//!                             whose place is still held by the segments that were to be replaced
//!  *.swap                     compaction was done: the segments that it replaces go, and it takes their place
//! ```
//!
//! Not here: compaction itself, indexes without a log.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use klamm_env::{Env, Kind, Open};

use crate::atomic_file;
use crate::scan::{Found, Scan};
use crate::segment::{LOG, SUFFIXES};

const DOOMED: [&str; 3] = [".deleted", ".tmp", ".part"];
const CLEANED: &str = ".cleaned";
const SWAP: &str = ".swap";

/// Settles what lies in `directory`; gives the names of the files that are there then.
pub(crate) async fn settle(env: &Env, directory: &Path) -> io::Result<BTreeSet<String>> {
    let entries = env.list(directory).await?;
    let mut names: BTreeSet<String> =
        entries.into_iter().filter(|entry| entry.kind == Kind::File).map(|entry| entry.name).collect();
    let cleaned_from =
        names.iter().filter(|name| name.ends_with(CLEANED)).filter_map(|name| base(name)).min();
    let is_doomed = |name: &str| {
        let replaced = cleaned_from.is_none_or(|from| base(name).is_none_or(|offset| offset < from));
        DOOMED.iter().any(|suffix| name.ends_with(suffix))
            || name.ends_with(CLEANED)
            || (name.ends_with(SWAP) && !replaced)
    };
    remove(env, directory, &mut names, is_doomed).await?;
    if names.iter().any(|name| name.ends_with(SWAP)) {
        complete(env, directory, &mut names).await?;
    }
    Ok(names)
}

/// Puts finished segments in the place of those that they replace: these go first, durably.
async fn complete(env: &Env, directory: &Path, names: &mut BTreeSet<String>) -> io::Result<()> {
    let mut replaced: Option<(i64, i64)> = None;
    for name in names.iter().filter(|name| name.strip_suffix(SWAP).is_some_and(|name| name.ends_with(LOG))) {
        let Some(base_offset) = base(name) else { continue };
        let end = end_offset(env, &directory.join(name)).await?.unwrap_or(base_offset);
        let (from, to) = replaced.unwrap_or((base_offset, end));
        replaced = Some((from.min(base_offset), to.max(end)));
    }
    if let Some((from, to)) = replaced {
        let is_replaced = |name: &str| {
            let of_segment = SUFFIXES.iter().any(|suffix| name.ends_with(suffix));
            of_segment && base(name).is_some_and(|offset| (from..to).contains(&offset))
        };
        remove(env, directory, names, is_replaced).await?;
        env.sync_dir(directory).await?;
    }
    let swaps: Vec<String> = names.iter().filter(|name| name.ends_with(SWAP)).cloned().collect();
    for swap in swaps {
        let name = swap.strip_suffix(SWAP).expect("filtered by it").to_owned();
        tracing::info!(log = %directory.display(), name, "a compacted segment takes its place");
        env.rename(&directory.join(&swap), &directory.join(&name)).await?;
        names.remove(&swap);
        names.insert(name);
    }
    env.sync_dir(directory).await
}

/// The offset after the last batch of a segment's file; `None` if there is no batch.
async fn end_offset(env: &Env, path: &Path) -> io::Result<Option<i64>> {
    let file = env.open(path, Open::READ).await?;
    let len = file.len().await?;
    let mut scan = Scan::new(file, 0, len);
    let mut end = None;
    while let Found::Batch(placed) = scan.next_header().await? {
        end = Some(placed.header.next_offset());
    }
    Ok(end)
}

async fn remove(
    env: &Env,
    directory: &Path,
    names: &mut BTreeSet<String>,
    is_doomed: impl Fn(&str) -> bool,
) -> io::Result<()> {
    let doomed: Vec<String> = names.iter().filter(|name| is_doomed(name)).cloned().collect();
    for name in doomed {
        atomic_file::remove(env, &directory.join(&name)).await?;
        names.remove(&name);
    }
    Ok(())
}

/// The offset that a segment's file is named by, whatever follows it.
fn base(name: &str) -> Option<i64> {
    let (digits, _) = name.split_once('.')?;
    let is_offset = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_offset.then(|| digits.parse().ok()).flatten()
}
