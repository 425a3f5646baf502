//! The conformance suite on the real kernel: nodes are engines on threads of this process, and killing one stops
//! its lanes where they are. The kernel outlives them all, so power is never lost here.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use klamm_conformance::{Capability, Driver, Job, Node, Site, Skipped, run_all};
use klamm_env::{Env, Lane, LocalTask};
use klamm_env_tokio::Options;
use tempfile::TempDir;

/// Longer than any case takes on a busy machine.
const CASE_TIME_MAX: Duration = Duration::from_secs(60);

struct Kernel {
    dirs: BTreeMap<Node, TempDir>,
    nodes: BTreeMap<Node, (Env, klamm_env_tokio::Node)>,
}

impl Kernel {
    fn new() -> Self {
        let dir = || tempfile::tempdir().expect("there is room for a directory");
        Self { dirs: (0..3).map(|node| (Node(node), dir())).collect(), nodes: BTreeMap::new() }
    }

    fn env(&mut self, node: Node) -> Env {
        let options = Options { lanes: 3, disk_threads: 4, blocking_threads: 2 };
        self.nodes.entry(node).or_insert_with(|| klamm_env_tokio::Node::start(options)).0.clone()
    }
}

impl Driver for Kernel {
    fn can(&self, capability: Capability) -> bool {
        use Capability::{BackPressure, Backlog, Buffers, Die, HalfClose, Kill, PowerLoss, Reset};
        match capability {
            Kill | HalfClose | BackPressure | Buffers | Backlog | Reset => true,
            PowerLoss | Die => false,
        }
    }

    fn site(&self, node: Node) -> Site {
        let dir: PathBuf = self.dirs[&node].path().to_owned();
        Site { dir, ip: IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1 + node.0)) }
    }

    fn start(&mut self, node: Node, job: Job) {
        let env = self.env(node);
        env.clone().spawn(Lane(0), "case", Box::new(move || job(env)));
    }

    fn run(&mut self, node: Node, job: Job) {
        let (ended, end) = mpsc::channel();
        self.start(node, Box::new(move |env| Box::pin(Watched { task: job(env), ended })));
        match end.recv_timeout(CASE_TIME_MAX) {
            Ok(Ok(())) => {}
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => panic!("the case is stuck"),
        }
    }

    fn kill(&mut self, node: Node) {
        drop(self.nodes.remove(&node));
    }

    fn lose_power(&mut self, _node: Node) {
        unreachable!("the kernel keeps its power");
    }
}

/// A task whose end, or panic, is told to the thread of the test.
struct Watched {
    task: LocalTask,
    ended: mpsc::Sender<std::thread::Result<()>>,
}

impl Future for Watched {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let end = match catch_unwind(AssertUnwindSafe(|| self.task.as_mut().poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(())) => Ok(()),
            Err(panic) => Err(panic),
        };
        let _stuck_before = self.ended.send(end);
        Poll::Ready(())
    }
}

#[test]
fn every_case_holds_on_the_kernel() {
    let skipped = run_all(|case| {
        eprintln!("{}", case.name);
        Kernel::new()
    });
    let skipped_for = |name, lacks| Skipped { name, lacks: vec![lacks] };
    let expected = [
        skipped_for("death::a_node_ends_itself", Capability::Die),
        skipped_for("death::a_panic_ends_the_node", Capability::Die),
        skipped_for("power::synced_bytes_with_a_synced_name_survive", Capability::PowerLoss),
        skipped_for("power::one_barrier_covers_every_file_of_its_set", Capability::PowerLoss),
        skipped_for("power::later_writes_do_not_harm_what_was_synced", Capability::PowerLoss),
        skipped_for("power::a_name_without_sync_dir_is_whole_or_gone", Capability::PowerLoss),
        skipped_for("power::a_synced_rename_survives", Capability::PowerLoss),
        skipped_for("power::a_rename_that_was_not_synced_is_old_or_new", Capability::PowerLoss),
        skipped_for("power::a_synced_removal_survives", Capability::PowerLoss),
        skipped_for("power::a_synced_length_survives", Capability::PowerLoss),
        skipped_for("power::locks_and_tasks_are_gone", Capability::PowerLoss),
    ];
    assert_eq!(skipped, expected);
}
