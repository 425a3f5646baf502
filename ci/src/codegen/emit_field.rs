//! Rust for single fields: type, default, comparison with it, writing and reading.
//!
//! Not here: in which versions these happen (`emit`).

use super::model::{Default, Field, Plain, Type};

/// The field's name as Rust wants it.
pub(crate) fn identifier(field: &Field) -> String {
    match field.name.as_str() {
        "type" | "match" => format!("r#{}", field.name),
        name => name.to_owned(),
    }
}

/// The field's type.
pub(crate) fn type_of(field: &Field) -> String {
    let ty = rust_type(&field.ty);
    if field.is_option() { format!("Option<{ty}>") } else { ty }
}

fn rust_type(ty: &Type) -> String {
    let plain = match ty {
        Type::Structure(name) => return name.clone(),
        Type::Array(element) => return format!("Vec<{}>", rust_type(element)),
        Type::Plain(plain) => plain,
    };
    let name = match plain {
        Plain::Bool => "bool",
        Plain::Int8 => "i8",
        Plain::Int16 => "i16",
        Plain::Uint16 => "u16",
        Plain::Int32 => "i32",
        Plain::Int64 => "i64",
        Plain::Float64 => "f64",
        Plain::Uuid => "Uuid",
        Plain::Error => "ErrorCode",
        Plain::String => "String",
        Plain::Bytes => "Bytes",
        Plain::Records => "Records",
    };
    name.to_owned()
}

/// Whether the field begins as null.
fn is_null(field: &Field) -> bool {
    field.default == Default::Null || field.ty == Type::Plain(Plain::Records)
}

/// Whether Rust's default is that of the schema.
pub(crate) fn default_is_rusts(field: &Field) -> bool {
    is_null(field) || (field.default == Default::Empty && !field.is_option())
}

/// The default as an expression.
pub(crate) fn default_value(field: &Field) -> String {
    if is_null(field) {
        return "None".to_owned();
    }
    let value = match (&field.default, &field.ty) {
        (Default::Number(i64::MAX), _) => "i64::MAX".to_owned(),
        (Default::Number(number), _) if *number == i64::from(i32::MAX) => "i32::MAX".to_owned(),
        (Default::Number(number), _) if *number == i64::from(i32::MIN) => "i32::MIN".to_owned(),
        (Default::Number(number), _) => number.to_string(),
        (Default::True, _) => "true".to_owned(),
        (_, Type::Structure(name)) => format!("{name}::default()"),
        (_, Type::Array(_)) => "Vec::new()".to_owned(),
        (_, Type::Plain(Plain::String)) => "String::new()".to_owned(),
        (_, Type::Plain(Plain::Bytes)) => "Bytes::new()".to_owned(),
        (_, Type::Plain(Plain::Bool)) => "false".to_owned(),
        (_, Type::Plain(Plain::Uuid)) => "Uuid::ZERO".to_owned(),
        (_, Type::Plain(Plain::Error)) => "ErrorCode::NONE".to_owned(),
        (_, Type::Plain(Plain::Float64)) => "0.0".to_owned(),
        (_, Type::Plain(_)) => "0".to_owned(),
    };
    if field.is_option() { format!("Some({value})") } else { value }
}

/// Whether the value is not the default, as an expression.
pub(crate) fn differs_from_default(field: &Field) -> String {
    let place = format!("self.{}", identifier(field));
    if is_null(field) {
        return format!("{place}.is_some()");
    }
    match &field.ty {
        Type::Structure(_) if field.is_option() => {
            format!("{place}.as_ref().is_none_or(differs_from_default)")
        }
        Type::Structure(_) => format!("differs_from_default(&{place})"),
        Type::Array(_) | Type::Plain(Plain::String | Plain::Bytes) if field.is_option() => {
            format!("{place}.as_ref().is_none_or(|value| !value.is_empty())")
        }
        Type::Array(_) | Type::Plain(Plain::String | Plain::Bytes) => format!("!{place}.is_empty()"),
        Type::Plain(Plain::Uuid) => format!("!{place}.is_zero()"),
        Type::Plain(Plain::Error) => format!("{place}.is_error()"),
        Type::Plain(Plain::Bool) if field.default == Default::True => format!("!{place}"),
        Type::Plain(Plain::Bool) => place,
        Type::Plain(_) => format!("{place} != {}", default_value(field)),
    }
}

/// The method of encoder and decoder for a plain type that is always there.
fn method(plain: Plain) -> &'static str {
    match plain {
        Plain::Error => "error_code",
        other => Plain::ALL.iter().find(|(_, plain)| *plain == other).map_or("", |(name, _)| *name),
    }
}

/// The versions without null, as a condition; none if null is always allowed.
fn never_null(field: &Field) -> Option<String> {
    match field.nullable {
        Some(nullable) if nullable == field.versions => None,
        Some(nullable) => Some(format!("version < {} && ", nullable.first)),
        None => Some(String::new()),
    }
}

/// What goes before the name of a method of encoder or decoder where the field may be null.
fn nullable(field: &Field) -> &'static str {
    match (&field.ty, field.tag) {
        _ if !field.is_option() => "",
        (Type::Structure(_), Some(_)) => "nullable_tagged_",
        _ => "nullable_",
    }
}

/// Statements that write the field.
pub(crate) fn write(field: &Field, flexible: &str) -> String {
    let (name, place) = (&field.name, format!("self.{}", identifier(field)));
    let flexible = if field.inflexible { "false" } else { flexible };
    if !field.is_option() {
        return match &field.ty {
            Type::Plain(plain @ (Plain::String | Plain::Bytes)) => {
                format!("out.{}(\"{name}\", &{place}, {flexible})?;\n", method(*plain))
            }
            Type::Plain(plain) => format!("out.{}({place});\n", method(*plain)),
            Type::Structure(_) => format!("out.structure(\"{name}\", &{place}, version)?;\n"),
            Type::Array(element) if element.structure().is_some() => {
                format!("out.structures(\"{name}\", &{place}, version, {flexible})?;\n")
            }
            Type::Array(_) => format!("out.array(\"{name}\", &{place}, {flexible})?;\n"),
        };
    }
    let check = never_null(field).map_or(String::new(), |condition| {
        format!(
            "if {condition}{place}.is_none() {{\n\
             return Err(EncodeError::new(\"{name}\", EncodeErrorKind::Null));\n}}\n"
        )
    });
    check
        + &match &field.ty {
            Type::Plain(Plain::String) => {
                format!("out.nullable_string(\"{name}\", {place}.as_deref(), {flexible})?;\n")
            }
            Type::Plain(plain) => {
                format!("out.nullable_{}(\"{name}\", {place}.as_ref(), {flexible})?;\n", method(*plain))
            }
            Type::Structure(_) => {
                format!("out.{}structure(\"{name}\", {place}.as_ref(), version)?;\n", nullable(field))
            }
            Type::Array(element) if element.structure().is_some() => {
                format!("out.nullable_structures(\"{name}\", {place}.as_deref(), version, {flexible})?;\n")
            }
            Type::Array(_) => {
                format!("out.nullable_array(\"{name}\", {place}.as_deref(), {flexible})?;\n")
            }
        }
}

/// Statements that read the field.
pub(crate) fn read(field: &Field, flexible: &str) -> String {
    let (name, place) = (&field.name, format!("self.{}", identifier(field)));
    let flexible = if field.inflexible { "false" } else { flexible };
    let nullable = nullable(field);
    let value = match &field.ty {
        Type::Plain(plain @ (Plain::String | Plain::Bytes | Plain::Records)) => {
            format!("{nullable}{}(\"{name}\", {flexible})?", method(*plain))
        }
        Type::Plain(plain) => format!("{}(\"{name}\")?", method(*plain)),
        Type::Structure(_) => format!("{nullable}structure(\"{name}\", version)?"),
        Type::Array(element) if element.structure().is_some() => {
            format!("{nullable}structures(\"{name}\", version, {flexible})?")
        }
        Type::Array(_) => format!("{nullable}array(\"{name}\", {flexible})?"),
    };
    let check = never_null(field).filter(|_| field.is_option()).map_or(String::new(), |condition| {
        format!("if {condition}{place}.is_none() {{\nreturn Err(input.null(\"{name}\"));\n}}\n")
    });
    format!("{place} = input.{value};\n{check}")
}
