//! The encrypted file.

use crate::{
    disk,
    seal::{self, KEY_BYTES, Key, NONCE_BYTES, SALT_BYTES},
};
use async_trait::async_trait;
use awm_ports::{Secret, SecretError, SecretName, Secrets, SecretsPlace};
use awm_tenancy::TenantId;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use zeroize::{Zeroize, Zeroizing};

/// Where the file's key comes from.
#[derive(Debug)]
pub enum FileKey {
    /// A file beside it, made when it is first needed.
    Beside,
    /// A passphrase, which is stored nowhere.
    Passphrase(Secret),
}

/// Keeps secrets in `secrets.enc`.
pub struct SecretFile {
    path: PathBuf,
    key: Lock,
    /// Held from reading to writing, so that no change is lost.
    turn: Mutex<()>,
}

/// How the file is opened. The key of a passphrase is made once, as it takes its time.
enum Lock {
    Beside(PathBuf),
    Derived { key: Key, salt: [u8; SALT_BYTES] },
}

/// The file: all but `sealed` is readable, and authenticated with it.
#[derive(Serialize, Deserialize)]
struct Envelope {
    version: u32,
    /// The salt of the passphrase's key, base64; none if the key lies beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// Base64.
    nonce: String,
    /// Base64.
    sealed: String,
}

/// What is encrypted: by tenant, by name.
#[derive(Default, Serialize, Deserialize)]
struct Content(BTreeMap<String, BTreeMap<String, String>>);

impl Drop for Content {
    fn drop(&mut self) {
        for value in self.0.values_mut().flat_map(BTreeMap::values_mut) {
            value.zeroize();
        }
    }
}

const VERSION: u32 = 1;
const NAME: &str = "secrets.enc";
const KEY_NAME: &str = "secrets.key";

impl SecretFile {
    /// Opens the file in the folder; it is made with the first secret. A passphrase that doesn't open it is
    /// [`SecretError::Locked`]. A file whose key lay beside it is encrypted anew when a passphrase is given.
    pub fn open(folder: &Path, key: FileKey) -> Result<Self, SecretError> {
        let path = folder.join(NAME);
        let beside = folder.join(KEY_NAME);
        let passphrase = match key {
            // What is wrong with the file is told when a secret is needed.
            FileKey::Beside => return Ok(Self::locked_by(path, Lock::Beside(beside))),
            FileKey::Passphrase(passphrase) => passphrase,
        };
        let stored = envelope(&path)?;
        let salt = match stored.as_ref().and_then(|stored| stored.salt.as_ref()) {
            Some(text) => {
                fixed(text).ok_or_else(|| damaged(&path, "its salt can't be read".into()))?
            }
            None => seal::random()?,
        };
        let key = seal::derive(passphrase.expose(), &salt)?;
        let file = Self::locked_by(path, Lock::Derived { key, salt });
        match stored {
            Some(stored) if stored.salt.is_none() => {
                let open = Self::locked_by(file.path.clone(), Lock::Beside(beside.clone()));
                file.write(&open.read()?)?;
                disk::remove(&beside)?;
            }
            Some(_) => drop(file.read()?),
            None => {}
        }
        Ok(file)
    }

    fn locked_by(path: PathBuf, key: Lock) -> Self {
        Self {
            path,
            key,
            turn: Mutex::new(()),
        }
    }

    fn read(&self) -> Result<Content, SecretError> {
        let Some(stored) = envelope(&self.path)? else {
            return Ok(Content::default());
        };
        let key = self.reading_key(&stored)?;
        let nonce: [u8; NONCE_BYTES] = fixed(&stored.nonce)
            .ok_or_else(|| damaged(&self.path, "its nonce can't be read".into()))?;
        let sealed = BASE64_STANDARD
            .decode(&stored.sealed)
            .map_err(|_| damaged(&self.path, "it can't be read".into()))?;
        let plain =
            seal::open(&key, &nonce, &bound(&stored), &sealed).ok_or_else(|| match self.key {
                Lock::Derived { .. } => {
                    SecretError::Locked("the passphrase does not open the secrets".into())
                }
                Lock::Beside(_) => damaged(
                    &self.path,
                    "it was changed, or its key is of another file".into(),
                ),
            })?;
        serde_json::from_slice(&plain)
            .map_err(|_| damaged(&self.path, "what is in it can't be read".into()))
    }

    fn write(&self, content: &Content) -> Result<(), SecretError> {
        let (key, salt) = match &self.key {
            Lock::Derived { key, salt } => (key.clone(), Some(BASE64_STANDARD.encode(salt))),
            Lock::Beside(path) => (key_beside(path, true)?, None),
        };
        let nonce: [u8; NONCE_BYTES] = seal::random()?;
        let mut envelope = Envelope {
            version: VERSION,
            salt,
            nonce: BASE64_STANDARD.encode(nonce),
            sealed: String::new(),
        };
        let plain = Zeroizing::new(
            serde_json::to_vec(content).map_err(|error| damaged(&self.path, error.to_string()))?,
        );
        let sealed = seal::seal(&key, &nonce, &bound(&envelope), &plain)?;
        envelope.sealed = BASE64_STANDARD.encode(sealed);
        let bytes = serde_json::to_vec(&envelope)
            .map_err(|error| damaged(&self.path, error.to_string()))?;
        disk::replace(&self.path, &bytes)
    }

    fn reading_key(&self, stored: &Envelope) -> Result<Key, SecretError> {
        match (&self.key, &stored.salt) {
            (Lock::Beside(_), Some(_)) => Err(SecretError::Locked(
                "the secrets are locked with a passphrase, and none was given".into(),
            )),
            (Lock::Beside(path), None) => key_beside(path, false),
            (Lock::Derived { key, .. }, _) => Ok(key.clone()),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Content) -> (T, bool)) -> Result<T, SecretError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut content = self.read()?;
        let (answer, changed) = change(&mut content);
        if changed {
            self.write(&content)?;
        }
        Ok(answer)
    }
}

#[async_trait]
impl Secrets for SecretFile {
    async fn put(
        &self,
        tenant: &TenantId,
        name: &SecretName,
        value: &Secret,
    ) -> Result<(), SecretError> {
        let length = value.expose().len();
        if length > Secret::MAX_BYTES {
            return Err(SecretError::TooLarge(length));
        }
        self.change(|content| {
            let values = content.0.entry(tenant.to_string()).or_default();
            if let Some(mut before) = values.insert(name.to_string(), value.expose().to_owned()) {
                before.zeroize();
            }
            ((), true)
        })
    }

    async fn get(
        &self,
        tenant: &TenantId,
        name: &SecretName,
    ) -> Result<Option<Secret>, SecretError> {
        let content = self.read()?;
        let value = content
            .0
            .get(tenant.as_str())
            .and_then(|values| values.get(name.as_str()));
        Ok(value.map(Secret::new))
    }

    async fn delete(&self, tenant: &TenantId, name: &SecretName) -> Result<bool, SecretError> {
        self.change(|content| {
            let before = content
                .0
                .get_mut(tenant.as_str())
                .and_then(|values| values.remove(name.as_str()));
            let found = before.is_some();
            if let Some(mut before) = before {
                before.zeroize();
            }
            (found, found)
        })
    }

    async fn list(&self, tenant: &TenantId) -> Result<Vec<SecretName>, SecretError> {
        let content = self.read()?;
        let values = content.0.get(tenant.as_str());
        values
            .into_iter()
            .flat_map(BTreeMap::keys)
            .map(|name| SecretName::new(name.as_str()))
            .collect()
    }

    fn place(&self) -> SecretsPlace {
        match self.key {
            Lock::Beside(_) => SecretsPlace::File,
            Lock::Derived { .. } => SecretsPlace::PassphraseFile,
        }
    }
}

impl std::fmt::Debug for SecretFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn envelope(path: &Path) -> Result<Option<Envelope>, SecretError> {
    let Some(bytes) = disk::read(path)? else {
        return Ok(None);
    };
    let envelope: Envelope =
        serde_json::from_slice(&bytes).map_err(|_| damaged(path, "it can't be read".into()))?;
    match envelope.version {
        VERSION => Ok(Some(envelope)),
        other => Err(damaged(
            path,
            format!("it is of version {other}, this application knows {VERSION}"),
        )),
    }
}

/// What is readable in the file can't be exchanged without the key either.
fn bound(envelope: &Envelope) -> Vec<u8> {
    let salt = envelope.salt.as_deref().unwrap_or_default();
    format!("awm-secrets:{}:{salt}", envelope.version).into_bytes()
}

fn key_beside(path: &Path, make: bool) -> Result<Key, SecretError> {
    match disk::read(path)?.map(Zeroizing::new) {
        Some(bytes) => {
            let mut key = Key::default();
            if bytes.len() != KEY_BYTES {
                return Err(damaged(path, format!("it has {} bytes", bytes.len())));
            }
            key.copy_from_slice(&bytes);
            Ok(key)
        }
        None if make => {
            let key = Zeroizing::new(seal::random()?);
            disk::replace(path, key.as_slice())?;
            Ok(key)
        }
        None => Err(damaged(path, "it is gone".into())),
    }
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}

fn damaged(path: &Path, why: String) -> SecretError {
    SecretError::Damaged(format!("`{}` can't be used: {why}", path.display()))
}
