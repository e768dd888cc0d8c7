//! Question sets and measurements.

use super::bad_field;
use crate::{Host, failure::Failure, store_error};
use awm_api::{
    UserError,
    evaluation::{EvaluationMeasure, EvaluationUpdate},
};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};

/// Questions of one measurement, at most.
const MOST: usize = 100_000;

pub(crate) async fn evaluation_measure<H: Host>(
    host: &H,
    request: EvaluationMeasure,
) -> Result<BoxStream<'static, Result<EvaluationUpdate, UserError>>, Failure> {
    let count = request.questions.len();
    if count == 0 || count > MOST {
        let message = format!("{count} questions are not within 1 to {MOST}");
        return Err(bad_field("questions", message).into());
    }
    let mut settings = request.settings;
    if settings.concurrency.is_none() {
        settings.concurrency = Some(processors());
    }
    Ok(host
        .ports()
        .evaluator
        .measure(host.tenant(), request.questions, settings)
        .map_err(store_error)
        .boxed())
}

pub(super) fn processors() -> u32 {
    std::thread::available_parallelism()
        .map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX))
}
