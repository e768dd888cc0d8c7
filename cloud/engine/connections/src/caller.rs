//! A call by a connection: planned, paced, signed, sent, tried again, masked.

use crate::{
    CallError,
    sign::{Signature, Tokens},
};
use awm_api::connections::{ApiCall, Auth, Connection, Redirect, SentCall, Timing};
use awm_connections::{
    Bucket, Mask, Planned, check, encoded, plan, retry_after, retry_wait, worth_a_retry,
};
use awm_ports::{
    Clock, Connections, Http, HttpError, HttpRequest, HttpResponse, Ids, Redirects, Secrets,
};
use awm_tenancy::TenantId;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Calls APIs by connections. It remembers tokens and how many calls were made.
pub struct Caller {
    pub(crate) parts: CallerParts,
    pub(crate) tokens: Tokens,
    buckets: Mutex<HashMap<(TenantId, String), Bucket>>,
}

/// What calling needs from the world.
#[derive(Clone)]
pub struct CallerParts {
    /// Where connections are kept.
    pub connections: Arc<dyn Connections>,
    /// Where their secrets are.
    pub secrets: Arc<dyn Secrets>,
    /// Calls servers.
    pub http: Arc<dyn Http>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and chance.
    pub ids: Arc<dyn Ids>,
}

/// What came of a call. No part of it holds a secret of the connection.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was sent.
    pub sent: SentCall,
    /// What came back, or why nothing did.
    pub answer: Result<Answered, HttpError>,
    /// How many times it was sent.
    pub attempts: u32,
    /// Milliseconds that were waited for.
    pub waited_ms: u64,
    /// Redirects that were followed.
    pub redirects: Vec<Redirect>,
    /// Where the time of the last attempt went.
    pub timing: Timing,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body: parsed if it is JSON, otherwise text.
    pub body: Value,
    /// Whether it is JSON.
    pub is_json: bool,
    /// Its size.
    pub bytes: u64,
}

/// How long a call is held back by the rate limit before it is refused.
const PATIENCE_MS: u64 = 60_000;

impl Caller {
    /// Calls over these ports.
    pub fn new(parts: CallerParts) -> Self {
        Self {
            parts,
            tokens: Tokens::default(),
            buckets: Mutex::default(),
        }
    }

    /// Calls by the connection of that id or name. `timeout_ms` takes the place of the connection's own.
    pub async fn call(
        &self,
        tenant: &TenantId,
        connection: &str,
        call: &ApiCall,
        timeout_ms: Option<u64>,
    ) -> Result<Outcome, CallError> {
        let stored = self.parts.connections.get(tenant, connection).await?;
        // What is stored may be older than the rules.
        let connection = check(stored)?;
        let planned = plan(&connection, call)?;
        let timeout_ms = timeout_ms.unwrap_or(connection.timeout_ms);
        let mut signature = self.sign(tenant, &connection, None).await?;
        let mut refreshed = false;
        let (mut attempts, mut tries, mut waited_ms) = (0, 0, 0);
        let result = loop {
            waited_ms += self.pace(tenant, &connection).await?;
            attempts += 1;
            let request = request(&connection, &planned, &signature, timeout_ms);
            let result = self.parts.http.send(request).await;
            let status = result.as_ref().map_or(0, |response| response.status);
            // A server may take a token back before its time; a second refusal is an answer.
            if status == 401 && !refreshed && matches!(connection.auth, Auth::OAuth2 { .. }) {
                refreshed = true;
                signature = self.sign(tenant, &connection, Some(signature)).await?;
                continue;
            }
            tries += 1;
            let again = may_repeat(&connection, &planned.method)
                && match &result {
                    Ok(response) => worth_a_retry(response.status),
                    Err(error) => {
                        matches!(error, HttpError::Timeout(_) | HttpError::Unreachable(_))
                    }
                };
            let now = self.parts.clock.now();
            let asked = result.as_ref().ok().and_then(|response| {
                let header = response
                    .headers
                    .iter()
                    .find(|(name, _)| name == "retry-after");
                header.and_then(|(_, value)| retry_after(value, now))
            });
            let chance = self.parts.ids.random();
            let wait = again
                .then(|| retry_wait(&connection.retries, tries, asked, chance))
                .flatten();
            match wait {
                None => break result,
                Some(wait) => {
                    waited_ms += wait;
                    self.sleep(wait).await;
                }
            }
        };
        let request = request(&connection, &planned, &signature, timeout_ms);
        Ok(told(&request, result, &signature.mask, attempts, waited_ms))
    }

    /// Waits until the rate allows a call; answers how long that took.
    async fn pace(&self, tenant: &TenantId, connection: &Connection) -> Result<u64, CallError> {
        let Some(rate) = connection.rate else {
            return Ok(0);
        };
        let now = self.parts.clock.now();
        let wait = {
            let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
            buckets
                .entry((tenant.clone(), connection.id.clone()))
                .or_insert_with(|| Bucket::new(rate, now))
                .take(rate, now, PATIENCE_MS)
        };
        let wait = wait.map_err(CallError::RateLimited)?;
        self.sleep(wait).await;
        Ok(wait)
    }

    async fn sleep(&self, ms: u64) {
        if ms > 0 {
            let until = self.parts.clock.now() + i64::try_from(ms).unwrap_or(i64::MAX / 2);
            self.parts.clock.sleep_until(until).await;
        }
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for CallerParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallerParts").finish_non_exhaustive()
    }
}

/// Whether a second call does no harm (RFC 9110, 9.2.2), or the person said so.
fn may_repeat(connection: &Connection, method: &str) -> bool {
    connection.retries.also_unsafe
        || matches!(method, "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE")
}

fn request(
    connection: &Connection,
    planned: &Planned,
    signature: &Signature,
    timeout_ms: u64,
) -> HttpRequest {
    let mut url = planned.url.clone();
    if let Some((name, value)) = &signature.query {
        let own = format!("{}={}", encoded(name), encoded(value.expose()));
        let query = match url.query() {
            Some(before) => format!("{before}&{own}"),
            None => own,
        };
        url.set_query(Some(&query));
    }
    let mut headers = planned.headers.clone();
    if let Some((name, value)) = &signature.header {
        headers.push((name.clone(), value.expose().to_owned()));
    }
    HttpRequest {
        method: planned.method.clone(),
        url: url.into(),
        headers,
        body: planned.body.clone(),
        timeout_ms,
        max_bytes: connection.max_bytes,
        // A body may hold what is meant for this server alone.
        redirects: match planned.method.as_str() {
            "GET" | "HEAD" => Redirects::Follow,
            _ => Redirects::SameOrigin,
        },
    }
}

fn told(
    request: &HttpRequest,
    result: Result<HttpResponse, HttpError>,
    mask: &Mask,
    attempts: u32,
    waited_ms: u64,
) -> Outcome {
    let trace = result
        .as_ref()
        .map(|response| response.trace.clone())
        .unwrap_or_default();
    Outcome {
        sent: SentCall {
            method: request.method.clone(),
            url: mask.text(&request.url),
            headers: mask.headers(&request.headers),
            body: mask.text(&String::from_utf8_lossy(&request.body)),
        },
        answer: result
            .map(|response| answered(response, mask))
            .map_err(|error| masked(error, mask)),
        attempts,
        waited_ms,
        redirects: trace
            .redirects
            .iter()
            .map(|hop| Redirect {
                status: hop.status,
                url: mask.text(&hop.url),
            })
            .collect(),
        timing: Timing {
            resolve_us: trace.resolve_us,
            wait_us: trace.wait_us,
            read_us: trace.read_us,
        },
    }
}

fn answered(response: HttpResponse, mask: &Mask) -> Answered {
    let says_json = response
        .headers
        .iter()
        .any(|(name, value)| name == "content-type" && value.to_ascii_lowercase().contains("json"));
    let parsed: Option<Value> = says_json
        .then(|| serde_json::from_slice(&response.body).ok())
        .flatten();
    Answered {
        status: response.status,
        headers: mask.headers(&response.headers),
        is_json: parsed.is_some(),
        bytes: response.body.len() as u64,
        body: match parsed {
            Some(value) => mask.value(value),
            None => mask.text(&String::from_utf8_lossy(&response.body)).into(),
        },
    }
}

/// The error, whose words may hold an address, without secrets.
pub(crate) fn masked(error: HttpError, mask: &Mask) -> HttpError {
    match error {
        HttpError::Forbidden(words) => HttpError::Forbidden(mask.text(&words)),
        HttpError::Timeout(words) => HttpError::Timeout(mask.text(&words)),
        HttpError::Unreachable(words) => HttpError::Unreachable(mask.text(&words)),
        HttpError::TooLarge(bytes) => HttpError::TooLarge(bytes),
    }
}
