//! The files of the screens.

use super::Server;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

const MISSING: &str = "<!doctype html><meta charset=utf-8><title>AI Workflow Manager</title>\
     <h1>The screens are not built</h1><p>Build them with <code>cargo xtask ui</code>, or name \
     their folder with <code>awm serve --ui DIR</code>.</p>";

/// The folder of the screens: as asked for, or `AWM_UI`, or `ui` beside the program.
pub(super) fn folder(asked: Option<PathBuf>) -> PathBuf {
    asked
        .or_else(|| {
            let named = std::env::var_os("AWM_UI")?;
            (!named.is_empty()).then(|| PathBuf::from(named))
        })
        .or_else(|| Some(std::env::current_exe().ok()?.parent()?.join("ui")))
        .unwrap_or_else(|| PathBuf::from("ui"))
}

/// A file, or the page itself for the addresses of its screens.
pub(super) async fn serve(State(server): State<Arc<Server>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Some(name) = file_name(request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(file) = read(&server.ui, &name).await {
        return file;
    }
    // An address without an ending is a screen's, which the page itself knows.
    let is_file = name
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    if is_file {
        return StatusCode::NOT_FOUND.into_response();
    }
    match read(&server.ui, "index.html").await {
        Some(page) => page,
        None => (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            MISSING,
        )
            .into_response(),
    }
}

/// A path below the folder, if it has no step that could lead out of it. Names are plain, so nothing is decoded.
fn file_name(path: &str) -> Option<String> {
    let name = path.trim_start_matches('/');
    let plain = |step: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "-_.~@+".contains(c);
        !step.is_empty() && !step.starts_with('.') && step.chars().all(known)
    };
    match name {
        "" => Some("index.html".to_owned()),
        name if name.split('/').all(plain) => Some(name.to_owned()),
        // The address of a screen may hold anything, but is never looked for on the disk.
        name if !name.contains(['.', '\\', '%']) => Some("index.html".to_owned()),
        _ => None,
    }
}

async fn read(folder: &Path, name: &str) -> Option<Response> {
    let folder = tokio::fs::canonicalize(folder).await.ok()?;
    let path = tokio::fs::canonicalize(folder.join(name)).await.ok()?;
    // A link in the folder must not lead out of it either.
    if !path.starts_with(&folder) || !path.is_file() {
        return None;
    }
    let bytes = tokio::fs::read(&path).await.ok()?;
    let headers = [
        (header::CONTENT_TYPE, media_type(name)),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Some((headers, bytes).into_response())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_reach_the_disk() {
        for (path, name) in [
            ("/", Some("index.html")),
            ("/app.js", Some("app.js")),
            ("/assets/app_bg-12ab.wasm", Some("assets/app_bg-12ab.wasm")),
            ("/workflows/01hx/edit", Some("workflows/01hx/edit")),
            ("/chat/ö", Some("index.html")),
            ("//etc/passwd", Some("etc/passwd")),
            ("/../secrets.json", None),
            ("/a/../../secrets.json", None),
            ("/%2e%2e/secrets.json", None),
            ("/..%5csecrets.json", None),
            ("/.env", None),
            ("/a/./b", None),
            ("/a\\..\\b.txt", None),
        ] {
            assert_eq!(file_name(path).as_deref(), name, "{path}");
        }
    }
}
