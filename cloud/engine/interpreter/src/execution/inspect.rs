//! A single state, tested by itself: what TestState does.

use super::supply::{NextTurn, Supply};
use super::thread::Thread;
use super::{Execution, Progress};
use crate::Failure;
use crate::failure::Origin;
use crate::items::parse_items;
use crate::program::{Kind, MapNode, Node};
use crate::scope::Scope;
use awm_api::runs::VisitData;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A state to test.
#[derive(Debug)]
pub(crate) struct MockedState {
    pub(crate) flow: usize,
    pub(crate) node: usize,
    pub(crate) variables: Map<String, Value>,
    /// The context object in place of one that is made.
    pub(crate) context: Option<Value>,
    /// Retries that were made before.
    pub(crate) retries: u32,
    /// Iterations that failed.
    pub(crate) failed_iterations: usize,
    /// What a Map state reads, as it is in the file.
    pub(crate) reader_data: Option<String>,
    /// What the work gives.
    pub(crate) mock: Option<Result<Value, Failure>>,
}

/// What testing a state told.
#[derive(Debug, Default)]
pub(crate) struct Inspected {
    pub(crate) data: VisitData,
    /// A Map state's items, after `ItemSelector`, after `ItemBatcher`.
    pub(crate) items: Option<Value>,
    pub(crate) selected: Option<Value>,
    pub(crate) batched: Option<Value>,
    /// The variables after the state, if there are any.
    pub(crate) variables: Option<Value>,
    pub(crate) concurrency: Option<f64>,
    pub(crate) tolerated_count: Option<f64>,
    pub(crate) tolerated_percentage: Option<f64>,
    pub(crate) output: Option<Value>,
    pub(crate) next: Option<Arc<str>>,
    pub(crate) failure: Option<Failure>,
    /// The retrier that is about the failure, and the seconds that it waits if it tries again.
    pub(crate) retrier: Option<(usize, Option<f64>)>,
    /// The catcher that caught the failure.
    pub(crate) catcher: Option<usize>,
    /// The state and the rule that was followed.
    pub(crate) exercised: BTreeSet<String>,
}

impl Execution {
    /// Tests a state; nothing else is run.
    pub(crate) fn inspect(mut self, mocked: MockedState) -> Option<Inspected> {
        let node = Arc::clone(self.program.node(mocked.flow, mocked.node)?);
        let (_, first) = self.threads.pop_first()?;
        let mut scope = Scope::default();
        scope.assign(mocked.variables.clone());
        let mut thread = Thread::new(
            first.id,
            mocked.flow,
            Arc::clone(&node),
            first.input,
            Arc::new(scope),
        );
        self.given_context = mocked.context.clone().map(Arc::new);
        self.enter(&mut thread);
        thread.retry_count = mocked.retries;
        let mut inspected = Inspected::default();
        let progress = self.perform_mocked(&mut thread, &node, &mocked, &mut inspected);
        match progress {
            Ok(Progress::Done { output, next, .. }) => {
                inspected.output = Some(Value::clone(&output));
                inspected.next = self.name_of(mocked.flow, next);
            }
            Ok(Progress::Waits) => {}
            Err(failure) => {
                self.inspect_failure(&mut thread, &node, &mocked, &failure, &mut inspected);
                inspected.failure = Some(failure);
            }
        }
        let variables = thread.scope.visible();
        inspected.variables = (!variables.is_empty()).then_some(Value::Object(variables));
        inspected.data = thread.data.take().map(|data| *data).unwrap_or_default();
        inspected.exercised = self.exercised.take().unwrap_or_default();
        Some(inspected)
    }

    fn name_of(&self, flow: usize, node: Option<usize>) -> Option<Arc<str>> {
        let node = self.program.node(flow, node?)?;
        Some(Arc::clone(&node.name))
    }

    fn perform_mocked(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        mocked: &MockedState,
        inspected: &mut Inspected,
    ) -> Result<Progress, Failure> {
        match &node.kind {
            Kind::Task(_) => {
                let input = self.effective_input(thread, node)?;
                self.task_arguments(thread, node, input)?;
            }
            Kind::Parallel(_) => {
                self.effective_input(thread, node)?;
            }
            Kind::Map(map) => {
                let input = self.effective_input(thread, node)?;
                self.inspect_map(thread, node, map, &input, mocked, inspected)?;
            }
            Kind::Fail { .. } => {
                self.effective_input(thread, node)?;
                return self.perform(thread);
            }
            Kind::WaitSeconds(_) | Kind::WaitUntil(_) => {
                self.perform(thread)?;
                return self.complete_wait(thread);
            }
            _ => return self.perform(thread),
        }
        match mocked.mock.clone() {
            Some(Ok(result)) => self.complete_work(thread, node, result),
            Some(Err(failure)) => Err(failure),
            None => Err(Failure::work(
                "States.TaskFailed",
                "there is nothing that does the work, and no mock",
            )),
        }
    }

    /// A Map state's items, iterations' inputs and limits.
    fn inspect_map(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        map: &MapNode,
        input: &Arc<Value>,
        mocked: &MockedState,
        inspected: &mut Inspected,
    ) -> Result<(), Failure> {
        let items = match (&map.reader, &mocked.reader_data) {
            (None, _) => Some(self.items(thread, map, node.jsonata, input)?),
            (Some(_), Some(data)) => {
                let (request, _) = self.reading(thread, node, map, input)?;
                Some(parse_items(data.as_bytes(), &request)?)
            }
            (Some(_), None) => None,
        };
        let count = items.as_ref().map_or(0, Vec::len);
        let concurrency = self.concurrency(thread, map, input)?;
        let tolerance = self.tolerance(thread, map, input)?;
        if let Some(items) = items {
            if map.selector.is_some() {
                let mut selected = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let context =
                        Arc::new(json!({ "Item": { "Index": index, "Value": item.value } }));
                    thread.item = Some(context);
                    let value = match &map.selector {
                        Some(selector) => self.either(thread, selector, "ItemSelector", input),
                        None => Ok(item.value.clone()),
                    };
                    thread.item = None;
                    selected.push(value?);
                }
                inspected.selected = Some(Value::Array(selected));
            }
            if map.batcher.is_some() {
                let supply = Supply::of(items.clone());
                let mut supply = self.batched(thread, map, supply, input)?;
                let mut batches = Vec::new();
                while let NextTurn::Now(turn) =
                    self.next_turn(thread, &mut supply, batches.len(), input)?
                {
                    batches.push(turn.input);
                }
                inspected.batched = Some(Value::Array(batches));
            }
            inspected.items = Some(items.into_iter().map(|item| item.value).collect());
        }
        inspected.concurrency = Some(concurrency.unwrap_or_default());
        inspected.tolerated_count = tolerance.count;
        inspected.tolerated_percentage = tolerance.percentage;
        if tolerance.is_set() && tolerance.is_exceeded(mocked.failed_iterations, Some(count)) {
            return Err(super::results::threshold_exceeded());
        }
        Ok(())
    }

    fn inspect_failure(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        mocked: &MockedState,
        failure: &Failure,
        inspected: &mut Inspected,
    ) {
        let of_task = matches!(node.kind, Kind::Task(_));
        if let Some((index, retrier)) = node
            .retry
            .iter()
            .enumerate()
            .find(|(_, retrier)| failure.is_among(&retrier.errors, of_task))
        {
            let again = u64::from(mocked.retries) < retrier.attempts;
            inspected.retrier = Some((index, again.then(|| retrier.delay(mocked.retries))));
            if again {
                return;
            }
        }
        let Some((index, catcher)) = node
            .catch
            .iter()
            .enumerate()
            .find(|(_, catcher)| failure.is_among(&catcher.errors, of_task))
        else {
            return;
        };
        let told = Failure {
            origin: Origin::Work,
            ..failure.clone()
        };
        if let Ok(Progress::Done { output, next, .. }) =
            self.caught(thread, node, (index, catcher), &told)
        {
            inspected.catcher = Some(index);
            inspected.output = Some(Value::clone(&output));
            inspected.next = self.name_of(mocked.flow, next);
        }
    }
}
