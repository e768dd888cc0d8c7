#![doc = include_str!("../README.md")]

use serde::Serialize;

/// Whose data it is. It can't be read from a request: only verified claims (cloud) or an opened profile
/// (desktop) make one, so a handler can't be talked into another tenant's data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct TenantId(String);

/// Characters of an id. All ids have the same length, so that none is the beginning of another.
const LENGTH: usize = 26;

impl TenantId {
    /// The tenant of the desktop's local profile.
    pub fn local() -> Self {
        Self("local000000000000000000000".into())
    }

    /// The tenant of a profile that was opened on this machine. Only a host may call this, never with text out of a request.
    pub fn of_profile(id: &str) -> Result<Self, InvalidTenantId> {
        let proper = id.len() == LENGTH
            && id
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        if proper {
            Ok(Self(id.into()))
        } else {
            Err(InvalidTenantId)
        }
    }

    /// The id as text: 26 characters of `[0-9a-z]`, safe within keys, prefixes and index names.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TenantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is no tenant id. It isn't repeated here: an attacker may have chosen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTenantId;

impl std::fmt::Display for InvalidTenantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a tenant id has 26 characters of `0-9a-z`")
    }
}

impl std::error::Error for InvalidTenantId {}
