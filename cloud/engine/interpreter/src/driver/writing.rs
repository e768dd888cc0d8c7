//! Results of a Map state into files: some for those that succeeded, failed or had no turn, and a manifest.

use crate::items::content;
use crate::{ChildOutcome, ChildResult, Failure, WriteResults};
use awm_ports::{ItemStore, StoreError};
use awm_tenancy::TenantId;
use serde_json::{Map, Value, json};

const STATUSES: [&str; 3] = ["FAILED", "PENDING", "SUCCEEDED"];

/// Writes a part. The answer to the last one is the state's result, to another one the files that were written.
pub(super) async fn write(
    tenant: &TenantId,
    store: Option<&dyn ItemStore>,
    request: &WriteResults,
) -> Result<Value, Failure> {
    let store = store.ok_or_else(|| failed("there are no files to write here"))?;
    let text = |field: &str| request.arguments.get(field).and_then(Value::as_str);
    let bucket = text("Bucket").ok_or_else(|| failed("`Bucket` is missing"))?;
    let run = request.map_run.rsplit(':').next().unwrap_or_default();
    let folder = match text("Prefix") {
        Some(prefix) => format!("{}/{run}", prefix.trim_end_matches('/')),
        None => run.to_owned(),
    };
    let mut files = Map::new();
    for status in STATUSES {
        let mut written: Vec<Value> = request
            .written
            .iter()
            .filter_map(|part| part.get(status)?.as_array())
            .flatten()
            .cloned()
            .collect();
        let before = written.len();
        let results: Vec<&ChildResult> = request
            .results
            .iter()
            .filter(|result| status_of(result) == status)
            .collect();
        if !results.is_empty() {
            let bytes = content(&results, request.transformation, request.lines);
            let extension = if request.lines { "jsonl" } else { "json" };
            let key = format!("{folder}/{status}_{before}.{extension}");
            store
                .write(tenant, bucket, &key, &bytes)
                .await
                .map_err(unwritable)?;
            written.push(json!({ "Key": key, "Size": bytes.len() }));
        }
        if !request.last {
            // Those of the parts before are known already.
            written.drain(..before);
        }
        files.insert(status.to_owned(), Value::Array(written));
    }
    if !request.last {
        return Ok(Value::Object(files));
    }
    let manifest = json!({
        "DestinationBucket": bucket,
        "MapRunArn": request.map_run,
        "ResultFiles": files,
    });
    let key = format!("{folder}/manifest.json");
    store
        .write(tenant, bucket, &key, manifest.to_string().as_bytes())
        .await
        .map_err(unwritable)?;
    Ok(json!({
        "MapRunArn": request.map_run,
        "ResultWriterDetails": { "Bucket": bucket, "Key": key },
    }))
}

/// In which files a result is told. What was ended counts as failed.
fn status_of(result: &ChildResult) -> &'static str {
    match result.outcome {
        ChildOutcome::Succeeded(_) => "SUCCEEDED",
        ChildOutcome::Failed(_) | ChildOutcome::Aborted => "FAILED",
        ChildOutcome::Pending => "PENDING",
    }
}

fn unwritable(error: StoreError) -> Failure {
    failed(error.to_string())
}

fn failed(cause: impl Into<String>) -> Failure {
    Failure::work("States.ResultWriterFailed", cause)
}
