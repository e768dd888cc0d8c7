//! Recorded histories, replayed: whatever came from outside comes from the history itself.

use crate::compare::agrees;
use crate::executions::with_arns;
use crate::history::forget_function;
use crate::simulate::names;
use awm_api::runs::Mock;
use awm_debugger::replay::{
    Difference, Fork, Recording, Replay, Replayed, Stand, What, fork, replay,
};
use awm_interpreter::Program;
use serde_json::Value;
use std::sync::Arc;

const NOW: i64 = 1_700_000_000_000;

fn program(case: &Value) -> Result<Arc<Program>, String> {
    let definition = with_arns(case.get("definition").unwrap_or(&Value::Null));
    Program::from_definition(&definition)
        .map(Arc::new)
        .map_err(|errors| format!("{errors:?}"))
}

/// What a case has beside the history: answers of tasks in child executions, of which no history tells.
fn stand(case: &Value) -> Stand {
    let mut stand = Stand::default();
    let mocks = case.get("mocks").and_then(Value::as_object);
    for (state, answers) in mocks.into_iter().flatten() {
        let answers = answers.as_array().into_iter().flatten();
        let text = |answer: &Value, field: &str| {
            let value = answer.get(field).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let mocks = answers.map(|answer| match answer.get("output") {
            Some(value) => Mock::Return {
                value: value.clone(),
            },
            None => Mock::Fail {
                error: text(answer, "error"),
                cause: text(answer, "cause"),
            },
        });
        stand.mocks.insert(state.clone(), mocks.collect());
    }
    stand
}

fn same(expected: &Value, actual: &Value) -> bool {
    let (mut expected, mut actual) = (expected.clone(), actual.clone());
    forget_function(&mut expected);
    forget_function(&mut actual);
    agrees(&expected, &actual)
}

fn again(case: &Value) -> Result<(Recording, Replayed), String> {
    let history = case.get("history").unwrap_or(&Value::Null);
    let recording = Recording::read(history).map_err(|error| error.to_string())?;
    let replayed = replay(
        Replay {
            program: program(case)?,
            recording: &recording,
            names: names(),
            now: NOW,
            stand: stand(case),
        },
        &same,
    );
    Ok((recording, replayed))
}

/// What the replay of a case's history has otherwise, if anything.
pub fn difference(case: &Value) -> Option<String> {
    let (recording, replayed) = match again(case) {
        Ok(done) => done,
        Err(error) => return Some(error),
    };
    let lossy = case.get("unordered_history").and_then(Value::as_bool) == Some(true);
    let found: Vec<String> = replayed
        .differences
        .iter()
        .filter(|difference| !is_of_the_recording(difference, lossy, &recording))
        .map(|it| format!("{:?} {} {:?}: {}", it.what, it.kind, it.recorded, it.text))
        .collect();
    let first = found.first()?;
    Some(format!("{} differences, the first: {first}", found.len()))
}

/// What AWS chained now this way, now that way, and what the recordings left out.
fn is_of_the_recording(difference: &Difference, lossy: bool, recording: &Recording) -> bool {
    match difference.what {
        What::Chain => {
            let before_is_lost = recording
                .events
                .iter()
                .find(|event| Some(event.id) == difference.recorded)
                .is_some_and(|event| {
                    event.previous != 0
                        && !recording.events.iter().any(|it| it.id == event.previous)
                });
            before_is_lost
                || matches!(
                    difference.kind.as_str(),
                    "EvaluationFailed" | "MapStateExited"
                )
        }
        What::Added => lossy && difference.kind.starts_with("ParallelState"),
        What::Missing | What::Details => false,
    }
}

/// What is wrong with forks of a case's history that change nothing: each must end as the history did.
pub fn fork_difference(case: &Value) -> Option<String> {
    let (recording, replayed) = again(case).ok()?;
    let expected = replayed.outcome.as_ref()?;
    if !recording.chained {
        return None;
    }
    for event in &recording.events {
        let forked = fork(Fork {
            program: program(case).ok()?,
            changed: None,
            recording: &recording,
            event: event.id,
            input: None,
            variables: serde_json::Map::new(),
            names: names(),
            now: NOW,
            stand: stand(case),
        });
        let forked = match forked {
            Ok(forked) => forked,
            Err(refused) => return Some(format!("at {}: {refused}", event.id)),
        };
        let output =
            |outcome: &awm_interpreter::Outcome| outcome.output.clone().unwrap_or_default();
        let same = forked.outcome.as_ref().is_some_and(|outcome| {
            outcome.status == expected.status
                && outcome.error == expected.error
                && same(&output(expected), &output(outcome))
        });
        if !same {
            return Some(format!(
                "at {} {}: {:?}, not {expected:?}",
                event.id, event.kind, forked.outcome
            ));
        }
    }
    None
}
