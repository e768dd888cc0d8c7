//! An execution that goes by itself, with stand-ins for tasks and files, and timers that take no time.

use crate::tickets::{Answer, Asked};
use crate::timeline::{Entry, Moment};
use awm_api::runs::{Mock, RunEvent};
use awm_interpreter::{Failure, Input, ThreadView};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Steps after which an execution is given up.
const STEPS: usize = 200_000;

/// What stands in for tasks and files.
#[derive(Clone, Debug, Default)]
pub struct Stand {
    /// Answers of recorded attempts, by state and what it is within, in order.
    pub(crate) recorded: HashMap<(String, Vec<u32>), VecDeque<Result<Value, Failure>>>,
    /// Answers by the state's JSON Pointer or name, one for each call; the last one for all that follow.
    pub mocks: BTreeMap<String, Vec<Mock>>,
    /// Items that a Map state reads, by the state's JSON Pointer or name.
    pub items: BTreeMap<String, Vec<Value>>,
    calls: HashMap<String, usize>,
}

impl Stand {
    /// The answer of a task or a file.
    pub(crate) fn answer(&mut self, asked: &Asked, line: &ThreadView) -> Answer {
        match asked {
            Asked::Task(call) => {
                let key = (call.state.to_string(), line.within.clone());
                if let Some(answer) = self.recorded.get_mut(&key).and_then(VecDeque::pop_front) {
                    return Answer::Value(answer);
                }
                Answer::Value(self.mock(&call.state, &call.name))
            }
            Asked::Read(request) => {
                let found = self.items.get(&*request.state);
                let found = found.or_else(|| self.items.get(&*line.name));
                Answer::Items(found.cloned().ok_or_else(|| {
                    not_recorded(
                        &line.name,
                        "the items that the state reads are not recorded",
                    )
                }))
            }
            Asked::Write(_) => Answer::Value(Err(not_recorded(
                &line.name,
                "where the state's results were written is not recorded",
            ))),
        }
    }

    fn mock(&mut self, state: &str, name: &str) -> Result<Value, Failure> {
        let mocks = self.mocks.get(state).or_else(|| self.mocks.get(name));
        let call = self.calls.entry(state.to_owned()).or_default();
        let mock = mocks.and_then(|mocks| mocks.get(*call).or_else(|| mocks.last()));
        *call += 1;
        match mock {
            Some(Mock::Return { value }) => Ok(value.clone()),
            Some(Mock::Fail { error, cause }) => Err(Failure::work(error, cause)),
            None => Err(not_recorded(name, "the history has no answer of this task")),
        }
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
            before(moment, &line);
            events.extend(moment.apply(moment.now, &Entry::Turn(line.id)));
            continue;
        }
        let open = moment.open.iter().find_map(|(id, asked)| {
            let line = moment.execution.waits_for(*id)?;
            Some((*id, asked.clone(), allowed(moment, line)?))
        });
        if let Some((id, asked, line)) = open {
            let input = stand.answer(&asked, &line).input(id, &asked);
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
