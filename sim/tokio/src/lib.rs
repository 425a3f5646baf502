//! The production engine: tokio, one current-thread runtime a lane.
//!
//! ```text
//!   lane 0 (thread)       lane 1 (thread)   …      disk pool        blocking pool
//!   LocalRuntime          LocalRuntime             open, sync,      what computes
//!   tasks, timers,        tasks, timers,           cold reads       for long
//!   sockets, epoll        sockets, epoll               │                │
//!        └──── inbox: jobs, aborts ────┘               └── Done::Wait ──┘
//! ```
//!
//! [`run`] is for a process that is one node: the calling thread becomes lane 0. [`Node::start`] puts every
//! lane on a thread of its own, for an application that has a runtime already or none at all.
//!
//! **Invariants**
//! 1. A task, its timers and its streams stay on the thread of their lane; only jobs, aborts and answers travel.
//! 2. A lane never waits for a disk, but for the page cache: writes are copied there inline (and are held back
//!    by the kernel when it has too many dirty pages), reads and sends are inline only of what is cached.
//! 3. What was handed to a pool happens, even if nobody waits for it and the node stops meanwhile.
//! 4. A task that panics ends the process, after the panic hook has spoken.
//! 5. `unsafe` only at a system call that has no safe wrapper in rustix, socket2 or std: `page_cache` has them.
//!
//! **Not here**: policy of any kind; TLS; io_uring.

mod barrier;
mod clock;
mod death;
mod disk;
mod engine;
mod file;
mod host;
mod lane;
mod net;
mod open_files;
mod page_cache;
mod pool;
mod rng;
mod stream;
mod termination;

pub use engine::{Node, Options, run};
pub use host::host_name;
pub use open_files::raise_open_files_limit;
pub use termination::{Signal, termination};
