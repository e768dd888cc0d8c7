//! `awm runs`.

use crate::{
    args::Runs,
    exit::Ended,
    input,
    output::{Output, Tone},
    run,
};
use awm_api::{
    Code, PageRequest, UserError,
    runs::{RunGet, RunImportHistory, RunList, RunSource, RunStatus, RunSummary},
};
use awm_host::DesktopHost;
use std::path::Path;

pub(crate) async fn runs(
    host: &DesktopHost,
    output: &Output,
    command: Runs,
) -> Result<Ended, UserError> {
    match command {
        Runs::List { limit, text } => {
            let page = PageRequest {
                limit,
                ..PageRequest::default()
            };
            let found = host
                .ask(RunList {
                    text,
                    page,
                    ..RunList::default()
                })
                .await?;
            if output.is_json() {
                output.json(&found);
            } else {
                for run in &found.items {
                    output.text(&row(output, run));
                }
            }
        }
        Runs::Import {
            definition,
            history,
        } => {
            let run = import(host, &definition, &history).await?;
            output.line(&row(output, &run), &run);
        }
        Runs::Redrive(given) => return run::redrive(host, output, given).await,
        Runs::Show { id } => {
            let run = host.ask(RunGet { id }).await?;
            if output.is_json() {
                output.json(&run);
                return Ok(Ended::Well);
            }
            output.text(&row(output, &run.summary));
            for event in &run.events {
                let after = event.at - run.summary.started_at;
                let state = event.visit.as_ref().map_or("", |visit| visit.name.as_str());
                output.text(&format!(
                    "{:>5}  {after:>7} ms  {}  {state}",
                    event.id, event.kind
                ));
            }
            if let Some(result) = &run.output {
                output.text(&format!("{result:#}"));
            }
        }
    }
    Ok(Ended::Well)
}

async fn import(
    host: &DesktopHost,
    definition: &Path,
    history: &Path,
) -> Result<RunSummary, UserError> {
    let name = definition.display().to_string();
    let document = awm_commands::read_text(&name, input::text(definition)?)?;
    let document = serde_json::to_value(document).map_err(|error| {
        UserError::new(
            Code::Internal,
            format!("the document can't be written: {error}"),
        )
    })?;
    let name = definition.file_name().unwrap_or_default();
    host.ask(RunImportHistory {
        name: name.to_string_lossy().into_owned(),
        document,
        history: input::json(&format!("@{}", history.display()))?,
        source: RunSource::Cli,
    })
    .await
}

/// A run as a line.
pub(crate) fn row(output: &Output, run: &RunSummary) -> String {
    let took = match run.ended_at {
        Some(end) => format!("{} ms", end - run.started_at),
        None => "goes on".to_owned(),
    };
    let error = match &run.error {
        Some(error) => format!("  {error}: {}", run.cause.as_deref().unwrap_or_default()),
        None => String::new(),
    };
    format!(
        "{}  {}  {}  {} events  {took}{error}",
        run.id,
        status(output, run.status),
        run.workflow_name,
        run.events
    )
}

pub(crate) fn status(output: &Output, status: RunStatus) -> String {
    match status {
        RunStatus::Running => "running".to_owned(),
        RunStatus::Succeeded => output.tone(Tone::Good, "succeeded"),
        RunStatus::Failed => output.tone(Tone::Bad, "failed"),
        RunStatus::TimedOut => output.tone(Tone::Bad, "timed out"),
        RunStatus::Aborted => output.tone(Tone::Bad, "aborted"),
    }
}
