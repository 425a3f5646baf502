//! Reading what a disk may not be able to read: a sector that is lost costs what lies there, and not the disk.
//!
//! Not here: what becomes of it; writes and barriers, whose failure ends a directory.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_env::{Env, File};

use crate::atomic_file;

/// What is read at once of a file that cannot be read as a whole.
const PIECE_BYTES: u64 = 4096;
/// In the place of what cannot be read: nothing that is written begins so.
const GAP: u8 = 0xff;

/// What a disk could not read is no failed disk: all else may be sound.
pub(crate) fn is_unreadable(error: &io::Error) -> bool {
    const EIO: i32 = 5;
    const ENODATA: i32 = 61;
    const EBADMSG: i32 = 74;
    const EUCLEAN: i32 = 117;
    matches!(error.raw_os_error(), Some(EIO | ENODATA | EBADMSG | EUCLEAN))
}

/// Reads `len` bytes, once more if the disk cannot; `Err` within tells why it cannot.
pub(crate) async fn read_readable(
    file: &Arc<dyn File>,
    at: u64,
    len: u64,
) -> io::Result<Result<Bytes, String>> {
    let len = usize::try_from(len).map_err(io::Error::other)?;
    let mut read = file.read(at, len, BytesMut::with_capacity(len)).await;
    if read.as_ref().is_err_and(is_unreadable) {
        read = file.read(at, len, BytesMut::with_capacity(len)).await;
    }
    match read {
        Err(error) if is_unreadable(&error) => Ok(Err(format!("it cannot be read: {error}"))),
        read => Ok(Ok(read?.freeze())),
    }
}

/// As [`atomic_file::read`], and `None` too if the disk cannot read the file: for what can be made anew.
pub(crate) async fn read_small(env: &Env, path: &Path) -> io::Result<Option<Bytes>> {
    let Some(file) = atomic_file::open(env, path).await? else { return Ok(None) };
    let read = read_readable(&file, 0, file.len().await?).await?;
    Ok(read.inspect_err(|why| tracing::error!(path = %path.display(), why, "a file is lost")).ok())
}

/// The whole file with something else in the place of what the disk cannot read, and whether there is any; `None` if there is
/// no file.
pub(crate) async fn read_pieces(env: &Env, path: &Path) -> io::Result<Option<(Bytes, bool)>> {
    let Some(file) = atomic_file::open(env, path).await? else { return Ok(None) };
    let len = file.len().await?;
    if let Ok(whole) = read_readable(&file, 0, len).await? {
        return Ok(Some((whole, false)));
    }
    let mut bytes = BytesMut::new();
    while (bytes.len() as u64) < len {
        let at = bytes.len() as u64;
        let piece = PIECE_BYTES.min(len - at);
        match read_readable(&file, at, piece).await? {
            Ok(read) if read.is_empty() => break,
            Ok(read) => bytes.extend_from_slice(&read),
            Err(_) => bytes.resize(bytes.len() + usize::try_from(piece).expect("a piece is small"), GAP),
        }
    }
    Ok(Some((bytes.freeze(), true)))
}
