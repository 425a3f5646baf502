//! What nodes log, with virtual time and the node's name. Not here: the trace, which is never text.

use std::fmt;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::state::try_with;

/// Stamps an event of a subscriber with virtual time, node and task in place of the real time.
#[derive(Clone, Copy, Debug)]
pub struct Stamp;

impl FormatTime for Stamp {
    fn format_time(&self, into: &mut Writer<'_>) -> fmt::Result {
        let stamped = try_with(|state| {
            let here = state.here.get();
            let seconds = state.elapsed().as_secs_f64();
            match state.name(here.node) {
                Some(node) => write!(into, "{seconds:>13.6} {node}/{}", here.name),
                None => write!(into, "{seconds:>13.6} world"),
            }
        });
        stamped.unwrap_or_else(|| into.write_str("            - outside"))
    }
}

/// A subscriber that writes events of nodes to the test's output; `filter` as in `RUST_LOG`, such as
/// `info,klamm_log=debug`. What the filter leaves out is never formatted.
pub fn subscriber(filter: &str) -> impl Subscriber + Send + Sync + 'static {
    let filter = EnvFilter::new(filter);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_timer(Stamp)
        .with_ansi(false)
        .with_test_writer()
        .finish()
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::Stamp;
    use crate::{Config, NodeConfig, World};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn events_carry_virtual_time_and_node() {
        let lines = Lines::default();
        let place = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_timer(Stamp)
            .with_ansi(false)
            .with_target(false)
            .with_writer(move || place.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let mut world = World::new(Config::default());
            let node = world.node("broker-1", NodeConfig::default(), |_| Box::pin(async {}));
            world.start(node);
            let env = world.env(node);
            world.block_on(node, async move {
                env.sleep(std::time::Duration::from_millis(1500)).await;
                tracing::info!(segments = 3, "opened");
            });
        });
        let text = String::from_utf8(lines.0.lock().expect("not poisoned").clone()).expect("text");
        assert_eq!(text, "     1.500000 broker-1/block_on  INFO opened segments=3\n");
    }
}
