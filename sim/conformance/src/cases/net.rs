//! How connections come about. Not here: what runs over them.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use klamm_env::{Buffers, Lane, ListenOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

use crate::support::{Here, accept, alone, run, start, story};
use crate::{Case, Driver, Node};

pub(crate) const CASES: &[Case] = &[
    alone!("net", a_port_is_taken_by_one),
    alone!("net", nobody_listens),
    alone!("net", addresses_of_both_ends_agree),
    alone!("net", accepted_after_the_peer_closed),
    alone!("net", opened_on_another_lane),
    alone!("net", moved_to_another_lane),
    alone!("net", a_dropped_connect_does_no_harm),
    alone!("net", many_peers),
    alone!("net", a_short_backlog_keeps_peers_out),
    alone!("net", names_and_literals_resolve),
    story!("net", nodes_reach_each_other),
];

async fn a_port_is_taken_by_one(here: Here) {
    let listener = here.listen_anywhere().await;
    let addr = listener.local_addr();
    assert_ne!(addr.port(), 0);
    assert_eq!(
        here.listen(addr, ListenOptions::default()).await.err().map(|error| error.kind()),
        Some(ErrorKind::AddrInUse)
    );
    assert_ne!(here.listen_anywhere().await.local_addr(), addr);
    drop(listener);
    let again = here.listen(addr, ListenOptions::default()).await.expect("the port is free again");
    assert_eq!(again.local_addr(), addr);
}

async fn nobody_listens(here: Here) {
    let addr = here.listen_anywhere().await.local_addr();
    let refused = here.soon("the refusal", here.connect(addr, Buffers::default())).await;
    assert_eq!(refused.err().map(|error| error.kind()), Some(ErrorKind::ConnectionRefused));
}

async fn addresses_of_both_ends_agree(here: Here) {
    let mut listener = here.listen_anywhere().await;
    let connected = here.connect(listener.local_addr(), Buffers::default());
    let incoming = poll_fn(|cx| listener.poll_accept(cx)).await.expect("a peer comes");
    let peer = incoming.peer_addr();
    let accepted = incoming.open().expect("the peer is there");
    let connected = connected.await.expect("the listener accepted");
    assert_eq!(connected.peer_addr(), listener.local_addr());
    assert_eq!(accepted.local_addr(), listener.local_addr());
    assert_eq!((accepted.peer_addr(), peer), (connected.local_addr(), connected.local_addr()));
}

async fn accepted_after_the_peer_closed(here: Here) {
    let mut listener = here.listen_anywhere().await;
    let mut gone = here.connect_to(listener.local_addr()).await;
    gone.write_all(b"farewell").await.expect("the kernel takes it");
    gone.shutdown().await.expect("the end is sent");
    drop(gone);
    let mut there = accept(&mut *listener).await;
    let mut text = String::new();
    there.read_to_string(&mut text).await.expect("what was sent, and the end");
    assert_eq!(text, "farewell");
}

async fn opened_on_another_lane(here: Here) {
    let mut listener = here.listen_anywhere().await;
    for lane in (0..here.lanes()).map(Lane) {
        let connected = here.connect(listener.local_addr(), Buffers::default());
        let incoming = poll_fn(|cx| listener.poll_accept(cx)).await.expect("a peer comes");
        let env = here.env.clone();
        here.spawn_on(lane, "greet", move || async move {
            assert_eq!(env.lane(), lane);
            let mut stream = incoming.open().expect("the peer is there");
            let number = stream.read_u16().await.expect("a number comes");
            stream.write_u16(number + lane.0).await.expect("the peer reads");
        });
        let mut connected = connected.await.expect("the listener accepted");
        connected.write_u16(1000).await.expect("the peer reads");
        assert_eq!(connected.read_u16().await.expect("an answer"), 1000 + lane.0);
    }
}

async fn moved_to_another_lane(here: Here) {
    let mut listener = here.listen_anywhere().await;
    let mut connected = here.connect_to(listener.local_addr()).await;
    let mut there = accept(&mut *listener).await;
    let peer = there.peer_addr();
    for (number, lane) in (0..3).flat_map(|_| (0..here.lanes()).map(Lane)).enumerate() {
        let number = u16::try_from(number).expect("few rounds");
        connected.write_u16(number).await.expect("the peer reads");
        connected.write_u16(number + 1).await.expect("the peer reads");
        assert_eq!(there.read_u16().await.expect("a number comes"), number);
        let (answer, back) = oneshot::channel();
        let moved = there.leave().expect("the peer is there");
        assert_eq!(moved.peer_addr(), peer);
        let env = here.env.clone();
        here.spawn_on(lane, "greet", move || async move {
            assert_eq!(env.lane(), lane);
            let mut stream = moved.open().expect("the peer is there");
            let number = stream.read_u16().await.expect("what was not read before");
            stream.write_u16(number * 2).await.expect("the peer reads");
            let _waits = answer.send(stream.leave().expect("the peer is there"));
        });
        assert_eq!(connected.read_u16().await.expect("an answer"), 2 * (number + 1));
        there = back.await.expect("it is sent").open().expect("the peer is there");
    }
    drop(there.leave().expect("the peer is there"));
    assert_eq!(connected.read(&mut [0]).await.ok().unwrap_or(0), 0, "what nobody opens is closed");
}

async fn a_dropped_connect_does_no_harm(here: Here) {
    let mut listener = here.listen_anywhere().await;
    drop(here.connect(listener.local_addr(), Buffers::default()));
    let mut second = here.connect_to(listener.local_addr()).await;
    second.write_all(b"second").await.expect("the kernel takes it");
    drop(second);
    let heard = async {
        loop {
            let mut text = String::new();
            // The first may have come and gone, or never come.
            let _gone = accept(&mut *listener).await.read_to_string(&mut text).await;
            if text == "second" {
                return;
            }
            assert_eq!(text, "");
        }
    };
    here.soon("the second connection", heard).await;
}

async fn many_peers(here: Here) {
    const PEERS: u32 = 60;
    let mut listener = here.listen_anywhere().await;
    let addr = listener.local_addr();
    let mut ends = Vec::new();
    for number in 0..PEERS {
        let env = here.env.clone();
        ends.push(here.beside(async move {
            let mut stream = env.connect(addr, Buffers::default()).await.expect("somebody listens");
            stream.write_u32(number).await.expect("the peer reads");
            assert_eq!(stream.read_u32().await.expect("an answer"), number * 2);
        }));
    }
    for _ in 0..PEERS {
        let mut stream = accept(&mut *listener).await;
        here.spawn_local("double", async move {
            let number = stream.read_u32().await.expect("a number comes");
            stream.write_u32(number * 2).await.expect("the peer reads");
        });
    }
    for end in ends {
        here.soon("the peer's end", end).await;
    }
}

async fn a_short_backlog_keeps_peers_out(here: Here) {
    const PEERS: usize = 16;
    for (backlog, all) in [(None, true), (Some(1), false)] {
        let options = ListenOptions { backlog, ..ListenOptions::default() };
        let listener = here.listen_with(options).await;
        let mut connects: Vec<_> =
            (0..PEERS).map(|_| here.connect(listener.local_addr(), Buffers::default())).collect();
        let mut connected = Vec::new();
        for connect in &mut connects {
            let waited = here.timeout(Duration::from_millis(50), connect).await;
            connected.extend(waited.ok().map(|stream| stream.expect("the listener is there")));
        }
        assert!(!connected.is_empty(), "{backlog:?}");
        assert_eq!(connected.len() == PEERS, all, "{backlog:?}: {}", connected.len());
    }
}

async fn names_and_literals_resolve(here: Here) {
    for literal in ["127.0.0.1", "192.0.2.7", "::1", "2001:db8::9"] {
        let ip: IpAddr = literal.parse().expect("a literal");
        assert_eq!(here.resolve(literal, 9092).await.expect("a literal"), [SocketAddr::new(ip, 9092)]);
    }
    let localhost = here.resolve("localhost", 77).await.expect("every node knows itself");
    assert!(!localhost.is_empty() && localhost.iter().all(|addr| addr.port() == 77), "{localhost:?}");
    assert!(here.resolve("no such host.invalid", 1).await.is_err());
}

fn nodes_reach_each_other(driver: &mut dyn Driver) {
    let (tell, told) = oneshot::channel();
    start(driver, Node(1), |here| async move {
        let mut listener = here.listen_anywhere().await;
        tell.send(listener.local_addr()).expect("the case waits");
        let mut stream = accept(&mut *listener).await;
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("a text comes");
        assert_eq!(text, "from node 0");
        stream.write_all(b"read").await.expect("the peer waits");
        here.sleep(std::time::Duration::from_secs(3600)).await;
    });
    run(driver, Node(0), |here| async move {
        let addr = told.await.expect("the other node listens");
        let mut stream = here.connect_to(addr).await;
        assert_eq!(stream.peer_addr(), addr);
        stream.write_all(b"from node 0").await.expect("the peer reads");
        stream.shutdown().await.expect("the other way stays open");
        let mut answer = [0; 4];
        stream.read_exact(&mut answer).await.expect("the text was read, and was right");
        assert!(here.list(&here.dir()).await.expect("a disk of its own").is_empty());
    });
}
