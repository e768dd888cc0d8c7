//! Events as the machine tells them: data by reference, and no JSON before somebody stores or shows it.

use crate::program::Node;
use awm_api::Timestamp;
use awm_api::runs::{RunEvent, Visit, VisitData};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// An event of a history. It shares its data with the execution; [`RunEvent::from`] makes what is stored and shown of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub(crate) id: u64,
    pub(crate) previous: u64,
    pub(crate) at: Timestamp,
    pub(crate) kind: Cow<'static, str>,
    pub(crate) details: Details,
    pub(crate) visit: Option<Visited>,
}

/// What an event's details are made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Details {
    /// As they are.
    Whole(Value),
    /// One field of data.
    Data(&'static str, Arc<Value>),
    /// The name of the state that is visited, one field of data, and variables that were assigned.
    Named(&'static str, Arc<Value>, Option<Box<Map<String, Value>>>),
}

/// The visit that an event belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Visited {
    pub(crate) id: u64,
    pub(crate) node: Arc<Node>,
    pub(crate) within: Vec<u32>,
    pub(crate) data: Option<Box<VisitData>>,
}

impl Event {
    /// The event's number, from 1.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The event type as AWS names it, such as `PassStateEntered`.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

impl Details {
    fn into_value(self, name: &str) -> Value {
        let (field, data, named, assigned) = match self {
            Details::Whole(value) => return value,
            Details::Data(field, data) => (field, data, None, None),
            Details::Named(field, data, assigned) => (field, data, Some(name), assigned),
        };
        let mut details = Map::with_capacity(3);
        if let Some(name) = named {
            details.insert("name".to_owned(), name.into());
        }
        details.insert(field.to_owned(), Arc::unwrap_or_clone(data));
        if let Some(assigned) = assigned {
            details.insert("assignedVariables".to_owned(), Value::Object(*assigned));
        }
        Value::Object(details)
    }
}

impl From<Value> for Details {
    fn from(value: Value) -> Self {
        Details::Whole(value)
    }
}

impl From<Event> for RunEvent {
    fn from(event: Event) -> Self {
        let name = event.visit.as_ref().map_or("", |visit| &*visit.node.name);
        RunEvent {
            id: event.id,
            previous: event.previous,
            at: event.at,
            kind: event.kind.into_owned(),
            details: event.details.into_value(name),
            visit: event.visit.map(|visit| Visit {
                id: visit.id,
                state: visit.node.pointer.to_string(),
                name: visit.node.name.to_string(),
                within: visit.within,
                data: visit.data,
            }),
        }
    }
}
