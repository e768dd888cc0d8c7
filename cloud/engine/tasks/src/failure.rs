//! The errors of ports to what Retry and Catch see.

use awm_api::Code;
use awm_caller::CallError;
use awm_ports::{
    EmbedError, ExtractError, FileError, HttpError, LlmError, StoreError, TaskFailure,
};

/// A field is wrong.
pub(crate) fn bad_request(cause: impl Into<String>) -> TaskFailure {
    TaskFailure::new("Awm.BadRequest", cause)
}

/// A part of the application is not installed or not configured.
pub(crate) fn missing(cause: impl Into<String>) -> TaskFailure {
    TaskFailure::new("Awm.ComponentMissing", cause)
}

/// Somebody else's trouble.
pub(crate) fn service(cause: impl Into<String>) -> TaskFailure {
    TaskFailure::new("Awm.ServiceFailed", cause)
}

/// The thing is not there.
pub(crate) fn not_found(cause: impl Into<String>) -> TaskFailure {
    TaskFailure::new("Awm.NotFound", cause)
}

pub(crate) fn of_store(error: StoreError) -> TaskFailure {
    match error {
        StoreError::NotFound { .. } => not_found(error.to_string()),
        _ => service(error.to_string()),
    }
}

pub(crate) fn of_embedder(error: EmbedError) -> TaskFailure {
    match error {
        EmbedError::Missing(_) => missing(error.to_string()),
        EmbedError::Backend(_) => service(error.to_string()),
    }
}

pub(crate) fn of_model(error: LlmError) -> TaskFailure {
    let name = match error {
        LlmError::Refused { .. } => "Awm.ModelRefused",
        // An answer that can't be read is as good as none: both are worth a retry.
        LlmError::Unreachable(_)
        | LlmError::TimedOut(_)
        | LlmError::BrokeOff(_)
        | LlmError::Malformed(_) => "Awm.ModelUnreachable",
    };
    // The code tells more than the name, which Retry and Catch know it by.
    TaskFailure::new(name, format!("{error} [{}]", error.code()))
}

pub(crate) fn of_http(error: HttpError) -> TaskFailure {
    match error {
        HttpError::Forbidden(_) => TaskFailure::new("Awm.AddressForbidden", error.to_string()),
        _ => service(error.to_string()),
    }
}

pub(crate) fn of_call(error: CallError) -> TaskFailure {
    match error {
        CallError::Problem(problem) => bad_request(problem.to_string()),
        CallError::Store(error) => of_store(error),
        CallError::SecretMissing { .. } => missing(error.to_string()),
        CallError::SignIn(words) => TaskFailure::new("Awm.SignInFailed", words),
        CallError::Secret(_) | CallError::RateLimited(_) => service(error.to_string()),
    }
}

pub(crate) fn of_file(error: FileError) -> TaskFailure {
    of_extractor(ExtractError {
        code: error.code,
        message: error.message,
    })
}

pub(crate) fn of_extractor(error: ExtractError) -> TaskFailure {
    let name = match error.code {
        Code::FileVanished | Code::NotFound => "Awm.NotFound",
        Code::ComponentMissing => "Awm.ComponentMissing",
        _ => "Awm.FileUnreadable",
    };
    TaskFailure::new(name, format!("{} [{}]", error.message, error.code))
}
