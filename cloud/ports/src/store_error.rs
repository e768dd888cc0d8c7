//! What any store can suffer.

/// Why a store could not do what was asked. Anything acknowledged before stays.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The thing is not there.
    #[error("{what} `{id}` is not there")]
    NotFound {
        /// The kind of thing, such as `workflow`.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// A newer revision was saved meanwhile.
    #[error("revision {base} of {what} `{id}` is no longer the newest, which is {newest}")]
    Conflict {
        /// The kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
        /// The revision that the change began from.
        base: u64,
        /// The newest revision.
        newest: u64,
    },
    /// There is no room left.
    #[error("the disk is full")]
    Full,
    /// The store was written by a newer version; nothing was changed.
    #[error("the store is of version {found}, this application knows up to {known}")]
    Newer {
        /// The store's version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The store does not hold together.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Somebody else holds the store.
    #[error("the store is busy")]
    Busy,
    /// Anything that only this kind of store can suffer.
    #[error("{0}")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}
