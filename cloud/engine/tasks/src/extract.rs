//! `AwmExtract`: a file's text.

use crate::{
    Deps,
    failure::{not_found, of_extractor},
    fields::Fields,
};
use awm_ports::{ExtractRequest, Extracted, TaskFailure};
use serde_json::{Value, json};
use std::path::PathBuf;

/// What stands before the name of a template's document.
const SAMPLE: &str = "sample:";

pub(crate) async fn run(deps: &Deps, mut fields: Fields) -> Result<Value, TaskFailure> {
    let path = fields.name("path")?;
    fields.finish()?;
    let extracted = match path.strip_prefix(SAMPLE) {
        Some(name) => {
            let bytes = awm_templates::sample_document(name)
                .ok_or_else(|| not_found(format!("there is no sample document `{name}`")))?;
            deps.extractor.extract_bytes(name, bytes.to_vec()).await
        }
        None => {
            let name = path
                .rsplit(['/', '\\'])
                .next()
                .unwrap_or_default()
                .to_owned();
            let request = ExtractRequest {
                path: PathBuf::from(path),
                name,
            };
            deps.extractor.extract(request).await
        }
    }
    .map_err(of_extractor)?;
    Ok(json!({
        "mediaType": extracted.media_type,
        "title": extracted.title,
        "pages": extracted.pages,
        "text": joined(&extracted),
    }))
}

/// The blocks as one Markdown text.
pub(crate) fn joined(extracted: &Extracted) -> String {
    let blocks: Vec<&str> = extracted
        .blocks
        .iter()
        .map(|block| block.markdown.as_str())
        .collect();
    blocks.join("\n\n")
}
