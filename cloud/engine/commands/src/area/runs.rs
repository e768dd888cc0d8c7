//! Runs: begun, stopped, listed, watched.

use crate::{
    Host,
    failure::Failure,
    import, live, redrive,
    run::{self, Plan},
};
use awm_api::{
    Page, UserError,
    runs::{
        Run, RunDocument, RunGet, RunImportHistory, RunList, RunRedrive, RunStart, RunStatus,
        RunStop, RunSummary, RunUpdate, RunWatch,
    },
};
use awm_interpreter::driver::StopReason;
use futures::{FutureExt, StreamExt, stream::BoxStream};

pub(crate) async fn run_start<H: Host>(host: &H, request: RunStart) -> Result<RunSummary, Failure> {
    let workflows = &host.ports().workflows;
    let workflow = workflows.get(host.tenant(), &request.workflow_id).await?;
    let plan = Plan {
        workflow_id: workflow.id,
        workflow_name: workflow.name,
        revision: workflow.revision,
        document: workflow.document,
        input: request.input,
        mocks: request.mocks,
        calls: Default::default(),
        source: request.source,
        tasks: None,
    };
    spawned(host, plan).await
}

pub(crate) async fn run_document<H: Host>(
    host: &H,
    request: RunDocument,
) -> Result<RunSummary, Failure> {
    let plan = Plan {
        workflow_id: String::new(),
        workflow_name: super::name_of("name", &request.name)?,
        revision: 0,
        document: request.document,
        input: request.input,
        mocks: request.mocks,
        calls: request.calls,
        source: request.source,
        tasks: None,
    };
    spawned(host, plan).await
}

async fn spawned<H: Host>(host: &H, plan: Plan) -> Result<RunSummary, Failure> {
    let begun = run::begin(host, plan).await?;
    host.spawn(begun.work.map(drop).boxed());
    Ok(begun.summary)
}

pub(crate) async fn run_stop<H: Host>(host: &H, request: RunStop) -> Result<RunSummary, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let found = ports.runs.summary(tenant, &request.id).await?;
    if found.status != RunStatus::Running {
        return Ok(found);
    }
    let reason = StopReason {
        error: request.error,
        cause: request.cause,
    };
    match ports.live.stop(&request.id, reason) {
        Some(ended) => ended.await,
        // It ended meanwhile, or its end could not be stored.
        None => {
            let found = ports.runs.summary(tenant, &request.id).await?;
            if found.status == RunStatus::Running {
                return run::abort(host, &found).await;
            }
        }
    }
    Ok(ports.runs.summary(tenant, &request.id).await?)
}

pub(crate) async fn run_redrive<H: Host>(
    host: &H,
    request: RunRedrive,
) -> Result<RunSummary, Failure> {
    let begun = redrive::redrive(host, &request.id, request.mocks).await?;
    host.spawn(begun.work.map(drop).boxed());
    Ok(begun.summary)
}

pub(crate) async fn run_import_history<H: Host>(
    host: &H,
    request: RunImportHistory,
) -> Result<RunSummary, Failure> {
    let name = super::name_of("name", &request.name)?;
    import::import(host, name, request).await
}

pub(crate) async fn run_list<H: Host>(
    host: &H,
    request: RunList,
) -> Result<Page<RunSummary>, Failure> {
    Ok(host.ports().runs.list(host.tenant(), &request).await?)
}

pub(crate) async fn run_get<H: Host>(host: &H, request: RunGet) -> Result<Run, Failure> {
    let runs = &host.ports().runs;
    let (summary, document, input, output) = runs.get(host.tenant(), &request.id).await?;
    let mut events = runs.events(host.tenant(), &request.id, 0, u32::MAX).await?;
    // The row was read first: what came since belongs to a later answer.
    events.retain(|event| event.id <= summary.events);
    Ok(Run {
        summary,
        document,
        input,
        output,
        events,
    })
}

pub(crate) async fn run_watch<H: Host>(
    host: &H,
    request: RunWatch,
) -> Result<BoxStream<'static, Result<RunUpdate, UserError>>, Failure> {
    Ok(live::watch(host, request).await?.boxed())
}
