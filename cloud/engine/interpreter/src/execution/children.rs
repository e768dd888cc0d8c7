//! Child executions of a distributed Map, and what is read and written around them.

use super::groups::Members;
use super::history::{Line, failure_details};
use super::thread::{Thread, Work};
use super::{Execution, Progress};
use crate::program::{Kind, MapNode, Node};
use crate::{ChildResult, Effect, Failure, ReadItems, WriteResults};
use awm_asl::random::Randomness as _;
use serde_json::{Map, Value, json};
use std::sync::Arc;

impl Execution {
    /// A history for a child execution, and its number.
    pub(super) fn child_line(&mut self, id: u64, input: &Arc<Value>) -> u64 {
        let name = self.random.uuid();
        let mut names = self.names.clone();
        names.execution_id = format!("{}/{name}", names.execution_id);
        names.execution_name = name;
        let mut line = Line::new(false, names.context(Arc::clone(input), self.now));
        // Its first event tells that it started.
        line.next_event = 2;
        self.lines.insert(id, line);
        id
    }

    pub(super) fn record_input(&mut self, group: u64, index: usize, input: &Arc<Value>) {
        if let Some(group) = self.groups.get_mut(&group)
            && let Members::Iterations {
                record: Some(record),
                ..
            } = &mut group.members
            && let Some(entry) = record.get_mut(index)
        {
            entry.input = Arc::clone(input);
        }
    }

    /// Tells that a Map Run starts, or goes on.
    pub(super) fn tell_map_run(&mut self, thread: &mut Thread) -> String {
        let redriven = thread.rest.as_ref().and_then(|rest| {
            let arn = rest.map_run.clone()?;
            Some((arn, rest.map_run_redrives + 1))
        });
        let Some((arn, count)) = redriven else {
            return self.tell_map_run_started(thread);
        };
        let details = json!({ "mapRunArn": arn, "redriveCount": count });
        self.emit(thread, "MapRunRedriven", details);
        thread.started = true;
        arn
    }

    /// What the child executions gave that succeeded, by index.
    pub(super) fn succeeded_children(&self, group: u64) -> Option<Value> {
        let group = self
            .groups
            .get(&group)
            .filter(|group| group.is_distributed())?;
        let outputs: Map<String, Value> = group
            .results
            .iter()
            .enumerate()
            .filter_map(|(index, output)| {
                Some((index.to_string(), Value::clone(output.as_deref()?)))
            })
            .collect();
        (!outputs.is_empty()).then_some(Value::Object(outputs))
    }

    /// Tells of the Map Runs that end because everything does.
    pub(super) fn tell_map_runs_aborted(&mut self) {
        let running: Vec<(u64, u64)> = self
            .groups
            .iter()
            .filter(|(_, group)| group.is_distributed())
            .map(|(id, group)| (*id, group.owner))
            .collect();
        for (group, owner) in running {
            let children = self.succeeded_children(group);
            if let Some(mut owner) = self.threads.remove(&owner) {
                owner.data.children = children;
                self.emit_aside(&mut owner, "MapRunAborted", json!({}));
                owner.data.children = None;
                self.threads.insert(owner.id, owner);
            }
        }
    }

    fn tell_map_run_started(&mut self, thread: &mut Thread) -> String {
        let run = self.random.uuid();
        let arn = format!(
            "{}/{}:{run}",
            self.names.machine_id.replace(":stateMachine:", ":mapRun:"),
            match &thread.node.kind {
                Kind::Map(map) => map.label.as_deref().unwrap_or(&thread.node.name),
                _ => &thread.node.name,
            }
        );
        self.emit(thread, "MapRunStarted", json!({ "mapRunArn": arn }));
        thread.started = true;
        arn
    }

    pub(super) fn tell_map_run_failed(&mut self, thread: &mut Thread, failure: &Failure) {
        let details = failure_details(failure.error.as_deref(), failure.cause.as_deref());
        self.emit(thread, "MapRunFailed", Value::Object(details));
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
        self.tell_map_run(thread);
        if max_items.is_some_and(|items| items < 0.0) {
            let failure =
                Failure::work("States.ItemReaderFailed", "field MaxItems must be positive");
            self.tell_map_run_failed(thread, &failure);
            return Err(failure);
        }
        let id = self.new_id();
        self.waiting.insert(id, thread.id);
        thread.work = Work::Reading(id);
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
        let reader = map.reader.as_ref();
        let arguments = match reader.and_then(|reader| reader.arguments.as_ref()) {
            Some(template) => self.either(thread, template, "ItemReader/Arguments", input)?,
            None => json!({}),
        };
        let max_items = reader
            .and_then(|reader| reader.max_items.as_ref())
            .map(|amount| self.amount(thread, amount, "MaxItems", input))
            .transpose()?;
        let request = ReadItems {
            state: Arc::clone(&node.pointer),
            resource: reader.map_or_else(|| "".into(), |reader| Arc::clone(&reader.resource)),
            arguments,
            input_type: reader.and_then(|reader| reader.input_type.clone()),
            csv_headers: reader.and_then(|reader| reader.csv_headers.clone()),
            csv_delimiter: reader.map_or(b',', |reader| reader.csv_delimiter),
            // None and nothing mean all.
            max_items: max_items
                .map(|items| items as u64)
                .filter(|items| *items > 0),
        };
        Ok((request, max_items))
    }

    pub(super) fn items_read(&mut self, id: u64, items: Result<Vec<Value>, Failure>) {
        let Some(mut thread) = self
            .waiting
            .remove(&id)
            .and_then(|thread| self.threads.remove(&thread))
        else {
            return;
        };
        thread.work = Work::None;
        let node = Arc::clone(&thread.node);
        let Kind::Map(map) = &node.kind else {
            return;
        };
        let progress = match items {
            Ok(items) => self.effective_input(&mut thread, &node).and_then(|input| {
                self.start_iterations(&mut thread, map, items, input, String::new())
            }),
            Err(failure) => {
                self.tell_map_run_failed(&mut thread, &failure);
                Err(failure)
            }
        };
        self.settle(thread, progress);
    }

    pub(super) fn write_results(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        map_run: String,
        results: Vec<ChildResult>,
    ) -> Result<Progress, Failure> {
        let Kind::Map(map) = &node.kind else {
            return Ok(Progress::Waits);
        };
        let input = self.effective_input(thread, node)?;
        let arguments = match map
            .writer
            .as_ref()
            .and_then(|writer| writer.arguments.as_ref())
        {
            Some(template) => self.either(thread, template, "ResultWriter/Arguments", &input)?,
            None => json!({}),
        };
        let id = self.new_id();
        self.waiting.insert(id, thread.id);
        thread.work = Work::Writing(id);
        self.effects.push(Effect::WriteResults {
            id,
            request: Box::new(WriteResults {
                state: Arc::clone(&node.pointer),
                map_run,
                arguments,
                results,
            }),
        });
        Ok(Progress::Waits)
    }

    pub(super) fn results_written(&mut self, id: u64, output: Result<Value, Failure>) {
        let Some(mut thread) = self
            .waiting
            .remove(&id)
            .and_then(|thread| self.threads.remove(&thread))
        else {
            return;
        };
        thread.work = Work::None;
        let node = Arc::clone(&thread.node);
        let progress = match output {
            Ok(output) => self.complete_map_run(&mut thread, &node, output),
            Err(failure) => {
                self.tell_map_run_failed(&mut thread, &failure);
                Err(failure)
            }
        };
        self.settle(thread, progress);
    }

    pub(super) fn complete_map_run(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        output: Value,
    ) -> Result<Progress, Failure> {
        self.emit(thread, "MapRunSucceeded", json!({}));
        self.emit_aside(thread, "MapStateSucceeded", json!({}));
        self.complete_work(thread, node, output)
    }
}
