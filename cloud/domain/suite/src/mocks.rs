//! Mock files: what stands in for tasks, by state and call.

use crate::aws;
use crate::read::{At, Problems};
use crate::{Problem, amount::duration};
use awm_api::mocks::{Fault, MockAnswer, MockedCall};
use serde_json::Value;
use std::collections::BTreeMap;

/// What stands in for calls, by a state's name or JSON Pointer.
pub type StateMocks = BTreeMap<String, Vec<MockedCall>>;

/// A mock file: mocks that always hold, and sets of them by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MockFile {
    /// Those that hold unless a set has others for the state.
    pub always: StateMocks,
    /// Sets by name. Those of Step Functions Local are named `MACHINE#CASE`.
    pub sets: BTreeMap<String, StateMocks>,
}

impl MockFile {
    /// Reads a mock file's value: this product's own form, or `MockConfigFile.json` of Step Functions Local.
    pub fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let at = At::root(value);
        let found = match aws::is_config(value) {
            true => aws::read(&at, &mut problems),
            false => read(&at, &mut problems),
        };
        match problems.is_empty() {
            true => Ok(found),
            false => Err(problems),
        }
    }

    /// The mocks that hold with these sets: later sets go before earlier ones. Answers with the name of a set that is not there,
    /// or that stands for several.
    pub fn with(&self, sets: &[String]) -> Result<StateMocks, String> {
        let mut mocks = self.always.clone();
        for name in sets {
            let set = self.set(name).ok_or_else(|| name.clone())?;
            mocks.extend(set.clone());
        }
        Ok(mocks)
    }

    /// A set by its name, or by the part after `#` if no other has it.
    fn set(&self, name: &str) -> Option<&StateMocks> {
        if let Some(set) = self.sets.get(name) {
            return Some(set);
        }
        let mut same = self
            .sets
            .iter()
            .filter(|(known, _)| known.rsplit_once('#').is_some_and(|(_, case)| case == name));
        let found = same.next().map(|(_, set)| set);
        found.filter(|_| same.next().is_none())
    }
}

fn read(at: &At<'_>, problems: &mut Problems) -> MockFile {
    let mut file = MockFile::default();
    let Some(mut fields) = at.fields("a mock file", problems) else {
        return file;
    };
    let (mocks, sets) = (fields.take("mocks"), fields.take("sets"));
    let (empty, at) = (mocks.is_none() && sets.is_none(), at.clone());
    if let Some(mocks) = mocks {
        file.always = state_mocks(&mocks, problems);
    }
    if let Some(sets) = sets {
        for (name, mocks) in sets.entries("`sets`", problems) {
            file.sets
                .insert(name.to_owned(), state_mocks(&mocks, problems));
        }
    }
    let before = problems.len();
    fields.finish(problems);
    if empty && problems.len() == before {
        problems.push(at.problem("there are no mocks: write `mocks` or `sets`"));
    }
    file
}

/// Answers by state.
pub(crate) fn state_mocks(at: &At<'_>, problems: &mut Problems) -> StateMocks {
    let mut mocks = StateMocks::new();
    for (state, answers) in at.entries("mocks", problems) {
        mocks.insert(state.to_owned(), calls(&answers, problems));
    }
    mocks
}

fn calls(at: &At<'_>, problems: &mut Problems) -> Vec<MockedCall> {
    let answers = at.one_or_more();
    if answers.is_empty() {
        problems.push(at.problem("there are no answers: write `return`, `fail` or `fault`"));
    }
    let count = answers.len();
    let mut next = 0_u32;
    let mut calls = Vec::new();
    for (index, answer) in answers.iter().enumerate() {
        // The last answer stands for all calls that follow, unless it says otherwise.
        let Some(call) = one(answer, next, index + 1 == count, problems) else {
            continue;
        };
        next = call.last.map_or(u32::MAX, |last| last.saturating_add(1));
        calls.push(call);
    }
    calls
}

fn one(at: &At<'_>, next: u32, last: bool, problems: &mut Problems) -> Option<MockedCall> {
    let mut fields = at.fields("an answer", problems)?;
    let returned = fields.take("return");
    let failed = fields.take("fail");
    let fault = fields.take("fault");
    let delay = fields.take("delay");
    let range = fields.take("calls");
    let times = fields.take("times");
    let given = [&returned, &failed, &fault]
        .iter()
        .filter(|at| at.is_some())
        .count();
    let before = problems.len();
    fields.finish(problems);
    if given != 1 && problems.len() == before {
        problems.push(at.problem("an answer has one of `return`, `fail` and `fault`"));
    }
    if let (Some(_), Some(times)) = (&range, &times) {
        problems.push(times.problem("an answer has `calls` or `times`, not both"));
    }
    let answer = if let Some(value) = returned {
        MockAnswer::Return {
            value: value.value.clone(),
        }
    } else if let Some(failed) = failed {
        failure(&failed, problems)?
    } else {
        MockAnswer::Fault {
            fault: named_fault(&fault?, problems)?,
        }
    };
    let (first, end) = if let Some(range) = range {
        call_range(&range, problems)?
    } else if let Some(times) = times {
        let times = times.whole_number("`times`", problems)?;
        let times = u32::try_from(times.max(1)).unwrap_or(u32::MAX);
        (next, Some(next.saturating_add(times - 1)))
    } else {
        (next, (!last).then_some(next))
    };
    Some(MockedCall {
        first,
        last: end,
        delay_ms: delay
            .and_then(|at| duration(&at, "`delay`", problems))
            .unwrap_or_default(),
        answer,
    })
}

fn failure(at: &At<'_>, problems: &mut Problems) -> Option<MockAnswer> {
    if let Value::String(error) = at.value {
        let (error, cause) = error.split_once(": ").unwrap_or((error, ""));
        return Some(MockAnswer::Fail {
            error: error.to_owned(),
            cause: cause.to_owned(),
        });
    }
    let mut fields = at.fields("`fail`", problems)?;
    let error = fields.text("error", problems);
    let cause = fields.text("cause", problems);
    fields.finish(problems);
    if error.is_none() {
        problems.push(at.problem("`fail` needs `error`"));
    }
    Some(MockAnswer::Fail {
        error: error?,
        cause: cause.unwrap_or_default(),
    })
}

pub(crate) fn named_fault(at: &At<'_>, problems: &mut Problems) -> Option<Fault> {
    let name = at.text("a fault", problems)?;
    let fault = Fault::named(&name);
    if fault.is_none() {
        let known: Vec<&str> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
        problems.push(at.problem(format!(
            "`{name}` is no fault; known are {}",
            known.join(", ")
        )));
    }
    fault
}

/// `2`, `"0-1"`, `"2-"`: calls from 0, both ends included.
pub(crate) fn call_range(at: &At<'_>, problems: &mut Problems) -> Option<(u32, Option<u32>)> {
    let found = match at.value {
        Value::Number(number) => number
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
            .map(|number| (number, Some(number))),
        Value::String(text) => range(text),
        _ => None,
    };
    if found.is_none() {
        problems.push(at.problem("calls must be such as `0`, `1-3` or `2-`, counted from 0"));
    }
    found
}

pub(crate) fn range(text: &str) -> Option<(u32, Option<u32>)> {
    let Some((first, last)) = text.split_once('-') else {
        let only = text.trim().parse().ok()?;
        return Some((only, Some(only)));
    };
    let first: u32 = first.trim().parse().ok()?;
    if last.trim().is_empty() {
        return Some((first, None));
    }
    let last: u32 = last.trim().parse().ok()?;
    (first <= last).then_some((first, Some(last)))
}
