//! What the process ends with.

use awm_api::{Code, UserError};
use std::process::ExitCode;

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// As wished.
    Well,
    /// It did its work and found a failure: a run that failed, a definition with errors.
    Failed,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Well => Self::SUCCESS,
            Ended::Failed => Self::from(1),
        }
    }
}

/// The code of an error, as the README lists them. 2 is the argument parser's.
pub(crate) fn code(error: &UserError) -> ExitCode {
    ExitCode::from(match error.code {
        Code::BadRequest => 2,
        Code::NotFound | Code::UnknownCommand => 3,
        Code::AlreadyRunning | Code::StoreBusy | Code::Conflict => 4,
        Code::StoreNewer | Code::StoreDamaged | Code::DiskFull => 5,
        Code::ComponentMissing => 6,
        _ => 1,
    })
}
