//! Waiting until all that is in the queue is taken in, and telling how it went.

use crate::{
    collection::Taken,
    exit::Ended,
    output::{Output, Tone},
};
use awm_api::{
    PageRequest, UserError,
    knowledge::{
        Document, DocumentList, DocumentState, IngestAction, IngestControl, IngestStatus,
        IngestUpdate, IngestWatch, LedgerCounts, LedgerSummary,
    },
};
use awm_host::DesktopHost;
use futures::{StreamExt, stream::BoxStream};
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};

/// Without an update for as long, the standing is asked for.
const QUIET: Duration = Duration::from_secs(1);
/// Failures that are told one by one.
const TOLD: usize = 20;

/// What is told while files are taken in.
pub(crate) type Updates = BoxStream<'static, Result<IngestUpdate, UserError>>;

/// Waits until all that is in the queue is taken in.
pub(crate) async fn wait(host: &DesktopHost, output: &Output) -> Result<(), UserError> {
    let mut updates = host.follow(IngestWatch {}).await?;
    settled(host, output, &mut updates).await.map(drop)
}

/// Shows one update, and answers with the standing if it told one.
pub(crate) fn show(output: &Output, update: IngestUpdate) -> Option<IngestStatus> {
    match update {
        IngestUpdate::Status { status } => {
            output.progress(&line(&status));
            Some(status)
        }
        IngestUpdate::Documents { .. } | IngestUpdate::Folder { .. } => None,
    }
}

/// The progress in one line, both stages.
fn line(status: &IngestStatus) -> String {
    let mut text = format!("{} of {} files", status.done, status.total);
    if status.listing > 0 {
        text.push_str(", listing");
    }
    if status.rate > 0.0 {
        text.push_str(&format!(", {:.0}/s", status.rate));
    }
    if let Some(left) = status.remaining_s {
        text.push_str(&format!(", {left} s left"));
    }
    text.push_str(&format!(
        "; {} of {} passages by meaning",
        status.vector_passages, status.keyword_passages
    ));
    if status.remaining_s.is_none()
        && let Some(left) = status.vector_remaining_s
    {
        text.push_str(&format!(", {left} s left"));
    }
    text
}

/// Waits for the end of the queue. A store that fails, as on a full disk, ends it: the next start goes on.
pub(crate) async fn settled(
    host: &DesktopHost,
    output: &Output,
    updates: &mut Updates,
) -> Result<IngestStatus, UserError> {
    let ask = IngestControl {
        action: IngestAction::Status,
    };
    let mut status = host.ask(ask.clone()).await?;
    while !over(&status) {
        if let Some(trouble) = &status.trouble {
            output.progress_over();
            return Err(
                UserError::new(trouble.code, trouble.message.clone()).help(format!(
                    "{}; what was stored is kept, and the next start goes on with the rest",
                    trouble.help.trim_end_matches('.')
                )),
            );
        }
        let Ok(update) = tokio::time::timeout(QUIET, updates.next()).await else {
            status = host.ask(ask.clone()).await?;
            // Passages that get no vector are not waited for.
            if status.done >= status.total && host.ask(embedding()).await?.total == 0 {
                break;
            }
            continue;
        };
        let Some(update) = update else {
            break;
        };
        if let Some(now) = show(output, update?) {
            // It may be from before the last file was queued.
            status = match over(&now) {
                true => host.ask(ask.clone()).await?,
                false => now,
            };
        }
    }
    output.progress_over();
    Ok(status)
}

/// Documents whose vectors are being made, by their number alone.
fn embedding() -> DocumentList {
    DocumentList {
        state: Some(DocumentState::Embedding),
        page: PageRequest {
            limit: 1,
            ..PageRequest::default()
        },
        ..DocumentList::default()
    }
}

/// Whether nothing is left to do: all files are read, and all passages have vectors, if vectors are made at all. A queue that is
/// paused is left as it is.
fn over(status: &IngestStatus) -> bool {
    let read = status.done >= status.total && status.listing == 0;
    status.paused
        || read
            && (status.vectors_off.is_some() || status.vector_passages >= status.keyword_passages)
}

/// Tells what became of a source's files: how many stand how, and why some failed.
pub(crate) async fn ended(
    host: &DesktopHost,
    output: &Output,
    source_id: &str,
    status: &IngestStatus,
    documents: Option<Taken>,
    strict: bool,
) -> Result<Ended, UserError> {
    let failed = host
        .ask(DocumentList {
            source_id: Some(source_id.to_owned()),
            state: Some(DocumentState::Failed),
            page: PageRequest {
                limit: 1000,
                ..PageRequest::default()
            },
            ..DocumentList::default()
        })
        .await?;
    let counts = host
        .ask(LedgerSummary {
            source_id: Some(source_id.to_owned()),
        })
        .await?;
    if let Some(why) = &status.vectors_off {
        output.note(&format!("searched by keywords only: {why}"));
    }
    let end = match strict && failed.total > 0 {
        true => Ended::Failed,
        false => Ended::Well,
    };
    if output.is_json() {
        let failures: Vec<_> = failed
            .items
            .iter()
            .map(|document| json!({"name": document.name, "failure": document.failure}))
            .collect();
        let states: serde_json::Map<_, _> = counts
            .states
            .iter()
            .filter_map(|(state, many)| {
                let name = serde_json::to_value(state).ok()?;
                Some((name.as_str()?.to_owned(), json!(many)))
            })
            .collect();
        output.json(&json!({
            "source": source_id, "status": status, "states": states, "failed": failures, "documents": documents,
        }));
        return Ok(end);
    }
    output.text(&format!(
        "{} passages by keyword, {} by meaning, {} files failed",
        status.keyword_passages, status.vector_passages, failed.total
    ));
    table(output, &counts, &failed.items);
    Ok(end)
}

fn table(output: &Output, counts: &LedgerCounts, failed: &[Document]) {
    for (state, many) in &counts.states {
        let (tone, words) = match state {
            DocumentState::Queued => (Tone::Dim, "waiting"),
            DocumentState::Extracting => (Tone::Dim, "being read"),
            DocumentState::Embedding => (Tone::Good, "searched by keywords"),
            DocumentState::Indexed => (Tone::Good, "searched by keywords and meaning"),
            DocumentState::NoText => (Tone::Dim, "without text"),
            DocumentState::Duplicate => (Tone::Dim, "duplicates"),
            DocumentState::Failed => (Tone::Bad, "failed"),
        };
        output.text(&output.tone(tone, &format!("{many:>9}  {words}")));
    }
    let mut reasons: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
    for document in failed {
        let code = document
            .failure
            .as_ref()
            .map(|failure| failure.code.as_str());
        reasons
            .entry(code.unwrap_or_default())
            .or_default()
            .push(document);
    }
    for (code, documents) in reasons {
        let help = documents
            .first()
            .and_then(|document| document.failure.as_ref())
            .map_or("", |failure| failure.help.as_str());
        output.text(&format!("{:>9}  {code}: {help}", documents.len()));
        for document in documents.iter().take(TOLD) {
            let why = document
                .failure
                .as_ref()
                .map_or("", |failure| failure.message.as_str());
            output.text(&output.tone(Tone::Dim, &format!("           {}: {why}", document.name)));
        }
        if documents.len() > TOLD {
            let rest = documents.len() - TOLD;
            output.text(&output.tone(Tone::Dim, &format!("           and {rest} more")));
        }
    }
}
