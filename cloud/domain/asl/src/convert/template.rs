//! Templates of payloads: `"name.$": "$.path"` to `"name": "{% … %}"`.

use super::Reason;
use super::expression::{
    Expr, Kind, Writer, is_plain, literal, object, reads_as_expression, string,
};
use super::intrinsic::{self, item_of};
use super::path::{self, Base};
use crate::pointer::{join, join_index};
use crate::source::changes::Change;
use crate::template::Reference;
use serde_json::{Map, Value};

/// What a state's expressions have in common.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// See [`Writer`].
    pub(super) strict: bool,
    /// See [`Writer`].
    pub(super) suffix: String,
}

impl Style {
    pub(super) fn writer(&self) -> Writer<'_> {
        Writer::new(self.strict, &self.suffix)
    }

    /// `{% … %}` for a path or call.
    pub(super) fn reference(&self, text: &str, base: &Base, at: &str) -> Result<String, Reason> {
        let mut writer = self.writer();
        let found = reference(text, base, &mut writer, at)?;
        Ok(writer.finish(&found.text))
    }
}

/// The value of a path or call, undefined where it fails.
pub(super) fn reference(
    text: &str,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    match Reference::parse(text) {
        Ok(Reference::Path(found)) => path::path_or_null(&found, base, writer, at),
        Ok(Reference::Intrinsic(found)) => intrinsic::call(found.call(), base, writer, at),
        Err(reason) => Err(Reason::new("INVALID_STATE", at, reason)),
    }
}

/// Turns a template at its place, with the changes that lead there.
pub(super) fn convert(
    value: &Value,
    pointer: &str,
    base: &Base,
    style: &Style,
    changes: &mut Vec<Change>,
) -> Result<Value, Reason> {
    Ok(match value {
        Value::Object(map) => {
            let mut converted = Map::new();
            for (key, value) in map {
                let at = join(pointer, key);
                let (name, value) = match key.strip_suffix(".$") {
                    Some(name) => {
                        let text = value.as_str().ok_or_else(|| {
                            Reason::new("INVALID_STATE", &at, "it is neither a path nor a call")
                        })?;
                        let text = Value::String(style.reference(text, base, &at)?);
                        changes.push(Change::rename(&at, name));
                        changes.push(Change::set(&at, &text));
                        (name, text)
                    }
                    None => (key.as_str(), convert(value, &at, base, style, changes)?),
                };
                if converted.insert(name.to_owned(), value).is_some() {
                    return Err(Reason::new(
                        "DUPLICATE_FIELD",
                        at,
                        format!("`{name}` is there twice"),
                    ));
                }
            }
            Value::Object(converted)
        }
        Value::Array(items) => {
            let mut converted = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                converted.push(convert(
                    item,
                    &join_index(pointer, index),
                    base,
                    style,
                    changes,
                )?);
            }
            Value::Array(converted)
        }
        Value::String(text) if reads_as_expression(text) => {
            let quoted = Value::String(format!("{{% {} %}}", string(text)));
            changes.push(Change::set(pointer, &quoted));
            quoted
        }
        other => other.clone(),
    })
}

/// A template within an expression.
pub(super) fn inline(
    value: &Value,
    pointer: &str,
    base: &Base,
    writer: &mut Writer<'_>,
) -> Result<Expr, Reason> {
    Ok(match value {
        Value::Object(map) => {
            let mut fields = Vec::with_capacity(map.len());
            for (key, value) in map {
                let at = join(pointer, key);
                let (name, value) = match (key.strip_suffix(".$"), value) {
                    (Some(name), Value::String(text)) => {
                        (name, reference(text, base, writer, &at)?)
                    }
                    (Some(_), _) => {
                        return Err(Reason::new(
                            "INVALID_STATE",
                            at,
                            "it is neither a path nor a call",
                        ));
                    }
                    (None, value) => (key.as_str(), inline(value, &at, base, writer)?),
                };
                let value = writer.need(&value);
                if fields.iter().any(|(known, _)| *known == name) {
                    return Err(Reason::new(
                        "DUPLICATE_FIELD",
                        at,
                        format!("`{name}` is there twice"),
                    ));
                }
                fields.push((name, value));
            }
            Expr::new(object(fields), Kind::Object)
        }
        Value::Array(items) => {
            let mut written = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                let item = inline(item, &join_index(pointer, index), base, writer)?;
                written.push(item_of(&item, writer));
            }
            Expr::new(format!("[{}]", written.join(", ")), Kind::List)
        }
        other => Expr::new(
            literal(other, pointer)?,
            match other {
                Value::String(_) => Kind::Text,
                Value::Number(_) => Kind::Number,
                Value::Bool(_) => Kind::Boolean,
                _ => Kind::Any,
            },
        ),
    })
}

/// A value as it is, as a JSONata state takes it.
pub(super) fn constant(value: &Value, pointer: &str) -> Result<Value, Reason> {
    match is_plain(value) {
        true => Ok(value.clone()),
        false => Ok(Value::String(format!(
            "{{% {} %}}",
            literal(value, pointer)?
        ))),
    }
}
