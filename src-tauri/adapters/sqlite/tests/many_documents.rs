//! A ledger of 100,000 files: queued in batches, and any page of it found without reading the rest.
#![cfg(test)]

use awm_api::{
    PageRequest, Sort,
    knowledge::{DocumentList, DocumentState},
};
use awm_ports::{Library, NewDocument};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use std::time::{Duration, Instant};

const MANY: u64 = 100_000;
const BATCH: u64 = 500;
/// Many times what a page takes on a quiet machine (see the figures that are printed): only a scan of the rows would take longer.
const AT_MOST: Duration = Duration::from_millis(400);

fn document(number: u64) -> NewDocument {
    // Spread over the orders, so that no order is that of the insertion.
    let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let ending = ["pdf", "docx", "md", "html"][(scattered >> 60) as usize % 4];
    let name = format!("files/{:03}/report {scattered:016x}.{ending}", number % 997);
    NewDocument {
        id: format!("{number:026}"),
        source_id: format!("s{}", number % 10),
        path: format!("/srv/{name}"),
        name,
        bytes: scattered >> 40,
        hash: String::new(),
        modified_at: Some(1),
        at: number as i64,
    }
}

#[tokio::test]
async fn any_page_of_a_hundred_thousand_is_found_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db")).unwrap();
    let tenant = TenantId::local();
    for source in 0..10 {
        let id = format!("s{source}");
        store.create_source(&tenant, &id, &id, 1).await.unwrap();
    }
    let began = Instant::now();
    for batch in 0..MANY / BATCH {
        let documents = (batch * BATCH..(batch + 1) * BATCH).map(document).collect();
        store.enqueue_all(&tenant, documents).await.unwrap();
    }
    println!("{MANY} files queued in {:?}", began.elapsed());

    let page = |by: &str, descending: bool, offset: u64| PageRequest {
        offset,
        limit: 100,
        sort: Some(Sort {
            by: by.into(),
            descending,
        }),
    };
    let mut cases = Vec::new();
    for by in ["name", "state", "passages", "bytes", "changed_at"] {
        for (descending, offset) in [(false, 0), (true, 50_000), (false, MANY - 100)] {
            cases.push(DocumentList {
                page: page(by, descending, offset),
                ..DocumentList::default()
            });
        }
    }
    let filtered = |filter: DocumentList| DocumentList {
        page: page("bytes", true, 0),
        ..filter
    };
    cases.push(filtered(DocumentList {
        source_id: Some("s3".into()),
        ..DocumentList::default()
    }));
    cases.push(filtered(DocumentList {
        kind: Some("pdf".into()),
        state: Some(DocumentState::Queued),
        ..DocumentList::default()
    }));
    cases.push(filtered(DocumentList {
        text: "REPORT".into(),
        ..DocumentList::default()
    }));
    cases.push(filtered(DocumentList {
        text: "report 9e37".into(),
        ..DocumentList::default()
    }));
    let mut slowest = Duration::ZERO;
    for filter in &cases {
        let began = Instant::now();
        let page = store.documents(&tenant, filter).await.unwrap();
        let took = began.elapsed();
        slowest = slowest.max(took);
        assert!(page.total > 0 && !page.items.is_empty(), "{filter:?}");
        println!("{took:>10.1?}  {:>6} rows  {filter:?}", page.total);
    }
    let began = Instant::now();
    let counts = store.counts(&tenant).await.unwrap();
    let sources = store.sources(&tenant).await.unwrap();
    let took = began.elapsed();
    println!("{took:>10.1?}  the progress line and the sources");
    assert_eq!((counts.total, sources.len()), (MANY, 10));
    assert!(slowest < AT_MOST && took < AT_MOST, "{slowest:?}, {took:?}");
}
