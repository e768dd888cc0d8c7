//! Documents, passages, keywords and vectors.

mod codes;

pub(crate) use codes::Codes;
