//! What a conversation's turn adds to its workflow's tasks: the model that was asked, and notes of what the tasks said.

use async_trait::async_trait;
use awm_ports::{TaskFailure, TaskProgress, TaskRequest, TaskRunner};
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Does the tasks of one run of a turn.
pub(crate) struct TurnTasks {
    inner: Arc<dyn TaskRunner>,
    /// The title of the model to ask; the first of the settings if none.
    model: Option<String>,
    /// Whether several models answer: only the answer that is chosen will be remembered.
    compared: bool,
    notes: Arc<Mutex<Notes>>,
}

/// What the tasks said on the way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// The text of the answer so far, as it was told.
    pub(crate) said: String,
    /// The model that wrote it.
    pub(crate) model: Option<String>,
    /// What was looked for in place of the question.
    pub(crate) searched_for: Option<String>,
    /// Tokens that models read, in all tasks.
    pub(crate) tokens_in: Option<u64>,
    /// Tokens that they wrote.
    pub(crate) tokens_out: Option<u64>,
    /// Whether the workflow asked to remember the turn, and was not let.
    pub(crate) remembers: bool,
}

impl TurnTasks {
    pub(crate) fn new(inner: Arc<dyn TaskRunner>, model: Option<String>, compared: bool) -> Self {
        Self {
            inner,
            model,
            compared,
            notes: Arc::default(),
        }
    }

    /// The notes so far.
    pub(crate) fn notes(&self) -> Notes {
        lock(&self.notes).clone()
    }
}

fn lock(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The platform tasks that concern a turn.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Retrieve,
    Generate,
    Remember,
    Other,
}

/// The task, and whether its request is the payload of an invocation.
fn kind(request: &TaskRequest) -> (Kind, bool) {
    let invoked = request
        .arguments
        .get("FunctionName")
        .and_then(Value::as_str);
    let name = invoked.unwrap_or(&request.resource);
    let kind = [
        ("AwmRetrieve", Kind::Retrieve),
        ("AwmGenerate", Kind::Generate),
        ("AwmRemember", Kind::Remember),
    ]
    .into_iter()
    .find(|(task, _)| name.contains(task))
    .map_or(Kind::Other, |(_, kind)| kind);
    (kind, invoked.is_some())
}

#[async_trait]
impl TaskRunner for TurnTasks {
    async fn run(&self, tenant: &TenantId, mut request: TaskRequest) -> Result<Value, TaskFailure> {
        let (kind, invoked) = kind(&request);
        if kind == Kind::Other {
            return self.inner.run(tenant, request).await;
        }
        if kind == Kind::Remember && self.compared {
            lock(&self.notes).remembers = true;
            let answer = json!({"stored": 0});
            return Ok(match invoked {
                true => json!({"ExecutedVersion": "$LATEST", "Payload": answer, "StatusCode": 200}),
                false => answer,
            });
        }
        let body = match invoked {
            true => request.arguments.get_mut("Payload"),
            false => Some(&mut request.arguments),
        };
        if let (Some(model), Some(Value::Object(body))) = (&self.model, body) {
            body.entry("model").or_insert_with(|| model.clone().into());
        }
        if kind == Kind::Generate {
            // A further attempt, or another state that answers, begins anew.
            lock(&self.notes).said.clear();
            let (notes, progress) = (Arc::clone(&self.notes), request.progress.clone());
            request.progress = TaskProgress::new(move |text| {
                lock(&notes).said.push_str(text);
                progress.tell(text);
            });
        }
        let answer = self.inner.run(tenant, request).await?;
        let told = match invoked {
            true => answer.get("Payload").unwrap_or(&Value::Null),
            false => &answer,
        };
        note(&mut lock(&self.notes), told);
        Ok(answer)
    }
}

fn note(notes: &mut Notes, told: &Value) {
    let text = |name: &str| told.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(searched_for) = text("searchedFor") {
        notes.searched_for = Some(searched_for);
    }
    if let Some(model) = text("model") {
        notes.model = Some(model);
    }
    let usage = |name: &str| told.get("usage")?.get(name)?.as_u64();
    for (sum, more) in [
        (&mut notes.tokens_in, usage("tokensIn")),
        (&mut notes.tokens_out, usage("tokensOut")),
    ] {
        if let Some(more) = more {
            *sum = Some(sum.unwrap_or(0) + more);
        }
    }
}
