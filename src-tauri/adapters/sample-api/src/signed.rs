//! Orders for those who sign in, in each way that connections know.

use axum::{
    Form, Json, Router,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// These are no secrets: they are written in the description.
const KEY: &str = "sample-key";
/// `sample:sample-password` in base64.
const BASIC: &str = "Basic c2FtcGxlOnNhbXBsZS1wYXNzd29yZA==";
const TOKEN: &str = "Bearer sample-token";
/// `sample-client:sample-secret` in base64.
const CLIENT: &str = "Basic c2FtcGxlLWNsaWVudDpzYW1wbGUtc2VjcmV0";
/// Seconds that a token is good for.
const GOOD_FOR: u32 = 300;

pub(crate) fn router() -> Router {
    // The newest token is the only good one, so that a second client shows how a refused token is asked for anew.
    let newest = Arc::new(AtomicU32::new(0));
    let (given, checked) = (newest.clone(), newest);
    Router::new()
        .route(
            "/key/orders/{id}",
            get(|Path(id): Path<String>, Query(query): Query<HashMap<String, String>>, headers: HeaderMap| async move {
                let in_query = query.get("api_key").is_some_and(|key| key == KEY);
                order_if(in_query || has(&headers, "x-api-key", KEY), &id)
            }),
        )
        .route(
            "/basic/orders/{id}",
            get(|Path(id): Path<String>, headers: HeaderMap| async move {
                order_if(has(&headers, "authorization", BASIC), &id)
            }),
        )
        .route(
            "/bearer/orders/{id}",
            get(|Path(id): Path<String>, headers: HeaderMap| async move {
                order_if(has(&headers, "authorization", TOKEN), &id)
            }),
        )
        .route(
            "/oauth/orders/{id}",
            get(move |Path(id): Path<String>, headers: HeaderMap| {
                let n = checked.load(Ordering::Relaxed);
                async move {
                    let good = n > 0 && has(&headers, "authorization", &format!("Bearer {}", token(n)));
                    order_if(good, &id)
                }
            }),
        )
        .route(
            "/oauth/token",
            post(move |headers: HeaderMap, Form(form): Form<HashMap<String, String>>| async move {
                let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
                let in_body = (field("client_id"), field("client_secret")) == ("sample-client", "sample-secret");
                if field("grant_type") != "client_credentials" {
                    return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
                }
                if !in_body && !has(&headers, "authorization", CLIENT) {
                    return refused(StatusCode::UNAUTHORIZED, "invalid_client");
                }
                let n = given.fetch_add(1, Ordering::Relaxed) + 1;
                Json(json!({"access_token": token(n), "token_type": "Bearer", "expires_in": GOOD_FOR})).into_response()
            }),
        )
        .route(
            "/messages",
            post(|Json(body): Json<Value>| async move {
                (StatusCode::CREATED, Json(json!({"id": "m-1", "received": body}))).into_response()
            }),
        )
        .route(
            "/openapi.yaml",
            get(|| async { ([("content-type", "application/yaml")], awm_connections::SAMPLE_API) }),
        )
}

fn token(n: u32) -> String {
    format!("sample-access-token-{n:04}")
}

fn has(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers
        .get(name)
        .is_some_and(|found| found.as_bytes() == value.as_bytes())
}

fn order_if(signed_in: bool, id: &str) -> Response {
    match signed_in {
        true => crate::order(id, false),
        false => refused(StatusCode::UNAUTHORIZED, "sign in first"),
    }
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}
