//! Keys, passwords and tokens. They are written, and never read back.

use serde::{Deserialize, Serialize};

/// Keeps a secret in place of an older one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecretSet {
    /// Its name, such as `connections/01k…/key`.
    pub name: String,
    /// Its value.
    pub value: SecretText,
}

/// Forgets a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecretDelete {
    /// Its name.
    pub name: String,
}

/// Asks which secrets there are; their values are never answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SecretList {}

/// Which secrets there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecretListing {
    /// What keeps them.
    pub place: SecretPlace,
    /// Their names, sorted.
    pub names: Vec<String>,
}

/// What keeps the secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// The system's keychain.
    Keychain,
    /// An encrypted file with its key in a file beside it.
    File,
    /// An encrypted file whose key is made of a passphrase.
    PassphraseFile,
    /// The memory of the process.
    Memory,
}

/// That it was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecretStored {
    /// Whether there was a value before.
    pub existed: bool,
}

/// A value on its way in. A debug print shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // Another type's error would repeat the value.
        match serde_json::Value::deserialize(from)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom(
                "a secret's value must be a string",
            )),
        }
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(…)")
    }
}
