//! What a case expects.

use crate::amount::{Amount, duration};
use crate::pattern::Pattern;
use crate::read::{At, Problems};

/// What a case expects. What is not said is not checked, but for the status: a run succeeds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    /// `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`; of one state also `RETRIABLE`, `CAUGHT_ERROR`.
    pub status: Option<String>,
    /// The output.
    pub output: Option<Pattern>,
    /// The error name.
    pub error: Option<Pattern>,
    /// The cause.
    pub cause: Option<Pattern>,
    /// The states that were gone through.
    pub path: PathExpected,
    /// What was asked of services.
    pub calls: Vec<CallExpected>,
    /// How many events there are of a type.
    pub events: Vec<(String, Amount)>,
    /// How much virtual time passed, milliseconds.
    pub duration: Option<Amount>,
    /// States one by one, by name or pointer.
    pub states: Vec<(String, StateExpected)>,
    /// The state that follows, when one state is tested.
    pub next: Option<String>,
    /// The variables at the end, when one state is tested.
    pub variables: Option<Pattern>,
    /// The data at the state's stations, when one state is tested.
    pub inspection: Option<Pattern>,
}

/// The states that were gone through, by name or pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathExpected {
    /// The outermost states in order, and no others.
    pub exactly: Option<Vec<String>>,
    /// States at any depth, in this order, with any between them.
    pub in_order: Vec<String>,
    /// States at any depth, in any order.
    pub including: Vec<String>,
    /// States that were not entered.
    pub never: Vec<String>,
    /// How often states were entered.
    pub visits: Vec<(String, Amount)>,
}

/// What was asked of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct CallExpected {
    /// The state, by name or pointer.
    pub state: String,
    /// Only the call of that number, from 0.
    pub call: Option<u64>,
    /// The `Resource`.
    pub resource: Option<Pattern>,
    /// After `Parameters` or `Arguments`.
    pub parameters: Option<Pattern>,
    /// The seconds of `TimeoutSeconds`.
    pub timeout: Option<Pattern>,
    /// The seconds of `HeartbeatSeconds`.
    pub heartbeat: Option<Pattern>,
    /// How many calls are so.
    pub count: Amount,
}

/// The data of the last visit of a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateExpected {
    /// What is expected by the name of a field of [`VisitData`](awm_api::runs::VisitData).
    pub fields: Vec<(&'static str, Pattern)>,
}

/// Fields of a visit that can be expected, and what they are called there.
const VISIT: [(&str, &str); 11] = [
    ("input", "input"),
    ("afterInputPath", "after_input_path"),
    ("arguments", "arguments"),
    ("result", "result"),
    ("afterResultSelector", "after_result_selector"),
    ("afterResultPath", "after_result_path"),
    ("output", "output"),
    ("variables", "variables"),
    ("retries", "retries"),
    ("error", "error"),
    ("cause", "cause"),
];

const STATUSES: [&str; 6] = [
    "SUCCEEDED",
    "FAILED",
    "TIMED_OUT",
    "ABORTED",
    "RETRIABLE",
    "CAUGHT_ERROR",
];

impl Expected {
    pub(crate) fn read(at: &At<'_>, problems: &mut Problems) -> Self {
        let mut found = Self::default();
        let Some(mut fields) = at.fields("`expect`", problems) else {
            return found;
        };
        let pattern = |at: Option<At<'_>>, problems: &mut Problems| {
            at.and_then(|at| Pattern::read(&at, problems))
        };
        if let Some(status) = fields.take("status")
            && let Some(name) = status.text("`status`", problems)
        {
            match STATUSES.contains(&name.as_str()) {
                true => found.status = Some(name),
                false => problems.push(status.problem(format!(
                    "`{name}` is no status; known are {}",
                    STATUSES.join(", ")
                ))),
            }
        }
        found.output = pattern(fields.take("output"), problems);
        found.error = pattern(fields.take("error"), problems);
        found.cause = pattern(fields.take("cause"), problems);
        if let Some(path) = fields.take("path") {
            found.path = PathExpected::read(&path, problems);
        }
        if let Some(calls) = fields.take("calls") {
            let calls = calls.items("`calls`", problems);
            found.calls = calls
                .iter()
                .filter_map(|call| CallExpected::read(call, problems))
                .collect();
        }
        if let Some(events) = fields.take("events") {
            found.events = amounts(&events, "`events`", problems);
        }
        found.duration = fields
            .take("duration")
            .and_then(|at| Amount::read(&at, "`duration`", problems, duration));
        if let Some(states) = fields.take("states") {
            for (state, at) in states.entries("`states`", problems) {
                let expected = StateExpected::read(&at, problems);
                found.states.push((state.to_owned(), expected));
            }
        }
        found.next = fields.text("next", problems);
        found.variables = pattern(fields.take("variables"), problems);
        found.inspection = pattern(fields.take("inspection"), problems);
        fields.finish(problems);
        found
    }
}

impl PathExpected {
    fn read(at: &At<'_>, problems: &mut Problems) -> Self {
        let mut found = Self::default();
        if at.value.is_array() {
            found.exactly = Some(at.texts("a state", problems));
            return found;
        }
        let Some(mut fields) = at.fields("`path`", problems) else {
            return found;
        };
        let texts = |at: Option<At<'_>>, problems: &mut Problems| {
            at.map(|at| at.texts("a state", problems))
        };
        found.exactly = texts(fields.take("exactly"), problems);
        found.in_order = texts(fields.take("inOrder"), problems).unwrap_or_default();
        found.including = texts(fields.take("including"), problems).unwrap_or_default();
        found.never = texts(fields.take("never"), problems).unwrap_or_default();
        if let Some(visits) = fields.take("visits") {
            found.visits = amounts(&visits, "`visits`", problems);
        }
        fields.finish(problems);
        found
    }
}

impl CallExpected {
    fn read(at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let mut fields = at.fields("a call", problems)?;
        let state = fields.text("state", problems);
        if state.is_none() {
            problems.push(at.problem("a call needs `state`"));
        }
        let call = fields
            .take("call")
            .and_then(|at| at.whole_number("`call`", problems));
        let resource = fields
            .take("resource")
            .and_then(|at| Pattern::read(&at, problems));
        let parameters = fields
            .take("parameters")
            .and_then(|at| Pattern::read(&at, problems));
        let timeout = fields
            .take("timeout")
            .and_then(|at| Pattern::read(&at, problems));
        let heartbeat = fields
            .take("heartbeat")
            .and_then(|at| Pattern::read(&at, problems));
        let count = fields
            .take("count")
            .and_then(|at| Amount::read(&at, "`count`", problems, whole_number));
        fields.finish(problems);
        Some(Self {
            state: state?,
            call,
            resource,
            parameters,
            timeout,
            heartbeat,
            count: count.unwrap_or(Amount::at_least(1)),
        })
    }
}

impl StateExpected {
    fn read(at: &At<'_>, problems: &mut Problems) -> Self {
        let mut found = Self::default();
        let Some(mut fields) = at.fields("a state's expectation", problems) else {
            return found;
        };
        for (name, field) in VISIT {
            if let Some(pattern) = fields
                .take(name)
                .and_then(|at| Pattern::read(&at, problems))
            {
                found.fields.push((field, pattern));
            }
        }
        fields.finish(problems);
        found
    }
}

fn amounts(at: &At<'_>, what: &str, problems: &mut Problems) -> Vec<(String, Amount)> {
    let entries = at.entries(what, problems);
    entries
        .iter()
        .filter_map(|(name, at)| {
            let amount = Amount::read(at, &format!("`{name}`"), problems, whole_number)?;
            Some(((*name).to_owned(), amount))
        })
        .collect()
}

fn whole_number(at: &At<'_>, what: &str, problems: &mut Problems) -> Option<u64> {
    at.whole_number(what, problems)
}
