//! JSONata text in the making: literals, names, and the small functions that an expression begins with where it needs them.

use super::Reason;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A piece of JSONata.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    /// The text; an operand of any operator as it is.
    pub(super) text: String,
    /// Whether it is undefined where the path or call that it stands for fails.
    pub(super) fails: bool,
    /// What is known of its value.
    pub(super) kind: Kind,
}

/// What is known of a value before it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Text,
    Number,
    Boolean,
    List,
    Object,
}

/// A function that an expression defines for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// The value, or an error if it is undefined.
    Need,
    /// A list of just the value, so that a list within a list stays one.
    Box,
    /// A value as `States.Format` writes it.
    Text,
    /// A value and all lists and objects below it.
    All,
}

/// Writes one expression.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    /// Whether a name looked up in a list, and an index into what is no list, must fail as they do in JSONPath.
    pub(super) strict: bool,
    /// Put after each name of the writer's own, so that none is the name of a variable.
    suffix: &'a str,
    helpers: BTreeSet<Helper>,
}

impl Expr {
    pub(super) fn new(text: impl Into<String>, kind: Kind) -> Self {
        Self {
            text: text.into(),
            fails: false,
            kind,
        }
    }

    /// One that is undefined where what it stands for fails.
    pub(super) fn failing(text: impl Into<String>, kind: Kind) -> Self {
        Self {
            fails: true,
            ..Self::new(text, kind)
        }
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(strict: bool, suffix: &'a str) -> Self {
        Self {
            strict,
            suffix,
            helpers: BTreeSet::new(),
        }
    }

    /// A variable of the writer's own.
    pub(super) fn name(&self, name: &str) -> String {
        format!("${name}{}", self.suffix)
    }

    /// A call of a function of the writer's own.
    pub(super) fn call(&mut self, helper: Helper, argument: &str) -> String {
        self.helpers.insert(helper);
        if matches!(helper, Helper::Box | Helper::Text) {
            self.helpers.insert(Helper::Need);
        }
        if helper == Helper::All {
            self.helpers.insert(Helper::Box);
            self.helpers.insert(Helper::Need);
        }
        format!("{}({argument})", self.name(helper.as_str()))
    }

    /// An operand that raises an error rather than be undefined, for places where an undefined one would go unnoticed.
    pub(super) fn need(&mut self, expr: &Expr) -> String {
        match expr.fails {
            true => self.call(Helper::Need, &expr.text),
            false => expr.text.clone(),
        }
    }

    /// The whole, with the functions that it calls.
    pub(super) fn finish(self, body: &str) -> String {
        if self.helpers.is_empty() {
            return format!("{{% {} %}}", bare(body));
        }
        let definitions: String = self
            .helpers
            .iter()
            .map(|helper| {
                let name = self.name(helper.as_str());
                format!("{name} := {}; ", self.definition(*helper))
            })
            .collect();
        format!("{{% ({definitions}{}) %}}", bare(body))
    }

    fn definition(&self, helper: Helper) -> String {
        let [v, x, k, a] = ["value", "item", "key", "list"].map(|name| self.name(name));
        let [need, boxed, text, all] = [Helper::Need, Helper::Box, Helper::Text, Helper::All]
            .map(|helper| self.name(helper.as_str()));
        match helper {
            Helper::Need => format!(
                "function({v}) {{ $exists({v}) ? {v} : $error(\"a path leads to nothing\") }}"
            ),
            Helper::Box => {
                format!("function({v}) {{ $type({need}({v})) = \"array\" ? [[{v}]] : [{v}] }}")
            }
            Helper::Text => format!(
                "function({v}) {{ $type({need}({v})) = \"array\" ? \"[\" & $join($map({v}, function({x}) {{ {text}({x}) }}), \", \") & \"]\" : \
                 $type({v}) = \"object\" ? \"{{\" & $join($map($keys({v}), function({k}) {{ {k} & \"=\" & {text}($lookup({v}, {k})) }}), \", \") & \"}}\" : \
                 $string({v}) }}"
            ),
            Helper::All => format!(
                "function({v}) {{ $type({v}) = \"array\" ? $reduce({v}, function({a}, {x}) {{ $append({a}, {all}({x})) }}, {boxed}({v})) : \
                 $type({v}) = \"object\" ? $reduce([$keys({v})], function({a}, {k}) {{ $append({a}, {all}($lookup({v}, {k}))) }}, [{v}]) : [] }}"
            ),
        }
    }
}

impl Helper {
    fn as_str(self) -> &'static str {
        match self {
            Self::Need => "need",
            Self::Box => "box",
            Self::Text => "text",
            Self::All => "all",
        }
    }
}

/// Names that expressions may define, without `$`.
pub(super) const OWN_NAMES: [&str; 10] = [
    "need", "box", "text", "all", "value", "item", "key", "list", "index", "part",
];

/// The text without the parentheses around the whole of it, which nothing needs at the outside.
fn bare(text: &str) -> &str {
    let Some(inner) = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    else {
        return text;
    };
    let mut depth = 0_i32;
    let mut quote = None;
    let mut escaped = false;
    for c in inner.chars() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (quote, c) {
            (_, '\\') => escaped = true,
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            // A regular expression or a block: they stay as they are.
            (None, '/' | ';') => return text,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    inner
}

/// A text in JSONata, in the quotes that need fewer escapes.
pub(super) fn string(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false if text.contains('\'') => '"',
        false => '\'',
    };
    let mut written = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c if c == quote => {
                written.push('\\');
                written.push(c);
            }
            c if (c as u32) < 0x20 => written.push_str(&format!("\\u{:04x}", c as u32)),
            c => written.push(c),
        }
    }
    written.push(quote);
    written
}

/// `.name` in a path, if JSONata can say it.
pub(super) fn field(name: &str) -> Option<String> {
    const WORDS: [&str; 7] = ["and", "or", "in", "true", "false", "null", "function"];
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !WORDS.contains(&name);
    if plain {
        Some(format!(".{name}"))
    } else {
        (!name.contains('`') && !name.is_empty()).then(|| format!(".`{name}`"))
    }
}

/// A value as it is.
pub(super) fn literal(value: &Value, pointer: &str) -> Result<String, Reason> {
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => {
            let as_double = number.as_f64().filter(|double| double.is_finite());
            let exact = match (number.as_i64(), as_double) {
                (Some(whole), Some(_)) => whole.unsigned_abs() <= 1 << 53,
                (None, Some(_)) => number.is_f64(),
                (_, None) => false,
            };
            if !exact {
                return Err(Reason::new(
                    "NUMBER_TOO_LONG",
                    pointer,
                    format!("JSONata has no number as exact as `{number}`"),
                ));
            }
            match number.to_string() {
                text if text.starts_with('-') => format!("({text})"),
                text => text,
            }
        }
        Value::String(text) => string(text),
        Value::Array(items) => {
            let items: Result<Vec<_>, _> =
                items.iter().map(|item| literal(item, pointer)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(map) => object(
            map.iter()
                .map(|(key, value)| Ok((key.as_str(), literal(value, pointer)?)))
                .collect::<Result<Vec<_>, Reason>>()?,
        ),
    })
}

/// An object of expressions.
pub(super) fn object(fields: Vec<(&str, String)>) -> String {
    if fields.is_empty() {
        return "{}".to_owned();
    }
    let fields: Vec<String> = fields
        .into_iter()
        .map(|(key, value)| format!("{}: {}", string(key), bare(&value)))
        .collect();
    format!("{{ {} }}", fields.join(", "))
}

/// Whether a JSONata state would not take a text as it is.
pub(super) fn reads_as_expression(text: &str) -> bool {
    text.starts_with("{%") || text.ends_with("%}")
}

/// Whether a JSONata state takes a value as it is.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => !reads_as_expression(text),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(map) => is_plain_object(map),
        _ => true,
    }
}

fn is_plain_object(map: &Map<String, Value>) -> bool {
    map.iter()
        .all(|(key, value)| !key.ends_with(".$") && is_plain(value))
}
