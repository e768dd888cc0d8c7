//! References within the document, followed and bounded.

use serde_json::{Map, Value};
use std::cell::Cell;

/// Follows `$ref`s of one document.
pub(super) struct Resolver<'a> {
    document: &'a Value,
    /// Parts of schemas that may still be written out, so that a document of references to references stays small.
    left: Cell<usize>,
    cut: Cell<usize>,
}

/// References that lead to references.
const MAX_CHAIN: usize = 32;
const MAX_DEPTH: usize = 14;
/// Parts of one schema.
const MAX_PARTS: usize = 3_000;
/// Parts of all schemas.
const MAX_ALL_PARTS: usize = 400_000;

impl<'a> Resolver<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        Self {
            document,
            left: Cell::new(MAX_ALL_PARTS),
            cut: Cell::new(0),
        }
    }

    /// How many schemas were cut.
    pub(super) fn cut(&self) -> usize {
        self.cut.get()
    }

    /// What stands at the end of a chain of references; why there is nothing otherwise.
    pub(super) fn follow(&self, value: &'a Value) -> Result<&'a Value, String> {
        let mut value = value;
        for _ in 0..MAX_CHAIN {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok(value);
            };
            value = self.target(reference)?;
        }
        Err("the references lead in a circle".into())
    }

    fn target(&self, reference: &str) -> Result<&'a Value, String> {
        let shown: String = reference.chars().take(200).collect();
        let pointer = reference
            .strip_prefix('#')
            .ok_or_else(|| format!("`{shown}` lies outside of the document, and is not fetched"))?;
        // Names within a reference may be percent-encoded.
        let pointer = decoded(pointer);
        self.document
            .pointer(&pointer)
            .ok_or_else(|| format!("`{shown}` leads nowhere"))
    }

    /// A schema with its references written out. Beyond the bounds, and where it refers to itself, it allows anything.
    pub(super) fn schema(&self, schema: &'a Value) -> Value {
        let mut parts = MAX_PARTS.min(self.left.get());
        let before = parts;
        let mut cut = false;
        let written = self.write(schema, &mut Vec::new(), 0, &mut parts, &mut cut);
        self.left.set(self.left.get() - (before - parts));
        if cut {
            self.cut.set(self.cut.get() + 1);
        }
        written
    }

    fn write(
        &self,
        schema: &'a Value,
        open: &mut Vec<&'a str>,
        depth: usize,
        parts: &mut usize,
        cut: &mut bool,
    ) -> Value {
        if depth > MAX_DEPTH || *parts == 0 {
            *cut = true;
            return Value::Bool(true);
        }
        *parts -= 1;
        match schema {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    if open.contains(&reference) {
                        *cut = true;
                        return Value::Bool(true);
                    }
                    let Ok(target) = self.target(reference) else {
                        return Value::Bool(true);
                    };
                    open.push(reference);
                    let written = self.write(target, open, depth + 1, parts, cut);
                    open.pop();
                    return written;
                }
                let mut written = Map::new();
                for (name, value) in fields {
                    // What doesn't say which values are allowed only takes room.
                    if matches!(name.as_str(), "xml" | "externalDocs" | "discriminator")
                        || name.starts_with("x-")
                    {
                        continue;
                    }
                    let value = match name.as_str() {
                        "description" | "title" => {
                            Value::String(super::line(value.as_str().unwrap_or_default(), 200))
                        }
                        // Values, and not schemas: a `$ref` in them is just a field.
                        "example" | "examples" | "default" | "enum" | "const" => value.clone(),
                        _ => self.write(value, open, depth + 1, parts, cut),
                    };
                    written.insert(name.clone(), value);
                }
                nullable(&mut written);
                Value::Object(written)
            }
            Value::Array(items) => items
                .iter()
                .map(|item| self.write(item, open, depth + 1, parts, cut))
                .collect(),
            other => other.clone(),
        }
    }
}

/// Version 3.0's `nullable` in the words of 3.1.
fn nullable(schema: &mut Map<String, Value>) {
    if schema.get("nullable").is_some_and(Value::is_boolean)
        && schema.remove("nullable") == Some(Value::Bool(true))
        && let Some(Value::String(kind)) = schema.get("type")
    {
        let kinds = Value::Array(vec![kind.as_str().into(), "null".into()]);
        schema.insert("type".into(), kinds);
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let pair = (byte == b'%')
            .then(|| Some((digit(ahead.next()?)?, digit(ahead.next()?)?)))
            .flatten();
        match pair {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
