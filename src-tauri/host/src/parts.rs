//! The native parts: found, or told to be missing. The application works without them, with less.

use crate::home;
use awm_api::{UserError, app::Component};
use awm_embed_local::Embed;
use awm_extract_local::{Extract, Limits, pdfium_in};
use awm_ports::{Embedder, Extractor};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What of the native parts is there.
pub(crate) struct Parts {
    pub(crate) extractor: Arc<dyn Extractor>,
    pub(crate) embedder: Option<Arc<dyn Embedder>>,
    /// Why there is no embedder.
    pub(crate) vectors_off: Option<String>,
    pub(crate) facts: Vec<Component>,
}

/// The argument that makes a program of this host an extractor; see [`extract_worker`](crate::extract_worker).
pub(crate) const WORKER: &str = "--extract-worker";

impl Parts {
    /// Looks for the parts in the folder that was chosen, or where they usually are.
    pub(crate) fn open(chosen: Option<PathBuf>) -> Result<Self, UserError> {
        let folder = folder(chosen)?;
        let program = std::env::current_exe()
            .map_err(|error| home::from_io("can't be found", Path::new("the program"), &error))?;
        let mut extractor = Extract::new(program, vec![WORKER.into()], Limits::default());
        let pdfium = pdfium_in(&folder);
        let pdfium_missing = match pdfium.is_file() {
            true => {
                extractor = extractor.with_pdfium(pdfium);
                None
            }
            false => Some(format!("`{}` is not there", pdfium.display())),
        };
        let (embedder, version, vectors_off) = match Embed::open(&folder) {
            Ok(embedder) => {
                let model = embedder.model();
                let version: String = model.sha256.chars().take(12).collect();
                let embedder: Arc<dyn Embedder> = Arc::new(embedder);
                (Some(embedder), Some(version), None)
            }
            Err(error) => (None, None, Some(error.to_string())),
        };
        let facts = vec![
            Component {
                name: "all-MiniLM-L6-v2".to_owned(),
                purpose: "search by meaning".to_owned(),
                version,
                missing: vectors_off.clone(),
            },
            Component {
                name: "PDFium".to_owned(),
                purpose: "text of PDF files".to_owned(),
                version: None,
                missing: pdfium_missing,
            },
        ];
        Ok(Self {
            extractor: Arc::new(extractor),
            embedder,
            vectors_off,
            facts,
        })
    }
}

/// As asked for, or `AWM_COMPONENTS`, or `components` beside the program if it is there, or the cache folder.
fn folder(chosen: Option<PathBuf>) -> Result<PathBuf, UserError> {
    if let Some(folder) = chosen.or_else(|| home::from_env("AWM_COMPONENTS")) {
        return Ok(folder);
    }
    let beside = std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join("components")));
    if let Some(folder) = beside.filter(|folder| folder.is_dir()) {
        return Ok(folder);
    }
    Ok(home::project_dirs()?.cache_dir().join("components"))
}
