//! `awm serve`: the screens in a browser, on loopback only, behind a token.

mod api;
mod files;
mod guard;
mod token;

use crate::{args::Serve, exit::Ended, output::Output};
use awm_api::{Code, UserError};
use awm_host::DesktopHost;
use axum::{Router, middleware, routing::post};
use serde_json::json;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};
use token::Token;
use tokio::net::TcpListener;

/// What every request is answered with.
struct Server {
    host: DesktopHost,
    token: Token,
    address: SocketAddr,
    ui: PathBuf,
}

/// Serves until the process is told to end.
pub(crate) async fn serve(
    host: &DesktopHost,
    output: &Output,
    serving: Serve,
) -> Result<Ended, UserError> {
    let asked = SocketAddr::from((Ipv4Addr::LOCALHOST, serving.port));
    let refused = |error: std::io::Error| {
        UserError::new(
            Code::Conflict,
            format!("port {} can't be used: {error}", asked.port()),
        )
        .help("choose another port, or 0 for any free one")
    };
    let listener = TcpListener::bind(asked).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let token = Token::new()?;
    let url = format!("http://{address}/?token={}", token.as_str());
    let server = Arc::new(Server {
        host: host.clone(),
        token,
        address,
        ui: files::folder(serving.ui),
    });
    if !server.ui.join("index.html").is_file() {
        output.note(&format!(
            "the screens are not at `{}`: only the API is served",
            server.ui.display()
        ));
    }
    output.line(&url, &json!({"url": url, "port": address.port()}));
    if serving.open {
        open(&url, output);
    }
    let router = router(Arc::clone(&server));
    // Streams end when the process does, so the end doesn't wait for them.
    tokio::select! {
        served = axum::serve(listener, router).into_future() => served.map_err(|error| {
            UserError::new(Code::Internal, format!("the server failed: {error}"))
        })?,
        () = told_to_end() => output.note("ending"),
    }
    Ok(Ended::Well)
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/api/rpc/{name}", post(api::rpc))
        .route("/api/stream/{name}", post(api::stream))
        .route("/api/{*rest}", axum::routing::any(api::nothing))
        .fallback(files::serve)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&server),
            guard::guard,
        ))
        .with_state(server)
}

async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => (),
                    _ = terminated.recv() => (),
                }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}

fn open(url: &str, output: &Output) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let started = std::process::Command::new(program)
        .arg(url)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if let Err(error) = started {
        output.note(&format!(
            "no browser could be opened: {error}; open the address yourself"
        ));
    }
}
