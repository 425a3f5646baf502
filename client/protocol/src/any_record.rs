//! How records of internal topics are framed: a metadata record carries its type and version in front of it, a
//! coordinator's record has its type in front of the key and its version in front of the value.
//!
//! Not here: which records there are (`generated`), and the batches around them (`klamm-records`).

use bytes::Bytes;

use crate::group_records::{GroupRecordKey, GroupRecordValue};
use crate::metadata_records::MetadataRecord;
use crate::share_records::{ShareRecordKey, ShareRecordValue};
use crate::transaction_records::{TransactionRecordKey, TransactionRecordValue};
use crate::{DecodeError, DecodeErrorKind, Decoder, EncodeError, Encoder};

/// Version of the frame around a metadata record.
const FRAME_VERSION: u32 = 1;

/// One of several records, by type.
pub trait AnyRecord: Sized {
    /// Number of the type.
    fn record_type(&self) -> i16;

    /// Kafka's name of the record.
    fn name(&self) -> &'static str;

    /// Appends the record without its frame.
    ///
    /// # Errors
    /// As [`Message::encode`](crate::Message::encode).
    fn encode_body(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError>;

    /// Takes a record that has no frame.
    ///
    /// # Errors
    /// As [`Message::decode`](crate::Message::decode); a type that does not exist.
    fn decode_body(record_type: i16, input: &mut Decoder, version: i16) -> Result<Self, DecodeError>;
}

impl MetadataRecord {
    /// Value of the record: frame version 1, type and version as varints, then the fields.
    ///
    /// # Errors
    /// As [`Message::encode`](crate::Message::encode).
    pub fn encode_framed(&self, version: i16) -> Result<Bytes, EncodeError> {
        let mut out = Encoder::new();
        out.unsigned_varint(FRAME_VERSION);
        out.unsigned_varint(self.record_type() as u32);
        out.unsigned_varint(version as u32);
        self.encode_body(&mut out, version)?;
        out.into_bytes()
    }

    /// Reads the value of a record; bytes behind the fields are let pass.
    ///
    /// # Errors
    /// Another frame version, a type or version that does not exist, or fields that are wrong.
    pub fn decode_framed(value: Bytes) -> Result<Self, DecodeError> {
        Self::decode_framed_with_version(value).map(|(record, _)| record)
    }

    /// As [`MetadataRecord::decode_framed`], with the version that the record was written in.
    ///
    /// # Errors
    /// As [`MetadataRecord::decode_framed`].
    pub fn decode_framed_with_version(value: Bytes) -> Result<(Self, i16), DecodeError> {
        let mut input = Decoder::new(value);
        let place = |error: DecodeError| error.of("MetadataRecord", -1);
        let frame_version = input.unsigned_varint("frame_version").map_err(place)?;
        if frame_version != FRAME_VERSION {
            return Err(place(input.error("frame_version", DecodeErrorKind::FrameVersion(frame_version))));
        }
        let record_type = input.unsigned_varint("type").map_err(place)?;
        let version = input.unsigned_varint("version").map_err(place)?;
        let (Ok(record_type), Ok(version)) = (i16::try_from(record_type), i16::try_from(version)) else {
            let kind = DecodeErrorKind::UnknownRecordType(i64::from(record_type));
            return Err(place(input.error("type", kind)));
        };
        Ok((Self::decode_body(record_type, &mut input, version)?, version))
    }
}

/// Methods of a coordinator's keys and values, the same for each of the three coordinators.
macro_rules! coordinator_records {
    ($($key:ident, $value:ident;)*) => {$(
        impl $key {
            /// Key of the record: its type, then the fields.
            ///
            /// # Errors
            /// As [`Message::encode`](crate::Message::encode).
            pub fn encode_key(&self) -> Result<Bytes, EncodeError> {
                let mut out = Encoder::new();
                out.int16(self.record_type());
                self.encode_body(&mut out, 0)?;
                out.into_bytes()
            }

            /// Reads the key of a record.
            ///
            /// # Errors
            /// A type that does not exist, or fields that are wrong.
            pub fn decode_key(key: Bytes) -> Result<Self, DecodeError> {
                let mut input = Decoder::new(key);
                let record_type = input.int16("type").map_err(|error| error.of(stringify!($key), 0))?;
                Self::decode_body(record_type, &mut input, 0)
            }
        }

        impl $value {
            /// Value of the record: its version, then the fields.
            ///
            /// # Errors
            /// As [`Message::encode`](crate::Message::encode).
            pub fn encode_value(&self, version: i16) -> Result<Bytes, EncodeError> {
                let mut out = Encoder::new();
                out.int16(version);
                self.encode_body(&mut out, version)?;
                out.into_bytes()
            }

            /// Reads the value of a record whose key has this type.
            ///
            /// # Errors
            /// A type or version that does not exist, or fields that are wrong.
            pub fn decode_value(record_type: i16, value: Bytes) -> Result<Self, DecodeError> {
                let mut input = Decoder::new(value);
                let version = input.int16("version").map_err(|error| error.of(stringify!($value), -1))?;
                Self::decode_body(record_type, &mut input, version)
            }
        }
    )*};
}

coordinator_records! {
    GroupRecordKey, GroupRecordValue;
    TransactionRecordKey, TransactionRecordValue;
    ShareRecordKey, ShareRecordValue;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group_records::OffsetCommitKey;
    use crate::metadata_records::{NoOpRecord, TopicRecord};
    use crate::transaction_records::{TransactionLogKey, TransactionLogValue};

    #[test]
    fn a_metadata_record_carries_frame_version_type_and_version() {
        let topic =
            TopicRecord { name: "t".to_owned(), topic_id: crate::Uuid([7; 16]), ..Default::default() };
        let record = MetadataRecord::from(topic);
        let value = record.encode_framed(0).expect("it can be encoded");
        assert_eq!(value, [&[1, 2, 0, 2, b't'][..], &[7; 16], &[0]].concat());
        assert_eq!(MetadataRecord::decode_framed_with_version(value), Ok((record, 0)));
        let no_op = MetadataRecord::from(NoOpRecord::default()).encode_framed(0).expect("it can be encoded");
        assert_eq!(no_op, &[1, 20, 0, 0][..]);
    }

    #[test]
    fn other_frames_are_refused() {
        for (bytes, expected) in [
            (&[2, 2, 0][..], "MetadataRecord v-1, frame_version: frame version 2 is not 1"),
            (&[1, 99, 0], "MetadataRecord v-1, type: there is no record of type 99"),
            (
                &[1, 0xff, 0xff, 0xff, 0x0f, 0],
                "MetadataRecord v-1, type: there is no record of type 33554431",
            ),
            (&[1, 2, 9], "TopicRecord v9: there is no such version"),
            (&[], "MetadataRecord v-1, frame_version: 1 bytes are needed and 0 are left"),
        ] {
            let error = MetadataRecord::decode_framed(Bytes::copy_from_slice(bytes)).expect_err(expected);
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn a_coordinators_record_has_its_type_in_the_key_and_its_version_in_the_value() {
        let key = TransactionRecordKey::from(TransactionLogKey { transactional_id: "x".to_owned() });
        let bytes = key.encode_key().expect("it can be encoded");
        assert_eq!(bytes, &[0, 0, 0, 1, b'x'][..]);
        assert_eq!(TransactionRecordKey::decode_key(bytes), Ok(key.clone()));
        let value =
            TransactionRecordValue::from(TransactionLogValue { producer_id: 5, ..Default::default() });
        let bytes = value.encode_value(1).expect("it can be encoded");
        assert_eq!(bytes[..10], [0, 1, 0, 0, 0, 0, 0, 0, 0, 5]);
        assert_eq!(TransactionRecordValue::decode_value(key.record_type(), bytes), Ok(value));
        let key = OffsetCommitKey { group: "g".to_owned(), topic: "t".to_owned(), partition: 2 };
        let bytes = GroupRecordKey::from(key).encode_key().expect("it can be encoded");
        assert_eq!(bytes, &[0, 1, 0, 1, b'g', 0, 1, b't', 0, 0, 0, 2][..]);
    }
}
