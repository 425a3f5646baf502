//! Writes the Rust of one schema file: a structure each with its default, its writing and its reading.
//!
//! Not here: the expressions of single fields (`emit_field`), tables and enums (`emit_tables`), formatting (rustfmt).

use std::fmt::Write as _;

use super::emit_field::{self, type_of};
use super::model::{Kind, Message, Structure, Versions};

/// First line of every generated file.
pub(crate) fn header(source: &str) -> String {
    format!("// Written by `cargo ci codegen` from schema/{source}.\n\n")
}

/// What generated modules may need of the crate.
const IMPORTS: [&str; 14] = [
    "ApiKey",
    "DecodeError",
    "Decoder",
    "EncodeError",
    "EncodeErrorKind",
    "Encoder",
    "ErrorCode",
    "Message",
    "Records",
    "Structure",
    "TaggedFields",
    "TaggedWriter",
    "Uuid",
    "tagged_fields::differs_from_default",
];

/// The module of a schema file.
pub(crate) fn module(source: &str, messages: &[Message]) -> anyhow::Result<String> {
    let mut body = String::new();
    for message in messages {
        for structure in &message.structures {
            body += &emit_structure(message, structure)?;
        }
        body += &emit_traits(message);
    }
    let mut out = header(source);
    let names: Vec<_> = messages.iter().map(|message| format!("`{}`", message.name)).collect();
    writeln!(out, "//! {}.\n", names.join(" and "))?;
    out += "use std::ops::RangeInclusive;\n\n";
    if mentions(&body, "Bytes") {
        out += "use bytes::Bytes;\n\n";
    }
    let name_of = |path: &&str| path.rsplit("::").next().is_some_and(|name| mentions(&body, name));
    let paths: Vec<_> = IMPORTS.into_iter().filter(name_of).collect();
    writeln!(out, "use crate::{{{}}};\n", paths.join(", "))?;
    Ok(out + &body)
}

/// Whether a name stands in the text as a word of its own and not as somebody's field.
fn mentions(text: &str, name: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '"');
    text.match_indices(name).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + name.len()..].chars().next();
        !before.is_some_and(|before| is_part(before) || before == '.') && !after.is_some_and(is_part)
    })
}

/// A parameter's name, with an underscore if the body has no use for it.
fn parameter(name: &str, body: &str) -> String {
    if mentions(body, name) { name.to_owned() } else { format!("_{name}") }
}

/// The versions in which a structure has compact lengths and tagged fields.
fn flexible(message: &Message, structure: &Structure) -> Option<Versions> {
    let from = message.flexible_from.filter(|from| *from <= structure.versions.last)?;
    Some(Versions { first: from, last: structure.versions.last }.clipped_to(structure.versions))
}

fn emit_structure(message: &Message, structure: &Structure) -> anyhow::Result<String> {
    let name = &structure.name;
    let flexible = flexible(message, structure);
    let mut out = String::new();
    let what = match (message.kind, structure.name == message.name) {
        (_, false) => format!("Part of [`{}`]", message.name),
        (Kind::Request, true) => "Body of a request".to_owned(),
        (Kind::Response, true) => "Body of a response".to_owned(),
        (Kind::Header, true) => "Header of a frame".to_owned(),
        (Kind::Data, true) => "A message of its own".to_owned(),
        (Kind::Record, true) => "A metadata record".to_owned(),
        (Kind::Key, true) => "Key of a record".to_owned(),
        (Kind::Value, true) => "Value of a record".to_owned(),
    };
    let number = message.id.filter(|_| structure.name == message.name);
    let number = number.map(|id| format!(", type {id}")).unwrap_or_default();
    let plural = if structure.versions.first == structure.versions.last { "" } else { "s" };
    write!(out, "/// {what}{number}; version{plural} {}", structure.versions)?;
    match flexible {
        Some(flexible) if flexible.covers(structure.versions) => writeln!(out, ", flexible.")?,
        Some(flexible) => writeln!(out, ", flexible from {}.", flexible.first)?,
        None => writeln!(out, ".")?,
    }
    let hides = structure.fields.iter().any(|field| field.secret);
    let derivable = structure.fields.iter().all(emit_field::default_is_rusts);
    let derives = [("Debug, ", !hides), ("Default, ", derivable)];
    let derives: String = derives.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
    writeln!(out, "#[derive(Clone, {derives}PartialEq)]\npub struct {name} {{")?;
    for field in &structure.fields {
        writeln!(out, "/// `{}`", field.source)?;
        writeln!(out, "pub {}: {},", emit_field::identifier(field), type_of(field))?;
    }
    if flexible.is_some() {
        writeln!(out, "/// Tagged fields that the schema does not know.")?;
        writeln!(out, "pub unknown_tagged_fields: TaggedFields,")?;
    }
    writeln!(out, "}}\n")?;
    if hides {
        out += &emit_debug(structure, flexible.is_some())?;
    }
    if !derivable {
        out += &emit_default(structure, flexible.is_some())?;
    }
    out += &emit_codec(message, structure, flexible)?;
    Ok(out)
}

/// A `Debug` that keeps secrets.
fn emit_debug(structure: &Structure, flexible: bool) -> anyhow::Result<String> {
    let name = &structure.name;
    let mut out = format!("/// Without the secrets.\nimpl std::fmt::Debug for {name} {{\n");
    writeln!(out, "fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{")?;
    writeln!(out, "f.debug_struct(\"{name}\")")?;
    for field in &structure.fields {
        let identifier = emit_field::identifier(field);
        let value = if field.secret {
            "&format_args!(\"(hidden)\")".to_owned()
        } else {
            format!("&self.{identifier}")
        };
        writeln!(out, ".field(\"{}\", {value})", field.name)?;
    }
    if flexible {
        writeln!(out, ".field(\"unknown_tagged_fields\", &self.unknown_tagged_fields)")?;
    }
    writeln!(out, ".finish()\n}}\n}}\n")?;
    Ok(out)
}

fn emit_default(structure: &Structure, flexible: bool) -> anyhow::Result<String> {
    let mut out = format!("impl Default for {} {{\nfn default() -> Self {{\nSelf {{\n", structure.name);
    for field in &structure.fields {
        let identifier = emit_field::identifier(field);
        writeln!(out, "{identifier}: {},", emit_field::default_value(field))?;
    }
    if flexible {
        writeln!(out, "unknown_tagged_fields: TaggedFields::new(),")?;
    }
    writeln!(out, "}}\n}}\n}}\n")?;
    Ok(out)
}

/// `if` in front of a block, for the versions that it holds for; none if it holds for all of them.
pub(crate) fn condition(versions: Versions, within: Versions) -> Option<String> {
    let from_first = versions.first <= within.first;
    let to_last = versions.last >= within.last;
    match (from_first, to_last) {
        (true, true) => None,
        (false, true) => Some(format!("version >= {}", versions.first)),
        (true, false) => Some(format!("version <= {}", versions.last)),
        (false, false) if versions.first == versions.last => Some(format!("version == {}", versions.first)),
        (false, false) => Some(format!("({}..={}).contains(&version)", versions.first, versions.last)),
    }
}

/// The opposite of [`condition`]: holds in the versions of `within` that lie outside.
fn condition_outside(versions: Versions, within: Versions) -> Option<String> {
    let from_first = versions.first <= within.first;
    let to_last = versions.last >= within.last;
    match (from_first, to_last) {
        (true, true) => None,
        (false, true) => Some(format!("version < {}", versions.first)),
        (true, false) => Some(format!("version > {}", versions.last)),
        (false, false) => Some(format!("!({}..={}).contains(&version)", versions.first, versions.last)),
    }
}

/// Statements under one condition, gathered while the next ones have the same.
#[derive(Default)]
struct Block {
    condition: Option<String>,
    statements: String,
}

impl Block {
    fn add(&mut self, condition: Option<String>, statements: &str, out: &mut String) {
        if condition != self.condition {
            self.end(out);
            self.condition = condition;
        }
        self.statements += statements;
    }

    fn end(&mut self, out: &mut String) {
        let statements = std::mem::take(&mut self.statements);
        match self.condition.take() {
            Some(condition) if !statements.is_empty() => {
                *out += &format!("if {condition} {{\n{statements}}}\n");
            }
            _ => *out += &statements,
        }
    }
}

fn emit_codec(
    message: &Message,
    structure: &Structure,
    flexible: Option<Versions>,
) -> anyhow::Result<String> {
    let declaration = match flexible.map(|flexible| condition(flexible, structure.versions)) {
        Some(Some(condition)) => format!("let flexible = {condition};\n"),
        _ => String::new(),
    };
    let constant = match flexible {
        None => Some("false"),
        Some(_) if declaration.is_empty() => Some("true"),
        Some(_) => None,
    };
    let flexible_expression = constant.unwrap_or("flexible");
    let write = emit_write(structure, flexible, flexible_expression)?;
    let read = emit_read(structure, flexible, flexible_expression)?;
    let mut out = format!("impl Structure for {} {{\n", structure.name);
    writeln!(out, "const LEN_MIN: usize = {};\n", message.len_min(structure)?)?;
    let write = if mentions(&write, "flexible") { declaration.clone() + &write } else { write };
    writeln!(
        out,
        "fn write(&self, {}: &mut Encoder, {}: i16) -> Result<(), EncodeError> {{\n{write}Ok(())\n}}\n",
        parameter("out", &write),
        parameter("version", &write)
    )?;
    let read = if mentions(&read, "flexible") { declaration + &read } else { read };
    writeln!(
        out,
        "fn read(&mut self, {}: &mut Decoder, {}: i16) -> Result<(), DecodeError> {{\n{read}Ok(())\n}}\n}}\n",
        parameter("input", &read),
        parameter("version", &read)
    )?;
    Ok(out)
}

fn emit_write(
    structure: &Structure,
    flexible: Option<Versions>,
    flexible_expression: &str,
) -> anyhow::Result<String> {
    let within = structure.versions;
    let mut out = String::new();
    let mut block = Block::default();
    for field in &structure.fields {
        let absent =
            format!("return Err(EncodeError::new(\"{}\", EncodeErrorKind::NotInVersion));", field.name);
        let changed = emit_field::differs_from_default(field);
        let condition = condition(field.versions, within);
        if field.tag.is_none() && (condition.is_none() || field.ignorable) {
            block.add(condition, &emit_field::write(field, flexible_expression), &mut out);
            continue;
        }
        block.end(&mut out);
        match (field.tag, condition) {
            (None, Some(condition)) => {
                let write = emit_field::write(field, flexible_expression);
                writeln!(out, "if {condition} {{\n{write}}} else if {changed} {{\n{absent}\n}}")?;
            }
            (Some(_), Some(_)) if !field.ignorable => {
                let outside = condition_outside(field.versions, within).unwrap_or_default();
                writeln!(out, "if {outside} && {changed} {{\n{absent}\n}}")?;
            }
            _ => {}
        }
    }
    block.end(&mut out);
    let Some(flexible) = flexible else { return Ok(out) };
    let section = emit_write_tagged(structure, flexible)?;
    if condition(flexible, within).is_none() {
        return Ok(out + &section);
    }
    writeln!(
        out,
        "if flexible {{\n{section}}} else if !self.unknown_tagged_fields.is_empty() {{\n\
         return Err(EncodeError::new(\"unknown_tagged_fields\", EncodeErrorKind::NotInVersion));\n}}"
    )?;
    Ok(out)
}

fn emit_write_tagged(structure: &Structure, flexible: Versions) -> anyhow::Result<String> {
    let tagged = structure.tagged();
    if tagged.is_empty() {
        return Ok("out.tagged_fields(&self.unknown_tagged_fields)?;\n".to_owned());
    }
    let mut out = "let mut tagged = TaggedWriter::default();\n".to_owned();
    for (tag, field) in tagged {
        let changed = emit_field::differs_from_default(field);
        let condition = match condition(field.versions, flexible) {
            Some(condition) => format!("{condition} && {changed}"),
            None => changed,
        };
        let write = emit_field::write(field, "true");
        writeln!(out, "if {condition} {{\nlet out = tagged.field({tag});\n{write}}}")?;
    }
    Ok(out + "tagged.finish(&self.unknown_tagged_fields, out)?;\n")
}

fn emit_read(
    structure: &Structure,
    flexible: Option<Versions>,
    flexible_expression: &str,
) -> anyhow::Result<String> {
    let within = structure.versions;
    let mut out = String::new();
    let mut block = Block::default();
    for field in structure.fields.iter().filter(|field| field.tag.is_none()) {
        let read = emit_field::read(field, flexible_expression);
        block.add(condition(field.versions, within), &read, &mut out);
    }
    block.end(&mut out);
    let Some(flexible) = flexible else { return Ok(out) };
    let section = emit_read_tagged(structure, flexible)?;
    match condition(flexible, within) {
        None => out += &section,
        Some(_) => writeln!(out, "if flexible {{\n{section}}}")?,
    }
    Ok(out)
}

fn emit_read_tagged(structure: &Structure, flexible: Versions) -> anyhow::Result<String> {
    let tagged = structure.tagged();
    if tagged.is_empty() {
        return Ok("self.unknown_tagged_fields = input.tagged_fields()?;\n".to_owned());
    }
    let mut out =
        "for _ in 0..input.tag_count()? {\nlet tag = input.open_tag()?;\nmatch tag.number {\n".to_owned();
    let mut later = Vec::new();
    for (tag, field) in tagged {
        let read = emit_field::read(field, "true");
        let guard = match condition(field.versions, flexible) {
            Some(condition) => {
                later.push(tag);
                format!(" if {condition}")
            }
            None => String::new(),
        };
        writeln!(out, "{tag}{guard} => {{\n{read}}}")?;
    }
    if !later.is_empty() {
        writeln!(out, "{} => return Err(input.tag_not_in_version(&tag)),", pattern(&later))?;
    }
    out += "_ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,\n}\ninput.close_tag(tag)?;\n}\n";
    Ok(out)
}

/// A pattern of these numbers, which go up: a range where they follow each other.
fn pattern(numbers: &[u32]) -> String {
    match numbers {
        [first, .., last] if (last - first) as usize + 1 == numbers.len() => format!("{first}..={last}"),
        _ => numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(" | "),
    }
}

fn emit_traits(message: &Message) -> String {
    let (name, versions) = (&message.name, message.versions());
    let mut out = format!(
        "impl Message for {name} {{\nconst NAME: &'static str = \"{name}\";\n\
         const VERSIONS: RangeInclusive<i16> = {}..={};\n}}\n\n",
        versions.first, versions.last
    );
    if let Some(api) = name.strip_suffix("Request").filter(|_| message.kind == Kind::Request) {
        out += &format!(
            "impl crate::Request for {name} {{\nconst KEY: ApiKey = ApiKey::{api};\n\
             type Response = crate::{api}Response;\n}}\n"
        );
    }
    if let Some(api) = name.strip_suffix("Response").filter(|_| message.kind == Kind::Response) {
        out += &format!("impl crate::Response for {name} {{\nconst KEY: ApiKey = ApiKey::{api};\n}}\n");
    }
    out
}
