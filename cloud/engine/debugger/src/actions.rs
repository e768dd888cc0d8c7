//! What a session is told.

use crate::debugger::{Debugger, Refused};
use crate::going::Going;
use crate::tickets::Answer;
use crate::timeline::Entry;
use awm_api::debug::{BreakAt, Breakpoint, DebugAction, HoldReason};
use awm_interpreter::{Failure, Place, ThreadView};
use serde_json::{Map, Value};

fn refused<T>(why: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(why.into()))
}

impl Debugger {
    /// Takes an action. What makes it go is done by [`advance`](Self::advance) from then on; an action that is refused changes
    /// nothing.
    pub fn act(&mut self, action: DebugAction) -> Result<(), Refused> {
        match action {
            DebugAction::Pause => {
                self.ask_to_hold();
                return Ok(());
            }
            DebugAction::Breakpoints { breakpoints } => {
                self.set_breakpoints(breakpoints);
                return Ok(());
            }
            DebugAction::AddBreakpoint { breakpoint } => {
                self.set_breakpoint(breakpoint);
                return Ok(());
            }
            _ => {}
        }
        if self.going != Going::Held {
            return refused("the session goes: pause it first");
        }
        match action {
            DebugAction::Continue => self.start(Going::Free),
            DebugAction::Step => {
                let line = self.chosen()?;
                self.start(Going::Step {
                    thread: line.id,
                    moves: line.moves,
                })
            }
            DebugAction::StepInto { index } => {
                let line = self.chosen()?;
                self.start(Going::Into {
                    owner: line.id,
                    moves: line.moves,
                    index,
                })
            }
            DebugAction::StepOut => {
                let line = self.chosen()?;
                let owner = line
                    .parent
                    .and_then(|parent| self.execution().thread(parent));
                self.start(match owner {
                    Some(owner) => Going::Step {
                        thread: owner.id,
                        moves: owner.moves,
                    },
                    None => Going::Free,
                })
            }
            DebugAction::RunTo { state } => {
                self.known(&state)?;
                self.going_on()?;
                self.set_breakpoint(Breakpoint {
                    id: 0,
                    at: BreakAt::Enter { state },
                    condition: None,
                    disabled: false,
                    once: true,
                });
                self.start(Going::Free)
            }
            DebugAction::Select { thread } => match self.execution().thread(thread) {
                Some(_) => {
                    self.selected = Some(thread);
                    Ok(())
                }
                None => refused(format!("there is no line {thread}")),
            },
            DebugAction::SetInput { value } => {
                let line = self.chosen()?;
                if line.place != Place::Entering {
                    return refused("only a state that is not entered yet can get another input");
                }
                self.change(line.id, Entry::SetInput(line.id, value))
            }
            DebugAction::SetVariables { values } => {
                let line = self.chosen()?;
                self.change(line.id, Entry::SetVariables(line.id, values))
            }
            DebugAction::SetResult { value } => self.stand_in(Answer::Value(Ok(value))),
            DebugAction::SetError { error, cause } => {
                self.stand_in(Answer::Value(Err(Failure::work(error, cause))))
            }
            DebugAction::Back { states } => self.back(states.max(1)),
            DebugAction::GoTo { event } => self.go_to(event),
            DebugAction::RunFrom {
                state,
                input,
                variables,
            } => self.run_from(state, input, variables),
            DebugAction::Pause
            | DebugAction::Breakpoints { .. }
            | DebugAction::AddBreakpoint { .. } => Ok(()),
        }
    }

    fn start(&mut self, going: Going) -> Result<(), Refused> {
        self.going_on()?;
        self.go(going);
        Ok(())
    }

    fn going_on(&self) -> Result<(), Refused> {
        match self.execution().outcome() {
            Some(_) => refused("the run is over: go back, or run from a state"),
            None => Ok(()),
        }
    }

    fn chosen(&self) -> Result<ThreadView, Refused> {
        self.going_on()?;
        let line = self.selected.and_then(|id| self.execution().thread(id));
        line.map_or_else(|| refused("no line of states is chosen"), Ok)
    }

    fn known(&self, state: &str) -> Result<(), Refused> {
        match self.base.program.has_state(state) {
            true => Ok(()),
            false => refused(format!("there is no state at `{state}`")),
        }
    }

    fn change(&mut self, thread: u64, entry: Entry) -> Result<(), Refused> {
        let now = self.timeline.moment.now;
        self.timeline.add(now, entry, Some(thread));
        Ok(())
    }

    /// An answer in place of a task's own.
    fn stand_in(&mut self, answer: Answer) -> Result<(), Refused> {
        let line = self.chosen()?;
        match line.place {
            Place::Working(id) if self.tickets.peek(id).is_some() => {
                self.tickets.force(id, answer);
                Ok(())
            }
            Place::Entering if line.kind == "Task" => {
                self.forced.insert((line.id, line.moves), answer);
                Ok(())
            }
            Place::Retrying => {
                self.forced.insert((line.id, line.moves), answer);
                Ok(())
            }
            Place::Working(_) => refused("the task works: pause until it has answered"),
            _ => refused("only a task has a result that can be set; change the state's input"),
        }
    }

    fn back(&mut self, states: u32) -> Result<(), Refused> {
        let mut left = states;
        let chosen = self
            .selected
            .filter(|_| self.execution().outcome().is_none());
        let turns: Vec<(usize, u64)> = self
            .timeline
            .log
            .iter()
            .enumerate()
            .filter_map(|(number, logged)| match logged.entry {
                Entry::Turn(thread) => Some((number, thread)),
                _ => None,
            })
            .collect();
        let own = |thread: u64| chosen.is_none_or(|chosen| chosen == thread);
        let mut target = None;
        for (number, thread) in turns.iter().rev() {
            if own(*thread) {
                target = Some((*number, *thread));
                left -= 1;
                if left == 0 {
                    break;
                }
            }
        }
        // A line that has not entered any state goes back to where it was made.
        let Some((number, thread)) = target.or_else(|| turns.last().copied()) else {
            return refused("this is the beginning");
        };
        self.cut(number);
        self.held_at(Some(thread));
        Ok(())
    }

    fn go_to(&mut self, event: u64) -> Result<(), Refused> {
        let Some(place) = self
            .timeline
            .events
            .iter()
            .position(|known| known.id == event)
        else {
            return refused(format!("there is no event {event}"));
        };
        // The entry that made it is the last one before which it was not there.
        let number = self
            .timeline
            .log
            .iter()
            .rposition(|logged| logged.events_before <= place)
            .unwrap_or_default();
        let thread = self
            .timeline
            .log
            .get(number)
            .and_then(|logged| logged.thread);
        self.cut(number);
        self.held_at(thread);
        Ok(())
    }

    fn held_at(&mut self, thread: Option<u64>) {
        self.going = Going::Held;
        self.hold(HoldReason::Back, thread);
    }

    fn run_from(
        &mut self,
        state: String,
        input: Option<Value>,
        variables: Option<Map<String, Value>>,
    ) -> Result<(), Refused> {
        self.known(&state)?;
        let (last_input, last_variables) = self.last_entry(&state);
        let Some(input) = input.or(last_input) else {
            return refused(format!("`{state}` was not entered yet: give an input"));
        };
        self.base.input = input;
        self.base.variables = variables.unwrap_or(last_variables);
        self.base.start_at = Some(state);
        self.begin_anew()?;
        self.hold(HoldReason::Start, None);
        Ok(())
    }

    /// The input and variables with which a state was entered last, or will be by the chosen line.
    fn last_entry(&self, state: &str) -> (Option<Value>, Map<String, Value>) {
        let execution = self.execution();
        if let Some(line) = self.selected.and_then(|id| execution.thread(id))
            && *line.state == *state
        {
            return (
                Some(Value::clone(&line.input)),
                execution.variables(line.id),
            );
        }
        let entered = self
            .timeline
            .log
            .iter()
            .enumerate()
            .rev()
            .find_map(|(number, logged)| {
                let Entry::Turn(thread) = logged.entry else {
                    return None;
                };
                let event = self.timeline.events.get(logged.events_before)?;
                let visit = event.visit.as_ref()?;
                (visit.state == state && event.kind.ends_with("StateEntered"))
                    .then_some((number, thread))
            });
        match entered {
            None => (None, Map::new()),
            Some((number, thread)) => {
                let before = self.timeline.at(number).execution;
                let input = before.thread(thread).map(|line| Value::clone(&line.input));
                (input, before.variables(thread))
            }
        }
    }
}
