//! A run that was made, as a case.

use crate::case::run_case;
use crate::workflow::Workflow;
use awm_api::mocks::{Fault, MockAnswer, MockedCall};
use awm_api::runs::{Run, RunEvent, RunStatus};
use awm_asl::pointer::machine_of;
use awm_suite::{Case, Expected, MockFile, PathExpected, Pattern, Placeholder, StateMocks, Suite};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Why a run can't be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRecorded {
    /// It goes on.
    Running,
    /// It was stopped, which no test does.
    Aborted,
}

/// A case of a run: its input, what each task gave as mocks, and how it ended as expectations. What a second run gives otherwise,
/// such as ids and times, is expected by kind only.
pub fn record(workflow: &Workflow, run: &Run, name: &str) -> Result<Case, NotRecorded> {
    let status = match run.summary.status {
        RunStatus::Running => return Err(NotRecorded::Running),
        RunStatus::Aborted => return Err(NotRecorded::Aborted),
        status => crate::check::status_name(status).to_owned(),
    };
    // What comes first decides what comes next only where things are side by side.
    let side_by_side = run.events.iter().any(|event| {
        matches!(
            event.kind.as_str(),
            "ParallelStateStarted" | "MapStateStarted"
        )
    });
    let entered = run
        .events
        .iter()
        .filter(|event| event.kind.ends_with("StateEntered"));
    let path = entered
        .filter_map(|event| event.visit.as_ref())
        .filter(|visit| machine_of(&visit.state) == Some(""))
        .map(|visit| visit.name.clone())
        .collect();
    let text = |text: &Option<String>| text.clone().map(|text| Pattern::exactly(text.into()));
    let mut case = Case {
        name: name.to_owned(),
        input: Some(run.input.clone()),
        mocks: mocks(&run.events, side_by_side),
        expected: Expected {
            status: Some(status),
            output: run.output.clone().map(Pattern::exactly),
            error: text(&run.summary.error),
            cause: text(&run.summary.cause),
            path: PathExpected {
                exactly: Some(path),
                ..PathExpected::default()
            },
            ..Expected::default()
        },
        ..Case::default()
    };
    settle(workflow, &mut case);
    Ok(case)
}

/// Runs the case and weakens what differs from run to run.
fn settle(workflow: &Workflow, case: &mut Case) {
    let suite = Suite::default();
    let (again, _) = run_case(workflow, &suite, &MockFile::default(), case);
    let weaken = |expected: &mut Option<Pattern>, actual: Option<Value>| {
        let (Some(pattern), Some(actual)) = (expected.as_ref(), actual) else {
            return;
        };
        if *pattern.written() != actual {
            *expected = Pattern::of(&weaker(pattern.written(), &actual));
        }
    };
    weaken(&mut case.expected.output, again.output);
    weaken(&mut case.expected.error, again.error.map(Value::from));
    weaken(&mut case.expected.cause, again.cause.map(Value::from));
}

/// What two runs have in common: placeholders where they differ.
// The depth of data is bounded by the interpreter.
fn weaker(one: &Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().all(|key| b.contains_key(key)) => {
            let fields: Map<String, Value> = a
                .iter()
                .map(|(key, one)| (key.clone(), weaker(one, b.get(key).unwrap_or(one))))
                .collect();
            Value::Object(fields)
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .map(|(one, other)| weaker(one, other))
            .collect(),
        (one, other) if one == other => Pattern::exactly(one.clone()).to_value(),
        _ => Value::from(Placeholder::of_both(one, other).name()),
    }
}

/// What each call of each state gave, in the order in which the calls were made.
fn mocks(events: &[RunEvent], with_delays: bool) -> StateMocks {
    struct Call<'a> {
        state: &'a str,
        name: &'a str,
        visit: u64,
        at: i64,
        answer: Option<(MockAnswer, i64)>,
    }
    let mut calls: Vec<Call<'_>> = Vec::new();
    for event in events {
        let Some(visit) = &event.visit else { continue };
        if is_task(&event.kind) && event.kind.ends_with("Scheduled") {
            calls.push(Call {
                state: &visit.state,
                name: &visit.name,
                visit: visit.id,
                at: event.at,
                answer: None,
            });
        } else if let Some(answer) = answer(event) {
            let open = calls
                .iter_mut()
                .rev()
                .find(|call| call.visit == visit.id && call.answer.is_none());
            if let Some(call) = open {
                call.answer = Some((answer, event.at));
            }
        }
    }
    let mut mocks = StateMocks::new();
    let mut made: BTreeMap<&str, u32> = BTreeMap::new();
    for call in &calls {
        let number = made.entry(call.state).or_default();
        let first = *number;
        *number += 1;
        // A call that was cut off had no answer yet.
        let cut_off = (
            MockAnswer::Fault {
                fault: Fault::Timeout,
            },
            call.at,
        );
        let (answer, at) = call.answer.as_ref().unwrap_or(&cut_off);
        let delay_ms = match with_delays {
            true => at.abs_diff(call.at),
            false => 0,
        };
        let of_state = mocks.entry(call.name.to_owned()).or_default();
        if let Some(before) = of_state.last_mut()
            && before.answer == *answer
            && before.delay_ms == delay_ms
            && before.last == first.checked_sub(1)
        {
            before.last = Some(first);
            continue;
        }
        of_state.push(MockedCall {
            first,
            last: Some(first),
            delay_ms,
            answer: answer.clone(),
        });
    }
    // The last answer stands for what may follow.
    for calls in mocks.values_mut() {
        if let Some(last) = calls.last_mut() {
            last.last = None;
        }
    }
    mocks
}

fn is_task(kind: &str) -> bool {
    ["Task", "LambdaFunction", "Activity"]
        .iter()
        .any(|prefix| kind.starts_with(prefix))
        && !kind.starts_with("TaskState")
}

fn answer(event: &RunEvent) -> Option<MockAnswer> {
    if !is_task(&event.kind) {
        return None;
    }
    let text = |field: &str| {
        let value = event.details.get(field).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    if event.kind.ends_with("Succeeded") {
        let value = event.details.get("output").cloned().unwrap_or_default();
        return Some(MockAnswer::Return { value });
    }
    let failed = ["Failed", "TimedOut"]
        .iter()
        .any(|end| event.kind.ends_with(end));
    failed.then(|| MockAnswer::Fail {
        error: match text("error") {
            error if error.is_empty() => "States.TaskFailed".to_owned(),
            error => error,
        },
        cause: text("cause"),
    })
}
