//! Items of Map states from files, and results into files.

use crate::{ChildResult, Failure, ReadItems, WriteResults};
use awm_ports::{ItemStore, StoreError};
use awm_tenancy::TenantId;
use serde_json::{Map, Value, json};

/// Reads the items that a Map state asks for.
pub(super) async fn read(
    tenant: &TenantId,
    store: Option<&dyn ItemStore>,
    request: &ReadItems,
) -> Result<Vec<Value>, Failure> {
    let store = store.ok_or_else(|| failed("there are no files to read here"))?;
    let text = |field: &str| request.arguments.get(field).and_then(Value::as_str);
    let bucket = text("Bucket").ok_or_else(|| failed("`Bucket` is missing"))?;
    if request.resource.contains("listObjects") {
        let objects = store
            .list(tenant, bucket, text("Prefix").unwrap_or_default())
            .await
            .map_err(unreadable)?;
        let items = objects.into_iter().map(|object| {
            json!({
                "Etag": object.etag,
                "Key": object.key,
                "LastModified": object.modified_at / 1000,
                "Size": object.size,
                "StorageClass": "STANDARD",
            })
        });
        return Ok(limited(items, request.max_items));
    }
    let key = text("Key").ok_or_else(|| failed("`Key` is missing"))?;
    let bytes = store.read(tenant, bucket, key).await.map_err(unreadable)?;
    let items = crate::parse_items(&bytes, request)?;
    if request.input_type.as_deref() != Some("MANIFEST") {
        return Ok(items);
    }
    read_manifest(tenant, store, bucket, &items, request).await
}

/// The items of every file that a manifest names.
async fn read_manifest(
    tenant: &TenantId,
    store: &dyn ItemStore,
    bucket: &str,
    manifest: &[Value],
    request: &ReadItems,
) -> Result<Vec<Value>, Failure> {
    let listing = ReadItems {
        input_type: Some("CSV".to_owned()),
        csv_headers: manifest
            .iter()
            .find_map(|entry| entry.get("fileSchema").and_then(Value::as_str))
            .map(|schema| {
                schema
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect()
            })
            .or_else(|| Some(vec!["Bucket".to_owned(), "Key".to_owned()])),
        ..request.clone()
    };
    let mut items = Vec::new();
    for entry in manifest {
        let files = entry.get("files").and_then(Value::as_array);
        for file in files.into_iter().flatten() {
            let Some(key) = file.get("key").and_then(Value::as_str) else {
                continue;
            };
            let bytes = store.read(tenant, bucket, key).await.map_err(unreadable)?;
            items.extend(crate::parse_items(&bytes, &listing)?);
        }
    }
    Ok(limited(items.into_iter(), request.max_items))
}

fn limited(items: impl Iterator<Item = Value>, most: Option<u64>) -> Vec<Value> {
    items
        .take(
            most.and_then(|most| usize::try_from(most).ok())
                .unwrap_or(usize::MAX),
        )
        .collect()
}

/// Writes the results of a Map state: a manifest, and a file for those that succeeded and one for those that failed.
pub(super) async fn write(
    tenant: &TenantId,
    store: Option<&dyn ItemStore>,
    request: &WriteResults,
) -> Result<Value, Failure> {
    let unwritable =
        |error: StoreError| Failure::work("States.ResultWriterFailed", error.to_string());
    let store = store.ok_or_else(|| {
        Failure::work(
            "States.ResultWriterFailed",
            "there are no files to write here",
        )
    })?;
    let text = |field: &str| request.arguments.get(field).and_then(Value::as_str);
    let bucket = text("Bucket")
        .ok_or_else(|| Failure::work("States.ResultWriterFailed", "`Bucket` is missing"))?;
    let run = request.map_run.rsplit(':').next().unwrap_or_default();
    let folder = match text("Prefix") {
        Some(prefix) => format!("{}/{run}", prefix.trim_end_matches('/')),
        None => run.to_owned(),
    };
    let (succeeded, failed): (Vec<&ChildResult>, Vec<&ChildResult>) = request
        .results
        .iter()
        .partition(|result| result.output.is_ok());
    let mut files = Map::new();
    for (field, name, results) in [
        ("FAILED", "FAILED_0.json", &failed),
        ("SUCCEEDED", "SUCCEEDED_0.json", &succeeded),
    ] {
        let mut written = Vec::new();
        if !results.is_empty() {
            let content: Value = results.iter().map(|result| entry(result)).collect();
            let bytes = content.to_string().into_bytes();
            let key = format!("{folder}/{name}");
            store
                .write(tenant, bucket, &key, &bytes)
                .await
                .map_err(unwritable)?;
            written.push(json!({ "Key": key, "Size": bytes.len() }));
        }
        files.insert(field.to_owned(), Value::Array(written));
    }
    files.insert("PENDING".to_owned(), json!([]));
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

fn entry(result: &ChildResult) -> Value {
    let mut entry = json!({ "Name": result.name, "Input": result.input.to_string() });
    if let Some(fields) = entry.as_object_mut() {
        match &result.output {
            Ok(output) => {
                fields.insert("Status".to_owned(), json!("SUCCEEDED"));
                fields.insert("Output".to_owned(), json!(output.to_string()));
            }
            Err(failure) => {
                fields.insert("Status".to_owned(), json!("FAILED"));
                fields.insert("Error".to_owned(), json!(failure.error));
                fields.insert("Cause".to_owned(), json!(failure.cause));
            }
        }
    }
    entry
}

fn unreadable(error: StoreError) -> Failure {
    failed(&error.to_string())
}

fn failed(cause: &str) -> Failure {
    Failure::work("States.ItemReaderFailed", cause)
}
