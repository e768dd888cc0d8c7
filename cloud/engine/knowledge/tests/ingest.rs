//! The pipeline over memory adapters: every file ends in its row, none stops another.
#![cfg(test)]

use awm_api::{
    Code,
    knowledge::{DocumentList, DocumentState, IngestAction, IngestUpdate},
};
use awm_memory::{
    MemoryClock, MemoryEmbedder, MemoryExtractor, MemoryFiles, MemoryIds, MemoryLibrary,
};
use awm_pipeline::{Ingest, IngestParts, Query};
use awm_ports::Library;
use awm_tenancy::TenantId;
use futures::{FutureExt, StreamExt, future};
use std::sync::Arc;

struct Bench {
    tenant: TenantId,
    files: Arc<MemoryFiles>,
    library: Arc<MemoryLibrary>,
    clock: Arc<MemoryClock>,
    ids: Arc<MemoryIds>,
}

impl Bench {
    fn new() -> Self {
        Self {
            tenant: TenantId::local(),
            files: Arc::default(),
            library: Arc::default(),
            clock: Arc::new(MemoryClock::jumping(1_000)),
            ids: Arc::default(),
        }
    }

    fn ingest(&self, embeds: bool) -> Arc<Ingest> {
        Ingest::new(
            self.tenant.clone(),
            IngestParts {
                library: self.library.clone(),
                extractor: Arc::new(MemoryExtractor::new(self.files.clone())),
                embedder: embeds.then(|| Arc::new(MemoryEmbedder) as _),
                vectors_off: (!embeds).then(|| "no model".into()),
                files: self.files.clone(),
                clock: self.clock.clone(),
                ids: self.ids.clone(),
                workers: 2,
            },
        )
    }

    async fn source(&self) -> String {
        let source = self
            .library
            .create_source(&self.tenant, "s1", "Handbook", 1)
            .await;
        source.unwrap().id
    }

    async fn states(&self) -> Vec<(String, DocumentState)> {
        let page = self
            .library
            .documents(&self.tenant, &DocumentList::default())
            .await
            .unwrap();
        page.items.into_iter().map(|d| (d.name, d.state)).collect()
    }
}

/// Lets the pipeline work until nothing more moves: with memory adapters nothing ever waits for the world.
async fn settle(ingest: &Ingest) {
    let work = ingest.work(future::pending());
    futures::pin_mut!(work);
    for _ in 0..200 {
        if (&mut work).now_or_never().is_some() {
            break;
        }
    }
}

#[tokio::test]
async fn takes_a_folder_in() {
    let bench = Bench::new();
    bench.files.write(
        "/home/docs/a.md",
        "# Returns\n\nGoods may be returned within 30 days.",
        1,
    );
    bench.files.write(
        "/home/docs/sub/b.md",
        "Shipping to Japan takes two weeks.",
        1,
    );
    bench.files.write("/home/docs/empty.md", "", 1);
    bench
        .files
        .write("/home/docs/bad.md", [0xff, 0xfe, 0xff], 1);
    let ingest = bench.ingest(true);
    let source = bench.source().await;

    let accepted = ingest
        .add_paths(&source, &["/home/docs".into()], false)
        .await
        .unwrap();
    assert_eq!((accepted.queued, accepted.unchanged), (4, 0));
    settle(&ingest).await;
    assert_eq!(
        bench.states().await,
        [
            ("docs/a.md".into(), DocumentState::Indexed),
            ("docs/bad.md".into(), DocumentState::Failed),
            ("docs/empty.md".into(), DocumentState::NoText),
            ("docs/sub/b.md".into(), DocumentState::Indexed),
        ]
    );
    let status = ingest.status().await.unwrap();
    assert_eq!((status.total, status.done, status.failed), (4, 4, 1));
    assert_eq!((status.keyword_passages, status.vector_passages), (2, 2));

    let again = ingest
        .add_paths(&source, &["/home/docs".into()], false)
        .await
        .unwrap();
    assert_eq!(
        (again.queued, again.unchanged),
        (1, 3),
        "only the failed one is tried again"
    );

    let query = Query::new(
        bench.library.clone(),
        Some(Arc::new(MemoryEmbedder)),
        bench.clock.clone(),
    );
    let found = query
        .search(&bench.tenant, "How long may goods be returned?", &[], 5)
        .await
        .unwrap();
    assert!(found.by_meaning);
    assert_eq!(found.hits[0].passage.document_name, "docs/a.md");
    assert_eq!(found.hits[0].passage.headings, ["Returns"]);
    assert!(!found.hits[0].highlights.is_empty());
    let spanish = query
        .search(&bench.tenant, "¿Cuántos días tengo para devolver?", &[], 5)
        .await
        .unwrap();
    assert!(!spanish.by_meaning, "the model knows English only");
}

#[tokio::test]
async fn a_file_that_vanished_or_failed_can_be_retried() {
    let bench = Bench::new();
    bench.files.write("/a.md", "text of a", 1);
    let ingest = bench.ingest(true);
    let source = bench.source().await;
    ingest
        .add_paths(&source, &["/a.md".into()], false)
        .await
        .unwrap();
    bench.files.delete("/a.md");
    settle(&ingest).await;
    let page = bench
        .library
        .documents(&bench.tenant, &DocumentList::default())
        .await
        .unwrap();
    let failure = page.items[0].failure.clone().unwrap();
    assert_eq!(failure.code, Code::FileVanished);
    assert!(failure.help.contains("retry"), "{}", failure.help);

    bench.files.write("/a.md", "text of a", 2);
    ingest.retry(&page.items[0].id).await.unwrap();
    settle(&ingest).await;
    assert_eq!(bench.states().await[0].1, DocumentState::Indexed);
}

#[tokio::test]
async fn pauses_resumes_and_cancels() {
    let bench = Bench::new();
    for number in 0..5 {
        bench
            .files
            .write(&format!("/d/{number}.md"), format!("document {number}"), 1);
    }
    let ingest = bench.ingest(true);
    let source = bench.source().await;
    assert!(ingest.control(IngestAction::Pause).await.unwrap().paused);
    ingest
        .add_paths(&source, &["/d".into()], false)
        .await
        .unwrap();
    settle(&ingest).await;
    assert_eq!(ingest.status().await.unwrap().done, 0);
    ingest.control(IngestAction::Resume).await.unwrap();
    settle(&ingest).await;
    assert_eq!(ingest.status().await.unwrap().done, 5);

    ingest.control(IngestAction::Pause).await.unwrap();
    bench.files.write("/d/6.md", "one more", 1);
    ingest
        .add_paths(&source, &["/d".into()], false)
        .await
        .unwrap();
    ingest.control(IngestAction::Cancel).await.unwrap();
    assert_eq!(bench.states().await.len(), 5);
}

#[tokio::test]
async fn goes_on_after_a_crash() {
    let bench = Bench::new();
    bench.files.write("/a.md", "text of a", 1);
    let source = bench.source().await;
    let ingest = bench.ingest(true);
    ingest
        .add_paths(&source, &["/a.md".into()], false)
        .await
        .unwrap();
    // The process ends with the file in hand.
    bench
        .library
        .claim(&bench.tenant, 1)
        .await
        .unwrap()
        .unwrap();
    drop(ingest);
    let ingest = bench.ingest(true);
    settle(&ingest).await;
    assert_eq!(bench.states().await[0].1, DocumentState::Indexed);
}

#[tokio::test]
async fn keeps_keywords_without_a_model_and_tells_why() {
    let bench = Bench::new();
    let source = bench.source().await;
    let ingest = bench.ingest(false);
    let mut updates = ingest.watch().await.unwrap();
    ingest
        .upload(
            &source,
            "..\\up/note.md",
            b"A note on travel expenses.".to_vec(),
        )
        .await
        .unwrap();
    settle(&ingest).await;
    assert_eq!(
        bench.states().await,
        [("up/note.md".into(), DocumentState::Embedding)]
    );
    assert_eq!(
        ingest.status().await.unwrap().vectors_off.as_deref(),
        Some("no model")
    );
    let mut rows = Vec::new();
    while let Some(Some(update)) = updates.next().now_or_never() {
        if let IngestUpdate::Documents { documents, .. } = update {
            assert_eq!(documents[0].path, "", "an upload has no path to show");
            rows.extend(documents.into_iter().map(|document| document.state));
        }
    }
    assert_eq!(rows, [DocumentState::Embedding], "as it is by now");
    let query = Query::new(bench.library.clone(), None, bench.clock.clone());
    let found = query
        .search(&bench.tenant, "travel expense", &["Handbook".into()], 5)
        .await
        .unwrap();
    assert_eq!(found.hits.len(), 1);
    let elsewhere = query
        .search(&bench.tenant, "travel expense", &["Other".into()], 5)
        .await
        .unwrap();
    assert_eq!(elsewhere.hits.len(), 0);
}

#[tokio::test]
async fn stores_a_text_without_a_file_in_place_of_the_older_one() {
    let bench = Bench::new();
    let ingest = bench.ingest(true);
    let first = ingest
        .index_text("Web", "page", "# Title\n\nOld words.")
        .await
        .unwrap();
    let second = ingest
        .index_text("Web", "page", "# Title\n\nNew words.")
        .await
        .unwrap();
    assert_eq!(first.id, second.id);
    settle(&ingest).await;
    let text = bench
        .library
        .document_text(&bench.tenant, &first.id)
        .await
        .unwrap();
    assert_eq!(text.text, "# Title\n\nNew words.");
    assert_eq!(text.document.state, DocumentState::Indexed);
}

#[tokio::test]
async fn a_missing_path_is_a_row_among_others_and_an_error_alone() {
    let bench = Bench::new();
    bench.files.write("/a.md", "text of a", 1);
    let source = bench.source().await;
    let ingest = bench.ingest(true);
    assert!(
        ingest
            .add_paths(&source, &["/gone".into()], false)
            .await
            .is_err()
    );
    let accepted = ingest
        .add_paths(&source, &["/gone".into(), "/a.md".into()], false)
        .await
        .unwrap();
    assert_eq!(accepted.queued, 2);
    settle(&ingest).await;
    assert_eq!(
        bench.states().await,
        [
            ("a.md".into(), DocumentState::Indexed),
            ("gone".into(), DocumentState::Failed)
        ]
    );
}
