//! The end of the process for a reason of its own. Not here: an orderly stop.

use std::io::Write;

/// Says why and ends the process as SIGABRT does (a shell sees 134), without unwinding or flushing anything: an
/// invariant is broken, and whatever ran on could do harm.
pub(crate) fn die(why: &str) -> ! {
    tracing::error!("the node ends itself: {why}");
    let _closed = writeln!(std::io::stderr(), "klamm ends itself: {why}");
    std::process::abort()
}

/// Does `work`; should it panic, of which the panic hook has told by then, the process ends.
pub(crate) fn if_it_panics<T>(name: &str, work: impl FnOnce() -> T) -> T {
    // Met at every poll, `catch_unwind` would cost more than this, which costs nothing unless there is a panic.
    let panicked = Panicked(name);
    let done = work();
    std::mem::forget(panicked);
    done
}

/// What only unwinding drops.
struct Panicked<'a>(&'a str);

impl Drop for Panicked<'_> {
    fn drop(&mut self) {
        die(&format!("{} panicked", self.0));
    }
}
