//! Why a call was not made.

use awm_connections::Problem;
use awm_ports::{SecretError, StoreError};

/// Why a call was not made. No variant holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The connection or the call can't be.
    #[error("{0}")]
    Problem(Problem),
    /// The connection can't be read or stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What keeps the secrets can't be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The secret was never entered, or forgotten.
    #[error("the {field} of the connection `{connection}` is missing")]
    SecretMissing {
        /// The connection's name.
        connection: String,
        /// Which secret.
        field: String,
        /// The name to set it by.
        name: String,
    },
    /// The server that gives tokens gave none.
    #[error("{0}")]
    SignIn(String),
    /// The connection's rate allows the next call in so many milliseconds only.
    #[error("the connection's rate limit allows the next call in {} s", .0.div_ceil(1000))]
    RateLimited(u64),
}

impl From<Problem> for CallError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
