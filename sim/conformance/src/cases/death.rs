//! What a node's end leaves behind and shows to others. Not here: loss of power.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use klamm_env::{Buffers, ListenOptions, Open};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

use crate::support::{Here, accept, pattern, run, start, story};
use crate::{Case, Driver, Node};

pub(crate) const CASES: &[Case] = &[
    story!("death", a_peer_that_waits_sees_the_end, needs Kill),
    story!("death", the_address_is_free_again, needs Kill),
    story!("death", the_lock_is_let_go, needs Kill),
    story!("death", the_kernel_keeps_what_was_written, needs Kill),
    story!("death", a_node_ends_itself, needs Die),
    story!("death", a_panic_ends_the_node, needs Die),
];

/// Starts a node that accepts one peer, greets it and then does `last`; returns where it listens.
fn start_host<F: Future<Output = ()> + 'static>(
    driver: &mut dyn Driver,
    node: Node,
    last: impl FnOnce(Here) -> F + Send + 'static,
) -> oneshot::Receiver<SocketAddr> {
    let (tell, told) = oneshot::channel();
    start(driver, node, |here| async move {
        let mut listener = here.listen_anywhere().await;
        tell.send(listener.local_addr()).expect("the case waits");
        let mut stream = accept(&mut *listener).await;
        stream.write_all(b"hello").await.expect("the peer reads");
        assert_eq!(stream.read_u8().await.expect("the peer answers"), 1);
        last(here).await;
    });
    told
}

/// Starts a guest on node 0 that waits for its host's next word; the first answer comes when it was greeted, the
/// second when the connection ended.
fn start_guest(
    driver: &mut dyn Driver,
    host: oneshot::Receiver<SocketAddr>,
) -> (oneshot::Receiver<SocketAddr>, oneshot::Receiver<()>) {
    let (greeted, greeting) = oneshot::channel();
    let (ended, end) = oneshot::channel();
    start(driver, Node(0), |here| async move {
        let addr = host.await.expect("the host listens");
        let mut stream = here.connect_to(addr).await;
        stream.read_exact(&mut [0; 5]).await.expect("a greeting");
        stream.write_u8(1).await.expect("the host reads");
        greeted.send(addr).expect("the case waits");
        let read = stream.read(&mut [0; 5]).await;
        assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
        ended.send(()).expect("the case waits");
    });
    (greeting, end)
}

async fn forever(here: Here) {
    here.sleep(Duration::from_secs(3600)).await;
}

/// Lets node 0 wait for a message.
fn wait<T: Send + 'static>(driver: &mut dyn Driver, what: &'static str, message: oneshot::Receiver<T>) -> T {
    let (sender, mut receiver) = oneshot::channel();
    run(driver, Node(0), move |here| async move {
        let message = here.soon(what, message).await.expect("the sender is alive");
        let _case_waits = sender.send(message);
    });
    receiver.try_recv().expect("the task has sent it")
}

fn a_peer_that_waits_sees_the_end(driver: &mut dyn Driver) {
    let host = start_host(driver, Node(1), forever);
    let (greeting, end) = start_guest(driver, host);
    wait(driver, "the greeting", greeting);
    driver.kill(Node(1));
    wait(driver, "the end", end);
}

fn the_address_is_free_again(driver: &mut dyn Driver) {
    let host = start_host(driver, Node(1), forever);
    let (greeting, end) = start_guest(driver, host);
    let addr = wait(driver, "the greeting", greeting);
    driver.kill(Node(1));
    wait(driver, "the end", end);
    run(driver, Node(0), move |here| async move {
        let refused = here.soon("the refusal", here.connect(addr, Buffers::default())).await;
        assert_eq!(refused.err().map(|error| error.kind()), Some(ErrorKind::ConnectionRefused));
    });
    run(driver, Node(1), move |here| async move {
        let listener = here.listen(addr, ListenOptions::default()).await.expect("the address is free");
        assert_eq!(listener.local_addr(), addr);
    });
}

fn the_lock_is_let_go(driver: &mut dyn Driver) {
    let (tell, told) = oneshot::channel();
    start(driver, Node(1), |here| async move {
        let _lock = here.lock(&here.path(".lock")).await.expect("nobody has it");
        tell.send(()).expect("the case waits");
        forever(here).await;
    });
    wait(driver, "the lock", told);
    run(driver, Node(1), |here| async move {
        let held = here.lock(&here.path(".lock")).await;
        assert_eq!(held.err().map(|error| error.kind()), Some(ErrorKind::WouldBlock));
    });
    driver.kill(Node(1));
    run(driver, Node(1), |here| async move {
        here.lock(&here.path(".lock")).await.expect("the dead let go");
    });
}

fn the_kernel_keeps_what_was_written(driver: &mut dyn Driver) {
    run(driver, Node(1), |here| async move {
        let file = here.file_of("file", &pattern(50_000)).await;
        here.rename(&here.path("file"), &here.path("renamed")).await.expect("the rename succeeds");
        file.write(50_000, pattern(10).into()).await.expect("the write succeeds");
        here.file("empty", Open::CREATE).await;
    });
    driver.kill(Node(1));
    run(driver, Node(1), |here| async move {
        let expected = [pattern(50_000), pattern(10)].concat();
        assert!(here.content_of("renamed").await == expected);
        let names =
            here.list(&here.dir()).await.expect("it can be listed").into_iter().map(|entry| entry.name);
        assert_eq!(names.collect::<Vec<_>>(), ["empty", "renamed"]);
    });
}

fn a_node_ends_itself(driver: &mut dyn Driver) {
    let host = start_host(driver, Node(1), |here| async move { here.die("an invariant is broken") });
    let (_greeting, end) = start_guest(driver, host);
    wait(driver, "the end", end);
    run(driver, Node(1), |_| async {});
}

fn a_panic_ends_the_node(driver: &mut dyn Driver) {
    let host = start_host(driver, Node(1), |_| async move { panic!("a bug") });
    let (_greeting, end) = start_guest(driver, host);
    wait(driver, "the end", end);
    run(driver, Node(1), |_| async {});
}
