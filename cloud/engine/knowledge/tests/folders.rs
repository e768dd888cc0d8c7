//! Folders are kept in step: what is new, changed, moved or gone, and what must not be believed.
#![cfg(test)]

use awm_api::{
    Code,
    folders::SyncReport,
    knowledge::{Document, DocumentList, DocumentState},
};
use awm_memory::{
    MemoryClock, MemoryEmbedder, MemoryExtractor, MemoryFiles, MemoryIds, MemoryLibrary,
};
use awm_pipeline::{Ingest, IngestParts};
use awm_ports::{FolderChange, Library, NewFolder};
use awm_tenancy::TenantId;
use futures::{FutureExt, future};
use std::sync::Arc;

struct Bench {
    tenant: TenantId,
    files: Arc<MemoryFiles>,
    library: Arc<MemoryLibrary>,
    clock: Arc<MemoryClock>,
    ingest: Arc<Ingest>,
}

impl Bench {
    async fn new() -> Self {
        let clock = Arc::new(MemoryClock::standing(1_000));
        let tenant = TenantId::local();
        let files = Arc::<MemoryFiles>::default();
        let library = Arc::<MemoryLibrary>::default();
        library
            .create_source(&tenant, "s", "Handbook", 1)
            .await
            .unwrap();
        files.make_folder("/docs");
        let ingest = Ingest::new(
            tenant.clone(),
            IngestParts {
                library: library.clone(),
                extractor: Arc::new(MemoryExtractor::new(files.clone())),
                embedder: Some(Arc::new(MemoryEmbedder)),
                vectors_off: None,
                files: files.clone(),
                clock: clock.clone(),
                ids: Arc::<MemoryIds>::default(),
                workers: 2,
            },
        );
        Self {
            tenant,
            files,
            library,
            clock,
            ingest,
        }
    }

    async fn add(&self, folder: &str) {
        self.ingest
            .add_paths("s", &[folder.to_owned()], false)
            .await
            .unwrap();
        self.settle();
    }

    fn settle(&self) {
        let work = self.ingest.work(future::pending());
        futures::pin_mut!(work);
        for _ in 0..200 {
            assert!((&mut work).now_or_never().is_none());
        }
    }

    async fn sync(&self, force: bool) -> (SyncReport, Option<Code>) {
        let folder = self.ingest.folders().await.unwrap().remove(0);
        let folder = self.ingest.sync_folder(&folder.id, force).await.unwrap();
        self.settle();
        (folder.last, folder.trouble.map(|trouble| trouble.code))
    }

    async fn rows(&self) -> Vec<Document> {
        let all = DocumentList::default();
        let page = self.library.documents(&self.tenant, &all).await.unwrap();
        page.items
    }

    async fn names(&self) -> Vec<(String, DocumentState)> {
        let rows = self.rows().await;
        rows.into_iter().map(|row| (row.name, row.state)).collect()
    }
}

#[tokio::test]
async fn a_folder_is_kept_in_step() {
    let bench = Bench::new().await;
    for name in ["same", "edited", "moves", "goes", "twin"] {
        let text = format!("All about {name}.");
        bench.files.write(&format!("/docs/{name}.md"), text, 1);
    }
    bench.add("/docs").await;
    let before = bench.rows().await;
    let id_of = |rows: &[Document], name: &str| {
        let row = rows.iter().find(|row| row.name.ends_with(name));
        row.map(|row| row.id.clone())
    };

    bench
        .files
        .write("/docs/edited.md", "All about editing.", 2);
    bench.files.delete("/docs/moves.md");
    bench
        .files
        .write("/docs/sub/moved.md", "All about moves.", 3);
    bench.files.delete("/docs/goes.md");
    bench.files.write("/docs/copy.md", "All about twin.", 3);
    bench
        .files
        .write("/docs/new.md", "All about news, at length.", 3);
    let (report, trouble) = bench.sync(false).await;
    assert_eq!(
        (report, trouble),
        (
            SyncReport {
                added: 2,
                changed: 1,
                moved: 1,
                removed: 1,
                unchanged: 2,
            },
            None
        )
    );
    let indexed = DocumentState::Indexed;
    assert_eq!(
        bench.names().await,
        [
            ("docs/copy.md".into(), DocumentState::Duplicate),
            ("docs/edited.md".into(), indexed),
            ("docs/new.md".into(), indexed),
            ("docs/same.md".into(), indexed),
            ("docs/sub/moved.md".into(), indexed),
            ("docs/twin.md".into(), indexed),
        ]
    );
    let after = bench.rows().await;
    assert_eq!(id_of(&after, "moved.md"), id_of(&before, "moves.md"));
    let moved = after.iter().find(|row| row.name.ends_with("moved.md"));
    assert_eq!(moved.unwrap().attempts, 1, "what moved is not read again");
    let (report, _) = bench.sync(false).await;
    assert_eq!((report.unchanged, report.added + report.changed), (6, 0));
}

#[tokio::test]
async fn an_emptied_or_missing_folder_takes_nothing_away() {
    let bench = Bench::new().await;
    bench.files.write("/docs/a.md", "All about a.", 1);
    bench.add("/docs").await;
    bench.files.delete("/docs/a.md");
    assert_eq!(bench.sync(false).await.1, Some(Code::FolderEmptied));
    assert_eq!(bench.rows().await.len(), 1);
    let (report, trouble) = bench.sync(true).await;
    assert_eq!((report.removed, trouble), (1, None), "if it was meant");
    assert_eq!(bench.rows().await.len(), 0);

    bench.files.write("/gone/b.md", "All about b.", 1);
    bench.add("/gone").await;
    bench.files.delete("/gone/b.md");
    let folders = bench.ingest.folders().await.unwrap();
    let gone = folders
        .iter()
        .find(|folder| folder.path == "/gone")
        .unwrap();
    let folder = bench.ingest.sync_folder(&gone.id, true).await.unwrap();
    assert_eq!(folder.trouble.unwrap().code, Code::FolderGone);
    assert_eq!(bench.rows().await.len(), 1, "not even if it was meant");
}

#[tokio::test]
async fn a_listing_that_was_cut_off_is_gone_on_with() {
    let bench = Bench::new().await;
    for number in 0..7 {
        bench.files.write(
            &format!("/docs/{number}.md"),
            format!("Number {number}."),
            1,
        );
    }
    // The process ended after it remembered the folder, and had queued some of it.
    let folder = NewFolder {
        id: "f".into(),
        source_id: "s".into(),
        path: "/docs".into(),
        watch: false,
    };
    bench
        .library
        .put_folder(&bench.tenant, folder)
        .await
        .unwrap();
    bench
        .ingest
        .add_paths("s", &["/docs/3.md".into()], false)
        .await
        .unwrap();
    bench.settle();
    assert_eq!(bench.rows().await.len(), 7);
    assert!(!bench.ingest.folders().await.unwrap()[0].listing);
    // One that is not listed any more is left alone.
    bench.files.write("/docs/8.md", "Number 8.", 1);
    bench.settle();
    assert_eq!(bench.rows().await.len(), 7);
    bench
        .library
        .change_folder(&bench.tenant, "f", FolderChange::Listing)
        .await
        .unwrap();
    bench.settle();
    assert_eq!(bench.rows().await.len(), 8);
}

#[tokio::test]
async fn changes_come_in_by_themselves_while_a_folder_is_watched() {
    let bench = Bench::new().await;
    bench.files.write("/docs/a.md", "All about a.", 1);
    bench.add("/docs").await;
    let folder = bench.ingest.folders().await.unwrap().remove(0);
    bench.files.write("/docs/b.md", "All about b.", 1);
    let keep = bench.ingest.keep_folders(future::pending());
    futures::pin_mut!(keep);
    assert!((&mut keep).now_or_never().is_none());
    bench.settle();
    assert_eq!(bench.rows().await.len(), 1, "it is not watched");
    bench.ingest.watch_folder(&folder.id, true).await.unwrap();
    assert!((&mut keep).now_or_never().is_none());
    bench.settle();
    assert_eq!(
        bench.rows().await.len(),
        2,
        "compared when its watching begins"
    );

    bench.files.write("/docs/c.md", "All about c.", 1);
    assert!((&mut keep).now_or_never().is_none());
    bench.settle();
    assert_eq!(bench.rows().await.len(), 2, "nothing was heard of it yet");
    bench.clock.advance(15 * 60 * 1_000);
    assert!((&mut keep).now_or_never().is_none());
    bench.settle();
    assert_eq!(
        bench.rows().await.len(),
        3,
        "but every quarter of an hour it is walked"
    );
}
