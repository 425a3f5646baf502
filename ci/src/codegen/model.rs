//! What a schema says, as data. Version ranges are absolute and clipped to what encloses them.
//!
//! Not here: the text (`parse`), the Rust (`emit`).

use anyhow::{Context as _, ensure};

/// Versions from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    pub(crate) first: i16,
    pub(crate) last: i16,
}

impl Versions {
    pub(crate) fn contains(self, version: i16) -> bool {
        (self.first..=self.last).contains(&version)
    }

    pub(crate) fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub(crate) fn clipped_to(self, other: Self) -> Self {
        Self { first: self.first.max(other.first), last: self.last.min(other.last) }
    }
}

impl std::fmt::Display for Versions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    Response,
    Header,
    Data,
    Record,
    Key,
    Value,
}

/// A message with all structures that belong to it, its own first.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// Number of the record type.
    pub(crate) id: Option<i16>,
    pub(crate) flexible_from: Option<i16>,
    pub(crate) structures: Vec<Structure>,
}

impl Message {
    pub(crate) fn versions(&self) -> Versions {
        self.structures[0].versions
    }

    /// Whether lengths are compact and there are tagged fields.
    pub(crate) fn is_flexible(&self, version: i16) -> bool {
        self.flexible_from.is_some_and(|from| version >= from)
    }

    pub(crate) fn structure(&self, name: &str) -> anyhow::Result<&Structure> {
        let found = self.structures.iter().find(|structure| structure.name == name);
        found.with_context(|| format!("{}: there is no structure {name}", self.name))
    }

    /// Fewest bytes of a structure over all of its versions.
    pub(crate) fn len_min(&self, structure: &Structure) -> anyhow::Result<usize> {
        let mut len_min = usize::MAX;
        for version in structure.versions.first..=structure.versions.last {
            let mut len = usize::from(self.is_flexible(version));
            for field in structure.fields.iter().filter(|field| field.in_line(version)) {
                len += match &field.ty {
                    Type::Structure(_) if field.nullable.is_some() => 1,
                    Type::Structure(name) => self.len_min(self.structure(name)?)?,
                    Type::Plain(plain) => plain.len_min(self.is_flexible(version) && !field.inflexible),
                    Type::Array(_) => {
                        if self.is_flexible(version) {
                            1
                        } else {
                            4
                        }
                    }
                };
            }
            len_min = len_min.min(len);
        }
        Ok(len_min)
    }

    /// Checks what the grammar cannot: references, ranges and tags that fit together.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for structure in &self.structures {
            for field in &structure.fields {
                self.check_field(structure, field)
                    .with_context(|| format!("{}, {}.{}", self.name, structure.name, field.name))?;
            }
        }
        self.check_depth(&self.structures[0], 0)
    }

    fn check_field(&self, structure: &Structure, field: &Field) -> anyhow::Result<()> {
        ensure!(structure.versions.covers(field.versions), "versions beyond those of the structure");
        ensure!(field.versions.first <= field.versions.last, "no version has the field");
        if let Some(name) = field.ty.structure() {
            ensure!(self.structure(name)?.versions.covers(field.versions), "{name} lacks versions");
        }
        if let Some(nullable) = field.nullable {
            let optional = !matches!(&field.ty, Type::Plain(plain) if !plain.is_optional());
            ensure!(optional, "the type cannot be null");
            ensure!(nullable.last == field.versions.last, "null must stay allowed to the last version");
            let structure = matches!(field.ty, Type::Structure(_));
            ensure!(!structure || nullable == field.versions, "a structure is nullable in all versions");
        }
        if field.tag.is_some() {
            ensure!(self.is_flexible(field.versions.first), "a tag before the flexible versions");
            let same = structure.fields.iter().filter(|other| other.tag == field.tag).count();
            ensure!(same == 1, "the tag is taken");
        }
        Ok(())
    }

    fn check_depth(&self, structure: &Structure, depth: usize) -> anyhow::Result<()> {
        ensure!(depth < 16, "{}: {} contains itself", self.name, structure.name);
        for name in structure.fields.iter().filter_map(|field| field.ty.structure()) {
            self.check_depth(self.structure(name)?, depth + 1)?;
        }
        Ok(())
    }
}

/// Fields in a row.
#[derive(Clone, Debug)]
pub(crate) struct Structure {
    pub(crate) name: String,
    pub(crate) versions: Versions,
    pub(crate) fields: Vec<Field>,
}

impl Structure {
    /// The tagged fields in order of their tags.
    pub(crate) fn tagged(&self) -> Vec<(u32, &Field)> {
        let mut tagged: Vec<_> =
            self.fields.iter().filter_map(|field| field.tag.map(|tag| (tag, field))).collect();
        tagged.sort_by_key(|(tag, _)| *tag);
        tagged
    }
}

/// One field.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) versions: Versions,
    pub(crate) nullable: Option<Versions>,
    pub(crate) default: Default,
    pub(crate) tag: Option<u32>,
    /// Left out silently where the version lacks it.
    pub(crate) ignorable: bool,
    /// Keeps the old length in flexible versions.
    pub(crate) inflexible: bool,
    /// Never shown.
    pub(crate) secret: bool,
    /// What the schema says behind the name.
    pub(crate) source: String,
}

impl Field {
    /// Whether the field stands among the others, and not in the tagged section.
    pub(crate) fn in_line(&self, version: i16) -> bool {
        self.tag.is_none() && self.versions.contains(version)
    }

    /// Whether the Rust field is an `Option`.
    pub(crate) fn is_option(&self) -> bool {
        self.nullable.is_some() || self.ty == Type::Plain(Plain::Records)
    }
}

/// Type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Plain(Plain),
    Structure(String),
    Array(Box<Type>),
}

impl Type {
    /// Name of the structure in it.
    pub(crate) fn structure(&self) -> Option<&str> {
        match self {
            Self::Plain(_) => None,
            Self::Structure(name) => Some(name),
            Self::Array(element) => element.structure(),
        }
    }
}

/// Types without parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Bool,
    Int8,
    Int16,
    Uint16,
    Int32,
    Int64,
    Float64,
    Uuid,
    Error,
    String,
    Bytes,
    Records,
}

impl Plain {
    pub(crate) const ALL: [(&'static str, Self); 12] = [
        ("bool", Self::Bool),
        ("int8", Self::Int8),
        ("int16", Self::Int16),
        ("uint16", Self::Uint16),
        ("int32", Self::Int32),
        ("int64", Self::Int64),
        ("float64", Self::Float64),
        ("uuid", Self::Uuid),
        ("error", Self::Error),
        ("string", Self::String),
        ("bytes", Self::Bytes),
        ("records", Self::Records),
    ];

    fn is_optional(self) -> bool {
        matches!(self, Self::String | Self::Bytes | Self::Records)
    }

    fn len_min(self, compact: bool) -> usize {
        match self {
            Self::Bool | Self::Int8 => 1,
            Self::Int16 | Self::Uint16 | Self::Error => 2,
            Self::Int32 => 4,
            Self::Int64 | Self::Float64 => 8,
            Self::Uuid => 16,
            Self::String | Self::Bytes | Self::Records if compact => 1,
            Self::String => 2,
            Self::Bytes | Self::Records => 4,
        }
    }
}

/// Default of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Default {
    /// Zero, false, empty, or a structure of defaults.
    Empty,
    Null,
    True,
    Number(i64),
}

/// A line of the table of APIs.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) number: i16,
    pub(crate) name: String,
    pub(crate) on_broker: bool,
    pub(crate) on_controller: bool,
    pub(crate) removed: bool,
    pub(crate) advertised: Option<Versions>,
}

/// A line of the table of error codes.
#[derive(Clone, Debug)]
pub(crate) struct ErrorLine {
    pub(crate) number: i16,
    pub(crate) name: String,
    pub(crate) retriable: bool,
    pub(crate) refreshes_metadata: bool,
}
