//! Child executions of a distributed Map, and what is read and written around them.

use super::groups::{Group, Members};
use super::history::{About, Line, failure_details};
use super::supply::Supply;
use super::thread::{Thread, Work};
use super::{Execution, Progress};
use crate::program::{Kind, MapNode, Node};
use crate::{Effect, Failure, ItemsPart, ReadItems};
use awm_asl::random::Randomness as _;
use serde_json::{Map, Value, json};
use std::sync::Arc;

impl Execution {
    /// A history for a child execution, and its number.
    pub(super) fn child_line(
        &mut self,
        id: u64,
        group: u64,
        index: usize,
        input: &Arc<Value>,
    ) -> u64 {
        let name = self.random.uuid();
        let arn = match self.groups.get_mut(&group).and_then(Group::run) {
            Some(run) => run.begin(index, name.clone(), input, self.now),
            None => self.names.execution_id.clone(),
        };
        let about = About::of(
            Some(Box::new((arn, name))),
            Some(Arc::clone(input)),
            self.now,
        );
        let mut line = Line::new(false, about);
        // Its first event tells that it started.
        line.next_event = 2;
        self.lines.insert(id, line);
        id
    }

    /// Tells that a Map Run starts, or goes on.
    pub(super) fn tell_map_run(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        map: &MapNode,
    ) -> String {
        let redriven = thread.rest.as_ref().and_then(|rest| {
            let arn = rest.map_run.clone()?;
            Some((arn, rest.map_run_redrives + 1))
        });
        let Some((arn, count)) = redriven else {
            return self.tell_map_run_started(thread, node, map);
        };
        let details = json!({ "mapRunArn": arn, "redriveCount": count });
        self.emit(thread, "MapRunRedriven", details);
        thread.started = true;
        arn
    }

    /// What the child executions gave that succeeded, by index, as far as it is kept.
    pub(super) fn succeeded_children(&mut self, group: u64) -> Option<Value> {
        let group = self.groups.get_mut(&group)?;
        group.run()?;
        let outputs: Map<String, Value> = group
            .results
            .all()
            .map(|(index, output)| (index.to_string(), Value::clone(output)))
            .collect();
        (!outputs.is_empty()).then_some(Value::Object(outputs))
    }

    /// Tells of the Map Runs that end because everything does.
    pub(super) fn tell_map_runs_aborted(&mut self) {
        let running: Vec<(u64, u64)> = self
            .groups
            .iter_mut()
            .filter_map(|(id, group)| group.run().is_some().then_some((*id, group.owner)))
            .collect();
        for (group, owner) in running {
            let children = self.succeeded_children(group);
            if let Some(mut owner) = self.threads.remove(&owner) {
                owner.data().children = children;
                self.emit_aside(&mut owner, "MapRunAborted", json!({}));
                owner.data().children = None;
                self.threads.insert(owner.id, owner);
            }
        }
    }

    fn tell_map_run_started(&mut self, thread: &mut Thread, node: &Node, map: &MapNode) -> String {
        let arn = self.map_run_arn(node, map);
        self.emit(thread, "MapRunStarted", json!({ "mapRunArn": arn }));
        thread.started = true;
        arn
    }

    pub(super) fn tell_map_run_failed(&mut self, thread: &mut Thread, failure: &Failure) {
        let details = failure_details(failure.error.as_deref(), failure.cause.as_deref());
        self.emit(thread, "MapRunFailed", Value::Object(details));
        thread.data().children = None;
    }

    /// Has the items read.
    pub(super) fn read_items(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        map: &MapNode,
        input: &Value,
    ) -> Result<Progress, Failure> {
        let (request, max_items) = self.reading(thread, node, map, input)?;
        if thread.rest.is_none() {
            self.emit(thread, "MapStateStarted", json!({ "length": 0 }));
        }
        let run = self.tell_map_run(thread, node, map);
        if max_items.is_some_and(|items| items < 0.0) {
            let failure =
                Failure::work("States.ItemReaderFailed", "field MaxItems must be positive");
            self.tell_map_run_failed(thread, &failure);
            return Err(failure);
        }
        let id = self.new_id();
        self.waiting.insert(id, thread.id);
        thread.work = Work::Reading(id);
        thread.map_run = run;
        self.effects.push(Effect::ReadItems {
            id,
            request: Box::new(request),
        });
        Ok(Progress::Waits)
    }

    /// What is to be read, and `MaxItems` as it was given.
    pub(super) fn reading(
        &mut self,
        thread: &Thread,
        node: &Node,
        map: &MapNode,
        input: &Value,
    ) -> Result<(ReadItems, Option<f64>), Failure> {
        let Some(reader) = &map.reader else {
            return Ok((ReadItems::default(), None));
        };
        let arguments = match &reader.arguments {
            Some(template) => self.either(thread, template, "ItemReader/Arguments", input)?,
            None => json!({}),
        };
        let max_items = reader
            .max_items
            .as_ref()
            .map(|amount| self.amount(thread, amount, "MaxItems", input))
            .transpose()?;
        let request = ReadItems {
            state: Arc::clone(&node.pointer),
            resource: Arc::clone(&reader.resource),
            arguments,
            input_type: reader.input_type.clone(),
            manifest_type: reader.manifest_type.clone(),
            load: reader.load,
            items_pointer: reader.items_pointer.clone(),
            csv_headers: reader.csv_headers.clone(),
            csv_delimiter: reader.csv_delimiter,
            // None and nothing mean all.
            max_items: max_items
                .map(|items| items as u64)
                .filter(|items| *items > 0),
        };
        Ok((request, max_items))
    }

    pub(super) fn items_read(&mut self, id: u64, items: Result<ItemsPart, Failure>) {
        let Some(mut thread) = self
            .waiting
            .remove(&id)
            .and_then(|thread| self.threads.remove(&thread))
        else {
            return;
        };
        let node = Arc::clone(&thread.node);
        let Kind::Map(map) = &node.kind else {
            return;
        };
        let progress = match (&thread.work, items) {
            (Work::Reading(_), Ok(part)) => {
                thread.work = Work::None;
                let run = std::mem::take(&mut thread.map_run);
                self.effective_input(&mut thread, &node).and_then(|input| {
                    let supply = Supply::read(part, id);
                    self.start_iterations(&mut thread, map, supply, input, run)
                })
            }
            (Work::Reading(_), Err(failure)) => {
                thread.work = Work::None;
                self.tell_map_run_failed(&mut thread, &failure);
                Err(failure)
            }
            (_, items) => self.more_read(&mut thread, id, items),
        };
        self.settle(thread, progress);
    }

    fn more_read(
        &mut self,
        owner: &mut Thread,
        id: u64,
        items: Result<ItemsPart, Failure>,
    ) -> Result<Progress, Failure> {
        let found = self.groups.iter_mut().find_map(|(number, group)| {
            let supply = &mut group.iterations()?.supply;
            (supply.reading() == Some(id)).then_some((*number, supply))
        });
        let Some((group, supply)) = found else {
            return Ok(Progress::Waits);
        };
        match items {
            Ok(part) => {
                supply.add(part);
                self.advance(owner, group)
            }
            Err(failure) => self.fail_group(owner, group, owner.last, failure),
        }
    }

    /// A group failed: what is left of it ends, and the state fails. `last` is the last event of what failed.
    pub(super) fn fail_group(
        &mut self,
        owner: &mut Thread,
        id: u64,
        last: u64,
        failure: Failure,
    ) -> Result<Progress, Failure> {
        // AWS tells nothing of what a `States.Runtime` cuts.
        let cut = (!failure.is_of_runtime()).then_some(last);
        // Whoever redrives the run does not do these again.
        owner.data().children = self.succeeded_children(id);
        let group = self.dissolve(id, cut);
        owner.work = Work::None;
        if let Some(Group {
            members: Members::Iterations(mut iterations),
            ..
        }) = group
            && let Some(run) = iterations.run.take()
        {
            return self.fail_map_run(owner, run, iterations.supply.left(), failure);
        }
        owner.data().children = None;
        Err(failure)
    }

    pub(super) fn complete_map_run(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        output: Value,
        too_large: bool,
    ) -> Result<Progress, Failure> {
        self.emit(thread, "MapRunSucceeded", json!({}));
        self.emit_aside(thread, "MapStateSucceeded", json!({}));
        if too_large {
            return Err(Failure::too_large(&node.name));
        }
        self.complete_work(thread, node, output)
    }
}
