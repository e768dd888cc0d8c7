#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod figures;
mod fill;
mod text;

use awm_ports::{Library, ModelId, SearchQuery};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use figures::{milliseconds, print, resident};
use std::{collections::HashSet, path::PathBuf, sync::Arc, time::Instant};
use text::Vectors;

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Searches of each kind.
const SEARCHES: u64 = 400;
/// Searches that are compared with every vector.
const COMPARED: u64 = 20;

pub(crate) fn model() -> ModelId {
    ModelId {
        name: "scale".into(),
        sha256: "0".repeat(64),
        dimensions: 384,
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let passages: u64 = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let temporary = tempfile::tempdir()?;
    let folder = arguments
        .next()
        .map_or_else(|| temporary.path().to_path_buf(), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("scale.db");
    let vectors = Vectors::new();
    let began = Instant::now();
    {
        let store = Store::open(&path)?;
        fill::fill(&store, &vectors, passages).await?;
    }
    println!(
        "{passages} passages, {:.0} MB, filled in {:.0} s",
        std::fs::metadata(&path)?.len() as f64 / 1e6,
        began.elapsed().as_secs_f64()
    );
    measure(&path, &vectors, passages).await
}

async fn measure(path: &std::path::Path, vectors: &Vectors, passages: u64) -> Result<(), Failure> {
    let before = resident();
    let began = Instant::now();
    let store = Store::open(path)?;
    let counts = store.counts(&TenantId::local()).await?;
    println!(
        "  open and count {} passages: {:.0} ms",
        counts.keyword_passages,
        milliseconds(began)
    );
    let began = Instant::now();
    search(&store, vectors, 0, passages, Kind::Both).await?;
    println!(
        "  first search, which loads the signs: {:.0} ms",
        milliseconds(began)
    );
    for kind in [Kind::Keywords, Kind::Meaning, Kind::Both] {
        let mut taken = Vec::new();
        for at in 0..SEARCHES {
            let began = Instant::now();
            search(&store, vectors, at, passages, kind).await?;
            taken.push(milliseconds(began));
        }
        print(&format!("{kind:?}"), &mut taken);
    }
    println!(
        "  resident: {:.0} MB, {:.0} MB more than before the store was opened",
        resident(),
        resident() - before
    );
    let mut taken = Vec::new();
    for at in 0..SEARCHES / 10 {
        let words: Vec<String> = text::question(place(at, passages))
            .split(' ')
            .map(|word| format!("\"{word}\""))
            .collect();
        let began = Instant::now();
        plain(&store, words.join(" OR ")).await?;
        taken.push(milliseconds(began));
    }
    print("plain FTS5 with bm25", &mut taken);
    let (mut same, mut of) = (0, 0);
    for at in 0..COMPARED {
        let near = search(&store, vectors, at, passages, Kind::Meaning).await?;
        let exact = search(&store, vectors, at, passages, Kind::Exact).await?;
        of += exact.len();
        same += exact.intersection(&near).count();
    }
    println!(
        "  recall@10 of the meaning: {:.4} over {COMPARED} questions",
        same as f64 / of.max(1) as f64
    );
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Keywords,
    Meaning,
    Both,
    Exact,
}

/// The passage that a question is about.
fn place(at: u64, passages: u64) -> u64 {
    at.wrapping_mul(7_919_777) % passages
}

async fn search(
    store: &Arc<Store>,
    vectors: &Vectors,
    at: u64,
    passages: u64,
    kind: Kind,
) -> Result<HashSet<String>, Failure> {
    let number = place(at, passages);
    let vector = vectors.near(number, 0.4, at + 1);
    let query = SearchQuery {
        text: match kind {
            Kind::Keywords | Kind::Both => text::question(number),
            Kind::Meaning | Kind::Exact => String::new(),
        },
        language: "en".into(),
        vector: (kind != Kind::Keywords).then(|| (model(), vector)),
        top_k: 10,
        english_only: true,
        exact: kind == Kind::Exact,
        ..SearchQuery::default()
    };
    let hits = store.search(&TenantId::local(), query).await?;
    Ok(hits.into_iter().map(|hit| hit.passage.id).collect())
}

/// The first ten of all passages with any of the words, as FTS5 ranks them without help.
async fn plain(store: &Store, words: String) -> Result<Vec<i64>, Failure> {
    let found = store
        .read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT rowid FROM words_en WHERE words_en MATCH ?1 ORDER BY bm25(words_en) LIMIT 10",
            )?;
            let rows = statement.query_map([words], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await?;
    Ok(found)
}
