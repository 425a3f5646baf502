//! Bytes over a connection, and its ends. Not here: files sent over it.

use std::future::poll_fn;
use std::io::{ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use klamm_env::{Buffers, Stream};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::Case;
use crate::support::{Here, alone, pattern, poll_once};

pub(crate) const CASES: &[Case] = &[
    alone!("stream", small_messages_keep_their_order),
    alone!("stream", large_transfers_both_ways_at_once),
    alone!("stream", parts_go_out_in_one_call),
    alone!("stream", each_half_closes_alone, needs HalfClose),
    alone!("stream", a_dropped_end_is_the_peers_end),
    alone!("stream", writes_to_a_closed_peer_fail),
    alone!("stream", a_reset_is_an_error_to_the_peer, needs Reset),
    alone!("stream", a_slow_reader_holds_the_writer_back, needs BackPressure),
    alone!("stream", small_buffers_hold_the_writer_back_earlier, needs BackPressure, Buffers),
    alone!("stream", a_read_waits_for_bytes),
];

async fn small_messages_keep_their_order(here: Here) {
    let (mut one, mut other) = here.pair().await;
    for number in 0..500_u32 {
        one.write_u32(number).await.expect("the peer reads");
    }
    for number in 0..500 {
        assert_eq!(other.read_u32().await.expect("a number comes"), number);
        other.write_u32(number).await.expect("the peer reads");
        assert_eq!(one.read_u32().await.expect("an answer"), number);
    }
}

async fn large_transfers_both_ways_at_once(here: Here) {
    const LEN: usize = 4 << 20;
    let (one, other) = here.pair().await;
    let mut ends = Vec::new();
    for stream in [one, other] {
        let (mut reader, mut writer) = tokio::io::split(stream);
        ends.push(here.beside(async move { writer.write_all(&pattern(LEN)).await.map(|()| Vec::new()) }));
        ends.push(here.beside(async move {
            let mut content = vec![0; LEN];
            reader.read_exact(&mut content).await.map(|_| content)
        }));
    }
    for end in ends {
        let content = here.soon("the transfer", end).await.expect("the connection holds");
        assert!(content.is_empty() || content == pattern(LEN));
    }
}

async fn parts_go_out_in_one_call(here: Here) {
    let (mut one, mut other) = here.pair().await;
    let parts = [IoSlice::new(b"one"), IoSlice::new(b""), IoSlice::new(b"two")];
    let sent =
        poll_fn(|cx| Pin::new(&mut one).poll_write_vectored(cx, &parts)).await.expect("the peer reads");
    assert!((1..=6).contains(&sent));
    one.write_all(&b"onetwo"[sent..]).await.expect("the peer reads");
    one.flush().await.expect("the peer reads");
    let mut text = [0; 6];
    other.read_exact(&mut text).await.expect("both parts come");
    assert_eq!(&text, b"onetwo");
}

async fn each_half_closes_alone(here: Here) {
    let (mut one, mut other) = here.pair().await;
    one.write_all(b"question").await.expect("the peer reads");
    one.shutdown().await.expect("the half closes");
    let mut text = String::new();
    other.read_to_string(&mut text).await.expect("the question, and its end");
    assert_eq!(text, "question");
    here.sleep(Duration::from_millis(5)).await;
    other.write_all(&pattern(100_000)).await.expect("the other half is open");
    let mut answer = vec![0; 100_000];
    one.read_exact(&mut answer).await.expect("the other half is open");
    assert!(answer == pattern(100_000));
    assert!(one.write_all(b"more").await.is_err(), "the closed half was written to");
    other.shutdown().await.expect("the half closes");
    assert_eq!(one.read(&mut [0]).await.expect("the end"), 0);
}

async fn a_dropped_end_is_the_peers_end(here: Here) {
    let (mut one, mut other) = here.pair().await;
    one.write_all(b"all").await.expect("the peer reads");
    drop(one);
    let mut content = Vec::new();
    here.soon("the end", other.read_to_end(&mut content)).await.expect("no error before it");
    assert_eq!(content, b"all");
    assert_eq!(other.read(&mut [0]).await.expect("the end stays"), 0);
}

async fn writes_to_a_closed_peer_fail(here: Here) {
    let (one, mut other) = here.pair().await;
    drop(one);
    let failure = async {
        loop {
            if let Err(error) = other.write_all(&pattern(1000)).await {
                return error.kind();
            }
            here.sleep(Duration::from_millis(1)).await;
        }
    };
    let kind = here.soon("the failure", failure).await;
    assert!(matches!(kind, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{kind:?}");
}

async fn a_reset_is_an_error_to_the_peer(here: Here) {
    let (mut one, mut other) = here.pair().await;
    let waiting = here.beside(async move {
        let error = other.read(&mut [0; 8]).await.err().map(|error| error.kind());
        (error, other)
    });
    here.sleep(Duration::from_millis(5)).await;
    Pin::new(&mut *one).reset();
    let (error, mut other) = here.soon("the reset", waiting).await;
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    assert!(other.write_all(b"late").await.is_err());
    assert!(one.write_all(b"late").await.is_err());
    assert!(one.read(&mut [0]).await.is_err());
}

async fn a_slow_reader_holds_the_writer_back(here: Here) {
    const CHUNK: usize = 64 * 1024;
    let (mut one, mut other) = here.pair().await;
    let content = pattern(CHUNK);
    let sent = write_until_held_back(&here, &mut one, &content).await;
    assert_eq!(poll_once(|cx| Pin::new(&mut one).poll_write(cx, &content).map(drop)).await, Poll::Pending);
    let reader = here.beside(async move {
        let mut content = Vec::new();
        other.read_to_end(&mut content).await.map(|_| content)
    });
    let rest = &content[sent % CHUNK..];
    here.soon("room", one.write_all(rest)).await.expect("the connection holds");
    drop(one);
    let read = here.soon("the end", reader).await.expect("the connection holds");
    assert_eq!(read.len(), sent + rest.len());
    assert!(read.chunks(CHUNK).all(|chunk| chunk == content));
}

async fn a_read_waits_for_bytes(here: Here) {
    let (mut one, mut other) = here.pair().await;
    let read = here.not_yet("a read", Box::pin(async move { other.read_u8().await })).await;
    one.write_u8(9).await.expect("the peer reads");
    assert_eq!(here.soon("the byte", read).await.expect("the byte"), 9);
}

/// Writes `content` over and over to a peer that does not read. Returns how many bytes were taken.
async fn write_until_held_back(here: &Here, stream: &mut Box<dyn Stream>, content: &[u8]) -> usize {
    let mut sent = 0;
    loop {
        let write = poll_fn(|cx| Pin::new(&mut *stream).poll_write(cx, &content[sent % content.len()..]));
        match here.timeout(Duration::from_millis(50), write).await {
            Ok(written) => sent += written.expect("the connection holds"),
            Err(_) => return sent,
        }
        assert!(sent < 256 << 20, "nothing holds the writer back");
    }
}

async fn small_buffers_hold_the_writer_back_earlier(here: Here) {
    let content = pattern(64 * 1024);
    let usual = Buffers::default();
    let small = Buffers { send: Some(8 * 1024), receive: Some(8 * 1024) };
    let mut taken = Vec::new();
    for (listening, connecting) in [(usual, usual), (small, usual), (usual, small)] {
        let (mut connected, mut accepted) = here.joined(listening, connecting).await;
        taken.push([
            write_until_held_back(&here, &mut accepted, &content).await,
            write_until_held_back(&here, &mut connected, &content).await,
        ]);
    }
    let [[sent, received], ..] = taken[..] else { unreachable!("three pairs") };
    assert!(taken[1..].iter().all(|small| small[0] < sent && small[1] < received), "{taken:?}");
}
