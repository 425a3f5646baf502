//! The `records` type: batches that the codec carries and never looks into.
//! Not here: what a batch is made of (`klamm-records`).

use bytes::Bytes;

/// Record batches in a message.
#[derive(Clone, PartialEq)]
pub enum Records {
    /// The batches themselves.
    Bytes(Bytes),
    /// A promise of `len` bytes that the sender puts in place, from a file for instance. It can be encoded and
    /// never comes out of a decoder.
    Range {
        /// What the sender knows the bytes by.
        token: u64,
        /// Exactly how many bytes will be sent.
        len: usize,
    },
}

impl Records {
    /// Length in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Range { len, .. } => *len,
        }
    }

    /// Whether there is not one byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, if they are here.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Range { .. } => None,
        }
    }
}

/// Lengths only: batches are large, and what is in them is the users'.
impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Range { token, len } => write!(f, "Range({len} bytes, token {token})"),
        }
    }
}

impl From<Bytes> for Records {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}
