//! Calls to other people's servers.

use async_trait::async_trait;

/// Calls a server, never one that the rules forbid: the address is resolved once, checked, and the checked one is used,
/// anew on each redirect.
#[async_trait]
pub trait Http: Send + Sync {
    /// Sends the request and reads the answer to its end or to the cap.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError>;

    /// Sends the request as [`send`](Self::send) does, under further rules. Whoever has none of them sends it as it is.
    async fn fetch(
        &self,
        request: HttpRequest,
        rules: FetchRules,
    ) -> Result<HttpResponse, HttpError> {
        let _ = rules;
        self.send(request).await
    }
}

/// How a crawler wants its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FetchRules {
    /// A redirect is an answer: where it leads is the caller's to judge.
    pub redirects_are_answers: bool,
    /// An answer that is longer than the cap ends there, rather than being an error.
    pub cut_at_cap: bool,
}

/// A request.
#[derive(Clone)]
pub struct HttpRequest {
    /// `GET`, `POST` …
    pub method: String,
    /// An absolute http or https address.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Milliseconds for the whole exchange.
    pub timeout_ms: u64,
    /// Bytes of the answer's body, at most.
    pub max_bytes: u64,
    /// Which redirects are followed.
    pub redirects: Redirects,
}

/// Which redirects a call follows. A redirect to another origin never takes credentials along; a body it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirects {
    /// Each, up to the adapter's bound.
    #[default]
    Follow,
    /// Within the origin (scheme, host, port) of the request; another one is [`HttpError::Forbidden`]. For bodies that
    /// hold what nobody else may see.
    SameOrigin,
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Headers may hold credentials.
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The address that answered, after redirects.
    pub url: String,
    /// How the exchange went.
    pub trace: HttpTrace,
}

/// How an exchange went, for whoever looks into it. The times are of the last hop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpTrace {
    /// The redirects that were followed, in order.
    pub redirects: Vec<HttpHop>,
    /// Microseconds until the name was resolved and its addresses were checked.
    pub resolve_us: u64,
    /// Microseconds from there to the answer's headers: connecting, encrypting, sending, the server's work.
    pub wait_us: u64,
    /// Microseconds from there to the end of the body.
    pub read_us: u64,
}

/// A redirect that was followed.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpHop {
    /// The status that asked for it.
    pub status: u16,
    /// Where it led.
    pub url: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum HttpError {
    /// The rules forbid the address.
    #[error("{0}")]
    Forbidden(String),
    /// No answer in time.
    #[error("no answer from {0} in time")]
    Timeout(String),
    /// The answer is larger than allowed.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// The address is not one, or nobody answers there.
    #[error("{0}")]
    Unreachable(String),
}
