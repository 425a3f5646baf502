//! Holds every message in every version against the schema, and against another implementation.

mod names;
mod random;

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_protocol::group_records::*;
use klamm_protocol::metadata_records::*;
use klamm_protocol::raft_state::*;
use klamm_protocol::share_records::*;
use klamm_protocol::streams_state::*;
use klamm_protocol::transaction_records::*;
use klamm_protocol::*;

use random::{Random, instance, schema};

/// Instances of each message and version.
const INSTANCES: usize = 40;

/// What a codec makes of bytes: how it shows them, and what it writes again.
type Codec = fn(Bytes, i16) -> (String, Bytes);

fn ours<M: Message + std::fmt::Debug>(bytes: Bytes, version: i16) -> (String, Bytes) {
    let (message, left_over) = M::from_bytes(bytes, version).expect("the bytes are right");
    assert_eq!(left_over, 0, "{} v{version}", M::NAME);
    let again = message.to_bytes(version).expect("what was decoded can be encoded");
    (format!("{message:?}"), again)
}

fn theirs<M>(mut bytes: Bytes, version: i16) -> (String, Bytes)
where
    M: kafka_protocol::protocol::Decodable + kafka_protocol::protocol::Encodable + std::fmt::Debug,
{
    let message = match M::decode(&mut bytes, version) {
        Ok(message) => message,
        Err(error) => panic!("{} v{version}: {error}", std::any::type_name::<M>()),
    };
    assert!(bytes.is_empty(), "they leave nothing over");
    let mut again = bytes::BytesMut::new();
    message.encode(&mut again, version).expect("they can write it");
    (format!("{message:?}"), again.freeze())
}

fn our_codecs() -> BTreeMap<&'static str, Codec> {
    macro_rules! insert {
        ($($name:ident,)*) => { [$((stringify!($name), ours::<$name> as Codec),)*] };
    }
    let shared: [_; _] = names::shared_messages!(insert);
    let other: [_; _] = names::other_messages!(insert);
    shared.into_iter().chain(other).collect()
}

/// Their codecs with the versions that they know.
fn their_codecs() -> BTreeMap<&'static str, (Codec, i16, i16)> {
    use kafka_protocol::messages::*;
    use kafka_protocol::protocol::Message as _;
    macro_rules! insert {
        ($($name:ident,)*) => {
            [$((stringify!($name), (
                theirs::<$name> as Codec,
                $name::VERSIONS.min,
                $name::VERSIONS.max,
            )),)*]
        };
    }
    let codecs: [_; _] = names::shared_messages!(insert);
    codecs.into_iter().collect()
}

#[test]
fn all_messages_of_the_schema_are_listed() {
    let listed: Vec<_> = our_codecs().into_keys().map(str::to_owned).collect();
    let described: Vec<_> = schema().into_iter().map(|message| message.name).collect();
    assert_eq!(listed, described);
}

/// What the interpreter of the schema writes, the generated code reads and writes again.
#[test]
fn random_instances_round_trip() {
    let codecs = our_codecs();
    let mut random = Random(1);
    for message in schema() {
        let versions = message.versions();
        for version in versions.first..=versions.last {
            for _ in 0..INSTANCES {
                let bytes = Bytes::from(instance(&message, version, &mut random));
                let (shown, again) = codecs[message.name.as_str()](bytes.clone(), version);
                assert_eq!(again, bytes, "{} v{version}: {shown}", message.name);
            }
        }
    }
}

/// Both read what the other writes, byte for byte, and understand the same by it.
#[test]
fn kafka_protocol_agrees() {
    let (ours, theirs) = (our_codecs(), their_codecs());
    let mut random = Random(2);
    let mut versions_compared = 0;
    for message in schema() {
        let Some((theirs, first, last)) = theirs.get(message.name.as_str()) else { continue };
        let versions = message.versions();
        for version in versions.first.max(*first)..=versions.last.min(*last) {
            versions_compared += 1;
            for _ in 0..INSTANCES {
                let mut bytes = instance(&message, version, &mut random);
                if ["LeaderChangeMessage", "VotersRecord"].contains(&message.name.as_str()) {
                    // They take the first field for the version of what follows it.
                    bytes[..2].copy_from_slice(&version.to_be_bytes());
                }
                let bytes = Bytes::from(bytes);
                let (our_view, our_bytes) = ours[message.name.as_str()](bytes.clone(), version);
                let (their_view, their_bytes) = theirs(our_bytes.clone(), version);
                assert_eq!(their_bytes, our_bytes, "{} v{version}", message.name);
                assert_eq!(our_bytes, bytes, "{} v{version}", message.name);
                let (our_view, their_view) = in_common(&our_view, &their_view);
                assert_eq!(our_view, their_view, "{} v{version}", message.name);
            }
        }
    }
    assert!(versions_compared > 400, "only {versions_compared} versions were compared");
}

/// Names of fields and their numbers, in order.
type View = Vec<(String, String)>;

/// The fields that both have.
fn in_common(ours: &str, theirs: &str) -> (View, View) {
    let (ours, theirs) = (numbers(ours), numbers(theirs));
    let only = |view: &View, other: &View| -> View {
        view.iter().filter(|field| other.iter().any(|other| other.0 == field.0)).cloned().collect()
    };
    (only(&ours, &theirs), only(&theirs, &ours))
}

/// The fields of a `Debug` text whose values are numbers, truth values or error codes.
fn numbers(view: &str) -> View {
    let words: Vec<_> = view
        .split(|character: char| {
            !(character.is_alphanumeric() || matches!(character, '_' | '-' | ':' | '.' | '('))
        })
        .filter(|word| !word.is_empty())
        .collect();
    let mut fields = Vec::new();
    for pair in words.windows(2) {
        let (Some(name), value) = (pair[0].strip_suffix(':'), pair[1]) else { continue };
        // Some of their numbers are newtypes, and our error codes have names.
        let value = value.rsplit('(').next().unwrap_or(value);
        let value = match ErrorCode::from_name(value) {
            Some(code) => code.0.to_string(),
            None => value.to_owned(),
        };
        if value.parse::<f64>().is_ok() || value == "true" || value == "false" {
            fields.push((name.trim_start_matches('_').to_owned(), value));
        }
    }
    fields
}
