//! An execution that goes by itself, with stand-ins for tasks and files, and timers that take no time.

use super::recording::Recording;
use super::visits::Visits;
use crate::tickets::{Answer, Asked};
use crate::timeline::{Entry, Moment};
use awm_api::runs::{Mock, RunEvent};
use awm_interpreter::{Failure, Input, Program, ThreadView};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Steps after which an execution is given up.
const STEPS: usize = 200_000;

/// A state and what it is within.
type Place = (String, Vec<u32>);

/// What stands in for tasks and files.
#[derive(Clone, Debug, Default)]
pub struct Stand {
    /// Answers of recorded attempts, in order.
    recorded: HashMap<Place, VecDeque<Result<Value, Failure>>>,
    /// The same, of a history that does not tell which state they belong to.
    any: VecDeque<Result<Value, Failure>>,
    /// What the recorded visits of Map states gave, in order: it tells what their child executions gave, and what they read.
    results: HashMap<Place, VecDeque<Result<Value, Failure>>>,
    /// The same of the visits that go on.
    current: HashMap<Place, Result<Value, Failure>>,
    /// Answers by the state's JSON Pointer or name, one for each call; the last one for all that follow.
    pub mocks: BTreeMap<String, Vec<Mock>>,
    /// Items that a Map state reads, by the state's JSON Pointer or name.
    pub items: BTreeMap<String, Vec<Value>>,
    calls: HashMap<String, usize>,
}

impl Stand {
    /// Remembers what the visits from an event on were given.
    pub(crate) fn remember(
        &mut self,
        recording: &Recording,
        visits: &Visits,
        program: &Program,
        from: u64,
    ) {
        for visit in visits
            .all
            .iter()
            .filter(|visit| visit.kind == "Map" && visit.id >= from)
        {
            let data = &visit.data;
            let result = match (&data.output, &data.error) {
                (Some(output), _) => program.result_of(&visit.state, output).map(Ok),
                (None, Some(error)) => {
                    Some(Err(Failure::named(Some(error), data.cause.as_deref())))
                }
                (None, None) => None,
            };
            let place = (visit.state.clone(), visit.within.clone());
            let results = self.results.entry(place).or_default();
            results.push_back(result.unwrap_or_else(|| {
                Err(not_recorded(
                    &visit.name,
                    "what the state gave is not recorded",
                ))
            }));
        }
        for event in recording.events.iter().filter(|event| event.id >= from) {
            let Some(answer) = event.answer() else {
                continue;
            };
            if !recording.chained {
                self.any.push_back(answer);
            } else if let Some(visit) = visits.visit(event.id)
                && visit.kind == "Task"
            {
                let place = (visit.state.clone(), visit.within.clone());
                self.recorded.entry(place).or_default().push_back(answer);
            }
        }
    }

    /// A line enters a state.
    pub(crate) fn enter(&mut self, line: &ThreadView) {
        if line.kind == "Map" && line.place == awm_interpreter::Place::Entering {
            let place = (line.state.to_string(), line.within.clone());
            match self.results.get_mut(&place).and_then(VecDeque::pop_front) {
                Some(result) => self.current.insert(place, result),
                None => self.current.remove(&place),
            };
        }
    }

    /// The answer of a task or a file. `owner` is the line that waits for this one.
    pub(crate) fn answer(
        &mut self,
        asked: &Asked,
        line: &ThreadView,
        owner: Option<&ThreadView>,
    ) -> Answer {
        let place = (line.state.to_string(), line.within.clone());
        match asked {
            Asked::Task(call) => {
                let recorded = self.recorded.get_mut(&place).and_then(VecDeque::pop_front);
                if let Some(answer) = recorded.or_else(|| self.any.pop_front()) {
                    return Answer::Value(answer);
                }
                let mock = self.mock(&call.state, &call.name);
                let mock = mock.or_else(|| self.child(line, owner).map(Ok));
                Answer::Value(mock.unwrap_or_else(|| {
                    Err(not_recorded(
                        &call.name,
                        "the history has no answer of this task",
                    ))
                }))
            }
            Asked::Read(_) => {
                let given = self.items.get(&place.0);
                if let Some(items) = given.or_else(|| self.items.get(&*line.name)) {
                    return Answer::Items(Ok(items.clone()));
                }
                Answer::Items(match self.current.get(&place) {
                    Some(Ok(Value::Array(items))) => {
                        Ok(items.iter().cloned().flat_map(unbatched).collect())
                    }
                    Some(Err(failure)) => Err(failure.clone()),
                    // What was written says nothing of what was read.
                    Some(Ok(_)) => Ok(Vec::new()),
                    None => Err(not_recorded(
                        &line.name,
                        "the items that the state reads are not recorded",
                    )),
                })
            }
            Asked::Write(_) => Answer::Value(match self.current.get(&place) {
                Some(result) => result.clone(),
                None => Err(not_recorded(
                    &line.name,
                    "where the state's results were written is not recorded",
                )),
            }),
        }
    }

    /// What a child execution gave, told by what its Map state gave.
    fn child(&self, line: &ThreadView, owner: Option<&ThreadView>) -> Option<Value> {
        let owner = owner.filter(|_| line.hidden)?;
        let place = (owner.state.to_string(), owner.within.clone());
        let results = self.current.get(&place)?.as_ref().ok()?;
        let index = usize::try_from(*line.within.last()?).ok()?;
        results.get(index).cloned()
    }

    fn mock(&mut self, state: &str, name: &str) -> Option<Result<Value, Failure>> {
        let mocks = self.mocks.get(state).or_else(|| self.mocks.get(name));
        let call = self.calls.entry(state.to_owned()).or_default();
        let mock = mocks.and_then(|mocks| mocks.get(*call).or_else(|| mocks.last()));
        *call += 1;
        Some(match mock? {
            Mock::Return { value } => Ok(value.clone()),
            Mock::Fail { error, cause } => Err(Failure::work(error, cause)),
        })
    }
}

fn not_recorded(state: &str, why: &str) -> Failure {
    Failure::work("Awm.NotRecorded", format!("`{state}`: {why}"))
}

/// Lets the lines that `may` allows go until they wait for others or are over; answers with the events.
pub(crate) fn go(
    moment: &mut Moment,
    stand: &mut Stand,
    may: impl Fn(&ThreadView) -> bool,
    mut before: impl FnMut(&mut Moment, &ThreadView),
) -> Vec<RunEvent> {
    let mut events = Vec::new();
    for _ in 0..STEPS {
        if moment.execution.outcome().is_some() {
            break;
        }
        let allowed =
            |moment: &Moment, id: u64| moment.execution.thread(id).filter(|line| may(line));
        let ready: Vec<u64> = moment.execution.ready().collect();
        if let Some(line) = ready.into_iter().find_map(|id| allowed(moment, id)) {
            stand.enter(&line);
            before(moment, &line);
            events.extend(moment.apply(moment.now, &Entry::Turn(line.id)));
            continue;
        }
        let open = moment.open.iter().find_map(|(id, asked)| {
            let line = moment.execution.waits_for(*id)?;
            Some((*id, asked.clone(), allowed(moment, line)?))
        });
        if let Some((id, asked, line)) = open {
            let owner = line.parent.and_then(|id| moment.execution.thread(id));
            let answer = stand.answer(&asked, &line, owner.as_ref());
            let input = answer.input(id, &asked);
            events.extend(moment.apply(moment.now, &Entry::Give(input)));
            continue;
        }
        let timer = moment
            .timers()
            .find(|(_, id)| match moment.execution.waits_for(*id) {
                Some(line) => allowed(moment, line).is_some(),
                None => false,
            });
        let Some((at, id)) = timer else { break };
        let at = at.max(moment.now);
        events.extend(moment.apply(at, &Entry::Give(Input::TimerFired { id })));
    }
    events
}

/// The items of a batch.
fn unbatched(item: Value) -> Vec<Value> {
    match item {
        Value::Object(mut batch) => match batch.remove("Items") {
            Some(Value::Array(items)) => items,
            Some(other) => {
                batch.insert("Items".to_owned(), other);
                vec![Value::Object(batch)]
            }
            None => vec![Value::Object(batch)],
        },
        other => vec![other],
    }
}
