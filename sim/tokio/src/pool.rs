//! A bounded number of threads for what may block. Not here: which operations do.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use klamm_env::Done;

use crate::death;
use crate::engine::stopped;

type Work = Box<dyn FnOnce() + Send>;

/// Threads that are made when work finds none idle, up to a bound, and stay. Work begins in the order of
/// submission and must not wait for other work of the same pool.
#[derive(Clone)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
    threads_max: usize,
}

struct Shared {
    name: &'static str,
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Work>,
    idle: usize,
    closed: bool,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Pool {
    pub(crate) fn new(name: &'static str, threads_max: usize) -> Self {
        let shared = Shared { name, state: Mutex::default(), wake: Condvar::new() };
        Self { shared: Arc::new(shared), threads_max: threads_max.max(1) }
    }

    /// Runs `work` on a thread of the pool; its answer comes whether or not somebody waits.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Done<T> {
        let (answer, done) = Done::wait();
        let accepted = self.submit(Box::new(move || {
            let _nobody_waits = answer.send(work());
        }));
        if accepted { done } else { Done::ready(Err(stopped())) }
    }

    /// Queues `work`; false if the pool is closed.
    pub(crate) fn submit(&self, work: Work) -> bool {
        let mut state = self.shared.lock();
        if state.closed {
            return false;
        }
        state.queue.push_back(work);
        if state.queue.len() > state.idle && state.threads.len() < self.threads_max {
            let shared = self.shared.clone();
            let name = format!("{}-{}", shared.name, state.threads.len());
            match thread::Builder::new().name(name).spawn(move || shared.serve()) {
                Ok(thread) => state.threads.push(thread),
                // The threads that are there will come to it.
                Err(error) if !state.threads.is_empty() => tracing::warn!("no room for a thread: {error}"),
                Err(error) => death::die(&format!("no room for the first thread of a pool: {error}")),
            }
        }
        drop(state);
        self.shared.wake.notify_one();
        true
    }

    /// Takes no more work and returns when all that was taken is done.
    pub(crate) fn close(&self) {
        let mut state = self.shared.lock();
        state.closed = true;
        let threads = std::mem::take(&mut state.threads);
        drop(state);
        self.shared.wake.notify_all();
        for thread in threads {
            thread.join().expect("a pool's thread ends the process before it panics");
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds a pool's state")
    }

    fn serve(&self) {
        let mut state = self.lock();
        loop {
            if let Some(work) = state.queue.pop_front() {
                drop(state);
                death::if_it_panics(self.name, work);
                state = self.lock();
            } else if state.closed {
                return;
            } else {
                state.idle += 1;
                state = self.wake.wait(state).expect("nothing panics while it holds a pool's state");
                state.idle -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// The most that ran at once of 40 pieces of work in a pool of `threads_max`.
    fn at_once(threads_max: usize) -> usize {
        let pool = Pool::new("test", threads_max);
        let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        for _ in 0..40 {
            let counts = counts.clone();
            let accepted = pool.submit(Box::new(move || {
                let (running, most) = &*counts;
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(2));
                running.fetch_sub(1, Ordering::SeqCst);
            }));
            assert!(accepted);
        }
        pool.close();
        assert!(!pool.submit(Box::new(|| {})));
        counts.1.load(Ordering::SeqCst)
    }

    #[test]
    fn threads_are_bounded_and_used() {
        assert_eq!(at_once(1), 1);
        assert!((2..=4).contains(&at_once(4)));
    }

    #[test]
    fn one_thread_keeps_the_order() {
        let pool = Pool::new("test", 1);
        let (sender, receiver) = mpsc::channel();
        for number in 0..100 {
            let sender = sender.clone();
            pool.submit(Box::new(move || sender.send(number).expect("the test waits")));
        }
        pool.close();
        drop(sender);
        assert!(receiver.iter().eq(0..100));
    }
}
