//! A broker that keeps nothing: the sockets, frames and answers of a real one, the least that any broker can cost. It
//! runs through the seam and on plain tokio, line for line the same but for what the seam is, so that the difference
//! between the two is the seam's share.
//!
//! **Not here**: the process around it as the benchmark sees it (`subject`).

mod answers;
mod connection;
mod plain;
mod seam;

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};

/// What the null broker stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Ground {
    /// `klamm-env`, with `klamm-env-tokio` behind it.
    Seam,
    /// tokio itself.
    Plain,
}

/// Where both listen: a free port of the loopback.
const ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Serves until the process is killed; its first line on standard output is its port.
pub(super) fn run(ground: Ground) -> anyhow::Result<()> {
    match ground {
        Ground::Seam => seam::run(),
        Ground::Plain => plain::run(),
    }
}

fn announce(address: SocketAddr) -> std::io::Result<()> {
    println!("{}", address.port());
    std::io::stdout().flush()
}
