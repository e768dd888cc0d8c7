//! How branches and iterations end, and what that means for the others.

use super::Execution;
use super::groups::{Members, threshold_exceeded};
use super::thread::{Thread, Work};
use crate::Failure;
use crate::program::Kind;
use serde_json::{Value, json};
use std::sync::Arc;

impl Execution {
    pub(super) fn child_succeeded(&mut self, child: Thread, output: Arc<Value>) {
        let Some((id, index)) = child.group else {
            return;
        };
        let Some(mut owner) = self
            .groups
            .get(&id)
            .map(|group| group.owner)
            .and_then(|owner| self.threads.remove(&owner))
        else {
            return;
        };
        let mut told = false;
        if let Some(group) = self.groups.get_mut(&id) {
            group.running -= 1;
            if child.line == owner.line {
                group.last = child.last;
                group.end = child.last;
                told = matches!(group.members, Members::Iterations { .. });
            }
            if let Members::Iterations {
                record: Some(record),
                ..
            } = &mut group.members
                && let Some(entry) = record.get_mut(index)
            {
                entry.output = Ok(Arc::clone(&output));
            }
            if let Some(place) = group.results.get_mut(index) {
                *place = Some(output);
            }
        }
        if told {
            let details = json!({ "name": &*owner.node.name, "index": index });
            let visit = self.visit(&owner);
            let end = self.tell(
                owner.line,
                child.last,
                "MapIterationSucceeded",
                details,
                visit,
            );
            if let Some(group) = self.groups.get_mut(&id) {
                group.end = end;
            }
        } else if child.line != owner.line {
            self.lines.remove(&child.line);
        }
        let progress = self.advance(&mut owner, id);
        self.settle(owner, progress);
    }

    pub(super) fn child_failed(&mut self, mut child: Thread, failure: Failure) {
        let Some((id, index)) = child.group else {
            return;
        };
        let Some(mut owner) = self
            .groups
            .get(&id)
            .map(|group| group.owner)
            .and_then(|owner| self.threads.remove(&owner))
        else {
            return;
        };
        let Some(group) = self.groups.get_mut(&id) else {
            return;
        };
        group.running -= 1;
        group.failed += 1;
        let (failed, of) = (group.failed, group.count());
        if child.line == owner.line {
            group.last = child.last;
        }
        let mut told = false;
        let verdict = match &mut group.members {
            Members::Branches(_) => {
                if matches!(child.node.kind, Kind::Task(_)) && !failure.is_of_runtime() {
                    self.emit_aside(&mut child, "TaskStateAborted", json!({}));
                }
                Some(failure)
            }
            Members::Iterations {
                distributed,
                tolerance,
                record,
                ..
            } => {
                let (distributed, tolerance) = (*distributed, *tolerance);
                if let Some(entry) = record.as_mut().and_then(|record| record.get_mut(index)) {
                    entry.output = Err(failure.clone());
                }
                told = child.line == owner.line && !failure.is_of_runtime();
                if !tolerance.is_exceeded(failed, of) {
                    None
                } else if distributed || tolerance.is_set() {
                    Some(threshold_exceeded())
                } else {
                    Some(failure)
                }
            }
        };
        if child.line == owner.line {
            owner.last = child.last;
        } else {
            self.lines.remove(&child.line);
        }
        let mut tell_failed = |execution: &mut Self, owner: &Thread| {
            if std::mem::take(&mut told) {
                let details = json!({ "name": &*owner.node.name, "index": index });
                let visit = execution.visit(owner);
                execution.tell(owner.line, child.last, "MapIterationFailed", details, visit);
            }
        };
        match verdict {
            Some(failure) => {
                let children = self.succeeded_children(id);
                // AWS tells nothing of what a `States.Runtime` cuts.
                let cut = (!failure.is_of_runtime()).then_some(child.last);
                let distributed = self.dissolve(id, cut);
                tell_failed(self, &owner);
                owner.work = Work::None;
                if distributed {
                    owner.data.children = children;
                    self.tell_map_run_failed(&mut owner, &failure);
                    owner.data.children = None;
                }
                self.fail(owner, failure);
            }
            None => {
                tell_failed(self, &owner);
                let progress = self.advance(&mut owner, id);
                self.settle(owner, progress);
            }
        }
    }
}
