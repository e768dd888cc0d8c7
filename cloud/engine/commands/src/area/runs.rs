//! Runs: what is stored of them, and what goes on.

use super::knowledge::not_built;
use crate::{Host, failure::Failure, live};
use awm_api::{
    Page, UserError,
    runs::{Run, RunDocument, RunGet, RunList, RunStart, RunStop, RunSummary, RunUpdate, RunWatch},
};
use futures::{StreamExt, stream::BoxStream};

pub(crate) async fn run_start<H: Host>(_: &H, _: RunStart) -> Result<RunSummary, Failure> {
    Err(not_built())
}

pub(crate) async fn run_document<H: Host>(_: &H, _: RunDocument) -> Result<RunSummary, Failure> {
    Err(not_built())
}

pub(crate) async fn run_stop<H: Host>(_: &H, _: RunStop) -> Result<RunSummary, Failure> {
    Err(not_built())
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
    let events = runs.events(host.tenant(), &request.id, 0, u32::MAX).await?;
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
