//! Sources, documents, search.

use super::name_of;
use crate::{Host, failure::Failure};
use awm_api::{
    Code, Page, UserError,
    knowledge::{
        Document, DocumentGet, DocumentList, DocumentRemove, DocumentRetry, DocumentText,
        IngestAccepted, IngestControl, IngestPaths, IngestStatus, IngestUpdate, IngestUpload,
        IngestWatch, KnowledgeFound, KnowledgeSearch, Source, SourceCreate, SourceDelete,
        SourceDeleted, SourceList, SourceRename,
    },
};
use awm_ports::Library;
use futures::stream::BoxStream;

pub(crate) async fn source_list<H: Host>(host: &H, _: SourceList) -> Result<Vec<Source>, Failure> {
    Ok(library(host)?.sources(host.tenant()).await?)
}

pub(crate) async fn source_create<H: Host>(
    host: &H,
    request: SourceCreate,
) -> Result<Source, Failure> {
    let ports = host.ports();
    let name = name_of("name", &request.name)?;
    let (id, at) = (ports.ids.next(), ports.clock.now());
    Ok(library(host)?
        .create_source(host.tenant(), &id, &name, at)
        .await?)
}

pub(crate) async fn source_rename<H: Host>(
    host: &H,
    request: SourceRename,
) -> Result<Source, Failure> {
    let name = name_of("name", &request.name)?;
    let library = library(host)?;
    Ok(library
        .rename_source(host.tenant(), &request.id, &name)
        .await?)
}

pub(crate) async fn source_delete<H: Host>(
    host: &H,
    request: SourceDelete,
) -> Result<SourceDeleted, Failure> {
    let library = library(host)?;
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
    Ok(library(host)?.documents(host.tenant(), &request).await?)
}

pub(crate) async fn document_get<H: Host>(
    host: &H,
    request: DocumentGet,
) -> Result<DocumentText, Failure> {
    let library = library(host)?;
    Ok(library.document_text(host.tenant(), &request.id).await?)
}

pub(crate) async fn ingest_paths<H: Host>(
    _: &H,
    _: IngestPaths,
) -> Result<IngestAccepted, Failure> {
    Err(not_built())
}

pub(crate) async fn ingest_upload<H: Host>(
    _: &H,
    _: IngestUpload,
) -> Result<IngestAccepted, Failure> {
    Err(not_built())
}

pub(crate) async fn ingest_control<H: Host>(
    _: &H,
    _: IngestControl,
) -> Result<IngestStatus, Failure> {
    Err(not_built())
}

pub(crate) async fn ingest_watch<H: Host>(
    _: &H,
    _: IngestWatch,
) -> Result<BoxStream<'static, Result<IngestUpdate, UserError>>, Failure> {
    Err(not_built())
}

pub(crate) async fn document_retry<H: Host>(_: &H, _: DocumentRetry) -> Result<Document, Failure> {
    Err(not_built())
}

pub(crate) async fn document_remove<H: Host>(
    host: &H,
    request: DocumentRemove,
) -> Result<Document, Failure> {
    let library = library(host)?;
    Ok(library.remove(host.tenant(), &request.id).await?)
}

pub(crate) async fn knowledge_search<H: Host>(
    _: &H,
    _: KnowledgeSearch,
) -> Result<KnowledgeFound, Failure> {
    Err(not_built())
}

pub(super) fn not_built() -> Failure {
    UserError::new(
        Code::ComponentMissing,
        "this build has no engine for it yet",
    )
    .into()
}

pub(super) fn library<H: Host>(host: &H) -> Result<&dyn Library, Failure> {
    host.ports().library.as_deref().ok_or_else(not_built)
}
