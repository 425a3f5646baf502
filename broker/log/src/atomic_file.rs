//! Small files that are read whole and replaced whole, and directories made to last. Not here: what is in them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_env::{Env, File, IoVec, Open};

/// The largest small file that is read.
const LEN_MAX: u64 = 1 << 30;

/// The whole file; `None` if there is none.
pub async fn read(env: &Env, path: &Path) -> io::Result<Option<Bytes>> {
    let Some(file) = open(env, path).await? else { return Ok(None) };
    let len = file.len().await?.min(LEN_MAX);
    let len = usize::try_from(len).map_err(io::Error::other)?;
    Ok(Some(file.read(0, len, BytesMut::new()).await?.freeze()))
}

/// The file to be read; `None` if there is none.
pub(crate) async fn open(env: &Env, path: &Path) -> io::Result<Option<Arc<dyn File>>> {
    match env.open(path, Open::READ).await {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives `path` other contents in one step, durably: after a crash it has the old ones or the new ones.
pub async fn replace(env: &Env, path: &Path, contents: Bytes) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    let temporary = PathBuf::from(temporary);
    let file = env.open(&temporary, Open::REPLACE).await?;
    file.write(0, IoVec::from(contents)).await?;
    env.sync(vec![file]).await?;
    env.rename(&temporary, path).await?;
    env.sync_dir(path.parent().unwrap_or(Path::new("."))).await
}

/// Makes a directory and those above it that are missing, so that none of their names is lost with the power.
pub(crate) async fn create_directory(env: &Env, path: &Path) -> io::Result<()> {
    let above = |path: &Path| match path.parent() {
        Some(parent) if parent == Path::new("") => Some(PathBuf::from(".")),
        parent => parent.map(Path::to_owned),
    };
    let mut changed: Vec<PathBuf> = above(path).into_iter().collect();
    while let Some(last) = changed.last() {
        match env.stat(last).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => changed.extend(above(last)),
            _ => break,
        }
    }
    env.create_dir(path).await?;
    for directory in changed.iter().rev() {
        match env.sync_dir(directory).await {
            // Whoever may not read the directory above did not make this one either.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
    }
    Ok(())
}

/// Removes a file; fine if it is not there.
pub async fn remove(env: &Env, path: &Path) -> io::Result<()> {
    match env.remove(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
