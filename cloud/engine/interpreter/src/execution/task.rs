//! Task states.

use super::history::failure_details;
use super::thread::{Thread, Work};
use super::{Execution, Progress};
use crate::failure::Origin;
use crate::program::{Node, Service, TaskNode};
use crate::size::{MAX_PAYLOAD, fits};
use crate::{Effect, Failure, TaskCall};
use serde_json::{Map, Value, json};
use std::sync::Arc;

impl Execution {
    pub(super) fn begin_task(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        task: &TaskNode,
    ) -> Result<Progress, Failure> {
        thread.data().mocked = self.options.mocked.contains(&*node.pointer);
        let input = self.effective_input(thread, node)?;
        let timeout = task
            .timeout
            .as_ref()
            .map(|amount| self.amount(thread, amount, "TimeoutSeconds", &input))
            .transpose()?;
        let heartbeat = task
            .heartbeat
            .as_ref()
            .map(|amount| self.amount(thread, amount, "HeartbeatSeconds", &input))
            .transpose()?;
        if task.service.has_token() || task.service == Service::Activity {
            thread.token = Some(self.new_token());
        }
        let arguments = self.task_arguments(thread, node, Arc::clone(&input))?;
        let role = task
            .role
            .as_ref()
            .map(|role| self.words(thread, role, "Credentials/RoleArn", &input))
            .transpose()?;
        self.tell_scheduled(thread, task, &arguments, timeout, heartbeat, role);
        let id = self.new_id();
        self.waiting.insert(id, thread.id);
        self.effects.push(Effect::RunTask {
            id,
            request: Box::new(TaskCall {
                visit: thread.visit,
                state: Arc::clone(&node.pointer),
                name: Arc::clone(&node.name),
                resource: Arc::clone(&task.resource),
                arguments: Value::clone(&arguments),
                retries: thread.retry_count,
                token: thread.token.clone(),
            }),
        });
        let timeout = timeout.map(|seconds| self.set_timer(thread.id, self.after(seconds)));
        let heartbeat =
            heartbeat.map(|seconds| (self.set_timer(thread.id, self.after(seconds)), seconds));
        thread.work = Work::Task {
            id,
            timeout,
            heartbeat,
        };
        Ok(Progress::Waits)
    }

    pub(super) fn task_arguments(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        input: Arc<Value>,
    ) -> Result<Arc<Value>, Failure> {
        let arguments = if node.jsonata {
            match &node.arguments {
                Some(template) => Arc::new(self.query(thread, template, "Arguments", &[])?),
                None => input,
            }
        } else {
            self.with_parameters(thread, node, input)?
        };
        thread.data().arguments = Some(Arc::clone(&arguments));
        Ok(arguments)
    }

    fn tell_scheduled(
        &mut self,
        thread: &mut Thread,
        task: &TaskNode,
        arguments: &Arc<Value>,
        timeout: Option<f64>,
        heartbeat: Option<f64>,
        role: Option<Value>,
    ) {
        let mut details = Map::new();
        let kind = match &task.service {
            Service::Integration { kind, action, .. } => {
                details.insert("resourceType".to_owned(), json!(**kind));
                details.insert("resource".to_owned(), json!(**action));
                details.insert("region".to_owned(), json!(&*self.names.region));
                details.insert("parameters".to_owned(), Value::clone(arguments));
                "Task"
            }
            other => {
                details.insert("resource".to_owned(), json!(*task.resource));
                details.insert("input".to_owned(), Value::clone(arguments));
                other.event_prefix()
            }
        };
        for (field, seconds) in [
            ("timeoutInSeconds", timeout),
            ("heartbeatInSeconds", heartbeat),
        ] {
            if let Some(seconds) = seconds {
                details.insert(field.to_owned(), json!(seconds as i64));
            }
        }
        if let Some(role) = role {
            details.insert("taskCredentials".to_owned(), json!({ "roleArn": role }));
        }
        self.emit(thread, format!("{kind}Scheduled"), Value::Object(details));
        let started = match &task.service {
            Service::Integration { .. } => Value::Object(task.service.names()),
            Service::Activity => json!({ "workerName": "local" }),
            Service::Function => json!({}),
        };
        self.emit(thread, format!("{kind}Started"), started);
    }

    pub(super) fn task_submitted(&mut self, id: u64, output: Value) {
        let Some(mut thread) = self
            .waiting
            .get(&id)
            .copied()
            .and_then(|thread| self.threads.remove(&thread))
        else {
            return;
        };
        if let crate::program::Kind::Task(task) = &Arc::clone(&thread.node).kind
            && let Service::Integration { waits: true, .. } = &task.service
        {
            let mut details = task.service.names();
            details.insert("output".to_owned(), output);
            self.emit(&mut thread, "TaskSubmitted", Value::Object(details));
        }
        self.threads.insert(thread.id, thread);
    }

    /// The work is over, well or not.
    pub(super) fn task_ended(&mut self, id: u64, result: Result<Value, Failure>) {
        let Some(mut thread) = self
            .waiting
            .remove(&id)
            .and_then(|thread| self.threads.remove(&thread))
        else {
            return;
        };
        self.release(&mut thread);
        let node = Arc::clone(&thread.node);
        let crate::program::Kind::Task(task) = &node.kind else {
            self.threads.insert(thread.id, thread);
            return;
        };
        let result = result.and_then(|output| {
            if fits(&output, MAX_PAYLOAD) {
                Ok(output)
            } else {
                Err(Failure::too_large(match &task.service {
                    Service::Integration { kind, .. } => kind,
                    _ => &task.resource,
                }))
            }
        });
        match result {
            Ok(output) => {
                let mut details = task.service.names();
                details.insert("output".to_owned(), output.clone());
                let kind = format!("{}Succeeded", task.service.event_prefix());
                self.emit(&mut thread, kind, Value::Object(details));
                let progress = self.complete_work(&mut thread, &node, output);
                self.settle(thread, progress);
            }
            Err(failure) => self.task_failed(thread, task, failure),
        }
    }

    fn task_failed(&mut self, mut thread: Box<Thread>, task: &TaskNode, failure: Failure) {
        let origin = match failure.origin {
            Origin::Heartbeat => Origin::Heartbeat,
            _ => Origin::Work,
        };
        let failure = Failure { origin, ..failure };
        let timed_out = matches!(
            failure.error.as_deref(),
            Some("States.Timeout" | "States.HeartbeatTimeout")
        );
        let kind = format!(
            "{}{}",
            task.service.event_prefix(),
            if timed_out { "TimedOut" } else { "Failed" }
        );
        let mut details = task.service.names();
        details.extend(failure_details(
            failure.error.as_deref(),
            failure.cause.as_deref(),
        ));
        self.emit(&mut thread, kind, Value::Object(details));
        self.fail(thread, failure);
    }

    /// The timer of a task's timeout or heartbeat fired.
    pub(super) fn task_timed_out(&mut self, mut thread: Box<Thread>, timer: u64) {
        let mut failure = Failure::timeout();
        if let Work::Task { id, heartbeat, .. } = thread.work {
            self.waiting.remove(&id);
            self.effects.push(Effect::CancelTask { id });
            if heartbeat.is_some_and(|(heartbeat, _)| heartbeat == timer) {
                failure = Failure::heartbeat();
            }
        }
        self.release(&mut thread);
        let node = Arc::clone(&thread.node);
        match &node.kind {
            crate::program::Kind::Task(task) => {
                self.task_failed(thread, task, failure);
            }
            _ => {
                self.threads.insert(thread.id, thread);
            }
        }
    }

    /// The task that can be answered with this token, if one waits: a token serves one attempt, and only until it ends.
    pub fn task_of(&self, token: &str) -> Option<u64> {
        self.threads.values().find_map(|thread| match thread.work {
            Work::Task { id, .. } if thread.token.as_deref() == Some(token) => Some(id),
            _ => None,
        })
    }

    pub(super) fn heartbeat(&mut self, id: u64) {
        let Some(thread_id) = self.waiting.get(&id).copied() else {
            return;
        };
        let Some(mut thread) = self.threads.remove(&thread_id) else {
            return;
        };
        if let Work::Task {
            heartbeat: Some((timer, seconds)),
            ..
        } = &mut thread.work
        {
            let (old, seconds) = (*timer, *seconds);
            *timer = self.set_timer(thread_id, self.after(seconds));
            self.cancel_timer(old);
        }
        self.threads.insert(thread_id, thread);
    }

    /// Cancels the timers of a task that is over.
    fn release(&mut self, thread: &mut Thread) {
        if let Work::Task {
            timeout, heartbeat, ..
        } = std::mem::replace(&mut thread.work, Work::None)
        {
            for timer in timeout.into_iter().chain(heartbeat.map(|(timer, _)| timer)) {
                self.cancel_timer(timer);
            }
        }
    }

    /// Has everything that a thread waits for forgotten.
    pub(super) fn cancel_work(&mut self, thread: &mut Thread) {
        if let Work::Task { id, .. } = thread.work {
            self.waiting.remove(&id);
            self.effects.push(Effect::CancelTask { id });
            self.release(thread);
            return;
        }
        match std::mem::replace(&mut thread.work, Work::None) {
            Work::Timer(id) | Work::Retry(id) => self.cancel_timer(id),
            Work::Reading(id) | Work::Writing(id, _) => {
                self.waiting.remove(&id);
                self.effects.push(Effect::CancelTask { id });
            }
            Work::Closing(mut run, _) => {
                if let Some(id) = run.writing() {
                    self.waiting.remove(&id);
                    self.effects.push(Effect::CancelTask { id });
                }
            }
            Work::None | Work::Group | Work::Task { .. } => {}
        }
    }
}

impl Service {
    /// How the history's events of the work begin.
    fn event_prefix(&self) -> &'static str {
        match self {
            Service::Function => "LambdaFunction",
            Service::Activity => "Activity",
            Service::Integration { .. } => "Task",
        }
    }

    fn names(&self) -> Map<String, Value> {
        let mut names = Map::new();
        if let Service::Integration { kind, action, .. } = self {
            names.insert("resourceType".to_owned(), json!(**kind));
            names.insert("resource".to_owned(), json!(**action));
        }
        names
    }

    /// Whether the state's arguments can tell a token.
    pub(super) fn has_token(&self) -> bool {
        matches!(self, Service::Integration { waits: true, .. })
    }
}
