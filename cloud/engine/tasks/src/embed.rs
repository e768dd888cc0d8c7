//! `AwmEmbed`: texts to vectors.

use crate::{
    Deps,
    failure::{bad_request, missing, of_embedder},
    fields::Fields,
};
use awm_ports::TaskFailure;
use serde_json::{Value, json};

/// Texts of one call, at most: the vectors have to fit into a state's data.
const MAX_TEXTS: usize = 64;

pub(crate) async fn run(deps: &Deps, mut fields: Fields) -> Result<Value, TaskFailure> {
    let texts = fields
        .optional_texts("texts")?
        .ok_or_else(|| fields.absent("texts"))?;
    fields.finish()?;
    if texts.len() > MAX_TEXTS {
        return Err(bad_request(format!(
            "`texts` holds {} texts; AwmEmbed takes {MAX_TEXTS} at most, so use a Map state",
            texts.len()
        )));
    }
    let embedder = deps
        .embedder
        .as_ref()
        .ok_or_else(|| missing("the embedding model is not installed"))?;
    let vectors = embedder.embed(&texts).await.map_err(of_embedder)?;
    Ok(json!({"model": embedder.model().name, "vectors": vectors}))
}
