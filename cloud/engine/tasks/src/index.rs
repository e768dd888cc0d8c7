//! `AwmIndex`: a text into the knowledge base.

use crate::{
    Deps,
    failure::{of_embedder, of_store},
    fields::Fields,
};
use awm_knowledge::{embedding_text, markdown_blocks, passage_id};
use awm_pipeline::cut_passages;
use awm_ports::{EmbedError, NewDocument, TaskFailure};
use awm_tenancy::TenantId;
use serde_json::{Value, json};

/// Texts that are given to the model at once, so that a stop is heard soon.
const BATCH: usize = 16;

pub(crate) async fn run(
    deps: &Deps,
    tenant: &TenantId,
    mut fields: Fields,
) -> Result<Value, TaskFailure> {
    let source = fields.name("source")?;
    let name = fields.name("name")?;
    let text = fields.text("text")?;
    fields.finish()?;
    let now = deps.clock.now();
    let source = deps
        .library
        .create_source(tenant, &deps.ids.next(), &source, now)
        .await
        .map_err(of_store)?;
    let (text, passages) = cut_passages(&markdown_blocks(&text), deps.embedder.as_deref());
    let document = NewDocument {
        id: deps.ids.next(),
        // The same name in the same source is the same document, whatever run it comes from.
        path: format!("awm://{}/{name}", source.id),
        source_id: source.id,
        name,
        bytes: text.len() as u64,
        hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
        modified_at: None,
        at: now,
    };
    let texts: Vec<(u32, String)> = (0_u32..)
        .zip(&passages)
        .map(|(ordinal, passage)| (ordinal, embedding_text(&passage.headings, &passage.text)))
        .collect();
    let count = passages.len();
    let stored = deps
        .library
        .put_document(tenant, document, "text/markdown", &text, passages)
        .await
        .map_err(of_store)?;
    embed(deps, tenant, &stored.id, texts).await?;
    Ok(json!({"documentId": stored.id, "passages": count}))
}

/// Makes the vectors at once, so that the next state finds the text by its meaning too. Without a model the pipeline makes them later.
async fn embed(
    deps: &Deps,
    tenant: &TenantId,
    document_id: &str,
    texts: Vec<(u32, String)>,
) -> Result<(), TaskFailure> {
    let Some(embedder) = &deps.embedder else {
        return Ok(());
    };
    let model = embedder.model();
    for batch in texts.chunks(BATCH) {
        let (ordinals, texts): (Vec<u32>, Vec<String>) = batch.iter().cloned().unzip();
        let vectors = match embedder.embed(&texts).await {
            Ok(vectors) => vectors,
            Err(EmbedError::Missing(_)) => return Ok(()),
            Err(error) => return Err(of_embedder(error)),
        };
        let vectors = ordinals
            .into_iter()
            .map(|ordinal| passage_id(document_id, ordinal))
            .zip(vectors)
            .collect();
        deps.library
            .put_vectors(tenant, &model, vectors, deps.clock.now())
            .await
            .map_err(of_store)?;
    }
    Ok(())
}
