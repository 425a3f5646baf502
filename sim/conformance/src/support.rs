//! How cases put tasks on nodes, and what several of them do. Not here: the cases, the driver.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_env::{Buffers, Env, File, ListenOptions, Listener, Open, Stream};
use tokio::sync::oneshot;

use crate::{Driver, Job, Node, Site};

/// A case of one task on node 0: an `async fn` of this name.
macro_rules! alone {
    ($area:literal, $body:ident) => {
        $crate::Case {
            name: concat!($area, "::", stringify!($body)),
            needs: &[],
            run: |driver| $crate::support::run(driver, $crate::Node(0), $body),
        }
    };
    ($area:literal, $body:ident, needs $($need:ident),+) => {
        $crate::Case {
            name: concat!($area, "::", stringify!($body)),
            needs: &[$($crate::Capability::$need),+],
            run: |driver| $crate::support::run(driver, $crate::Node(0), $body),
        }
    };
}

/// A case that steers the world: a `fn` of this name that is given the driver.
macro_rules! story {
    ($area:literal, $body:ident $(, needs $($need:ident),+)?) => {
        $crate::Case {
            name: concat!($area, "::", stringify!($body)),
            needs: &[$($($crate::Capability::$need),+)?],
            run: $body,
        }
    };
}

pub(crate) use {alone, story};

/// Longer than anything that happens at all takes, shorter than an engine's patience with a case.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What a task returns that was started beside another.
pub(crate) type Beside<T> = Pin<Box<dyn Future<Output = T>>>;

/// What a task of a case works with: its node's world, and where the node lives.
#[derive(Clone)]
pub(crate) struct Here {
    pub(crate) env: Env,
    site: Site,
}

impl Deref for Here {
    type Target = Env;

    fn deref(&self) -> &Env {
        &self.env
    }
}

impl Here {
    /// A path in the node's directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.site.dir.join(name)
    }

    /// The node's directory.
    pub(crate) fn dir(&self) -> PathBuf {
        self.site.dir.clone()
    }

    /// Opens a file of the node's directory, which must succeed.
    pub(crate) async fn file(&self, name: &str, how: Open) -> Arc<dyn File> {
        self.open(&self.path(name), how).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Makes a file with this content.
    pub(crate) async fn file_of(&self, name: &str, content: &Bytes) -> Arc<dyn File> {
        let file = self.file(name, Open::REPLACE).await;
        file.write(0, content.clone().into()).await.expect("the write succeeds");
        file
    }

    /// All bytes of a file, by name.
    pub(crate) async fn content_of(&self, name: &str) -> Bytes {
        let file = self.file(name, Open::READ).await;
        read(&*file, 0, usize::MAX >> 32).await
    }

    /// Listens on a port that is free.
    pub(crate) async fn listen_anywhere(&self) -> Box<dyn Listener> {
        self.listen_with(ListenOptions::default()).await
    }

    /// As [`Here::listen_anywhere`], with these options.
    pub(crate) async fn listen_with(&self, options: ListenOptions) -> Box<dyn Listener> {
        self.listen(SocketAddr::new(self.site.ip, 0), options).await.expect("some port is free")
    }

    /// Connects, which must succeed.
    pub(crate) async fn connect_to(&self, addr: SocketAddr) -> Box<dyn Stream> {
        self.connect(addr, Buffers::default()).await.expect("somebody listens")
    }

    /// Both ends of a connection of this node with itself: connected, accepted.
    pub(crate) async fn pair(&self) -> (Box<dyn Stream>, Box<dyn Stream>) {
        self.joined(Buffers::default(), Buffers::default()).await
    }

    /// As [`Here::pair`], with the buffers of the listener and of who connects.
    pub(crate) async fn joined(
        &self,
        listening: Buffers,
        connecting: Buffers,
    ) -> (Box<dyn Stream>, Box<dyn Stream>) {
        let mut listener =
            self.listen_with(ListenOptions { buffers: listening, ..ListenOptions::default() }).await;
        let connected = self.connect(listener.local_addr(), connecting);
        let accepted = accept(&mut *listener).await;
        (connected.await.expect("the listener accepted"), accepted)
    }

    /// Starts a task on this lane; what it returns can be awaited.
    pub(crate) fn beside<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Beside<T> {
        let (sender, receiver) = oneshot::channel();
        self.spawn_local("beside", async move {
            let _nobody_waits = sender.send(future.await);
        });
        Box::pin(async { receiver.await.expect("the task beside this one ends") })
    }

    /// Waits for what must happen some time.
    pub(crate) async fn soon<F: Future>(&self, what: &str, future: F) -> F::Output {
        self.timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what} did not happen"))
    }

    /// Asserts that `future` is not ready for a while, and gives it back.
    pub(crate) async fn not_yet<F: Future + Unpin>(&self, what: &str, mut future: F) -> F {
        assert!(self.timeout(Duration::from_millis(50), &mut future).await.is_err(), "{what} happened");
        future
    }
}

/// Accepts a peer and opens it here.
pub(crate) async fn accept(listener: &mut dyn Listener) -> Box<dyn Stream> {
    let incoming = poll_fn(|cx| listener.poll_accept(cx)).await.expect("a peer comes");
    incoming.open().expect("the peer is there")
}

/// Up to `len` bytes of a file.
pub(crate) async fn read(file: &dyn File, at: u64, len: usize) -> Bytes {
    let len_max = usize::try_from(file.len().await.expect("a length")).expect("files of a case are small");
    file.read(at, len.min(len_max + 16), BytesMut::new()).await.expect("the read succeeds").freeze()
}

/// Sends a part of a file, in one call.
pub(crate) async fn send_file(
    stream: &mut dyn Stream,
    file: &Arc<dyn File>,
    at: usize,
    len: usize,
) -> io::Result<usize> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_send_file(cx, file, at as u64, len)).await
}

/// Bytes without a zero among them, in which no two pages are alike.
pub(crate) fn pattern(len: usize) -> Bytes {
    const PERIOD: usize = 251 * 255;
    let byte = |at| u8::try_from((at + at / 251 * 7) % 255 + 1).expect("1 to 255");
    let period: Vec<u8> = (0..PERIOD.min(len)).map(byte).collect();
    let mut bytes = period.repeat(len / PERIOD);
    bytes.extend_from_slice(&period[..len - bytes.len()]);
    bytes.into()
}

/// Polls once.
pub(crate) async fn poll_once<T>(mut poll: impl FnMut(&mut std::task::Context<'_>) -> Poll<T>) -> Poll<T> {
    poll_fn(|cx| Poll::Ready(poll(cx))).await
}

/// `body` as a job of `node`.
fn job<B, F>(driver: &dyn Driver, node: Node, body: B) -> Job
where
    B: FnOnce(Here) -> F + Send + 'static,
    F: Future<Output = ()> + 'static,
{
    let site = driver.site(node);
    Box::new(move |env| Box::pin(body(Here { env, site })))
}

/// Runs `body` on `node` to its end.
pub(crate) fn run<B, F>(driver: &mut dyn Driver, node: Node, body: B)
where
    B: FnOnce(Here) -> F + Send + 'static,
    F: Future<Output = ()> + 'static,
{
    let job = job(driver, node, body);
    driver.run(node, job);
}

/// Starts `body` on `node`.
pub(crate) fn start<B, F>(driver: &mut dyn Driver, node: Node, body: B)
where
    B: FnOnce(Here) -> F + Send + 'static,
    F: Future<Output = ()> + 'static,
{
    let job = job(driver, node, body);
    driver.start(node, job);
}
