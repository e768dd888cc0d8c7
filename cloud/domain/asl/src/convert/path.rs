//! JSONPath to JSONata.

use super::Reason;
use super::expression::{Expr, Kind, Writer, field, string};
use super::{nodes, template};
use crate::path::{Path, Root, Step};
use serde_json::Value;

/// What `$` stands for.
#[derive(Clone, Debug)]
pub(super) struct Base {
    root: Origin,
    /// What is taken from it: single names and indexes.
    steps: Vec<Step>,
    /// What is known of the root.
    kind: Kind,
}

/// Where a base comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// An operand.
    Text(String),
    /// What a path finds.
    Path(Path, Box<Base>),
    /// A template filled in, and where it is.
    Template(Value, String, Box<Base>),
}

impl Base {
    pub(super) fn new(root: impl Into<String>, kind: Kind) -> Self {
        Self {
            root: Origin::Text(root.into()),
            steps: Vec::new(),
            kind,
        }
    }

    /// The state's input.
    pub(super) fn input() -> Self {
        Self::new("$states.input", Kind::Any)
    }

    /// What a template gives.
    pub(super) fn template(template: &Value, pointer: &str, base: &Self) -> Self {
        let kind = match template {
            Value::Object(_) => Kind::Object,
            Value::Array(_) => Kind::List,
            _ => Kind::Any,
        };
        Self {
            root: Origin::Template(template.clone(), pointer.to_owned(), Box::new(base.clone())),
            steps: Vec::new(),
            kind,
        }
    }

    /// What a path finds.
    pub(super) fn at(path: &Path, base: &Self) -> Self {
        let plain = path.function().is_none() && path.steps().iter().all(is_single);
        let (root, mut steps, kind) = match path.root() {
            Root::Context => (
                Origin::Text("$states.context".to_owned()),
                Vec::new(),
                Kind::Object,
            ),
            Root::Variable(name) => (Origin::Text(format!("${name}")), Vec::new(), Kind::Any),
            Root::Input => (base.root.clone(), base.steps.clone(), base.kind),
        };
        if plain {
            steps.extend(path.steps().to_vec());
            return Self { root, steps, kind };
        }
        Self {
            root: Origin::Path(path.clone(), Box::new(base.clone())),
            steps: Vec::new(),
            kind: Kind::Any,
        }
    }

    /// Whether it is the state's input itself.
    pub(super) fn is_input(&self) -> bool {
        self.steps.is_empty() && matches!(&self.root, Origin::Text(text) if text == "$states.input")
    }

    /// The whole of it.
    pub(super) fn value(&self, writer: &mut Writer<'_>, at: &str) -> Result<Expr, Reason> {
        let root = self.root(writer, at)?;
        let mut whole = definite(&root.text, &self.steps, self.kind, writer.strict);
        if self.steps.is_empty() {
            whole.fails = root.fails;
        }
        Ok(whole)
    }

    fn root(&self, writer: &mut Writer<'_>, at: &str) -> Result<Expr, Reason> {
        match &self.root {
            Origin::Text(text) => Ok(Expr {
                text: text.clone(),
                // `$states` and constants are always there, variables perhaps not.
                fails: text.starts_with('$') && !text.starts_with("$states."),
                kind: self.kind,
            }),
            Origin::Path(found, base) => path(found, base, writer, at),
            Origin::Template(value, pointer, base) => {
                template::inline(value, pointer, base, writer)
            }
        }
    }
}

/// The path's value.
pub(super) fn path(
    path: &Path,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    let (root, steps, root_kind) = place(path, base, writer, at)?;
    let found = find(&root, &steps, root_kind, writer, at)?;
    match path.function() {
        None => Ok(found),
        Some(function) => nodes::apply(function, found, writer, at),
    }
}

/// The path's value in a template, where an index past the end of a list gives `null`.
pub(super) fn path_or_null(
    found: &Path,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    let value = path(found, base, writer, at)?;
    if !found.is_definite() || found.function().is_some() {
        return Ok(value);
    }
    let (root, steps, kind) = place(found, base, writer, at)?;
    // What `InputPath` selects must be there.
    let own = steps.len().saturating_sub(found.steps().len());
    let mut past_ends = Vec::new();
    for (count, step) in steps.iter().enumerate().skip(own) {
        let down_to = steps.get(..=count).unwrap_or_default();
        if matches!(step, Step::Indexes(_)) && down_to.iter().all(is_single) {
            let mut conditions = guards(&root, down_to, kind);
            conditions.push(format!("$not($exists({}))", trail(&root, down_to)));
            past_ends.push(conditions.join(" and "));
        }
    }
    Ok(match past_ends.is_empty() {
        true => value,
        false => Expr::failing(
            format!("({} ? null : {})", past_ends.join(" or "), value.text),
            Kind::Any,
        ),
    })
}

/// Whether the path names something, as a condition.
pub(super) fn exists(
    path: &Path,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    // What `InputPath` names must be there in any case.
    let base = match path.root() {
        Root::Input if !base.is_input() => {
            let whole = base.value(writer, at)?;
            Base::new(writer.need(&whole), whole.kind)
        }
        _ => base.clone(),
    };
    if path.function().is_some() {
        return Err(unsupported(path.text(), at));
    }
    if !path.is_definite() {
        // A list, which may be empty, but is there.
        let there = match path.variable() {
            Some(name) => format!("$exists(${name})"),
            None => "true".to_owned(),
        };
        return Ok(Expr::new(there, Kind::Boolean));
    }
    let (root, steps, kind) = place(path, &base, writer, at)?;
    if steps.iter().any(|step| !is_single(step)) {
        return Err(unsupported(path.text(), at));
    }
    let mut conditions = guards(&root, &steps, kind);
    conditions.push(format!(
        "$exists({})",
        definite(&root, &steps, kind, false).text
    ));
    let text = conditions.join(" and ");
    Ok(Expr::new(
        match conditions.len() {
            1 => text,
            _ => format!("({text})"),
        },
        Kind::Boolean,
    ))
}

/// An operand, the steps from there, and what is known of the operand.
fn place(
    path: &Path,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<(String, Vec<Step>, Kind), Reason> {
    let own = path.steps().to_vec();
    Ok(match path.root() {
        Root::Context => ("$states.context".to_owned(), own, Kind::Object),
        Root::Variable(name) => (format!("${name}"), own, Kind::Any),
        Root::Input if path.is_definite() => {
            let root = base.root(writer, at)?;
            let mut steps = base.steps.clone();
            steps.extend(own);
            (root.text, steps, base.kind)
        }
        Root::Input => {
            let whole = base.value(writer, at)?;
            (writer.need(&whole), own, whole.kind)
        }
    })
}

fn find(
    root: &str,
    steps: &[Step],
    root_kind: Kind,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    if steps.iter().all(is_single) {
        return Ok(definite(root, steps, root_kind, writer.strict));
    }
    if let Some((Step::Names(names), before)) = steps.split_last()
        && before.iter().all(is_single)
    {
        let whole = definite(root, before, root_kind, writer.strict);
        let fields: Vec<String> = names
            .iter()
            .map(|name| {
                format!(
                    "{}: $lookup({}, {})",
                    string(name),
                    whole.text,
                    string(name)
                )
            })
            .collect();
        return Ok(Expr::failing(
            format!(
                "($type({}) = 'object' ? {{ {} }})",
                whole.text,
                fields.join(", ")
            ),
            Kind::Object,
        ));
    }
    nodes::many(root, steps, writer, at)
}

/// A single name or index.
pub(super) fn is_single(step: &Step) -> bool {
    match step {
        Step::Names(names) => names.len() == 1 && names.iter().all(|name| field(name).is_some()),
        Step::Indexes(indexes) => indexes.len() == 1,
        _ => false,
    }
}

/// What single names and indexes lead to.
pub(super) fn definite(root: &str, steps: &[Step], root_kind: Kind, strict: bool) -> Expr {
    let text = trail(root, steps);
    let kind = known_kind(root, steps).unwrap_or(Kind::Any);
    if steps.is_empty() {
        let is_there = !root.starts_with('$') || root.starts_with("$states.");
        return Expr {
            text,
            fails: !is_there,
            kind: root_kind,
        };
    }
    let guards = match strict {
        true => guards(root, steps, root_kind),
        false => Vec::new(),
    };
    if guards.is_empty() {
        return Expr::failing(text, kind);
    }
    Expr::failing(format!("({} ? {text})", guards.join(" and ")), kind)
}

fn trail(root: &str, steps: &[Step]) -> String {
    let mut text = root.to_owned();
    for step in steps {
        match step {
            Step::Names(names) => {
                text.extend(names.first().and_then(|name| field(name)));
            }
            Step::Indexes(indexes) => {
                if let Some(index) = indexes.first() {
                    text.push_str(&format!("[{index}]"));
                }
            }
            _ => {}
        }
    }
    text
}

/// That names are looked up in objects and indexes in lists, which JSONata would not ask.
fn guards(root: &str, steps: &[Step], root_kind: Kind) -> Vec<String> {
    let mut guards = Vec::new();
    for (count, step) in steps.iter().enumerate() {
        // The context object has objects of its own down to this.
        let known = match count {
            0 => root_kind == Kind::Object,
            1 => root == "$states.context",
            _ => false,
        };
        if known {
            continue;
        }
        let wanted = match step {
            Step::Indexes(_) => "array",
            _ => "object",
        };
        let before = trail(root, steps.get(..count).unwrap_or_default());
        guards.push(format!("$type({before}) = '{wanted}'"));
    }
    guards
}

/// What the context object holds.
fn known_kind(root: &str, steps: &[Step]) -> Option<Kind> {
    if root != "$states.context" {
        return None;
    }
    let names: Option<Vec<&str>> = steps
        .iter()
        .map(|step| match step {
            Step::Names(names) => names.first().map(String::as_str),
            _ => None,
        })
        .collect();
    Some(match names?.as_slice() {
        ["Execution", "Id" | "Name" | "RoleArn" | "StartTime"]
        | ["State", "Name" | "EnteredTime"]
        | ["StateMachine", "Id" | "Name"]
        | ["Task", "Token"] => Kind::Text,
        ["State", "RetryCount"] | ["Map", "Item", "Index"] => Kind::Number,
        _ => return None,
    })
}

pub(super) fn unsupported(what: &str, at: &str) -> Reason {
    Reason::new(
        "PATH_FORM",
        at,
        format!("there is no expression that is sure to do the same as `{what}`"),
    )
}
