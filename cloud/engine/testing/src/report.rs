//! What tests told.

use crate::coverage::{Coverage, Shortfall};
use serde::Serialize;
use serde_json::Value;

/// What the cases of a file told.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SuiteReport {
    /// The workflow's name.
    pub workflow: String,
    /// The cases that were run, in order.
    pub cases: Vec<CaseReport>,
    /// What they exercised together.
    pub coverage: Coverage,
    /// Where that is less than the file demands; not told when only some cases were run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shortfalls: Vec<Shortfall>,
}

/// What a case told.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseReport {
    /// The case.
    pub name: String,
    /// Whether everything was as expected.
    pub passed: bool,
    /// What was not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failed>,
    /// How the run ended.
    pub status: String,
    /// The output, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// The error name, if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The cause, if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Names of the outermost states in the order in which they were entered.
    pub path: Vec<String>,
    /// Calls of services that were made.
    pub calls: usize,
    /// Events of the history.
    pub events: usize,
    /// Virtual time that passed.
    pub virtual_ms: u64,
    /// Real seconds that the case took.
    pub seconds: f64,
}

/// Something that was not as expected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// What: `status`, `output`, `path`, `calls of Charge` …
    pub what: String,
    /// Where in it, as a JSON Pointer; empty for all of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pointer: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: String,
    /// What can be done about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help: String,
}

impl SuiteReport {
    /// The report of a file that can't be run, as one case that failed.
    pub fn unreadable(problems: &[String]) -> Self {
        let failures = problems
            .iter()
            .map(|problem| Failed::new("the file", "one that can be run", problem.as_str()));
        Self {
            cases: vec![CaseReport {
                name: "can be run".to_owned(),
                failures: failures.collect(),
                ..CaseReport::default()
            }],
            ..Self::default()
        }
    }

    /// Whether every case passed and enough was exercised.
    pub fn passed(&self) -> bool {
        self.failed() == 0 && self.shortfalls.is_empty()
    }

    /// How many cases did not pass.
    pub fn failed(&self) -> usize {
        self.cases.iter().filter(|case| !case.passed).count()
    }
}

impl Failed {
    pub(crate) fn new(
        what: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            expected: expected.into(),
            actual: actual.into(),
            ..Self::default()
        }
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            what,
            pointer,
            expected,
            actual,
            help,
        } = self;
        write!(f, "{what}")?;
        if !pointer.is_empty() {
            write!(f, " at {pointer}")?;
        }
        write!(f, ": expected {expected}, came {actual}")?;
        if !help.is_empty() {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}
