//! The model itself, where the components folder is installed (`AWM_COMPONENTS`); and what is said where it is not.
#![cfg(test)]

use awm_embed_local::Embed;
use awm_ports::{EmbedError, Embedder};
use std::path::PathBuf;

fn components() -> Option<PathBuf> {
    std::env::var_os("AWM_COMPONENTS").map(PathBuf::from)
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn tells_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let error = Embed::open(folder.path()).unwrap_err();
    assert!(matches!(error, EmbedError::Missing(_)));
    assert!(error.to_string().contains("onnxruntime"), "{error}");
}

#[tokio::test]
async fn puts_like_meanings_near_each_other() {
    let Some(components) = components() else {
        return;
    };
    let embedder = Embed::open(&components).unwrap();
    let texts: Vec<String> = [
        "How many vacation days does an employee get?",
        "Staff are entitled to 25 days of paid leave a year.",
        "The pump's pressure valve must be replaced.",
        "",
        &"word ".repeat(5_000),
    ]
    .map(String::from)
    .into();
    let vectors = embedder.embed(&texts).await.unwrap();
    for vector in &vectors {
        assert_eq!(vector.len(), 384);
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-5);
    }
    let near = cosine(&vectors[0], &vectors[1]);
    let far = cosine(&vectors[0], &vectors[2]);
    assert!(near > 0.4 && far < 0.2, "near {near}, far {far}");
    let again = embedder.embed(&texts[..1]).await.unwrap();
    assert_eq!(again[0], vectors[0], "the same text gives the same vector");
    assert_eq!(embedder.tokens("How many vacation days?"), 5);
    assert_eq!(embedder.model().sha256.len(), 64);
}

/// A model in a folder of its own gives the same vectors as the same file among the components, and marks texts if its files say so.
#[tokio::test]
async fn takes_a_model_that_the_user_brings() {
    let Some(components) = components() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("my-model");
    std::fs::create_dir(&model).unwrap();
    assert!(matches!(
        Embed::open_folder(&components, &model),
        Err(EmbedError::Missing(_))
    ));
    std::fs::copy(
        components.join("minilm/model-int8.onnx"),
        model.join("model.onnx"),
    )
    .unwrap();
    std::fs::copy(
        components.join("minilm/tokenizer.json"),
        model.join("tokenizer.json"),
    )
    .unwrap();
    std::fs::write(
        model.join("config_sentence_transformers.json"),
        r#"{"prompts": {"query": "ask: "}}"#,
    )
    .unwrap();
    let own = Embed::open(&components).unwrap();
    let brought = Embed::open_folder(&components, &model).unwrap();
    assert_eq!(brought.model().name, "my-model");
    assert_eq!(
        (brought.model().dimensions, &brought.model().sha256),
        (384, &own.model().sha256)
    );
    assert!(own.english_only() && !brought.english_only());
    let text = ["return policy".to_owned()];
    assert_eq!(
        brought.embed(&text).await.unwrap(),
        own.embed(&text).await.unwrap()
    );
    let asked = brought.embed_question("return policy").await.unwrap();
    assert_eq!(
        asked,
        own.embed_question("ask: return policy").await.unwrap()
    );
}
