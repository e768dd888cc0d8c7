//! Runs that go on: redriven, as RedriveExecution does it.

use crate::{
    Host, definition,
    failure::Failure,
    run::{Begun, Worker},
};
use awm_api::{
    Code, Timestamp, UserError,
    runs::{Mock, RunStatus, RunSummary},
};
use awm_interpreter::{Outcome, driver};
use futures::FutureExt;
use std::{collections::BTreeMap, sync::Arc};

/// Checks that a run can go on, and reopens it. Nothing happens before its work is polled.
pub(crate) async fn redrive<H: Host>(
    host: &H,
    run_id: &str,
    mocks: Option<BTreeMap<String, Mock>>,
) -> Result<Begun, Failure> {
    let (tenant, ports) = (host.tenant().clone(), host.ports().clone());
    let (summary, document, input, _) = ports.runs.get(&tenant, run_id).await?;
    if let Some(reason) = refusal(&summary, ports.clock.now()) {
        return Err(reason.into());
    }
    let document = definition::document(document)?;
    let checked = definition::check(&document);
    let run = driver::NewRun {
        id: summary.id.clone(),
        workflow: summary.workflow_name.clone(),
        program: Arc::new(checked.program()?),
        input,
    };
    let history = ports.runs.events(&tenant, run_id, 0, u32::MAX).await?;
    let (live, stop) = ports.live.enter(run_id, checked.answering());
    live.stored(summary.events);
    let reopened = ports.runs.reopen(&tenant, run_id).await;
    let worker = Worker {
        tenant: tenant.clone(),
        summary: match reopened {
            Ok(summary) => summary,
            Err(error) => {
                ports.live.leave(run_id);
                return Err(error.into());
            }
        },
        ports,
        live,
        mocks: mocks.unwrap_or(document.mocks),
        calls: BTreeMap::new(),
    };
    Ok(worker.begun(move |deps| {
        async move {
            match driver::redriven(&run, &history, &deps) {
                Ok(execution) => driver::go_on(&tenant, run.id, execution, deps, stop).await,
                Err(error) => Ok(Outcome {
                    status: RunStatus::Failed,
                    output: None,
                    error: Some("States.Runtime".to_owned()),
                    cause: Some(error.to_string()),
                }),
            }
        }
        .boxed()
    }))
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days after its end in which a run can be redriven.
const REDRIVABLE_DAYS: i64 = 14;
/// Days that a run may take from its first start.
const OPEN_DAYS: i64 = 365;
/// A redrive needs room for its own event and one more.
const REDRIVABLE_EVENTS: u64 = 24_999;

/// Why a run can't be redriven: the rules of RedriveExecution.
fn refusal(run: &RunSummary, now: Timestamp) -> Option<UserError> {
    let ended_at = run.ended_at.unwrap_or(run.started_at);
    let (why, help) = match run.status {
        RunStatus::Running => ("it goes on", "wait for its end, or stop it"),
        RunStatus::Succeeded => ("it succeeded", "start a new run"),
        _ if now - ended_at > REDRIVABLE_DAYS * DAY_MS => {
            ("it ended more than 14 days ago", "start a new run")
        }
        _ if now - run.started_at > OPEN_DAYS * DAY_MS => {
            ("it started more than a year ago", "start a new run")
        }
        _ if run.events >= REDRIVABLE_EVENTS => (
            "its history has no room: 25,000 events are the limit",
            "start a new run",
        ),
        _ => return None,
    };
    Some(
        UserError::new(
            Code::BadRequest,
            format!("the run `{}` can't be redriven: {why}", run.id),
        )
        .help(help),
    )
}
