//! How much one file may cost.

use serde::{Deserialize, Serialize};

/// Caps for one file and all that is in it. What exceeds one is refused with the code of that cap; nothing else suffers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Milliseconds until the child is killed: `AWM-4010`.
    pub wall_ms: u64,
    /// Seconds of processor time, where the system can cap it: `AWM-4012`.
    pub cpu_s: u64,
    /// Bytes of address space of the child, where the system can cap it: `AWM-4011`.
    pub memory_bytes: u64,
    /// Bytes of a file: `AWM-4009`.
    pub file_bytes: u64,
    /// Bytes that an archive and those in it may unpack to: `AWM-4005`.
    pub inflated_bytes: u64,
    /// How many times larger than packed a part of an archive may be: `AWM-4005`.
    pub ratio: u64,
    /// Entries of an archive: `AWM-4015`.
    pub entries: usize,
    /// Files within a file that are read, attachments and theirs included: `AWM-4015`.
    pub parts: usize,
    /// How deep files may lie within files: `AWM-4016`.
    pub depth: u32,
    /// How deep elements may lie within elements: `AWM-4016`.
    pub elements_deep: usize,
    /// Pages, slides or sheets: `AWM-4014`.
    pub pages: u32,
    /// Rows of a table; the others are left out, with a note.
    pub rows: usize,
    /// Messages of a box; the others are left out, with a note.
    pub messages: usize,
    /// Bytes of text that may come out: `AWM-4013`.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_ms: 120_000,
            cpu_s: 60,
            memory_bytes: 2 << 30,
            file_bytes: 200 << 20,
            inflated_bytes: 256 << 20,
            ratio: 200,
            entries: 10_000,
            parts: 500,
            depth: 4,
            elements_deep: 256,
            pages: 10_000,
            rows: 50_000,
            messages: 10_000,
            text_bytes: 32 << 20,
        }
    }
}
