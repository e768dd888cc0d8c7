//! JSONPath as Step Functions runs it: `$.a.b`, `$$.Execution.Id`, `$variable[0]`.
//!
//! A path is parsed once and evaluated many times. A path that can name one place only gives that place's value; any
//! other gives the list of what it found.

mod evaluate;
mod filter;
mod parse;
mod write;

pub use evaluate::PathError;
pub(crate) use filter::{Comparison, Filter, Operand, equal};
pub use parse::PathSyntaxError;
pub use write::WriteError;

use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A parsed path.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    text: Box<str>,
    root: Root,
    steps: Vec<Step>,
    function: Option<Function>,
    /// Whether it can name one place only.
    definite: bool,
}

/// What a path begins at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the state's data.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(Box<str>),
}

/// One step down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Names(Vec<String>),
    Indexes(Vec<i64>),
    Slice(Option<i64>, Option<i64>),
    Wildcard,
    Descend,
    Filter(Filter),
}

/// A function at a path's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Length,
    Min,
    Max,
    Sum,
    Average,
    Deviation,
    Keys,
    First,
    Last,
    Concat,
}

/// What a path is evaluated against.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What `$` stands for.
    pub input: &'a Value,
    /// What `$$` stands for.
    pub context: &'a Value,
    /// What `$name` stands for.
    pub variables: &'a dyn Variables,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("input", self.input)
            .finish_non_exhaustive()
    }
}

/// Variables by name.
pub trait Variables {
    /// The value of a variable, if one of that name is in scope.
    fn variable(&self, name: &str) -> Option<&Value>;
    /// The names in scope.
    fn names(&self) -> Vec<&str>;
}

impl Variables for () {
    fn variable(&self, _: &str) -> Option<&Value> {
        None
    }
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl Variables for BTreeMap<String, Value> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
    fn names(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

impl Path {
    /// Reads a path; the message tells what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, PathSyntaxError> {
        parse::parse(text)
    }

    /// The path as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the path begins at.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Whether the path is the root alone, such as `$`.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty() && self.function.is_none()
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn function(&self) -> Option<Function> {
        self.function
    }

    /// Whether the path can name one place only.
    pub fn is_definite(&self) -> bool {
        self.definite
    }

    /// Whether the path is a reference path: single names and single indexes, from `$` or a variable.
    pub fn is_reference(&self) -> bool {
        self.function.is_none()
            && self.root != Root::Context
            && self.steps.iter().all(|step| match step {
                Step::Names(names) => names.len() == 1,
                Step::Indexes(indexes) => matches!(indexes.as_slice(), [at] if *at >= 0),
                _ => false,
            })
    }

    /// The value that the path names. A path that can name many gives a list, which may be empty.
    pub fn evaluate<'a>(&self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, PathError> {
        evaluate::evaluate(self, scope)
    }

    /// Takes the value out of `target` that this path below `$` names, and leaves null there. Nothing, and nothing changed, if the path
    /// goes on from another root, can name more than one place or names none.
    pub fn take(&self, target: &mut Value) -> Option<Value> {
        write::take(self, target)
    }

    /// Puts `value` at this reference path of `target`, making objects on the way.
    pub fn write(&self, target: Value, value: Value) -> Result<Value, WriteError> {
        write::write(self, target, value)
    }

    /// The names of the variables that the path reads.
    pub fn variable(&self) -> Option<&str> {
        match &self.root {
            Root::Variable(name) => Some(name),
            _ => None,
        }
    }
}

impl Step {
    pub(crate) fn is_definite(&self) -> bool {
        match self {
            Step::Names(_) => true,
            Step::Indexes(indexes) => indexes.len() == 1,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
