//! Writes what spans messages: the tables of APIs and error codes, the enums of records, the module files.
//!
//! Not here: messages (`emit`).

use std::fmt::Write as _;

use anyhow::{Context as _, ensure};

use super::emit::header;
use super::model::{Api, ErrorLine, Kind, Message, Versions};

/// The module of API keys: enum and table.
pub(crate) fn api_keys(apis: &[Api], requests: &[Message]) -> anyhow::Result<String> {
    let mut out = header("api_keys.schema");
    let (mut variants, mut all, mut table) = (String::new(), String::new(), String::new());
    let mut count = 0;
    for (index, api) in apis.iter().enumerate() {
        ensure!(usize::try_from(api.number) == Ok(index), "{}: numbers leave a gap or go back", api.name);
        if api.removed {
            table += "None,\n";
            continue;
        }
        count += 1;
        let name = &api.name;
        let request = requests.iter().find(|request| request.name == format!("{name}Request"));
        let request = request.with_context(|| format!("{name} has no request"))?;
        let valid = request.versions();
        writeln!(variants, "/// [`{name}Request`](crate::{name}Request), versions {valid}.")?;
        writeln!(variants, "{name} = {index},")?;
        writeln!(all, "Self::{name},")?;
        writeln!(table, "Some({}),", description(api, valid, request.flexible_from))?;
    }
    write!(
        out,
        "//! API keys and what is known of each.

/// An API, by its number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum ApiKey {{
{variants}}}

/// What is known of an API beside its messages; ranges of versions as first and last.
pub(crate) struct Description {{
    pub(crate) key: ApiKey,
    pub(crate) name: &'static str,
    pub(crate) valid: (i16, i16),
    pub(crate) advertised: (i16, i16),
    pub(crate) flexible_from: Option<i16>,
    pub(crate) on_broker: bool,
    pub(crate) on_controller: bool,
}}

impl ApiKey {{
    /// All of them, by number.
    pub const ALL: [Self; {count}] = [{all}];

    pub(crate) fn from_number(number: i16) -> Option<Self> {{
        TABLE.get(usize::try_from(number).ok()?)?.as_ref().map(|description| description.key)
    }}

    pub(crate) fn description(self) -> &'static Description {{
        TABLE[self as usize].as_ref().expect(\"every variant has its line in the table\")
    }}
}}

/// By number; none where an API was removed.
static TABLE: [Option<Description>; {}] = [
{table}];
",
        apis.len()
    )?;
    Ok(out)
}

/// The line of an API in the table.
fn description(api: &Api, valid: Versions, flexible_from: Option<i16>) -> String {
    let Api { name, on_broker, on_controller, .. } = api;
    let pair = |versions: Versions| format!("({}, {})", versions.first, versions.last);
    let (valid, advertised) = (pair(valid), pair(api.advertised.unwrap_or(valid)));
    format!(
        "Description {{ key: ApiKey::{name}, name: \"{name}\", valid: {valid}, advertised: {advertised}, \
         flexible_from: {flexible_from:?}, on_broker: {on_broker}, on_controller: {on_controller} }}"
    )
}

/// The module of error codes: constants and table.
pub(crate) fn error_codes(errors: &[ErrorLine]) -> anyhow::Result<String> {
    let (mut constants, mut table) = (String::new(), String::new());
    for (index, error) in errors.iter().enumerate() {
        ensure!(usize::try_from(error.number + 1) == Ok(index), "{}: numbers leave a gap", error.name);
        let (name, number) = (&error.name, error.number);
        writeln!(constants, "/// `{name}`, {number}.\npub const {name}: Self = Self({number});")?;
        writeln!(
            table,
            "Description {{ name: \"{name}\", retriable: {}, refreshes_metadata: {} }},",
            error.retriable, error.refreshes_metadata
        )?;
    }
    Ok(format!(
        "{}//! Error codes and what is known of each.

use crate::ErrorCode;

/// What is known of an error code.
pub(crate) struct Description {{
    pub(crate) name: &'static str,
    pub(crate) retriable: bool,
    pub(crate) refreshes_metadata: bool,
}}

impl ErrorCode {{
{constants}}}

/// By code, from -1 on.
pub(crate) static TABLE: [Description; {}] = [
{table}];
",
        header("error_codes.schema"),
        errors.len()
    ))
}

/// The file of a folder's module: its modules, and the messages of all of them.
pub(crate) fn folder_module(folder: &str, modules: &[(String, Vec<Message>)]) -> anyhow::Result<String> {
    let mut out = header(&format!("{folder}/"));
    let (mut declarations, mut exports) = (String::new(), String::new());
    for (module, messages) in modules {
        writeln!(declarations, "pub mod {module};")?;
        let names: Vec<_> = messages.iter().map(|message| message.name.as_str()).collect();
        writeln!(exports, "pub use {module}::{{{}}};", names.join(", "))?;
    }
    let title = match folder {
        "wire" => "Requests, responses, their headers, and what records of several kinds carry",
        "metadata-records" => "Records of `__cluster_metadata`",
        "group-records" => "Records of `__consumer_offsets`",
        "transaction-records" => "Records of `__transaction_state`",
        "share-records" => "Records of `__share_group_state`",
        "streams-state" => "What Streams' members tell each other",
        "raft-state" => "What a voter keeps of elections",
        _ => anyhow::bail!("{folder}: a folder that nobody described"),
    };
    let uses_message = messages_have_ids(modules);
    let import = if uses_message { "use crate::Message as _;\n" } else { "" };
    writeln!(out, "//! {title}.\n\n{declarations}\n{import}{exports}")?;
    let mut messages: Vec<_> = modules.iter().flat_map(|(_, messages)| messages).collect();
    messages.sort_by_key(|message| message.id);
    let of = |kind: Kind| -> Vec<&Message> {
        messages.iter().copied().filter(|message| message.kind == kind).collect()
    };
    let records = of(Kind::Record);
    if !records.is_empty() {
        out += &record_enum("MetadataRecord", "Record", &records)?;
    }
    let prefix = folder.split('-').next().unwrap_or_default();
    let prefix = prefix[..1].to_uppercase() + &prefix[1..];
    for (kind, suffix) in [(Kind::Key, "Key"), (Kind::Value, "Value")] {
        let records = of(kind);
        if !records.is_empty() {
            out += &record_enum(&format!("{prefix}Record{suffix}"), suffix, &records)?;
        }
    }
    Ok(out)
}

/// An enum over records by type, and what the framing of records needs of it.
fn record_enum(name: &str, suffix: &str, records: &[&Message]) -> anyhow::Result<String> {
    let mut parts = [const { String::new() }; 6];
    for record in records {
        let [variants, conversions, types, names, encode, decode] = &mut parts;
        let message = &record.name;
        let id = record.id.context("a record has an id")?;
        let variant = message.strip_suffix(suffix).context("a record's name ends with its kind")?;
        writeln!(variants, "/// Type {id}, versions {}.\n{variant}({message}),", record.versions())?;
        writeln!(
            conversions,
            "impl From<{message}> for {name} {{\nfn from(record: {message}) -> Self {{\n\
             Self::{variant}(record)\n}}\n}}\n"
        )?;
        writeln!(types, "Self::{variant}(_) => {id},")?;
        writeln!(names, "Self::{variant}(_) => {message}::NAME,")?;
        writeln!(encode, "Self::{variant}(record) => record.encode(out, version),")?;
        writeln!(decode, "{id} => {message}::decode(input, version).map(Self::{variant}),")?;
    }
    let [variants, conversions, types, names, encode, decode] = parts;
    Ok(format!(
        "
/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum {name} {{
{variants}}}

impl crate::AnyRecord for {name} {{
    fn record_type(&self) -> i16 {{
        match self {{
            {types}
        }}
    }}

    fn name(&self) -> &'static str {{
        match self {{
            {names}
        }}
    }}

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {{
        match self {{
            {encode}
        }}
    }}

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {{
        match record_type {{
            {decode}
            _ => Err(input.unknown_record_type(\"{name}\", record_type)),
        }}
    }}
}}

{conversions}"
    ))
}

fn messages_have_ids(modules: &[(String, Vec<Message>)]) -> bool {
    modules.iter().flat_map(|(_, messages)| messages).any(|message| message.id.is_some())
}
