//! A workspace with two profiles, one of which has everything.

use crate::rows::{OPENAPI, Row};
use awm_api::{COMMANDS, Code, UserError};
use awm_host::{DesktopHost, HostOptions};
use awm_tenancy::TenantId;
use futures::StreamExt;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path, time::Duration};

/// A word that only the owner's things hold.
pub(crate) const MARK: &str = "zebrafish-7c1";

/// What a row answered: a value, the items of a stream, or an error.
pub(crate) type Answer = Result<Value, (Code, String, String)>;

pub(crate) struct World {
    home: tempfile::TempDir,
    ids: BTreeMap<&'static str, String>,
}

impl World {
    /// A workspace in which the owner has one of each thing.
    pub(crate) async fn filled() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let mut world = Self {
            home,
            ids: BTreeMap::new(),
        };
        let host = world.as_owner().await;
        world.fill_with_things(&host).await;
        host.close().await;
        world
    }

    async fn fill_with_things(&mut self, host: &DesktopHost) {
        let steps = [
            (
                "workflow",
                "workflow_create",
                json!({"name": MARK, "document": document()}),
                "/summary/id",
            ),
            (
                "run",
                "run_start",
                json!({"workflow_id": "$workflow", "input": {"mark": MARK}}),
                "/id",
            ),
            (
                "failed",
                "run_document",
                json!({"name": MARK, "document": failing(), "input": {}}),
                "/id",
            ),
            (
                "source",
                "source_create",
                json!({"name": "Handbook"}),
                "/id",
            ),
            (
                "session",
                "chat_session_create",
                json!({"workflow_id": "$workflow"}),
                "/id",
            ),
            (
                "crawl",
                "crawl_create",
                json!({"name": MARK, "source_id": "$source", "spec": {
                    "kind": "site", "start": ["http://127.0.0.1:9/"],
                }}),
                "/id",
            ),
            (
                "connection",
                "connection_import",
                json!({"name": MARK, "text": OPENAPI}),
                "/connection/id",
            ),
            (
                "questions",
                "question_set_create",
                json!({"name": MARK}),
                "/id",
            ),
        ];
        for (name, row, request, place) in steps {
            let answer = host
                .dispatch(row, self.with(&request, |name| self.ids.get(name).cloned()))
                .await
                .unwrap_or_else(|error| panic!("{row}: {error}"));
            self.ids.insert(name, text_at(&answer, place));
        }
        let stored = finished(
            host,
            &json!({"name": MARK, "document": indexing(&self.ids["source"]), "input": {}}),
        )
        .await;
        self.ids
            .insert("document", text_at(&stored, "/output/documentId"));
        let question = json!({"session_id": self.ids["session"], "text": MARK});
        let mut turn = host
            .dispatch_stream("chat_send", question)
            .await
            .expect("a turn");
        while let Some(update) = turn.next().await {
            update.expect("an update");
        }
        drop(turn);
        let chat = json!({"id": self.ids["session"]});
        let chat = host
            .dispatch("chat_session_get", chat)
            .await
            .expect("the conversation");
        self.ids.insert("turn", text_at(&chat, "/turns/0/id"));
        let folder = self.home.path().join(MARK);
        fs::create_dir(&folder).expect("a folder");
        let taken = json!({"source_id": self.ids["source"], "paths": [folder]});
        host.dispatch("ingest_paths", taken)
            .await
            .expect("a folder");
        self.questions(host).await;
        // What lives in one process only has an id nevertheless.
        let waiting = json!({"name": MARK, "document": waiting(), "input": {}});
        let waiting = host.dispatch("run_document", waiting).await.expect("a run");
        self.ids.insert("waiting", text_at(&waiting, "/id"));
        let debug = json!({"workflow_id": self.ids["workflow"], "input": {}});
        let debug = host
            .dispatch("debug_start", debug)
            .await
            .expect("a session");
        self.ids.insert("debug", text_at(&debug, "/id"));
    }

    /// A judged question, the turn of a conversation, a passage, and an evaluation.
    async fn questions(&mut self, host: &DesktopHost) {
        let steps = [
            (
                "turn",
                "chat_session_get",
                json!({"id": "$session"}),
                "/turns/0/id",
            ),
            (
                "passage",
                "document_get",
                json!({"id": "$document"}),
                "/passages/0/id",
            ),
            (
                "question",
                "question_add",
                json!({"set_id": "$questions", "body": {
                    "question": MARK, "relevant": [{"document": "rules.md"}],
                }}),
                "/id",
            ),
            ("fact", "fact_save", json!({"text": MARK}), "/id"),
            ("folder", "folder_list", json!({}), "/0/id"),
            (
                "evaluation",
                "evaluation_start",
                json!({"set_id": "$questions"}),
                "/id",
            ),
        ];
        for (name, row, request, place) in steps {
            let answer = host
                .dispatch(row, self.foreign(&request))
                .await
                .unwrap_or_else(|error| panic!("{row}: {error}"));
            self.ids.insert(name, text_at(&answer, place));
        }
        let watched = json!({"id": self.ids["evaluation"]});
        let mut updates = host
            .dispatch_stream("evaluation_watch", watched)
            .await
            .expect("the evaluation");
        while let Some(update) = updates.next().await {
            update.expect("an update");
        }
    }

    /// The same workspace once more, to be changed.
    pub(crate) async fn copy(&self) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        copy_folder(self.home.path(), home.path());
        Self {
            home,
            ids: self.ids.clone(),
        }
    }

    pub(crate) async fn as_owner(&self) -> DesktopHost {
        self.open(None).await
    }

    pub(crate) async fn as_other(&self) -> DesktopHost {
        let other = TenantId::of_profile("other000000000000000000000").expect("an id");
        self.open(Some(other)).await
    }

    async fn open(&self, profile: Option<TenantId>) -> DesktopHost {
        DesktopHost::open(HostOptions {
            home: Some(self.home.path().into()),
            // Without native parts: nothing here needs them, and it opens at once.
            components: Some(self.home.path().join("no-components")),
            profile,
            ..HostOptions::default()
        })
        .await
        .expect("the workspace opens")
    }

    pub(crate) fn ids(&self) -> &BTreeMap<&'static str, String> {
        &self.ids
    }

    /// The owner's request. What lives in one process only is made in this one.
    pub(crate) async fn fill(&self, request: &Value, host: &DesktopHost) -> Value {
        let mut ids = self.ids.clone();
        if request.to_string().contains("$waiting") {
            let waiting = json!({"name": "w", "document": waiting(), "input": {}});
            let waiting = host.dispatch("run_document", waiting).await.expect("a run");
            ids.insert("waiting", text_at(&waiting, "/id"));
        }
        if request.to_string().contains("$debug") {
            let debug = json!({"workflow_id": ids["workflow"], "input": {}});
            let debug = host
                .dispatch("debug_start", debug)
                .await
                .expect("a session");
            ids.insert("debug", text_at(&debug, "/id"));
        }
        self.with(request, |name| ids.get(name).cloned())
    }

    pub(crate) fn foreign(&self, request: &Value) -> Value {
        self.with(request, |name| self.ids.get(name).cloned())
    }

    /// With ids of the proper shape that nobody has.
    pub(crate) fn unknown(&self, request: &Value) -> Value {
        self.with(request, |name| {
            // A passage is named by its document and its place.
            let place = self.ids[name].get(UNKNOWN.len()..).unwrap_or_default();
            Some(format!("{UNKNOWN}{place}"))
        })
    }

    /// With ids that try to be more than ids.
    pub(crate) fn malformed(&self, request: &Value) -> Value {
        let local = TenantId::local();
        self.with(request, |name| {
            Some(format!("../{local}/{}%00' OR '1'='1", self.ids[name]))
        })
    }

    fn with(&self, request: &Value, id: impl Fn(&str) -> Option<String> + Copy) -> Value {
        match request {
            Value::String(text) => match text.strip_prefix('$').and_then(id) {
                Some(id) => id.into(),
                None => request.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.with(item, id)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(key, value)| (key.clone(), self.with(value, id)))
                .collect(),
            _ => request.clone(),
        }
    }

    /// Asks a row; of a stream, what comes within a moment.
    pub(crate) async fn ask(&self, host: &DesktopHost, row: &Row, request: &Value) -> Answer {
        if COMMANDS.contains(&row.name) {
            return host.dispatch(row.name, request.clone()).await.map_err(told);
        }
        let mut stream = host
            .dispatch_stream(row.name, request.clone())
            .await
            .map_err(told)?;
        let mut items = Vec::new();
        while let Ok(Some(item)) =
            tokio::time::timeout(Duration::from_millis(500), stream.next()).await
        {
            items.push(item.map_err(told)?);
        }
        Ok(Value::Array(items))
    }

    /// An answer with every id that was asked for taken out of it.
    pub(crate) fn without_ids(&self, answer: &Answer) -> String {
        let mut text = format!("{answer:?}").replace(UNKNOWN, "ID");
        for id in self.ids.values() {
            text = text.replace(id.as_str(), "ID");
        }
        // How long it took is no secret, and never the same.
        for times in ["took_ms", "p50_ms", "p95_ms", "mean_ms"] {
            let told = format!("\"{times}\": Number(");
            let parts: Vec<&str> = text.split(&told).collect();
            let rest = parts.iter().skip(1);
            let rest = rest.map(|part| part.split_once(')').map_or(*part, |(_, rest)| rest));
            let kept: Vec<&str> = parts.iter().take(1).copied().chain(rest).collect();
            text = kept.join(times);
        }
        text
    }

    /// All that the owner has, as its lists tell it.
    pub(crate) async fn inventory(&self) -> Vec<(&'static str, Answer)> {
        let host = self.as_owner().await;
        let mut all = Vec::new();
        for (row, request) in [
            ("settings_get", json!({})),
            ("workflow_list", json!({})),
            ("workflow_get", json!({"id": "$workflow"})),
            ("run_list", json!({})),
            ("run_get", json!({"id": "$run"})),
            ("source_list", json!({})),
            ("document_list", json!({})),
            ("document_get", json!({"id": "$document"})),
            ("chat_session_get", json!({"id": "$session"})),
            ("question_list", json!({"set_id": "$questions"})),
        ] {
            let request = self.foreign(&request);
            all.push((row, host.dispatch(row, request).await.map_err(told)));
        }
        host.close().await;
        all
    }
}

const UNKNOWN: &str = "01zzzzzzzzzzzzzzzzzzzzzzzz";

fn told(error: UserError) -> (Code, String, String) {
    (error.code, error.message, error.help)
}

fn text_at(answer: &Value, place: &str) -> String {
    answer
        .pointer(place)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no text at {place} of {answer}"))
        .to_owned()
}

/// Runs a document to its end.
async fn finished(host: &DesktopHost, request: &Value) -> Value {
    let run = host
        .dispatch("run_document", request.clone())
        .await
        .expect("a run");
    let id = json!({"id": run["id"], "after": 0});
    let mut updates = host
        .dispatch_stream("run_watch", id.clone())
        .await
        .expect("a stream");
    while let Some(update) = updates.next().await {
        update.expect("no error");
    }
    host.dispatch("run_get", id).await.expect("the run")
}

fn document() -> Value {
    asl(
        json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"answer": MARK}, "End": true}}}),
    )
}

/// Stores a text as a document, without a file.
fn indexing(source: &str) -> Value {
    let text = format!("# Rules\n\nThe zebrafish regulations of {MARK} hold for all tanks.");
    asl(
        json!({"QueryLanguage": "JSONata", "StartAt": "I", "States": {"I": {
            "Type": "Task", "Resource": "${AwmIndex}", "End": true,
            "Arguments": {"source": source, "name": "rules.md", "text": text},
        }}}),
    )
}

fn failing() -> Value {
    asl(json!({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": MARK}}}))
}

fn waiting() -> Value {
    asl(json!({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}))
}

fn asl(definition: Value) -> Value {
    json!({"version": 1, "format": "json", "text": definition.to_string()})
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a kind").is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("a copy")),
        }
    }
}
