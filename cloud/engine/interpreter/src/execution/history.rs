//! Events, numbered and chained as Step Functions does.

use super::{Execution, Names};
use crate::event::{Details, Event, Visited};
use crate::execution::thread::Thread;
use crate::{Effect, Failure, Outcome};
use awm_api::Timestamp;
use awm_api::runs::{RunStatus, VisitData};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::sync::Arc;

/// Events that a history of AWS may have.
pub(super) const EVENT_LIMIT: u64 = 25_000;

/// Events that there is room for when a step tells its first.
const EVENTS_PER_STEP: usize = 16;

/// A history: the execution's own, or a child execution's, which nobody sees.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) next_event: u64,
    pub(super) visible: bool,
    pub(super) about: About,
}

/// What `$$.Execution` is made of, when a state reads it.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// The id and the name of a child execution.
    child: Option<Box<(String, String)>>,
    /// The input, if anything can read it.
    input: Option<Arc<Value>>,
    started: Timestamp,
    /// How often the execution was redriven, and when.
    redriven: Option<(u32, Timestamp)>,
}

impl Line {
    pub(super) fn new(visible: bool, about: About) -> Self {
        Self {
            next_event: 1,
            visible,
            about,
        }
    }
}

impl About {
    pub(super) fn of(
        child: Option<Box<(String, String)>>,
        input: Option<Arc<Value>>,
        started: Timestamp,
    ) -> Self {
        Self {
            child,
            input,
            started,
            redriven: None,
        }
    }

    pub(super) fn redriven(mut self, count: u32, at: Timestamp) -> Self {
        self.redriven = Some((count, at));
        self
    }

    /// `$$.Execution`
    pub(super) fn context(&self, names: &Names) -> Value {
        let (id, name) = match self.child.as_deref() {
            Some((id, name)) => (id, name),
            None => (&names.execution_id, &names.execution_name),
        };
        let mut context = Map::with_capacity(7);
        context.insert("Id".to_owned(), id.as_str().into());
        let input = self.input.as_deref().cloned().unwrap_or_default();
        context.insert("Input".to_owned(), input);
        context.insert("StartTime".to_owned(), rfc3339(self.started).into());
        context.insert("Name".to_owned(), name.as_str().into());
        context.insert("RoleArn".to_owned(), (&*names.role).into());
        // Express executions can't be redriven.
        if !is_express(id) {
            let count = self.redriven.map_or(0, |(count, _)| count);
            context.insert("RedriveCount".to_owned(), count.into());
        }
        if let Some((count, at)) = self.redriven {
            context.insert("RedriveCount".to_owned(), count.into());
            context.insert("RedriveTime".to_owned(), rfc3339(at).into());
        }
        Value::Object(context)
    }
}

impl Names {
    /// Whether the execution is an Express one, which its ARN tells.
    pub fn is_express(&self) -> bool {
        is_express(&self.execution_id)
    }
}

fn is_express(arn: &str) -> bool {
    // `arn:aws:states:REGION:ACCOUNT:express:…`
    arn.split(':').nth(5) == Some("express")
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
        kind: impl Into<Cow<'static, str>>,
        details: impl Into<Details>,
        visit: Option<Visited>,
    ) -> u64 {
        let Some(line) = self.lines.get_mut(&line) else {
            return 0;
        };
        let id = line.next_event;
        line.next_event += 1;
        if line.visible {
            if self.events.is_empty() {
                self.events.reserve(EVENTS_PER_STEP);
            }
            self.events.push(Event {
                id,
                previous,
                at: self.now,
                kind: kind.into(),
                details: details.into(),
                visit,
            });
        }
        id
    }

    /// Writes the next event of a thread.
    pub(super) fn emit(
        &mut self,
        thread: &mut Thread,
        kind: impl Into<Cow<'static, str>>,
        details: impl Into<Details>,
    ) {
        thread.last = self.emit_aside(thread, kind, details);
    }

    /// Writes an event of a thread that the next one does not follow.
    pub(super) fn emit_aside(
        &mut self,
        thread: &mut Thread,
        kind: impl Into<Cow<'static, str>>,
        details: impl Into<Details>,
    ) -> u64 {
        let kind = kind.into();
        let visit = self.visit(thread, tells_data(&kind));
        self.tell(thread.line, thread.last, kind, details, visit)
    }

    /// The visit that an event belongs to, with its data or without.
    pub(super) fn visit(&self, thread: &Thread, with_data: bool) -> Option<Visited> {
        self.visited(thread, || {
            let data = thread.data.as_ref().filter(|_| with_data)?;
            (**data != VisitData::default()).then(|| data.clone())
        })
    }

    fn visited(
        &self,
        thread: &Thread,
        data: impl FnOnce() -> Option<Box<VisitData>>,
    ) -> Option<Visited> {
        let line = self.lines.get(&thread.line)?;
        if !line.visible {
            return None;
        }
        let entering = thread.visit == 0;
        Some(Visited {
            id: if entering {
                line.next_event
            } else {
                thread.visit
            },
            node: Arc::clone(&thread.node),
            within: thread.within.clone(),
            data: data(),
        })
    }

    pub(super) fn enter(&mut self, thread: &mut Thread) {
        thread.visit = 0;
        thread.before = thread.last;
        thread.started = false;
        thread.entered_at = self.now;
        self.exercise(|| thread.node.pointer.to_string());
        let visit = self.visited(thread, || {
            Some(Box::new(VisitData {
                input: Some(Arc::clone(&thread.input)),
                ..VisitData::default()
            }))
        });
        if self.options.history {
            thread.data().input = Some(Arc::clone(&thread.input));
        }
        let kind = thread.node.entered();
        thread.last = match visit {
            Some(_) => {
                let details = Details::Named("input", Arc::clone(&thread.input), None);
                self.tell(thread.line, thread.last, kind, details, visit)
            }
            None => self.count(thread.line),
        };
        thread.visit = thread.last;
    }

    pub(super) fn exit(&mut self, thread: &mut Thread, output: &Arc<Value>) {
        let assigned = thread.assigned.take();
        // The visit is over, so that its data goes into the event.
        let data = thread.data.take();
        let visit = self.visited(thread, || {
            let mut data = data.unwrap_or_default();
            data.output = Some(Arc::clone(output));
            data.retries = thread.retry_count;
            if !thread.scope.is_empty() {
                data.variables = Some(Value::Object(thread.scope.visible()));
            }
            Some(data)
        });
        let kind = thread.node.exited();
        thread.last = match visit {
            Some(_) => {
                let details = Details::Named("output", Arc::clone(output), assigned.map(Box::new));
                self.tell(thread.line, thread.last, kind, details, visit)
            }
            None => self.count(thread.line),
        };
    }

    /// Counts an event of a history that nobody sees.
    fn count(&mut self, line: u64) -> u64 {
        let Some(line) = self.lines.get_mut(&line) else {
            return 0;
        };
        line.next_event += 1;
        line.next_event - 1
    }

    /// Ends the execution and forgets everything else.
    pub(super) fn end_all(
        &mut self,
        status: RunStatus,
        kind: &'static str,
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
        let outcome = Arc::new(outcome);
        let ids: Vec<u64> = self.threads.keys().collect();
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
        self.effects.push(Effect::Finished(Arc::clone(&outcome)));
        self.outcome = Some(outcome);
    }

    /// Whether the history has no room for another state.
    pub(super) fn is_full(&self, thread: &Thread) -> bool {
        self.lines
            .get(&thread.line)
            .is_some_and(|line| line.next_event > self.options.event_limit)
    }
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
