//! `awm replay`.

use crate::{
    args::Replay as Given,
    debug::{show, states::States},
    exit::Ended,
    input,
    output::{Output, Tone},
    run,
};
use awm_api::{
    Code, UserError,
    runs::{RunEvent, RunStatus},
};
use awm_asl::Definition;
use awm_debugger::replay::{
    Difference, Fork, PastVisit, Recording, Replay, Replayed, Stand, fork, replay as again,
};
use awm_interpreter::{Names, Outcome, Program};
use serde_json::{Map, Value, json};
use std::{path::Path, sync::Arc};

pub(crate) fn replay(output: &Output, given: &Given) -> Result<Ended, UserError> {
    let (program, document) = program(&given.definition)?;
    let states = States::of(&document);
    let history = input::json(&from(&given.history))?;
    let recording = Recording::read(&history).map_err(|error| refused(error.to_string()))?;
    let names = names(given.arn.as_deref())?;
    let stand = stand(given, &states, &document)?;
    if let Some(event) = given.fork {
        let changed = match &given.changed {
            Some(file) => Some(self::program(file)?.0),
            None => None,
        };
        let forked = fork(Fork {
            program,
            changed,
            recording: &recording,
            event,
            input: given.input.as_deref().map(input::json).transpose()?,
            variables: variables(&given.set)?,
            names,
            now: 0,
            stand,
        })
        .map_err(|error| refused(error.to_string()))?;
        return Ok(tell_fork(
            output,
            forked.from,
            &forked.state,
            &forked.events,
            forked.outcome.as_ref(),
        ));
    }
    let replayed = again(
        Replay {
            program,
            recording: &recording,
            names,
            now: 0,
            stand,
        },
        &|a, b| a == b,
    );
    Ok(tell(output, &recording, &replayed, &states, &document))
}

fn refused(message: String) -> UserError {
    UserError::new(Code::BadRequest, message)
        .help("give what `aws stepfunctions get-execution-history` answered, all pages in one list")
}

/// A file as `input::json` takes it.
fn from(file: &Path) -> String {
    match file == Path::new("-") {
        true => "-".to_owned(),
        false => format!("@{}", file.display()),
    }
}

fn program(file: &Path) -> Result<(Arc<Program>, Value), UserError> {
    let name = file.display().to_string();
    let document = awm_commands::read_text(&name, input::text(file)?)?;
    let format = match document.format {
        awm_flow::Format::Json => awm_asl::Format::Json,
        awm_flow::Format::Yaml => awm_asl::Format::Yaml,
    };
    let definition = Definition::read(document.text.as_str(), format);
    let invalid = |why: String| {
        UserError::new(
            Code::DefinitionInvalid,
            format!("`{name}` can't be run: {why}"),
        )
        .help("`awm validate` tells all problems")
    };
    let machine = definition
        .machine
        .as_ref()
        .ok_or_else(|| invalid("it is no state machine".to_owned()))?;
    let program = Program::compile(machine).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        invalid(errors.join("; "))
    })?;
    let document = serde_json::to_value(&document).map_err(|error| invalid(error.to_string()))?;
    Ok((Arc::new(program), document))
}

/// `arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME`
fn names(arn: Option<&str>) -> Result<Names, UserError> {
    let Some(arn) = arn else {
        return Ok(Names::local("replay", "replay"));
    };
    let parts: Vec<&str> = arn.split(':').collect();
    let [_, partition, _, region, account, _, machine, name] = parts.as_slice() else {
        return Err(refused(format!("`{arn}` is not the ARN of an execution")));
    };
    Ok(Names {
        execution_id: arn.to_owned(),
        execution_name: (*name).to_owned(),
        role: format!("arn:{partition}:iam::{account}:role/{machine}").into(),
        machine_id: format!("arn:{partition}:states:{region}:{account}:stateMachine:{machine}")
            .into(),
        machine_name: (*machine).into(),
        region: (*region).into(),
    })
}

fn stand(given: &Given, states: &States, document: &Value) -> Result<Stand, UserError> {
    let mut stand = Stand::default();
    let mocks = run::mocks(&given.stand_ins, document)?;
    for (state, mock) in mocks.into_iter().flatten() {
        // A name of a state that is in another one is told as if it were at the top.
        let name = state.strip_prefix("/States/").unwrap_or(&state);
        let state = states.find(&state).or_else(|_| states.find(name));
        stand.mocks.insert(state.map_err(refused)?, vec![mock]);
    }
    for items in &given.items {
        let (state, items) = run::parted(items, "--items STATE=JSON")?;
        let Value::Array(items) = input::json(items)? else {
            return Err(refused("`--items` takes an array".to_owned()));
        };
        stand
            .items
            .insert(states.find(state).map_err(refused)?, items);
    }
    Ok(stand)
}

fn variables(given: &[String]) -> Result<Map<String, Value>, UserError> {
    let mut variables = Map::new();
    for variable in given {
        let (name, value) = run::parted(variable, "--set NAME=JSON")?;
        variables.insert(name.trim_start_matches('$').to_owned(), input::json(value)?);
    }
    Ok(variables)
}

fn tell(
    output: &Output,
    recording: &Recording,
    replayed: &Replayed,
    states: &States,
    document: &Value,
) -> Ended {
    let reasons: Vec<Option<&str>> = replayed
        .differences
        .iter()
        .map(|difference| drawn(difference, states, document))
        .collect();
    let reproduced = reasons.iter().all(Option::is_some);
    if output.is_json() {
        let differences: Vec<Value> = replayed
            .differences
            .iter()
            .zip(&reasons)
            .map(|(difference, reason)| {
                let mut told = serde_json::to_value(difference).unwrap_or_default();
                if let (Some(reason), Some(fields)) = (reason, told.as_object_mut()) {
                    fields.insert("reason".to_owned(), json!(reason));
                }
                told
            })
            .collect();
        output.json(&json!({
            "reproduced": reproduced,
            "events": recording.events.len(),
            "states": replayed.visits.all.iter().map(state).collect::<Vec<_>>(),
            "differences": differences,
            "stands": replayed.stands,
            "outcome": replayed.outcome.as_ref().map(outcome),
        }));
    } else {
        for visit in &replayed.visits.all {
            output.text(&line(output, visit));
        }
        for (difference, reason) in replayed.differences.iter().zip(&reasons) {
            let number = difference
                .recorded
                .or(difference.replayed)
                .unwrap_or_default();
            let name = difference.state.as_deref().unwrap_or_default();
            let reason = reason
                .map(|reason| format!(" ({reason})"))
                .unwrap_or_default();
            output.text(&format!(
                "event {number} {} {name}: {}{reason}",
                difference.kind, difference.text
            ));
        }
        if !replayed.stands.is_empty() {
            output.text(&format!(
                "the replay stands at {}",
                replayed.stands.join(", ")
            ));
        }
        output.text(&match reproduced {
            true => format!(
                "{}: {} events",
                output.tone(Tone::Good, "reproduced"),
                recording.events.len()
            ),
            false => format!(
                "{}: {} differences",
                output.tone(Tone::Bad, "not reproduced"),
                reasons.len()
            ),
        });
    }
    match reproduced {
        true => Ended::Well,
        false => Ended::Failed,
    }
}

/// Why a state's data may be another one each time.
fn drawn(difference: &Difference, states: &States, document: &Value) -> Option<&'static str> {
    const SOURCES: [(&str, &str); 8] = [
        ("States.MathRandom", "`States.MathRandom` draws a number"),
        ("States.UUID", "`States.UUID` makes an id"),
        ("$random(", "`$random` draws a number"),
        ("$shuffle(", "`$shuffle` draws an order"),
        ("$uuid(", "`$uuid` makes an id"),
        ("$now(", "`$now` tells the time of the run"),
        ("$millis(", "`$millis` tells the time of the run"),
        (
            "Time",
            "the context object tells times and names of the run",
        ),
    ];
    let known = difference.recorded.is_some() && difference.replayed.is_some();
    let pointer = states.find(difference.state.as_deref()?).ok()?;
    let text = document.get("text").and_then(Value::as_str)?;
    let definition: Value = serde_json::from_str(text).ok()?;
    let state = definition.pointer(&pointer)?.to_string();
    let found = SOURCES.iter().find(|(source, _)| state.contains(source));
    found.filter(|_| known).map(|(_, reason)| *reason)
}

fn state(visit: &PastVisit) -> Value {
    json!({
        "event": visit.id,
        "state": visit.state,
        "name": visit.name,
        "type": visit.kind,
        "within": visit.within,
        "milliseconds": visit.left_at.zip(visit.entered_at).map(|(left, entered)| left - entered),
        "data": visit.data,
    })
}

/// A visit in a line: its event, name, time, retries, and what came of it.
fn line(output: &Output, visit: &PastVisit) -> String {
    let within: String = visit
        .within
        .iter()
        .map(|index| format!("[{index}]"))
        .collect();
    let took = visit
        .left_at
        .zip(visit.entered_at)
        .map(|(left, entered)| left - entered);
    let took = took.map(|took| format!(" {}.{:03} s", took / 1000, took.rem_euclid(1000)));
    let retries = match visit.data.retries {
        0 => String::new(),
        retries => format!(" {retries} retries"),
    };
    let ended = match (&visit.data.output, &visit.data.error) {
        (Some(value), _) => show::value(value),
        (None, Some(error)) => output.tone(Tone::Bad, error),
        (None, None) => "not left".to_owned(),
    };
    format!(
        "{:>4} {}{within}{}{retries}: {ended}",
        visit.id,
        output.tone(Tone::Strong, &visit.name),
        took.unwrap_or_default()
    )
}

fn outcome(outcome: &Outcome) -> Value {
    json!({
        "status": outcome.status,
        "output": outcome.output,
        "error": outcome.error,
        "cause": outcome.cause,
    })
}

fn tell_fork(
    output: &Output,
    from: u64,
    state: &str,
    events: &[RunEvent],
    ended: Option<&Outcome>,
) -> Ended {
    let new = events.iter().filter(|event| event.id >= from);
    if output.is_json() {
        output.json(&json!({
            "from": from,
            "state": state,
            "events": new.collect::<Vec<_>>(),
            "outcome": ended.map(outcome),
        }));
    } else {
        for event in new {
            let name = event
                .visit
                .as_ref()
                .map(|visit| visit.name.as_str())
                .unwrap_or_default();
            let told = ["input", "output", "error"]
                .iter()
                .find_map(|field| event.details.get(*field));
            let told = told.map(show::value).unwrap_or_default();
            output.text(&format!("{:>4} {} {name} {told}", event.id, event.kind));
        }
        match ended {
            Some(ended) if ended.status == RunStatus::Succeeded => {
                let result = ended.output.as_ref().map(show::value).unwrap_or_default();
                output.text(&format!(
                    "{} {result}",
                    output.tone(Tone::Good, "succeeded")
                ));
            }
            Some(ended) => {
                let error = ended.error.as_deref().unwrap_or_default();
                let cause = ended.cause.as_deref().unwrap_or_default();
                output.text(&format!(
                    "{} {error}: {cause}",
                    crate::runs::status(output, ended.status)
                ));
            }
            None => output.text("it never ends"),
        }
    }
    match ended {
        Some(ended) if ended.status == RunStatus::Succeeded => Ended::Well,
        _ => Ended::Failed,
    }
}
