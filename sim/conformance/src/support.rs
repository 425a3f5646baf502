//! How cases put tasks on nodes. Not here: the cases, the driver.

use std::future::Future;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;

use klamm_env::Env;

use crate::{Driver, Job, Node, Site};

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

    /// An address of this node with a port that is free.
    pub(crate) fn any_port(&self) -> SocketAddr {
        SocketAddr::new(self.site.ip, 0)
    }
}

/// `body` as a job of `node`.
pub(crate) fn job<B, F>(driver: &dyn Driver, node: Node, body: B) -> Job
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
