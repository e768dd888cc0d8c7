//! The command table over HTTP.

use super::Server;
use awm_api::{Code, UserError};
use axum::{
    Json,
    body::{self, Body, Bytes},
    extract::{Path, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use std::{convert::Infallible, sync::Arc, time::Duration};

/// Bytes of a request: an upload in base64 is the largest.
const MAX_BODY: usize = 160 * 1024 * 1024;
/// A quiet stream says that it is alive this often.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// `POST /api/rpc/{name}`: the request as JSON, the answer as JSON.
pub(super) async fn rpc(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let answer = match payload(request).await {
        Ok(payload) => server.host.dispatch(&name, payload).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => failed(&error),
    }
}

/// `POST /api/stream/{name}`: the request as JSON, a line of JSON per item, a blank line as heartbeat.
pub(super) async fn stream(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let items = match payload(request).await {
        Ok(payload) => server.host.dispatch_stream(&name, payload).await,
        Err(error) => Err(error),
    };
    let items = match items {
        Ok(items) => items,
        Err(error) => return failed(&error),
    };
    let lines = stream::unfold(Some(items), async |items| {
        let mut items = items?;
        match tokio::time::timeout(HEARTBEAT, items.next()).await {
            Err(_) => Some((Bytes::from_static(b"\n"), Some(items))),
            Ok(None) => None,
            Ok(Some(Ok(item))) => Some((line(&json!({"item": item})), Some(items))),
            // An error is the last line.
            Ok(Some(Err(error))) => Some((line(&json!({"error": error})), None)),
        }
    });
    let body = Body::from_stream(lines.map(Ok::<_, Infallible>));
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

/// Anything else below `/api/`.
pub(super) async fn nothing() -> Response {
    failed(&UserError::new(
        Code::UnknownCommand,
        "the API has only `POST /api/rpc/{name}` and `POST /api/stream/{name}`",
    ))
}

/// An error as the body of an answer.
pub(super) fn refusal(error: &UserError) -> Json<Value> {
    Json(json!(error))
}

fn failed(error: &UserError) -> Response {
    let status = match error.code {
        Code::Unauthorized => StatusCode::UNAUTHORIZED,
        Code::NotFound | Code::UnknownCommand => StatusCode::NOT_FOUND,
        Code::Conflict => StatusCode::CONFLICT,
        Code::DefinitionTooLarge | Code::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Internal | Code::StoreDamaged | Code::StoreNewer => StatusCode::INTERNAL_SERVER_ERROR,
        Code::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::StoreBusy | Code::ComponentMissing => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, refusal(error)).into_response()
}

async fn payload(request: Request) -> Result<Value, UserError> {
    let bytes = body::to_bytes(request.into_body(), MAX_BODY)
        .await
        .map_err(|_| {
            UserError::new(
                Code::FileTooLarge,
                format!("the request has more than {} MiB", MAX_BODY / (1024 * 1024)),
            )
            .help("take large files in by their path, with `awm ingest`")
        })?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        UserError::new(
            Code::BadRequest,
            format!("the request is not JSON: {error}"),
        )
    })
}

fn line(message: &Value) -> Bytes {
    let mut line = message.to_string();
    line.push('\n');
    Bytes::from(line)
}
