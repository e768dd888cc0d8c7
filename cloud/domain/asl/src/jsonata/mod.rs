//! JSONata as Step Functions runs it: `{% $states.input.total > 10 %}`.
//!
//! The language is the crate `jsonata-core`; here it is bound to what a state may read (`$states` and variables), given
//! AWS's own functions, and held within limits.

mod causes;
mod convert;
mod functions;
mod growth;

use crate::path::Variables;
use crate::random::Randomness;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Values that a sequence may have within an evaluation: what AWS was measured to take.
const MAX_SEQUENCE: usize = 873_782;
/// Evaluations within evaluations: AWS was measured to refuse the 101st. The crate counts at most as many as AWS does, so that nothing
/// is refused here which AWS takes.
const MAX_DEPTH: usize = 100;
/// Milliseconds that one expression may take. A browser has no clock that the crate could ask.
const MAX_TIME: Option<u64> = if cfg!(target_arch = "wasm32") {
    None
} else {
    Some(2_000)
};
/// Nested parentheses and the like in a text, so that reading it can't exhaust the stack.
const MAX_NESTING: usize = 200;

/// A parsed expression.
#[derive(Debug)]
pub struct Expression {
    source: Box<str>,
    tree: AstNode,
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionSyntaxError {
    /// JSONata's own words, with its code if it has one, such as `S0207: Unexpected end of expression`.
    pub message: String,
}

/// Why an expression gave nothing: JSONata's own words, code first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvaluationError {
    /// Such as `T1006: Attempted to invoke a non-function`.
    pub message: String,
}

/// The expression in a string that is one: `{% … %}`, spaces taken off.
pub fn expression_of(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

impl Expression {
    /// Reads an expression, without `{%` and `%}`.
    pub fn parse(source: &str) -> Result<Self, ExpressionSyntaxError> {
        if nesting(source) > MAX_NESTING {
            return Err(ExpressionSyntaxError {
                message: "the expression is nested too deeply".to_owned(),
            });
        }
        let tree = catch_unwind(|| jsonata_core::parser::parse(source))
            .map_err(|_| ExpressionSyntaxError {
                message: "the expression can't be read here".to_owned(),
            })?
            .map_err(|error| ExpressionSyntaxError {
                message: error.to_string(),
            })?;
        Ok(Self {
            source: source.into(),
            tree: growth::guarded(tree),
        })
    }

    /// The expression as written, without `{%` and `%}`.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// How deep brackets go, strings not told apart: a bound, not a count.
fn nesting(source: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for c in source.chars() {
        match c {
            '(' | '[' | '{' | '?' | '-' => depth += 1,
            ')' | ']' | '}' | ';' | ',' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What an expression may read.
#[derive(Clone, Copy)]
pub struct Bindings<'a> {
    /// The fields of `$states`, such as `input`.
    pub states: &'a [(&'static str, &'a Value)],
    /// Variables by name.
    pub variables: &'a dyn Variables,
    /// What `$now()` and `$millis()` tell: milliseconds since the Unix epoch.
    pub now: i64,
}

impl std::fmt::Debug for Bindings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bindings")
            .field("states", &self.states)
            .finish_non_exhaustive()
    }
}

/// Evaluates expressions over the same bindings.
pub struct Session {
    evaluator: Evaluator,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// Binds what the expressions may read.
    pub fn new(bindings: Bindings<'_>, random: &mut dyn Randomness) -> Self {
        let mut context = Context::new();
        let states = bindings
            .states
            .iter()
            .map(|(name, value)| ((*name).to_owned(), convert::bind(value)))
            .collect();
        context.bind("states".to_owned(), JValue::object(states));
        for name in bindings.variables.names() {
            if let Some(value) = bindings.variables.variable(name) {
                context.bind(name.to_owned(), convert::bind(value));
            }
        }
        let mut evaluator = Evaluator::with_options(context, options());
        functions::register(&mut evaluator, bindings.now, random.bits());
        Self { evaluator }
    }

    /// The expression's value, or nothing if it is undefined.
    pub fn evaluate(&mut self, expression: &Expression) -> Result<Option<Value>, EvaluationError> {
        let evaluator = &mut self.evaluator;
        // A fault of the crate is the expression's failure, not the application's.
        let value = catch_unwind(AssertUnwindSafe(|| {
            evaluator.evaluate(&expression.tree, &JValue::Undefined)
        }))
        .map_err(|_| EvaluationError {
            message: "the expression can't be evaluated here".to_owned(),
        })?
        .map_err(|error| EvaluationError {
            message: causes::worded(error.message(), &expression.source),
        })?;
        convert::result(&value)
    }
}

pub(crate) fn options() -> EvaluatorOptions {
    EvaluatorOptions {
        timeout_ms: MAX_TIME,
        cancel: None,
        max_stack_depth: Some(MAX_DEPTH),
        max_sequence_length: Some(MAX_SEQUENCE),
    }
}

#[cfg(test)]
mod tests;
