//! What becomes of a text: stored if it is new, passed over if it is as it was; and what leaves with a page.

use crate::{
    CrawlError,
    run::Run,
    visit::{Text, end},
};
use awm_api::crawl::{PageReason, PageState};
use awm_pipeline::FetchedPage;
use awm_ports::{FrontierPage, StoreError};

/// Stores a page's text where it is new; answers with the row as it then is.
pub(crate) async fn keep(
    run: &Run,
    mut page: FrontierPage,
    text: Text,
) -> Result<FrontierPage, CrawlError> {
    let mut hasher = blake3::Hasher::new();
    for block in &text.blocks {
        hasher.update(block.markdown.as_bytes());
        hasher.update(b"\n\n");
    }
    let hash = hasher.finalize().to_hex().to_string();
    let kept = page.page.document_id.is_some() || !run.keeps && page.text_hash.is_some();
    if kept && page.text_hash.as_deref() == Some(&hash) {
        return Ok(end(
            page,
            PageState::Unchanged,
            Some(PageReason::SameText),
            "",
        ));
    }
    let other = run
        .crawls
        .same_text(run.tenant(), &run.crawl.id, &hash, &page.page.url)
        .await?;
    if let Some(other) = other {
        page.text_hash = None;
        let page = end(page, PageState::Skipped, Some(PageReason::Duplicate), other);
        return forget(run, page).await;
    }
    if run.keeps {
        let stored = run
            .crawler
            .parts
            .ingest
            .put_page(FetchedPage {
                source_id: run.crawl.source_id.clone(),
                name: text.name,
                address: text.address,
                media_type: text.media_type,
                bytes: page.page.bytes,
                hash: hash.clone(),
                modified_at: text.modified_at,
                blocks: text.blocks,
            })
            .await?;
        page.page.document_id = Some(stored.id);
    }
    page.text_hash = Some(hash);
    Ok(end(page, PageState::Taken, None, ""))
}

/// Takes a page's document out, if it has one.
pub(crate) async fn forget(run: &Run, mut page: FrontierPage) -> Result<FrontierPage, CrawlError> {
    if let Some(id) = page.page.document_id.take() {
        page.text_hash = None;
        page.etag = None;
        page.modified = None;
        match run.crawler.parts.ingest.remove(&id).await {
            // A person may have taken it out already.
            Ok(_) | Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(page)
}

/// Whether a page that ended so has no place in the knowledge base. What merely failed, or is shut for the moment, keeps its place.
pub(crate) fn leaves(page: &FrontierPage) -> bool {
    match (page.page.state, page.page.reason) {
        (PageState::Gone, _) => true,
        (PageState::Skipped, Some(reason)) => matches!(
            reason,
            PageReason::Robots
                | PageReason::Noindex
                | PageReason::Canonical
                | PageReason::Redirected
                | PageReason::NoText
                | PageReason::Unsupported
        ),
        _ => false,
    }
}
