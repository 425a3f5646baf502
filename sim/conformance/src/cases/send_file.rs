//! Files sent over a connection. Not here: bytes from memory.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::Case;
use crate::support::{Here, alone, pattern, send_file};

pub(crate) const CASES: &[Case] = &[
    alone!("send_file", whole),
    alone!("send_file", a_part),
    alone!("send_file", at_the_end_and_beyond),
    alone!("send_file", between_other_bytes),
    alone!("send_file", a_slow_reader_holds_it_back, needs BackPressure),
    alone!("send_file", of_a_file_cut_before),
    alone!("send_file", of_a_file_cut_meanwhile, needs BackPressure),
    alone!("send_file", to_a_closed_peer_fails),
];

async fn whole(here: Here) {
    const LEN: usize = 3 << 20;
    let file = here.file_of("file", &pattern(LEN)).await;
    let (mut one, mut other) = here.pair().await;
    let reader = here.beside(async move {
        let mut content = Vec::new();
        other.read_to_end(&mut content).await.map(|_| content)
    });
    let mut at = 0;
    while at < LEN {
        let sent =
            here.soon("progress", send_file(&mut *one, &file, at, LEN - at)).await.expect("it is sent");
        assert!((1..=LEN - at).contains(&sent));
        at += sent;
    }
    assert_eq!(send_file(&mut *one, &file, at, LEN).await.expect("the end"), 0);
    drop(one);
    assert!(here.soon("the end", reader).await.expect("the connection holds") == pattern(LEN));
}

async fn a_part(here: Here) {
    let file = here.file_of("file", &pattern(10_000)).await;
    let (mut one, mut other) = here.pair().await;
    let mut sent = 0;
    while sent < 777 {
        sent += send_file(&mut *one, &file, 4321 + sent, 777 - sent).await.expect("it is sent");
    }
    drop(one);
    let mut content = Vec::new();
    other.read_to_end(&mut content).await.expect("the connection holds");
    assert_eq!(content, pattern(10_000)[4321..4321 + 777]);
}

async fn at_the_end_and_beyond(here: Here) {
    let file = here.file_of("file", &pattern(100)).await;
    let (mut one, mut other) = here.pair().await;
    assert_eq!(send_file(&mut *one, &file, 100, 10).await.expect("the end"), 0);
    assert_eq!(send_file(&mut *one, &file, 5000, 10).await.expect("beyond the end"), 0);
    let sent = send_file(&mut *one, &file, 90, 1000).await.expect("what is left");
    assert!((1..=10).contains(&sent));
    drop(one);
    let mut content = Vec::new();
    other.read_to_end(&mut content).await.expect("the connection holds");
    assert_eq!(content, pattern(100)[90..90 + sent]);
}

async fn between_other_bytes(here: Here) {
    let file = here.file_of("file", &pattern(100)).await;
    let (mut one, mut other) = here.pair().await;
    one.write_all(b"head").await.expect("the peer reads");
    let mut sent = 0;
    while sent < 100 {
        sent += send_file(&mut *one, &file, sent, 100 - sent).await.expect("it is sent");
    }
    one.write_all(b"tail").await.expect("the peer reads");
    drop(one);
    let mut content = Vec::new();
    other.read_to_end(&mut content).await.expect("the connection holds");
    assert_eq!(content, [b"head", &pattern(100)[..], b"tail"].concat());
}

async fn a_slow_reader_holds_it_back(here: Here) {
    const LEN: usize = 1 << 20;
    let file = here.file_of("file", &pattern(LEN)).await;
    let (mut one, mut other) = here.pair().await;
    let mut sent = 0;
    while let Ok(part) = here.timeout(Duration::from_millis(50), send_file(&mut *one, &file, 0, LEN)).await {
        sent += part.expect("the connection holds");
        assert!(sent < 256 << 20, "nothing holds the sender back");
    }
    let reader = here.beside(async move {
        let mut sink = vec![0; sent];
        other.read_exact(&mut sink).await.map(|_| other)
    });
    let part = here.soon("room", send_file(&mut *one, &file, 0, LEN)).await.expect("the connection holds");
    assert!(part > 0);
    here.soon("what was sent before", reader).await.expect("the connection holds");
}

async fn of_a_file_cut_before(here: Here) {
    let file = here.file_of("file", &pattern(10_000)).await;
    let (mut one, mut other) = here.pair().await;
    let sent = send_file(&mut *one, &file, 0, 5000).await.expect("it is sent");
    let mut content = vec![0; sent];
    other.read_exact(&mut content).await.expect("what was sent");
    file.set_len(0).await.expect("the file is cut");
    assert_eq!(send_file(&mut *one, &file, sent, 5000).await.expect("the end has come nearer"), 0);
    assert_eq!(content, pattern(10_000)[..sent]);
}

/// Whoever sends a file that is cut under way may send zeros for what was cut, and nothing else in its place;
/// what lies below the cut is sent as it is.
async fn of_a_file_cut_meanwhile(here: Here) {
    const LEN: usize = 16 << 20;
    const CUT: usize = 10_000;
    let file = here.file_of("file", &pattern(LEN)).await;
    let (mut one, mut other) = here.pair().await;
    let mut sent = 0;
    while sent < LEN {
        let next = send_file(&mut *one, &file, sent, LEN - sent);
        match here.timeout(Duration::from_millis(50), next).await {
            Ok(part) => sent += part.expect("the connection holds"),
            Err(_) => break,
        }
    }
    file.set_len(CUT as u64).await.expect("the file is cut");
    let reader = here.beside(async move {
        let mut content = Vec::new();
        other.read_to_end(&mut content).await.map(|_| content)
    });
    let rest =
        here.soon("an answer", send_file(&mut *one, &file, sent, LEN)).await.expect("the connection holds");
    assert_eq!(rest, CUT.saturating_sub(sent).min(rest), "bytes were sent that the file does not have");
    drop(one);
    let content = here.soon("the end", reader).await.expect("the connection holds");
    assert_eq!(content.len(), sent + rest);
    let expected = pattern(LEN);
    let below = CUT.min(content.len());
    assert!(content[..below] == expected[..below]);
    assert!((below..content.len()).all(|at| content[at] == 0 || content[at] == expected[at]));
}

async fn to_a_closed_peer_fails(here: Here) {
    let file = here.file_of("file", &pattern(1000)).await;
    let (mut one, other) = here.pair().await;
    drop(other);
    let failure = async {
        while send_file(&mut *one, &file, 0, 1000).await.is_ok() {
            here.sleep(Duration::from_millis(1)).await;
        }
    };
    here.soon("the failure", failure).await;
}
