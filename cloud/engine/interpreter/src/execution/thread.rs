//! A line of states: the machine's own, a Parallel branch's, a Map iteration's.

use super::child_results::MapRun;
use super::resume::Rest;
use crate::Failure;
use crate::program::Node;
use crate::scope::Scope;
use crate::size::Bound;
use awm_api::Timestamp;
use awm_api::runs::VisitData;
use serde_json::Value;
use std::sync::Arc;

/// Where a line of states stands.
#[derive(Clone, Debug)]
pub(super) struct Thread {
    pub(super) id: u64,
    /// The Parallel or Map state that it is in, and the branch or iteration that it is.
    pub(super) group: Option<(u64, usize)>,
    /// The history that it writes.
    pub(super) line: u64,
    pub(super) flow: usize,
    pub(super) node: Arc<Node>,
    /// The state's raw input.
    pub(super) input: Arc<Value>,
    pub(super) scope: Arc<Scope>,
    /// `$$.Map` within an iteration.
    pub(super) item: Option<Arc<Value>>,
    /// The last event.
    pub(super) last: u64,
    /// The event before the state was entered.
    pub(super) before: u64,
    /// Whether the work began, for the events of a Parallel or Map state.
    pub(super) started: bool,
    /// The event that the state was entered at.
    pub(super) visit: u64,
    pub(super) entered_at: Timestamp,
    /// Retries made in this visit, by retrier and together.
    pub(super) retries: Vec<u32>,
    pub(super) retry_count: u32,
    pub(super) within: Vec<u32>,
    /// The state's data at its stations, if it is kept.
    pub(super) data: Option<Box<VisitData>>,
    pub(super) work: Work,
    pub(super) token: Option<String>,
    /// The run of a distributed Map whose items are being read.
    pub(super) map_run: String,
    /// Variables that the state assigned, for the event of its exit.
    pub(super) assigned: Option<serde_json::Map<String, Value>>,
    /// The state that it came from.
    pub(super) from: Option<Arc<Node>>,
    /// States that it left.
    pub(super) moves: u64,
    /// It goes on in a state that was entered before.
    pub(super) resumed: bool,
    /// What the state that it goes on in had done.
    pub(super) rest: Option<Box<Rest>>,
    /// It was at its end before it went on.
    pub(super) done: Option<Arc<Value>>,
    /// How large the input is at most, if that is known.
    pub(super) input_bound: Option<Bound>,
}

/// What a thread waits for.
#[derive(Clone, Debug)]
pub(super) enum Work {
    None,
    Timer(u64),
    Retry(u64),
    Task {
        id: u64,
        timeout: Option<u64>,
        heartbeat: Option<(u64, f64)>,
    },
    Group,
    Reading(u64),
    /// The last results are being written; what the state fails with then, if it fails.
    Writing(u64, Option<Failure>),
    /// The run has failed with this, and a part of its results is being written.
    Closing(Box<MapRun>, Failure),
}

impl Thread {
    pub(super) fn new(
        id: u64,
        flow: usize,
        node: Arc<Node>,
        input: Arc<Value>,
        scope: Arc<Scope>,
    ) -> Box<Self> {
        Box::new(Self {
            id,
            group: None,
            line: 0,
            flow,
            node,
            input,
            scope,
            item: None,
            last: 0,
            before: 0,
            started: false,
            visit: 0,
            entered_at: 0,
            retries: Vec::new(),
            retry_count: 0,
            within: Vec::new(),
            data: None,
            work: Work::None,
            token: None,
            map_run: String::new(),
            assigned: None,
            from: None,
            moves: 0,
            resumed: false,
            rest: None,
            done: None,
            input_bound: None,
        })
    }

    /// The state's data at its stations.
    pub(super) fn data(&mut self) -> &mut VisitData {
        self.data.get_or_insert_default()
    }

    pub(super) fn move_to(&mut self, node: Arc<Node>, input: Arc<Value>, bound: Option<Bound>) {
        self.from = Some(std::mem::replace(&mut self.node, node));
        self.moves += 1;
        self.input = input;
        self.input_bound = bound;
        self.retries.clear();
        self.retry_count = 0;
        self.data = None;
        self.token = None;
    }
}
