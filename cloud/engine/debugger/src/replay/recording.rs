//! A history as `GetExecutionHistory` answers it, read.

use awm_api::Timestamp;
use awm_interpreter::Failure;
use serde_json::{Map, Value};

/// Why a text is no history: a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RecordingError(pub String);

/// A recorded event.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Its number.
    pub id: u64,
    /// The event that led to it; 0 for none.
    pub previous: u64,
    /// When it happened, if that is told.
    pub at: Option<Timestamp>,
    /// Its type.
    pub kind: String,
    /// The content of its `…EventDetails`, with data as values.
    pub details: Value,
}

/// A recorded history, in the order of the events' numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The events.
    pub events: Vec<Recorded>,
    /// Whether every event has its number and its predecessor. Without these only the events themselves can be compared.
    pub chained: bool,
}

/// Fields that hold JSON as text in what AWS answers.
const TEXTS: [&str; 3] = ["input", "output", "parameters"];
/// Fields that tell only how the others were cut, or what no run has.
const DROPPED: [&str; 5] = [
    "inputDetails",
    "outputDetails",
    "assignedVariablesDetails",
    "evaluationFailedDetails",
    "roleArn",
];

impl Recording {
    /// Reads `{"events": […]}` or the list itself. Timestamps are seconds since the epoch or ISO 8601; data is JSON as text, as
    /// AWS has it, or the value itself.
    pub fn read(history: &Value) -> Result<Self, RecordingError> {
        let wrong = |what: &str| RecordingError(format!("the history {what}"));
        let list = match history {
            Value::Array(list) => list,
            Value::Object(fields) => fields
                .get("events")
                .or_else(|| fields.get("Events"))
                .and_then(Value::as_array)
                .ok_or_else(|| wrong("has no list `events`"))?,
            _ => return Err(wrong("is neither a list of events nor an object with one")),
        };
        if list.is_empty() {
            return Err(wrong("is empty"));
        }
        let as_text = list.iter().all(tells_text);
        let mut events = Vec::with_capacity(list.len());
        let mut chained = true;
        for (place, event) in list.iter().enumerate() {
            let kind = event.get("type").and_then(Value::as_str);
            let kind = kind.ok_or_else(|| wrong(&format!("has no `type` at its event {place}")))?;
            let id = event.get("id").and_then(Value::as_u64);
            chained &= id.is_some();
            events.push(Recorded {
                id: id.unwrap_or(place as u64 + 1),
                previous: event
                    .get("previousEventId")
                    .and_then(Value::as_u64)
                    .unwrap_or_default(),
                at: event.get("timestamp").and_then(instant),
                kind: kind.to_owned(),
                details: details(event, as_text),
            });
        }
        if chained {
            events.sort_by_key(|event| event.id);
        }
        if !events.iter().any(|event| event.kind == "ExecutionStarted") {
            return Err(wrong("has no `ExecutionStarted`: give all of its pages"));
        }
        Ok(Self { events, chained })
    }

    /// What the execution was given.
    pub fn input(&self) -> Value {
        let started = |event: &&Recorded| event.kind == "ExecutionStarted";
        let first = self.events.iter().find(started);
        first.map_or(Value::Null, |event| event.field("input"))
    }

    /// When it began, if that is told.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.events.first().and_then(|event| event.at)
    }
}

impl Recorded {
    /// A field of the details; null if there is none.
    pub fn field(&self, name: &str) -> Value {
        self.details.get(name).cloned().unwrap_or_default()
    }

    /// What the event says that a task answered.
    pub(crate) fn answer(&self) -> Option<Result<Value, Failure>> {
        let of_work = ["Task", "LambdaFunction", "Activity"]
            .iter()
            .any(|prefix| self.kind.starts_with(prefix));
        let ends = |end: &str| of_work && self.kind.ends_with(end);
        if ends("Succeeded") {
            return Some(Ok(self.field("output")));
        }
        (ends("Failed") || ends("TimedOut")).then(|| Err(self.failure()))
    }

    /// The error that it tells of.
    pub(crate) fn failure(&self) -> Failure {
        Failure::named(self.text("error").as_deref(), self.text("cause").as_deref())
    }

    /// A field's text.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.details.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            // A cause that is JSON was read as such.
            other => Some(other.to_string()),
        }
    }
}

/// Whether all data of an event is text that holds JSON.
fn tells_text(event: &Value) -> bool {
    let Some(details) = raw_details(event) else {
        return true;
    };
    TEXTS.iter().all(|field| match details.get(*field) {
        None => true,
        Some(Value::String(text)) => serde_json::from_str::<Value>(text).is_ok(),
        Some(_) => false,
    })
}

fn raw_details(event: &Value) -> Option<&Map<String, Value>> {
    event
        .as_object()?
        .iter()
        .find(|(key, _)| key.ends_with("EventDetails"))
        .and_then(|(_, details)| details.as_object())
}

fn details(event: &Value, as_text: bool) -> Value {
    let mut details = raw_details(event).cloned().unwrap_or_default();
    for field in DROPPED {
        details.remove(field);
    }
    if as_text {
        let parsed = |value: &Value| {
            let text = value.as_str()?;
            serde_json::from_str::<Value>(text).ok()
        };
        for field in TEXTS {
            if let Some(value) = details.get_mut(field)
                && let Some(found) = parsed(value)
            {
                *value = found;
            }
        }
        let assigned = details
            .get_mut("assignedVariables")
            .and_then(Value::as_object_mut);
        for (_, value) in assigned.into_iter().flatten() {
            if let Some(found) = parsed(value) {
                *value = found;
            }
        }
    }
    Value::Object(details)
}

/// Milliseconds since the epoch.
fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => {
            let number = number.as_f64()?;
            // Seconds, unless they would be far in the future. The cast saturates.
            Some(match number.abs() < 1e11 {
                true => (number * 1000.0).round() as Timestamp,
                false => number.round() as Timestamp,
            })
        }
        Value::String(text) => chrono::DateTime::parse_from_rfc3339(text)
            .map(|time| time.timestamp_millis())
            .or_else(|_| {
                // As the command line of AWS writes it in some settings.
                chrono::DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%z")
                    .map(|time| time.timestamp_millis())
            })
            .ok(),
        _ => None,
    }
}
