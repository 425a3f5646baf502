//! The signals that ask a process to stop. Not here: what it does then.

use std::fmt;
use std::future::poll_fn;
use std::task::Poll;

use tokio::signal::unix::{SignalKind, signal};

/// A signal that asks for an orderly stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: an init system's or orchestrator's request.
    Terminate,
    /// SIGINT: Ctrl-C.
    Interrupt,
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::Terminate => "SIGTERM",
            Signal::Interrupt => "SIGINT",
        })
    }
}

/// Waits, on a lane, for the next SIGTERM or SIGINT. From its first poll on, these no longer end the process by
/// themselves.
///
/// # Panics
/// When no handler can be installed.
pub async fn termination() -> Signal {
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be handled");
    let mut interrupt = signal(SignalKind::interrupt()).expect("SIGINT can be handled");
    poll_fn(|cx| {
        if terminate.poll_recv(cx).is_ready() {
            Poll::Ready(Signal::Terminate)
        } else if interrupt.poll_recv(cx).is_ready() {
            Poll::Ready(Signal::Interrupt)
        } else {
            Poll::Pending
        }
    })
    .await
}
