//! Handles of segments' files, which are opened when they are needed: a bounded list for the logs of one directory on one
//! lane. Beyond the bound, one that was not used lately is closed; whoever reads or flushes through it keeps it meanwhile.
//!
//! Not here: files that are opened for one operation (indexes, snapshots, checkpoints).

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use klamm_env::{Env, File, Open};

/// Whether the process or the system has no handle left: nothing is wrong with the disk then.
pub(crate) fn is_out_of_handles(error: &io::Error) -> bool {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    matches!(error.raw_os_error(), Some(ENFILE | EMFILE))
}

/// A file's handle, while it is open.
#[derive(Default)]
pub(crate) struct Handle {
    file: Mutex<Option<Arc<dyn File>>>,
    /// Since the list looked at it last.
    used: AtomicBool,
    listed: AtomicBool,
}

impl Handle {
    fn file(&self) -> MutexGuard<'_, Option<Arc<dyn File>>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file, if it is open.
    pub(crate) fn get(&self) -> Option<Arc<dyn File>> {
        self.used.store(true, Ordering::Relaxed);
        self.file().clone()
    }

    /// Lets the file go.
    pub(crate) fn close(&self) {
        *self.file() = None;
    }

    fn is_open(&self) -> bool {
        self.file().is_some()
    }
}

/// The list.
pub(crate) struct OpenFiles(Mutex<State>);

struct State {
    most: usize,
    /// The one that was opened or looked at longest ago in front.
    handles: VecDeque<Weak<Handle>>,
}

impl OpenFiles {
    /// At most `most` files stay open.
    pub(crate) fn new(most: usize) -> Self {
        Self(Mutex::new(State { most, handles: VecDeque::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another bound from now on.
    pub(crate) fn set_most(&self, most: usize) {
        let mut state = self.state();
        state.most = most;
        state.close_to(most);
    }

    /// The file at `path`, which is there. Where no handle is left, half of those in the list are given up for it.
    pub(crate) async fn open(
        &self,
        env: &Env,
        path: &Path,
        handle: &Arc<Handle>,
    ) -> io::Result<Arc<dyn File>> {
        if let Some(file) = handle.get() {
            return Ok(file);
        }
        let file = match env.open(path, Open::EDIT).await {
            Err(error) if is_out_of_handles(&error) => {
                self.give_up_half();
                env.open(path, Open::EDIT).await?
            }
            opened => opened?,
        };
        self.keep(handle, &file);
        Ok(file)
    }

    /// Takes in a file that was just opened.
    pub(crate) fn keep(&self, handle: &Arc<Handle>, file: &Arc<dyn File>) {
        *handle.file() = Some(file.clone());
        let mut state = self.state();
        if !handle.listed.swap(true, Ordering::Relaxed) {
            state.handles.push_back(Arc::downgrade(handle));
        }
        let most = state.most;
        state.close_to(most);
    }

    /// Closes half of the files.
    pub(crate) fn give_up_half(&self) {
        let mut state = self.state();
        let half = state.handles.len() / 2;
        state.close_to(half);
    }
}

impl State {
    fn close_to(&mut self, most: usize) {
        while self.handles.len() > most {
            let Some(handle) = self.handles.pop_front() else { return };
            let Some(handle) = handle.upgrade() else { continue };
            if handle.is_open() && handle.used.swap(false, Ordering::Relaxed) {
                self.handles.push_back(Arc::downgrade(&handle));
                continue;
            }
            handle.close();
            handle.listed.store(false, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Opens files by number, in this order, with room for three; those that are open then.
    fn check(opened: &'static [usize], expected: &'static [usize]) {
        klamm_sim::run(1, move |env| async move {
            let files = OpenFiles::new(3);
            let handles: Vec<Arc<Handle>> = (0..6).map(|_| Arc::default()).collect();
            let path = |number: usize| PathBuf::from(format!("/{number}"));
            for number in 0..handles.len() {
                env.open(&path(number), Open::CREATE).await.expect("made");
            }
            for number in opened {
                files.open(&env, &path(*number), &handles[*number]).await.expect("opened");
            }
            let open: Vec<usize> = (0..6).filter(|number| handles[*number].is_open()).collect();
            assert_eq!(open, expected, "{opened:?}");
            files.give_up_half();
            assert!(handles.iter().filter(|handle| handle.is_open()).count() <= 2);
        });
    }

    #[test]
    fn what_was_not_used_lately_is_closed() {
        check(&[0, 1, 2], &[0, 1, 2]);
        check(&[0, 1, 2, 3], &[1, 2, 3]);
        check(&[0, 1, 2, 3, 1, 4], &[1, 3, 4]);
        check(&[0, 1, 2, 3, 4, 5, 0], &[0, 4, 5]);
    }

    #[test]
    fn no_handle_left_is_no_failed_disk() {
        for (code, expected) in [(23, true), (24, true), (5, false), (28, false)] {
            assert_eq!(is_out_of_handles(&io::Error::from_raw_os_error(code)), expected, "{code}");
        }
    }
}
