//! How much one file may cost.

use serde::{Deserialize, Serialize};

/// Caps for one file. What exceeds one is refused; nothing else suffers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Milliseconds until the child is killed.
    pub wall_ms: u64,
    /// Bytes of address space of the child, where the system can cap it.
    pub memory_bytes: u64,
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Bytes that an archive may unpack to.
    pub inflated_bytes: u64,
    /// How many times larger than packed a part of an archive may be.
    pub ratio: u64,
    /// Files within an archive.
    pub entries: usize,
    /// Bytes of text that may come out.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_ms: 60_000,
            memory_bytes: 2 << 30,
            file_bytes: 200 << 20,
            inflated_bytes: 256 << 20,
            ratio: 200,
            entries: 10_000,
            text_bytes: 32 << 20,
        }
    }
}
