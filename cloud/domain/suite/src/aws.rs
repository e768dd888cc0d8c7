//! `MockConfigFile.json` of Step Functions Local.

use crate::mocks::{MockFile, StateMocks, range};
use crate::read::{At, Problems};
use awm_api::mocks::{MockAnswer, MockedCall};
use serde_json::Value;
use std::collections::BTreeMap;

/// Whether a value is written in AWS's form.
pub(crate) fn is_config(value: &Value) -> bool {
    value.get("StateMachines").is_some() || value.get("MockedResponses").is_some()
}

pub(crate) fn read(at: &At<'_>, problems: &mut Problems) -> MockFile {
    let mut file = MockFile::default();
    let Some(mut fields) = at.fields("a mock file", problems) else {
        return file;
    };
    let mut responses = BTreeMap::new();
    if let Some(given) = fields.take("MockedResponses") {
        for (name, response) in given.entries("`MockedResponses`", problems) {
            responses.insert(name, calls(&response, problems));
        }
    }
    if let Some(machines) = fields.take("StateMachines") {
        for (machine, config) in machines.entries("`StateMachines`", problems) {
            let Some(mut config) = config.fields("a state machine", problems) else {
                continue;
            };
            let cases = config.take("TestCases");
            config.finish(problems);
            let Some(cases) = cases else { continue };
            for (case, states) in cases.entries("`TestCases`", problems) {
                let mut set = StateMocks::new();
                for (state, response) in states.entries("a test case", problems) {
                    let Some(name) = response.text("a mocked response", problems) else {
                        continue;
                    };
                    match responses.get(name.as_str()) {
                        Some(calls) => {
                            set.insert(state.to_owned(), calls.clone());
                        }
                        None => problems.push(
                            response.problem(format!("`{name}` is not in `MockedResponses`")),
                        ),
                    }
                }
                file.sets.insert(format!("{machine}#{case}"), set);
            }
        }
    }
    fields.finish(problems);
    file
}

fn calls(at: &At<'_>, problems: &mut Problems) -> Vec<MockedCall> {
    let mut calls = Vec::new();
    for (key, answer) in at.entries("a mocked response", problems) {
        let Some((first, last)) = range(key).filter(|(_, last)| last.is_some()) else {
            problems.push(answer.problem(format!(
                "`{key}` is no range of calls: write such as `0` or `1-3`, counted from 0"
            )));
            continue;
        };
        let Some(answer) = response(&answer, problems) else {
            continue;
        };
        calls.push(MockedCall {
            first,
            last,
            delay_ms: 0,
            answer,
        });
    }
    calls.sort_by_key(|call| call.first);
    for pair in calls.windows(2) {
        if let [before, after] = pair
            && before.covers(after.first)
        {
            problems.push(at.problem(format!("call {} is answered twice", after.first)));
        }
    }
    calls
}

fn response(at: &At<'_>, problems: &mut Problems) -> Option<MockAnswer> {
    let mut fields = at.fields("an answer", problems)?;
    let returned = fields.take("Return");
    let thrown = fields.take("Throw");
    fields.finish(problems);
    match (returned, thrown) {
        (Some(value), None) => Some(MockAnswer::Return {
            value: value.value.clone(),
        }),
        (None, Some(thrown)) => {
            let mut fields = thrown.fields("`Throw`", problems)?;
            let error = fields.text("Error", problems);
            let cause = fields.text("Cause", problems);
            fields.finish(problems);
            if error.is_none() {
                problems.push(thrown.problem("`Throw` needs `Error`"));
            }
            Some(MockAnswer::Fail {
                error: error?,
                cause: cause.unwrap_or_default(),
            })
        }
        _ => {
            problems.push(at.problem("an answer has either `Return` or `Throw`"));
            None
        }
    }
}
