//! Parallel branches and Map iterations: what is started together and waited for together.

use super::past::PastLine;
use super::thread::{Thread, Work};
use super::{Execution, Progress};
use crate::program::Node;
use crate::scope::Scope;
use crate::{ChildResult, Failure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Threads that are waited for together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) owner: u64,
    /// The state's name.
    pub(super) name: Arc<str>,
    /// The state's data that iterations are made of.
    pub(super) input: Arc<Value>,
    pub(super) members: Members,
    pub(super) results: Vec<Option<Arc<Value>>>,
    /// The next to start.
    pub(super) next: usize,
    pub(super) running: usize,
    pub(super) limit: usize,
    pub(super) failed: usize,
    /// The event that the next one to start follows.
    pub(super) last: u64,
    /// The event that the end of all follows.
    pub(super) end: u64,
    /// Those that go on where they were cut off.
    pub(super) past: BTreeMap<usize, PastLine>,
}

/// What the threads run.
#[derive(Clone, Debug)]
pub(super) enum Members {
    Branches(Vec<usize>),
    Iterations {
        flow: usize,
        items: Arc<Vec<Value>>,
        distributed: bool,
        tolerance: Tolerance,
        map_run: String,
        /// What the children got and gave, if it will be written.
        record: Option<Vec<ChildResult>>,
    },
}

/// Failures that are put up with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tolerance {
    pub(super) count: Option<f64>,
    pub(super) percentage: Option<f64>,
}

impl Tolerance {
    pub(super) fn is_set(self) -> bool {
        self.count.is_some() || self.percentage.is_some()
    }

    pub(super) fn is_exceeded(self, failed: usize, of: usize) -> bool {
        let failed = failed as f64;
        match (self.count, self.percentage) {
            (None, None) => true,
            (count, percentage) => {
                count.is_some_and(|count| failed > count)
                    || percentage.is_some_and(|percentage| failed * 100.0 > percentage * of as f64)
            }
        }
    }
}

/// More iterations failed than are put up with.
pub(super) fn threshold_exceeded() -> Failure {
    Failure::work(
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded",
    )
}

impl Group {
    pub(super) fn count(&self) -> usize {
        self.results.len()
    }

    pub(super) fn is_distributed(&self) -> bool {
        matches!(
            self.members,
            Members::Iterations {
                distributed: true,
                ..
            }
        )
    }
}

impl Execution {
    pub(super) fn begin_parallel(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        branches: &[usize],
    ) -> Result<Progress, Failure> {
        let input = self.effective_input(thread, node)?;
        let input = if node.jsonata {
            match &node.arguments {
                Some(template) => {
                    let value = self.query(thread, template, "Arguments", &[])?;
                    thread.data.arguments = Some(value.clone());
                    Arc::new(value)
                }
                None => input,
            }
        } else {
            self.with_parameters(thread, node, input)?
        };
        if thread.rest.is_none() {
            self.emit(thread, "ParallelStateStarted", json!({}));
        }
        let group = Group {
            owner: thread.id,
            name: Arc::clone(&thread.node.name),
            input,
            members: Members::Branches(branches.to_vec()),
            results: vec![None; branches.len()],
            next: 0,
            running: 0,
            limit: branches.len(),
            failed: 0,
            last: thread.last,
            end: thread.last,
            past: BTreeMap::new(),
        };
        self.start_group(thread, group)
    }

    pub(super) fn start_group(
        &mut self,
        owner: &mut Thread,
        group: Group,
    ) -> Result<Progress, Failure> {
        let id = self.new_id();
        let group = match owner.rest.take() {
            Some(rest) => self.restore(owner, group, *rest),
            None => group,
        };
        self.groups.insert(id, group);
        owner.work = Work::Group;
        owner.started = true;
        self.advance(owner, id)
    }

    /// Starts what may start; completes the group if nothing is left.
    pub(super) fn advance(&mut self, owner: &mut Thread, id: u64) -> Result<Progress, Failure> {
        loop {
            let Some(group) = self.groups.get_mut(&id) else {
                return Ok(Progress::Waits);
            };
            if group.running == 0 && group.next >= group.count() {
                return self.complete_group(owner, id);
            }
            if group.running >= group.limit || group.next >= group.count() {
                return Ok(Progress::Waits);
            }
            let index = group.next;
            group.next += 1;
            if group.results.get(index).is_some_and(Option::is_some) {
                // It was done before.
                continue;
            }
            group.running += 1;
            if let Err(failure) = self.start_child(owner, id, index) {
                let cut = (!failure.is_of_runtime()).then_some(owner.last);
                self.dissolve(id, cut);
                return Err(failure);
            }
        }
    }

    fn start_child(&mut self, owner: &mut Thread, id: u64, index: usize) -> Result<(), Failure> {
        let Some(group) = self.groups.get_mut(&id) else {
            return Ok(());
        };
        let past = group.past.remove(&index);
        let (flow, distributed, item) = match &group.members {
            Members::Branches(flows) => (flows.get(index).copied(), false, None),
            Members::Iterations {
                flow,
                items,
                distributed,
                ..
            } => (Some(*flow), *distributed, items.get(index).cloned()),
        };
        let (data, last) = (Arc::clone(&group.input), group.last);
        let is_map = item.is_some();
        let (input, item) = match item {
            None => (data, owner.item.clone()),
            Some(value) => {
                let context = Arc::new(json!({ "Item": { "Index": index, "Value": value } }));
                let input = self.item_input(owner, &context, value, &data)?;
                (Arc::new(input), Some(context))
            }
        };
        let Some((flow, node)) = flow.and_then(|flow| {
            let machine = self.program.flows.get(flow)?;
            Some((flow, Arc::clone(machine.nodes.get(machine.start)?)))
        }) else {
            return Ok(());
        };
        let scope = if distributed {
            Scope::default()
        } else {
            Scope::within(Arc::clone(&owner.scope))
        };
        let child_id = self.new_id();
        let mut child = Thread::new(child_id, flow, node, Arc::clone(&input), Arc::new(scope));
        child.group = Some((id, index));
        child.line = owner.line;
        child.item = item;
        child.within.clone_from(&owner.within);
        child.within.push(u32::try_from(index).unwrap_or(u32::MAX));
        child.last = last;
        if distributed {
            child.line = self.child_line(child_id, &input);
            child.last = 0;
            self.record_input(id, index, &input);
        } else if is_map && past.as_ref().is_none_or(|past| past.began.is_none()) {
            let details = json!({ "name": &*owner.node.name, "index": index });
            let visit = self.visit(owner);
            child.last = self.tell(owner.line, last, "MapIterationStarted", details, visit);
        }
        if let Some(past) = past {
            self.place(&mut child, &past);
        }
        self.ready.push_back(child_id);
        self.threads.insert(child_id, child);
        Ok(())
    }

    /// Forgets a group, all in it, and what these wait for. Tells whether it was distributed. `cut` is the last event of what failed,
    /// if what is cut is to be told.
    pub(super) fn dissolve(&mut self, id: u64, cut: Option<u64>) -> bool {
        let mut doomed = BTreeSet::from([id]);
        loop {
            let owners: BTreeSet<u64> = self
                .threads
                .values()
                .filter(|thread| {
                    thread
                        .group
                        .is_some_and(|(group, _)| doomed.contains(&group))
                })
                .map(|thread| thread.id)
                .collect();
            let nested: Vec<u64> = self
                .groups
                .iter()
                .filter(|(nested, group)| owners.contains(&group.owner) && !doomed.contains(nested))
                .map(|(nested, _)| *nested)
                .collect();
            if nested.is_empty() {
                for owner in owners {
                    if let Some(mut thread) = self.threads.remove(&owner) {
                        self.abort(&mut thread, cut);
                    }
                }
                break;
            }
            doomed.extend(nested);
        }
        let mut distributed = false;
        for group in doomed {
            if let Some(group_state) = self.groups.remove(&group)
                && group == id
            {
                distributed = group_state.is_distributed();
            }
        }
        distributed
    }

    /// Ends a thread because another one failed, whose last event was `cut`.
    fn abort(&mut self, thread: &mut Thread, cut: Option<u64>) {
        self.cancel_work(thread);
        if let Some(cut) = cut {
            self.tell_aborted(thread, cut);
        }
        if thread.line != 0 {
            self.lines.remove(&thread.line);
        }
    }

    fn tell_aborted(&mut self, thread: &mut Thread, cut: u64) {
        let iteration = thread.group.and_then(|(id, index)| {
            let group = self.groups.get(&id)?;
            let inline =
                matches!(group.members, Members::Iterations { .. }) && !group.is_distributed();
            inline.then(|| json!({ "name": &*group.name, "index": index }))
        });
        thread.last = cut;
        if let Some(details) = iteration {
            self.emit_aside(thread, "MapIterationAborted", details);
        }
        let kind = thread.node.type_name();
        if thread.visit != 0 && matches!(kind, "Task" | "Wait" | "Map" | "Parallel") {
            self.emit_aside(thread, &format!("{kind}StateAborted"), json!({}));
        }
    }

    /// Everything has ended: the results are the state's result.
    fn complete_group(&mut self, owner: &mut Thread, id: u64) -> Result<Progress, Failure> {
        let Some(group) = self.groups.remove(&id) else {
            return Ok(Progress::Waits);
        };
        owner.work = Work::None;
        let node = Arc::clone(&owner.node);
        let results: Value = group
            .results
            .into_iter()
            .flatten()
            .map(Arc::unwrap_or_clone)
            .collect();
        owner.last = group.end;
        match group.members {
            Members::Branches(_) => {
                self.emit_aside(owner, "ParallelStateSucceeded", json!({}));
                self.complete_work(owner, &node, results)
            }
            Members::Iterations {
                distributed: false, ..
            } => {
                self.emit_aside(owner, "MapStateSucceeded", json!({}));
                self.complete_work(owner, &node, results)
            }
            Members::Iterations {
                map_run, record, ..
            } => match record {
                Some(record) => self.write_results(owner, &node, map_run, record),
                None => self.complete_map_run(owner, &node, results),
            },
        }
    }
}
