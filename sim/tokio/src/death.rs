//! The end of the process for a reason of its own. Not here: an orderly stop.

use std::io::Write;

/// Says why and ends the process as SIGABRT does (a shell sees 134), without unwinding or flushing anything: an
/// invariant is broken, and whatever ran on could do harm.
pub(crate) fn die(why: &str) -> ! {
    tracing::error!("the node ends itself: {why}");
    let _closed = writeln!(std::io::stderr(), "klamm ends itself: {why}");
    std::process::abort()
}

/// Ends the process for a panic, of which the panic hook has told already.
pub(crate) fn panicked(name: &str) -> ! {
    die(&format!("{name} panicked"))
}
