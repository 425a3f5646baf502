//! One task per log directory that makes appends durable in groups: while one barrier runs, the next set fills.
//!
//! Not here: what has to be flushed (`log`), what a broker does without the directory.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::{try_join, try_join_all};
use klamm_env::{Env, File, FileSet};
use tokio::sync::{mpsc, oneshot};

use crate::directory::Health;
use crate::error::LogError;

/// Files and directories with changes that no barrier has covered.
#[derive(Default)]
pub(crate) struct Dirty {
    files: FileSet,
    /// Addresses of `files`, to add each once.
    known: BTreeSet<usize>,
    directories: BTreeSet<PathBuf>,
}

impl Dirty {
    /// Adds a file, once.
    pub(crate) fn add_file(&mut self, file: &Arc<dyn File>) {
        if self.known.insert(Arc::as_ptr(file).cast::<()>().addr()) {
            self.files.push(file.clone());
        }
    }

    /// Adds a directory in which names changed.
    pub(crate) fn add_directory(&mut self, path: PathBuf) {
        self.directories.insert(path);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.directories.is_empty()
    }

    fn absorb(&mut self, other: Dirty) {
        for file in &other.files {
            self.add_file(file);
        }
        self.directories.extend(other.directories);
    }

    /// One barrier over all of it.
    async fn sync(self, env: &Env) -> io::Result<()> {
        let names = try_join_all(self.directories.iter().map(|path| env.sync_dir(path)));
        try_join(env.sync(self.files), names).await.map(|_| ())
    }
}

/// What a barrier is asked for, and who asked.
pub(crate) struct Request {
    dirty: Dirty,
    answer: oneshot::Sender<Result<(), LogError>>,
}

/// Who is told how long each barrier took.
pub(crate) type Observer = Box<dyn Fn(Duration) + Send + Sync>;

/// The way to the syncer.
#[derive(Clone)]
pub(crate) struct SyncerHandle {
    requests: mpsc::UnboundedSender<Request>,
    observer: Arc<OnceLock<Observer>>,
}

impl SyncerHandle {
    /// Starts a syncer on the caller's lane. It ends with its last handle.
    pub(crate) fn start(env: &Env, health: Arc<Health>) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let observer = Arc::<OnceLock<Observer>>::default();
        env.spawn_local("log directory syncer", serve(env.clone(), health, receiver, observer.clone()));
        Self { requests: sender, observer }
    }

    /// Tells `observer` of every barrier from now on; only the first one is told.
    pub(crate) fn tell(&self, observer: Observer) {
        let _ = self.observer.set(observer);
    }

    /// Asks for a barrier that begins after this call; answers come in the order of the calls.
    pub(crate) fn flush(&self, dirty: Dirty) -> oneshot::Receiver<Result<(), LogError>> {
        let (answer, receiver) = oneshot::channel();
        // Without a syncer the receiver learns that nobody will answer.
        let _ = self.requests.send(Request { dirty, answer });
        receiver
    }
}

async fn serve(
    env: Env,
    health: Arc<Health>,
    mut requests: mpsc::UnboundedReceiver<Request>,
    observer: Arc<OnceLock<Observer>>,
) {
    while let Some(first) = requests.recv().await {
        let mut group = first.dirty;
        let mut waiting = vec![first.answer];
        while let Ok(next) = requests.try_recv() {
            group.absorb(next.dirty);
            waiting.push(next.answer);
        }
        let began = env.now();
        let result =
            if health.can_write() { group.sync(&env).await } else { Err(io::Error::other("offline")) };
        if let (Ok(()), Some(tell)) = (&result, observer.get()) {
            tell(env.now() - began);
        }
        if let Err(error) = &result {
            health.fail(error, "a flush failed");
        }
        for answer in waiting {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(match &result {
                Ok(()) => Ok(()),
                Err(error) => Err(LogError::Storage(io::Error::new(error.kind(), error.to_string()))),
            });
        }
    }
}
