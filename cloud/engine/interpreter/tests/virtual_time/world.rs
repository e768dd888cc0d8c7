//! A world for executions that never sleeps: a clock that jumps to the next timer, and tasks that answer by a script.

use awm_interpreter::{Effect, Execution, Failure, Input, Names, Options, Program};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

/// What a task does at a call: fails after so many milliseconds.
#[derive(Clone)]
pub(crate) enum Act {
    Fails(i64, &'static str),
}

/// Runs a machine and tells, a line each, what was asked for and when (milliseconds), and how it ended.
pub(crate) fn play(
    definition: Value,
    input: Value,
    script: &[(&str, Vec<Act>)],
    options: Options,
) -> String {
    let program = Arc::new(Program::from_definition(&definition).unwrap());
    let mut execution = Execution::new(
        program,
        input,
        Names::local("run", "machine"),
        options,
        1,
        0,
    );
    let script: BTreeMap<&str, &Vec<Act>> =
        script.iter().map(|(state, acts)| (*state, acts)).collect();
    let mut told = String::new();
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    // What comes when: an input and the effect that it answers.
    let mut coming: BTreeMap<(i64, u64), (u64, Input)> = BTreeMap::new();
    let mut cancelled = BTreeSet::new();
    let mut order = 0;
    let mut now = 0;
    let mut inputs = VecDeque::from([Input::Started]);
    for _ in 0..100_000 {
        let Some(input) = inputs.pop_front().or_else(|| {
            loop {
                let ((at, _), (id, input)) = coming.pop_first()?;
                if !cancelled.contains(&id) {
                    now = at;
                    break Some(input);
                }
            }
        }) else {
            told.push_str("stuck\n");
            return told;
        };
        let mut come = |at: i64, id: u64, input: Input| {
            order += 1;
            coming.insert((at, order), (id, input));
        };
        for effect in execution.step(now, input) {
            match effect {
                Effect::RunTask { id, request } => {
                    writeln!(
                        told,
                        "{now} {} {} #{}",
                        request.name, request.arguments, request.retries
                    )
                    .unwrap();
                    let call = calls.entry(request.name.to_string()).or_default();
                    let acts = script.get(&*request.name).unwrap();
                    let act = acts.get(*call).or_else(|| acts.last()).unwrap().clone();
                    *call += 1;
                    match act {
                        Act::Fails(after, error) => come(
                            now + after,
                            id,
                            Input::TaskFailed {
                                id,
                                failure: Failure::work(error, "because"),
                            },
                        ),
                    }
                }
                Effect::SetTimer { id, at } => come(at, id, Input::TimerFired { id }),
                Effect::CancelTimer { id } => {
                    cancelled.insert(id);
                }
                Effect::CancelTask { id } => {
                    cancelled.insert(id);
                    writeln!(told, "{now} cancelled").unwrap();
                }
                Effect::Continue => inputs.push_back(Input::Continue),
                Effect::Finished(outcome) => {
                    let status = serde_json::to_value(outcome.status).unwrap();
                    write!(told, "{now} {}", status.as_str().unwrap()).unwrap();
                    if let Some(output) = &outcome.output {
                        write!(told, " {output}").unwrap();
                    }
                    for text in [&outcome.error, &outcome.cause].into_iter().flatten() {
                        write!(told, " | {text}").unwrap();
                    }
                    told.push('\n');
                    return told;
                }
                _ => {}
            }
        }
    }
    told.push_str("endless\n");
    told
}
