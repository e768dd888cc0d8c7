//! Evaluations of question sets.

use super::{bad_field, evaluation::processors};
use crate::{Host, evaluating, failure::Failure};
use awm_api::{
    UserError,
    evaluation_runs::{
        EvaluationCompare, EvaluationComparison, EvaluationDelete, EvaluationDetail, EvaluationGet,
        EvaluationList, EvaluationRun, EvaluationStart, EvaluationStop, EvaluationWatch,
    },
};
use awm_evaluation::compare;
use futures::{StreamExt, stream::BoxStream};

/// Evaluations of a list, at most.
const LISTED: u32 = 200;

pub(crate) async fn evaluation_start<H: Host>(
    host: &H,
    request: EvaluationStart,
) -> Result<EvaluationRun, Failure> {
    let mut settings = request.settings;
    if !(1..=50).contains(&settings.top_k) {
        return Err(bad_field("settings.top_k", "the passages are not within 1 to 50").into());
    }
    settings.label = settings.label.trim().chars().take(200).collect();
    let set = host
        .ports()
        .questions
        .set(host.tenant(), &request.set_id)
        .await?;
    if set.questions == 0 {
        let error = bad_field(
            "set_id",
            format!("the set `{}` holds no question", set.name),
        );
        return Err(error.help("write, import or generate some first").into());
    }
    evaluating::start(host, &request.set_id, settings, processors() as usize).await
}

pub(crate) async fn evaluation_stop<H: Host>(
    host: &H,
    request: EvaluationStop,
) -> Result<EvaluationRun, Failure> {
    let ports = host.ports();
    // It must be this tenant's before it is stopped.
    ports.evaluations.run(host.tenant(), &request.id).await?;
    if let Some(updates) = ports.live.evaluated.stop(&request.id) {
        updates.for_each(|_| futures::future::ready(())).await;
    }
    standing(host, &request.id).await
}

pub(crate) async fn evaluation_list<H: Host>(
    host: &H,
    request: EvaluationList,
) -> Result<Vec<EvaluationRun>, Failure> {
    let ports = host.ports();
    let runs = ports
        .evaluations
        .runs(host.tenant(), request.set_id.as_deref(), LISTED)
        .await?;
    Ok(runs
        .into_iter()
        .map(|run| ports.live.evaluated.standing(run))
        .collect())
}

pub(crate) async fn evaluation_get<H: Host>(
    host: &H,
    request: EvaluationGet,
) -> Result<EvaluationDetail, Failure> {
    let evaluations = &host.ports().evaluations;
    Ok(EvaluationDetail {
        results: evaluations.results(host.tenant(), &request.id).await?,
        run: standing(host, &request.id).await?,
    })
}

pub(crate) async fn evaluation_delete<H: Host>(
    host: &H,
    request: EvaluationDelete,
) -> Result<EvaluationRun, Failure> {
    let stopped = evaluation_stop(host, EvaluationStop { id: request.id }).await?;
    let evaluations = &host.ports().evaluations;
    Ok(evaluations.delete_run(host.tenant(), &stopped.id).await?)
}

pub(crate) async fn evaluation_compare<H: Host>(
    host: &H,
    request: EvaluationCompare,
) -> Result<EvaluationComparison, Failure> {
    let before = evaluation_get(host, EvaluationGet { id: request.before }).await?;
    let after = evaluation_get(host, EvaluationGet { id: request.after }).await?;
    Ok(compare(before, after))
}

pub(crate) async fn evaluation_watch<H: Host>(
    host: &H,
    request: EvaluationWatch,
) -> Result<BoxStream<'static, Result<EvaluationRun, UserError>>, Failure> {
    evaluating::watch(host, request.id).await
}

async fn standing<H: Host>(host: &H, id: &str) -> Result<EvaluationRun, Failure> {
    let ports = host.ports();
    let run = ports.evaluations.run(host.tenant(), id).await?;
    Ok(ports.live.evaluated.standing(run))
}
