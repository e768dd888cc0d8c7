//! `awm ingest` and `awm search`.

use crate::{
    args::{Ingest, Search},
    collection::{self, Taken},
    exit::Ended,
    input,
    output::{Output, Tone},
    taking_in::{self, Updates, ended, settled},
};
use awm_api::{
    UserError,
    knowledge::{
        IngestAccepted, IngestPaths, IngestWatch, KnowledgeSearch, SearchFilter, SourceCreate,
    },
};
use awm_host::DesktopHost;
use futures::StreamExt;
use serde_json::json;
use std::pin::pin;

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
            let request = IngestPaths {
                source_id: source.id.clone(),
                paths,
                watch: given.watch,
            };
            let accepted = listed(host, output, &mut updates, request).await?;
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
    ended(host, output, &source.id, &status, documents, given.strict).await
}

/// Queues files, and shows what is taken in already while folders are still listed.
async fn listed(
    host: &DesktopHost,
    output: &Output,
    updates: &mut Updates,
    request: IngestPaths,
) -> Result<IngestAccepted, UserError> {
    let mut listing = pin!(host.ask(request));
    let accepted = loop {
        tokio::select! {
            accepted = &mut listing => break accepted,
            Some(update) = updates.next() => {
                taking_in::show(output, update?);
            }
        }
    };
    output.progress_over();
    accepted
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
