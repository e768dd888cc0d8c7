//! How a Choice state decides.

use serde_json::{Map as JsonMap, Value};

/// What a Choice state has of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// The rules, the first that holds is followed.
    pub rules: Vec<ChoiceRule>,
    /// Where to go when none holds.
    pub default: Option<String>,
}

/// An entry of `Choices`.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceRule {
    /// Where it is in the definition, such as `/States/Decide/Choices/0`.
    pub pointer: String,
    /// What it is for.
    pub comment: Option<String>,
    /// When it holds.
    pub condition: Condition,
    /// The state to go to; empty when missing, which is an error.
    pub next: String,
    /// Templates of variables by name.
    pub assign: Option<JsonMap<String, Value>>,
    /// The template of the output (JSONata).
    pub output: Option<Value>,
    /// Fields that the language does not know here.
    pub extra: JsonMap<String, Value>,
}

/// When a rule holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them hold.
    And(Vec<Condition>),
    /// One of them holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A value passes a test (JSONPath).
    Test {
        /// The path of the value.
        variable: String,
        /// What is asked of it.
        test: Test,
    },
    /// JSONata between `{%` and `%}`, with them.
    Expression(String),
    /// Always or never (JSONata).
    Literal(bool),
    /// It does not say, which is an error.
    Unknown,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// How it compares: `StringEquals`, `NumericLessThanEqualsPath` and the like.
    Compare {
        /// The type that both sides must have.
        of: TestedType,
        /// How the value must relate to the operand.
        relation: Relation,
        /// The right-hand side.
        operand: Operand,
    },
    /// `StringMatches`: whether it has the form of a pattern, where `*` is any text and `\` escapes.
    Matches(String),
    /// `IsNull`, `IsString` and the like.
    Is {
        /// What it should be.
        what: TestedType,
        /// Whether it should.
        expected: bool,
    },
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// As written.
    Literal(Value),
    /// The path of the value, from an operator that ends in `Path`.
    Path(String),
}

/// How two values relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "these are the language's own words")]
pub enum Relation {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

/// What a value can be asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TestedType {
    /// `null`; only in `IsNull`.
    Null,
    /// Anything that is there; only in `IsPresent`.
    Present,
    /// True or false.
    Boolean,
    /// A number.
    Numeric,
    /// A text.
    String,
    /// A text in RFC 3339.
    Timestamp,
}

impl Test {
    /// The name that definitions use, such as `NumericLessThanPath`.
    pub fn operator(&self) -> String {
        match self {
            Self::Compare {
                of,
                relation,
                operand,
            } => {
                let path = match operand {
                    Operand::Literal(_) => "",
                    Operand::Path(_) => "Path",
                };
                format!("{}{}{path}", of.as_str(), relation.as_str())
            }
            Self::Matches(_) => "StringMatches".to_owned(),
            Self::Is { what, .. } => format!("Is{}", what.as_str()),
        }
    }
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Equals,
        Self::LessThan,
        Self::GreaterThan,
        Self::LessThanEquals,
        Self::GreaterThanEquals,
    ];

    /// The part of an operator's name, such as `LessThan`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::LessThan => "LessThan",
            Self::GreaterThan => "GreaterThan",
            Self::LessThanEquals => "LessThanEquals",
            Self::GreaterThanEquals => "GreaterThanEquals",
        }
    }
}

impl TestedType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Null,
        Self::Present,
        Self::Boolean,
        Self::Numeric,
        Self::String,
        Self::Timestamp,
    ];

    /// The part of an operator's name, such as `Numeric`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Present => "Present",
            Self::Boolean => "Boolean",
            Self::Numeric => "Numeric",
            Self::String => "String",
            Self::Timestamp => "Timestamp",
        }
    }
}
