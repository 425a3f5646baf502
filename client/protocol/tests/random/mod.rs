//! Random instances of every message as bytes, made from the schema files alone.
//!
//! This is a second implementation of the encoding, by interpretation: it shares nothing with the generated code but
//! the reader of the schema.
//!
//! Not here: what is done with the instances.

use std::fs;
use std::path::Path;

#[allow(dead_code)]
#[path = "../../../../ci/src/codegen/model.rs"]
pub(crate) mod model;
#[allow(dead_code)]
#[path = "../../../../ci/src/codegen/parse.rs"]
mod parse;

use model::{Default, Field, Message, Plain, Structure, Type};

/// The messages of all schema files, by name.
#[expect(clippy::disallowed_methods, reason = "the schema lies beside the tests; nothing here is simulated")]
pub(crate) fn schema() -> Vec<Message> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let mut messages = Vec::new();
    for folder in fs::read_dir(root).expect("there is a schema") {
        let folder = folder.expect("the folder is listed").path();
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder).expect("the folder is readable") {
            let text =
                fs::read_to_string(file.expect("the file is listed").path()).expect("a schema is text");
            messages.extend(parse::messages(&text).expect("the schema is right"));
        }
    }
    messages.sort_by(|left, right| left.name.cmp(&right.name));
    messages
}

/// A generator of numbers (SplitMix64); the same seed gives the same numbers.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to and without `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Small numbers, extreme ones and any.
    fn number(&mut self) -> i64 {
        match self.below(4) {
            0 => self.below(300) as i64 - 10,
            1 => [0, -1, 1, i64::MAX, i64::MIN, 0x7fff_ffff][self.below(6)],
            _ => self.next() as i64,
        }
    }

    /// A length that is mostly small and sometimes needs two bytes as a varint.
    fn length(&mut self, small: usize) -> usize {
        if self.one_in(20) { 126 + self.below(600) } else { self.below(small) }
    }
}

/// A random instance in the bytes that every encoder must give.
pub(crate) fn instance(message: &Message, version: i16, random: &mut Random) -> Vec<u8> {
    let mut writer = Writer { message, version, random: Some(random), out: Vec::new() };
    writer.structure(&message.structures[0]);
    writer.out
}

/// Writes one instance; without random numbers that of defaults.
struct Writer<'a> {
    message: &'a Message,
    version: i16,
    random: Option<&'a mut Random>,
    out: Vec<u8>,
}

impl Writer<'_> {
    /// What `write` appends, apart.
    fn apart(&mut self, write: impl FnOnce(&mut Self)) -> Vec<u8> {
        let outer = std::mem::take(&mut self.out);
        write(self);
        std::mem::replace(&mut self.out, outer)
    }

    fn structure(&mut self, structure: &Structure) {
        let version = self.version;
        for field in structure.fields.iter().filter(|field| field.in_line(version)) {
            self.field(field);
        }
        if !self.message.is_flexible(self.version) {
            return;
        }
        let mut tagged = Vec::new();
        for (tag, field) in structure.tagged() {
            if !field.versions.contains(self.version) {
                continue;
            }
            let value = self.apart(|writer| writer.field(field));
            let random = self.random.take();
            let default = self.apart(|writer| writer.field(field));
            self.random = random;
            if value != default {
                tagged.push((tag, value));
            }
        }
        if let Some(random) = self.random.as_deref_mut()
            && random.one_in(6)
        {
            let length = random.length(5);
            tagged.push((100 + random.below(200) as u32, vec![0x5a; length]));
        }
        self.varint(tagged.len() as u32);
        for (tag, value) in tagged {
            self.varint(tag);
            self.varint(value.len() as u32);
            self.out.extend(value);
        }
    }

    fn field(&mut self, field: &Field) {
        let nullable = field.nullable.is_some_and(|nullable| nullable.contains(self.version));
        let is_null = match &mut self.random {
            Some(random) => nullable && random.one_in(4),
            None => nullable && field.default == Default::Null,
        };
        let compact = self.message.is_flexible(self.version) && !field.inflexible;
        match &field.ty {
            Type::Plain(Plain::String) if is_null => self.length(None, compact, 2),
            Type::Plain(_) | Type::Array(_) if is_null => self.length(None, compact, 4),
            Type::Structure(_) if is_null => self.out.push(if field.tag.is_some() { 0 } else { 0xff }),
            Type::Plain(plain) => self.plain(*plain, &field.default, compact),
            Type::Structure(name) => {
                if nullable {
                    self.out.push(1);
                }
                self.structure(self.message.structure(name).expect("the schema was checked"));
            }
            Type::Array(element) => self.array(element, compact),
        }
    }

    fn array(&mut self, element: &Type, compact: bool) {
        let small = if element.structure().is_some() { 3 } else { 5 };
        let count = match &mut self.random {
            Some(random) if element.structure().is_none() => random.length(small),
            Some(random) => random.below(small),
            None => 0,
        };
        self.length(Some(count), compact, 4);
        for _ in 0..count {
            match element {
                Type::Structure(name) => {
                    self.structure(self.message.structure(name).expect("the schema was checked"));
                }
                Type::Plain(plain) => self.plain(*plain, &Default::Empty, compact),
                Type::Array(_) => unreachable!("no message has arrays of arrays"),
            }
        }
    }

    fn plain(&mut self, plain: Plain, default: &Default, compact: bool) {
        let number = match (&mut self.random, default) {
            (Some(random), _) => random.number(),
            (None, Default::Number(number)) => *number,
            (None, Default::True) => 1,
            (None, _) => 0,
        };
        let bytes = number.to_be_bytes();
        match plain {
            Plain::Bool => self.out.push(u8::from(number & 1 == 1)),
            Plain::Int8 => self.out.extend(&bytes[7..]),
            Plain::Int16 | Plain::Uint16 | Plain::Error => self.out.extend(&bytes[6..]),
            Plain::Int32 => self.out.extend(&bytes[4..]),
            Plain::Int64 => self.out.extend(bytes),
            Plain::Float64 => self.out.extend((number as f64 / 8.0).to_be_bytes()),
            Plain::Uuid => {
                self.out.extend(bytes);
                self.out.extend(bytes);
            }
            Plain::String => self.content(b'a', compact, 2),
            Plain::Bytes | Plain::Records => self.content(0xe0, compact, 4),
        }
    }

    /// A length and as many bytes from `first` on.
    fn content(&mut self, first: u8, compact: bool, width: usize) {
        let length = self.random.as_deref_mut().map_or(0, |random| random.length(12));
        self.length(Some(length), compact, width);
        self.out.extend((0..length).map(|index| first + (index % 26) as u8));
    }

    fn length(&mut self, length: Option<usize>, compact: bool, width: usize) {
        if compact {
            self.varint(length.map_or(0, |length| length as u32 + 1));
        } else {
            let length = length.map_or(-1, |length| length as i32);
            self.out.extend(&length.to_be_bytes()[4 - width..]);
        }
    }

    fn varint(&mut self, value: u32) {
        let mut rest = value;
        while rest > 0x7f {
            self.out.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        self.out.push(rest as u8);
    }
}
