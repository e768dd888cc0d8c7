//! Attacks on the loopback server, each beside the same request done right.
#![cfg(test)]

use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    header::{AUTHORIZATION, HOST, ORIGIN},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

struct Server {
    child: Child,
    base: String,
    port: u16,
    token: String,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn awm(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_awm"));
    command.arg("--home").arg(home).arg("--json");
    command
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ui = folder.path().join("ui");
        std::fs::create_dir_all(ui.join("assets")).unwrap();
        std::fs::write(ui.join("index.html"), "<p>the page").unwrap();
        std::fs::write(ui.join("assets/app.wasm"), b"\0asm").unwrap();
        std::fs::write(folder.path().join("secrets.json"), "SECRET").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secrets.json"), ui.join("link.json"))
            .unwrap();
        let mut child = awm(&folder.path().join("home"))
            .arg("serve")
            .arg("--ui")
            .arg(&ui)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let (base, token) = told["url"]
            .as_str()
            .unwrap()
            .split_once("/?token=")
            .unwrap();
        Self {
            base: base.to_owned(),
            port: u16::try_from(told["port"].as_u64().unwrap()).unwrap(),
            token: token.to_owned(),
            child,
            folder,
        }
    }

    fn rpc(&self, name: &str) -> RequestBuilder {
        Client::new()
            .post(format!("{}/api/rpc/{name}", self.base))
            .body("{}")
    }

    /// The right request; each attack changes one thing of it.
    fn right(&self, name: &str) -> RequestBuilder {
        self.rpc(name).bearer_auth(&self.token)
    }
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn only_the_token_opens_the_api() {
    let server = Server::start();
    assert_eq!(status(server.right("app_info")).await, StatusCode::OK);
    let first = if server.token.starts_with('0') {
        "1"
    } else {
        "0"
    };
    let rest: String = server.token.chars().skip(1).collect();
    let flipped = format!("{first}{rest}");
    for (attack, request) in [
        ("no token", server.rpc("app_info")),
        ("an empty token", server.rpc("app_info").bearer_auth("")),
        (
            "a wrong token",
            server.rpc("app_info").bearer_auth(&flipped),
        ),
        (
            "a part of the token",
            server.rpc("app_info").bearer_auth(&rest),
        ),
        ("the token in the address", {
            let url = format!("{}/api/rpc/app_info?token={}", server.base, server.token);
            Client::new().post(url).body("{}")
        }),
        (
            "another scheme",
            server
                .rpc("app_info")
                .header(AUTHORIZATION, format!("Basic {}", server.token)),
        ),
        (
            "two tokens",
            server.right("app_info").header(AUTHORIZATION, "Bearer 0"),
        ),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{attack}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["code"], "AWM-1007", "{attack}");
    }
    let stream = format!("{}/api/stream/run_watch", server.base);
    let answer = Client::new().post(&stream).body("{}").send().await.unwrap();
    assert_eq!(
        answer.status(),
        StatusCode::UNAUTHORIZED,
        "streams are behind it too"
    );
    let path = format!("{}/api/else", server.base);
    assert_eq!(
        status(Client::new().get(path)).await,
        StatusCode::UNAUTHORIZED,
        "and all else there"
    );
}

#[tokio::test]
async fn another_site_is_refused_even_with_the_token() {
    let server = Server::start();
    let own = server.base.clone();
    assert_eq!(
        status(server.right("app_info").header(ORIGIN, own)).await,
        StatusCode::OK
    );
    let named = format!("localhost:{}", server.port);
    assert_eq!(
        status(server.right("app_info").header(HOST, named)).await,
        StatusCode::OK
    );
    for origin in [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        format!("https://127.0.0.1:{}", server.port),
        format!("http://127.0.0.1:{}.evil.example", server.port),
        "http://127.0.0.1:1".to_owned(),
    ] {
        let request = server.right("app_info").header(ORIGIN, &origin);
        assert_eq!(status(request).await, StatusCode::FORBIDDEN, "{origin}");
    }
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:80"] {
        let request = server.right("app_info").header(HOST, host);
        assert_eq!(status(request).await, StatusCode::FORBIDDEN, "{host}");
        let page = Client::new().get(&server.base).header(HOST, host);
        assert_eq!(
            status(page).await,
            StatusCode::FORBIDDEN,
            "the page for {host}"
        );
    }
    let cross = server
        .right("app_info")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(status(cross).await, StatusCode::FORBIDDEN);
    let preflight = Client::new()
        .request(Method::OPTIONS, format!("{}/api/rpc/app_info", server.base))
        .header(ORIGIN, "https://evil.example")
        .header("access-control-request-method", "POST")
        .send()
        .await
        .unwrap();
    assert!(!preflight.status().is_success());
    assert!(
        !preflight
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

#[tokio::test]
async fn only_loopback_listens() {
    let server = Server::start();
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).is_ok());
    // The port is still free on all other addresses of the machine.
    let other = Ipv4Addr::new(127, 0, 0, 2);
    assert!(TcpStream::connect((other, server.port)).is_err());
    assert!(TcpListener::bind((other, server.port)).is_ok());
}

/// Sends a path as it is: clients normalise `..` away.
fn raw(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
        server.port
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn no_path_leads_out_of_the_screens() {
    let server = Server::start();
    assert!(raw(&server, "/").contains("the page"));
    assert!(raw(&server, "/assets/app.wasm").contains("application/wasm"));
    assert!(
        raw(&server, "/workflows/01/edit").contains("the page"),
        "a screen's address"
    );
    assert!(raw(&server, "/assets/none.js").starts_with("HTTP/1.1 404"));
    let home = server
        .folder
        .path()
        .join("home/awm.db")
        .display()
        .to_string();
    for path in [
        "/../secrets.json",
        "/assets/../../secrets.json",
        "/..%2fsecrets.json",
        "/%2e%2e/secrets.json",
        "/..\\secrets.json",
        "/....//secrets.json",
        "/link.json",
        "//../secrets.json",
        &home,
        &format!("/{home}"),
    ] {
        let answer = raw(&server, path);
        assert!(
            !answer.contains("SECRET") && !answer.contains("SQLite"),
            "{path}: {answer}"
        );
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let server = Server::start();
    for request in [
        Client::new().get(&server.base),
        server.right("app_info"),
        server.rpc("app_info"),
        Client::new().get(format!("{}/none.js", server.base)),
    ] {
        let answer = request.send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'self'"));
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
    }
}

#[tokio::test]
async fn bad_requests_get_their_code() {
    let server = Server::start();
    for (name, body, expected_status, code) in [
        ("app_info", "{", 400, "AWM-1001"),
        ("workflow_get", "{}", 400, "AWM-1001"),
        ("workflow_get", r#"{"id": "none"}"#, 404, "AWM-1003"),
        ("no_such", "{}", 404, "AWM-1002"),
        ("run_watch", r#"{"id": "x"}"#, 404, "AWM-1002"),
        ("workflow_list", &"[".repeat(100_000), 400, "AWM-1001"),
    ] {
        let answer = server
            .right(name)
            .body(body.to_owned())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), expected_status, "{name}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["code"], code, "{name}: {error}");
    }
    let large = json!({"file_name": "a.json", "text": "x".repeat(50 * 1024 * 1024)});
    let answer = server
        .right("workflow_import")
        .json(&large)
        .send()
        .await
        .unwrap();
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["code"], "AWM-3002", "50 MB are no definition");
}

#[tokio::test]
async fn a_workspace_has_one_process() {
    let server = Server::start();
    let second = awm(&server.folder.path().join("home"))
        .arg("info")
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(4));
    let told: Value = serde_json::from_slice(&second.stdout).unwrap();
    assert_eq!(told["error"]["code"], "AWM-1008");
    let other = awm(&server.folder.path().join("other"))
        .arg("info")
        .output()
        .unwrap();
    assert_eq!(other.status.code(), Some(0), "another folder is free");
}

#[tokio::test]
async fn a_stream_is_a_line_of_json_per_item() {
    let server = Server::start();
    let flow = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
    let run = json!({
        "name": "flow.json", "input": {"n": 1}, "source": "cli",
        "document": {"version": 1, "format": "json", "text": flow},
    });
    let run: Value = server
        .right("run_document")
        .json(&run)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let answer = Client::new()
        .post(format!("{}/api/stream/run_watch", server.base))
        .bearer_auth(&server.token)
        .json(&json!({"id": run["id"]}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    let text = answer.text().await.unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["item"]["event"]["kind"], "ExecutionStarted");
    let last = &lines.last().unwrap()["item"];
    assert_eq!(
        (&last["summary"]["status"], &last["output"]),
        (&json!("SUCCEEDED"), &json!({"n": 1}))
    );
}

/// A stream that doesn't end by itself begins at once and ends with its reader.
#[tokio::test]
async fn an_endless_stream_can_be_left() {
    let server = Server::start();
    let mut answer = Client::new()
        .post(format!("{}/api/stream/ingest_watch", server.base))
        .bearer_auth(&server.token)
        .body("{}")
        .send()
        .await
        .unwrap();
    let first = answer.chunk().await.unwrap().unwrap();
    let first: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(first["item"]["kind"], "status");
    drop(answer);
    assert_eq!(status(server.right("app_info")).await, StatusCode::OK);
}
