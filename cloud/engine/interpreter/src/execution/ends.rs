//! How branches and iterations end, and what that means for the others.

use super::Execution;
use super::groups::Members;
use super::results::threshold_exceeded;
use super::thread::Thread;
use crate::program::Kind;
use crate::{ChildOutcome, Failure};
use serde_json::{Value, json};
use std::sync::Arc;

impl Execution {
    pub(super) fn child_succeeded(&mut self, child: Box<Thread>, output: Arc<Value>) {
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
            if let Some(iterations) = group.iterations() {
                iterations.weights.remove(&index);
            }
            if let Some(run) = group.run() {
                run.end(
                    index,
                    ChildOutcome::Succeeded(Arc::clone(&output)),
                    self.now,
                );
            }
            group.results.set(index, output);
        }
        if told {
            let details = json!({ "name": &*owner.node.name, "index": index });
            let visit = self.visit(&owner, true);
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
            self.write_part(&owner, id);
        }
        let progress = self.advance(&mut owner, id);
        self.settle(owner, progress);
    }

    pub(super) fn child_failed(&mut self, mut child: Box<Thread>, failure: Failure) {
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
            Members::Iterations(iterations) => {
                let tolerance = iterations.tolerance;
                let weight = iterations.weights.remove(&index).unwrap_or(1);
                iterations.failed += weight;
                let (failed, of) = (iterations.failed, iterations.supply.count());
                let distributed = iterations.run.is_some();
                if let Some(run) = &mut iterations.run {
                    run.end(index, ChildOutcome::Failed(failure.clone()), self.now);
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
                let visit = execution.visit(owner, true);
                execution.tell(owner.line, child.last, "MapIterationFailed", details, visit);
            }
        };
        match verdict {
            Some(failure) => {
                let progress = self.fail_group(&mut owner, id, child.last, failure);
                tell_failed(self, &owner);
                self.settle(owner, progress);
            }
            None => {
                tell_failed(self, &owner);
                self.write_part(&owner, id);
                let progress = self.advance(&mut owner, id);
                self.settle(owner, progress);
            }
        }
    }
}
