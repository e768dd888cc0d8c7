//! How a session stands, in the types of the command table.

use crate::debugger::Debugger;
use crate::going::Going;
use crate::tickets::Answer;
use crate::timeline::Entry;
use awm_api::debug::{
    DebugAnswer, DebugFrame, DebugOutcome, DebugPlace, DebugState, DebugStatus, DebugThread,
};
use awm_api::runs::VisitData;
use awm_interpreter::{Place, ThreadView};
use serde_json::Value;

impl Debugger {
    /// How it stands, with the events above `after`.
    pub fn state(&self, id: &str, after: u64) -> DebugState {
        let execution = self.execution();
        let outcome = execution.outcome();
        let held = self.going == Going::Held;
        let events = &self.timeline.events;
        let from = events.partition_point(|event| event.id <= after);
        DebugState {
            id: id.to_owned(),
            status: match (held, outcome) {
                (_, Some(_)) => DebugStatus::Ended,
                (true, None) => DebugStatus::Held,
                (false, None) => DebugStatus::Running,
            },
            reason: (held && outcome.is_none()).then(|| self.reason.clone()),
            thread: self.selected.filter(|_| outcome.is_none()),
            threads: execution
                .threads()
                .iter()
                .map(|line| self.line(line, held))
                .collect(),
            breakpoints: self.breakpoints.all().to_vec(),
            now: self.timeline.moment.now,
            newest: events.last().map_or(0, |event| event.id),
            events: events.get(from..).unwrap_or_default().to_vec(),
            rewound: self.rewound,
            outcome: outcome.map(|outcome| DebugOutcome {
                status: outcome.status,
                output: outcome.output.clone(),
                error: outcome.error.clone(),
                cause: outcome.cause.clone(),
            }),
        }
    }

    /// What an expression gives where a line stands; the chosen one if none is named.
    pub fn evaluate(&self, thread: Option<u64>, expression: &str) -> Result<Value, String> {
        let thread = thread
            .or(self.selected)
            .ok_or_else(|| "no line of states is chosen".to_owned())?;
        let result = self.execution().thread(thread).and_then(|line| {
            let Place::Working(id) = line.place else {
                return None;
            };
            match self.tickets.peek(id)?.1 {
                Answer::Value(Ok(value)) => Some(value.clone()),
                _ => None,
            }
        });
        self.execution()
            .evaluate(thread, expression, result.as_ref())
    }

    fn line(&self, line: &ThreadView, held: bool) -> DebugThread {
        let chosen = self.selected == Some(line.id);
        let answer = match line.place {
            Place::Working(id) => self.tickets.peek(id).map(|(_, answer)| told(answer)),
            _ => self.forced.get(&(line.id, line.moves)).map(told),
        };
        DebugThread {
            id: line.id,
            frames: self.frames(line),
            place: match line.place {
                Place::Entering => DebugPlace::Entering,
                Place::Waiting => DebugPlace::Waiting,
                Place::Retrying => DebugPlace::Retrying,
                Place::Working(_) if answer.is_some() => DebugPlace::Answered,
                Place::Working(_) => DebugPlace::Working,
                Place::Within => DebugPlace::Within,
                Place::Transferring => DebugPlace::Transferring,
            },
            from: line.from.as_deref().map(str::to_owned),
            input: Value::clone(&line.input),
            variables: self.execution().variables(line.id),
            data: (chosen && held).then(|| Box::new(self.data(line))),
            answer,
            retries: line.retries,
        }
    }

    fn frames(&self, line: &ThreadView) -> Vec<DebugFrame> {
        let frame = |line: &ThreadView, index: Option<u32>| DebugFrame {
            state: line.state.to_string(),
            name: line.name.to_string(),
            kind: line.kind.to_owned(),
            index,
        };
        let mut frames = vec![frame(line, None)];
        let mut inner = line.clone();
        while let Some(outer) = inner
            .parent
            .and_then(|parent| self.execution().thread(parent))
        {
            frames.push(frame(&outer, inner.within.last().copied()));
            inner = outer;
        }
        frames.reverse();
        frames
    }

    /// The data of a line's state. Of a state that is not entered yet, what it would be: a copy enters it.
    fn data(&self, line: &ThreadView) -> VisitData {
        if line.place != Place::Entering {
            return self.execution().data(line.id).cloned().unwrap_or_default();
        }
        let mut copy = self.timeline.moment.clone();
        let events = copy.apply(copy.now, &Entry::Turn(line.id));
        let told = events.into_iter().rev().find_map(|event| {
            let visit = event.visit?;
            let same = visit.state == *line.state && visit.within == line.within;
            visit.data.filter(|_| same)
        });
        let raised = copy
            .execution
            .raised()
            .iter()
            .find(|raised| raised.thread == line.id);
        let mut data = match (copy.execution.data(line.id), told) {
            (_, Some(data)) => *data,
            (Some(data), None) => data.clone(),
            (None, None) => VisitData::default(),
        };
        if let Some(raised) = raised {
            data.error.clone_from(&raised.failure.error);
            data.cause.clone_from(&raised.failure.cause);
        }
        data
    }
}

fn told(answer: &Answer) -> DebugAnswer {
    match answer {
        Answer::Value(Ok(value)) => DebugAnswer::Result {
            value: value.clone(),
        },
        Answer::Items(Ok(items)) => DebugAnswer::Result {
            value: Value::Array(items.clone()),
        },
        Answer::Value(Err(failure)) | Answer::Items(Err(failure)) => DebugAnswer::Error {
            error: failure.error.clone(),
            cause: failure.cause.clone(),
        },
    }
}
