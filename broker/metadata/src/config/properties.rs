//! Java's properties format: `key=value` lines with comments, continued lines and escapes. Not here: what keys mean.

use std::collections::BTreeMap;
use std::fmt;

/// A line that is not in the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertiesError {
    /// Its number, from 1.
    pub line: usize,
}

impl fmt::Display for PropertiesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: malformed \\uxxxx escape; four hexadecimal digits are allowed", self.line)
    }
}

impl std::error::Error for PropertiesError {}

/// Reads a properties file; a key that stands twice has its last value.
///
/// # Errors
/// An escape that names no character.
pub fn parse_properties(text: &str) -> Result<BTreeMap<String, String>, PropertiesError> {
    let mut properties = BTreeMap::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, first)) = lines.next() {
        let mut logical = first.trim_start().to_owned();
        if logical.is_empty() || logical.starts_with(['#', '!']) {
            continue;
        }
        while continues(&logical) {
            logical.pop();
            match lines.next() {
                Some((_, next)) => logical.push_str(next.trim_start()),
                None => break,
            }
        }
        let (key, value) = split(&logical);
        let unescaped = |text| unescape(text).ok_or(PropertiesError { line: number + 1 });
        properties.insert(unescaped(key)?, unescaped(value)?);
    }
    Ok(properties)
}

fn continues(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn split(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.char_indices().find(|(_, character)| {
        let ends = !escaped && matches!(character, '=' | ':' | ' ' | '\t' | '\x0c');
        escaped = !escaped && *character == '\\';
        ends
    });
    let (key, rest) = line.split_at(end.map_or(line.len(), |(at, _)| at));
    let rest = rest.trim_start();
    (key, rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start())
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('f') => out.push('\x0c'),
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?;
                out.push(char::from_u32(code)?);
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let expected = expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        assert_eq!(parse_properties(text), Ok(expected), "{text}");
    }

    #[test]
    fn the_format_of_java() {
        check("# c\n! d\n\na=1\nb : 2\nc 3\nd", &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "")]);
        check("a=1,\\\n   2\nb = x = y ", &[("a", "1,2"), ("b", "x = y ")]);
        check(
            "a\\:b=\\u0041\\t\\\\\nurl=PLAINTEXT://:9092",
            &[("a:b", "A\t\\"), ("url", "PLAINTEXT://:9092")],
        );
        check("a=1\na=2", &[("a", "2")]);
        assert_eq!(parse_properties("a=1\nb=\\uZZ"), Err(PropertiesError { line: 2 }));
    }
}
