//! What any [`Embedder`] keeps to.

use awm_ports::{EmbedError, Embedder};

/// Runs the suite.
pub async fn embedder(embedder: &dyn Embedder) -> Result<(), EmbedError> {
    let model = embedder.model();
    assert!(!model.name.is_empty());
    assert_eq!(model.sha256.len(), 64);
    assert!(embedder.embed(&[]).await?.is_empty());

    let texts: Vec<String> = [
        "Goods may be returned within thirty days.",
        "You can return goods for thirty days.",
        "The stove burns gas.",
        "",
        "👍🏽 \u{0} 退货",
        &"very long ".repeat(20_000),
    ]
    .map(String::from)
    .into();
    let vectors = embedder.embed(&texts).await?;
    assert_eq!(vectors.len(), texts.len(), "one per text, in order");
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    for (vector, text) in vectors.iter().zip(&texts) {
        assert_eq!(vector.len(), model.dimensions);
        assert!((product(vector, vector) - 1.0).abs() < 1e-4, "unit length");
        let alone = embedder.embed(std::slice::from_ref(text)).await?;
        assert_eq!(
            alone.first(),
            Some(vector),
            "the same text gives the same vector, alone or among others"
        );
    }
    if let [returned, returns, stove, ..] = vectors.as_slice() {
        assert!(
            product(returned, returns) > product(returned, stove) + 0.2,
            "like texts are near"
        );
    }
    assert_eq!(embedder.tokens(""), 0);
    assert!(embedder.tokens("four words are here") >= 4);
    Ok(())
}
