//! The application itself.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks what is running.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AppInfo {}

/// What is running, and with what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppFacts {
    /// The application's version.
    pub version: String,
    /// The workspace folder.
    pub home: String,
    /// The folder of the logs.
    pub logs: String,
    /// Where the screens run: `desktop` or `browser`.
    pub host: String,
    /// When the process started.
    pub started_at: Timestamp,
    /// The native parts and whether they are there.
    pub components: Vec<Component>,
}

/// A native part of the application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// What it is, such as `all-MiniLM-L6-v2`.
    pub name: String,
    /// What it is for, in a few words.
    pub purpose: String,
    /// The version or hash, when it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Why it is not there, when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// Asks for a text that helps whoever looks at a fault. It holds no document text and no secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AppDiagnostics {}

/// The text for a fault report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiagnosticsText {
    /// Markdown.
    pub text: String,
}
