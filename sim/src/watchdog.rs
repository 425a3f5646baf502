//! A poll that never returns, found by real time and told by name. Not here: a task that is polled for ever at one
//! instant, which the executor counts itself.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError, Weak};
use std::time::Duration;

/// Real seconds that one poll may take.
const POLL_SECONDS_MAX: u32 = 60;

/// In place of a task's name.
const NO_TASK: u32 = u32::MAX;

/// What one world shows of itself to the watchdog.
#[derive(Default)]
pub(crate) struct Pulse {
    seed: u64,
    /// Odd while a task is polled.
    beat: AtomicU64,
    node: AtomicU32,
    name: AtomicU32,
    nodes: Mutex<Vec<String>>,
    names: Mutex<Vec<&'static str>>,
}

static WORLDS: Mutex<Vec<Weak<Pulse>>> = Mutex::new(Vec::new());
static WATCHDOG: Once = Once::new();

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pulse {
    /// The pulse of the world of a seed, watched until it is dropped.
    pub(crate) fn watched(seed: u64) -> Arc<Self> {
        let pulse = Arc::new(Self { seed, ..Self::default() });
        locked(&WORLDS).push(Arc::downgrade(&pulse));
        WATCHDOG.call_once(|| {
            let watchdog = std::thread::Builder::new().name("klamm-sim watchdog".to_owned());
            watchdog.spawn(watch).expect("a thread can be started");
        });
        pulse
    }

    pub(crate) fn add_node(&self, name: &str) {
        locked(&self.nodes).push(name.to_owned());
    }

    pub(crate) fn add_name(&self, name: &'static str) {
        locked(&self.names).push(name);
    }

    /// A job that runs beside the tasks of a node; it ends as a poll does.
    pub(crate) fn job_begins(&self, node: u32) {
        self.poll_begins(node, NO_TASK);
    }

    pub(crate) fn poll_begins(&self, node: u32, name: u32) {
        self.node.store(node, Ordering::Relaxed);
        self.name.store(name, Ordering::Relaxed);
        self.beat.store(self.beat.load(Ordering::Relaxed) | 1, Ordering::Relaxed);
    }

    pub(crate) fn poll_ends(&self) {
        self.beat.store((self.beat.load(Ordering::Relaxed) | 1) + 1, Ordering::Relaxed);
    }

    fn who(&self) -> String {
        let node = self.node.load(Ordering::Relaxed) as usize;
        let name = self.name.load(Ordering::Relaxed) as usize;
        let node = locked(&self.nodes).get(node).cloned().unwrap_or_default();
        let name = locked(&self.names).get(name).copied().unwrap_or("blocking");
        format!("seed {}, {node}: task `{name}`", self.seed)
    }
}

fn watch() {
    let mut seen: Vec<(Weak<Pulse>, u64, u32)> = Vec::new();
    loop {
        std::thread::sleep(Duration::from_secs(1));
        seen.extend(locked(&WORLDS).drain(..).map(|pulse| (pulse, 0, 0)));
        seen.retain(|(pulse, ..)| pulse.strong_count() > 0);
        for (pulse, beat, seconds) in &mut seen {
            let Some(pulse) = pulse.upgrade() else { continue };
            let now = pulse.beat.load(Ordering::Relaxed);
            *seconds = if now == *beat && now % 2 == 1 { *seconds + 1 } else { 0 };
            *beat = now;
            if *seconds > POLL_SECONDS_MAX {
                give_up(&pulse);
            }
        }
    }
}

/// Nothing can interrupt a thread that computes for ever, so the process ends.
#[allow(clippy::print_stderr)]
fn give_up(pulse: &Pulse) -> ! {
    eprintln!("{} has been polled for {POLL_SECONDS_MAX} seconds and does not return", pulse.who());
    std::process::abort()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_tells_who_is_polled() {
        let pulse = Pulse { seed: 7, ..Pulse::default() };
        pulse.add_node("a");
        pulse.add_node("b");
        pulse.add_name("main");
        pulse.poll_begins(1, 0);
        assert_eq!(
            (pulse.who().as_str(), pulse.beat.load(Ordering::Relaxed) % 2),
            ("seed 7, b: task `main`", 1)
        );
        pulse.poll_ends();
        assert_eq!(pulse.beat.load(Ordering::Relaxed), 2);
        pulse.job_begins(0);
        assert_eq!(
            (pulse.who().as_str(), pulse.beat.load(Ordering::Relaxed)),
            ("seed 7, a: task `blocking`", 3)
        );
    }
}
