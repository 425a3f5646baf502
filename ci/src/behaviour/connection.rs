//! A connection to the broker, written and read as bytes: nothing here knows what a right request is.
//!
//! **Not here**: what is sent.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;
use klamm_protocol::{Decoder, Message, Piece, Request, decode_response_header, encode_request};

/// What brokers know the probes by.
pub(super) const CLIENT_ID: &str = "raw";

/// How long an answer may take where one is expected.
pub(super) const ANSWER_WAIT: Duration = Duration::from_secs(20);

/// How long silence is watched where it is expected.
pub(super) const SILENCE_WAIT: Duration = Duration::from_millis(1500);

/// Above every answer that a probe asks for.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// What a broker does instead of answering.
pub(super) enum NoAnswer {
    Closed,
    Silent,
    /// It cannot be reached, or its answer cannot be read.
    Broken(String),
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "connection closed, no response",
            Self::Silent => "no response, connection stays open",
            Self::Broken(reason) => reason,
        })
    }
}

impl NoAnswer {
    fn broken(reason: impl fmt::Display) -> Self {
        Self::Broken(reason.to_string())
    }
}

impl From<std::io::Error> for NoAnswer {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Self::Silent,
            ErrorKind::UnexpectedEof
            | ErrorKind::BrokenPipe
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted => Self::Closed,
            _ => Self::broken(error),
        }
    }
}

/// One connection.
pub(super) struct Connection {
    stream: TcpStream,
    correlation_id: i32,
}

impl Connection {
    pub(super) fn open(address: &str) -> Result<Self, NoAnswer> {
        let stream = TcpStream::connect(address)
            .and_then(|stream| stream.set_nodelay(true).map(|()| stream))
            .map_err(|error| NoAnswer::Broken(format!("{address}: {error}")))?;
        Ok(Self { stream, correlation_id: 1000 })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), NoAnswer> {
        self.stream.set_write_timeout(Some(ANSWER_WAIT))?;
        Ok(self.stream.write_all(bytes)?)
    }

    /// The next frame without its size.
    pub(super) fn read(&mut self, wait: Duration) -> Result<Bytes, NoAnswer> {
        let deadline = Instant::now() + wait;
        let mut size = [0; 4];
        self.read_exact(&mut size, deadline)?;
        let size = usize::try_from(i32::from_be_bytes(size)).map_err(NoAnswer::broken)?;
        if size > ANSWER_BYTES_MAX {
            return Err(NoAnswer::Broken(format!("an answer of {size} bytes")));
        }
        let mut frame = vec![0; size];
        self.read_exact(&mut frame, deadline)?;
        Ok(frame.into())
    }

    fn read_exact(&mut self, mut into: &mut [u8], deadline: Instant) -> Result<(), NoAnswer> {
        while !into.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            match self.stream.read(into)? {
                0 => return Err(NoAnswer::Closed),
                count => into = &mut into[count..],
            }
        }
        Ok(())
    }

    /// A request and its answer.
    pub(super) fn call<R: Request>(
        &mut self,
        client_id: &str,
        body: &R,
        version: i16,
        wait: Duration,
    ) -> Result<R::Response, NoAnswer> {
        self.correlation_id += 1;
        self.write(&encoded(self.correlation_id, client_id, body, version)?)?;
        let mut input = Decoder::new(self.read(wait)?);
        let header = decode_response_header(&mut input, R::KEY, version).map_err(NoAnswer::broken)?;
        if header.correlation_id != self.correlation_id {
            return Err(NoAnswer::Broken(format!("answered with correlation id {}", header.correlation_id)));
        }
        R::Response::decode(&mut input, version).map_err(NoAnswer::broken)
    }

    /// Whether ApiVersions is still answered on it.
    pub(super) fn is_usable(&mut self) -> bool {
        let request = klamm_protocol::ApiVersionsRequest::default();
        self.call(CLIENT_ID, &request, 0, Duration::from_secs(3)).is_ok()
    }
}

/// A request as a frame, its size in front.
pub(super) fn encoded<R: Request>(
    correlation_id: i32,
    client_id: &str,
    body: &R,
    version: i16,
) -> Result<Vec<u8>, NoAnswer> {
    let frame = encode_request(correlation_id, Some(client_id), body, version).map_err(NoAnswer::broken)?;
    let mut bytes = Vec::with_capacity(frame.len());
    for piece in frame.pieces() {
        match piece {
            Piece::Bytes(piece) => bytes.extend_from_slice(piece),
            Piece::Range { .. } => return Err(NoAnswer::broken("a request has no ranges")),
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn silence_and_a_closed_connection_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound").to_string();
        let read = |accepted_is_dropped: bool| {
            let mut connection = Connection::open(&address).unwrap_or_else(|error| panic!("{error}"));
            let accepted = listener.accept().expect("somebody connects");
            let kept = (!accepted_is_dropped).then_some(accepted);
            let error = connection.read(Duration::from_millis(50)).expect_err("nothing was sent");
            drop(kept);
            error.to_string()
        };
        assert_eq!(read(true), "connection closed, no response");
        assert_eq!(read(false), "no response, connection stays open");
    }
}
