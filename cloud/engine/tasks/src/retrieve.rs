//! `AwmRetrieve`: a question to passages, and whether they may hold its answer.

use crate::{
    Deps, failure::of_store, fields::Fields, generate::usage, passage::TaskPassage, prompt, rewrite,
};
use awm_api::knowledge::Passage;
use awm_conversation::evidence;
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
    let history = prompt::history("AwmRetrieve", &mut fields)?;
    let title = fields.optional_text("model")?;
    fields.finish()?;
    let settings = deps.settings.load(tenant).await.map_err(of_store)?;
    let model = settings.model(title.as_deref());
    let (question, took) = rewrite::question(deps, model, &question, &history).await;
    let query = Query::new(
        deps.library.clone(),
        deps.embedder.clone(),
        deps.clock.clone(),
    );
    let found = query
        .search(tenant, &question, &sources, top_k)
        .await
        .map_err(of_store)?;
    let passages: Vec<Passage> = found.hits.iter().map(|hit| hit.passage.clone()).collect();
    let mut evidence = evidence(&question, &passages);
    evidence.similarity = found
        .hits
        .iter()
        .filter_map(|hit| hit.vector_score)
        .reduce(f64::max);
    let passages: Vec<TaskPassage> = found.hits.into_iter().map(TaskPassage::from).collect();
    let mut answer = json!({
        "passages": passages,
        "found": evidence.answers(),
        "searchedFor": question,
    });
    if let (Some(took), Some(fields)) = (took, answer.as_object_mut()) {
        fields.insert("usage".into(), usage(took));
    }
    Ok(answer)
}
