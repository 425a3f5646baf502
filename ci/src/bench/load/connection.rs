//! One connection to a broker: frames out, answers in, in order.
//!
//! Of an answer with records only its beginning and its end are copied out of the kernel: the broker sends every byte,
//! and the load does not pay for what nobody looks at.
//!
//! **Not here**: what is asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use bytes::{Bytes, BytesMut};
use klamm_protocol::{Decoder, Piece, Request, Response, decode_response_header, encode_request};
use rustix::net::{RecvFlags, recv};

/// A broker that is silent for longer is stuck.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Answers above this are not believed.
const ANSWER_BYTES_MAX: usize = 100 << 20;

/// What is kept of an answer's beginning: all before its records, and the header of their first batch.
const HEAD_BYTES: usize = 512;
/// What is kept of an answer's end: all behind its records.
const TAIL_BYTES: usize = 64;

/// Where the correlation id is in a request: behind the size, the API key and the version.
const CORRELATION_ID: std::ops::Range<usize> = 8..12;

/// A request, encoded whole, to be sent many times.
pub(super) struct Prepared(Vec<u8>);

impl Prepared {
    pub(super) fn new<R: Request>(request: &R, version: i16) -> Result<Self> {
        let mut bytes = Vec::new();
        for piece in encode_request(0, Some("bench"), request, version)?.into_pieces() {
            let Piece::Bytes(piece) = piece else { anyhow::bail!("a request has its bytes with it") };
            bytes.extend_from_slice(&piece);
        }
        Ok(Self(bytes))
    }
}

/// A socket, and which answers are outstanding on it.
pub(super) struct Connection {
    socket: BufReader<TcpStream>,
    /// Correlation ids of the next request and of the next answer.
    next_sent: i32,
    next_answered: i32,
    /// The memory of the last answer.
    spare: BytesMut,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect(address).with_context(|| format!("cannot connect to {address}"))?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(SILENCE_MAX))?;
        socket.set_write_timeout(Some(SILENCE_MAX))?;
        Ok(Self { socket: BufReader::new(socket), next_sent: 0, next_answered: 0, spare: BytesMut::new() })
    }

    /// Asks and waits for the answer.
    pub(super) fn call<R: Request>(&mut self, request: &R, version: i16) -> Result<R::Response> {
        self.send(&mut Prepared::new(request, version)?)?;
        self.receive(version, Ok)
    }

    /// Sends without waiting for the answer.
    pub(super) fn send(&mut self, request: &mut Prepared) -> Result<()> {
        request.0[CORRELATION_ID].copy_from_slice(&self.next_sent.to_be_bytes());
        self.next_sent = self.next_sent.wrapping_add(1);
        self.socket.get_mut().write_all(&request.0).context("the broker takes no more")
    }

    /// Requests that are not answered yet.
    pub(super) fn outstanding(&self) -> i32 {
        self.next_sent.wrapping_sub(self.next_answered)
    }

    /// Waits for the next answer. What `take` keeps of it is copied, or the memory is not used again.
    pub(super) fn receive<R: Response, T>(
        &mut self,
        version: i16,
        take: impl FnOnce(R) -> Result<T>,
    ) -> Result<T> {
        let frame = self.receive_frame(Self::fill)?;
        self.taken(frame, version, take)
    }

    /// As [`Connection::receive`], for an answer with records: its bytes between [`HEAD_BYTES`] and [`TAIL_BYTES`] are
    /// dropped, and anything stands there.
    pub(super) fn skim<R: Response, T>(
        &mut self,
        version: i16,
        take: impl FnOnce(R) -> Result<T>,
    ) -> Result<T> {
        let frame = self.receive_frame(Self::skip)?;
        self.taken(frame, version, take)
    }

    fn taken<R: Response, T>(
        &mut self,
        frame: Bytes,
        version: i16,
        take: impl FnOnce(R) -> Result<T>,
    ) -> Result<T> {
        let mut input = Decoder::new(frame.clone());
        let header = decode_response_header(&mut input, R::KEY, version)?;
        ensure!(
            header.correlation_id == self.next_answered,
            "answer {} came in place of {}",
            header.correlation_id,
            self.next_answered
        );
        self.next_answered = self.next_answered.wrapping_add(1);
        let response = R::decode(&mut input, version)?;
        drop(input);
        let taken = take(response)?;
        self.spare = frame.try_into_mut().unwrap_or_default();
        Ok(taken)
    }

    /// The next frame; `middle` sees to what is neither its beginning nor its end.
    fn receive_frame(&mut self, middle: fn(&mut Self, &mut [u8]) -> Result<()>) -> Result<Bytes> {
        let mut size = [0; 4];
        self.socket.read_exact(&mut size).context("the broker does not answer")?;
        let size = usize::try_from(i32::from_be_bytes(size)).context("the size of an answer")?;
        ensure!(size <= ANSWER_BYTES_MAX, "an answer of {size} bytes");
        let mut frame = std::mem::take(&mut self.spare);
        frame.resize(size, 0);
        let (head, tail) = (size.min(HEAD_BYTES), size.saturating_sub(TAIL_BYTES).max(HEAD_BYTES).min(size));
        self.fill(&mut frame[..head])?;
        middle(self, &mut frame[head..tail])?;
        self.fill(&mut frame[tail..])?;
        Ok(frame.freeze())
    }

    fn fill(&mut self, part: &mut [u8]) -> Result<()> {
        self.socket.read_exact(part).context("the broker broke off in an answer")
    }

    /// Receives as many bytes as `room` has, and drops them in the kernel.
    fn skip(&mut self, room: &mut [u8]) -> Result<()> {
        let buffered = self.socket.buffer().len().min(room.len());
        self.socket.consume(buffered);
        let mut left = room.len() - buffered;
        while left > 0 {
            let (_, dropped) = recv(self.socket.get_ref(), &mut room[..left], RecvFlags::TRUNC)
                .context("the broker broke off in an answer")?;
            ensure!(dropped > 0, "the broker broke off in an answer");
            left -= dropped;
        }
        Ok(())
    }
}
