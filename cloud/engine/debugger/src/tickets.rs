//! What was asked of tasks and files, and what they answered. A ticket outlives a step back: what was asked before is answered
//! from memory when it is asked again.

use awm_interpreter::{Failure, Input, ReadItems, TaskCall, WriteResults};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a run asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// The work of a task.
    Task(Box<TaskCall>),
    /// Items of a Map state.
    Read(Box<ReadItems>),
    /// Results of a Map state to be written.
    Write(Box<WriteResults>),
}

/// What it is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A task's or a writing's result, or why there is none.
    Value(Result<Value, Failure>),
    /// Items, or why there are none.
    Items(Result<Vec<Value>, Failure>),
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// Do this, and answer with the ticket's number.
    Do {
        /// The ticket.
        ticket: u64,
        /// How many of the same state were asked for before.
        call: usize,
        /// What.
        asked: Arc<Asked>,
    },
    /// The answer is no longer wanted.
    Drop {
        /// The ticket.
        ticket: u64,
    },
}

impl Asked {
    fn state(&self) -> &Arc<str> {
        match self {
            Self::Task(call) => &call.state,
            Self::Read(request) => &request.state,
            Self::Write(request) => &request.state,
        }
    }

    /// Whether the answer to the one will do for the other: the visit may be another one, the work is the same.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Task(a), Self::Task(b)) => {
                a.state == b.state
                    && a.retries == b.retries
                    && a.resource == b.resource
                    && a.arguments == b.arguments
            }
            (Self::Read(a), Self::Read(b)) => a == b,
            (Self::Write(a), Self::Write(b)) => {
                a.state == b.state && a.arguments == b.arguments && a.results == b.results
            }
            _ => false,
        }
    }
}

impl Answer {
    /// The input that tells it.
    pub(crate) fn input(self, id: u64, asked: &Asked) -> Input {
        match (asked, self) {
            (Asked::Task(_), Self::Value(Ok(output))) => Input::TaskSucceeded { id, output },
            (Asked::Task(_), Self::Value(Err(failure)) | Self::Items(Err(failure))) => {
                Input::TaskFailed { id, failure }
            }
            (Asked::Task(_), Self::Items(Ok(items))) => Input::TaskSucceeded {
                id,
                output: Value::Array(items),
            },
            (Asked::Read(_), Self::Items(items)) => Input::ItemsRead {
                id,
                items: items.map(Into::into),
            },
            (Asked::Read(_), Self::Value(value)) => Input::ItemsRead {
                id,
                items: value.map(|value| match value {
                    Value::Array(items) => items.into(),
                    other => vec![other].into(),
                }),
            },
            (Asked::Write(_), Self::Value(output)) => Input::ResultsWritten { id, output },
            (Asked::Write(_), Self::Items(items)) => Input::ResultsWritten {
                id,
                output: items.map(Value::Array),
            },
        }
    }
}

#[derive(Debug)]
struct Ticket {
    asked: Arc<Asked>,
    answer: Option<Answer>,
    /// Somebody said what the answer is: it is not remembered for another time.
    forced: bool,
    /// The log's entry that gave the answer.
    used: Option<usize>,
}

/// All tickets, and which of them stands for what is open.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    all: BTreeMap<u64, Ticket>,
    /// By the name that the run gave.
    bound: BTreeMap<u64, u64>,
    next: u64,
}

impl Tickets {
    /// Has a ticket for everything that is open: one from before, if it asks for the same, or a new one. `forced` tells an answer
    /// that stands in. Answers with what is to be done, and the names of those that are answered.
    pub(crate) fn bind(
        &mut self,
        open: &BTreeMap<u64, Arc<Asked>>,
        mut forced: impl FnMut(u64) -> Option<Answer>,
    ) -> (Vec<Need>, Vec<u64>) {
        let mut needs = Vec::new();
        let mut answered = Vec::new();
        let gone: Vec<u64> = self
            .bound
            .keys()
            .filter(|id| !open.contains_key(id))
            .copied()
            .collect();
        for id in gone {
            if let Some(number) = self.bound.remove(&id)
                && let Some(ticket) = self.all.get(&number)
                && ticket.answer.is_none()
            {
                self.all.remove(&number);
                needs.push(Need::Drop { ticket: number });
            }
        }
        let mut taken: BTreeSet<u64> = self.bound.values().copied().collect();
        for (id, asked) in open {
            if self.bound.contains_key(id) {
                continue;
            }
            let force = forced(*id);
            let known = self.all.iter().find(|(number, ticket)| {
                force.is_none()
                    && ticket.used.is_none()
                    && !taken.contains(number)
                    && ticket.asked.is_same(asked)
            });
            let number = match known {
                Some((number, _)) => *number,
                None => {
                    self.next += 1;
                    let call = self
                        .all
                        .values()
                        .filter(|ticket| ticket.asked.state() == asked.state() && !ticket.forced)
                        .count();
                    if force.is_none() {
                        needs.push(Need::Do {
                            ticket: self.next,
                            call,
                            asked: Arc::clone(asked),
                        });
                    }
                    self.all.insert(
                        self.next,
                        Ticket {
                            asked: Arc::clone(asked),
                            forced: force.is_some(),
                            answer: force,
                            used: None,
                        },
                    );
                    self.next
                }
            };
            taken.insert(number);
            self.bound.insert(*id, number);
            if self
                .all
                .get(&number)
                .is_some_and(|ticket| ticket.answer.is_some())
            {
                answered.push(*id);
            }
        }
        (needs, answered)
    }

    /// Takes an answer; answers with the name of what it is for, if that is still open.
    pub(crate) fn answer(&mut self, number: u64, answer: Answer) -> Option<u64> {
        let ticket = self.all.get_mut(&number)?;
        if ticket.answer.is_some() {
            return None;
        }
        ticket.answer = Some(answer);
        self.named(number)
    }

    /// The name of what a ticket stands for.
    pub(crate) fn named(&self, number: u64) -> Option<u64> {
        let found = self.bound.iter().find(|(_, bound)| **bound == number);
        found.map(|(id, _)| *id)
    }

    /// The answer to something that is open, which has not been given yet.
    pub(crate) fn peek(&self, id: u64) -> Option<(&Asked, &Answer)> {
        let ticket = self.all.get(self.bound.get(&id)?)?;
        Some((&ticket.asked, ticket.answer.as_ref()?))
    }

    /// Puts another answer in place of the one that has come.
    pub(crate) fn force(&mut self, id: u64, answer: Answer) {
        if let Some(ticket) = self
            .bound
            .get(&id)
            .and_then(|number| self.all.get_mut(number))
        {
            ticket.answer = Some(answer);
            ticket.forced = true;
        }
    }

    /// Marks an answer as given by the log's entry with this number.
    pub(crate) fn used(&mut self, id: u64, entry: usize) {
        if let Some(ticket) = self
            .bound
            .remove(&id)
            .and_then(|number| self.all.get_mut(&number))
        {
            ticket.used = Some(entry);
        }
    }

    /// The log was cut to this length: the tickets of answers that were given later can be used again, but for those that
    /// somebody made.
    pub(crate) fn rewind(&mut self, length: usize) {
        self.bound.clear();
        self.all.retain(|_, ticket| {
            ticket.used = ticket.used.filter(|entry| *entry < length);
            ticket.used.is_some() || !ticket.forced
        });
    }
}
