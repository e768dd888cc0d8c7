//! Parallel branches and Map iterations: what is started together and waited for together.

use super::child_results::MapRun;
use super::past::PastLine;
use super::results::{Results, Tolerance, threshold_exceeded};
use super::supply::{NextTurn, Supply, Turn};
use super::thread::{Thread, Work};
use super::{Execution, Progress};
use crate::program::Node;
use crate::scope::Scope;
use crate::{Effect, Failure};
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
    pub(super) results: Results,
    /// The next to start.
    pub(super) next: usize,
    pub(super) running: usize,
    pub(super) limit: usize,
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
    Iterations(Box<Iterations>),
}

/// The iterations of a Map state.
#[derive(Clone, Debug)]
pub(super) struct Iterations {
    pub(super) flow: usize,
    pub(super) supply: Supply,
    pub(super) tolerance: Tolerance,
    /// Items that failed.
    pub(super) failed: usize,
    /// Items of each iteration that runs, if it is not one.
    pub(super) weights: BTreeMap<usize, usize>,
    /// What a distributed Map has besides.
    pub(super) run: Option<MapRun>,
}

impl Group {
    pub(super) fn iterations(&mut self) -> Option<&mut Iterations> {
        match &mut self.members {
            Members::Iterations(iterations) => Some(iterations),
            Members::Branches(_) => None,
        }
    }

    pub(super) fn run(&mut self) -> Option<&mut MapRun> {
        self.iterations()?.run.as_mut()
    }

    /// Whether no more can be started before something has been written.
    fn is_writing(&mut self) -> bool {
        self.run().is_some_and(|run| run.is_writing())
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
                    let value = Arc::new(self.query(thread, template, "Arguments", &[])?);
                    thread.data().arguments = Some(Arc::clone(&value));
                    value
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
            results: Results::default(),
            next: 0,
            running: 0,
            limit: branches.len(),
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
            Some(rest) => self.restore(group, *rest),
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
            if group.is_writing() || group.running >= group.limit && group.running > 0 {
                break;
            }
            let turn = match self.next_member(owner, id) {
                Ok(turn) => turn,
                Err(failure) => return self.fail_group(owner, id, owner.last, failure),
            };
            match turn {
                Member::Turn(flow, turn) => {
                    self.start_child(owner, id, flow, turn.map(|turn| *turn))
                }
                Member::Later => break,
                Member::Never => match self.groups.get(&id) {
                    Some(group) if group.running > 0 => break,
                    _ => return self.complete_group(owner, id),
                },
            }
        }
        if let Some(mut group) = self.groups.remove(&id) {
            let low = group.limit.saturating_mul(2);
            if let Members::Iterations(iterations) = &mut group.members {
                self.refill(owner.id, &mut iterations.supply, low);
            }
            self.groups.insert(id, group);
        }
        Ok(Progress::Waits)
    }

    /// What is to be started next.
    fn next_member(&mut self, owner: &mut Thread, id: u64) -> Result<Member, Failure> {
        let Some(group) = self.groups.get_mut(&id) else {
            return Ok(Member::Never);
        };
        let (index, data) = (group.next, Arc::clone(&group.input));
        let (flow, mut supply) = match &mut group.members {
            Members::Branches(flows) => {
                return Ok(match flows.get(index) {
                    Some(flow) => Member::Turn(*flow, None),
                    None => Member::Never,
                });
            }
            Members::Iterations(iterations) => {
                (iterations.flow, std::mem::take(&mut iterations.supply))
            }
        };
        let turn = self.next_turn(owner, &mut supply, index, &data);
        if let Some(iterations) = self.groups.get_mut(&id).and_then(Group::iterations) {
            iterations.supply = supply;
        }
        Ok(match turn? {
            NextTurn::Now(turn) => Member::Turn(flow, Some(Box::new(turn))),
            NextTurn::Later => Member::Later,
            NextTurn::Never => Member::Never,
        })
    }

    fn start_child(&mut self, owner: &mut Thread, id: u64, flow: usize, turn: Option<Turn>) {
        let Some(group) = self.groups.get_mut(&id) else {
            return;
        };
        let index = group.next;
        group.next += 1;
        if let Some(output) = group.results.get(index) {
            // It was done before. Whoever writes results wants it again.
            let (output, input) = (Arc::clone(output), turn.map(|turn| Arc::new(turn.input)));
            self.keep_again(id, index, input, output);
            return;
        }
        let past = group.past.remove(&index);
        let (data, last) = (Arc::clone(&group.input), group.last);
        let distributed = group.run().is_some();
        if let (Some(iterations), Some(turn)) = (group.iterations(), &turn)
            && turn.items != 1
        {
            iterations.weights.insert(index, turn.items);
        }
        let is_map = turn.is_some();
        let (input, item) = match turn {
            None => (data, owner.item.clone()),
            Some(turn) => (Arc::new(turn.input), Some(turn.context)),
        };
        let Some(node) = self
            .program
            .flows
            .get(flow)
            .and_then(|machine| machine.nodes.get(machine.start))
            .cloned()
        else {
            return;
        };
        group.running += 1;
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
            child.line = self.child_line(child_id, id, index, &input);
            child.last = 0;
        } else if is_map && past.as_ref().is_none_or(|past| past.began.is_none()) {
            let details = json!({ "name": &*owner.node.name, "index": index });
            let visit = self.visit(owner, true);
            child.last = self.tell(owner.line, last, "MapIterationStarted", details, visit);
        }
        if let Some(past) = past {
            self.place(&mut child, &past);
        }
        self.ready.push_back(child_id);
        self.threads.insert(child_id, child);
    }

    /// Forgets a group, all in it, and what these wait for. Answers with what was left of it. `cut` is the last event of what failed,
    /// if what is cut is to be told.
    pub(super) fn dissolve(&mut self, id: u64, cut: Option<u64>) -> Option<Group> {
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
        let mut found = None;
        for doomed in doomed {
            let Some(mut group) = self.groups.remove(&doomed) else {
                continue;
            };
            let reading = group.iterations().and_then(|group| group.supply.reading());
            // What the group itself writes is its owner's matter.
            let writing = group
                .run()
                .filter(|_| doomed != id)
                .and_then(MapRun::writing);
            for id in reading.into_iter().chain(writing) {
                self.waiting.remove(&id);
                self.effects.push(Effect::CancelTask { id });
            }
            if doomed == id {
                found = Some(group);
            }
        }
        found
    }

    /// Ends a thread because another one failed, whose last event was `cut`.
    fn abort(&mut self, thread: &mut Thread, cut: Option<u64>) {
        self.cancel_work(thread);
        if let Some(cut) = cut {
            self.tell_aborted(thread, cut);
        }
        // A branch within a child execution writes the child's history, which goes on.
        if thread.line == thread.id {
            self.lines.remove(&thread.line);
        }
    }

    fn tell_aborted(&mut self, thread: &mut Thread, cut: u64) {
        let iteration = thread.group.and_then(|(id, index)| {
            let group = self.groups.get(&id)?;
            let inline = matches!(&group.members, Members::Iterations(all) if all.run.is_none());
            inline.then(|| json!({ "name": &*group.name, "index": index }))
        });
        thread.last = cut;
        if let Some(details) = iteration {
            self.emit_aside(thread, "MapIterationAborted", details);
        }
        let kind = thread.node.type_name();
        if thread.visit != 0 && matches!(kind, "Task" | "Wait" | "Map" | "Parallel") {
            self.emit_aside(thread, format!("{kind}StateAborted"), json!({}));
        }
    }

    /// Everything has ended: the results are the state's result.
    fn complete_group(&mut self, owner: &mut Thread, id: u64) -> Result<Progress, Failure> {
        let Some(mut group) = self.groups.remove(&id) else {
            return Ok(Progress::Waits);
        };
        owner.work = Work::None;
        let node = Arc::clone(&owner.node);
        owner.last = group.end;
        let kind = match &mut group.members {
            Members::Branches(_) => "ParallelStateSucceeded",
            Members::Iterations(iterations) => match iterations.run.take() {
                Some(mut run) => {
                    let (failed, of) = (iterations.failed, iterations.supply.count());
                    if failed > 0 && iterations.tolerance.is_exceeded(failed, of) {
                        return self.fail_map_run(owner, run, Vec::new(), threshold_exceeded());
                    }
                    if run.exports() {
                        return self.write_last(owner, run, None);
                    }
                    let too_large = group.results.too_large;
                    let results = match run.preview() {
                        Some(preview) if !too_large => preview,
                        _ => group.results.into_value(),
                    };
                    return self.complete_map_run(owner, &node, results, too_large);
                }
                None => "MapStateSucceeded",
            },
        };
        let results = group.results.into_value();
        self.emit_aside(owner, kind, json!({}));
        self.complete_work(owner, &node, results)
    }
}

/// A member that is to be started.
enum Member {
    /// The flow that it runs, and what it is made of, if it is an iteration.
    Turn(usize, Option<Box<Turn>>),
    Later,
    Never,
}
