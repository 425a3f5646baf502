//! Takes frames out of a stream; memory for them is taken as their bytes arrive. Not here: what is in them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_env::{Env, Instant, Stream};
use tokio::io::AsyncReadExt as _;

use crate::patience::Patience;
use crate::request_memory::{RequestMemory, Share};

/// First size of the buffer. A request keeps one of these in memory even if it is smaller itself.
pub(crate) const READ_BUFFER: usize = 16 << 10;
/// Another frame is expected to be as large as the last one, up to this size.
const EXPECTED_MAX: usize = 256 << 10;
/// The buffer of a frame that is larger is not used again.
const KEPT_BUFFER_MAX: usize = 2 << 20;
/// A frame that was begun must go on at this pace, or with pauses of so much time in all.
pub(crate) const PAUSES_MAX: Duration = Duration::from_secs(30);
/// Bytes that make up for a pause of [`PAUSES_MAX`]: 16 KiB a second.
pub(crate) const BYTES_FOR_A_PAUSE: usize = 30 * (16 << 10);

/// Why a stream of frames ends.
#[derive(Debug)]
pub(crate) enum FrameError {
    /// Nobody may send so much.
    Size {
        /// Announced.
        size: i32,
        /// Allowed.
        size_max: usize,
    },
    /// It ends within a frame.
    Cut,
    /// The rest of a frame does not come.
    Stalled,
    /// It broke.
    Io(io::Error),
}

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Size { size, size_max } => {
                write!(f, "a request of {size} bytes; allowed are 1 to {size_max} (socket.request.max.bytes)")
            }
            Self::Cut => f.write_str("the peer closed it in the middle of a request"),
            Self::Stalled => f.write_str("the rest of a request did not come"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

/// A request that was read, without its size, and its share of the memory for requests.
pub(crate) struct ReadFrame {
    pub(crate) bytes: Bytes,
    pub(crate) memory: Share,
}

/// Takes frames out of a stream. A wait for the next one may be dropped: nothing that was read is lost.
pub(crate) struct FrameReader {
    buffer: BytesMut,
    size_max: usize,
    /// For the frame that is being read.
    memory: Share,
    patience: Patience,
    /// The buffer may be larger than its first size.
    large: bool,
    /// Bytes that came since somebody asked.
    received: u64,
    /// Bytes of the next frame that there is room for before it is announced.
    expected: usize,
}

impl FrameReader {
    /// For frames of up to `size_max` bytes, of which the first have been `unread`.
    pub(crate) fn new(size_max: usize, memory: &Arc<RequestMemory>, unread: BytesMut) -> Self {
        let patience = Patience::new(PAUSES_MAX, BYTES_FOR_A_PAUSE);
        Self {
            large: unread.len() > READ_BUFFER,
            buffer: unread,
            size_max,
            memory: memory.share(),
            patience,
            received: 0,
            expected: READ_BUFFER,
        }
    }

    /// What was read and belongs to no frame that was given.
    pub(crate) fn into_unread(self) -> BytesMut {
        self.buffer
    }

    /// Bytes of memory taken for a frame that is not whole yet.
    pub(crate) fn taken(&self) -> usize {
        self.memory.bytes()
    }

    /// Bytes that came since the last call.
    pub(crate) fn take_received(&mut self) -> u64 {
        std::mem::take(&mut self.received)
    }

    /// Nobody reads for a while, so the peer is not waited for.
    pub(crate) fn pause(&mut self, now: Instant) {
        self.patience.pause(now);
    }

    /// Whether there is memory that [`FrameReader::give_back`] would give back.
    pub(crate) fn has_to_give_back(&self) -> bool {
        self.large && self.buffer.is_empty()
    }

    /// Gives back what a large frame needed and nobody uses.
    pub(crate) fn give_back(&mut self) {
        if self.has_to_give_back() {
            self.replace_buffer();
        }
    }

    fn replace_buffer(&mut self) {
        self.buffer = BytesMut::from(&self.buffer[..]);
        self.large = false;
        self.expected = READ_BUFFER;
    }

    /// The next frame; `None` at the end of the stream.
    pub(crate) async fn next(
        &mut self,
        env: &Env,
        stream: &mut Box<dyn Stream>,
    ) -> Result<Option<ReadFrame>, FrameError> {
        loop {
            let whole = self.announced()?;
            let room = self.room_for(whole);
            if !self.buffer.is_empty() {
                self.memory.grow(room).await;
            }
            if let Some(whole) = whole
                && self.buffer.len() >= whole
            {
                let bytes = self.take(whole);
                return Ok(Some(ReadFrame { bytes, memory: self.memory.take() }));
            }
            self.buffer.reserve(room.saturating_sub(self.buffer.len()).max(1));
            let reading = stream.read_buf(&mut self.buffer);
            let read = match whole {
                None => reading.await,
                Some(_) => self.patience.wait_for(env, reading).await,
            };
            match read {
                Ok(0) if self.buffer.is_empty() => return Ok(None),
                Ok(0) => return Err(FrameError::Cut),
                Ok(more) => self.received += more as u64,
                Err(error) if whole.is_some() && error.kind() == io::ErrorKind::TimedOut => {
                    return Err(FrameError::Stalled);
                }
                Err(error) => return Err(FrameError::Io(error)),
            }
        }
    }

    /// The size of the next frame together with its prefix, once that is there.
    fn announced(&self) -> Result<Option<usize>, FrameError> {
        let Some(prefix) = self.buffer.first_chunk() else { return Ok(None) };
        let size = i32::from_be_bytes(*prefix);
        let len = usize::try_from(size).ok().filter(|len| (1..=self.size_max).contains(len));
        let len = len.ok_or(FrameError::Size { size, size_max: self.size_max })?;
        Ok(Some(4 + len))
    }

    /// How large the buffer may be now: a large frame is read into one of its own, but no faster than its bytes arrive.
    fn room_for(&self, whole: Option<usize>) -> usize {
        let likely = self.expected.max(2 * self.buffer.len());
        whole.map_or(likely, |whole| whole.min(likely)).max(READ_BUFFER)
    }

    fn take(&mut self, whole: usize) -> Bytes {
        let frame = self.buffer.split_to(whole).freeze();
        self.large |= whole > READ_BUFFER;
        self.expected = whole.clamp(READ_BUFFER, EXPECTED_MAX);
        if whole > KEPT_BUFFER_MAX {
            self.replace_buffer();
        }
        frame.slice(4..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that was sent `len` bytes in one frame and so many after it, all of which have been handled.
    fn after_frame(len: usize, more: usize) -> FrameReader {
        let mut reader = FrameReader::new(100 << 20, &RequestMemory::new(1), BytesMut::new());
        reader.buffer.extend_from_slice(&vec![7; 4 + len + more]);
        assert_eq!(reader.take(4 + len).len(), len);
        assert_eq!(&reader.buffer[..], vec![7; more]);
        reader
    }

    /// What the reader's buffer holds on to, besides what was sent already.
    fn kept(reader: &mut FrameReader) -> usize {
        let sent = reader.buffer.split();
        // Nobody but the buffer has the allocation now, so it is all there again.
        drop(sent);
        reader.buffer.reserve(1);
        reader.buffer.capacity()
    }

    #[test]
    fn a_connection_does_not_keep_its_largest_buffer() {
        let mut reader = after_frame(50 << 20, 3);
        assert!(kept(&mut reader) < READ_BUFFER);
        let mut reader = after_frame(1 << 20, 0);
        assert!(kept(&mut reader) > 1 << 20, "the next one of that size will need it");
        let mut reader = after_frame(1 << 20, 0);
        reader.give_back();
        assert!(kept(&mut reader) < READ_BUFFER);
    }
}
