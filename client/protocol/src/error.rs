//! What can be wrong with a message to encode or with bytes to decode.
//!
//! Not here: the error codes that messages carry (`error_code`).

use std::fmt;

/// Where in which message; boxed, so that the good path stays narrow.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    message: &'static str,
    version: i16,
    field: String,
}

impl Place {
    fn new(field: &str) -> Self {
        Self { message: "", version: -1, field: field.to_owned() }
    }

    fn within(&mut self, outer: &str) {
        self.field = if self.field.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.field) };
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} v{}",
            if self.message.is_empty() { "(no message)" } else { self.message },
            self.version
        )?;
        if self.field.is_empty() { Ok(()) } else { write!(f, ", {}", self.field) }
    }
}

macro_rules! placed_error {
    ($(#[$doc:meta])* $name:ident, $kind:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(Box<(Place, $kind)>);

        impl $name {
            /// An error at a field of a message that is not known yet.
            pub fn new(field: &str, kind: $kind) -> Self {
                Self(Box::new((Place::new(field), kind)))
            }

            /// Names the message and its version.
            pub fn of(mut self, message: &'static str, version: i16) -> Self {
                self.0.0.message = message;
                self.0.0.version = version;
                self
            }

            /// Puts the field within an outer one.
            pub fn within(mut self, outer: &str) -> Self {
                self.0.0.within(outer);
                self
            }

            /// Name of the message; empty if none was being read or written.
            pub fn message(&self) -> &'static str {
                self.0.0.message
            }

            /// Version of the message.
            pub fn version(&self) -> i16 {
                self.0.0.version
            }

            /// Path of the field from the message down, with dots; empty for the message as a whole.
            pub fn field(&self) -> &str {
                &self.0.0.field
            }

            /// What is wrong.
            pub fn kind(&self) -> &$kind {
                &self.0.1
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}: {}", self.0.0, self.0.1)
            }
        }

        impl std::error::Error for $name {}
    };
}

placed_error!(
    /// A value that cannot be written in the version asked for.
    EncodeError,
    EncodeErrorKind
);

placed_error!(
    /// Bytes that are not what they should be.
    DecodeError,
    DecodeErrorKind
);

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The message has no such version.
    UnsupportedVersion,
    /// The version lacks the field, and its value is neither the default nor one that may be dropped.
    NotInVersion,
    /// The field may not be null in the version.
    Null,
    /// More bytes or elements than the type can count.
    TooLong(usize),
    /// A tagged field that claims to be unknown has a tag that the schema knows.
    TagTaken(u32),
    /// One piece of bytes was asked for, but a part of it is a range that only a sender can fill.
    Range,
}

impl fmt::Display for EncodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedVersion => f.write_str("there is no such version"),
            Self::NotInVersion => {
                f.write_str("the version has no such field, and the value is not the default")
            }
            Self::Null => f.write_str("null is not allowed in this version"),
            Self::TooLong(len) => write!(f, "{len} is too long"),
            Self::TagTaken(tag) => write!(f, "tag {tag} is a known one"),
            Self::Range => f.write_str("a range cannot be turned into bytes"),
        }
    }
}

/// What is wrong with bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The message has no such version.
    UnsupportedVersion,
    /// More bytes are needed than are left.
    TooShort {
        /// Bytes that the field needs.
        needed: u64,
        /// Bytes that there are.
        left: usize,
    },
    /// The field may not be null in this version.
    Null,
    /// A length that its type does not allow.
    Length(i64),
    /// A varint of too many bytes.
    Varint,
    /// More elements than the bytes that are left could hold, or than the budget allows.
    TooMany(usize),
    /// A known tag in a version that does not have it.
    TagNotInVersion(u32),
    /// The value of a known tag does not end where its length says.
    TagLen(u32),
    /// No API has this key.
    UnknownApiKey(i16),
    /// No record has this type.
    UnknownRecordType(i64),
    /// The frame around a metadata record has another version than 1.
    FrameVersion(u32),
}

impl fmt::Display for DecodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedVersion => f.write_str("there is no such version"),
            Self::TooShort { needed, left } => write!(f, "{needed} bytes are needed and {left} are left"),
            Self::Null => f.write_str("null is not allowed in this version"),
            Self::Length(length) => write!(f, "{length} is no length"),
            Self::Varint => f.write_str("a varint is too long"),
            Self::TooMany(count) => write!(f, "{count} elements are too many"),
            Self::TagNotInVersion(tag) => write!(f, "tag {tag} does not belong to this version"),
            Self::TagLen(tag) => write!(f, "the value of tag {tag} does not end where its length says"),
            Self::UnknownApiKey(key) => write!(f, "there is no API with key {key}"),
            Self::UnknownRecordType(number) => write!(f, "there is no record of type {number}"),
            Self::FrameVersion(version) => write!(f, "frame version {version} is not 1"),
        }
    }
}
