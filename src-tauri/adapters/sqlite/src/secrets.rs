//! Keys in a file of their own that only its owner may read: the store itself can be copied or shown without them.

use awm_ports::StoreError;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

/// The file `secrets.json` beside the store.
pub(crate) struct Secrets {
    path: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct Content {
    version: u32,
    #[serde(default)]
    tenants: BTreeMap<String, Keys>,
}

#[derive(Serialize, Deserialize)]
struct Keys {
    model_address: String,
    model_key: String,
}

const VERSION: u32 = 1;

impl Secrets {
    pub(crate) fn beside(store: &Path) -> Self {
        Self {
            path: store.with_file_name("secrets.json"),
        }
    }

    /// The model's key, if one is kept for this address.
    pub(crate) fn model_key(&self, tenant: &str, address: &str) -> Option<String> {
        let mut content = self.read();
        let keys = content.tenants.remove(tenant)?;
        (keys.model_address == address).then_some(keys.model_key)
    }

    /// Keeps the key in place of an older one, or forgets it.
    pub(crate) fn put_model_key(
        &self,
        tenant: &str,
        address: &str,
        key: Option<String>,
    ) -> Result<(), StoreError> {
        let mut content = self.read();
        content.version = VERSION;
        let before = content.tenants.remove(tenant);
        let Some(model_key) = key else {
            return match before {
                Some(_) => self.replace(&content),
                None => Ok(()),
            };
        };
        content.tenants.insert(
            tenant.to_owned(),
            Keys {
                model_address: address.to_owned(),
                model_key,
            },
        );
        self.replace(&content)
    }

    /// A file that can't be read counts as empty: a key can be entered again, and the rest has to go on.
    fn read(&self) -> Content {
        fs::read(&self.path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Writes a new file and moves it into place, so that a crash leaves the old or the new one.
    fn replace(&self, content: &Content) -> Result<(), StoreError> {
        let draft = self.path.with_extension("json.new");
        let write = || -> std::io::Result<()> {
            // A draft that a crash left might have other permissions.
            if let Err(error) = fs::remove_file(&draft)
                && error.kind() != ErrorKind::NotFound
            {
                return Err(error);
            }
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&draft)?;
            file.write_all(&serde_json::to_vec(content)?)?;
            file.sync_all()?;
            fs::rename(&draft, &self.path)
        };
        write().map_err(|error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
            _ => StoreError::Backend(Box::new(error)),
        })
    }
}
