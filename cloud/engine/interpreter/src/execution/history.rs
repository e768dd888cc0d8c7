//! Events, numbered and chained as Step Functions does.

use super::{Execution, Names};
use crate::execution::thread::Thread;
use crate::{Effect, Failure, Outcome};
use awm_api::Timestamp;
use awm_api::runs::{RunEvent, RunStatus, Visit, VisitData};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Events that a history of AWS may have.
pub(super) const EVENT_LIMIT: u64 = 25_000;

/// A history: the execution's own, or a child execution's, which nobody sees.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) next_event: u64,
    pub(super) visible: bool,
    /// `$$.Execution`
    pub(super) context: Arc<Value>,
}

impl Line {
    pub(super) fn new(visible: bool, context: Arc<Value>) -> Self {
        Self {
            next_event: 1,
            visible,
            context,
        }
    }
}

impl Names {
    /// `$$.Execution`
    pub(super) fn context(&self, input: Arc<Value>, now: Timestamp) -> Arc<Value> {
        let mut context = Map::with_capacity(6);
        context.insert("Id".to_owned(), self.execution_id.as_str().into());
        context.insert("Input".to_owned(), Value::clone(&input));
        context.insert("StartTime".to_owned(), rfc3339(now).into());
        context.insert("Name".to_owned(), self.execution_name.as_str().into());
        context.insert("RoleArn".to_owned(), self.role.as_str().into());
        // Express executions can't be redriven.
        if !self.is_express() {
            context.insert("RedriveCount".to_owned(), 0.into());
        }
        Arc::new(Value::Object(context))
    }

    /// Whether the execution is an Express one, which its ARN tells.
    pub fn is_express(&self) -> bool {
        self.execution_id.contains(":express:")
    }
}

/// A time as the context object tells it.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    chrono::DateTime::from_timestamp_millis(at).map_or_else(String::new, |time| {
        time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    })
}

impl Execution {
    /// Writes an event to a line's history and answers with its number.
    pub(super) fn tell(
        &mut self,
        line: u64,
        previous: u64,
        kind: &str,
        details: Value,
        visit: Option<Visit>,
    ) -> u64 {
        let Some(line) = self.lines.get_mut(&line) else {
            return 0;
        };
        let id = line.next_event;
        line.next_event += 1;
        if line.visible {
            self.events.push(RunEvent {
                id,
                previous,
                at: self.now,
                kind: kind.to_owned(),
                details,
                visit,
            });
        }
        id
    }

    /// Writes the next event of a thread.
    pub(super) fn emit(&mut self, thread: &mut Thread, kind: &str, details: Value) {
        thread.last = self.emit_aside(thread, kind, details);
    }

    /// Writes an event of a thread that the next one does not follow.
    pub(super) fn emit_aside(&mut self, thread: &mut Thread, kind: &str, details: Value) -> u64 {
        let visit = self.visit(thread, tells_data(kind));
        self.tell(thread.line, thread.last, kind, details, visit)
    }

    /// The visit that an event belongs to, with its data or without.
    pub(super) fn visit(&self, thread: &Thread, with_data: bool) -> Option<Visit> {
        let line = self.lines.get(&thread.line)?;
        if !line.visible {
            return None;
        }
        let entering = thread.visit == 0;
        Some(Visit {
            id: if entering {
                line.next_event
            } else {
                thread.visit
            },
            state: thread.node.pointer.to_string(),
            name: thread.node.name.to_string(),
            within: thread.within.clone(),
            data: (with_data && thread.data != VisitData::default())
                .then(|| Box::new(thread.data.clone())),
        })
    }

    pub(super) fn enter(&mut self, thread: &mut Thread) {
        thread.visit = 0;
        thread.before = thread.last;
        thread.started = false;
        thread.entered_at = self.now;
        self.exercise(|| thread.node.pointer.to_string());
        thread.data.input = Some(Arc::clone(&thread.input));
        let kind = format!("{}StateEntered", thread.node.type_name());
        let details = named(&thread.node.name, "input", Value::clone(&thread.input));
        self.emit(thread, &kind, details);
        thread.visit = thread.last;
    }

    pub(super) fn exit(&mut self, thread: &mut Thread, output: &Arc<Value>) {
        thread.data.output = Some(Arc::clone(output));
        thread.data.retries = thread.retry_count;
        if !thread.scope.is_empty() {
            thread.data.variables = Some(Value::Object(thread.scope.visible()));
        }
        let kind = format!("{}StateExited", thread.node.type_name());
        let mut details = named(&thread.node.name, "output", Value::clone(output));
        if let (Some(assigned), Some(details)) = (thread.assigned.take(), details.as_object_mut()) {
            details.insert("assignedVariables".to_owned(), Value::Object(assigned));
        }
        self.emit(thread, &kind, details);
    }

    /// Ends the execution and forgets everything else.
    pub(super) fn end_all(
        &mut self,
        status: RunStatus,
        kind: &str,
        last: Option<&Thread>,
        error: Option<String>,
        cause: Option<String>,
    ) {
        if last.is_none() {
            self.tell_map_runs_aborted();
        }
        let previous = last.map_or_else(
            || {
                self.lines
                    .get(&0)
                    .map_or(0, |line| line.next_event.saturating_sub(1))
            },
            |thread| thread.last,
        );
        let details = failure_details(error.as_deref(), cause.as_deref());
        // A state that fails the execution has no event of its own that would tell its data.
        let visit = last.and_then(|thread| self.visit(thread, true));
        self.tell(0, previous, kind, Value::Object(details), visit);
        self.finish(Outcome {
            status,
            output: None,
            error,
            cause,
        });
    }

    pub(super) fn finish(&mut self, outcome: Outcome) {
        let ids: Vec<u64> = self.threads.keys().copied().collect();
        for id in ids {
            if let Some(mut thread) = self.threads.remove(&id) {
                self.cancel_work(&mut thread);
            }
        }
        self.groups.clear();
        self.ready.clear();
        if let Some(id) = self.machine_timer.take() {
            self.effects.push(Effect::CancelTimer { id });
        }
        self.effects
            .retain(|effect| !matches!(effect, Effect::Continue));
        self.effects
            .push(Effect::Finished(Box::new(outcome.clone())));
        self.outcome = Some(outcome);
    }

    /// Whether the history has no room for another state.
    pub(super) fn is_full(&self, thread: &Thread) -> bool {
        self.lines
            .get(&thread.line)
            .is_some_and(|line| line.next_event > self.options.event_limit)
    }
}

/// The details of an event that has data and nothing else.
pub(super) fn of_data(field: &str, data: &Value) -> Value {
    let mut details = Map::with_capacity(1);
    details.insert(field.to_owned(), data.clone());
    Value::Object(details)
}

/// The details of an event that names its state. Not `json!`, which copies data by way of a serializer.
fn named(name: &str, field: &str, data: Value) -> Value {
    let mut details = Map::with_capacity(3);
    details.insert("name".to_owned(), name.into());
    details.insert(field.to_owned(), data);
    Value::Object(details)
}

/// Whether an event is one that a visit's data changes before.
fn tells_data(kind: &str) -> bool {
    [
        "Entered",
        "Scheduled",
        "Exited",
        "Failed",
        "Aborted",
        "TimedOut",
        "StateStarted",
    ]
    .iter()
    .any(|end| kind.ends_with(end))
}

/// `error` and `cause`, as far as there are.
pub(super) fn failure_details(error: Option<&str>, cause: Option<&str>) -> Map<String, Value> {
    let mut details = Map::new();
    if let Some(error) = error {
        details.insert("error".to_owned(), error.into());
    }
    if let Some(cause) = cause {
        details.insert("cause".to_owned(), cause.into());
    }
    details
}

/// What Catch gives: the description of an error.
pub(super) fn error_output(failure: &Failure) -> Value {
    json!({ "Error": failure.error, "Cause": failure.cause })
}
