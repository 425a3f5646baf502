//! What one process has cost, as the kernel counts it, and where it may run.
//!
//! **Not here**: children of that process, the page cache, and kernel threads that write dirty pages back.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::thread::{CpuSet, Pid, sched_getaffinity, sched_setaffinity};

/// What the kernel counts CPU time in, for programs: a hundredth of a second on every architecture.
const TICK: Duration = Duration::from_millis(10);

/// Work, and what it took.
pub(super) struct Cost {
    /// Bytes or requests.
    pub(super) units: u64,
    pub(super) wall: Duration,
    /// Of the process, in user mode and in the kernel on its behalf; a tick at least.
    pub(super) cpu: Duration,
    /// Of this process, which does the work.
    pub(super) own: Duration,
}

/// Does `work`, and says what it cost that process.
pub(super) fn metered(pid: u32, work: impl FnOnce() -> Result<u64>) -> Result<Cost> {
    let this = std::process::id();
    let (cpu_before, own_before, begun) = (cpu(pid)?, cpu(this)?, Instant::now());
    let units = work()?;
    let wall = begun.elapsed();
    Ok(Cost { units, wall, cpu: (cpu(pid)? - cpu_before).max(TICK), own: cpu(this)? - own_before })
}

/// CPU time since the process began, in whole ticks.
fn cpu(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&path).with_context(|| path.clone())?;
    cpu_of_stat(&text).with_context(|| format!("{path}: {text}"))
}

/// CPU time of the threads that live, in nanoseconds: finer than ticks, for a process whose threads all stay.
pub(super) fn cpu_of_threads(pid: u32) -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for thread in threads(pid)? {
        let path = thread.join("schedstat");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        sum += time_of_schedstat(&text).with_context(|| format!("{}: {text}", path.display()))?;
    }
    Ok(sum)
}

/// What the kernel tells about each thread that lives.
fn threads(pid: u32) -> Result<Vec<PathBuf>> {
    let path = format!("/proc/{pid}/task");
    let threads = std::fs::read_dir(&path).with_context(|| path.clone())?;
    threads.map(|thread| Ok(thread?.path())).collect()
}

/// This thread and every thread of those processes take turns on one processor, and this one is free again at the end.
/// Which processor would run whom is chance otherwise, and to wake another one costs several times what is measured.
pub(super) fn on_one_processor<T>(pids: &[u32], work: impl FnOnce() -> Result<T>) -> Result<T> {
    let free = sched_getaffinity(None)?;
    let first = (0..CpuSet::MAX_CPU).find(|cpu| free.is_set(*cpu)).context("this thread runs somewhere")?;
    let mut one = CpuSet::new();
    one.set(first);
    for pid in pids {
        for thread in threads(*pid)? {
            let id = thread.file_name().and_then(|name| Pid::from_raw(name.to_str()?.parse().ok()?));
            sched_setaffinity(Some(id.context("threads are numbers")?), &one)?;
        }
    }
    sched_setaffinity(None, &one)?;
    let done = work();
    sched_setaffinity(None, &free)?;
    done
}

fn time_of_schedstat(text: &str) -> Option<Duration> {
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn cpu_of_stat(text: &str) -> Option<Duration> {
    // The second field is the program's name in brackets, with whatever is in it.
    let (_, fields) = text.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(TICK * (ticks()? + ticks()?))
}

/// Resident memory, in MiB.
pub(super) fn rss_mib(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).with_context(|| path.clone())?;
    rss_mib_of_status(&text).with_context(|| format!("{path} has no VmRSS"))
}

fn rss_mib_of_status(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_brackets_shifts_nothing() {
        let stat = "7 (a) (b c) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 9 9 20 0 3 0 77 1 2";
        assert_eq!(cpu_of_stat(stat), Some(Duration::from_secs(2)));
        assert_eq!(cpu_of_stat("7 (a"), None);
    }

    #[test]
    fn a_thread_is_told_by_its_first_number() {
        assert_eq!(time_of_schedstat("1500 7 3\n"), Some(Duration::from_nanos(1500)));
        assert_eq!(time_of_schedstat("\n"), None);
    }

    #[test]
    fn memory_is_told_in_mib() {
        assert_eq!(rss_mib_of_status("Name:\tx\nVmRSS:\t    2048 kB\n"), Some(2.0));
        assert_eq!(rss_mib_of_status("Name:\tx\n"), None);
    }

    #[test]
    fn work_on_one_processor_is_free_again_after_it() {
        let allowed = |pid: &str| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the kernel tells");
            let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
            list.expect("it is a line of it").trim().to_owned()
        };
        let before = allowed("thread-self");
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("every system has it");
        let pid = child.id();
        let during = on_one_processor(&[pid], || Ok([allowed("thread-self"), allowed(&pid.to_string())]));
        child.kill().expect("it sleeps");
        child.wait().expect("it was killed");
        let [own, of_child] = during.expect("the kernel allows it");
        assert!(own == of_child && own.parse::<u32>().is_ok(), "{own} and {of_child} are one number");
        assert_eq!(allowed("thread-self"), before);
    }

    #[test]
    fn this_process_costs_something() {
        let pid = std::process::id();
        let cost = metered(pid, || Ok(3)).expect("the kernel tells");
        assert!(cost.units == 3 && cost.cpu >= TICK);
        assert!(rss_mib(pid).expect("the kernel tells") > 1.0);
        assert!(cpu_of_threads(pid).expect("the kernel tells") > Duration::ZERO);
    }
}
