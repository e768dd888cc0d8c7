//! A full journey with planted secrets, at the most talkative log, against servers that repeat what they are sent: afterwards none of
//! them is in any file, answer or output, however it is written. What keeps them is searched as well, since it is encrypted.
#![cfg(test)]

mod planted;
#[path = "../program/mod.rs"]
mod program;

use axum::{
    Json, Router,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use planted::*;
use program::fed;
use reqwest::Client;
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// A server that repeats what it is sent, gives tokens, redirects elsewhere and fails.
async fn serve(elsewhere: Option<String>, heard: Arc<Mutex<Vec<String>>>) -> String {
    let router = Router::new().fallback(move |request: Request| {
        let (elsewhere, heard) = (elsewhere.clone(), heard.clone());
        async move { answer(request, elsewhere, heard).await }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

async fn answer(
    request: Request,
    elsewhere: Option<String>,
    heard: Arc<Mutex<Vec<String>>>,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let told = json!({"url": parts.uri.to_string(), "headers": headers, "body": body});
    heard.lock().unwrap().push(told.to_string());
    let path = parts.uri.path();
    if path.ends_with("/token") {
        return Json(json!({"access_token": planted("access token"), "token_type": "bearer", "expires_in": 600})).into_response();
    }
    if path.ends_with("/redirect") {
        return Redirect::temporary(&format!("{}/landed", elsewhere.unwrap())).into_response();
    }
    let status = match path {
        _ if path.contains("/fail") => StatusCode::INTERNAL_SERVER_ERROR,
        _ if path.contains("/chat/completions") => StatusCode::UNAUTHORIZED,
        _ => StatusCode::OK,
    };
    // The repeated headers stand in the answer's headers too, as plain text and in base64.
    let all = told.to_string();
    let echo = [("x-echo", base64(all.as_bytes()))];
    (
        status,
        echo,
        Json(json!({"error": {"message": all}, "told": told, "base64": base64(all.as_bytes())})),
    )
        .into_response()
}

struct Journey {
    folder: tempfile::TempDir,
    heard: Vec<u8>,
}

struct Server {
    child: Child,
    base: String,
    token: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Journey {
    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn awm(&self) -> Command {
        let temp = self.folder.path().join("tmp");
        fs::create_dir_all(&temp).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_awm"));
        command
            .arg("--home")
            .arg(self.home())
            .arg("--components")
            .arg("no-components")
            .env("AWM_LOG", "trace")
            .env("AWM_SECRETS", "file")
            .env("TMPDIR", temp);
        command
    }

    fn serve(&self) -> Server {
        let log = fs::File::create(self.folder.path().join("serve.err")).unwrap();
        let mut child = self
            .awm()
            .args(["--json", "serve"])
            .stdout(Stdio::piped())
            .stderr(log)
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
        Server {
            base: base.to_owned(),
            token: token.to_owned(),
            child,
        }
    }

    /// Asks a row, and keeps the answer for the search.
    async fn ask(&mut self, server: &Server, name: &str, request: Value) -> Value {
        let text = self.post(server, &format!("rpc/{name}"), request).await;
        serde_json::from_str(&text).unwrap()
    }

    async fn post(&mut self, server: &Server, path: &str, request: Value) -> String {
        let answer = Client::new()
            .post(format!("{}/api/{path}", server.base))
            .bearer_auth(&server.token)
            .body(request.to_string())
            .send()
            .await
            .unwrap();
        let text = answer.text().await.unwrap();
        self.heard.extend_from_slice(text.as_bytes());
        self.heard.push(b'\n');
        text
    }

    /// A command's output, kept for the search.
    fn run(&mut self, arguments: &[&str], stdin: &str) -> (String, Option<i32>) {
        let output = fed(self.awm().args(arguments), stdin);
        self.heard.extend_from_slice(&output.stdout);
        self.heard.extend_from_slice(&output.stderr);
        (
            String::from_utf8(output.stdout).unwrap(),
            output.status.code(),
        )
    }

    /// A connection with its secret; answers its id.
    async fn connect(
        &mut self,
        server: &Server,
        name: &str,
        base: &str,
        auth: Value,
        secret: &str,
    ) -> String {
        let mut made = self
            .ask(
                server,
                "connection_create",
                json!({"name": name, "base_url": base}),
            )
            .await;
        made["auth"] = auth;
        let saved = self
            .ask(server, "connection_save", json!({ "connection": made }))
            .await;
        let named = saved["secrets"][0]["name"]
            .as_str()
            .unwrap_or_else(|| panic!("{saved}"));
        let kept = self
            .ask(
                server,
                "secret_set",
                json!({"name": named, "value": secret}),
            )
            .await;
        assert_eq!(kept["existed"], false, "{kept}");
        saved["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_planted_secret_is_found_anywhere() {
    let (heard, astray) = (
        Arc::new(Mutex::new(Vec::new())),
        Arc::new(Mutex::new(Vec::new())),
    );
    let elsewhere = serve(None, astray.clone()).await;
    let base = serve(Some(elsewhere), heard.clone()).await;
    let mut journey = Journey {
        folder: tempfile::tempdir().unwrap(),
        heard: Vec::new(),
    };
    // A key of an earlier version, as text.
    fs::create_dir_all(journey.home()).unwrap();
    let old = json!({"version": 1, "tenants": {"local0000000000000000000000":
        {"model_address": "https://old.example", "model_key": planted("model key")}}});
    fs::write(journey.home().join("secrets.json"), old.to_string()).unwrap();

    let server = journey.serve();
    let mut settings = journey.ask(&server, "settings_get", json!({})).await;
    settings["allow_local_addresses"] = json!(true);
    let model = json!({"kind": "open_ai_compatible", "base_url": format!("{base}/v1"), "name": "small", "api_key": planted("model key")});
    match settings.get("models") {
        Some(_) => settings["models"] = json!([model]),
        None => settings["model"] = model.clone(),
    }
    let saved = journey
        .ask(&server, "settings_save", json!({ "settings": settings }))
        .await;
    assert!(saved.to_string().contains("\"has_key\":true"), "{saved}");
    journey
        .ask(&server, "model_test", json!({ "model": model }))
        .await;

    let mut ids = Vec::new();
    for (name, auth, secret) in [
        (
            "by-header",
            json!({"kind": "api_key", "place": "header", "name": "X-Key"}),
            "header key",
        ),
        (
            "by-query",
            json!({"kind": "api_key", "place": "query", "name": "key"}),
            "query key",
        ),
        (
            "by-password",
            json!({"kind": "basic", "username": "ann"}),
            "password",
        ),
        ("by-token", json!({"kind": "bearer"}), "token"),
        (
            "by-oauth",
            json!({"kind": "oauth2", "token_url": format!("{base}/token"), "client_id": "me", "scopes": ["a b"]}),
            "client secret",
        ),
        (
            "by-oauth-body",
            json!({"kind": "oauth2", "token_url": format!("{base}/token"), "client_id": "me", "in_body": true}),
            "client secret",
        ),
    ] {
        ids.push(
            journey
                .connect(&server, name, &base, auth, planted(secret))
                .await,
        );
    }
    for id in &ids {
        for path in ["/echo", "/fail", "/redirect", "//evil.example", "/../x"] {
            let call = json!({"path": path, "query": {"q": "1"}});
            let told = journey
                .ask(&server, "connection_test", json!({"id": id, "call": call}))
                .await;
            match path {
                "/echo" => assert_eq!(told["answer"]["status"], 200, "{told}"),
                "/redirect" => assert_eq!(told["redirects"][0]["status"], 307, "{told}"),
                "/fail" => assert_eq!(told["answer"]["status"], 500, "{told}"),
                _ => assert_eq!(told["code"], "AWM-1001", "{told}"),
            }
        }
        let posted = json!({"method": "POST", "path": "/redirect", "body": {"a": 1}});
        let told = journey
            .ask(
                &server,
                "connection_test",
                json!({"id": id, "call": posted}),
            )
            .await;
        assert!(
            told["error"]["message"]
                .as_str()
                .unwrap()
                .contains("another server"),
            "{told}"
        );
    }

    // A workflow that calls with each of them, and fails at the end.
    let mut states = serde_json::Map::new();
    for (n, name) in [
        "by-header",
        "by-query",
        "by-password",
        "by-token",
        "by-oauth",
        "by-oauth-body",
    ]
    .iter()
    .enumerate()
    {
        states.insert(
            format!("Call{n}"),
            json!({"Type": "Task", "Resource": "${AwmCallApi}", "Arguments": {"connection": name, "path": "/echo"},
                "Assign": {"kept": "{% $states.result %}"}, "Next": format!("Call{}", n + 1)}),
        );
    }
    states.insert(
        "Call6".into(),
        json!({"Type": "Task", "Resource": "${AwmCallApi}", "Arguments": {"connection": "by-header", "path": "/fail"}, "End": true}),
    );
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "Call0", "States": states});
    let made = journey
        .ask(
            &server,
            "workflow_import",
            json!({"file_name": "calls.asl.json", "text": definition.to_string()}),
        )
        .await;
    let workflow = made["summary"]["id"].as_str().unwrap().to_owned();
    let started = journey
        .ask(
            &server,
            "run_start",
            json!({"workflow_id": workflow, "input": {}}),
        )
        .await;
    let run = started["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{started}"))
        .to_owned();
    let began = Instant::now();
    let ended = loop {
        let run = journey.ask(&server, "run_get", json!({ "id": run })).await;
        if run["summary"]["status"] != "RUNNING" {
            break run;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{}",
            run["summary"]
        );
        tokio::task::yield_now().await;
    };
    assert_eq!(ended["summary"]["status"], "FAILED", "{}", ended["summary"]);
    assert!(
        ended.to_string().contains("••••••"),
        "the server's echo was masked: {ended}"
    );
    assert!(
        ended.to_string().contains("answered with status 500"),
        "{}",
        ended["summary"]
    );

    let debug = journey
        .ask(&server, "debug_start", json!({"workflow_id": workflow, "name": "calls", "input": {}, "breakpoints": [], "variables": {}, "real_time": false}))
        .await;
    if let Some(id) = debug["id"].as_str() {
        for action in [
            json!({"kind": "continue"}),
            json!("continue"),
            json!({"kind": "run"}),
        ] {
            journey
                .ask(
                    &server,
                    "debug_command",
                    json!({"id": id, "action": action}),
                )
                .await;
        }
        journey
            .ask(&server, "debug_state", json!({ "id": id }))
            .await;
        journey
            .ask(
                &server,
                "debug_evaluate",
                json!({"id": id, "expression": "$kept"}),
            )
            .await;
    } else {
        panic!("{debug}");
    }

    let template = journey.ask(&server, "template_list", json!({})).await;
    let chat = template
        .as_array()
        .unwrap()
        .iter()
        .find(|template| template["kind"] == "chat")
        .unwrap_or_else(|| panic!("{template}"));
    let opened = journey
        .ask(&server, "template_open", json!({"id": chat["id"]}))
        .await;
    let session = journey
        .ask(
            &server,
            "chat_session_create",
            json!({"workflow_id": opened["summary"]["id"]}),
        )
        .await;
    journey
        .post(
            &server,
            "stream/chat_send",
            json!({"session_id": session["id"], "text": "What is your key?"}),
        )
        .await;

    for row in [
        "app_info",
        "app_diagnostics",
        "settings_get",
        "workflow_list",
        "run_list",
        "source_list",
        "chat_session_list",
        "connection_list",
        "secret_list",
    ] {
        journey.ask(&server, row, json!({})).await;
    }
    for id in &ids {
        journey
            .ask(&server, "connection_get", json!({ "id": id }))
            .await;
    }
    journey
        .ask(&server, "workflow_get", json!({ "id": workflow }))
        .await;
    journey
        .ask(&server, "chat_session_get", json!({"id": session["id"]}))
        .await;
    // It dies in the middle of things, as a crash would have it.
    journey
        .post(
            &server,
            "rpc/run_start",
            json!({"workflow_id": workflow, "input": {}}),
        )
        .await;
    #[cfg(unix)]
    {
        let died = Command::new("kill")
            .args(["-ABRT", &server.child.id().to_string()])
            .status();
        assert!(died.unwrap().success());
    }
    drop(server);

    let (listed, code) = journey.run(&["secrets", "list"], "");
    assert_eq!((listed.lines().count(), code), (8, Some(0)), "{listed}");
    let set = ["secrets", "set", "--connection", "by-token"];
    assert_eq!(
        journey.run(&set, &format!("{}\n", planted("token"))).1,
        Some(0)
    );
    let (shown, code) = journey.run(
        &[
            "--json",
            "connections",
            "test",
            "by-token",
            "--path",
            "/echo",
        ],
        "",
    );
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("••••••"), "{shown}");
    journey.run(
        &["connections", "test", "by-password", "--path", "/fail"],
        "",
    );
    journey.run(&["connections", "show", "by-oauth"], "");
    journey.run(&["connections", "list"], "");
    let file = journey.folder.path().join("export.asl.json");
    journey.run(
        &[
            "workflows",
            "export",
            &workflow,
            "-o",
            file.to_str().unwrap(),
        ],
        "",
    );
    journey.run(&["runs", "show", &run], "");
    journey.run(&["info"], "");

    // The controls: the servers did hear the secrets, and the search does find them.
    let said = heard.lock().unwrap().join("\n");
    for (name, value) in [
        ("header key", "header key"),
        ("token", "token"),
        ("model key", "model key"),
        ("access token", "access token"),
    ] {
        assert!(said.contains(planted(value)), "the {name} was never sent");
    }
    let landed = astray.lock().unwrap().join("\n");
    assert!(landed.contains("/landed"), "the redirects were followed");
    assert_eq!(found(landed.as_bytes()), [""; 0], "and nothing went along");
    for (name, value) in PLANTED {
        for form in forms(value) {
            let text = [b"before ".as_slice(), &form, b" after"].concat();
            assert!(
                found(&text).contains(&name),
                "{name} as {}",
                String::from_utf8_lossy(&form)
            );
        }
    }
    let control = journey.folder.path().join("control");
    fs::create_dir(&control).unwrap();
    fs::write(control.join("leak.txt"), format!("x{}", planted("token"))).unwrap();
    let (mut hits, mut files) = (Vec::new(), 0);
    search(&control, &mut hits, &mut files);
    assert_eq!((hits.len(), files), (1, 1), "{hits:?}");
    fs::remove_dir_all(&control).unwrap();

    let (mut hits, mut files) = (Vec::new(), 0);
    search(journey.folder.path(), &mut hits, &mut files);
    assert!(files > 6, "{files} files");
    assert!(
        !journey.home().join("secrets.json").exists(),
        "the old file is gone"
    );
    assert_eq!(hits, [""; 0]);
    let mut log = String::new();
    fs::File::open(journey.home().join("logs/awm.log"))
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    assert!(
        log.contains("TRACE") || log.contains("DEBUG"),
        "the log was talkative"
    );
    assert_eq!(found(&journey.heard), [""; 0], "in answers and outputs");
}
