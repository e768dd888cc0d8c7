//! The native parts: found, or told to be missing. The application works without them, with less.

use crate::home;
use awm_api::{
    UserError,
    app::Component,
    settings::{Embedding, Model, ModelKind, Settings},
};
use awm_embed_http::{HttpEmbed, Protocol, Server};
use awm_embed_local::Embed;
use awm_extract_local::{Extract, Limits, pdfium_in};
use awm_ports::{EmbedError, Embedder, Extractor};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
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
    pub(crate) async fn open(
        chosen: Option<PathBuf>,
        settings: &Settings,
    ) -> Result<Self, UserError> {
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
        let (embedder, name, version, vectors_off) = match embedder(&folder, settings).await {
            Ok(embedder) => {
                let model = embedder.model();
                let version: String = model.sha256.chars().take(12).collect();
                (Some(embedder), model.name, Some(version), None)
            }
            Err(error) => {
                let name = match &settings.embedding {
                    Embedding::BuiltIn => "all-MiniLM-L6-v2".to_owned(),
                    Embedding::Folder { path } => path.clone(),
                    Embedding::Server { name, .. } => name.clone(),
                };
                (None, name, None, Some(error.to_string()))
            }
        };
        let facts = vec![
            Component {
                name,
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

/// A server that doesn't answer must not hold up the start.
const SERVER: Duration = Duration::from_secs(3);

/// What makes the vectors, as it is set.
async fn embedder(folder: &Path, settings: &Settings) -> Result<Arc<dyn Embedder>, EmbedError> {
    match &settings.embedding {
        Embedding::BuiltIn => Ok(Arc::new(Embed::open(folder)?)),
        Embedding::Folder { path } => Ok(Arc::new(Embed::open_folder(folder, Path::new(path))?)),
        Embedding::Server {
            protocol,
            base_url,
            name,
            english_only,
        } => {
            let same = |model: &&Model| {
                model.base_url.trim_end_matches('/') == base_url.trim_end_matches('/')
            };
            let server = Server {
                protocol: match protocol {
                    ModelKind::OpenAiCompatible => Protocol::OpenAiCompatible,
                    ModelKind::Ollama => Protocol::Ollama,
                },
                base_url: base_url.clone(),
                model: name.clone(),
                key: settings
                    .models
                    .iter()
                    .filter(same)
                    .find_map(|model| model.api_key.clone()),
                english_only: *english_only,
            };
            match tokio::time::timeout(SERVER, HttpEmbed::connect(server)).await {
                Ok(connected) => Ok(Arc::new(connected?)),
                Err(_) => Err(EmbedError::Missing(format!("`{base_url}` does not answer"))),
            }
        }
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
