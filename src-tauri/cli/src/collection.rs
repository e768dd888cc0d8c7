//! `awm ingest documents.jsonl`: a file of documents with ids of their own.

use crate::{
    json_lines::{JsonLines, Problems, word},
    output::Output,
};
use awm_api::{
    UserError,
    collection::{CollectionDocument, CollectionPut, CollectionStored},
};
use awm_host::DesktopHost;
use serde::Serialize;
use serde_json::{Map, Value};
use std::path::Path;

/// Documents, and bytes of their texts, that are stored at once.
const BATCH: usize = 200;
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Lines that tell what kind of file it is.
const LOOKED_AT: usize = 50;

/// What became of a file's lines.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Taken {
    #[serde(flatten)]
    pub(crate) stored: CollectionStored,
    #[serde(flatten)]
    pub(crate) problems: Problems,
}

impl Taken {
    /// Adds what became of another file.
    pub(crate) fn add(&mut self, other: Self) {
        self.stored.stored += other.stored.stored;
        self.stored.unchanged += other.stored.unchanged;
        self.stored.empty += other.stored.empty;
        self.problems.count += other.problems.count;
        self.problems.told.extend(other.problems.told);
    }
}

/// Whether a file is a set of documents: `.jsonl`, and most of its first objects have an `id` and a `text`. Standard input is one.
pub(crate) fn is_collection(path: &Path) -> Result<bool, UserError> {
    if path == Path::new("-") {
        return Ok(true);
    }
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    let lines = ending.is_some_and(|ending| ending == "jsonl" || ending == "ndjson");
    if !lines || !path.is_file() {
        return Ok(false);
    }
    let mut reader = JsonLines::open(path)?;
    let (mut documents, mut others) = (0, 0);
    for _ in 0..LOOKED_AT {
        match reader.next()? {
            None => break,
            Some((_, Ok(object))) => match document(&object) {
                Ok(_) => documents += 1,
                Err(_) => others += 1,
            },
            Some((_, Err(_))) => {}
        }
    }
    Ok(documents > others)
}

/// Stores the documents of a file, line by line, in a source.
pub(crate) async fn take_in(
    host: &DesktopHost,
    output: &Output,
    source_id: &str,
    path: &Path,
) -> Result<Taken, UserError> {
    let mut reader = JsonLines::open(path)?;
    let mut taken = Taken::default();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while let Some((number, line)) = reader.next()? {
        match line.and_then(|object| document(&object)) {
            Err(message) => taken.problems.add(output, path, number, message),
            Ok(document) => {
                bytes += document.text.len();
                batch.push(document);
            }
        }
        if batch.len() >= BATCH || bytes >= BATCH_BYTES {
            bytes = 0;
            store(
                host,
                source_id,
                std::mem::take(&mut batch),
                &mut taken.stored,
            )
            .await?;
            let done = taken.stored.stored + taken.stored.unchanged;
            output.progress(&format!("{done} documents"));
        }
    }
    store(host, source_id, batch, &mut taken.stored).await?;
    output.progress_over();
    Ok(taken)
}

async fn store(
    host: &DesktopHost,
    source_id: &str,
    documents: Vec<CollectionDocument>,
    sum: &mut CollectionStored,
) -> Result<(), UserError> {
    if documents.is_empty() {
        return Ok(());
    }
    let source_id = source_id.to_owned();
    let stored = host
        .ask(CollectionPut {
            source_id,
            documents,
        })
        .await?;
    sum.stored += stored.stored;
    sum.unchanged += stored.unchanged;
    sum.empty += stored.empty;
    Ok(())
}

fn document(object: &Map<String, Value>) -> Result<CollectionDocument, String> {
    let id = word(object, &["id", "_id"])?;
    if id.chars().count() > 1_000 {
        return Err("`id` has more than 1,000 characters".into());
    }
    let text = match object.get("text") {
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err("`text` is no text".into()),
        None => return Err("`text` is missing".into()),
    };
    Ok(CollectionDocument {
        id,
        title: match object.get("title") {
            Some(Value::String(title)) => Some(title.clone()),
            _ => None,
        },
        text,
    })
}
