//! A workspace, the binary and the host on it, and a server that plays a model.

use awm_api::{
    chat::{ChatSend, ChatSession, ChatSessionCreate, ChatTurn, ChatUpdate},
    settings::{Model, ModelKind, SettingsGet, SettingsSave},
    workflows::WorkflowList,
};
use awm_host::{DesktopHost, HostKind, HostOptions};
use awm_memory::MemoryClock;
use axum::{Router, body::Body, extract::Request, response::Response, routing::post};
use futures::StreamExt;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

pub(crate) const TEMPLATE: &str = "document-question-answering";
pub(crate) const NOW: i64 = 1_900_000_000_000;
pub(crate) const MINUTE: i64 = 60_000;

pub(crate) struct Workspace {
    pub(crate) folder: tempfile::TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The lines of a command of the real binary.
    pub(crate) fn awm(&self, arguments: &[&str]) -> Vec<Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_awm"))
            .arg("--home")
            .arg(self.home())
            // Without native parts, so that it is the same on every machine.
            .args(["--components", "no-components", "--json"])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The turn that `awm chat` ends with.
    pub(crate) fn chat(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["chat"];
        all.extend(arguments);
        let lines = self.awm(&all);
        lines
            .last()
            .unwrap_or_else(|| panic!("{arguments:?} says nothing"))["turn"]
            .clone()
    }

    pub(crate) async fn open(&self, clock: &Arc<MemoryClock>) -> DesktopHost {
        let options = HostOptions {
            home: Some(self.home()),
            components: Some(Path::new("no-components").into()),
            kind: HostKind::CommandLine,
            profile: None,
        };
        DesktopHost::open_at(options, clock.clone()).await.unwrap()
    }

    /// The files of the workspace that hold the text.
    pub(crate) fn holding(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.home()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if std::fs::read(&path)
                    .unwrap()
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
                {
                    found.push(path.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found.sort();
        found
    }
}

/// What the model's server heard.
pub(crate) type Heard = Arc<Mutex<Vec<Value>>>;

/// A server that speaks as OpenAI-compatible endpoints do, and plays a model that rewrites, answers with citations, refuses.
pub(crate) async fn model_server() -> (String, Heard) {
    let heard = Heard::default();
    let log = heard.clone();
    let app = Router::new().route(
        "/v1/chat/completions",
        post(move |request: Request| {
            let log = log.clone();
            async move {
                let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
                let body: Value = serde_json::from_slice(&body).unwrap();
                let said = play(&body);
                log.lock().unwrap().push(body);
                let mut events: Vec<String> = said
                    .split_inclusive(' ')
                    .map(|word| format!("data: {}\n\n", json!({"choices": [{"delta": {"content": word}}]})))
                    .collect();
                events.push(format!("data: {}\n\n", json!({"choices": [{"delta": {}, "finish_reason": "stop"}]})));
                events.push(format!("data: {}\n\n", json!({"choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 100}})));
                events.push("data: [DONE]\n\n".into());
                let chunks = futures::stream::iter(events.into_iter().map(Ok::<_, std::convert::Infallible>));
                Response::builder()
                    .header("content-type", "text/event-stream")
                    .body(Body::from_stream(chunks))
                    .unwrap()
            }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (base, heard)
}

pub(crate) fn text(body: &Value, at: usize) -> &str {
    body["messages"][at]["content"].as_str().unwrap_or_default()
}

pub(crate) fn play(body: &Value) -> String {
    let rules = text(body, 0);
    let asked = body["messages"].as_array().unwrap().last().unwrap()["content"]
        .as_str()
        .unwrap();
    if rules.starts_with("You make the last question") {
        return match asked.contains("Last question: And for stoves?") {
            true => "How long is the warranty of stoves?".into(),
            false => asked.rsplit("Last question: ").next().unwrap().into(),
        };
    }
    if rules.starts_with("You list what a message says") {
        return "NONE".into();
    }
    // What the passages say decides nothing here.
    let asked = asked.rsplit("Question: ").next().unwrap();
    if asked.starts_with("Who repairs the tents of other makers?") {
        return "NO_ANSWER".into();
    }
    if asked.contains("stoves") {
        return "Stoves and lamps have a warranty of 2 years [1] [9].".into();
    }
    if asked.contains("unsupported") {
        return "The king of Norway repairs every lamp by hand in his palace.".into();
    }
    match body["model"].as_str() {
        Some("other") => "A tent has a warranty of 5 years [1], says the other.".into(),
        _ => "A tent has a warranty of 5 years [1].".into(),
    }
}

pub(crate) async fn send(host: &DesktopHost, request: ChatSend) -> (Vec<ChatUpdate>, ChatTurn) {
    let updates: Vec<ChatUpdate> = host
        .follow(request)
        .await
        .unwrap()
        .map(|update| update.unwrap())
        .collect()
        .await;
    match updates.last() {
        Some(ChatUpdate::Done { turn }) => (updates.clone(), turn.clone()),
        other => panic!("not done: {other:?}"),
    }
}

pub(crate) fn question(session: &ChatSession, text: &str) -> ChatSend {
    ChatSend {
        session_id: session.id.clone(),
        text: text.into(),
        models: Vec::new(),
        replaces: None,
    }
}

pub(crate) async fn with_models(host: &DesktopHost, base: &str) {
    let mut settings = host.ask(SettingsGet {}).await.unwrap();
    let model = |name: &str, title: &str| Model {
        kind: ModelKind::OpenAiCompatible,
        title: title.into(),
        base_url: base.into(),
        name: name.into(),
        api_key: Some("sk-planted".into()),
        price_in: Some(1.0),
        price_out: Some(10.0),
        ..Model::default()
    };
    settings.models = vec![model("tiny", "Tiny"), model("other", "Other")];
    settings.memory_minutes = 30;
    host.ask(SettingsSave { settings }).await.unwrap();
}

pub(crate) async fn session(host: &DesktopHost) -> ChatSession {
    let workflows = host.ask(WorkflowList {}).await.unwrap();
    let workflow_id = workflows[0].id.clone();
    host.ask(ChatSessionCreate { workflow_id }).await.unwrap()
}
