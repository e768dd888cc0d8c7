#![doc = include_str!("../README.md")]

use serde::Serialize;

/// Whose data it is. It can't be read from a request: only verified claims (cloud) or the local profile
/// (desktop) make one, so a handler can't be talked into another tenant's data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct TenantId(String);

impl TenantId {
    /// The tenant of the desktop's local profile.
    pub fn local() -> Self {
        Self("local0000000000000000000000".into())
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
