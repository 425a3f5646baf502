//! Sends answers: bytes by vectored writes, over several answers too, ranges of files by the kernel. Not here: which
//! answer is next.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use bytes::{Buf as _, Bytes, BytesMut};
use klamm_env::{Env, Stream};
use klamm_protocol::Piece;
use tokio::io::AsyncWriteExt as _;

use crate::dispatch::{FileRange, Outgoing};
use crate::metrics::{ConnectionCount, ConnectionCounters};
use crate::patience::Patience;

/// Bytes of a file up to this many are read and sent with what is before them.
const FILE_COPY_MAX: usize = 16 << 10;

/// Sends answers.
pub(crate) struct AnswerSender<'a> {
    pub(crate) env: &'a Env,
    pub(crate) stream: &'a mut Box<dyn Stream>,
    pub(crate) counters: &'a ConnectionCounters,
    /// For the peer to read.
    pub(crate) patience: Patience,
}

impl AnswerSender<'_> {
    /// Sends them, one after the other.
    ///
    /// # Errors
    /// Those of the stream and the files; [`io::ErrorKind::TimedOut`] when the peer does not read.
    pub(crate) async fn send(mut self, answers: impl IntoIterator<Item = Outgoing>) -> io::Result<()> {
        let mut gathered: Vec<Bytes> = Vec::new();
        for Outgoing { frame, files, .. } in answers {
            for piece in frame.into_pieces() {
                match piece {
                    Piece::Bytes(bytes) => gathered.push(bytes),
                    Piece::Range { token, len } => {
                        let range = &files[usize::try_from(token).expect("a place in the list")];
                        debug_assert_eq!(range.len, len, "a range is as long as it was announced");
                        if len <= FILE_COPY_MAX {
                            gathered.push(read(range).await?);
                        } else {
                            self.write(&mut gathered).await?;
                            self.send_file(range).await?;
                        }
                    }
                }
            }
        }
        self.write(&mut gathered).await
    }

    async fn send_file(&mut self, range: &FileRange) -> io::Result<()> {
        let (mut at, mut left) = (range.at, range.len);
        while left > 0 {
            let stream = &mut *self.stream;
            let sending = poll_fn(|cx| Pin::new(&mut **stream).poll_send_file(cx, &range.file, at, left));
            let sent = self.patience.wait_for(self.env, sending).await?;
            if sent == 0 {
                return Err(was_cut());
            }
            self.counters.add(ConnectionCount::BytesSent, sent as u64);
            at += sent as u64;
            left -= sent;
        }
        Ok(())
    }

    async fn write(&mut self, gathered: &mut Vec<Bytes>) -> io::Result<()> {
        let mut parts = std::mem::take(gathered);
        let mut from = 0;
        while from < parts.len() {
            let slices: Vec<io::IoSlice<'_>> =
                parts[from..].iter().map(|part| io::IoSlice::new(part)).collect();
            let writing = self.stream.write_vectored(&slices);
            let mut written = self.patience.wait_for(self.env, writing).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.counters.add(ConnectionCount::BytesSent, written as u64);
            while from < parts.len() && written >= parts[from].len() {
                written -= parts[from].len();
                from += 1;
            }
            if written > 0 {
                parts[from].advance(written);
            }
        }
        Ok(())
    }
}

async fn read(range: &FileRange) -> io::Result<Bytes> {
    let bytes = range.file.read(range.at, range.len, BytesMut::with_capacity(range.len)).await?;
    if bytes.len() < range.len { Err(was_cut()) } else { Ok(bytes.freeze()) }
}

fn was_cut() -> io::Error {
    io::Error::other("the log was cut while it was sent")
}
