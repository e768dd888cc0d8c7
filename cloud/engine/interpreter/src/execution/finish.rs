//! How states fail and machines end: Retry, Catch, and what is left.

use super::history::error_output;
use super::states::combine;
use super::thread::{Thread, Work};
use super::{Execution, Progress, Raised};
use crate::event::Details;
use crate::failure::Origin;
use crate::program::{Catcher, Kind, Node};
use crate::{Failure, Outcome};
use awm_api::runs::RunStatus;
use awm_asl::random::Randomness as _;
use serde_json::{Map, Value, json};
use std::sync::Arc;

impl Execution {
    /// A state failed: it is tried again, caught, or fails what it is in.
    pub(super) fn fail(&mut self, mut thread: Box<Thread>, failure: Failure) {
        let node = Arc::clone(&thread.node);
        let begun = thread.started || matches!(failure.origin, Origin::Query(_));
        let failure = self.told(&mut thread, &node, failure);
        self.raised.push(Raised {
            thread: thread.id,
            state: Arc::clone(&node.pointer),
            failure: failure.clone(),
        });
        thread.data().error.clone_from(&failure.error);
        thread.data().cause.clone_from(&failure.cause);
        if self.retry(&mut thread, &node, &failure) {
            self.threads.insert(thread.id, thread);
            return;
        }
        let before = thread.last;
        if begun {
            self.tell_state_failed(&mut thread, &node, &failure);
        }
        let of_task = matches!(node.kind, Kind::Task(_));
        let catcher = node
            .catch
            .iter()
            .enumerate()
            .find(|(_, catcher)| failure.is_among(&catcher.errors, of_task));
        let Some((index, catcher)) = catcher else {
            self.thread_failed(thread, failure);
            return;
        };
        self.exercise(|| format!("{}/Catch/{index}", node.pointer));
        match self.caught(&mut thread, &node, (index, catcher), &failure) {
            Ok(Progress::Done {
                output,
                bound,
                next,
            }) => {
                self.exit(&mut thread, &output);
                self.go(thread, output, bound, next);
            }
            Ok(Progress::Waits) => self.thread_failed(thread, failure),
            Err(failure) => {
                // No other catcher sees what fails in a catcher. AWS tells of it from where the state stood before it failed.
                thread.last = before;
                let failure = self.told(&mut thread, &node, failure);
                self.tell_state_failed(&mut thread, &node, &failure);
                self.thread_failed(thread, failure);
            }
        }
    }

    /// AWS tells nothing of a `States.Runtime` but the execution's end.
    fn tell_state_failed(&mut self, thread: &mut Thread, node: &Node, failure: &Failure) {
        if matches!(node.kind, Kind::Map(_) | Kind::Parallel(_)) && !failure.is_of_runtime() {
            let kind = format!("{}StateFailed", node.type_name());
            self.emit(thread, kind, json!({}));
        }
    }

    /// Completes a failure's cause as AWS does, and tells of an evaluation that failed.
    fn told(&mut self, thread: &mut Thread, node: &Node, failure: Failure) -> Failure {
        let origin = failure.origin.clone();
        if matches!(origin, Origin::Work | Origin::Heartbeat) {
            return failure;
        }
        let cause = format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
            node.name,
            thread.visit,
            failure.cause.unwrap_or_default()
        );
        let failure = Failure {
            cause: Some(cause),
            error: failure.error,
            origin: Origin::Work,
        };
        if let Origin::Query(field) = origin {
            let mut details = Map::new();
            details.insert("error".to_owned(), json!(failure.error));
            details.insert("cause".to_owned(), json!(failure.cause));
            if let Some(field) = field {
                details.insert("location".to_owned(), json!(field));
            }
            details.insert("state".to_owned(), json!(*node.name));
            self.emit(thread, "EvaluationFailed", Value::Object(details));
        }
        failure
    }

    /// Whether the state will be tried again.
    fn retry(&mut self, thread: &mut Thread, node: &Node, failure: &Failure) -> bool {
        let of_task = matches!(node.kind, Kind::Task(_));
        let Some((index, retrier)) = node
            .retry
            .iter()
            .enumerate()
            .find(|(_, retrier)| failure.is_among(&retrier.errors, of_task))
        else {
            return false;
        };
        thread.retries.resize(node.retry.len(), 0);
        let Some(made) = thread.retries.get_mut(index) else {
            return false;
        };
        if u64::from(*made) >= retrier.attempts {
            return false;
        }
        let mut delay = retrier.delay(*made);
        *made += 1;
        thread.retry_count += 1;
        thread.data().retries = thread.retry_count;
        if retrier.full_jitter {
            delay *= self.random.unit();
        }
        self.exercise(|| format!("{}/Retry/{index}", node.pointer));
        let timer = self.set_timer(thread.id, self.after(delay));
        thread.work = Work::Retry(timer);
        true
    }

    pub(super) fn caught(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        (index, catcher): (usize, &Catcher),
        failure: &Failure,
    ) -> Result<Progress, Failure> {
        let error = error_output(failure);
        if node.jsonata {
            return self.shape(
                thread,
                Some(("Catch", index)),
                catcher.assign.as_ref(),
                catcher.output.as_ref(),
                &[("errorOutput", &error)],
                Some(&error),
                Some(catcher.next),
            );
        }
        let values = self.assignments(thread, catcher.assign.as_ref(), &error)?;
        let output = combine(
            &catcher.result_path,
            Arc::clone(&thread.input),
            Arc::new(error),
        )?;
        Self::assign(thread, values);
        Ok(Progress::Done {
            output,
            bound: None,
            next: Some(catcher.next),
        })
    }

    pub(super) fn thread_succeeded(&mut self, thread: Box<Thread>, output: Arc<Value>) {
        if thread.group.is_some() {
            self.child_succeeded(thread, output);
            return;
        }
        let details = Details::Data("output", Arc::clone(&output));
        self.tell(0, thread.last, "ExecutionSucceeded", details, None);
        let output = Arc::unwrap_or_clone(output);
        self.finish(Outcome {
            status: RunStatus::Succeeded,
            output: Some(output),
            error: None,
            cause: None,
        });
    }

    pub(super) fn thread_failed(&mut self, thread: Box<Thread>, failure: Failure) {
        if thread.group.is_some() {
            self.child_failed(thread, failure);
            return;
        }
        self.end_all(
            RunStatus::Failed,
            "ExecutionFailed",
            Some(&thread),
            failure.error,
            failure.cause,
        );
    }
}
