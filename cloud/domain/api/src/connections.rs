//! Connections to other people's APIs: how to reach one, how to sign in, what can be asked.

use crate::{Timestamp, UserError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Asks for the connections, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConnectionList {}

/// A connection within the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionSummary {
    /// Its id.
    pub id: String,
    /// Its name; no other connection has the same.
    pub name: String,
    /// Where it leads.
    pub base_url: String,
    /// How it signs in, in a word: `none`, `api_key`, `basic`, `bearer`, `oauth2`.
    pub auth: String,
    /// How many operations are written down.
    pub operations: u32,
    /// Whether a secret that it needs is not there.
    pub secret_missing: bool,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// Asks for a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionGet {
    /// Its id, or its name.
    pub id: String,
}

/// Starts a blank connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionCreate {
    /// Its name.
    pub name: String,
    /// Where it leads, such as `https://api.example/v1`.
    pub base_url: String,
}

/// Stores a connection as a whole. A changed server forgets the secrets that were entered for another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionSave {
    /// The connection, with the revision that the change began from.
    pub connection: Connection,
}

/// Deletes a connection and its secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionDelete {
    /// Its id.
    pub id: String,
}

/// That it was deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionDeleted {
    /// How many secrets were deleted with it.
    pub secrets: u32,
}

/// Reads the description of an API (OpenAPI 3.0 or 3.1, JSON or YAML) and makes a connection of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConnectionImport {
    /// The document's text.
    pub text: String,
    /// The connection's name; the document's title if none.
    #[serde(default)]
    pub name: Option<String>,
    /// Where it leads; the document's first server if none.
    #[serde(default)]
    pub base_url: Option<String>,
    /// A connection whose operations are replaced by the document's; nothing else of it is changed.
    #[serde(default)]
    pub into: Option<String>,
}

/// What was imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionImported {
    /// The connection.
    pub connection: Connection,
    /// What of the document was left out, and what is still to be done.
    pub notes: Vec<String>,
}

/// Everything about a connection. Secrets are no part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: String,
    /// Counts its changes.
    pub revision: u64,
    /// Its name; no other connection has the same.
    pub name: String,
    /// Where it leads: a web address without user, query and fragment.
    pub base_url: String,
    /// How it signs in.
    pub auth: Auth,
    /// Headers of each call. None of them may hold a secret.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// How long a call may take, milliseconds.
    pub timeout_ms: u64,
    /// When a call is tried again.
    pub retries: Retries,
    /// How many calls may be made; any number if none.
    #[serde(default)]
    pub rate: Option<Rate>,
    /// How many bytes an answer may have.
    pub max_bytes: u64,
    /// What can be asked.
    #[serde(default)]
    pub operations: Vec<Operation>,
    /// Which secrets it needs, and whether they are there. Only answered: what is sent is not looked at.
    #[serde(default)]
    pub secrets: Vec<SecretState>,
    /// When it was changed.
    pub updated_at: Timestamp,
}

/// How a connection signs in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Auth {
    /// Not at all.
    #[default]
    None,
    /// With a key in a header or in the query. Secret: `key`.
    ApiKey {
        /// Where the key stands.
        place: KeyPlace,
        /// The header's or field's name.
        name: String,
    },
    /// With a user name and a password (RFC 7617). Secret: `password`.
    Basic {
        /// The user name.
        username: String,
    },
    /// With a token (RFC 6750). Secret: `token`.
    Bearer,
    /// With a token that a server gives to this client (RFC 6749, 4.4). Secret: `client-secret`.
    #[serde(rename = "oauth2")]
    OAuth2 {
        /// Where tokens are given.
        token_url: String,
        /// The client's id.
        client_id: String,
        /// What the token shall allow.
        #[serde(default)]
        scopes: Vec<String>,
        /// Whether id and secret stand in the body rather than in the header.
        #[serde(default)]
        in_body: bool,
    },
}

impl Auth {
    /// The word for it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ApiKey { .. } => "api_key",
            Self::Basic { .. } => "basic",
            Self::Bearer => "bearer",
            Self::OAuth2 { .. } => "oauth2",
        }
    }

    /// The field of the secret that it needs.
    pub fn secret(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::ApiKey { .. } => Some("key"),
            Self::Basic { .. } => Some("password"),
            Self::Bearer => Some("token"),
            Self::OAuth2 { .. } => Some("client-secret"),
        }
    }
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// In a header.
    #[default]
    Header,
    /// In the query.
    Query,
}

/// When a call is tried again: no answer, or status 429, 502, 503 or 504.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retries {
    /// How many times, 0 to 5.
    pub max: u32,
    /// Milliseconds before the first; each next one waits twice as long. A server's `Retry-After` counts more.
    pub wait_ms: u64,
    /// Whether calls that change something are tried again too.
    pub also_unsafe: bool,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            max: 2,
            wait_ms: 500,
            also_unsafe: false,
        }
    }
}

/// How many calls may be made within a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// So many calls …
    pub calls: u32,
    /// … within so many seconds.
    pub seconds: u32,
}

/// Whether a secret is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecretState {
    /// Which of the connection's secrets: `key`, `password`, `token`, `client-secret`.
    pub field: String,
    /// The name to set it by.
    pub name: String,
    /// Whether it is there; unknown if what keeps the secrets is locked.
    pub present: Option<bool>,
}

/// Something that can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Its name; no other operation of the connection has the same.
    pub id: String,
    /// What it does, in a line.
    #[serde(default)]
    pub summary: String,
    /// `GET`, `POST` …
    pub method: String,
    /// The path below the base address, with parameters as `{name}`.
    pub path: String,
    /// What it takes besides a body.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// The body that it takes, if it takes one.
    #[serde(default)]
    pub body: Option<BodyShape>,
    /// What it answers, as far as it is known.
    #[serde(default)]
    pub response: ResponseShape,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: ParameterPlace,
    /// Whether it has to be given.
    #[serde(default)]
    pub required: bool,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Its JSON Schema; `true` if nothing is known.
    #[serde(default = "anything")]
    pub schema: Value,
    /// An example.
    #[serde(default)]
    pub example: Option<Value>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterPlace {
    /// Within the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// The shape of a body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BodyShape {
    /// Its media type.
    pub media_type: String,
    /// Whether it has to be given.
    #[serde(default)]
    pub required: bool,
    /// Its JSON Schema; `true` if nothing is known.
    #[serde(default = "anything")]
    pub schema: Value,
    /// An example.
    #[serde(default)]
    pub example: Option<Value>,
}

/// What is known of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResponseShape {
    /// The body's JSON Schema, if it is known.
    #[serde(default)]
    pub schema: Option<Value>,
    /// A body that was answered, or the description's example.
    #[serde(default)]
    pub sample: Option<Value>,
    /// How many answers the schema was learned from; none if it comes from the description.
    #[serde(default)]
    pub learned_from: u32,
}

fn anything() -> Value {
    Value::Bool(true)
}

/// What to ask. An operation brings method and path; what is given here counts more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiCall {
    /// The operation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path below the base address, with parameters as `{name}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Values for the path, the query and the headers of an operation, by the parameters' names.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub parameters: serde_json::Map<String, Value>,
    /// Fields of the query; a list is a field per element.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub query: serde_json::Map<String, Value>,
    /// Headers.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub headers: serde_json::Map<String, Value>,
    /// The body: text as it is, anything else as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// Sends a call and tells everything about it but secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionTest {
    /// The connection.
    pub id: String,
    /// What to ask.
    pub call: ApiCall,
}

/// What came of a test call. The connection's secrets are replaced by dots wherever they stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionTested {
    /// What was sent.
    pub sent: SentCall,
    /// What came back, if something did.
    pub answer: Option<Answer>,
    /// Why nothing came back.
    pub error: Option<UserError>,
    /// How many times it was sent.
    pub attempts: u32,
    /// Milliseconds that were waited for the rate limit and between attempts.
    pub waited_ms: u64,
    /// Redirects that were followed, in order.
    pub redirects: Vec<Redirect>,
    /// Where the time of the last attempt went.
    pub timing: Timing,
}

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SentCall {
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body: parsed if it is JSON, otherwise text.
    pub body: Value,
    /// Whether the body is JSON.
    pub is_json: bool,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A redirect that was followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redirect {
    /// The status that asked for it.
    pub status: u16,
    /// Where it led.
    pub url: String,
}

/// Where the time went, microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Finding and checking the server's address.
    pub resolve_us: u64,
    /// Connecting, sending, and the server's work, to the first byte of the answer.
    pub wait_us: u64,
    /// Reading the answer.
    pub read_us: u64,
}

/// Learns the shape of an operation's answers from samples, together with what was learned before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionLearn {
    /// The connection.
    pub id: String,
    /// The operation.
    pub operation: String,
    /// Bodies that it answered. The last one is kept as the sample.
    pub samples: Vec<Value>,
    /// Whether what was known before is forgotten.
    #[serde(default)]
    pub afresh: bool,
}
