//! Filters: `[?(@.price < 10 && @.name == 'x')]`.

use super::{Function, Step, evaluate, parse};
use crate::cursor::Cursor;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Parentheses and filters within filters that are read at most, so that a hostile text can't exhaust the stack.
const MAX_DEPTH: u32 = 32;

/// A condition on an item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
    Compare(Operand, Comparison, Operand),
    Exists(Operand),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Literal(Value),
    /// A path from the item (`@`) or from the path's own root (`$`).
    Place {
        from_item: bool,
        steps: Vec<Step>,
        function: Option<Function>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Contains,
    Size,
    Empty,
}

/// Longer signs come before their beginnings.
const COMPARISONS: [(&str, Comparison); 11] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("in ", Comparison::In),
    ("nin ", Comparison::NotIn),
    ("contains ", Comparison::Contains),
    ("size ", Comparison::Size),
    ("empty ", Comparison::Empty),
];

/// Reads `(…)` after `?`.
pub(super) fn parse(cursor: &mut Cursor<'_>, depth: u32) -> Result<Filter, String> {
    if !cursor.eat("(") {
        return Err("`(` is missing after `?`".to_owned());
    }
    let filter = parse_any(cursor, depth + 1)?;
    cursor.skip_space();
    if cursor.eat(")") {
        Ok(filter)
    } else {
        Err("`)` is missing in a filter".to_owned())
    }
}

fn parse_any(cursor: &mut Cursor<'_>, depth: u32) -> Result<Filter, String> {
    let first = parse_all(cursor, depth)?;
    let mut filters = vec![first];
    loop {
        cursor.skip_space();
        if !cursor.eat("||") {
            break;
        }
        filters.push(parse_all(cursor, depth)?);
    }
    Ok(Filter::Any(filters))
}

fn parse_all(cursor: &mut Cursor<'_>, depth: u32) -> Result<Filter, String> {
    let mut filters = vec![parse_one(cursor, depth)?];
    loop {
        cursor.skip_space();
        if !cursor.eat("&&") {
            break;
        }
        filters.push(parse_one(cursor, depth)?);
    }
    Ok(Filter::All(filters))
}

fn parse_one(cursor: &mut Cursor<'_>, depth: u32) -> Result<Filter, String> {
    if depth > MAX_DEPTH {
        return Err("a filter is nested too deeply".to_owned());
    }
    cursor.skip_space();
    if cursor.rest().starts_with('!') && !cursor.rest().starts_with("!=") {
        cursor.bump();
        return Ok(Filter::Not(Box::new(parse_one(cursor, depth + 1)?)));
    }
    if cursor.eat("(") {
        let inner = parse_any(cursor, depth + 1)?;
        cursor.skip_space();
        return if cursor.eat(")") {
            Ok(inner)
        } else {
            Err("`)` is missing in a filter".to_owned())
        };
    }
    let left = parse_operand(cursor, depth)?;
    cursor.skip_space();
    for (sign, comparison) in COMPARISONS {
        if cursor.eat(sign) {
            cursor.skip_space();
            let right = parse_operand(cursor, depth)?;
            return Ok(Filter::Compare(left, comparison, right));
        }
    }
    Ok(Filter::Exists(left))
}

fn parse_operand(cursor: &mut Cursor<'_>, depth: u32) -> Result<Operand, String> {
    match cursor.peek() {
        Some(root @ ('@' | '$')) => {
            cursor.bump();
            let (steps, function) = parse::parse_steps(cursor, depth + 1)?;
            Ok(Operand::Place {
                from_item: root == '@',
                steps,
                function,
            })
        }
        Some('\'' | '"') => parse::parse_quoted(cursor)
            .map(Value::String)
            .map(Operand::Literal),
        Some('[' | '{') => parse_json(cursor),
        _ => {
            let word =
                cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
            serde_json::from_str(word)
                .map(Operand::Literal)
                .map_err(|_| format!("`{}{}` is not a value", word, cursor.rest()))
        }
    }
}

/// A JSON array or object, perhaps with single quotes.
fn parse_json(cursor: &mut Cursor<'_>) -> Result<Operand, String> {
    let mut depth = 0_u32;
    let mut quote = None;
    let mut text = String::new();
    while let Some(c) = cursor.bump() {
        match (quote, c) {
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        text.push(if c == '\'' { '"' } else { c });
        if depth == 0 {
            break;
        }
    }
    serde_json::from_str(&text)
        .map(Operand::Literal)
        .map_err(|_| format!("`{text}` is not a value"))
}

impl Filter {
    pub(super) fn holds(&self, item: &Value, root: &Value) -> bool {
        match self {
            Filter::Any(filters) => filters.iter().any(|f| f.holds(item, root)),
            Filter::All(filters) => filters.iter().all(|f| f.holds(item, root)),
            Filter::Not(filter) => !filter.holds(item, root),
            Filter::Exists(operand) => operand.value(item, root).is_some(),
            Filter::Compare(left, comparison, right) => {
                let (left, right) = (left.value(item, root), right.value(item, root));
                comparison.holds(left.as_deref(), right.as_deref())
            }
        }
    }
}

impl Operand {
    fn value<'a>(&'a self, item: &'a Value, root: &'a Value) -> Option<Cow<'a, Value>> {
        match self {
            Operand::Literal(value) => Some(Cow::Borrowed(value)),
            Operand::Place {
                from_item,
                steps,
                function,
            } => {
                let start = if *from_item { item } else { root };
                evaluate::find(start, root, steps, *function)
            }
        }
    }
}

impl Comparison {
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> bool {
        let (Some(left), Some(right)) = (left, right) else {
            return match self {
                Comparison::Equal => left.is_none() && right.is_none(),
                Comparison::NotEqual => left.is_some() != right.is_some(),
                Comparison::NotIn => true,
                _ => false,
            };
        };
        let ordering = || order(left, right);
        match self {
            Comparison::Equal => equal(left, right),
            Comparison::NotEqual => !equal(left, right),
            Comparison::Less => ordering() == Some(Ordering::Less),
            Comparison::LessOrEqual => ordering().is_some_and(Ordering::is_le),
            Comparison::Greater => ordering() == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => ordering().is_some_and(Ordering::is_ge),
            Comparison::In => right
                .as_array()
                .is_some_and(|list| list.iter().any(|item| equal(left, item))),
            Comparison::NotIn => !Comparison::In.holds(Some(left), Some(right)),
            Comparison::Contains => match (left, right) {
                (Value::Array(list), _) => list.iter().any(|item| equal(item, right)),
                (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
                _ => false,
            },
            Comparison::Size => size(left).map(|n| n as u64) == right.as_u64(),
            Comparison::Empty => size(left).map(|n| n == 0) == right.as_bool(),
        }
    }
}

fn size(value: &Value) -> Option<usize> {
    match value {
        Value::Array(list) => Some(list.len()),
        Value::String(text) => Some(text.chars().count()),
        _ => None,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether two values are the same, numbers by value.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => left == right,
    }
}
