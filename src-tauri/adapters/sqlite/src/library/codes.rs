//! The signs of all vectors, in memory.

/// One bit per dimension of every vector, kept in step with the table `codes`.
#[derive(Debug, Default)]
pub(crate) struct Codes {}
