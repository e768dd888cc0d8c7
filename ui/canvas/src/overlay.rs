//! What a run, mocks and problems add to a drawing.

use awm_flow::StateRef;
use std::collections::{HashMap, HashSet};

/// What is shown over the drawing, by state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// How each state fares in a run; one that isn't named has no part in it.
    pub run: HashMap<StateRef, NodeRun>,
    /// States that a stand-in answers for.
    pub mocked: HashSet<StateRef>,
}

/// How a state fares in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeRun {
    /// How it stands.
    pub status: RunState,
    /// How often it was entered.
    pub visits: u32,
}

/// How a state stands in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunState {
    /// Not entered yet.
    Idle,
    /// Going on.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ended with an error that was caught.
    Caught,
    /// Not entered, and it won't be.
    Skipped,
}

/// Findings about a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// What keeps it from running.
    pub errors: u32,
    /// What is probably not meant.
    pub warnings: u32,
}

impl RunState {
    /// The state as a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "waiting",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Caught => "failed, caught",
            Self::Skipped => "skipped",
        }
    }
}
