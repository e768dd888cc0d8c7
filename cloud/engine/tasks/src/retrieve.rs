//! `AwmRetrieve`: a question to passages, and whether they may hold its answer.

use crate::{
    Deps, failure::of_store, fields::Fields, generate::usage, passage::TaskPassage, prompt, rewrite,
};
use awm_api::knowledge::Passage;
use awm_conversation::evidence;
use awm_knowledge::{Language, language};
use awm_pipeline::Query;
use awm_ports::TaskFailure;
use awm_tenancy::TenantId;
use serde_json::{Value, json};

const DEFAULT_TOP_K: u32 = 6;
/// Passages whose meaning is compared with the question's.
const COMPARED: usize = 3;

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
    if found.by_meaning {
        evidence.similarity = similarity(deps, &question, &passages).await;
    }
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

/// How near the nearest of the best passages is. The model knows English only: with another language there is nothing to go by.
async fn similarity(deps: &Deps, question: &str, passages: &[Passage]) -> Option<f64> {
    let embedder = deps.embedder.as_ref()?;
    let best: Vec<&Passage> = passages
        .iter()
        .take(COMPARED)
        .filter(|passage| language(&passage.text) == Language::English)
        .collect();
    if best.is_empty() {
        return None;
    }
    let texts: Vec<String> = std::iter::once(question.to_owned())
        .chain(best.iter().map(|passage| {
            let above = passage.headings.join(" › ");
            format!("{above}\n{}", passage.text)
        }))
        .collect();
    let vectors = embedder.embed(&texts).await.ok()?;
    let (asked, others) = vectors.split_first()?;
    others
        .iter()
        .map(|other| cosine(asked, other))
        .reduce(f64::max)
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        let products = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b));
        products.sum()
    };
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths > 0.0 {
        dot(a, b) / lengths
    } else {
        0.0
    }
}
