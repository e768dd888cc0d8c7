//! Runs a machine on a clock that jumps, with tasks that give or fail at once, or hang, by their state's name.

use awm_api::runs::RunEvent;
use awm_interpreter::{Effect, Execution, Failure, Input, Names, Options, Outcome, Program};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

/// Runs to the end; the history is a line for each event: `id<previous type name`.
pub(crate) fn run(definition: &Value, input: Value) -> (String, Outcome) {
    let program = Arc::new(Program::from_definition(definition).unwrap());
    let names = Names::local("run", "machine");
    let mut execution = Execution::new(program, input, names, Options::default(), 1, 0);
    let mut history = String::new();
    let (mut timers, mut cancelled) = (BTreeSet::new(), BTreeSet::new());
    let mut inputs = VecDeque::from([Input::Started]);
    let mut now = 0;
    loop {
        let input = inputs.pop_front().unwrap_or_else(|| {
            loop {
                let (at, id) = timers.pop_first().expect("somebody waits for something");
                if !cancelled.contains(&id) {
                    now = at;
                    break Input::TimerFired { id };
                }
            }
        });
        for effect in execution.step(now, input) {
            match effect {
                Effect::Emit(events) => {
                    for event in events.into_iter().map(RunEvent::from) {
                        let name = event.details.get("name").and_then(Value::as_str);
                        let index = event.details.get("index").map(Value::to_string);
                        let location = event.details.get("location").and_then(Value::as_str);
                        write!(history, "{}<{} {}", event.id, event.previous, event.kind).unwrap();
                        for word in [name, index.as_deref(), location].into_iter().flatten() {
                            write!(history, " {word}").unwrap();
                        }
                        history.push('\n');
                    }
                }
                Effect::RunTask { id, request } => match &*request.name {
                    "Fails" => {
                        let failure = Failure::work("Boom", "because");
                        inputs.push_back(Input::TaskFailed { id, failure });
                    }
                    "Hangs" => {}
                    _ => inputs.push_back(Input::TaskSucceeded {
                        id,
                        output: request.arguments,
                    }),
                },
                Effect::SetTimer { id, at } => {
                    timers.insert((at, id));
                }
                Effect::CancelTimer { id } => {
                    cancelled.insert(id);
                }
                Effect::Continue => inputs.push_back(Input::Continue),
                Effect::Finished(outcome) => return (history, Arc::unwrap_or_clone(outcome)),
                _ => {}
            }
        }
    }
}
