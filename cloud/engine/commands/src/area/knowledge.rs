//! Sources, documents, search.

use super::{bad_field, name_of};
use crate::{Host, failure::Failure};
use awm_api::{
    Page, UserError,
    knowledge::{
        Document, DocumentGet, DocumentList, DocumentRemove, DocumentRetry, DocumentRetryAll,
        DocumentTag, DocumentText, DocumentsRetried, IngestAccepted, IngestControl, IngestPaths,
        IngestStatus, IngestUpdate, IngestUpload, IngestWatch, KnowledgeFound, KnowledgeSearch,
        LedgerCounts, LedgerSummary, PassageNeighbours, PassagesAround, Source, SourceCreate,
        SourceDelete, SourceDeleted, SourceList, SourceRename, TagCount, TagList,
    },
};
use awm_ports::StoreError;
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{StreamExt, stream::BoxStream};
use std::collections::BTreeSet;

/// Hits that a person looks at: their documents count as visited.
const SEEN: usize = 3;

pub(crate) async fn source_list<H: Host>(host: &H, _: SourceList) -> Result<Vec<Source>, Failure> {
    Ok(host.ports().library.sources(host.tenant()).await?)
}

pub(crate) async fn source_create<H: Host>(
    host: &H,
    request: SourceCreate,
) -> Result<Source, Failure> {
    let ports = host.ports();
    let name = name_of("name", &request.name)?;
    let (id, at) = (ports.ids.next(), ports.clock.now());
    Ok(ports
        .library
        .create_source(host.tenant(), &id, &name, at)
        .await?)
}

pub(crate) async fn source_rename<H: Host>(
    host: &H,
    request: SourceRename,
) -> Result<Source, Failure> {
    let name = name_of("name", &request.name)?;
    let library = &host.ports().library;
    Ok(library
        .rename_source(host.tenant(), &request.id, &name)
        .await?)
}

pub(crate) async fn source_delete<H: Host>(
    host: &H,
    request: SourceDelete,
) -> Result<SourceDeleted, Failure> {
    let library = &host.ports().library;
    let (documents, passages) = library.delete_source(host.tenant(), &request.id).await?;
    Ok(SourceDeleted {
        documents,
        passages,
    })
}

pub(crate) async fn document_list<H: Host>(
    host: &H,
    request: DocumentList,
) -> Result<Page<Document>, Failure> {
    Ok(host
        .ports()
        .library
        .documents(host.tenant(), &request)
        .await?)
}

pub(crate) async fn document_get<H: Host>(
    host: &H,
    request: DocumentGet,
) -> Result<DocumentText, Failure> {
    let ports = host.ports();
    let text = ports
        .library
        .document_text(host.tenant(), &request.id)
        .await?;
    ports.ingest.visited([request.id.as_str()]);
    Ok(text)
}

pub(crate) async fn ingest_paths<H: Host>(
    host: &H,
    request: IngestPaths,
) -> Result<IngestAccepted, Failure> {
    existing(host, &request.source_id).await?;
    if let Some(path) = request.paths.iter().find(|path| !is_absolute(path)) {
        return Err(bad_field("paths", format!("`{path}` is not an absolute path")).into());
    }
    let ingest = &host.ports().ingest;
    Ok(ingest
        .add_paths(&request.source_id, &request.paths, request.watch)
        .await?)
}

pub(crate) async fn ingest_upload<H: Host>(
    host: &H,
    request: IngestUpload,
) -> Result<IngestAccepted, Failure> {
    existing(host, &request.source_id).await?;
    let bytes = STANDARD
        .decode(request.base64.trim_ascii())
        .map_err(|error| bad_field("base64", format!("the bytes are not base64: {error}")))?;
    let ingest = &host.ports().ingest;
    Ok(ingest
        .upload(&request.source_id, &request.name, bytes)
        .await?)
}

pub(crate) async fn ingest_control<H: Host>(
    host: &H,
    request: IngestControl,
) -> Result<IngestStatus, Failure> {
    Ok(host.ports().ingest.control(request.action).await?)
}

pub(crate) async fn ingest_watch<H: Host>(
    host: &H,
    _: IngestWatch,
) -> Result<BoxStream<'static, Result<IngestUpdate, UserError>>, Failure> {
    Ok(host.ports().ingest.watch().await?.map(Ok).boxed())
}

pub(crate) async fn document_retry<H: Host>(
    host: &H,
    request: DocumentRetry,
) -> Result<Document, Failure> {
    Ok(host.ports().ingest.retry(&request.id).await?)
}

pub(crate) async fn document_remove<H: Host>(
    host: &H,
    request: DocumentRemove,
) -> Result<Document, Failure> {
    Ok(host.ports().ingest.remove(&request.id).await?)
}

pub(crate) async fn document_retry_all<H: Host>(
    host: &H,
    request: DocumentRetryAll,
) -> Result<DocumentsRetried, Failure> {
    let queued = host.ports().ingest.retry_all(&request.filter).await?;
    Ok(DocumentsRetried { queued })
}

pub(crate) async fn ledger_summary<H: Host>(
    host: &H,
    request: LedgerSummary,
) -> Result<LedgerCounts, Failure> {
    let library = &host.ports().library;
    Ok(library
        .summary(host.tenant(), request.source_id.as_deref())
        .await?)
}

pub(crate) async fn knowledge_search<H: Host>(
    host: &H,
    request: KnowledgeSearch,
) -> Result<KnowledgeFound, Failure> {
    let top_k = request.top_k.clamp(1, 100);
    let text = request.query.trim().to_owned();
    if text.is_empty() {
        return Ok(KnowledgeFound {
            hits: Vec::new(),
            took_ms: 0.0,
            by_meaning: false,
        });
    }
    let asked = KnowledgeSearch {
        query: text,
        top_k,
        ..request
    };
    let ports = host.ports();
    let found = ports.query.find(host.tenant(), &asked).await?;
    let seen = found.hits.iter().take(SEEN);
    ports
        .ingest
        .visited(seen.map(|hit| hit.passage.document_id.as_str()));
    Ok(found)
}

pub(crate) async fn passage_neighbours<H: Host>(
    host: &H,
    request: PassageNeighbours,
) -> Result<PassagesAround, Failure> {
    let (before, after) = (request.before.min(20), request.after.min(20));
    let library = &host.ports().library;
    Ok(library
        .neighbours(host.tenant(), &request.id, before, after)
        .await?)
}

pub(crate) async fn document_tag<H: Host>(
    host: &H,
    request: DocumentTag,
) -> Result<Vec<String>, Failure> {
    let tags: BTreeSet<String> = request
        .tags
        .iter()
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect();
    if let Some(long) = tags.iter().find(|tag| tag.chars().count() > 100) {
        return Err(bad_field("tags", format!("`{long}` is longer than 100 characters")).into());
    }
    let library = &host.ports().library;
    Ok(library
        .put_tags(host.tenant(), &request.id, tags.into_iter().collect())
        .await?)
}

pub(crate) async fn tag_list<H: Host>(
    host: &H,
    request: TagList,
) -> Result<Vec<TagCount>, Failure> {
    let library = &host.ports().library;
    Ok(library
        .tags(host.tenant(), request.document_id.as_deref())
        .await?)
}

/// Documents of a source that isn't there would be found by no screen.
pub(super) async fn existing<H: Host>(host: &H, source_id: &str) -> Result<(), Failure> {
    let sources = host.ports().library.sources(host.tenant()).await?;
    match sources.iter().any(|source| source.id == source_id) {
        true => Ok(()),
        false => Err(StoreError::NotFound {
            what: "source",
            id: source_id.to_owned(),
        }
        .into()),
    }
}

/// Absolute on any system: the host may run on another one than the tests.
fn is_absolute(path: &str) -> bool {
    let mut letters = path.chars();
    let first = letters.next();
    matches!(first, Some('/' | '\\'))
        || (first.is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':'))
}
