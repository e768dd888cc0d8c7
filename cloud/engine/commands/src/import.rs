//! Recorded executions, taken in as runs that are over.

use crate::{Host, definition, failure::Failure};
use awm_api::{
    Code, UserError,
    runs::{RunImportHistory, RunStatus, RunSummary},
};
use awm_debugger::replay::{Recorded, Recording, Visits};
use awm_ports::{NewRun, RunEnd};

/// Stores the history as the run's own.
pub(crate) async fn import<H: Host>(
    host: &H,
    name: String,
    request: RunImportHistory,
) -> Result<RunSummary, Failure> {
    let refused = |message: String| UserError::new(Code::BadRequest, message);
    let document = definition::document(request.document.clone())?;
    let program = definition::check(&document).program()?;
    let recording =
        Recording::read(&request.history).map_err(|error| refused(error.to_string()))?;
    let numbered = recording
        .events
        .iter()
        .zip(1..)
        .all(|(event, id)| event.id == id);
    if !recording.chained || !numbered {
        let help = "give all pages of the history in one list";
        return Err(refused("events are missing in the history".to_owned())
            .help(help)
            .into());
    }
    let end = recording.events.last().and_then(end);
    let Some((status, last)) = end else {
        let help = "fetch it again when the execution is over";
        return Err(refused("the history has no end".to_owned())
            .help(help)
            .into());
    };
    let (tenant, ports) = (host.tenant(), host.ports());
    let now = ports.clock.now();
    let events = Visits::of(&recording, &program).events(&recording, now);
    let summary = RunSummary {
        id: ports.ids.next(),
        workflow_id: String::new(),
        workflow_name: name,
        revision: 0,
        status: RunStatus::Running,
        source: request.source,
        started_at: recording.started_at().unwrap_or(now),
        ended_at: None,
        events: 0,
        error: None,
        cause: None,
    };
    let id = summary.id.clone();
    let run = NewRun {
        summary,
        document: request.document,
        input: recording.input(),
    };
    ports.runs.create(tenant, run).await?;
    let end = RunEnd {
        status,
        at: events.last().map_or(now, |event| event.at),
        output: (status == RunStatus::Succeeded).then(|| last.field("output")),
        error: last.text("error"),
        cause: last.text("cause"),
    };
    Ok(ports.runs.finish(tenant, &id, &events, end).await?)
}

/// How a history ended, if it did.
fn end(last: &Recorded) -> Option<(RunStatus, &Recorded)> {
    let status = match last.kind.as_str() {
        "ExecutionSucceeded" => RunStatus::Succeeded,
        "ExecutionFailed" => RunStatus::Failed,
        "ExecutionTimedOut" => RunStatus::TimedOut,
        "ExecutionAborted" => RunStatus::Aborted,
        _ => return None,
    };
    Some((status, last))
}
