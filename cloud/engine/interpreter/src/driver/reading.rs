//! Items of Map states from files, in parts.

use crate::{Failure, ItemParser, ItemsPart, ReadItems};
use awm_ports::{ItemObject, ItemStore, StoreError};
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;
/// Items after which a part is given.
const ITEMS: usize = 500;
/// Bytes after which a part is given that has an item.
const BYTES: usize = 1024 * 1024;
/// Bytes that a manifest may have.
const MAX_MANIFEST: usize = 64 * 1024 * 1024;

/// Reads what a Map state asks for, part by part: no more is held than a part and what the store lists.
pub(super) struct Reading {
    tenant: TenantId,
    store: Option<Arc<dyn ItemStore>>,
    request: ReadItems,
    plan: Option<Plan>,
    /// Items that are wanted yet.
    left: u64,
}

/// What there is to read.
enum Plan {
    Listing(VecDeque<ItemObject>, Arc<str>),
    Files {
        waiting: VecDeque<(String, String)>,
        format: Box<ReadItems>,
        open: Option<Box<File>>,
    },
}

struct File {
    bucket: String,
    key: String,
    source: Arc<str>,
    at: u64,
    parser: ItemParser,
}

impl Reading {
    pub(super) fn new(
        tenant: TenantId,
        store: Option<Arc<dyn ItemStore>>,
        request: ReadItems,
    ) -> Self {
        Self {
            tenant,
            store,
            left: request.max_items.unwrap_or(u64::MAX),
            request,
            plan: None,
        }
    }

    /// The next items.
    pub(super) async fn next(&mut self) -> Result<ItemsPart, Failure> {
        if self.plan.is_none() {
            self.plan = Some(self.plan().await?);
        }
        let mut part = self.part().await?;
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX);
        part.items.truncate(wanted);
        self.left -= part.items.len() as u64;
        part.more &= self.left > 0;
        Ok(part)
    }

    fn store(&self) -> Result<&dyn ItemStore, Failure> {
        self.store
            .as_deref()
            .ok_or_else(|| failed("there are no files to read here"))
    }

    fn argument(&self, name: &str) -> Result<&str, Failure> {
        self.request
            .arguments
            .get(name)
            .and_then(Value::as_str)
            .ok_or_else(|| failed(format!("`{name}` is missing")))
    }

    async fn plan(&self) -> Result<Plan, Failure> {
        let bucket = self.argument("Bucket")?.to_owned();
        let files = |waiting: VecDeque<(String, String)>, format: ReadItems| Plan::Files {
            waiting,
            format: Box::new(format),
            open: None,
        };
        if self.request.resource.contains("listObjects") {
            let prefix = self.argument("Prefix").unwrap_or_default();
            let objects = self
                .store()?
                .list(&self.tenant, &bucket, prefix)
                .await
                .map_err(unreadable)?;
            if !self.request.load {
                let source = format!("S3://{bucket}").into();
                return Ok(Plan::Listing(objects.into(), source));
            }
            let keys = objects.into_iter().map(|object| object.key);
            let waiting = keys
                .filter(|key| !key.ends_with('/'))
                .map(|key| (bucket.clone(), key))
                .collect();
            return Ok(files(waiting, self.request.clone()));
        }
        let key = self.argument("Key")?.to_owned();
        if self.request.manifest_type.as_deref() == Some("ATHENA_DATA") {
            let manifest = self.whole(&bucket, &key).await?;
            return Ok(files(athena(&manifest)?, self.request.clone()));
        }
        let inventory = self.request.manifest_type.is_some()
            || self.request.input_type.as_deref() == Some("MANIFEST");
        if !inventory {
            return Ok(files([(bucket, key)].into(), self.request.clone()));
        }
        let manifest = self.whole(&bucket, &key).await?;
        let manifest: Value = serde_json::from_slice(&manifest)
            .map_err(|error| failed(format!("the manifest is not JSON: {error}")))?;
        let format = ReadItems {
            input_type: Some("CSV".to_owned()),
            csv_headers: Some(columns(&manifest)?),
            ..self.request.clone()
        };
        let listed = manifest.get("files").and_then(Value::as_array);
        let waiting = listed
            .into_iter()
            .flatten()
            .filter_map(|file| file.get("key")?.as_str())
            .map(|key| (bucket.clone(), key.to_owned()))
            .collect();
        Ok(files(waiting, format))
    }

    /// A whole file that names others.
    async fn whole(&self, bucket: &str, key: &str) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        loop {
            let next = self
                .store()?
                .read_part(&self.tenant, bucket, key, bytes.len() as u64, CHUNK)
                .await
                .map_err(unreadable)?;
            bytes.extend_from_slice(&next);
            if bytes.len() > MAX_MANIFEST {
                return Err(failed("the manifest is too large"));
            }
            if next.len() < CHUNK {
                return Ok(bytes);
            }
        }
    }

    async fn part(&mut self) -> Result<ItemsPart, Failure> {
        let store = self
            .store
            .clone()
            .ok_or_else(|| failed("there are no files to read here"))?;
        match &mut self.plan {
            None => Ok(ItemsPart::default()),
            Some(Plan::Listing(objects, source)) => {
                let count = objects.len().min(ITEMS);
                let items = objects
                    .drain(..count)
                    .map(|object| of_object(object).into());
                Ok(ItemsPart {
                    items: items.collect(),
                    source: Arc::clone(source),
                    more: !objects.is_empty(),
                })
            }
            Some(Plan::Files {
                waiting,
                format,
                open,
            }) => loop {
                let mut file = match open.take() {
                    Some(file) => file,
                    None => match waiting.pop_front() {
                        Some((bucket, key)) => Box::new(File {
                            source: format!("S3://{bucket}/{key}").into(),
                            parser: ItemParser::new(format)?,
                            bucket,
                            key,
                            at: 0,
                        }),
                        None => return Ok(ItemsPart::default()),
                    },
                };
                let ended = file.read(&self.tenant, &*store).await?;
                let items = file.parser.take();
                let source = Arc::clone(&file.source);
                let more = !ended || !waiting.is_empty();
                if !ended {
                    *open = Some(file);
                }
                if !items.is_empty() || !more {
                    return Ok(ItemsPart {
                        items,
                        source,
                        more,
                    });
                }
            },
        }
    }
}

impl File {
    /// Reads on until there are enough items. Answers whether the file has ended.
    async fn read(&mut self, tenant: &TenantId, store: &dyn ItemStore) -> Result<bool, Failure> {
        let begun = self.at;
        loop {
            let bytes = store
                .read_part(tenant, &self.bucket, &self.key, self.at, CHUNK)
                .await
                .map_err(unreadable)?;
            self.at += bytes.len() as u64;
            self.parser.push(&bytes)?;
            if bytes.len() < CHUNK {
                self.parser.finish()?;
                return Ok(true);
            }
            let ready = self.parser.ready();
            if ready >= ITEMS || ready > 0 && self.at - begun >= BYTES as u64 {
                return Ok(false);
            }
        }
    }
}

/// An object as `ListObjectsV2` tells it to a Map state.
fn of_object(object: ItemObject) -> Value {
    json!({
        "Etag": object.etag,
        "Key": object.key,
        "LastModified": object.modified_at / 1000,
        "Size": object.size,
        "StorageClass": "STANDARD",
    })
}

/// The columns of an inventory's files.
fn columns(manifest: &Value) -> Result<Vec<String>, Failure> {
    if let Some(format) = manifest.get("fileFormat").and_then(Value::as_str)
        && format != "CSV"
    {
        return Err(failed(format!(
            "an inventory in `{format}` can't be read: use CSV"
        )));
    }
    let schema = manifest.get("fileSchema").and_then(Value::as_str);
    Ok(schema
        .unwrap_or("Bucket, Key")
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect())
}

/// The files that a manifest of Athena names, one in each line: `s3://bucket/key`.
fn athena(manifest: &[u8]) -> Result<VecDeque<(String, String)>, Failure> {
    String::from_utf8_lossy(manifest)
        .lines()
        .map(|line| line.trim().trim_matches('"'))
        .filter(|line| !line.is_empty())
        .map(|line| {
            line.get(..5)
                .filter(|start| start.eq_ignore_ascii_case("s3://"))
                .and_then(|_| line.get(5..)?.split_once('/'))
                .map(|(bucket, key)| (bucket.to_owned(), key.to_owned()))
                .ok_or_else(|| failed(format!("`{line}` in the manifest is no S3 address")))
        })
        .collect()
}

fn unreadable(error: StoreError) -> Failure {
    failed(error.to_string())
}

fn failed(cause: impl Into<String>) -> Failure {
    Failure::work("States.ItemReaderFailed", cause)
}
