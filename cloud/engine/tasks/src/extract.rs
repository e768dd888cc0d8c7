//! `AwmExtract`: a file's text.

use crate::{
    Deps,
    failure::{not_found, of_extractor, of_file, of_store},
    fields::Fields,
};
use awm_api::Code;
use awm_ports::{ExtractRequest, Extracted, TaskFailure};
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::path::{Component, Path, PathBuf};

/// What stands before the name of a template's document.
const SAMPLE: &str = "sample:";

pub(crate) async fn run(
    deps: &Deps,
    tenant: &TenantId,
    mut fields: Fields,
) -> Result<Value, TaskFailure> {
    let path = fields.name("path")?;
    fields.finish()?;
    let extracted = match path.strip_prefix(SAMPLE) {
        Some(name) => {
            let bytes = awm_templates::sample_document(name)
                .ok_or_else(|| not_found(format!("there is no sample document `{name}`")))?;
            deps.extractor.extract_bytes(name, bytes.to_vec()).await
        }
        None => {
            let real = fenced(deps, tenant, &path).await?;
            let name = path
                .rsplit(['/', '\\'])
                .next()
                .unwrap_or_default()
                .to_owned();
            let request = ExtractRequest {
                path: PathBuf::from(real),
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

/// The real path of a file that a workflow may read: one of the knowledge base, one in a folder that was taken into it, or one in
/// an open folder of the workspace. A link that leads out of the folder is followed before it is decided.
async fn fenced(deps: &Deps, tenant: &TenantId, path: &str) -> Result<String, TaskFailure> {
    let outside = || {
        TaskFailure::new(
            "Awm.PathForbidden",
            format!(
                "`{path}` lies in no folder of the knowledge base or the workspace [{}]",
                Code::PathOutside
            ),
        )
    };
    let is_plain = Path::new(path).is_absolute()
        && Path::new(path)
            .components()
            .all(|part| !matches!(part, Component::ParentDir | Component::CurDir));
    if !is_plain {
        return Err(outside());
    }
    let known = deps.library.root_of(tenant, path).await.map_err(of_store)?;
    let open = || {
        let folders = deps.files.open_folders();
        folders.into_iter().find(|folder| is_within(path, folder))
    };
    let root = match known.or_else(open) {
        Some(root) => root,
        // A link from elsewhere may lead into a folder that was taken in. Whether anything is there is nobody's business.
        None => {
            let real = deps.files.real_path(path).await;
            let real = real.map_err(|_| outside())?;
            let known = deps.library.root_of(tenant, &real).await;
            known.map_err(of_store)?.ok_or_else(outside)?
        }
    };
    let real = deps.files.real_path(path).await.map_err(of_file)?;
    let root = deps.files.real_path(&root).await.map_err(of_file)?;
    if is_within(&real, &root) {
        Ok(real)
    } else {
        Err(outside())
    }
}

/// Whether a path is the folder's own or below it.
fn is_within(path: &str, folder: &str) -> bool {
    Path::new(path).starts_with(folder)
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
