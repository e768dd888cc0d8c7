//! Lists that come in parts.

use serde::{Deserialize, Serialize};

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows of this part.
    pub items: Vec<T>,
    /// How many rows match in all.
    pub total: u64,
    /// Where the next part begins; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Rows to pass over.
    #[serde(default)]
    pub offset: u64,
    /// Rows wanted, at most 1,000.
    pub limit: u32,
    /// The order; the list's own if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            offset: 0,
            limit: 200,
            sort: None,
        }
    }
}

/// An order by one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sort {
    /// The column's field name.
    pub by: String,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}
