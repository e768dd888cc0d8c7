//! The file in which versions before kept the model's key as text.

use crate::disk;
use awm_ports::{Secret, SecretError};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// A model's key as `secrets.json` had it, of the one profile that there was.
#[derive(Debug)]
pub struct LegacyKey {
    /// The address that the key may be sent to.
    pub address: String,
    /// The key.
    pub key: Secret,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    tenants: BTreeMap<String, Keys>,
}

#[derive(Deserialize)]
struct Keys {
    model_address: String,
    model_key: String,
}

impl LegacyKey {
    /// The keys in the folder's old file; nothing if there is none, or it can't be read: a key can be entered again, and the rest
    /// has to go on.
    pub fn read(folder: &Path) -> Result<Option<Vec<Self>>, SecretError> {
        let Some(bytes) = disk::read(&file(folder))?.map(Zeroizing::new) else {
            return Ok(None);
        };
        let content: Option<Content> = serde_json::from_slice(&bytes).ok();
        Ok(content.map(|content| {
            let keys = content.tenants.into_values();
            keys.map(|keys| Self {
                address: keys.model_address,
                key: Secret::new(keys.model_key),
            })
            .collect()
        }))
    }

    /// Removes the old file and a draft of it, when its keys are kept elsewhere.
    pub fn forget(folder: &Path) -> Result<(), SecretError> {
        disk::remove(&file(folder))?;
        disk::remove(&folder.join("secrets.json.new"))
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("secrets.json")
}
