//! What the child executions of a distributed Map gave, as far as it is kept, and how it is written.

use super::thread::{Thread, Work};
use super::{Execution, Progress};
use crate::items::transformed;
use crate::program::{MapNode, Node};
use crate::size::{MAX_PAYLOAD, length};
use crate::{ChildOutcome, ChildResult, Effect, Failure, Transformation, WriteResults};
use awm_api::Timestamp;
use awm_asl::random::Randomness as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of data of child executions that are written at once. They are all that is held of a result that is exported.
const PART: usize = 4 * 1024 * 1024;

/// A run of a distributed Map.
#[derive(Clone, Debug)]
pub(super) struct MapRun {
    arn: String,
    /// The ARN of the children's machine.
    machine: String,
    /// Those that run, by their place.
    children: BTreeMap<usize, Child>,
    kept: Kept,
}

#[derive(Clone, Debug)]
struct Child {
    name: String,
    execution: String,
    input: Arc<Value>,
    started_at: Timestamp,
}

/// What is kept of results.
#[derive(Clone, Debug)]
enum Kept {
    /// The outputs are the state's result.
    Outputs,
    /// What is made of all that is known of the children is the state's result.
    Preview(Transformation, BTreeMap<usize, ChildResult>),
    /// All is written.
    Export(Box<Export>),
}

#[derive(Clone, Debug)]
struct Export {
    arguments: Value,
    transformation: Transformation,
    lines: bool,
    part: Vec<ChildResult>,
    bytes: usize,
    /// What parts were answered with.
    written: Vec<Value>,
    /// The part that is being written.
    writing: Option<u64>,
}

impl MapRun {
    pub(super) fn exports(&self) -> bool {
        matches!(self.kept, Kept::Export(_))
    }

    fn export(&mut self) -> Option<&mut Export> {
        match &mut self.kept {
            Kept::Export(export) => Some(export),
            _ => None,
        }
    }

    /// The name under which a part is being written.
    pub(super) fn writing(&mut self) -> Option<u64> {
        self.export()?.writing
    }

    pub(super) fn is_writing(&mut self) -> bool {
        self.writing().is_some()
    }

    /// A new child's execution, and its name.
    pub(super) fn begin(
        &mut self,
        index: usize,
        name: String,
        input: &Arc<Value>,
        now: Timestamp,
    ) -> String {
        let machine = self.machine.replace(":stateMachine:", ":execution:");
        let execution = format!("{machine}:{name}");
        let child = Child {
            name,
            execution: execution.clone(),
            input: Arc::clone(input),
            started_at: now,
        };
        self.children.insert(index, child);
        execution
    }

    /// A child has ended.
    pub(super) fn end(&mut self, index: usize, outcome: ChildOutcome, now: Timestamp) {
        if let Some(child) = self.children.remove(&index)
            && !matches!(self.kept, Kept::Outputs)
        {
            let result = self.result(child, outcome, now);
            self.keep(index, result);
        }
    }

    fn result(&self, child: Child, outcome: ChildOutcome, now: Timestamp) -> ChildResult {
        ChildResult {
            name: child.name,
            execution: child.execution,
            machine: self.machine.clone(),
            input: child.input,
            outcome,
            started_at: child.started_at,
            stopped_at: now,
        }
    }

    fn keep(&mut self, index: usize, result: ChildResult) {
        match &mut self.kept {
            Kept::Outputs => {}
            // What is more than this is more than a state's result may be.
            Kept::Preview(_, results) if results.len() >= MAX_PAYLOAD => {}
            Kept::Preview(_, results) => {
                results.insert(index, result);
            }
            Kept::Export(export) => {
                let output = match &result.outcome {
                    ChildOutcome::Succeeded(output) => length(output),
                    _ => 0,
                };
                export.bytes += 1024 + length(&result.input) + output;
                export.part.push(result);
            }
        }
    }

    /// The state's result of what was kept, if it is not the outputs.
    pub(super) fn preview(&mut self) -> Option<Value> {
        let Kept::Preview(transformation, results) = &mut self.kept else {
            return None;
        };
        let values = results
            .values()
            .flat_map(|result| transformed(result, *transformation));
        Some(values.collect())
    }

    /// What was not done when the run failed: children that ran, and items that had no turn.
    fn close(&mut self, left: Vec<Value>, now: Timestamp) {
        for (_, child) in std::mem::take(&mut self.children) {
            let result = self.result(child, ChildOutcome::Aborted, now);
            self.keep(0, result);
        }
        for item in left {
            let child = Child {
                name: String::new(),
                execution: String::new(),
                input: Arc::new(item),
                started_at: now,
            };
            let result = self.result(child, ChildOutcome::Pending, now);
            self.keep(0, result);
        }
    }
}

impl Execution {
    /// A new run of a distributed Map, of which nothing is told yet.
    pub(super) fn new_map_run(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        map: &MapNode,
        input: &Arc<Value>,
        arn: String,
    ) -> Result<MapRun, Failure> {
        let kept = match &map.writer {
            None => Kept::Outputs,
            Some(writer) if !writer.exports => {
                Kept::Preview(writer.transformation, BTreeMap::new())
            }
            Some(writer) => Kept::Export(Box::new(Export {
                arguments: match &writer.arguments {
                    Some(template) => {
                        self.either(thread, template, "ResultWriter/Arguments", input)?
                    }
                    None => json!({}),
                },
                transformation: writer.transformation,
                lines: writer.lines,
                part: Vec::new(),
                bytes: 0,
                written: Vec::new(),
                writing: None,
            })),
        };
        let label = map.label.as_deref().unwrap_or(&node.name);
        Ok(MapRun {
            arn,
            machine: format!("{}/{label}", self.names.machine_id),
            children: BTreeMap::new(),
            kept,
        })
    }

    /// The ARN of a new run.
    pub(super) fn map_run_arn(&mut self, node: &Node, map: &MapNode) -> String {
        let run = self.random.uuid();
        format!(
            "{}/{}:{run}",
            self.names.machine_id.replace(":stateMachine:", ":mapRun:"),
            map.label.as_deref().unwrap_or(&node.name)
        )
    }

    /// Keeps the result of a child that was done before, for those who write it.
    pub(super) fn keep_again(
        &mut self,
        group: u64,
        index: usize,
        input: Option<Arc<Value>>,
        output: Arc<Value>,
    ) {
        let name = self.random.uuid();
        let now = self.now;
        let run = self.groups.get_mut(&group).and_then(|group| group.run());
        if let (Some(run), Some(input)) = (run, input) {
            run.begin(index, name, &input, now);
            run.end(index, ChildOutcome::Succeeded(output), now);
        }
    }

    /// Has results written once there are enough of them.
    pub(super) fn write_part(&mut self, owner: &Thread, group: u64) {
        let Some(mut run) = self
            .groups
            .get_mut(&group)
            .and_then(|group| group.iterations()?.run.take())
        else {
            return;
        };
        if let Some(export) = run.export()
            && export.bytes >= PART
            && export.writing.is_none()
        {
            self.write(owner, &mut run, false);
        }
        if let Some(iterations) = self
            .groups
            .get_mut(&group)
            .and_then(|group| group.iterations())
        {
            iterations.run = Some(run);
        }
    }

    fn write(&mut self, owner: &Thread, run: &mut MapRun, last: bool) {
        let id = self.new_id();
        let map_run = run.arn.clone();
        let Some(export) = run.export() else {
            return;
        };
        export.writing = Some(id);
        export.bytes = 0;
        let request = WriteResults {
            state: Arc::clone(&owner.node.pointer),
            map_run,
            arguments: export.arguments.clone(),
            transformation: export.transformation,
            lines: export.lines,
            results: std::mem::take(&mut export.part),
            written: export.written.clone(),
            last,
        };
        self.waiting.insert(id, owner.id);
        self.effects.push(Effect::WriteResults {
            id,
            request: Box::new(request),
        });
    }

    /// Has what is left and the manifest written; then the state is done, or fails with `failure`.
    pub(super) fn write_last(
        &mut self,
        owner: &mut Thread,
        mut run: MapRun,
        failure: Option<Failure>,
    ) -> Result<Progress, Failure> {
        self.write(owner, &mut run, true);
        if let Some(id) = run.writing() {
            owner.work = Work::Writing(id, failure);
        }
        Ok(Progress::Waits)
    }

    /// The run failed. Where results are exported, those that there are get written first.
    pub(super) fn fail_map_run(
        &mut self,
        owner: &mut Thread,
        mut run: MapRun,
        left: Vec<Value>,
        failure: Failure,
    ) -> Result<Progress, Failure> {
        if !run.exports() {
            self.tell_map_run_failed(owner, &failure);
            return Err(failure);
        }
        run.close(left, self.now);
        if run.is_writing() {
            owner.work = Work::Closing(Box::new(run), failure);
            return Ok(Progress::Waits);
        }
        self.write_last(owner, run, Some(failure))
    }

    pub(super) fn results_written(&mut self, id: u64, output: Result<Value, Failure>) {
        let Some(mut thread) = self
            .waiting
            .remove(&id)
            .and_then(|thread| self.threads.remove(&thread))
        else {
            return;
        };
        let node = Arc::clone(&thread.node);
        let progress = match (std::mem::replace(&mut thread.work, Work::None), output) {
            (Work::Writing(_, Some(failure)), _) => {
                self.tell_map_run_failed(&mut thread, &failure);
                Err(failure)
            }
            (Work::Writing(_, None), Ok(output)) => {
                self.complete_map_run(&mut thread, &node, output, false)
            }
            (Work::Writing(_, None), Err(failure)) => {
                self.tell_map_run_failed(&mut thread, &failure);
                Err(failure)
            }
            (Work::Closing(mut run, failure), output) => {
                run.part_written(output.ok());
                self.write_last(&mut thread, *run, Some(failure))
            }
            (work, output) => {
                thread.work = work;
                self.part_written(&mut thread, id, output)
            }
        };
        self.settle(thread, progress);
    }

    fn part_written(
        &mut self,
        owner: &mut Thread,
        id: u64,
        output: Result<Value, Failure>,
    ) -> Result<Progress, Failure> {
        let found = self.groups.iter_mut().find_map(|(number, group)| {
            let run = group.run()?;
            (run.writing() == Some(id)).then_some((*number, run))
        });
        let Some((group, run)) = found else {
            return Ok(Progress::Waits);
        };
        match output {
            Ok(written) => {
                run.part_written(Some(written));
                self.advance(owner, group)
            }
            Err(failure) => {
                self.dissolve(group, None);
                owner.work = Work::None;
                self.tell_map_run_failed(owner, &failure);
                Err(failure)
            }
        }
    }
}

impl MapRun {
    fn part_written(&mut self, written: Option<Value>) {
        if let Some(export) = self.export() {
            export.writing = None;
            export.written.extend(written);
        }
    }
}
