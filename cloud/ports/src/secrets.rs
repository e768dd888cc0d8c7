//! Where keys, passwords and tokens are kept.

use async_trait::async_trait;
use awm_tenancy::TenantId;
use zeroize::Zeroizing;

/// Keeps secrets apart from everything else: no store, log, run or export holds one. Nothing of one tenant is ever
/// answered to another.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// Keeps the value in place of an older one. When this returns, it survives a crash.
    async fn put(
        &self,
        tenant: &TenantId,
        name: &SecretName,
        value: &Secret,
    ) -> Result<(), SecretError>;
    /// The value, if there is one.
    async fn get(
        &self,
        tenant: &TenantId,
        name: &SecretName,
    ) -> Result<Option<Secret>, SecretError>;
    /// Forgets the value; `false` if there was none.
    async fn delete(&self, tenant: &TenantId, name: &SecretName) -> Result<bool, SecretError>;
    /// The names, sorted.
    async fn list(&self, tenant: &TenantId) -> Result<Vec<SecretName>, SecretError>;
    /// What keeps them, for a person to know what that protects against.
    fn place(&self) -> SecretsPlace;
}

/// A secret's value. It is wiped from memory when it is dropped, and a debug print shows nothing of it.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The longest value, bytes. Windows' Credential Manager keeps no more.
    pub const MAX_BYTES: usize = 2560;

    /// Takes the value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret's name, such as `connections/01k…/key`: 1 to 200 characters of `[a-z0-9._-]` and `/` between parts that are
/// neither empty nor dots alone, so that it is safe within keys, paths and attributes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName(String);

impl SecretName {
    /// Checks a name.
    pub fn new(name: impl Into<String>) -> Result<Self, SecretError> {
        let name = name.into();
        let part = |part: &str| {
            part.bytes().any(|b| b != b'.')
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        };
        match name.len() <= 200 && name.split('/').all(part) {
            true => Ok(Self(name)),
            false => Err(SecretError::BadName(name.chars().take(200).collect())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SecretName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What keeps the secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretsPlace {
    /// The system's keychain: Secret Service, Keychain, Credential Manager.
    Keychain,
    /// An encrypted file, its key in a file beside it.
    File,
    /// An encrypted file, its key derived from a passphrase that isn't stored.
    PassphraseFile,
    /// The memory of this process.
    Memory,
}

/// Why a secret could not be kept or read. No variant holds a value.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The name is not one.
    #[error("`{0}` is not the name of a secret")]
    BadName(String),
    /// The value is too long to be kept.
    #[error("the value has {0} bytes, at most {max} can be kept", max = Secret::MAX_BYTES)]
    TooLarge(usize),
    /// They are kept, but locked: a person has to open them.
    #[error("{0}")]
    Locked(String),
    /// What keeps them can't be reached.
    #[error("{0}")]
    Unavailable(String),
    /// What keeps them does not hold together.
    #[error("{0}")]
    Damaged(String),
    /// There is no room left.
    #[error("the disk is full")]
    Full,
}
