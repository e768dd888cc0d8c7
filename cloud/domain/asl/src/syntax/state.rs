//! A state: what all types share, and what each has of its own.

use super::{
    Catcher, Choice, Machine, Map, PathField, Quantity, QueryLanguage, Retrier, Task, Text,
};
use crate::StateRef;
use serde::{Deserialize, Serialize};
use serde_json::{Map as JsonMap, Value};

/// A step of a machine.
///
/// Fields that a type or a query language does not have are empty for it; see [`super::supported`].
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Its name, unique in the whole definition.
    pub name: String,
    /// Where it is in the definition.
    pub pointer: StateRef,
    /// What it is for.
    pub comment: Option<String>,
    /// The language in force: the state's own, else the definition's.
    pub query_language: QueryLanguage,
    /// What is taken from the state's input (JSONPath).
    pub input_path: Option<PathField>,
    /// What is taken from the effective output (JSONPath).
    pub output_path: Option<PathField>,
    /// Where the result goes in the input (JSONPath).
    pub result_path: Option<PathField>,
    /// The template of the effective input (JSONPath). A Map's is its `item_selector`.
    pub parameters: Option<Value>,
    /// The template of the effective result (JSONPath).
    pub result_selector: Option<Value>,
    /// The template of what a Task or Parallel state gets (JSONata).
    pub arguments: Option<Value>,
    /// The template of the output (JSONata).
    pub output: Option<Value>,
    /// Templates of variables by name.
    pub assign: Option<JsonMap<String, Value>>,
    /// The state that follows.
    pub next: Option<String>,
    /// Whether the machine ends here.
    pub end: bool,
    /// When to try again, the first that matches.
    pub retry: Vec<Retrier>,
    /// Where to go when trying is over, the first that matches.
    pub catch: Vec<Catcher>,
    /// What it does.
    pub kind: StateKind,
    /// Fields that the language does not know here, which is an error, but they are kept.
    pub extra: JsonMap<String, Value>,
}

/// What a state does.
#[derive(Clone, Debug, PartialEq)]
pub enum StateKind {
    /// Has work done.
    Task(Box<Task>),
    /// Passes or shapes its input.
    Pass(Pass),
    /// Decides where to go.
    Choice(Choice),
    /// Waits.
    Wait(Wait),
    /// Ends the machine well.
    Succeed,
    /// Ends the machine with an error.
    Fail(Fail),
    /// Runs its branches side by side; each gets the same input.
    Parallel(Vec<Machine>),
    /// Runs a machine for each item.
    Map(Box<Map>),
    /// `Type` is missing or not a type, which is an error; it holds what is written there.
    Unknown(Option<String>),
}

/// The eight types of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "these are the language's own words")]
pub enum StateType {
    Task,
    Wait,
    Pass,
    Succeed,
    Fail,
    Choice,
    Parallel,
    Map,
}

/// What follows a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition<'a> {
    /// The state of that name.
    Next(&'a str),
    /// Nothing; the machine ends.
    End,
}

/// What a Pass state has of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pass {
    /// The result, as it is (JSONPath).
    pub result: Option<Value>,
}

/// How long a Wait state waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Wait {
    /// `Seconds` or `SecondsPath`.
    Seconds(Quantity),
    /// `Timestamp` or `TimestampPath`, in RFC 3339.
    Timestamp(Text),
    /// It does not say, which is an error.
    Unknown,
}

/// What a Fail state reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fail {
    /// `Error` or `ErrorPath`.
    pub error: Option<Text>,
    /// `Cause` or `CausePath`.
    pub cause: Option<Text>,
}

impl State {
    /// Its type, if it is one.
    pub fn state_type(&self) -> Option<StateType> {
        Some(match self.kind {
            StateKind::Task(_) => StateType::Task,
            StateKind::Pass(_) => StateType::Pass,
            StateKind::Choice(_) => StateType::Choice,
            StateKind::Wait(_) => StateType::Wait,
            StateKind::Succeed => StateType::Succeed,
            StateKind::Fail(_) => StateType::Fail,
            StateKind::Parallel(_) => StateType::Parallel,
            StateKind::Map(_) => StateType::Map,
            StateKind::Unknown(_) => return None,
        })
    }

    /// What follows by `Next` or `End`. None for Choice, Succeed and Fail states, and for states that say neither.
    pub fn transition(&self) -> Option<Transition<'_>> {
        match &self.next {
            Some(next) => Some(Transition::Next(next)),
            None => self.end.then_some(Transition::End),
        }
    }

    /// Whether the machine can end in this state.
    pub fn is_terminal(&self) -> bool {
        self.end || matches!(self.kind, StateKind::Succeed | StateKind::Fail(_))
    }

    /// The machines in it: a Parallel state's branches, a Map state's item processor.
    pub fn machines(&self) -> &[Machine] {
        match &self.kind {
            StateKind::Parallel(branches) => branches,
            StateKind::Map(map) => std::slice::from_ref(&map.processor.machine),
            _ => &[],
        }
    }

    /// Every name that it can go to, with the pointer of the field that says so: `Next`, then choices, `Default`, catchers.
    pub fn targets(&self) -> Vec<(String, &str)> {
        let mut targets = Vec::new();
        if let Some(next) = &self.next {
            targets.push((format!("{}/Next", self.pointer), next.as_str()));
        }
        if let StateKind::Choice(choice) = &self.kind {
            for rule in &choice.rules {
                if !rule.next.is_empty() {
                    targets.push((format!("{}/Next", rule.pointer), rule.next.as_str()));
                }
            }
            if let Some(default) = &choice.default {
                targets.push((format!("{}/Default", self.pointer), default.as_str()));
            }
        }
        for catcher in &self.catch {
            if !catcher.next.is_empty() {
                targets.push((format!("{}/Next", catcher.pointer), catcher.next.as_str()));
            }
        }
        targets
    }
}

impl StateType {
    /// All of them, in the order in which AWS lists them.
    pub const ALL: [Self; 8] = [
        Self::Task,
        Self::Wait,
        Self::Pass,
        Self::Succeed,
        Self::Fail,
        Self::Choice,
        Self::Parallel,
        Self::Map,
    ];

    /// The name that definitions use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Wait => "Wait",
            Self::Pass => "Pass",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
            Self::Choice => "Choice",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
