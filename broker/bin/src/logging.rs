//! Where events go: a broker's to stdout, a tool's to stderr. `RUST_LOG` chooses which.
//!
//! Not here: the events themselves.

use std::io::{self, IsTerminal as _};

use klamm_env::Env;
use tokio::sync::watch;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt, reload};

use crate::output;

/// What a broker says unless it is told otherwise.
const BROKER_DEFAULT: &str = "info";

/// What a tool says unless it is told otherwise.
const TOOL_DEFAULT: &str = "warn";

/// The directives in `RUST_LOG`, or `default`; what cannot be read as such is told, and left out.
fn directives(default: &str) -> String {
    let Ok(asked) = std::env::var(EnvFilter::DEFAULT_ENV) else { return default.to_owned() };
    match EnvFilter::try_new(&asked) {
        Ok(_) => asked,
        Err(error) => {
            output::complain(&format!(
                "RUST_LOG={asked} has no effect: {error}; allowed are levels (error, warn, info, debug, trace, off), \
                 also by module, as in info,klamm_log=debug\n"
            ));
            default.to_owned()
        }
    }
}

/// Lets a tool's warnings through.
pub(crate) fn start_for_tool() {
    let filter = EnvFilter::new(directives(TOOL_DEFAULT));
    let layer = fmt::layer()
        .compact()
        .without_time()
        .with_target(false)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    tracing_subscriber::registry().with(filter).with(layer).init();
}

/// A broker's filter, which may change while it runs.
#[derive(Debug)]
pub(crate) struct BrokerLog {
    base: String,
    filter: reload::Handle<EnvFilter, Registry>,
}

impl BrokerLog {
    /// Begins to log.
    pub(crate) fn start() -> Self {
        let base = directives(BROKER_DEFAULT);
        let (filter, handle) = reload::Layer::new(EnvFilter::new(&base));
        let layer = fmt::layer().compact().with_ansi(io::stdout().is_terminal()).with_writer(io::stdout);
        tracing_subscriber::registry().with(filter).with(layer).init();
        Self { base, filter: handle }
    }

    /// Obeys the levels that are set on the broker, from now on.
    pub(crate) fn follow(self, env: &Env, mut directives: watch::Receiver<String>) {
        env.spawn_local("log levels", async move {
            while directives.changed().await.is_ok() {
                let set = directives.borrow_and_update().clone();
                let both = if set.is_empty() { self.base.clone() } else { format!("{},{set}", self.base) };
                if let Ok(filter) = EnvFilter::try_new(&both) {
                    // The subscriber lives as long as the process.
                    let _ = self.filter.reload(filter);
                }
            }
        });
    }
}
