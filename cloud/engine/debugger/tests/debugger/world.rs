//! A debugger that is driven by a script, line by line, and tells where it holds.

use awm_api::debug::{
    BreakAt, Breakpoint, DebugAction, DebugAnswer, DebugState, DebugStatus, HoldReason,
};
use awm_debugger::{Answer, Asked, Debugger, Need, NewSession, Next};
use awm_interpreter::{Failure, Names, Options, Program};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

pub(crate) const NOW: i64 = 1_700_000_000_000;

pub(crate) struct Play {
    debugger: Debugger,
    /// Answers by the state's name, one for each call; then the task gives its arguments back.
    answers: BTreeMap<&'static str, Vec<Result<Value, &'static str>>>,
    told: String,
}

impl Play {
    pub(crate) fn new(definition: &Value, input: Value) -> Self {
        let debugger = Debugger::new(NewSession {
            program: Arc::new(Program::from_definition(definition).unwrap()),
            input,
            names: Names::local("run", "machine"),
            options: Options::default(),
            seed: 1,
            now: NOW,
            real_time: false,
            start_at: None,
            variables: serde_json::Map::new(),
        })
        .unwrap();
        Self {
            debugger,
            answers: BTreeMap::new(),
            told: String::new(),
        }
    }

    pub(crate) fn answering(
        mut self,
        state: &'static str,
        answers: Vec<Result<Value, &'static str>>,
    ) -> Self {
        self.answers.insert(state, answers);
        self
    }

    /// Takes each line and tells what became of it.
    pub(crate) fn script(mut self, script: &str) -> String {
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            writeln!(self.told, "> {line}").unwrap();
            self.line(line);
        }
        self.told
    }

    fn line(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let value = || serde_json::from_str(rest).unwrap();
        let action = match word {
            "continue" => DebugAction::Continue,
            "step" => DebugAction::Step,
            "into" => DebugAction::StepInto {
                index: rest.parse().ok(),
            },
            "out" => DebugAction::StepOut,
            "to" => DebugAction::RunTo {
                state: rest.to_owned(),
            },
            "select" => DebugAction::Select {
                thread: rest.parse().unwrap(),
            },
            "input" => DebugAction::SetInput { value: value() },
            "set" => DebugAction::SetVariables {
                values: serde_json::from_str(rest).unwrap(),
            },
            "result" => DebugAction::SetResult { value: value() },
            "error" => DebugAction::SetError {
                error: rest.to_owned(),
                cause: "forced".to_owned(),
            },
            "back" => DebugAction::Back {
                states: rest.parse().unwrap_or(1),
            },
            "goto" => DebugAction::GoTo {
                event: rest.parse().unwrap(),
            },
            "from" => {
                let (state, input) = rest.split_once(' ').unwrap_or((rest, ""));
                DebugAction::RunFrom {
                    state: state.to_owned(),
                    input: serde_json::from_str(input).ok(),
                    variables: None,
                }
            }
            "break" => DebugAction::AddBreakpoint {
                breakpoint: breakpoint(rest),
            },
            "eval" => {
                let told = match self.debugger.evaluate(None, rest) {
                    Ok(value) => value.to_string(),
                    Err(why) => why,
                };
                writeln!(self.told, "  {told}").unwrap();
                return;
            }
            "events" => {
                for event in self.debugger.events() {
                    let name = event
                        .details
                        .get("name")
                        .and_then(Value::as_str)
                        .unwrap_or_default();
                    writeln!(self.told, "  {} {} {name}", event.id, event.kind).unwrap();
                }
                return;
            }
            "points" => {
                for one in self.debugger.state("s", 0).breakpoints {
                    let problem = one
                        .problem
                        .map(|problem| format!(": {problem}"))
                        .unwrap_or_default();
                    writeln!(
                        self.told,
                        "  {} hits {}{problem}",
                        one.breakpoint.id, one.hits
                    )
                    .unwrap();
                }
                return;
            }
            "lines" => {
                for line in self.debugger.state("s", 0).threads {
                    let frames: Vec<String> = line
                        .frames
                        .iter()
                        .map(|frame| match frame.index {
                            Some(index) => format!("{} {} {index}", frame.kind, frame.name),
                            None => frame.name.clone(),
                        })
                        .collect();
                    writeln!(
                        self.told,
                        "  {} {} {:?} {}",
                        line.id,
                        frames.join(" > "),
                        line.place,
                        line.input
                    )
                    .unwrap();
                }
                return;
            }
            other => panic!("no command `{other}`"),
        };
        match self.debugger.act(action) {
            Ok(()) => self.settle(),
            Err(refused) => writeln!(self.told, "  refused: {refused}").unwrap(),
        }
        let state = self.debugger.state("s", 0);
        self.tell(&state);
    }

    fn settle(&mut self) {
        for _ in 0..10_000 {
            match self.debugger.advance(NOW) {
                Next::Held => return,
                Next::More => {}
                Next::Needs(needs) => needs.into_iter().for_each(|need| self.meet(need)),
                Next::Waits { .. } => {
                    writeln!(self.told, "  it waits").unwrap();
                    return;
                }
            }
        }
        panic!("it never holds");
    }

    fn meet(&mut self, need: Need) {
        let Need::Do {
            ticket,
            call,
            asked,
        } = need
        else {
            return;
        };
        let answer = match &*asked {
            Asked::Task(task) => {
                writeln!(self.told, "  does {} {}", task.name, task.arguments).unwrap();
                let answers = self.answers.get(&*task.name);
                match answers.and_then(|answers| answers.get(call)) {
                    Some(Ok(value)) => Answer::Value(Ok(value.clone())),
                    Some(Err(error)) => Answer::Value(Err(Failure::work(*error, "because"))),
                    None => Answer::Value(Ok(task.arguments.clone())),
                }
            }
            Asked::Read(_) => {
                writeln!(self.told, "  reads").unwrap();
                Answer::Items(Ok(vec![json!(1), json!(2)]))
            }
            Asked::Write(_) => {
                writeln!(self.told, "  writes").unwrap();
                Answer::Value(Ok(json!("written")))
            }
        };
        self.debugger.answer(ticket, answer);
    }

    fn tell(&mut self, state: &DebugState) {
        if state.status == DebugStatus::Ended {
            let outcome = state.outcome.as_ref().unwrap();
            let status = serde_json::to_value(outcome.status).unwrap();
            write!(self.told, "  {}", status.as_str().unwrap()).unwrap();
            for text in [
                outcome.output.as_ref().map(ToString::to_string),
                outcome.error.clone(),
                outcome.cause.clone(),
            ]
            .into_iter()
            .flatten()
            {
                write!(self.told, " {text}").unwrap();
            }
            self.told.push('\n');
            return;
        }
        let reason = match state.reason.as_ref() {
            None => "goes".to_owned(),
            Some(HoldReason::Breakpoint { id }) => format!("breakpoint {id}"),
            Some(HoldReason::Error { id, error, .. }) => {
                format!(
                    "breakpoint {id}, error {}",
                    error.clone().unwrap_or_default()
                )
            }
            Some(other) => format!("{other:?}"),
        };
        let line = state
            .threads
            .iter()
            .find(|line| Some(line.id) == state.thread)
            .unwrap();
        let frames: Vec<String> = line
            .frames
            .iter()
            .map(|frame| match frame.index {
                Some(index) => format!("{} {index}", frame.name),
                None => frame.name.clone(),
            })
            .collect();
        write!(
            self.told,
            "  {reason}: {} {:?} {}",
            frames.join(" > "),
            line.place,
            line.input
        )
        .unwrap();
        if !line.variables.is_empty() {
            write!(
                self.told,
                " variables {}",
                Value::Object(line.variables.clone())
            )
            .unwrap();
        }
        match &line.answer {
            Some(DebugAnswer::Result { value }) => write!(self.told, " answer {value}").unwrap(),
            Some(DebugAnswer::Error { error, .. }) => {
                write!(self.told, " answer {}", error.clone().unwrap_or_default()).unwrap();
            }
            None => {}
        }
        self.told.push('\n');
    }
}

/// `enter STATE`, `exit STATE`, `result STATE`, `from STATE to STATE`, `error [NAME]`, each with ` if CONDITION`.
fn breakpoint(text: &str) -> Breakpoint {
    let (place, condition) = match text.split_once(" if ") {
        Some((place, condition)) => (place, Some(condition.to_owned())),
        None => (text, None),
    };
    let words: Vec<&str> = place.split(' ').collect();
    let at = match words.as_slice() {
        ["enter", state] => BreakAt::Enter {
            state: (*state).to_owned(),
        },
        ["exit", state] => BreakAt::Exit {
            state: (*state).to_owned(),
        },
        ["result", state] => BreakAt::Result {
            state: (*state).to_owned(),
        },
        ["from", from, "to", to] => BreakAt::Transition {
            from: (*from).to_owned(),
            to: (*to).to_owned(),
        },
        ["error"] => BreakAt::Error {
            name: None,
            state: None,
        },
        ["error", name] => BreakAt::Error {
            name: Some((*name).to_owned()),
            state: None,
        },
        other => panic!("no place {other:?}"),
    };
    Breakpoint {
        id: 0,
        at,
        condition,
        disabled: false,
        once: false,
    }
}

/// Three tasks in a row, the second of which may be tried again and caught.
pub(crate) fn row() -> Value {
    let task = |next: &str| json!({ "Type": "Task", "Resource": "${AwmWork}", "Next": next });
    let mut second = task("Third");
    second["Retry"] =
        json!([{ "ErrorEquals": ["Slow"], "IntervalSeconds": 3600, "MaxAttempts": 1 }]);
    second["Catch"] = json!([{ "ErrorEquals": ["States.ALL"], "Next": "Mend" }]);
    json!({ "StartAt": "First", "States": {
        "First": task("Second"),
        "Second": second,
        "Third": { "Type": "Task", "Resource": "${AwmWork}", "End": true },
        "Mend": { "Type": "Pass", "End": true },
    } })
}

/// A Map of which each iteration has two states, with a state before and after.
pub(crate) fn each(concurrency: u32) -> Value {
    json!({ "StartAt": "Before", "States": {
        "Before": { "Type": "Pass", "Next": "Each" },
        "Each": { "Type": "Map", "MaxConcurrency": concurrency, "Next": "After", "ItemProcessor": {
            "StartAt": "A", "States": {
                "A": { "Type": "Pass", "Next": "B" },
                "B": { "Type": "Task", "Resource": "${AwmWork}", "End": true },
            },
        } },
        "After": { "Type": "Pass", "End": true },
    } })
}
