//! What is to be seen of a session.

use super::command::Show;
use crate::output::{Output, Tone};
use awm_api::debug::{
    BreakAt, DebugAnswer, DebugFrame, DebugPlace, DebugState, DebugStatus, DebugThread, HoldReason,
};
use awm_api::runs::RunStatus;
use serde_json::Value;

const HELP: &str = "\
  b STATE            hold before a state; also: b STATE result, b STATE exit, b A -> B, b error [NAME]
                     each with: if CONDITION (JSONata over $states.input and variables)
  b                  list the breakpoints; d N deletes one
  c                  continue
  n                  next: to the next state, over what is in this one
  s [INDEX]          step into a branch or an iteration
  o                  out of the branch or iteration
  u STATE            until a state
  back [N]           back by N states; tasks that were done are not done again
  goto EVENT         back to before an event
  from STATE [JSON]  begin anew at a state, with an input
  p EXPR             print JSONata or a path: p $states.input.id, p $total, p $.items[0]
  data               the state's data at its stations
  vars               variables
  set input JSON     change what the state gets; also: set result JSON, set error NAME[: CAUSE], set VARIABLE JSON
  w                  where: the states around this one
  t [N]              the lines of states, or choose one
  events [N]         the last events
  q                  quit; an empty line repeats the last command";

/// A value on a line if it is short, else on several.
pub(crate) fn value(value: &Value) -> String {
    let line = value.to_string();
    match line.chars().count() <= 100 {
        true => line,
        false => format!("{value:#}"),
    }
}

/// Where it holds and what the state's data is.
pub(crate) fn state(output: &Output, state: &DebugState) {
    if state.status == DebugStatus::Ended {
        return outcome(output, state);
    }
    let Some(line) = chosen(state) else { return };
    output.text(&format!(
        "{} {}{}",
        output.tone(Tone::Strong, &way_in(line)),
        doing(line),
        reason(state)
    ));
    output.text(&format!("  input  {}", value(&line.input)));
    if let Some(data) = &line.data {
        if let Some(arguments) = data.arguments.as_ref().filter(|it| ***it != line.input) {
            output.text(&format!("  gets   {}", value(arguments)));
        }
        if let Some(error) = data
            .error
            .as_ref()
            .filter(|_| line.place == DebugPlace::Entering)
        {
            let text = format!(
                "  will raise {error}: {}",
                data.cause.as_deref().unwrap_or("")
            );
            output.text(&output.tone(Tone::Bad, &text));
        }
    }
    match &line.answer {
        Some(DebugAnswer::Result { value: result }) => {
            output.text(&format!("  result {}", value(result)));
        }
        Some(DebugAnswer::Error { error, cause }) => {
            let (error, cause) = (
                error.as_deref().unwrap_or(""),
                cause.as_deref().unwrap_or(""),
            );
            output.text(&output.tone(Tone::Bad, &format!("  error  {error}: {cause}")));
        }
        None => {}
    }
    problems(output, state);
}

fn problems(output: &Output, state: &DebugState) {
    for one in &state.breakpoints {
        if let Some(problem) = &one.problem {
            output.text(&format!("  breakpoint {}: {problem}", one.breakpoint.id));
        }
    }
}

fn outcome(output: &Output, state: &DebugState) {
    let Some(outcome) = &state.outcome else {
        return;
    };
    if outcome.status == RunStatus::Succeeded {
        let result = outcome.output.as_ref().map(value).unwrap_or_default();
        output.text(&format!(
            "{} {result}",
            output.tone(Tone::Good, "succeeded")
        ));
    } else {
        let status = crate::runs::status(output, outcome.status);
        let error = outcome.error.as_deref().unwrap_or("");
        output.text(&format!(
            "{status} {error}: {}",
            outcome.cause.as_deref().unwrap_or("")
        ));
    }
    problems(output, state);
}

/// The states that were entered since an event, in a line.
pub(crate) fn way(output: &Output, state: &DebugState, before: u64) {
    let names: Vec<&str> = state
        .events
        .iter()
        .filter(|event| event.id > before && event.kind.ends_with("StateEntered"))
        .filter_map(|event| event.visit.as_ref().map(|visit| visit.name.as_str()))
        .collect();
    if names.len() > 1 {
        let shown: Vec<&str> = names.iter().rev().take(12).rev().copied().collect();
        let more = if shown.len() < names.len() {
            "… "
        } else {
            ""
        };
        output.text(&output.tone(Tone::Dim, &format!("  {more}{}", shown.join(" → "))));
    }
}

/// What somebody asked to see.
pub(crate) fn show(output: &Output, state: &DebugState, what: &Show) {
    let line = chosen(state);
    match what {
        Show::Help => output.text(HELP),
        Show::Breakpoints => {
            for one in &state.breakpoints {
                let at = &one.breakpoint;
                let condition = at.condition.as_ref();
                let condition = condition
                    .map(|text| format!(" if {text}"))
                    .unwrap_or_default();
                let problem = one.problem.as_ref();
                let problem = problem.map(|text| format!(" ({text})")).unwrap_or_default();
                output.text(&format!(
                    "  {} {}{condition}, held {} times{problem}",
                    at.id,
                    place(&at.at),
                    one.hits
                ));
            }
        }
        Show::Lines => {
            for one in &state.threads {
                let mark = if Some(one.id) == state.thread {
                    "*"
                } else {
                    " "
                };
                output.text(&format!("{mark} {} {} {}", one.id, way_in(one), doing(one)));
            }
        }
        Show::Events(count) => {
            let skipped = state.events.len().saturating_sub(*count);
            for event in state.events.iter().skip(skipped) {
                let name = event
                    .visit
                    .as_ref()
                    .map(|visit| visit.name.as_str())
                    .unwrap_or_default();
                output.text(&format!("  {} {} {name}", event.id, event.kind));
            }
        }
        Show::Where => match line {
            Some(line) => {
                for frame in &line.frames {
                    output.text(&format!("  {} {}{}", frame.kind, frame.name, index(frame)));
                }
            }
            None => outcome(output, state),
        },
        Show::Variables => {
            for (name, found) in line.map(|line| &line.variables).into_iter().flatten() {
                output.text(&format!("  ${name} = {}", value(found)));
            }
        }
        Show::Data => {
            let data = line.and_then(|line| line.data.as_deref());
            let data = data.and_then(|data| serde_json::to_value(data).ok());
            for (name, found) in data
                .as_ref()
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                output.text(&format!("  {name}: {}", value(found)));
            }
        }
    }
}

fn chosen(state: &DebugState) -> Option<&DebugThread> {
    state
        .threads
        .iter()
        .find(|line| Some(line.id) == state.thread)
}

fn way_in(line: &DebugThread) -> String {
    let names: Vec<String> = line
        .frames
        .iter()
        .map(|frame| format!("{}{}", frame.name, index(frame)))
        .collect();
    names.join(" > ")
}

fn index(frame: &DebugFrame) -> String {
    match frame.index {
        None => String::new(),
        Some(index) if frame.kind == "Map" => format!(" iteration {index}"),
        Some(index) => format!(" branch {index}"),
    }
}

fn doing(line: &DebugThread) -> String {
    let kind = line
        .frames
        .last()
        .map(|frame| frame.kind.as_str())
        .unwrap_or_default();
    let does = match line.place {
        DebugPlace::Entering => "",
        DebugPlace::Waiting => ", waits",
        DebugPlace::Retrying => ", waits to try again",
        DebugPlace::Working => ", works",
        DebugPlace::Answered => ", has answered",
        DebugPlace::Within => ", goes on within",
        DebugPlace::Transferring => ", reads or writes files",
    };
    format!("({kind}{does})")
}

fn reason(state: &DebugState) -> String {
    match &state.reason {
        Some(HoldReason::Breakpoint { id }) => format!(", breakpoint {id}"),
        Some(HoldReason::Error { id, error, .. }) => {
            format!(
                ", breakpoint {id}: it raises {}",
                error.as_deref().unwrap_or("an error")
            )
        }
        Some(HoldReason::LineEnded) => ", the line that was stepped has ended".to_owned(),
        Some(HoldReason::Stuck) => ", nothing goes on".to_owned(),
        _ => String::new(),
    }
}

fn place(at: &BreakAt) -> String {
    match at {
        BreakAt::Enter { state } => format!("before {state}"),
        BreakAt::Result { state } => format!("at the result of {state}"),
        BreakAt::Exit { state } => format!("after {state}"),
        BreakAt::Transition { from, to } => format!("from {from} to {to}"),
        BreakAt::Error { name, .. } => match name {
            Some(name) => format!("at the error {name}"),
            None => "at any error".to_owned(),
        },
    }
}
