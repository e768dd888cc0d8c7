//! `AwmRetrieve`: a question to passages.

use crate::{Deps, failure::of_store, fields::Fields, passage::TaskPassage};
use awm_pipeline::Query;
use awm_ports::TaskFailure;
use awm_tenancy::TenantId;
use serde_json::{Value, json};

const DEFAULT_TOP_K: u32 = 6;

pub(crate) async fn run(
    deps: &Deps,
    tenant: &TenantId,
    mut fields: Fields,
) -> Result<Value, TaskFailure> {
    let question = fields.name("question")?;
    let top_k = fields
        .optional_number("topK", 1..=50)?
        .unwrap_or(DEFAULT_TOP_K);
    let sources = fields.optional_texts("sources")?.unwrap_or_default();
    fields.finish()?;
    let query = Query::new(
        deps.library.clone(),
        deps.embedder.clone(),
        deps.clock.clone(),
    );
    let found = query
        .search(tenant, &question, &sources, top_k)
        .await
        .map_err(of_store)?;
    let passages: Vec<TaskPassage> = found.hits.into_iter().map(TaskPassage::from).collect();
    let any = !passages.is_empty();
    Ok(json!({"passages": passages, "found": any}))
}
