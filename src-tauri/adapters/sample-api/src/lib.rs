#![doc = include_str!("../README.md")]

mod signed;

use axum::{
    Json, Router,
    extract::Path,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct SampleApi {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl SampleApi {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for SampleApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Starts the server; port 0 takes a free one. Fails if the address is not a loopback address, or is taken.
pub async fn start(address: SocketAddr) -> io::Result<SampleApi> {
    if !address.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("the sample server is for this machine only, not for {address}"),
        ));
    }
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(async move {
        // Only an error of the listener ends it, and then nobody is there to be told.
        let _ = axum::serve(listener, router()).await;
    });
    Ok(SampleApi { address, serving })
}

fn router() -> Router {
    let shaky = Arc::new(AtomicU32::new(0));
    signed::router()
        .route("/health", get(|| async { Json(json!({"status": "ok"})) }))
        .route(
            "/orders/{id}",
            get(move |Path(id): Path<String>| {
                let turn = match id.as_str() {
                    SHAKY => shaky.fetch_add(1, Ordering::Relaxed),
                    _ => 1,
                };
                async move { order(&id, turn % 2 == 0) }
            }),
        )
        .route(
            "/pages/{name}",
            get(|Path(name): Path<String>| async move { page(&name) }),
        )
        .fallback(|| async { missing("there is no such address") })
}

/// The order whose calls fail every other time.
const SHAKY: &str = "1005";

const ORDERS: &str = include_str!("orders.json");

fn order(id: &str, fails: bool) -> Response {
    if fails {
        let body = json!({"error": "the order system is busy, try again"});
        return (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response();
    }
    let orders: Value = serde_json::from_str(ORDERS).unwrap_or_default();
    match orders.get(id) {
        Some(order) => Json(order.clone()).into_response(),
        None => missing(&format!("there is no order {id}")),
    }
}

fn page(name: &str) -> Response {
    match name {
        "care-guide.html" => Html(include_str!("../pages/care-guide.html")).into_response(),
        "about-us.html" => Html(include_str!("../pages/about-us.html")).into_response(),
        _ => missing("there is no such page"),
    }
}

fn missing(why: &str) -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"error": why}))).into_response()
}
