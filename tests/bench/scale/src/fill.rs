//! Fills a store by the ways that the product fills it.

use crate::{Failure, model, text, text::Vectors};
use awm_ports::{Library, NewDocument, NewPassage, NewText};
use awm_sqlite::Store;
use awm_tenancy::TenantId;

/// Passages of a document.
const PASSAGES: u64 = 20;
/// Documents that are stored by one transaction.
const DOCUMENTS: u64 = 100;

/// Adds what is missing of so many passages with their vectors.
pub(crate) async fn fill(store: &Store, vectors: &Vectors, passages: u64) -> Result<(), Failure> {
    let tenant = TenantId::local();
    store.create_source(&tenant, "scale", "Scale", 1).await?;
    let documents = passages.div_ceil(PASSAGES);
    let there = store.counts(&tenant).await?.keyword_passages / PASSAGES;
    let mut first = there;
    while first < documents {
        let last = (first + DOCUMENTS).min(documents);
        let new = (first..last).map(document).collect();
        store.put_documents(&tenant, new).await?;
        let rows = (first..last)
            .flat_map(|document| {
                (0..PASSAGES)
                    .map(move |at| (format!("d{document:08}-{at}"), document * PASSAGES + at))
            })
            .map(|(id, number)| (id, vectors.of(number)))
            .collect();
        store.put_vectors(&tenant, &model(), rows, 1).await?;
        first = last;
    }
    Ok(())
}

fn document(number: u64) -> NewText {
    let passages: Vec<NewPassage> = (0..PASSAGES)
        .map(|at| {
            let text = text::passage(number * PASSAGES + at);
            NewPassage {
                headings: Vec::new(),
                page: None,
                start: 0,
                end: text.len() as u32,
                text,
                language: "en".into(),
            }
        })
        .collect();
    NewText {
        document: NewDocument {
            id: format!("d{number:08}"),
            source_id: "scale".into(),
            name: format!("{number}.txt"),
            path: String::new(),
            bytes: 0,
            hash: format!("{number}"),
            modified_at: None,
            at: number as i64,
        },
        media_type: "text/plain".into(),
        // The passages hold it all; a second copy would measure the disk.
        text: String::new(),
        passages,
    }
}
