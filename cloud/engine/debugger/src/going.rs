//! Which lines of states go, and when to hold.

use awm_interpreter::{Execution, Place};

/// How a session goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Going {
    /// It does not.
    Held,
    /// To the next breakpoint.
    Free,
    /// To the next state of a line; only what is in it goes.
    Step { thread: u64, moves: u64 },
    /// Into a branch or iteration of the state that a line enters.
    Into {
        owner: u64,
        moves: u64,
        index: Option<u32>,
    },
    /// The line has ended: to whatever is ready next, above all this line.
    Ended { parent: Option<u64> },
}

/// Whether what a session goes for is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    NotYet,
    /// This line is chosen then.
    Reached(u64),
    /// The line has ended.
    LineEnded(u64),
}

impl Going {
    /// Whether a line may go.
    pub(crate) fn allows(&self, execution: &Execution, thread: u64) -> bool {
        let root = match self {
            Self::Held => return false,
            Self::Free | Self::Ended { .. } => return true,
            Self::Step { thread, .. } => *thread,
            Self::Into { owner, .. } => *owner,
        };
        let mut at = Some(thread);
        while let Some(id) = at {
            if id == root {
                return true;
            }
            at = execution.thread(id).and_then(|line| line.parent);
        }
        false
    }

    /// Looks whether the goal is reached; a line that has ended makes it another one.
    pub(crate) fn look(&mut self, execution: &Execution, parent: Option<u64>) -> Goal {
        let entering = |id: u64| {
            execution
                .thread(id)
                .filter(|line| line.place == Place::Entering)
        };
        match self.clone() {
            Self::Held | Self::Free => Goal::NotYet,
            Self::Step { thread, moves } => match execution.thread(thread) {
                None => {
                    *self = Self::Ended { parent };
                    self.look(execution, parent)
                }
                Some(line) if line.moves > moves && line.place == Place::Entering => {
                    Goal::Reached(thread)
                }
                Some(_) => Goal::NotYet,
            },
            Self::Into {
                owner,
                moves,
                index,
            } => {
                let Some(line) = execution.thread(owner) else {
                    *self = Self::Ended { parent };
                    return self.look(execution, parent);
                };
                if line.moves > moves {
                    *self = Self::Step {
                        thread: owner,
                        moves,
                    };
                    return self.look(execution, parent);
                }
                let inner = execution.ready().find(|id| {
                    execution.thread(*id).is_some_and(|inner| {
                        inner.parent == Some(owner)
                            && index.is_none_or(|index| inner.within.last() == Some(&index))
                    })
                });
                inner.map_or(Goal::NotYet, Goal::Reached)
            }
            Self::Ended { parent } => {
                let ready = parent
                    .filter(|parent| entering(*parent).is_some())
                    .or_else(|| execution.ready().next());
                ready.map_or(Goal::NotYet, Goal::LineEnded)
            }
        }
    }
}
