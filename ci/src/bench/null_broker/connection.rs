//! One connection of the null broker: frames in, answers out, in order. The same code on both grounds.
//!
//! **Not here**: what is answered (`answers`).

use std::io::{self, IoSlice};
use std::sync::Arc;

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::answers::Answers;

/// Frames above this are refused, as a real broker does.
const FRAME_BYTES_MAX: usize = 100 << 20;

/// Room that a read is given at least.
const READ_BYTES: usize = 128 << 10;

/// Pieces that one write takes at most.
const PIECES_MAX: usize = 64;

/// Serves until the peer leaves, or sends what is no request.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, answers: Arc<Answers>) {
    // Either way the connection is done with.
    let _gone = exchange(&mut stream, &answers).await;
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, answers: &Answers) -> io::Result<()> {
    let mut input = BytesMut::new();
    let mut out = Vec::new();
    loop {
        while let Some(frame) = take_frame(&mut input)? {
            answers.answer(frame, &mut out)?;
        }
        send(stream, &mut out).await?;
        input.reserve(READ_BYTES);
        if stream.read_buf(&mut input).await? == 0 {
            return Ok(());
        }
    }
}

fn take_frame(input: &mut BytesMut) -> io::Result<Option<Bytes>> {
    let Some(&size) = input.first_chunk::<4>() else { return Ok(None) };
    let size = usize::try_from(i32::from_be_bytes(size)).map_err(io::Error::other)?;
    if size > FRAME_BYTES_MAX {
        return Err(io::Error::other("the frame is too long"));
    }
    if input.len() < 4 + size {
        input.reserve(4 + size - input.len());
        return Ok(None);
    }
    input.advance(4);
    Ok(Some(input.split_to(size).freeze()))
}

async fn send<S: AsyncWrite + Unpin>(stream: &mut S, pieces: &mut Vec<Bytes>) -> io::Result<()> {
    let mut first = 0;
    while first < pieces.len() {
        let mut slices = [IoSlice::new(&[]); PIECES_MAX];
        let count = PIECES_MAX.min(pieces.len() - first);
        for (slice, piece) in slices.iter_mut().zip(&pieces[first..]) {
            *slice = IoSlice::new(piece);
        }
        let mut sent = stream.write_vectored(&slices[..count]).await?;
        if sent == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        while first < pieces.len() && sent >= pieces[first].len() {
            sent -= pieces[first].len();
            first += 1;
        }
        if sent > 0 {
            pieces[first].advance(sent);
        }
    }
    pieces.clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_whole_and_in_order() {
        let mut input = BytesMut::from(&b"\0\0\0\x02ab\0\0\0\x01c\0\0\0\x03d"[..]);
        let mut taken = Vec::new();
        while let Some(frame) = take_frame(&mut input).expect("sizes are fine") {
            taken.push(frame);
        }
        assert_eq!(taken, ["ab", "c"]);
        assert_eq!(&input[..], b"\0\0\0\x03d");
        for size in [[0xff; 4], [0x7f, 0xff, 0xff, 0xff]] {
            assert!(take_frame(&mut BytesMut::from(&size[..])).is_err());
        }
    }
}
