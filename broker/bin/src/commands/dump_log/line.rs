//! One line of a dump: named values, as Kafka's tool prints them or as JSON. Not here: what is in them.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// A value of a line.
#[derive(Clone, Debug)]
pub(super) enum Field {
    /// A number, a flag or a text.
    Plain(Value),
    /// A number that may be missing, as Java prints it.
    Optional(Option<i64>),
    /// Names.
    List(Vec<String>),
    /// A decoded structure, or why there is none.
    Structure(Decoded),
    /// The same, which Kafka prints without a colon behind its name.
    Bare(Decoded),
}

/// JSON, or a sentence.
pub(super) type Decoded = Result<String, String>;

impl<T: Into<Value>> From<T> for Field {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A batch, an entry of an index, or an entry of a snapshot.
    Entry,
    /// A record of the batch before it.
    Record,
}

/// Named values, in their order.
#[derive(Clone, Debug)]
pub(super) struct Line {
    kind: Kind,
    fields: Vec<(&'static str, Field)>,
}

impl Line {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, fields: Vec::new() }
    }

    /// With one more value.
    pub(super) fn with(mut self, name: &'static str, field: impl Into<Field>) -> Self {
        self.fields.push((name, field.into()));
        self
    }

    /// `name: value name: value`, a record behind a bar.
    pub(super) fn write_text(&self, out: &mut String) {
        let mut separator = match self.kind {
            Kind::Entry => "",
            Kind::Record => "| ",
        };
        for (name, field) in &self.fields {
            let colon = if matches!(field, Field::Bare(_)) { "" } else { ":" };
            write!(out, "{separator}{name}{colon} ").expect("text grows");
            match field {
                Field::Plain(Value::String(text))
                | Field::Structure(Ok(text) | Err(text))
                | Field::Bare(Ok(text) | Err(text)) => out.push_str(text),
                Field::Plain(value) => write!(out, "{value}").expect("text grows"),
                Field::Optional(None) => out.push_str("OptionalLong.empty"),
                Field::Optional(Some(number)) => {
                    write!(out, "OptionalLong[{number}]").expect("text grows");
                }
                Field::List(names) => write!(out, "[{}]", names.join(",")).expect("text grows"),
            }
            separator = " ";
        }
        out.push('\n');
    }

    /// An object on a line of its own, with the file that it is of.
    pub(super) fn write_json(&self, file: &Path, out: &mut String) {
        write!(out, "{{\"file\":{}", Value::from(file.to_string_lossy())).expect("text grows");
        for (name, field) in &self.fields {
            write!(out, ",{}:", Value::from(*name)).expect("text grows");
            match field {
                Field::Plain(value) => write!(out, "{value}"),
                Field::Optional(number) => write!(out, "{}", Value::from(*number)),
                Field::List(names) => write!(out, "{}", Value::from(names.as_slice())),
                Field::Structure(Ok(json)) | Field::Bare(Ok(json)) => write!(out, "{json}"),
                Field::Structure(Err(text)) | Field::Bare(Err(text)) => {
                    write!(out, "{}", Value::from(text.as_str()))
                }
            }
            .expect("text grows");
        }
        out.push_str("}\n");
    }
}

/// What there is to say of a whole file, or of a part of it.
#[derive(Debug)]
pub(super) enum Dump {
    /// Its entries.
    Lines(Vec<Line>),
    /// A sentence about it; JSON leaves it out.
    Remark(String),
}

impl Dump {
    pub(super) fn empty(path: &Path) -> Self {
        Self::Remark(format!("{} is empty.\n", path.display()))
    }

    /// As Kafka's tool prints it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Remark(text) => text.clone(),
            Self::Lines(lines) => {
                let mut out = String::new();
                lines.iter().for_each(|line| line.write_text(&mut out));
                out
            }
        }
    }

    /// An object a line.
    pub(super) fn json(&self, file: &Path) -> String {
        let mut out = String::new();
        if let Self::Lines(lines) = self {
            lines.iter().for_each(|line| line.write_json(file, &mut out));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_text_or_json() {
        let line = |kind| {
            Line::new(kind)
                .with("offset", 7)
                .with("codec", "gzip")
                .with("valid", true)
                .with("horizon", Field::Optional(None))
                .with("first", Field::Optional(Some(3)))
                .with("headerKeys", Field::List(vec!["a".to_owned(), "b".to_owned()]))
                .with("payload", Field::Structure(Ok(r#"{"version":1}"#.to_owned())))
                .with("KRaftVersion", Field::Bare(Err("<cut \"off\">".to_owned())))
        };
        let dump = Dump::Lines(vec![line(Kind::Entry), line(Kind::Record)]);
        insta::assert_snapshot!(dump.text(), @r#"
        offset: 7 codec: gzip valid: true horizon: OptionalLong.empty first: OptionalLong[3] headerKeys: [a,b] payload: {"version":1} KRaftVersion <cut "off">
        | offset: 7 codec: gzip valid: true horizon: OptionalLong.empty first: OptionalLong[3] headerKeys: [a,b] payload: {"version":1} KRaftVersion <cut "off">
        "#);
        insta::assert_snapshot!(dump.json(Path::new("a-0/0.log")), @r#"
        {"file":"a-0/0.log","offset":7,"codec":"gzip","valid":true,"horizon":null,"first":3,"headerKeys":["a","b"],"payload":{"version":1},"KRaftVersion":"<cut \"off\">"}
        {"file":"a-0/0.log","offset":7,"codec":"gzip","valid":true,"horizon":null,"first":3,"headerKeys":["a","b"],"payload":{"version":1},"KRaftVersion":"<cut \"off\">"}
        "#);
        assert_eq!(Dump::empty(Path::new("0.index")).text(), "0.index is empty.\n");
        assert_eq!(Dump::empty(Path::new("0.index")).json(Path::new("0.index")), "");
    }
}
