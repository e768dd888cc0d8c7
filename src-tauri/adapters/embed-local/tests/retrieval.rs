//! How good the embedded library's rankings are on labelled questions, where a folder of sets is named by `AWM_RETRIEVAL_SETS`: a folder per
//! set with `documents.jsonl` ({id, text}) and `questions.jsonl` ({question, relevant}). With `AWM_COMPONENTS` meaning counts too.
#![cfg(test)]

use awm_embed_local::Embed;
use awm_knowledge::{language, metrics::ndcg_at};
use awm_ports::{Embedder, Library, NewDocument, NewPassage, SearchQuery};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

/// nDCG@10 that was measured when the rankings were designed: by keywords, and fused.
const EXPECTED: &[(&str, f64, f64)] = &[
    ("cacm", 0.481, 0.543),
    ("xquad-en", 0.969, 0.979),
    ("xquad-es", 0.962, 0.962),
    ("xquad-zh", 0.966, 0.966),
];
const TOLERANCE: f64 = 0.01;

fn rows(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text(row: &Value, field: &str) -> String {
    row[field]
        .as_str()
        .map_or_else(|| row[field].to_string(), str::to_owned)
}

async fn index(
    store: &Store,
    embedder: Option<&Embed>,
    documents: &[Value],
) -> HashMap<String, String> {
    let tenant = TenantId::local();
    store.create_source(&tenant, "s", "Set", 1).await.unwrap();
    let mut names = HashMap::new();
    for (number, row) in documents.iter().enumerate() {
        let (id, body) = (format!("d{number}"), text(row, "text"));
        let document = NewDocument {
            id: id.clone(),
            source_id: "s".into(),
            name: text(row, "id"),
            path: String::new(),
            bytes: 0,
            hash: id.clone(),
            modified_at: None,
            at: 1,
        };
        let passage = NewPassage {
            headings: Vec::new(),
            page: None,
            start: 0,
            end: body.chars().count() as u32,
            language: language(&body).as_str().into(),
            text: body.clone(),
        };
        store
            .put_document(&tenant, document, "text/plain", &body, vec![passage])
            .await
            .unwrap();
        names.insert(id, text(row, "id"));
    }
    let Some(embedder) = embedder else {
        return names;
    };
    loop {
        let passages = store
            .unembedded(&tenant, &embedder.model(), 64)
            .await
            .unwrap();
        if passages.is_empty() {
            return names;
        }
        let texts: Vec<String> = passages.iter().map(|p| p.text.clone()).collect();
        let vectors = embedder.embed(&texts).await.unwrap();
        let rows = passages.into_iter().map(|p| p.id).zip(vectors).collect();
        store
            .put_vectors(&tenant, &embedder.model(), rows, 1)
            .await
            .unwrap();
    }
}

async fn measure(set: &Path, embedder: Option<&Embed>) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db")).unwrap();
    let names = index(&store, embedder, &rows(&set.join("documents.jsonl"))).await;
    let questions = rows(&set.join("questions.jsonl"));
    let mut total = 0.0;
    for row in &questions {
        let question = text(row, "question");
        let class = language(&question);
        let vector = match embedder.filter(|_| class.as_str() == "en") {
            Some(embedder) => {
                let mut vectors = embedder
                    .embed(std::slice::from_ref(&question))
                    .await
                    .unwrap();
                Some((embedder.model(), vectors.remove(0)))
            }
            None => None,
        };
        let query = SearchQuery {
            language: class.as_str().into(),
            text: question,
            vector,
            top_k: 100,
            english_only: true,
            ..SearchQuery::default()
        };
        let hits = store.search(&TenantId::local(), query).await.unwrap();
        let ranking: Vec<String> = hits
            .iter()
            .map(|hit| names[&hit.passage.document_id].clone())
            .collect();
        let relevant: HashSet<String> = row["relevant"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned))
            .collect();
        total += ndcg_at(&ranking, &relevant, 10);
    }
    total / questions.len() as f64
}

#[tokio::test]
async fn rankings_are_as_good_as_they_were() {
    let Some(sets) = std::env::var_os("AWM_RETRIEVAL_SETS").map(PathBuf::from) else {
        return;
    };
    let embedder =
        std::env::var_os("AWM_COMPONENTS").map(|folder| Embed::open(Path::new(&folder)).unwrap());
    let mut worse = Vec::new();
    for (name, by_words, fused) in EXPECTED {
        let set = sets.join(name);
        if !set.is_dir() {
            continue;
        }
        let expected = if embedder.is_some() { fused } else { by_words };
        let found = measure(&set, embedder.as_ref()).await;
        println!("{name}: nDCG@10 {found:.3}, expected {expected:.3}");
        if found < expected - TOLERANCE {
            worse.push(format!("{name}: {found:.3} < {expected:.3}"));
        }
    }
    assert!(worse.is_empty(), "{worse:?}");
}
