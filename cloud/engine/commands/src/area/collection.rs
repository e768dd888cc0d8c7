//! Documents that come with ids of their own.

use super::{bad_field, knowledge::existing};
use crate::{Host, failure::Failure};
use awm_api::collection::{CollectionPut, CollectionStored};

/// Documents of one request, at most: they are held in memory and stored by one transaction.
const MOST: usize = 1_000;
/// Characters of a document's id, at most.
const MAX_ID: usize = 1_000;

pub(crate) async fn collection_put<H: Host>(
    host: &H,
    request: CollectionPut,
) -> Result<CollectionStored, Failure> {
    existing(host, &request.source_id).await?;
    if request.documents.len() > MOST {
        let message = format!("{} documents are too many at once", request.documents.len());
        let error = bad_field("documents", message);
        return Err(error.help(format!("send at most {MOST} at a time")).into());
    }
    let wrong = request
        .documents
        .iter()
        .position(|document| document.id.is_empty() || document.id.chars().count() > MAX_ID);
    if let Some(place) = wrong {
        let message = format!("the id of document {place} is not within 1 to {MAX_ID} characters");
        return Err(bad_field("documents", message).into());
    }
    let ingest = &host.ports().ingest;
    Ok(ingest
        .put_collection(&request.source_id, request.documents)
        .await?)
}
