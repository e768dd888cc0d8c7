//! A recorded history, left at one of its events: from there on with other data or another definition.

use super::free::{Stand, go};
use super::recording::Recording;
use super::visits::Visits;
use crate::timeline::{Entry, Moment};
use awm_api::Timestamp;
use awm_api::runs::RunEvent;
use awm_interpreter::{Execution, Input, Names, Options, Outcome, Program};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Where it is left, and with what.
#[derive(Clone, Debug)]
pub struct Fork<'a> {
    /// The definition that was run.
    pub program: Arc<Program>,
    /// The definition that goes on, if it is another one.
    pub changed: Option<Arc<Program>>,
    /// What happened.
    pub recording: &'a Recording,
    /// An event of the visit that is done otherwise: everything before the visit stands.
    pub event: u64,
    /// The visit's input, if it is another one.
    pub input: Option<Value>,
    /// Variables that the visit sees.
    pub variables: Map<String, Value>,
    /// What the execution was called in the context object.
    pub names: Names,
    /// When it began, if the recording does not tell.
    pub now: Timestamp,
    /// What stands in for tasks that the recording has no answer of.
    pub stand: Stand,
}

/// Why there is no fork: a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ForkRefused(pub String);

/// What a fork gave.
#[derive(Clone, Debug)]
pub struct Forked {
    /// The first event that is new.
    pub from: u64,
    /// The state that is done otherwise, by its name.
    pub state: String,
    /// The whole history: what was recorded before, and what is new.
    pub events: Vec<RunEvent>,
    /// How it ended; none if it never does.
    pub outcome: Option<Outcome>,
}

/// Leaves a history at an event. Tasks are answered as they were after that event, in each state's order, and then by what stands
/// in for them; a task without either fails with `Awm.NotRecorded`. Time is virtual.
pub fn fork(mut what: Fork<'_>) -> Result<Forked, ForkRefused> {
    let refused = |text: String| ForkRefused(text);
    if !what.recording.chained {
        return Err(refused(
            "the history lacks the numbers of its events".to_owned(),
        ));
    }
    let event = what
        .recording
        .events
        .iter()
        .find(|event| event.id == what.event);
    let event = event.ok_or_else(|| refused(format!("there is no event {}", what.event)))?;
    let visits = Visits::of(what.recording, &what.program);
    let all = visits.events(what.recording, what.now);
    // An event that is about no state is about the one before it.
    let visit = visits
        .visit(event.id)
        .or_else(|| visits.visit(event.previous))
        .or_else(|| visits.all.first())
        .ok_or_else(|| refused("no state was entered".to_owned()))?;
    let mut before: Vec<RunEvent> = all.into_iter().filter(|told| told.id <= visit.id).collect();
    what.stand
        .remember(what.recording, &visits, &what.program, visit.id);
    let program = what.changed.unwrap_or(what.program);
    let now = before.last().map_or(what.now, |told| told.at);
    let execution = Execution::resume(
        program,
        &before,
        None,
        what.names,
        Options::default(),
        0,
        now,
    )
    .map_err(|error| refused(error.to_string()))?;
    let mut moment = Moment::new(execution, now);
    // The state is entered anew.
    before.pop();
    let mut events = before;
    events.extend(moment.apply(now, &Entry::Give(Input::Started)));
    let mut change = Some((what.input, what.variables));
    let made = go(
        &mut moment,
        &mut what.stand,
        |_| true,
        |moment, line| {
            if *line.state != *visit.state || line.within != visit.within {
                return;
            }
            let Some((input, variables)) = change.take() else {
                return;
            };
            let now = moment.now;
            if let Some(input) = input {
                moment.apply(now, &Entry::SetInput(line.id, input));
            }
            if !variables.is_empty() {
                moment.apply(now, &Entry::SetVariables(line.id, variables));
            }
        },
    );
    events.extend(made);
    Ok(Forked {
        from: visit.id,
        state: visit.name.clone(),
        events,
        outcome: moment.execution.outcome().cloned(),
    })
}
