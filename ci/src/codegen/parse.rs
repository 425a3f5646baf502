//! Reads the schema files; `client/protocol/schema/README.md` describes their grammar.
//!
//! Not here: whether what they say fits together (`model`).

use anyhow::{Context as _, bail, ensure};

use super::model::{Api, Default, ErrorLine, Field, Kind, Message, Plain, Structure, Type, Versions};

/// Lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The messages of a file.
pub(crate) fn messages(text: &str) -> anyhow::Result<Vec<Message>> {
    let mut messages = Vec::new();
    let mut open: Option<OpenMessage> = None;
    for (number, line) in lines(text) {
        let step = match &mut open {
            Some(message) => message.line(line),
            None => OpenMessage::begin(line).map(|message| {
                open = Some(message);
                false
            }),
        };
        if step.with_context(|| format!("line {number}: {line}"))? {
            let message = open.take().context("a message ends that did not begin")?.message;
            message.check()?;
            messages.push(message);
        }
    }
    ensure!(open.is_none(), "the last message does not end");
    Ok(messages)
}

/// A message whose end has not come yet.
struct OpenMessage {
    message: Message,
    /// Indices of the structures that are open, the innermost last.
    stack: Vec<usize>,
}

impl OpenMessage {
    fn begin(line: &str) -> anyhow::Result<Self> {
        let head = line.strip_suffix('{').context("a message begins with a line that ends in {")?;
        let mut words = head.split_whitespace();
        let kind = match words.next() {
            Some("request") => Kind::Request,
            Some("response") => Kind::Response,
            Some("header") => Kind::Header,
            Some("data") => Kind::Data,
            Some("record") => Kind::Record,
            Some("key") => Kind::Key,
            Some("value") => Kind::Value,
            _ => bail!("no kind of message"),
        };
        let name = words.next().context("no name")?.to_owned();
        let (mut id, mut versions, mut flexible_from) = (None, None, None);
        while let Some(word) = words.next() {
            let value = words.next().with_context(|| format!("nothing behind {word}"))?;
            match word {
                "id" => id = Some(value.parse()?),
                "versions" => versions = Some(parse_versions(value, None)?),
                "flexible" => {
                    flexible_from = Some(value.strip_suffix('+').context("no + behind it")?.parse()?);
                }
                _ => bail!("{word} is unknown"),
            }
        }
        let versions = versions.context("no versions")?;
        ensure!(
            id.is_some() == matches!(kind, Kind::Record | Kind::Key | Kind::Value),
            "records have an id, and nothing else has"
        );
        let root = Structure { name: name.clone(), versions, fields: Vec::new() };
        Ok(Self {
            message: Message { kind, name, id, flexible_from, structures: vec![root] },
            stack: vec![0],
        })
    }

    /// Takes a line; true if it ends the message.
    fn line(&mut self, line: &str) -> anyhow::Result<bool> {
        if line == "}" {
            self.stack.pop();
            return Ok(self.stack.is_empty());
        }
        let (line, opens) = match line.strip_suffix('{') {
            Some(line) => (line.trim_end(), true),
            None => (line, false),
        };
        let parent = *self.stack.last().context("no structure is open")?;
        if let Some(head) = line.strip_prefix("struct ") {
            ensure!(opens && self.stack.len() == 1, "a structure is described in the message itself");
            let (name, versions) = head.split_once(' ').unwrap_or((head, ""));
            let within = self.message.versions();
            let versions = match versions.strip_prefix('@') {
                Some(versions) => parse_versions(versions, Some(within))?,
                None => within,
            };
            self.open(name, versions)?;
            return Ok(false);
        }
        let field = parse_field(line, self.message.structures[parent].versions)?;
        if opens {
            let name = field.ty.structure().context("only structures have parts")?.to_owned();
            let versions = field.versions;
            self.message.structures[parent].fields.push(field);
            self.open(&name, versions)?;
        } else {
            self.message.structures[parent].fields.push(field);
        }
        Ok(false)
    }

    fn open(&mut self, name: &str, versions: Versions) -> anyhow::Result<()> {
        ensure!(self.message.structure(name).is_err(), "{name} is described twice");
        self.stack.push(self.message.structures.len());
        self.message.structures.push(Structure { name: name.to_owned(), versions, fields: Vec::new() });
        Ok(())
    }
}

/// `3`, `3-5`, or, within other versions, `3+`.
fn parse_versions(text: &str, within: Option<Versions>) -> anyhow::Result<Versions> {
    let versions = if let (Some(first), Some(within)) = (text.strip_suffix('+'), within) {
        Versions { first: first.parse()?, last: within.last }
    } else if let Some((first, last)) = text.split_once('-') {
        Versions { first: first.parse()?, last: last.parse()? }
    } else {
        let only = text.parse().with_context(|| format!("{text} is no range of versions"))?;
        Versions { first: only, last: only }
    };
    ensure!(versions.first <= versions.last, "{text} ends before it begins");
    ensure!(within.is_none_or(|within| within.covers(versions)), "{text} goes beyond what it is in");
    Ok(versions)
}

/// `name: type = default @versions tag(n) flags`.
fn parse_field(line: &str, within: Versions) -> anyhow::Result<Field> {
    let (name, source) = line.split_once(": ").context("no colon behind a name")?;
    let mut words = source.split_whitespace().peekable();
    let ty = words.next().context("no type")?;
    let (ty, nullable) = match ty.split_once('?') {
        Some((ty, from)) => (ty, Some(from)),
        None => (ty, None),
    };
    let default = match words.next_if_eq(&"=") {
        Some(_) => parse_default(words.next().context("no default behind =")?)?,
        None => Default::Empty,
    };
    let versions = match words.peek().and_then(|word| word.strip_prefix('@')) {
        Some(versions) => {
            words.next();
            parse_versions(versions, Some(within))?
        }
        None => within,
    };
    let nullable = match nullable {
        Some("") => Some(versions),
        Some(from) => Some(parse_versions(from, Some(versions))?),
        None => None,
    };
    let mut field = Field {
        name: name.to_owned(),
        ty: parse_type(ty)?,
        versions,
        nullable,
        default,
        tag: None,
        ignorable: false,
        inflexible: false,
        secret: false,
        source: source.to_owned(),
    };
    for word in words {
        match word {
            "ignorable" => field.ignorable = true,
            "inflexible" => field.inflexible = true,
            "secret" => field.secret = true,
            _ => {
                let tag = word.strip_prefix("tag(").and_then(|word| word.strip_suffix(')'));
                field.tag = Some(tag.with_context(|| format!("{word} is unknown"))?.parse()?);
            }
        }
    }
    Ok(field)
}

fn parse_default(text: &str) -> anyhow::Result<Default> {
    Ok(match text {
        "null" => Default::Null,
        "true" => Default::True,
        number => Default::Number(number.parse().with_context(|| format!("{number} is no default"))?),
    })
}

fn parse_type(text: &str) -> anyhow::Result<Type> {
    if let Some(element) = text.strip_prefix('[') {
        let element = element.strip_suffix(']').context("an array does not end")?;
        return Ok(Type::Array(Box::new(parse_type(element)?)));
    }
    if let Some((_, plain)) = Plain::ALL.iter().find(|(name, _)| *name == text) {
        return Ok(Type::Plain(*plain));
    }
    ensure!(text.starts_with(|first: char| first.is_ascii_uppercase()), "{text} is no type");
    Ok(Type::Structure(text.to_owned()))
}

/// The table of APIs.
pub(crate) fn apis(text: &str) -> anyhow::Result<Vec<Api>> {
    lines(text).map(|(number, line)| api(line).with_context(|| format!("line {number}: {line}"))).collect()
}

fn api(line: &str) -> anyhow::Result<Api> {
    let mut words = line.split_whitespace();
    let mut api = Api {
        number: words.next().context("no number")?.parse()?,
        name: words.next().context("no name")?.to_owned(),
        on_broker: false,
        on_controller: false,
        removed: false,
        advertised: None,
    };
    while let Some(word) = words.next() {
        match word {
            "broker" => api.on_broker = true,
            "controller" => api.on_controller = true,
            "removed" => api.removed = true,
            "advertised" => {
                api.advertised = Some(parse_versions(words.next().context("no versions")?, None)?);
            }
            _ => bail!("{word} is unknown"),
        }
    }
    Ok(api)
}

/// The table of error codes.
pub(crate) fn errors(text: &str) -> anyhow::Result<Vec<ErrorLine>> {
    lines(text)
        .map(|(number, line)| error_line(line).with_context(|| format!("line {number}: {line}")))
        .collect()
}

fn error_line(line: &str) -> anyhow::Result<ErrorLine> {
    let mut words = line.split_whitespace();
    let mut error = ErrorLine {
        number: words.next().context("no number")?.parse()?,
        name: words.next().context("no name")?.to_owned(),
        retriable: false,
        refreshes_metadata: false,
    };
    for word in words {
        match word {
            "retriable" => error.retriable = true,
            "refresh" => error.refreshes_metadata = true,
            _ => bail!("{word} is unknown"),
        }
    }
    Ok(error)
}
