//! One of `log.dirs`: its lock, its small files, the logs inside, and whether its disk still works.
//!
//! Not here: the logs themselves (`log`), which directory a replica belongs to.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use klamm_env::{Env, FileLock, Kind, Space};
use rand_chacha::rand_core::Rng;
use tokio::sync::Notify;

use crate::atomic_file;
use crate::checkpoint::{self, CLEAN_SHUTDOWN_FILE, CleanShutdown, OffsetCheckpoint};
use crate::error::LogError;
use crate::name::{LogName, TopicId, TopicPartition};
use crate::open_files::{OpenFiles, is_out_of_handles};
use crate::readable;
use crate::recovery;
use crate::syncer::{Observer, Syncer};

const LOCK_FILE: &str = ".lock";
/// Files of segments that stay open, unless another bound is set.
const OPEN_FILES: usize = 512;
/// As many of them on each lane in any case.
const OPEN_FILES_MIN: usize = 8;

/// Whether a directory can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryState {
    /// Reads and writes.
    Online,
    /// A write found the disk full: reads only, until it is opened again.
    Full,
    /// A write or barrier failed: nothing, until it is opened again.
    Offline,
}

/// The state, and why it is that. No watch channel: which of its waiters wakes first is drawn outside the seed.
pub(crate) struct Health {
    path: PathBuf,
    state: Mutex<(DirectoryState, String)>,
    changed: Notify,
}

impl Health {
    fn new(path: &Path) -> Self {
        let state = Mutex::new((DirectoryState::Online, String::new()));
        Self { path: path.to_owned(), state, changed: Notify::new() }
    }

    fn now(&self) -> MutexGuard<'_, (DirectoryState, String)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> DirectoryState {
        self.now().0
    }

    pub(crate) fn can_write(&self) -> bool {
        self.state() == DirectoryState::Online
    }

    pub(crate) fn can_read(&self) -> bool {
        self.state() != DirectoryState::Offline
    }

    /// A write or barrier ended in `error`: nothing is written here any more.
    pub(crate) fn fail(&self, error: &io::Error, what: &str) {
        let state = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => DirectoryState::Full,
            _ => DirectoryState::Offline,
        };
        self.change(state, format!("{what}: {error}"));
    }

    fn change(&self, to: DirectoryState, why: String) {
        let mut now = self.now();
        let worse = now.0 == DirectoryState::Online || to == DirectoryState::Offline;
        if now.0 != to && worse {
            let path = self.path.display();
            match to {
                DirectoryState::Full => tracing::error!(
                    directory = %path,
                    reason = why,
                    "log directory is full: it is read, and written to again after a restart with room"
                ),
                _ => tracing::error!(directory = %path, reason = why, "log directory failed"),
            }
            *now = (to, why);
            self.changed.notify_waiters();
        }
    }

    /// Waits until the directory is offline; tells why.
    async fn failed(&self) -> String {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            let (state, why) = self.now().clone();
            if state == DirectoryState::Offline {
                return why;
            }
            changed.await;
        }
    }
}

/// One of `log.dirs`, locked. Cloned cheaply; may be used from every lane.
#[derive(Clone)]
pub struct LogDirectory(Arc<Shared>);

struct Shared {
    env: Env,
    path: PathBuf,
    health: Arc<Health>,
    /// One a lane.
    syncers: Box<[Arc<Syncer>]>,
    /// One a lane.
    open_files: Box<[Arc<OpenFiles>]>,
    observer: Arc<OnceLock<Observer>>,
    _lock: Box<dyn FileLock>,
}

impl LogDirectory {
    /// Makes the directory if need be, and locks it.
    ///
    /// # Errors
    /// [`LogError::Locked`], [`LogError::Storage`].
    pub async fn open(env: &Env, path: &Path) -> Result<Self, LogError> {
        atomic_file::create_directory(env, path).await.map_err(LogError::Storage)?;
        let lock = env.lock(&path.join(LOCK_FILE)).await.map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => LogError::Locked(path.to_owned()),
            _ => LogError::Storage(error),
        })?;
        let (health, observer) = (Arc::new(Health::new(path)), Arc::default());
        let syncer = |_| Syncer::new(env, Arc::clone(&health), Arc::clone(&observer));
        let syncers = (0..env.lanes()).map(syncer).collect();
        let most = open_files_a_lane(OPEN_FILES, env.lanes());
        let open_files = (0..env.lanes()).map(|_| Arc::new(OpenFiles::new(most))).collect();
        let (env, path) = (env.clone(), path.to_owned());
        Ok(Self(Arc::new(Shared { env, path, health, syncers, open_files, observer, _lock: lock })))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Whether it can be used.
    pub fn state(&self) -> DirectoryState {
        self.0.health.state()
    }

    /// Waits until it is [`DirectoryState::Offline`]; tells why. One that is full goes on to be read.
    pub async fn failed(&self) -> String {
        self.0.health.failed().await
    }

    /// Tells `observer` how long each flush took, from now on. There is one observer: a later one is not told.
    pub fn on_flush(&self, observer: impl Fn(Duration) + Send + Sync + 'static) {
        let _ = self.0.observer.set(Box::new(observer));
    }

    /// Keeps at most about `most` files of segments open at a time, over all lanes, from now on; a lane keeps a few in
    /// any case. A file that was closed is opened again when it is needed.
    pub fn limit_open_files(&self, most: usize) {
        let most = open_files_a_lane(most, self.0.env.lanes());
        self.0.open_files.iter().for_each(|files| files.set_most(most));
    }

    /// Takes it offline: an I/O error that somebody else met.
    pub fn take_offline(&self, why: &str) {
        self.0.health.change(DirectoryState::Offline, why.to_owned());
    }

    /// The logs inside, by name, and logs to be deleted. Other names are left out.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn list(&self) -> Result<Vec<LogName>, LogError> {
        let entries = self.0.env.list(&self.0.path).await.map_err(LogError::Storage)?;
        let directories = entries.iter().filter(|entry| entry.kind == Kind::Directory);
        Ok(directories.filter_map(|entry| LogName::parse(&entry.name)).collect())
    }

    /// Reads `.kafka_cleanshutdown` and removes it durably: the epoch of the broker that stopped cleanly (-1 if it
    /// is not told); `None` after an unclean stop. Called once, before logs are opened.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn take_clean_shutdown(&self) -> Result<Option<i64>, LogError> {
        let take = async {
            let path = self.0.path.join(CLEAN_SHUTDOWN_FILE);
            let Some(bytes) = atomic_file::read(&self.0.env, &path).await? else {
                return Ok(None);
            };
            self.0.env.remove(&path).await?;
            self.0.env.sync_dir(&self.0.path).await?;
            Ok(Some(CleanShutdown::decode(&bytes)))
        };
        take.await.map_err(|error| self.failed_by(error))
    }

    /// Writes `.kafka_cleanshutdown`, durably; only after all logs were closed without error.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn write_clean_shutdown(&self, broker_epoch: i64) -> Result<(), LogError> {
        self.replace(CLEAN_SHUTDOWN_FILE, CleanShutdown::encode(broker_epoch)).await
    }

    /// Reads a checkpoint; empty if the file is not there or not readable as one.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn read_checkpoint(
        &self,
        which: OffsetCheckpoint,
    ) -> Result<BTreeMap<TopicPartition, i64>, LogError> {
        let path = self.0.path.join(which.file());
        let Some(bytes) = readable::read_small(&self.0.env, &path).await.map_err(LogError::Storage)? else {
            return Ok(BTreeMap::new());
        };
        let offsets = std::str::from_utf8(&bytes).ok().and_then(checkpoint::decode);
        Ok(offsets.unwrap_or_else(|| {
            tracing::warn!(path = %path.display(), "a checkpoint is malformed and counts as empty");
            BTreeMap::new()
        }))
    }

    /// Replaces a checkpoint, durably.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn write_checkpoint(
        &self,
        which: OffsetCheckpoint,
        offsets: &BTreeMap<TopicPartition, i64>,
    ) -> Result<(), LogError> {
        self.replace(which.file(), checkpoint::encode(offsets)).await
    }

    /// Renames a log's directory to `<topic>-<partition>.<32 hex>-delete`, durably, and removes it after `delay` (a
    /// task of the caller's lane). No handle of that log may append from then on; open reads end as they began.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn delete_log(&self, partition: &TopicPartition, delay: Duration) -> Result<(), LogError> {
        let rename = async {
            let doomed = self.rename(partition, "delete").await?;
            self.0.env.sync_dir(&self.0.path).await?;
            Ok(doomed)
        };
        let doomed = rename.await.map_err(|error| self.failed_by(error))?;
        self.remove_later(vec![doomed], delay);
        Ok(())
    }

    /// The topic id that a log's directory tells; `None` if it tells none.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn topic_id(&self, partition: &TopicPartition) -> Result<Option<TopicId>, LogError> {
        let path = self.0.path.join(partition.directory_name());
        recovery::read_topic_id(&self.0.env, &path).await.map_err(LogError::Storage)
    }

    /// Renames directories of logs that the metadata does not know to `<topic>-<partition>.<32 hex>-stray`, durably.
    /// They stay until somebody looks after them. Called before logs are opened.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn set_aside(&self, strays: &[TopicPartition]) -> Result<(), LogError> {
        let rename = async {
            for stray in strays {
                let path = self.rename(stray, "stray").await?;
                tracing::warn!(path = %path.display(), "a log that the metadata does not know is set aside");
            }
            self.0.env.sync_dir(&self.0.path).await
        };
        rename.await.map_err(|error| self.failed_by(error))
    }

    /// Gives a log's directory a name that no other has.
    async fn rename(&self, partition: &TopicPartition, kind: &str) -> io::Result<PathBuf> {
        let mut id = [0; 16];
        self.0.env.stream("log deletion").fill_bytes(&mut id);
        let to = self.0.path.join(unused_name(partition, u128::from_be_bytes(id), kind));
        self.0.env.rename(&self.0.path.join(partition.directory_name()), &to).await?;
        Ok(to)
    }

    /// Removes what deletions before the last stop left behind (`*-delete`), after `delay`, in a task.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn remove_deleted(&self, delay: Duration) -> Result<(), LogError> {
        let entries = self.0.env.list(&self.0.path).await.map_err(LogError::Storage)?;
        let doomed: Vec<PathBuf> = entries
            .iter()
            .filter(|entry| matches!(LogName::parse(&entry.name), Some(LogName::Deleted(_))))
            .map(|entry| self.0.path.join(&entry.name))
            .collect();
        if !doomed.is_empty() {
            self.remove_later(doomed, delay);
        }
        Ok(())
    }

    /// Room on its volume.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn free_space(&self) -> Result<Space, LogError> {
        self.0.env.free_space(&self.0.path).await.map_err(LogError::Storage)
    }

    fn remove_later(&self, doomed: Vec<PathBuf>, delay: Duration) {
        let env = self.0.env.clone();
        self.0.env.spawn_local("log removal", async move {
            env.sleep(delay).await;
            for path in doomed {
                if let Err(error) = remove_flat_directory(&env, &path).await {
                    tracing::warn!(path = %path.display(), %error, "a deleted log could not be removed");
                }
            }
        });
    }

    async fn replace(&self, file: &str, text: String) -> Result<(), LogError> {
        self.check_writable()?;
        let path = self.0.path.join(file);
        let replaced = atomic_file::replace(&self.0.env, &path, Bytes::from(text)).await;
        replaced.map_err(|error| self.failed_by(error))
    }

    pub(crate) fn env(&self) -> &Env {
        &self.0.env
    }

    /// The syncer of the caller's lane.
    pub(crate) fn syncer(&self) -> &Arc<Syncer> {
        &self.0.syncers[usize::from(self.0.env.lane().0)]
    }

    pub(crate) fn check_writable(&self) -> Result<(), LogError> {
        if self.0.health.can_write() { Ok(()) } else { Err(LogError::Offline) }
    }

    pub(crate) fn check_readable(&self) -> Result<(), LogError> {
        if self.0.health.can_read() { Ok(()) } else { Err(LogError::Offline) }
    }

    /// The segments' files that are open on the caller's lane.
    pub(crate) fn open_files(&self) -> &Arc<OpenFiles> {
        &self.0.open_files[usize::from(self.0.env.lane().0)]
    }

    /// Notes that a write failed, and gives the error to answer with: for whoever writes files of its own here. Where
    /// there was no handle to open a file with, nothing was written and the disk has not failed: some handles are given
    /// up, and the operation may be tried again.
    pub fn failed_by(&self, error: io::Error) -> LogError {
        if is_out_of_handles(&error) {
            tracing::warn!(directory = %self.0.path.display(), %error, "no file can be opened; raise the limit (ulimit -n)");
            self.open_files().give_up_half();
        } else {
            self.0.health.fail(&error, "a write failed");
        }
        LogError::Storage(error)
    }
}

fn open_files_a_lane(most: usize, lanes: u16) -> usize {
    (most / usize::from(lanes.max(1))).max(OPEN_FILES_MIN)
}

/// `<topic>-<partition>.<32 hex>-<kind>`, with as much of the topic's name as a file system takes.
fn unused_name(partition: &TopicPartition, id: u128, kind: &str) -> String {
    const NAME_BYTES_MAX: usize = 255;
    let suffix = format!("-{}.{id:032x}-{kind}", partition.partition);
    let topic = &partition.topic[..partition.topic.len().min(NAME_BYTES_MAX - suffix.len())];
    format!("{topic}{suffix}")
}

/// Removes a directory of plain files.
async fn remove_flat_directory(env: &Env, path: &Path) -> io::Result<()> {
    for entry in env.list(path).await? {
        atomic_file::remove(env, &path.join(&entry.name)).await?;
    }
    env.remove(path).await
}

/// Drives `work` with at most `limit` at once; answers in the order of the work. For opening many logs.
pub async fn bounded<F: Future>(work: impl IntoIterator<Item = F>, limit: usize) -> Vec<F::Output> {
    futures_util::stream::iter(work).buffered(limit.max(1)).collect().await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many partitions at once that no file could be opened ended the node: it took that for a failed disk.
    #[test]
    fn only_a_disk_that_failed_takes_the_directory_offline() {
        let check = |code, expected: DirectoryState| {
            klamm_sim::run(1, move |env| async move {
                let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
                let error = directory.failed_by(io::Error::from_raw_os_error(code));
                assert!(matches!(error, LogError::Storage(_)));
                assert_eq!(directory.state(), expected, "{code}");
            });
        };
        check(24, DirectoryState::Online);
        check(23, DirectoryState::Online);
        check(5, DirectoryState::Offline);
        check(28, DirectoryState::Full);
    }

    #[test]
    fn the_longest_topic_can_be_deleted() {
        let name = unused_name(&TopicPartition::new("t", 7), 10, "delete");
        assert_eq!(name, "t-7.0000000000000000000000000000000a-delete");
        let longest = TopicPartition::new("x".repeat(249), 12);
        let name = unused_name(&longest, 10, "delete");
        assert_eq!(name.len(), 255);
        assert!(matches!(LogName::parse(&name), Some(LogName::Deleted(_))));
    }
}
