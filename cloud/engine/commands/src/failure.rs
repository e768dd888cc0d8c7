//! The one place where errors from below get their code and a way out.

use awm_api::{Code, UserError};
use awm_caller::CallError;
use awm_crawler::CrawlError;
use awm_pipeline::PipelineError;
use awm_ports::{ExtractError, FileError, LlmError, SecretError, StoreError};

/// Why a handler failed. It becomes a [`UserError`] at the edge.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    User(#[from] UserError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Llm(#[from] LlmError),
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    #[error(transparent)]
    Crawl(#[from] CrawlError),
}

impl From<Failure> for UserError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::User(error) => error,
            Failure::Store(error) => store_error(error),
            Failure::Call(error) => crate::area::connections::from_call(error),
            Failure::Secret(error) => secret_error(error),
            Failure::Llm(error) => from_llm(error),
            Failure::Pipeline(PipelineError::Store(error)) => store_error(error),
            Failure::Pipeline(PipelineError::File(error)) => from_file(error),
            Failure::Pipeline(PipelineError::Extract(error)) => from_reader(error),
            Failure::Crawl(error) => from_crawl(error),
        }
    }
}

/// A store's error with its code and a way out.
pub fn store_error(error: StoreError) -> UserError {
    let (code, help) = match &error {
        StoreError::NotFound { .. } => (
            Code::NotFound,
            "it may have been deleted meanwhile: go back to the list",
        ),
        StoreError::Conflict { .. } => (
            Code::Conflict,
            "open the newest revision and make the change again",
        ),
        StoreError::Full => (
            Code::DiskFull,
            "free some space and try again: everything saved before is kept",
        ),
        StoreError::Newer { .. } => (
            Code::StoreNewer,
            "install the newest version of the application, or open another workspace folder",
        ),
        StoreError::Damaged(_) => (
            Code::StoreDamaged,
            "make a copy of the workspace folder, then restore it from a backup",
        ),
        StoreError::Busy => (
            Code::StoreBusy,
            "close other programs that use the workspace folder and try again",
        ),
        StoreError::Backend(_) => (Code::Internal, "try again; the log tells more"),
    };
    UserError::new(code, error.to_string()).help(help)
}

/// An error of what keeps secrets with its code and a way out.
pub fn secret_error(error: SecretError) -> UserError {
    let (code, help) = match &error {
        SecretError::BadName(_) => (
            Code::BadRequest,
            "a name has small letters, digits, dots, dashes and slashes between its parts",
        ),
        SecretError::TooLarge(_) => (Code::BadRequest, "check that it is the right value"),
        SecretError::Locked(_) => (
            Code::SecretsLocked,
            "open the keychain, or start the application with `AWM_SECRETS_PASSPHRASE`",
        ),
        SecretError::Unavailable(_) => (
            Code::SecretsUnavailable,
            "start the system's keychain, or choose the encrypted file with `AWM_SECRETS=file`",
        ),
        SecretError::Damaged(_) => (
            Code::SecretsUnavailable,
            "bring the file back from a backup; or remove `secrets.enc` and enter the secrets again",
        ),
        SecretError::Full => (Code::DiskFull, "free some space and try again"),
    };
    UserError::new(code, error.to_string()).help(help)
}

fn from_crawl(error: CrawlError) -> UserError {
    match error {
        CrawlError::Store(error) => store_error(error),
        CrawlError::Pipeline(error) => Failure::Pipeline(error).into(),
        CrawlError::Spec(message) => {
            UserError::new(Code::BadRequest, message).help("correct it and try again")
        }
        CrawlError::Source {
            forbidden: true,
            message,
        } => UserError::new(Code::AddressForbidden, message)
            .help("addresses of this machine and its network can be allowed in the settings"),
        CrawlError::Source { message, .. } => UserError::new(Code::ServiceFailed, message)
            .help("check the address in a browser, then try again"),
    }
}

fn from_file(error: FileError) -> UserError {
    let help = match error.code {
        Code::FileVanished | Code::NotFound => "check that it is still there",
        Code::DiskFull => "free some space and try again",
        _ => "check that it may be read",
    };
    UserError::new(error.code, error.message).help(help)
}

fn from_reader(error: ExtractError) -> UserError {
    let help = match error.code {
        Code::FileVanished => "the file was moved or deleted; its text is still here",
        Code::FileUnsupported => "its text is shown instead",
        Code::ComponentMissing => "the first page of the settings tells what is installed",
        Code::NotFound => "choose another page",
        _ => "its text is still here",
    };
    UserError::new(error.code, error.message).help(help)
}

fn from_llm(error: LlmError) -> UserError {
    let code = error.code();
    UserError::new(code, error.to_string()).help(model_help(code))
}

/// The way out of a model's failure.
pub(crate) fn model_help(code: Code) -> &'static str {
    match code {
        Code::ModelUnreachable => {
            "check the model's address in the settings, and that its server runs"
        }
        Code::ModelTimedOut => {
            "ask again: a model that was being loaded answers faster the second time"
        }
        Code::ModelBrokeOff => {
            "ask again; if it stays so, check that the address belongs to the chosen kind of endpoint"
        }
        Code::ModelKeyRefused => "enter the key again in the settings",
        Code::ModelUnknown => "check the model's name and address in the settings",
        Code::ModelBusy => "ask again in a minute, or choose another model",
        Code::ModelFailed => "ask again later, or choose another model",
        _ => "the endpoint's own words tell more; check the model in the settings",
    }
}
