//! The one error that crosses an edge: a code to decide by, a sentence to read, a way out.

use serde::{Deserialize, Serialize};

/// What went wrong, as a screen or a script sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} [{code}]")]
pub struct UserError {
    /// What to decide by; each code has a page in `codes/`.
    pub code: Code,
    /// What happened, and to what: a sentence without a full stop, input in backticks.
    pub message: String,
    /// What can be done now.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// Where in the request or document, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
}

impl UserError {
    /// An error with a code and a sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: String::new(),
            path: Vec::new(),
        }
    }

    /// The same error with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

macro_rules! codes {
    ($($variant:ident = $text:literal,)*) => {
        /// The codes of [`UserError`]. A code exists only if someone acts on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = include_str!(concat!("../codes/", $text, ".md"))]
                #[serde(rename = $text)]
                $variant,
            )*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code as written, such as `AWM-1001`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),* }
            }

            /// The code's page: what it means and what to do, in Markdown.
            pub const fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("../codes/", $text, ".md"))),* }
            }
        }
    };
}

codes! {
    // 10xx: requests and the application itself.
    BadRequest = "AWM-1001",
    UnknownCommand = "AWM-1002",
    NotFound = "AWM-1003",
    Conflict = "AWM-1004",
    Internal = "AWM-1005",
    Cancelled = "AWM-1006",
    Unauthorized = "AWM-1007",
    AlreadyRunning = "AWM-1008",
    ComponentMissing = "AWM-1009",
    // 20xx: the store.
    StoreNewer = "AWM-2001",
    StoreDamaged = "AWM-2002",
    DiskFull = "AWM-2003",
    StoreBusy = "AWM-2004",
    // 30xx: workflows.
    NotAslText = "AWM-3001",
    DefinitionTooLarge = "AWM-3002",
    DefinitionInvalid = "AWM-3003",
    NotMocked = "AWM-3004",
    // 40xx: documents.
    FileUnreadable = "AWM-4001",
    FileVanished = "AWM-4002",
    FileCorrupt = "AWM-4003",
    FileEncrypted = "AWM-4004",
    FileBomb = "AWM-4005",
    FileNotText = "AWM-4006",
    FileNoText = "AWM-4007",
    FileUnsupported = "AWM-4008",
    FileTooLarge = "AWM-4009",
    ExtractionTimeout = "AWM-4010",
    ExtractionMemory = "AWM-4011",
    ExtractionCpu = "AWM-4012",
    TextTooLong = "AWM-4013",
    TooManyPages = "AWM-4014",
    TooManyParts = "AWM-4015",
    NestedTooDeep = "AWM-4016",
    EntitiesForbidden = "AWM-4017",
    ReaderCrashed = "AWM-4018",
    PathOutside = "AWM-4019",
    FileIsLink = "AWM-4020",
    FolderGone = "AWM-4021",
    FolderEmptied = "AWM-4022",
    // 50xx: models and other services.
    ModelUnreachable = "AWM-5001",
    ModelRefused = "AWM-5002",
    AddressForbidden = "AWM-5003",
    ServiceFailed = "AWM-5004",
    ModelTimedOut = "AWM-5010",
    ModelBrokeOff = "AWM-5011",
    ModelKeyRefused = "AWM-5012",
    ModelUnknown = "AWM-5013",
    ModelBusy = "AWM-5014",
    ModelFailed = "AWM-5015",
    SecretsLocked = "AWM-5030",
    SecretsUnavailable = "AWM-5031",
    SecretMissing = "AWM-5032",
    ApiDocumentUnreadable = "AWM-5033",
    SignInFailed = "AWM-5034",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
