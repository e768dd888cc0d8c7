//! One request to a checked address, and its answer or the next hop.

use crate::gate::Target;
use awm_ports::{FetchRules, HttpError, HttpHop, HttpRequest, HttpResponse, HttpTrace, Redirects};
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{self, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use std::time::Instant;

/// What came of a hop.
pub(crate) enum Outcome {
    Answer(HttpResponse),
    Redirect(HttpRequest, HttpHop),
}

/// Headers that a request's framing and routing depend on; whoever sets these could talk to another server than the checked one.
const OWN: &[&str] = &[
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "accept-encoding",
    "expect",
];

/// Headers that may follow to another origin: none of them can hold a credential.
const HARMLESS: &[&str] = &["accept", "accept-language", "content-type", "user-agent"];

/// Sends the request to the target.
pub(crate) async fn exchange(
    target: &Target,
    request: &HttpRequest,
    rules: FetchRules,
) -> Result<Outcome, HttpError> {
    let client = client(target)?;
    let method: Method = request
        .method
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| HttpError::Unreachable(format!("`{}` is not a method", request.method)))?;
    if matches!(method, Method::CONNECT | Method::TRACE) {
        return Err(HttpError::Forbidden(format!(
            "the method `{method}` may not be used"
        )));
    }
    let mut outgoing = client
        .request(method, target.url.clone())
        .headers(headers(&request.headers)?);
    if !request.body.is_empty() {
        outgoing = outgoing.body(request.body.clone());
    }
    let began = Instant::now();
    let response = outgoing
        .send()
        .await
        .map_err(|error| unreachable(target, &error))?;
    let wait_us = micros(began);
    if !rules.redirects_are_answers
        && let Some(next) = redirect(target, request, &response)?
    {
        let hop = HttpHop {
            status: response.status().as_u16(),
            url: next.url.clone(),
        };
        return Ok(Outcome::Redirect(next, hop));
    }
    let began = Instant::now();
    let mut answer = read(target, response, request.max_bytes, rules.cut_at_cap).await?;
    answer.trace.wait_us = wait_us;
    answer.trace.read_us = micros(began);
    Ok(Outcome::Answer(answer))
}

/// Microseconds since then.
pub(crate) fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// A client that knows one name only and leads it to the checked addresses. Connections aren't shared between calls,
/// so that each one passes the gate.
fn client(target: &Target) -> Result<Client, HttpError> {
    let mut builder = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
        .dns_resolver(std::sync::Arc::new(NoNames))
        .user_agent(concat!("ai-workflow-manager/", env!("CARGO_PKG_VERSION")));
    if let Some(host) = target.url.host_str() {
        builder = builder.resolve_to_addrs(host, &target.addresses);
    }
    builder
        .build()
        .map_err(|error| HttpError::Unreachable(format!("no client could be made: {error}")))
}

/// Knows no name: whatever is not among the checked addresses must not be resolved behind the gate's back.
struct NoNames;

impl reqwest::dns::Resolve for NoNames {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let message = format!("`{}` was not checked", name.as_str());
        Box::pin(std::future::ready(Err(message.into())))
    }
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, HttpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let bad = || HttpError::Forbidden(format!("`{name}` is not a header that can be sent"));
        let parsed: HeaderName = name.parse().map_err(|_| bad())?;
        if OWN.contains(&parsed.as_str()) {
            return Err(HttpError::Forbidden(format!(
                "the header `{name}` may not be set"
            )));
        }
        // The value stays out of the message: it may be a credential.
        let mut value = HeaderValue::from_str(value).map_err(|_| bad())?;
        // The client and the protocol below print such values as `Sensitive`.
        value.set_sensitive(!HARMLESS.contains(&parsed.as_str()));
        headers.append(parsed, value);
    }
    Ok(headers)
}

/// The next request, if the answer asks for one.
fn redirect(
    target: &Target,
    request: &HttpRequest,
    response: &Response,
) -> Result<Option<HttpRequest>, HttpError> {
    let status = response.status();
    let follows = matches!(
        status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(location) = response.headers().get(header::LOCATION).filter(|_| follows) else {
        return Ok(None);
    };
    let location = String::from_utf8_lossy(location.as_bytes());
    let url = target
        .url
        .join(&location)
        .map_err(|error| HttpError::Unreachable(format!("a redirect to `{location}`: {error}")))?;
    let mut next = HttpRequest {
        url: url.to_string(),
        ..request.clone()
    };
    // As browsers do it: 303 always, 301 and 302 for POST.
    let becomes_get = match status {
        StatusCode::SEE_OTHER => !next.method.eq_ignore_ascii_case("HEAD"),
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => {
            next.method.eq_ignore_ascii_case("POST")
        }
        _ => false,
    };
    if becomes_get {
        next.method = "GET".into();
        next.body.clear();
        next.headers
            .retain(|(name, _)| !name.to_ascii_lowercase().starts_with("content-"));
    }
    if !same_origin(&target.url, &url) {
        if request.redirects == Redirects::SameOrigin {
            return Err(HttpError::Forbidden(format!(
                "`{}` redirects to `{}`, which is another server; this call may not follow",
                target.url.host_str().unwrap_or_default(),
                url.host_str().unwrap_or_default()
            )));
        }
        next.headers
            .retain(|(name, _)| HARMLESS.contains(&name.to_ascii_lowercase().as_str()));
    }
    Ok(Some(next))
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme()
        && a.host_str() == b.host_str()
        && a.port_or_known_default() == b.port_or_known_default()
}

async fn read(
    target: &Target,
    mut response: Response,
    max_bytes: u64,
    cut: bool,
) -> Result<HttpResponse, HttpError> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    let mut body = Vec::new();
    // Chunks are counted after decompression, so a small answer can't unfold into a large one.
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| unreachable(target, &error))?
    {
        if (body.len() + chunk.len()) as u64 > max_bytes {
            if !cut {
                return Err(HttpError::TooLarge(max_bytes));
            }
            let room = usize::try_from(max_bytes).unwrap_or(usize::MAX) - body.len();
            body.extend_from_slice(chunk.get(..room).unwrap_or_default());
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpResponse {
        status,
        headers,
        body,
        url: target.url.to_string(),
        trace: HttpTrace::default(),
    })
}

/// The innermost reason, with the server's name and without the address, whose query may hold a secret.
fn unreachable(target: &Target, error: &reqwest::Error) -> HttpError {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    HttpError::Unreachable(format!(
        "`{}` could not be reached: {innermost}",
        target.url.host_str().unwrap_or_default()
    ))
}
