//! Frames: size prefix, header and body, as pieces that a connection sends without copying the large ones.
//!
//! Not here: reading frames from a stream and their size limits, which belong to the connection.

use bytes::Bytes;

use crate::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use crate::{ApiKey, Decoder, Encoder, Message, Request, RequestHeader, Response, ResponseHeader};

/// A part of a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Bytes to send.
    Bytes(Bytes),
    /// Bytes that the sender has: see [`Records::Range`](crate::Records::Range).
    Range {
        /// What the sender knows the bytes by.
        token: u64,
        /// How many there are.
        len: usize,
    },
}

impl Piece {
    /// Length in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Range { len, .. } => *len,
        }
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A whole frame, size prefix included.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pieces: Vec<Piece>,
    len: usize,
}

impl Frame {
    /// Bytes on the wire, the four of the size prefix included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: the prefix is always there.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The pieces in order; none is empty.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The pieces in order, to be sent one after the other.
    pub fn into_pieces(self) -> Vec<Piece> {
        self.pieces
    }

    /// Puts the size in front of what was written behind four spare bytes.
    fn finish(mut out: Encoder) -> Result<Self, EncodeError> {
        let len = out.len();
        let size = i32::try_from(len - 4).map_err(|_| EncodeError::new("", EncodeErrorKind::TooLong(len)))?;
        out.patch_prefix(size);
        Ok(Self { pieces: out.into_pieces(), len })
    }
}

/// Capacity that spares most frames a second allocation.
const FRAME_CAPACITY: usize = 256;

/// A request as a frame.
///
/// # Errors
/// As [`Message::encode`].
pub fn encode_request<R: Request>(
    correlation_id: i32,
    client_id: Option<&str>,
    body: &R,
    version: i16,
) -> Result<Frame, EncodeError> {
    let header = RequestHeader {
        request_api_key: R::KEY as i16,
        request_api_version: version,
        correlation_id,
        client_id: client_id.map(str::to_owned),
        ..RequestHeader::default()
    };
    let mut out = Encoder::with_capacity(FRAME_CAPACITY);
    out.int32(0);
    header.encode(&mut out, R::KEY.request_header_version(version))?;
    body.encode(&mut out, version)?;
    Frame::finish(out).map_err(|error| error.of(R::NAME, version))
}

/// A response as a frame.
///
/// # Errors
/// As [`Message::encode`].
pub fn encode_response<R: Response>(
    correlation_id: i32,
    body: &R,
    version: i16,
) -> Result<Frame, EncodeError> {
    let header = ResponseHeader { correlation_id, ..ResponseHeader::default() };
    let mut out = Encoder::with_capacity(FRAME_CAPACITY);
    out.int32(0);
    header.encode(&mut out, R::KEY.response_header_version(version))?;
    body.encode(&mut out, version)?;
    Frame::finish(out).map_err(|error| error.of(R::NAME, version))
}

/// Takes the header of a request from a frame without its size prefix; the body follows. The version of the body
/// is not checked: an ApiVersions request of a later version still has a header that can be read.
///
/// # Errors
/// An unknown API, or bytes that are no header.
pub fn decode_request_header(input: &mut Decoder) -> Result<(ApiKey, RequestHeader), DecodeError> {
    let start = input.peek_request()?;
    let key = ApiKey::try_from(start.0).map_err(|unknown| {
        input.error("request_api_key", DecodeErrorKind::UnknownApiKey(unknown.0)).of(RequestHeader::NAME, 1)
    })?;
    let header = RequestHeader::decode(input, key.request_header_version(start.1))?;
    Ok((key, header))
}

/// Takes the header of a response to a request of this API and version; the body follows.
///
/// # Errors
/// Bytes that are no header.
pub fn decode_response_header(
    input: &mut Decoder,
    key: ApiKey,
    version: i16,
) -> Result<ResponseHeader, DecodeError> {
    ResponseHeader::decode(input, key.response_header_version(version))
}
