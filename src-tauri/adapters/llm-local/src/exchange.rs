//! Sends a request to a model's address; turns failures into the port's errors, in the endpoint's own words.

use awm_api::settings::Model;
use awm_ports::LlmError;
use reqwest::{Client, Response, Url, header, redirect::Policy};
use serde_json::Value;
use std::time::Duration;

/// How long to wait for a model.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the connection.
    pub connect: Duration,
    /// From the request to the model's first sign of life, a word or a thought: it may have to be loaded first. What a server
    /// sends to keep the connection open is no sign of life.
    pub first_word: Duration,
    /// Between two of them.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_word: Duration::from_secs(180),
            idle: Duration::from_secs(60),
        }
    }
}

/// An address that takes requests.
#[derive(Clone)]
pub(crate) struct Endpoint {
    client: Client,
    url: Url,
    key: Option<header::HeaderValue>,
    pub(crate) timeouts: Timeouts,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &self.url.as_str())
            .field("has_key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

impl Endpoint {
    /// The address `{base}/{path}` of a model; a base that ends with the path already is taken as it is.
    pub(crate) fn new(model: &Model, path: &str, timeouts: Timeouts) -> Result<Self, LlmError> {
        let base = model.base_url.trim().trim_end_matches('/');
        let text = if base.ends_with(path) {
            base.to_owned()
        } else {
            format!("{base}/{path}")
        };
        let url = Url::parse(&text).map_err(|error| {
            LlmError::Unreachable(format!("`{}` is not an address: {error}", model.base_url))
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(LlmError::Unreachable(format!(
                "`{}` does not begin with http:// or https://",
                model.base_url
            )));
        }
        let mut client = Client::builder()
            .connect_timeout(timeouts.connect)
            // A redirect could carry the key to somebody else.
            .redirect(Policy::none())
            .user_agent(concat!("ai-workflow-manager/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&url) {
            // A company's proxy can't reach a model on this machine.
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| {
            LlmError::Unreachable(format!("no client could be made: {}", reason(&error)))
        })?;
        let key = match model.api_key.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(key) => {
                let mut value =
                    header::HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| {
                        LlmError::Malformed("the key holds characters that no key has".into())
                    })?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        Ok(Self {
            client,
            url,
            key,
            timeouts,
        })
    }

    /// Sends the body and answers when the endpoint has agreed to answer.
    pub(crate) async fn post(&self, body: &Value) -> Result<Response, LlmError> {
        let mut request = self.client.post(self.url.clone()).json(body);
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, key.clone());
        }
        let sent = tokio::time::timeout(self.timeouts.first_word, request.send()).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.unreachable(&reason(&error))),
            Err(_) => {
                return Err(LlmError::TimedOut(format!(
                    "the model said nothing within {} s",
                    self.timeouts.first_word.as_secs_f32()
                )));
            }
        };
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let retry_after_ms = retry_after_ms(response.headers());
        let words = tokio::time::timeout(self.timeouts.idle, first_words(response))
            .await
            .unwrap_or_default();
        let message = error_message(&words).unwrap_or_else(|| {
            format!(
                "the model's address answered {status}{}",
                if words.trim().is_empty() {
                    String::new()
                } else {
                    format!(": {}", words.trim())
                }
            )
        });
        Err(LlmError::Refused {
            status: status.as_u16(),
            message,
            retry_after_ms,
        })
    }

    fn unreachable(&self, why: &str) -> LlmError {
        let host = self.url.host_str().unwrap_or_default();
        let port = self
            .url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        LlmError::Unreachable(format!("no model answers at `{host}{port}`: {why}"))
    }
}

/// The wait that an endpoint names: `retry-after-ms` as some have it, or `retry-after` in seconds. A date counts as none.
fn retry_after_ms(headers: &header::HeaderMap) -> Option<u64> {
    let number = |name: &str| -> Option<f64> {
        let value = headers
            .get(name)?
            .to_str()
            .ok()?
            .trim()
            .parse::<f64>()
            .ok()?;
        (value.is_finite() && value >= 0.0).then_some(value)
    };
    let ms = number("retry-after-ms").or_else(|| number("retry-after").map(|s| s * 1000.0))?;
    Some(ms.ceil() as u64)
}

/// What an error object says, in the shapes that endpoints use: `{"error":{"message"}}`, `{"error":"…"}`, `{"message"}`, `{"detail"}`.
pub(crate) fn error_message(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    message_of(&value)
}

/// The same for a parsed object.
pub(crate) fn message_of(value: &Value) -> Option<String> {
    let error = value.get("error");
    [
        error.and_then(|e| e.get("message")),
        error,
        value.get("message"),
        value.get("detail"),
    ]
    .into_iter()
    .flatten()
    .find_map(Value::as_str)
    .map(str::to_owned)
}

/// The innermost reason of a client's error, without the address, which may hold what a log must not.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The beginning of an error's body; enough for a sentence.
async fn first_words(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < 4096 {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(4096);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
