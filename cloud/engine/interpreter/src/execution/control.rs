//! An execution under control: looked into, taken turn by turn, changed between two turns. What a debugger needs.
//!
//! [`Execution::step`] takes an input and then all turns that are ready. Here an input is [given](Execution::give) without a
//! turn, and one thread at a time is [let into its next state](Execution::turn).

use super::evaluate::Extra;
use super::thread::{Thread, Work};
use super::{Execution, Start};
use crate::scope::Scope;
use crate::{Effect, Failure, Input};
use awm_api::Timestamp;
use awm_api::runs::VisitData;
use awm_asl::jsonata::{Expression, expression_of};
use awm_asl::path::{Path, Scope as PathScope};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A line of states as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadView {
    /// Its number; the machine's own line has the lowest.
    pub id: u64,
    /// The line that waits for it, if it is a branch's or an iteration's.
    pub parent: Option<u64>,
    /// The Map iterations and Parallel branches it is in, outermost first.
    pub within: Vec<u32>,
    /// The state as a JSON Pointer: the one that it is in, or enters next.
    pub state: Arc<str>,
    /// The state's name.
    pub name: Arc<str>,
    /// The state's type.
    pub kind: &'static str,
    /// The state that it came from, as a JSON Pointer.
    pub from: Option<Arc<str>>,
    /// The state's raw input.
    pub input: Arc<Value>,
    /// What it does.
    pub place: Place,
    /// The visit: the id of the `…StateEntered` event; 0 before.
    pub visit: u64,
    /// Attempts after the first.
    pub retries: u32,
    /// States that it has left.
    pub moves: u64,
    /// Whether it is in a child execution, of which the history tells nothing.
    pub hidden: bool,
}

/// What a line of states does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is ready to enter its state.
    Entering,
    /// A Wait state waits.
    Waiting,
    /// It waits to try again.
    Retrying,
    /// A task goes on, under the name of [`Effect::RunTask`].
    Working(u64),
    /// Branches or iterations go on.
    Within,
    /// Items are read, or results written.
    Transferring,
}

/// An error that a state raised, caught and retried ones too.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// The line of states.
    pub thread: u64,
    /// The state as a JSON Pointer.
    pub state: Arc<str>,
    /// The error.
    pub failure: Failure,
}

impl Execution {
    /// Every line of states, the machine's own first.
    pub fn threads(&self) -> Vec<ThreadView> {
        self.threads
            .values()
            .map(|thread| self.view(thread))
            .collect()
    }

    /// A line of states by its number.
    pub fn thread(&self, id: u64) -> Option<ThreadView> {
        self.threads.get(&id).map(|thread| self.view(thread))
    }

    fn view(&self, thread: &Thread) -> ThreadView {
        ThreadView {
            id: thread.id,
            parent: thread
                .group
                .and_then(|(group, _)| self.groups.get(&group))
                .map(|group| group.owner),
            within: thread.within.clone(),
            state: Arc::clone(&thread.node.pointer),
            name: Arc::clone(&thread.node.name),
            kind: thread.node.type_name(),
            from: thread.from.as_ref().map(|node| Arc::clone(&node.pointer)),
            input: Arc::clone(&thread.input),
            place: match &thread.work {
                Work::None => Place::Entering,
                Work::Timer(_) => Place::Waiting,
                Work::Retry(_) => Place::Retrying,
                Work::Task { id, .. } => Place::Working(*id),
                Work::Group => Place::Within,
                Work::Reading(_) | Work::Writing(..) | Work::Closing(..) => Place::Transferring,
            },
            visit: if matches!(thread.work, Work::None) && !thread.resumed {
                0
            } else {
                thread.visit
            },
            retries: thread.retry_count,
            moves: thread.moves,
            hidden: thread.line != 0,
        }
    }

    /// The variables that a line of states sees.
    pub fn variables(&self, thread: u64) -> Map<String, Value> {
        self.threads
            .get(&thread)
            .map(|thread| thread.scope.visible())
            .unwrap_or_default()
    }

    /// The data of a line's state at its stations, as far as it came.
    pub fn data(&self, thread: u64) -> Option<&VisitData> {
        self.threads.get(&thread)?.data.as_deref()
    }

    /// The lines that are ready to enter a state, in the order in which they would.
    pub fn ready(&self) -> impl Iterator<Item = u64> + '_ {
        self.ready.iter().copied()
    }

    /// The line that waits for a task, a timer, a reading or a writing.
    pub fn waits_for(&self, id: u64) -> Option<u64> {
        self.waiting.get(&id).copied()
    }

    /// Takes an input as [`Execution::step`] does, but lets no line into its next state.
    pub fn give(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        self.now = self.now.max(now);
        self.raised.clear();
        if self.outcome.is_none() {
            self.take(input);
        }
        self.flush()
    }

    /// Lets a line that is ready into its state; nothing if it is not.
    pub fn turn(&mut self, now: Timestamp, thread: u64) -> Option<Vec<Effect>> {
        if self.outcome.is_some() {
            return None;
        }
        let place = self.ready.iter().position(|id| *id == thread)?;
        self.ready.remove(place);
        self.now = self.now.max(now);
        self.raised.clear();
        self.let_in(thread);
        Some(self.flush())
    }

    /// The errors of the last step.
    pub fn raised(&self) -> &[Raised] {
        &self.raised
    }

    /// Changes the raw input of the state that a line is ready to enter; says whether there is such a line.
    pub fn set_input(&mut self, thread: u64, input: Value) -> bool {
        let ready = self.ready.contains(&thread);
        match self.threads.get_mut(&thread) {
            Some(thread) if ready => {
                thread.input = Arc::new(input);
                thread.input_bound = None;
                true
            }
            _ => false,
        }
    }

    /// Sets variables of a line's own; says whether there is such a line.
    pub fn set_variables(&mut self, thread: u64, values: Map<String, Value>) -> bool {
        match self.threads.get_mut(&thread) {
            Some(thread) => {
                Arc::make_mut(&mut thread.scope).assign(values);
                true
            }
            None => false,
        }
    }

    /// Makes an execution that has not begun start at a state of any depth, as if it were the first, with these variables.
    /// What the state is in is not run. Says whether there is such a state.
    pub fn start_at(&mut self, state: &str, variables: Map<String, Value>) -> bool {
        let Some((flow, index)) = self.program.find(state) else {
            return false;
        };
        let Some(node) = self.program.node(flow, index).cloned() else {
            return false;
        };
        if !matches!(self.start, Start::Fresh) {
            return false;
        }
        let Some(thread) = self.threads.values_mut().next() else {
            return false;
        };
        thread.flow = flow;
        thread.node = node;
        let mut scope = Scope::default();
        scope.assign(variables);
        thread.scope = Arc::new(scope);
        true
    }

    /// What a state's expression or path would give to a line: JSONata with or without `{% %}`, or a path that begins with `$.`,
    /// `$$` or `$[`. `result` is what `$states.result` tells. The execution is not changed by it.
    pub fn evaluate(
        &self,
        thread: u64,
        text: &str,
        result: Option<&Value>,
    ) -> Result<Value, String> {
        let thread = self
            .threads
            .get(&thread)
            .ok_or_else(|| "the thread is over".to_owned())?;
        let text = text.trim();
        let context = self.whole_context(thread);
        let is_path = text == "$" || ["$.", "$$", "$["].iter().any(|root| text.starts_with(root));
        if is_path {
            let path = Path::parse(text).map_err(|error| error.to_string())?;
            let scope = PathScope {
                input: &thread.input,
                context: &context,
                variables: &*thread.scope,
            };
            return path
                .evaluate(&scope)
                .map(std::borrow::Cow::into_owned)
                .map_err(|error| error.to_string());
        }
        let source = expression_of(text).unwrap_or(text);
        let expression = Expression::parse(source).map_err(|error| error.to_string())?;
        let extra: Vec<Extra<'_>> = result.iter().map(|result| ("result", *result)).collect();
        let mut random = self.random.clone();
        let mut session = self.session_with(thread, &context, &extra, &mut random);
        session
            .evaluate(&expression)
            .map_err(|error| error.message)?
            .ok_or_else(|| "it gives nothing".to_owned())
    }
}
