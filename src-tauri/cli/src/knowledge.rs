//! `awm ingest` and `awm search`.

use crate::{
    args::{Ingest, Search},
    collection::{self, Taken},
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::{
    PageRequest, UserError,
    knowledge::{
        DocumentList, DocumentState, IngestAccepted, IngestAction, IngestControl, IngestPaths,
        IngestStatus, IngestUpdate, IngestWatch, KnowledgeSearch, SearchFilter, SourceCreate,
    },
};
use awm_host::DesktopHost;
use futures::{StreamExt, stream::BoxStream};
use serde_json::json;
use std::time::Duration;

/// Without an update for as long, the standing is asked for.
const QUIET: Duration = Duration::from_secs(1);

pub(crate) async fn ingest(
    host: &DesktopHost,
    output: &Output,
    given: Ingest,
) -> Result<Ended, UserError> {
    let source = host.ask(SourceCreate { name: given.source }).await?;
    let (mut paths, mut collections) = (Vec::new(), Vec::new());
    for path in &given.paths {
        match collection::is_collection(path)? {
            true => collections.push(path),
            false => paths.push(input::absolute(path)?.display().to_string()),
        }
    }
    // Before the first file is put in the queue, so that no row is missed.
    let mut updates = host.follow(IngestWatch {}).await?;
    let accepted = match paths.is_empty() {
        true => IngestAccepted {
            queued: 0,
            unchanged: 0,
        },
        false => {
            let source_id = source.id.clone();
            let accepted = host.ask(IngestPaths { source_id, paths }).await?;
            output.note(&format!(
                "{} files queued, {} unchanged",
                accepted.queued, accepted.unchanged
            ));
            accepted
        }
    };
    let mut documents = None;
    for path in collections {
        let taken = collection::take_in(host, output, &source.id, path).await?;
        output.note(&format!(
            "{}: {} documents stored, {} unchanged, {} lines broken",
            path.display(),
            taken.stored.stored,
            taken.stored.unchanged,
            taken.problems.count
        ));
        documents.get_or_insert_with(Taken::default).add(taken);
    }
    if given.no_wait {
        output.line(
            "queued",
            &json!({"source": source.id, "accepted": accepted, "documents": documents}),
        );
        return Ok(Ended::Well);
    }
    let status = settled(host, output, &mut updates).await?;
    ended(host, output, &source.id, &status, documents).await
}

/// Waits until all that is in the queue is taken in.
pub(crate) async fn wait(host: &DesktopHost, output: &Output) -> Result<(), UserError> {
    let mut updates = host.follow(IngestWatch {}).await?;
    settled(host, output, &mut updates).await.map(drop)
}

async fn settled(
    host: &DesktopHost,
    output: &Output,
    updates: &mut BoxStream<'static, Result<IngestUpdate, UserError>>,
) -> Result<IngestStatus, UserError> {
    let ask = IngestControl {
        action: IngestAction::Status,
    };
    let mut status = host.ask(ask.clone()).await?;
    while !over(&status) {
        // A watcher that is too slow misses updates, so the standing is asked for when it is quiet.
        let Ok(update) = tokio::time::timeout(QUIET, updates.next()).await else {
            status = host.ask(ask.clone()).await?;
            // Passages that get no vector are not waited for.
            if status.done >= status.total && host.ask(embedding()).await?.total == 0 {
                break;
            }
            continue;
        };
        match update {
            None => break,
            Some(update) => match update? {
                IngestUpdate::Status { status: now } => {
                    output.progress(&format!(
                        "{} of {} files, {:.0}/s; {} of {} passages by meaning",
                        now.done, now.total, now.rate, now.vector_passages, now.keyword_passages
                    ));
                    // It may be from before the last file was queued.
                    status = match over(&now) {
                        true => host.ask(ask.clone()).await?,
                        false => now,
                    };
                }
                IngestUpdate::Document { document } => {
                    if let Some(failure) = &document.failure {
                        output.progress_over();
                        output.note(&format!(
                            "{}: {} [{}]",
                            document.name, failure.message, failure.code
                        ));
                    }
                }
            },
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
    let read = status.done >= status.total;
    status.paused
        || read
            && (status.vectors_off.is_some() || status.vector_passages >= status.keyword_passages)
}

async fn ended(
    host: &DesktopHost,
    output: &Output,
    source_id: &str,
    status: &IngestStatus,
    documents: Option<Taken>,
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
    if let Some(why) = &status.vectors_off {
        output.note(&format!("searched by keywords only: {why}"));
    }
    let failures: Vec<_> = failed
        .items
        .iter()
        .map(|document| json!({"name": document.name, "failure": document.failure}))
        .collect();
    output.line(
        &format!(
            "{} passages by keyword, {} by meaning, {} files failed",
            status.keyword_passages, status.vector_passages, failed.total
        ),
        &json!({"source": source_id, "status": status, "failed": failures, "documents": documents}),
    );
    Ok(Ended::Well)
}

pub(crate) async fn search(
    host: &DesktopHost,
    output: &Output,
    given: Search,
) -> Result<Ended, UserError> {
    let found = host
        .ask(KnowledgeSearch {
            query: given.query.join(" "),
            sources: given.source,
            top_k: given.top,
            filter: SearchFilter {
                tags: given.tag,
                from: given.from,
                to: given.to,
                path: given.path,
                languages: given.language,
            },
            exact: given.exact,
        })
        .await?;
    if output.is_json() {
        output.json(&found);
        return Ok(Ended::Well);
    }
    for hit in &found.hits {
        let passage = &hit.passage;
        let mut place = vec![passage.document_name.clone()];
        place.extend(passage.headings.iter().cloned());
        if let Some(page) = passage.page {
            place.push(format!("page {page}"));
        }
        output.text(&output.tone(Tone::Strong, &place.join(" › ")));
        output.text(passage.text.trim());
        if given.why {
            let by = |rank: Option<u32>, score: Option<f64>| match (rank, score) {
                (Some(rank), Some(score)) => format!("#{rank} ({score:.3})"),
                _ => "not among the first".to_owned(),
            };
            output.text(&format!(
                "score {:.3}; by keywords {}; by meaning {}",
                hit.score,
                by(hit.keyword_rank, hit.keyword_score),
                by(hit.vector_rank, hit.vector_score)
            ));
        }
        output.text("");
    }
    let how = if found.by_meaning {
        "keywords and meaning"
    } else {
        "keywords"
    };
    output.note(&format!(
        "{} passages by {how} in {:.1} ms",
        found.hits.len(),
        found.took_ms
    ));
    Ok(Ended::Well)
}
