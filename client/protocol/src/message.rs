//! The traits of what is generated: structures, messages, requests and responses.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{ApiKey, DecodeError, DecodeErrorKind, Decoder, EncodeError, EncodeErrorKind, Encoder};

/// Fields in a row: a message or a part of one. Written and read without a look at the message's range of versions.
pub trait Structure: Default {
    /// No instance is shorter in any version; counts of elements are held against it.
    const LEN_MIN: usize;

    /// Appends the fields of this version.
    ///
    /// # Errors
    /// A value that the version cannot carry.
    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError>;

    /// Replaces the fields of this version; the others keep their defaults.
    ///
    /// # Errors
    /// Bytes that are not this structure.
    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError>;
}

/// What is encoded and decoded by itself, by version.
pub trait Message: Structure {
    /// Kafka's name, for errors and logs.
    const NAME: &'static str;
    /// The versions that the schema describes.
    const VERSIONS: RangeInclusive<i16>;

    /// Appends the message.
    ///
    /// # Errors
    /// A version that does not exist, or a value that it cannot carry; the error names message, version and field.
    fn encode(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        if !Self::VERSIONS.contains(&version) {
            return Err(EncodeError::new("", EncodeErrorKind::UnsupportedVersion).of(Self::NAME, version));
        }
        self.write(out, version).map_err(|error| error.of(Self::NAME, version))
    }

    /// Takes the message from where the decoder stands, and leaves what follows it.
    ///
    /// # Errors
    /// A version that does not exist, or bytes that are not this message; the error names message, version and field.
    fn decode(input: &mut Decoder, version: i16) -> Result<Self, DecodeError> {
        if !Self::VERSIONS.contains(&version) {
            return Err(input.error("", DecodeErrorKind::UnsupportedVersion).of(Self::NAME, version));
        }
        let mut message = Self::default();
        message.read(input, version).map_err(|error| error.of(Self::NAME, version))?;
        Ok(message)
    }

    /// The message alone, in one piece.
    ///
    /// # Errors
    /// As [`Message::encode`]; also records that are a [`Range`](crate::Records::Range).
    fn to_bytes(&self, version: i16) -> Result<Bytes, EncodeError> {
        let mut out = Encoder::new();
        self.encode(&mut out, version)?;
        out.into_bytes().map_err(|error| error.of(Self::NAME, version))
    }

    /// The message at the beginning of `bytes`, and how many bytes were left over behind it.
    ///
    /// # Errors
    /// As [`Message::decode`].
    fn from_bytes(bytes: Bytes, version: i16) -> Result<(Self, usize), DecodeError> {
        let mut input = Decoder::new(bytes);
        let message = Self::decode(&mut input, version)?;
        Ok((message, input.remaining()))
    }
}

/// The body of a request.
pub trait Request: Message {
    /// Its API.
    const KEY: ApiKey;
    /// What answers it, in the same version.
    type Response: Response;
}

/// The body of a response.
pub trait Response: Message {
    /// Its API.
    const KEY: ApiKey;
}
