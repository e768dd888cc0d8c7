//! What any [`Library`] keeps to.

mod bytes;
mod filters;
mod folders;
mod ledger;
mod places;

use awm_api::knowledge::DocumentState;
use awm_ports::{Library, ModelId, NewDocument, NewPassage, NewText, SearchQuery, StoreError};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store.
pub async fn library(store: &dyn Library) -> Result<(), StoreError> {
    ledger::sources(store).await?;
    ledger::queue(store).await?;
    ledger::same_names(store).await?;
    places::places(store).await?;
    texts_and_search(store).await?;
    collections(store).await?;
    words_are_never_syntax(store).await?;
    vectors(store).await?;
    languages(store).await?;
    filters::filters(store).await?;
    filters::around(store).await?;
    bytes::the_same_bytes(store).await?;
    bytes::what_refers(store).await?;
    bytes::visits_come_first(store).await?;
    folders::folders(store).await?;
    folders::files(store).await?;
    ledger::lists(store).await?;
    ledger::removal(store).await
}

fn new(id: &str, source: &str, name: &str, hash: &str, at: i64) -> NewDocument {
    NewDocument {
        id: id.into(),
        source_id: source.into(),
        name: name.into(),
        path: format!("/docs/{name}"),
        bytes: 10,
        hash: hash.into(),
        modified_at: Some(5),
        at,
    }
}

fn passage(start: u32, text: &str, language: &str) -> NewPassage {
    NewPassage {
        headings: vec!["Top".into(), "Part".into()],
        page: Some(2),
        start,
        end: start + text.chars().count() as u32,
        text: text.into(),
        language: language.into(),
    }
}

fn query(text: &str, language: &str) -> SearchQuery {
    SearchQuery {
        text: text.into(),
        language: language.into(),
        vector: None,
        top_k: 10,
        ..SearchQuery::default()
    }
}

fn absent(what: &str) -> StoreError {
    StoreError::Damaged(format!("{what} is missing"))
}

async fn found(store: &dyn Library, query: SearchQuery) -> Result<Vec<String>, StoreError> {
    let hits = store.search(&TenantId::local(), query).await?;
    Ok(hits.into_iter().map(|hit| hit.passage.id).collect())
}

fn model(sha256: &str) -> ModelId {
    ModelId {
        name: "m".into(),
        sha256: sha256.into(),
        dimensions: 4,
    }
}

/// Texts that come by the hundred with names of their own.
async fn collections(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let text = |id: &str, name: &str, hash: &str, text: &str| NewText {
        document: NewDocument {
            path: String::new(),
            ..new(id, "s2", name, hash, 55)
        },
        media_type: "text/markdown".into(),
        text: text.into(),
        passages: match text {
            "" => Vec::new(),
            text => vec![passage(0, text, "en")],
        },
    };
    let all = vec![
        text("x1", "a/../b", "c1", "Kerosene burns."),
        text("x2", " x ", "c2", "Paraffin melts."),
        text("x3", "nothing", "c3", ""),
    ];
    let rows = store.put_documents(&tenant, all.clone()).await?;
    let told: Vec<_> = rows
        .iter()
        .flatten()
        .map(|row| (row.id.as_str(), row.name.as_str(), row.state))
        .collect();
    assert_eq!(
        told,
        [
            ("x1", "a/../b", DocumentState::Embedding),
            ("x2", " x ", DocumentState::Embedding),
            ("x3", "nothing", DocumentState::NoText),
        ],
        "names as they are"
    );
    let mut again = all.clone();
    if let Some(second) = again.get_mut(1) {
        *second = text("y2", " x ", "c4", "Paraffin floats.");
    }
    let rows = store.put_documents(&tenant, again).await?;
    let ids: Vec<_> = rows.into_iter().map(|row| row.map(|row| row.id)).collect();
    assert_eq!(ids, [None, Some("x2".into()), None], "only what changed");
    assert_eq!(found(store, query("paraffin", "en")).await?, ["x2-0"]);
    assert!(found(store, query("melting", "en")).await?.is_empty());
    assert!(store.claim(&tenant, 56).await?.is_none(), "never queued");
    let nowhere = NewText {
        document: new("z", "s9", "z", "c9", 57),
        ..text("z", "z", "c9", "Kerosene.")
    };
    let mixed = vec![text("w", "w", "c8", "Kerosene."), nowhere];
    assert!(store.put_documents(&tenant, mixed).await.is_err());
    assert_eq!(
        found(store, query("kerosene", "en")).await?,
        ["x1-0"],
        "all or none"
    );
    for id in ["x1", "x2", "x3"] {
        store.remove(&tenant, id).await?;
    }
    Ok(())
}

async fn texts_and_search(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store
        .enqueue(&tenant, new("a", "s1", "a.md", "h1", 50))
        .await?;
    store.claim(&tenant, 51).await?;
    let text = "Returns are free. Größe zählt.";
    let passages = vec![
        passage(0, "Returns are free.", "en"),
        passage(18, "Größe zählt.", "other"),
    ];
    let row = store
        .put_text(&tenant, "a", "text/markdown", Some(2), text, passages, 52)
        .await?;
    assert_eq!(
        (row.state, row.passages, row.embedded, row.pages),
        (DocumentState::Embedding, 2, 0, Some(2))
    );
    let stored = store.document_text(&tenant, "a").await?;
    assert_eq!(stored.text, text);
    let [_, second] = stored.passages.as_slice() else {
        return Err(absent("the second passage"));
    };
    assert_eq!(
        (second.start, second.end, second.ordinal, second.page),
        (18, 30, 1, Some(2))
    );
    assert_eq!(second.headings, ["Top", "Part"]);
    assert_eq!(second.document_name, "a.md");

    assert_eq!(
        found(store, query("returning something", "en")).await?,
        ["a-0"],
        "English words by their stem"
    );
    assert_eq!(
        found(store, query("GRÖSSE zählt", "other")).await?,
        ["a-1"],
        "whatever the case"
    );
    assert!(
        found(store, query("nothing of the kind", "en"))
            .await?
            .is_empty()
    );
    let elsewhere = SearchQuery {
        sources: vec!["s2".into()],
        ..query("returns", "en")
    };
    assert!(found(store, elsewhere).await?.is_empty());
    let by_name = SearchQuery {
        sources: vec!["Handbook".into()],
        ..query("returns", "en")
    };
    assert_eq!(found(store, by_name).await?, ["a-0"]);

    let row = store
        .put_text(
            &tenant,
            "a",
            "text/markdown",
            None,
            "Empty.",
            Vec::new(),
            53,
        )
        .await?;
    assert_eq!(row.state, DocumentState::NoText);
    assert!(
        found(store, query("returns", "en")).await?.is_empty(),
        "the older text is gone"
    );

    let put = |name: &str, text: &str| {
        let document = NewDocument {
            path: String::new(),
            ..new("w", "s1", name, text, 54)
        };
        let passages = vec![passage(0, text, "en")];
        (document, text.to_owned(), passages)
    };
    for words in ["A fetched page on tents", "A fetched page on stoves"] {
        let (document, text, passages) = put("page", words);
        let row = store
            .put_document(&tenant, document, "text/html", &text, passages)
            .await?;
        assert_eq!(
            (row.id.as_str(), row.state),
            ("w", DocumentState::Embedding)
        );
    }
    assert_eq!(found(store, query("stoves", "en")).await?, ["w-0"]);
    assert!(found(store, query("tents", "en")).await?.is_empty());
    store.remove(&tenant, "w").await?;
    Ok(())
}

async fn words_are_never_syntax(store: &dyn Library) -> Result<(), StoreError> {
    for text in [
        "",
        " ",
        "\"",
        "'",
        "a\"b",
        "NEAR(a b)",
        "text:x",
        "-x",
        "*",
        "x*",
        "(",
        ")",
        "^a",
        "a AND",
        "OR",
        "{x y}:z",
        "\u{0}",
        "'; DROP TABLE passages; --",
        "👍🏽",
        "%_%",
        "\\",
        "退",
        "a\u{301}",
    ] {
        for language in ["en", "other", "cjk", "??"] {
            found(store, query(text, language)).await?;
        }
    }
    found(store, query(&"word ".repeat(20_000), "en")).await?;
    Ok(())
}

async fn vectors(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let (first, second) = (model("1"), model("2"));
    for (id, at) in [("old", 60), ("young", 61)] {
        store.enqueue(&tenant, new(id, "s1", id, id, at)).await?;
        store.claim(&tenant, at).await?;
        let passages = vec![passage(0, "alpha", "en"), passage(6, "beta", "en")];
        store
            .put_text(&tenant, id, "text/plain", None, "alpha beta", passages, at)
            .await?;
    }
    let ids = |passages: Vec<awm_api::knowledge::Passage>| {
        passages.into_iter().map(|p| p.id).collect::<Vec<_>>()
    };
    let missing = ids(store.unembedded(&tenant, &first, 3).await?);
    assert_eq!(
        missing,
        ["young-0", "young-1", "old-0"],
        "the newest document first"
    );
    let vector = |id: &str, numbers: [f32; 4]| (id.to_owned(), numbers.to_vec());
    let done = store
        .put_vectors(
            &tenant,
            &first,
            vec![
                vector("young-0", [1.0, 0.0, 0.0, 0.0]),
                vector("young-1", [0.6, 0.8, 0.0, 0.0]),
                vector("gone-0", [1.0, 0.0, 0.0, 0.0]),
            ],
            70,
        )
        .await?;
    assert_eq!(
        done.iter()
            .map(|d| (d.id.as_str(), d.state))
            .collect::<Vec<_>>(),
        [("young", DocumentState::Indexed)]
    );
    assert_eq!(
        ids(store.unembedded(&tenant, &first, 9).await?),
        ["old-0", "old-1"]
    );

    let asked = |model: &ModelId, numbers: [f32; 4]| SearchQuery {
        vector: Some((model.clone(), numbers.to_vec())),
        ..query("unheard", "en")
    };
    assert_eq!(
        found(store, asked(&first, [0.5, 0.86, 0.0, 0.0])).await?,
        ["young-1", "young-0"],
        "by meaning alone"
    );
    assert!(
        found(store, asked(&second, [1.0, 0.0, 0.0, 0.0]))
            .await?
            .is_empty(),
        "models are never mixed"
    );
    store
        .put_vectors(
            &tenant,
            &first,
            vec![
                vector("old-0", [0.0, 0.0, 1.0, 0.0]),
                vector("old-1", [0.9, 0.1, 0.42, 0.0]),
            ],
            71,
        )
        .await?;
    let hits = store
        .search(
            &tenant,
            SearchQuery {
                text: "beta".into(),
                ..asked(&first, [0.0, 0.0, 1.0, 0.0])
            },
        )
        .await?;
    let Some(top) = hits.first() else {
        return Err(absent("a hit"));
    };
    assert_eq!(
        top.passage.id, "old-1",
        "what both rankings hold comes first"
    );
    assert!(top.keyword_rank.is_some() && top.vector_rank == Some(2));
    let counts = store.counts(&tenant).await?;
    assert_eq!((counts.keyword_passages, counts.vector_passages), (4, 4));

    store.remove(&tenant, "old").await?;
    assert_eq!(
        found(store, asked(&first, [0.0, 0.0, 1.0, 0.1]))
            .await?
            .iter()
            .filter(|id| id.starts_with("old"))
            .count(),
        0
    );
    assert_eq!(
        store.unembedded(&tenant, &second, 9).await?.len(),
        2,
        "another model begins anew"
    );
    store.remove(&tenant, "young").await?;
    Ok(())
}

async fn languages(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store.enqueue(&tenant, new("l", "s1", "l", "l", 80)).await?;
    store.claim(&tenant, 80).await?;
    let passages = vec![
        passage(0, "退货须在三十天内办理", "cjk"),
        passage(11, "Los días de vacaciones", "other"),
    ];
    store
        .put_text(
            &tenant,
            "l",
            "text/plain",
            None,
            "退货须在三十天内办理 Los días de vacaciones",
            passages,
            80,
        )
        .await?;
    assert_eq!(found(store, query("三十天内退货", "cjk")).await?, ["l-0"]);
    assert_eq!(
        found(store, query("退货", "cjk")).await?,
        ["l-0"],
        "two characters are enough"
    );
    assert_eq!(
        found(store, query("dias", "other")).await?,
        ["l-1"],
        "without accents"
    );
    assert_eq!(
        found(store, query("vacaciones", "en")).await?,
        ["l-1"],
        "a language told wrong still finds the word"
    );
    store.remove(&tenant, "l").await?;
    Ok(())
}
