//! Where to hold.

use awm_api::debug::{BreakAt, Breakpoint, BreakpointState};
use awm_interpreter::{Execution, Raised, ThreadView};
use serde_json::Value;

/// All breakpoints, in the order in which they were set.
#[derive(Debug, Default)]
pub(crate) struct Breakpoints {
    all: Vec<BreakpointState>,
    next: u64,
}

impl Breakpoints {
    pub(crate) fn all(&self) -> &[BreakpointState] {
        &self.all
    }

    /// Puts these in place of all; hits of those that stay are kept.
    pub(crate) fn replace(&mut self, breakpoints: Vec<Breakpoint>, has: impl Fn(&str) -> bool) {
        let old = std::mem::take(&mut self.all);
        for breakpoint in breakpoints {
            let hits = old
                .iter()
                .find(|one| one.breakpoint.id == breakpoint.id && breakpoint.id != 0)
                .map_or(0, |one| one.hits);
            self.set(breakpoint, &has);
            if let Some(new) = self.all.last_mut() {
                new.hits = hits;
            }
        }
    }

    /// Adds one, or puts it in place of the one with its number; answers with the number.
    pub(crate) fn set(&mut self, mut breakpoint: Breakpoint, has: impl Fn(&str) -> bool) -> u64 {
        self.next = self.next.max(breakpoint.id);
        if breakpoint.id == 0 {
            self.next += 1;
            breakpoint.id = self.next;
        }
        let id = breakpoint.id;
        let missing = named(&breakpoint.at).into_iter().find(|state| !has(state));
        let new = BreakpointState {
            problem: missing.map(|state| format!("there is no state at `{state}`")),
            hits: 0,
            breakpoint,
        };
        match self.all.iter_mut().find(|one| one.breakpoint.id == id) {
            Some(old) => *old = new,
            None => self.all.push(new),
        }
        id
    }

    /// The first that holds where `is_there` says so and whose condition is true; it is counted.
    pub(crate) fn hit(
        &mut self,
        execution: &Execution,
        thread: u64,
        result: Option<&Value>,
        is_there: impl Fn(&BreakAt) -> bool,
    ) -> Option<u64> {
        let mut hit = None;
        for one in &mut self.all {
            if one.breakpoint.disabled || !is_there(&one.breakpoint.at) {
                continue;
            }
            if let Some(condition) = &one.breakpoint.condition {
                match execution.evaluate(thread, condition, result) {
                    Ok(Value::Bool(true)) => one.problem = None,
                    Ok(Value::Bool(false)) => {
                        one.problem = None;
                        continue;
                    }
                    Ok(other) => {
                        one.problem = Some(format!("the condition gave `{other}`, not a boolean"));
                        continue;
                    }
                    Err(why) => {
                        one.problem = Some(format!("the condition can't be told: {why}"));
                        continue;
                    }
                }
            }
            one.hits += 1;
            hit = Some(one.breakpoint.id);
            break;
        }
        if let Some(id) = hit {
            self.all
                .retain(|one| one.breakpoint.id != id || !one.breakpoint.once);
        }
        hit
    }

    /// Whether there is one on errors.
    pub(crate) fn on_errors(&self) -> bool {
        self.all.iter().any(|one| {
            !one.breakpoint.disabled && matches!(one.breakpoint.at, BreakAt::Error { .. })
        })
    }

    /// Whether there is one on exits.
    pub(crate) fn on_exits(&self) -> bool {
        self.all.iter().any(|one| {
            !one.breakpoint.disabled && matches!(one.breakpoint.at, BreakAt::Exit { .. })
        })
    }
}

/// The states that a place names.
fn named(at: &BreakAt) -> Vec<&str> {
    match at {
        BreakAt::Enter { state } | BreakAt::Result { state } | BreakAt::Exit { state } => {
            vec![state]
        }
        BreakAt::Transition { from, to } => vec![from, to],
        BreakAt::Error { state, .. } => state.iter().map(String::as_str).collect(),
    }
}

/// Whether a line that is about to enter a state is at the place.
pub(crate) fn before(at: &BreakAt, line: &ThreadView) -> bool {
    match at {
        BreakAt::Enter { state } => **state == *line.state,
        BreakAt::Exit { state } => line.from.as_deref() == Some(state.as_str()),
        BreakAt::Transition { from, to } => {
            **to == *line.state && line.from.as_deref() == Some(from.as_str())
        }
        BreakAt::Result { .. } | BreakAt::Error { .. } => false,
    }
}

/// Whether an error is one that is held at.
pub(crate) fn raises(at: &BreakAt, raised: &Raised) -> bool {
    let BreakAt::Error { name, state } = at else {
        return false;
    };
    let named = match name.as_deref() {
        None | Some("" | "States.ALL") => true,
        name => name == raised.failure.error.as_deref(),
    };
    named && state.as_deref().is_none_or(|state| *state == *raised.state)
}
