//! Fields that can be written in more than one way, ready to evaluate.

use awm_asl::jsonata::Expression;
use awm_asl::path::Path;
use awm_asl::syntax::{Relation, TestedType};
use awm_asl::template::{PathTemplate, QueryTemplate, Reference};
use serde_json::Value;

/// `InputPath`, `OutputPath` or `ResultPath`.
#[derive(Debug)]
pub(crate) enum Selection {
    /// `$`, or not written.
    Whole,
    /// `null`.
    Nothing,
    At(Path),
}

/// `Assign` by query language.
#[derive(Debug)]
pub(crate) enum Assign {
    Path(PathTemplate),
    Query(QueryTemplate),
}

/// A number, or where it comes from.
#[derive(Debug)]
pub(crate) enum Amount {
    Number(serde_json::Number),
    Path(Path),
    Expression(Expression),
}

/// A text, or where it comes from.
#[derive(Debug)]
pub(crate) enum Words {
    Literal(String),
    Reference(String, Box<Reference>),
    Expression(Expression),
}

/// A condition of a Choice rule.
#[derive(Debug)]
pub(crate) enum Decision {
    All(Vec<Decision>),
    Any(Vec<Decision>),
    Not(Box<Decision>),
    Expression(Expression),
    Literal(bool),
    Compare {
        variable: Path,
        of: TestedType,
        relation: Relation,
        operand: Side,
    },
    Matches(Path, String),
    Is {
        variable: Path,
        what: TestedType,
        expected: bool,
    },
}

/// The right-hand side of a comparison.
#[derive(Debug)]
pub(crate) enum Side {
    Literal(Value),
    Path(Path),
}
