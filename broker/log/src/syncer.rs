//! Makes appends durable in groups, for the logs of one directory on one lane: while a log's barrier runs, its next set
//! fills.
//!
//! **Invariants**
//! 1. Barriers over the same log follow one another, so its answers come in the order in which it asked, and a failure
//!    that the kernel tells once is told to the barrier that it is of.
//! 2. A few barriers over other logs run beside it. When all of them are taken, whoever asks is gathered in one group,
//!    so that many logs cost few barriers.
//! 3. After a barrier that failed none begins.
//! 4. Sidecars have barriers of their own, which nobody waits for: each is on the disk [`SIDECARS_EVERY`] after it was
//!    written and one barrier. To wait for two files instead of one costs a disk twice as many flushes.
//!
//! Not here: what has to be flushed (`log`), what a broker does without the directory.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use futures_util::future::{try_join, try_join_all};
use klamm_env::{Env, File, FileSet, Instant};
use tokio::sync::oneshot;

use crate::directory::Health;
use crate::error::LogError;

/// Barriers of one syncer at once: enough that a disk is not idle between two of them.
const BARRIERS_MAX: usize = 4;

/// How often sidecars that were written to are made durable.
const SIDECARS_EVERY: Duration = Duration::from_millis(50);

/// So many of them do not wait for their time: they are held open until then.
const SIDECARS_MAX: usize = 16;

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

    /// One barrier over all of it, begun by this call.
    fn sync(self, env: &Env) -> impl Future<Output = io::Result<()>> + use<> {
        let names = try_join_all(self.directories.iter().map(|path| env.sync_dir(path)));
        let both = try_join(env.sync(self.files), names);
        async move { both.await.map(|_| ()) }
    }
}

/// Which log asks, among those that its lane ever opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogKey(u64);

type Answer = oneshot::Sender<Result<(), LogError>>;

struct Request {
    log: LogKey,
    dirty: Dirty,
    answer: Answer,
}

/// Who is told how long each barrier took.
pub(crate) type Observer = Box<dyn Fn(Duration) + Send + Sync>;

/// The syncer of one lane, which alone calls it.
pub(crate) struct Syncer {
    env: Env,
    health: Arc<Health>,
    observer: Arc<OnceLock<Observer>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    logs: u64,
    /// In the order in which they came.
    waiting: Vec<Request>,
    /// Barriers that are running.
    running: usize,
    /// Logs that a barrier is running for.
    busy: BTreeSet<LogKey>,
    /// Sidecars that were written to since their last barrier began.
    sidecars: Dirty,
    /// Somebody sees to them.
    sidecars_seen_to: bool,
}

impl Syncer {
    pub(crate) fn new(env: &Env, health: Arc<Health>, observer: Arc<OnceLock<Observer>>) -> Arc<Self> {
        Arc::new(Self { env: env.clone(), health, observer, state: Mutex::default() })
    }

    /// The key of one more log.
    pub(crate) fn new_key(&self) -> LogKey {
        let mut state = self.state();
        state.logs += 1;
        LogKey(state.logs)
    }

    /// Asks for a barrier that begins with this call or after it; the answers to one log come in the order of its calls.
    pub(crate) fn flush(
        self: &Arc<Self>,
        log: LogKey,
        dirty: Dirty,
    ) -> oneshot::Receiver<Result<(), LogError>> {
        let (answer, receiver) = oneshot::channel();
        self.state().waiting.push(Request { log, dirty, answer });
        self.begin();
        receiver
    }

    /// A sidecar was written to.
    pub(crate) fn sidecar_written(self: &Arc<Self>, file: &Arc<dyn File>) {
        let mut state = self.state();
        state.sidecars.add_file(file);
        let syncer = self.clone();
        if state.sidecars.files.len() >= SIDECARS_MAX {
            let files = std::mem::take(&mut state.sidecars).files;
            self.env.spawn_local("sidecars", async move { syncer.flush_sidecars(files).await });
        } else if !std::mem::replace(&mut state.sidecars_seen_to, true) {
            self.env.spawn_local("sidecars", async move { syncer.see_to_sidecars().await });
        }
    }

    /// Makes sidecars durable from time to time until none is left.
    async fn see_to_sidecars(&self) {
        loop {
            self.env.sleep(SIDECARS_EVERY).await;
            let files = {
                let mut state = self.state();
                state.sidecars_seen_to = !state.sidecars.files.is_empty();
                std::mem::take(&mut state.sidecars).files
            };
            if files.is_empty() {
                return;
            }
            self.flush_sidecars(files).await;
        }
    }

    async fn flush_sidecars(&self, files: FileSet) {
        if self.health.can_write()
            && let Err(error) = self.env.sync(files).await
        {
            self.health.fail(&error, "a sidecar's flush failed");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds a syncer's state")
    }

    /// Begins a barrier for all who wait, but for logs that one is running for.
    fn begin(self: &Arc<Self>) {
        let Some((set, group)) = self.state().next_group() else { return };
        let barrier = self.health.can_write().then(|| set.sync(&self.env));
        let (syncer, began) = (self.clone(), self.env.now());
        self.env.spawn_local("barrier", async move {
            let result = match barrier {
                Some(barrier) => syncer.observed(barrier, began).await,
                None => Err(io::Error::other("the log directory takes no more writes")),
            };
            syncer.state().end(&group);
            syncer.begin();
            group.answer(&result);
        });
    }

    /// Waits for a barrier, and notes how it went.
    async fn observed(
        &self,
        barrier: impl Future<Output = io::Result<()>>,
        began: Instant,
    ) -> io::Result<()> {
        let result = barrier.await;
        match (&result, self.observer.get()) {
            (Ok(()), Some(tell)) => tell(self.env.now() - began),
            (Ok(()), None) => {}
            (Err(error), _) => self.health.fail(error, "a flush failed"),
        }
        result
    }
}

impl State {
    fn next_group(&mut self) -> Option<(Dirty, Group)> {
        if self.running == BARRIERS_MAX {
            return None;
        }
        let busy = &self.busy;
        let ready = self.waiting.extract_if(.., |request| !busy.contains(&request.log)).collect::<Vec<_>>();
        let (mut set, mut group) = (Dirty::default(), Group::default());
        for Request { log, dirty, answer } in ready {
            set.absorb(dirty);
            self.busy.insert(log);
            group.0.push((log, answer));
        }
        self.running += usize::from(!group.0.is_empty());
        (!group.0.is_empty()).then_some((set, group))
    }

    fn end(&mut self, group: &Group) {
        self.running -= 1;
        for (log, _) in &group.0 {
            self.busy.remove(log);
        }
    }
}

/// Those who wait for the same barrier.
#[derive(Default)]
struct Group(Vec<(LogKey, Answer)>);

impl Group {
    fn answer(self, result: &io::Result<()>) {
        for (_, answer) in self.0 {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(match result {
                Ok(()) => Ok(()),
                Err(error) => Err(LogError::Storage(io::Error::new(error.kind(), error.to_string()))),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets logs ask, one `steps` after the other, or the oldest barrier end (`None`); tells which logs each barrier that
    /// begins is for.
    fn check(steps: &[Option<u64>], expected: &[&[u64]]) {
        let (mut state, mut running, mut begun) = (State::default(), Vec::new(), Vec::new());
        for step in steps {
            match step {
                Some(log) => {
                    let (answer, _) = oneshot::channel();
                    state.waiting.push(Request { log: LogKey(*log), dirty: Dirty::default(), answer });
                }
                None => state.end(&running.remove(0)),
            }
            if let Some((_, group)) = state.next_group() {
                begun.push(group.0.iter().map(|(log, _)| log.0).collect::<Vec<_>>());
                running.push(group);
            }
        }
        assert_eq!(begun, expected, "{steps:?}");
    }

    #[test]
    fn barriers_over_one_log_follow_one_another_and_the_next_is_for_all_who_came_meanwhile() {
        check(&[Some(1), Some(1), Some(1), None, None], &[&[1], &[1, 1]]);
    }

    #[test]
    fn barriers_over_other_logs_run_beside_it() {
        check(&[Some(1), Some(2), Some(1), None], &[&[1], &[2], &[1]]);
    }

    #[test]
    fn when_all_are_taken_many_logs_share_the_next() {
        let steps = [1, 2, 3, 4, 5, 6, 7].map(Some).into_iter().chain([None]).collect::<Vec<_>>();
        check(&steps, &[&[1], &[2], &[3], &[4], &[5, 6, 7]]);
    }

    #[test]
    fn a_log_whose_barrier_runs_does_not_hold_up_the_others() {
        check(&[Some(1), Some(1), Some(2), Some(3), None, None], &[&[1], &[2], &[3], &[1]]);
    }
}
