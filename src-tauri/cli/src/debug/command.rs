//! A line that somebody typed, as what is to be done.

use super::states::States;
use awm_api::debug::{BreakAt, Breakpoint, DebugAction, DebugState};
use serde_json::{Map, Value};

/// What a line asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    Act(DebugAction),
    Evaluate(String),
    Show(Show),
    Quit,
}

/// What is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    Where,
    Lines,
    Variables,
    Data,
    Events(usize),
    Breakpoints,
    Help,
}

/// Reads a line. An error is a sentence.
pub(crate) fn read(line: &str, states: &States, state: &DebugState) -> Result<Line, String> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let number = |rest: &str| {
        rest.parse::<u64>()
            .map_err(|_| format!("`{rest}` is not a number"))
    };
    let act = |action| Ok(Line::Act(action));
    match word {
        "b" | "break" if rest.is_empty() => Ok(Line::Show(Show::Breakpoints)),
        "b" | "break" => act(DebugAction::AddBreakpoint {
            breakpoint: breakpoint(rest, states)?,
        }),
        "d" | "delete" => {
            let id = number(rest)?;
            let left = state.breakpoints.iter().map(|one| one.breakpoint.clone());
            let left: Vec<Breakpoint> = left.filter(|one| one.id != id).collect();
            if left.len() == state.breakpoints.len() {
                return Err(format!("there is no breakpoint {id}"));
            }
            act(DebugAction::Breakpoints { breakpoints: left })
        }
        "c" | "continue" => act(DebugAction::Continue),
        "n" | "next" => act(DebugAction::Step),
        "s" | "step" | "into" => act(DebugAction::StepInto {
            index: match rest {
                "" => None,
                rest => Some(u32::try_from(number(rest)?).unwrap_or(u32::MAX)),
            },
        }),
        "o" | "out" => act(DebugAction::StepOut),
        "u" | "until" => act(DebugAction::RunTo {
            state: states.find(rest)?,
        }),
        "back" => act(DebugAction::Back {
            states: match rest {
                "" => 1,
                rest => u32::try_from(number(rest)?).unwrap_or(u32::MAX),
            },
        }),
        "goto" => act(DebugAction::GoTo {
            event: number(rest)?,
        }),
        "from" => {
            let (name, input) = match rest.find(['{', '[', '"']) {
                Some(place) => rest.split_at_checked(place).unwrap_or((rest, "")),
                None => (rest, ""),
            };
            act(DebugAction::RunFrom {
                state: states.find(name.trim())?,
                input: match input {
                    "" => None,
                    input => Some(json(input)?),
                },
                variables: None,
            })
        }
        "t" | "line" if !rest.is_empty() => act(DebugAction::Select {
            thread: number(rest)?,
        }),
        "t" | "lines" => Ok(Line::Show(Show::Lines)),
        "set" => set(rest),
        "p" | "print" if rest.is_empty() => Ok(Line::Show(Show::Data)),
        "p" | "print" => Ok(Line::Evaluate(rest.to_owned())),
        "vars" => Ok(Line::Show(Show::Variables)),
        "data" => Ok(Line::Show(Show::Data)),
        "w" | "where" => Ok(Line::Show(Show::Where)),
        "events" => Ok(Line::Show(Show::Events(match rest {
            "" => 20,
            rest => usize::try_from(number(rest)?).unwrap_or(usize::MAX),
        }))),
        "h" | "help" | "?" => Ok(Line::Show(Show::Help)),
        "q" | "quit" | "exit" => Ok(Line::Quit),
        other => Err(format!("there is no command `{other}`; `help` lists them")),
    }
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("`{text}` is not JSON: {error}"))
}

/// `input JSON`, `result JSON`, `error NAME[: CAUSE]`, `NAME JSON` or `NAME = JSON`.
fn set(rest: &str) -> Result<Line, String> {
    let (what, value) = rest
        .split_once(|c: char| c.is_whitespace() || c == '=')
        .unwrap_or((rest, ""));
    let value = value.trim_start_matches(|c: char| c.is_whitespace() || c == '=');
    if value.is_empty() {
        return Err(
            "say what: set input JSON, set result JSON, set error NAME, set VARIABLE JSON"
                .to_owned(),
        );
    }
    Ok(Line::Act(match what {
        "input" => DebugAction::SetInput {
            value: json(value)?,
        },
        "result" => DebugAction::SetResult {
            value: json(value)?,
        },
        "error" => {
            let (error, cause) = value.split_once(':').unwrap_or((value, ""));
            DebugAction::SetError {
                error: error.trim().to_owned(),
                cause: cause.trim().to_owned(),
            }
        }
        name => {
            let name = name.trim_start_matches('$').to_owned();
            DebugAction::SetVariables {
                values: Map::from_iter([(name, json(value)?)]),
            }
        }
    }))
}

/// `STATE`, `STATE result`, `STATE exit`, `STATE -> STATE`, `error`, `error NAME`; each with ` if CONDITION`.
pub(crate) fn breakpoint(text: &str, states: &States) -> Result<Breakpoint, String> {
    let (place, condition) = match text.split_once(" if ") {
        Some((place, condition)) => (place.trim(), Some(condition.trim().to_owned())),
        None => (text.trim(), None),
    };
    let at = if let Ok(state) = states.find(place) {
        BreakAt::Enter { state }
    } else if let Some((from, to)) = place.split_once("->") {
        BreakAt::Transition {
            from: states.find(from.trim())?,
            to: states.find(to.trim())?,
        }
    } else if place == "error" {
        BreakAt::Error {
            name: None,
            state: None,
        }
    } else if let Some(name) = place.strip_prefix("error ") {
        BreakAt::Error {
            name: Some(name.trim().to_owned()),
            state: None,
        }
    } else if let Some(state) = place.strip_suffix(" result") {
        BreakAt::Result {
            state: states.find(state.trim())?,
        }
    } else if let Some(state) = place.strip_suffix(" exit") {
        BreakAt::Exit {
            state: states.find(state.trim())?,
        }
    } else {
        return Err(states.find(place).err().unwrap_or_default());
    };
    Ok(Breakpoint {
        id: 0,
        at,
        condition,
        disabled: false,
        once: false,
    })
}
