//! Test files.

use crate::expect::Expected;
use crate::mocks::{MockFile, StateMocks, named_fault, state_mocks};
use crate::read::{At, Problems};
use crate::{Problem, StateMocks as Mocks};
use awm_api::Timestamp;
use awm_api::mocks::Fault;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A file of tests beside a workflow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suite {
    /// The workflow's file, relative to this one; none for the one with the same name.
    pub workflow: Option<String>,
    /// The mock file, relative to this one; none for the one with the same name, if there is one.
    pub mock_file: Option<String>,
    /// Mocks of this file: those of all cases, and sets by name.
    pub mocks: MockFile,
    /// The input of cases that have none.
    pub input: Option<Value>,
    /// What decides about jitter, random numbers and ids.
    pub seed: u64,
    /// When the virtual clock begins.
    pub start: Option<Timestamp>,
    /// What the cases together must exercise.
    pub minimum: Minimum,
    /// The cases.
    pub cases: Vec<Case>,
}

/// Percentages that must be exercised.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Minimum {
    /// Of the states.
    pub states: Option<f64>,
    /// Of the rules of Choice states, `Default` included.
    pub choices: Option<f64>,
    /// Of the retriers.
    pub retriers: Option<f64>,
    /// Of the catchers.
    pub catchers: Option<f64>,
}

/// One test.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// The input.
    pub input: Option<Value>,
    /// Sets of mocks, later ones before earlier ones.
    pub sets: Vec<String>,
    /// Mocks of this case, before those of sets.
    pub mocks: Mocks,
    /// Faults of the first calls of states; what mocks say comes after.
    pub faults: BTreeMap<String, Vec<Fault>>,
    /// In place of the suite's.
    pub seed: Option<u64>,
    /// In place of the suite's.
    pub start: Option<Timestamp>,
    /// Only this state, by name or pointer.
    pub state: Option<String>,
    /// Variables by name, when one state is tested.
    pub variables: Map<String, Value>,
    /// The context object, when one state is tested.
    pub context: Option<Value>,
    /// Retries that were made before, when one state is tested.
    pub retries: u32,
    /// What is expected.
    pub expected: Expected,
}

impl Suite {
    /// Reads a test file's value.
    pub fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let suite = suite(&At::root(value), &mut problems);
        match problems.is_empty() {
            true => Ok(suite),
            false => Err(problems),
        }
    }
}

fn suite(at: &At<'_>, problems: &mut Problems) -> Suite {
    let mut found = Suite::default();
    let Some(mut fields) = at.fields("a test file", problems) else {
        return found;
    };
    found.workflow = fields.text("workflow", problems);
    found.mock_file = fields.text("mockFile", problems);
    found.input = fields.take("input").map(|at| at.value.clone());
    if let Some(mocks) = fields.take("mocks") {
        found.mocks.always = state_mocks(&mocks, problems);
    }
    if let Some(sets) = fields.take("sets") {
        for (name, mocks) in sets.entries("`sets`", problems) {
            let mocks: StateMocks = state_mocks(&mocks, problems);
            found.mocks.sets.insert(name.to_owned(), mocks);
        }
    }
    found.seed = fields
        .take("seed")
        .and_then(|at| at.whole_number("`seed`", problems))
        .unwrap_or_default();
    found.start = fields.take("start").and_then(|at| time(&at, problems));
    if let Some(minimum) = fields.take("coverage") {
        found.minimum = minimum_of(&minimum, problems);
    }
    match fields.take("cases") {
        Some(cases) => {
            let mut names = BTreeSet::new();
            for at in cases.items("`cases`", problems) {
                let Some(case) = case(&at, problems) else {
                    continue;
                };
                if !names.insert(case.name.clone()) {
                    problems.push(at.problem(format!("the case `{}` is there twice", case.name)));
                }
                found.cases.push(case);
            }
        }
        None => problems.push(at.problem("there are no `cases`")),
    }
    fields.finish(problems);
    found
}

fn case(at: &At<'_>, problems: &mut Problems) -> Option<Case> {
    let mut found = Case::default();
    let mut fields = at.fields("a case", problems)?;
    match fields.text("name", problems) {
        Some(name) => found.name = name,
        None => problems.push(at.problem("a case needs `name`")),
    }
    found.input = fields.take("input").map(|at| at.value.clone());
    if let Some(sets) = fields.take("use") {
        found.sets = sets.texts("`use`", problems);
    }
    if let Some(mocks) = fields.take("mocks") {
        found.mocks = state_mocks(&mocks, problems);
    }
    if let Some(faults) = fields.take("faults") {
        for (state, faults) in faults.entries("`faults`", problems) {
            let faults = faults.one_or_more();
            let all = faults.iter().filter_map(|at| named_fault(at, problems));
            found.faults.insert(state.to_owned(), all.collect());
        }
    }
    found.seed = fields
        .take("seed")
        .and_then(|at| at.whole_number("`seed`", problems));
    found.start = fields.take("start").and_then(|at| time(&at, problems));
    found.state = fields.text("state", problems);
    if let Some(variables) = fields.take("variables") {
        let entries = variables.entries("`variables`", problems);
        found.variables = entries
            .into_iter()
            .map(|(name, at)| (name.to_owned(), at.value.clone()))
            .collect();
    }
    found.context = fields.take("context").map(|at| at.value.clone());
    found.retries = fields
        .take("retries")
        .and_then(|at| at.whole_number("`retries`", problems))
        .and_then(|retries| u32::try_from(retries).ok())
        .unwrap_or_default();
    if let Some(expected) = fields.take("expect") {
        found.expected = Expected::read(&expected, problems);
    }
    if found.state.is_none() {
        for (given, name) in [
            (!found.variables.is_empty(), "variables"),
            (found.context.is_some(), "context"),
            (found.retries > 0, "retries"),
            (found.expected.next.is_some(), "expect/next"),
            (found.expected.variables.is_some(), "expect/variables"),
            (found.expected.inspection.is_some(), "expect/inspection"),
        ] {
            if given {
                problems.push(Problem::new(
                    format!("{}/{name}", at.pointer),
                    format!("`{name}` is only for a case with `state`"),
                ));
            }
        }
    }
    fields.finish(problems);
    Some(found)
}

fn time(at: &At<'_>, problems: &mut Problems) -> Option<Timestamp> {
    let text = at.text("`start`", problems)?;
    match chrono::DateTime::parse_from_rfc3339(&text) {
        Ok(time) => Some(time.timestamp_millis()),
        Err(_) => {
            problems.push(at.problem(format!(
                "`{text}` is no time; write such as `2026-01-31T08:00:00Z`"
            )));
            None
        }
    }
}

fn minimum_of(at: &At<'_>, problems: &mut Problems) -> Minimum {
    let percent = |at: Option<At<'_>>, problems: &mut Problems| {
        let at = at?;
        let number = at
            .value
            .as_f64()
            .filter(|number| (0.0..=100.0).contains(number));
        if number.is_none() {
            problems.push(at.problem("it must be a percentage: 0 to 100"));
        }
        number
    };
    if at.value.is_number() {
        let all = percent(Some(at.clone()), problems);
        return Minimum {
            states: all,
            choices: all,
            retriers: all,
            catchers: all,
        };
    }
    let Some(mut fields) = at.fields("`coverage`", problems) else {
        return Minimum::default();
    };
    let found = Minimum {
        states: percent(fields.take("states"), problems),
        choices: percent(fields.take("choices"), problems),
        retriers: percent(fields.take("retriers"), problems),
        catchers: percent(fields.take("catchers"), problems),
    };
    fields.finish(problems);
    found
}
