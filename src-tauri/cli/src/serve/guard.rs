//! What every request has to pass, and what every answer carries.

use super::{Server, api::refusal};
use awm_api::{Code, UserError};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// `'wasm-unsafe-eval'` lets the page compile its own WebAssembly, and nothing else; inline styles carry positions of nodes.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Lets a request pass or refuses it, before anything of its body is read.
pub(super) async fn guard(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = match check(&server, request.headers(), api) {
        Ok(()) => next.run(request).await,
        Err((status, error)) => (status, refusal(&error)).into_response(),
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(server: &Server, headers: &HeaderMap, api: bool) -> Result<(), (StatusCode, UserError)> {
    let port = server.address.port();
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let refused = |status, message: &str| {
        let error = UserError::new(Code::Unauthorized, message)
            .help("open the address that `awm serve` printed");
        Err((status, error))
    };
    // A page of another site can make its own name lead here (DNS rebinding), but must name itself then.
    if !one(headers, &header::HOST).is_some_and(|host| own.iter().any(|name| name == host)) {
        return refused(StatusCode::FORBIDDEN, "the request is for another host");
    }
    if !api {
        return Ok(());
    }
    if headers.contains_key(header::ORIGIN) {
        let origin = one(headers, &header::ORIGIN).and_then(|o| o.strip_prefix("http://"));
        if !origin.is_some_and(|origin| own.iter().any(|name| name == origin)) {
            return refused(StatusCode::FORBIDDEN, "the request comes from another site");
        }
    }
    let site = HeaderName::from_static("sec-fetch-site");
    if headers.contains_key(&site) && !matches!(one(headers, &site), Some("same-origin" | "none")) {
        return refused(StatusCode::FORBIDDEN, "the request comes from another site");
    }
    let token = one(headers, &header::AUTHORIZATION).and_then(|v| v.strip_prefix("Bearer "));
    match token.is_some_and(|token| server.token.is(token)) {
        true => Ok(()),
        false => refused(StatusCode::UNAUTHORIZED, "the token is missing or wrong"),
    }
}

/// A header that is there exactly once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
