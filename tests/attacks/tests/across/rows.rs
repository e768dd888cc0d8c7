//! What each row is asked. `$workflow` and the like stand for an id.

use serde_json::{Value, json};

/// An attack on a row of the command table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Requests that the owner may make; each is also made by the other.
    pub(crate) requests: Vec<Value>,
    /// What even the owner has none of, so that the answer names it: everything before it was found.
    pub(crate) lacks: &'static str,
}

impl Row {
    /// Whether the request names a thing by its id.
    pub(crate) fn names_things(&self, request: &Value) -> bool {
        request.to_string().contains("\"$")
    }
}

fn row(name: &'static str, requests: impl IntoIterator<Item = Value>) -> Row {
    Row {
        name,
        requests: requests.into_iter().collect(),
        lacks: "",
    }
}

/// All rows, area by area.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = application();
    rows.extend(workflows());
    rows.extend(runs());
    rows.extend(knowledge());
    rows.extend(crawls());
    rows.extend(connections());
    rows.extend(evaluation());
    rows.extend(chat());
    rows.extend(memory());
    rows
}

fn application() -> Vec<Row> {
    vec![
        row("app_info", [json!({})]),
        row("app_diagnostics", [json!({})]),
        row("settings_get", [json!({})]),
        row(
            "settings_save",
            [json!({"settings": {"tenant_name": "Mine"}})],
        ),
        // Nobody answers at that address: what matters is that it takes no id of anything.
        row("model_test", []),
        row("secret_list", [json!({})]),
        row(
            "secret_set",
            [json!({"name": "connection/mine/key", "value": "x"})],
        ),
        row("secret_delete", [json!({"name": "connection/mine/key"})]),
    ]
}

fn workflows() -> Vec<Row> {
    let document = json!({
        "version": 1, "format": "json",
        "text": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}",
    });
    vec![
        row("workflow_list", [json!({})]),
        row("workflow_get", [json!({"id": "$workflow"})]),
        row("workflow_create", [json!({"name": "Mine"})]),
        row(
            "workflow_import",
            [json!({"file_name": "a.asl.json", "text": document["text"]})],
        ),
        row(
            "workflow_save",
            [json!({"id": "$workflow", "base_revision": 1, "document": document})],
        ),
        row(
            "workflow_rename",
            [json!({"id": "$workflow", "name": "Other"})],
        ),
        row("workflow_delete", [json!({"id": "$workflow"})]),
        row("workflow_restore", [json!({"id": "$workflow"})]),
        // Reads a file that the person chose, and no id.
        row("workflow_open_path", []),
        row("template_list", [json!({})]),
        row("template_open", [json!({"id": "parallel-and-map"})]),
    ]
}

fn runs() -> Vec<Row> {
    let document = json!({
        "version": 1, "format": "json",
        "text": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}",
    });
    vec![
        row(
            "run_start",
            [json!({"workflow_id": "$workflow", "input": {}})],
        ),
        row(
            "run_document",
            [json!({"name": "n", "document": document, "input": {}})],
        ),
        row("run_stop", [json!({"id": "$waiting"})]),
        row("run_redrive", [json!({"id": "$failed"})]),
        row("run_import_history", []),
        row("run_list", [json!({}), json!({"workflow_id": "$workflow"})]),
        row("run_get", [json!({"id": "$run"})]),
        row("run_watch", [json!({"id": "$run", "after": 0})]),
        row(
            "debug_start",
            [json!({"workflow_id": "$workflow", "input": {}})],
        ),
        row(
            "debug_command",
            [json!({"id": "$debug", "action": {"kind": "step"}})],
        ),
        row("debug_state", [json!({"id": "$debug"})]),
        row(
            "debug_evaluate",
            [json!({"id": "$debug", "expression": "1 + 1"})],
        ),
        row("debug_stop", [json!({"id": "$debug"})]),
    ]
}

fn knowledge() -> Vec<Row> {
    vec![
        row("source_list", [json!({})]),
        row("source_create", [json!({"name": "Mine"})]),
        row(
            "source_rename",
            [json!({"id": "$source", "name": "Renamed"})],
        ),
        row("source_delete", [json!({"id": "$source"})]),
        row(
            "ingest_paths",
            [json!({"source_id": "$source", "paths": []})],
        ),
        row(
            "ingest_upload",
            [json!({"source_id": "$source", "name": "b.md", "base64": "aGVsbG8="})],
        ),
        row("ingest_control", [json!({"action": "status"})]),
        row("ingest_watch", [json!({})]),
        row(
            "document_list",
            [json!({}), json!({"source_id": "$source"})],
        ),
        row(
            "passage_neighbours",
            [json!({"id": "$passage", "before": 1, "after": 1})],
        ),
        row(
            "document_tag",
            [json!({"id": "$document", "tags": ["mine"]})],
        ),
        row("tag_list", [json!({}), json!({"document_id": "$document"})]),
        row("document_page", [json!({"id": "$document", "page": 1})]),
        row("document_get", [json!({"id": "$document"})]),
        row("document_retry", [json!({"id": "$document"})]),
        row(
            "document_retry_all",
            [json!({}), json!({"filter": {"source_id": "$source"}})],
        ),
        row(
            "ledger_summary",
            [json!({}), json!({"source_id": "$source"})],
        ),
        row("folder_list", [json!({})]),
        row("folder_watch", [json!({"id": "$folder", "watch": true})]),
        row("folder_sync", [json!({"id": "$folder"})]),
        row("folder_forget", [json!({"id": "$folder"})]),
        row("document_remove", [json!({"id": "$document"})]),
        row(
            "knowledge_search",
            [
                json!({"query": "zebrafish regulations", "top_k": 10}),
                json!({"query": "zebrafish regulations", "top_k": 10, "sources": ["$source"]}),
                json!({"query": "zebrafish regulations", "top_k": 10, "sources": ["Handbook"]}),
            ],
        ),
    ]
}

fn crawls() -> Vec<Row> {
    let site = json!({"kind": "site", "start": ["http://127.0.0.1:9/"]});
    vec![
        row(
            "crawl_create",
            [json!({"name": "Mine", "source_id": "$source", "spec": site})],
        ),
        row("crawl_list", [json!({})]),
        row("crawl_get", [json!({"id": "$crawl"})]),
        row("crawl_start", [json!({"id": "$crawl"})]),
        row("crawl_pause", [json!({"id": "$crawl"})]),
        row("crawl_cancel", [json!({"id": "$crawl"})]),
        row("crawl_delete", [json!({"id": "$crawl"})]),
        row("crawl_pages", [json!({"id": "$crawl"})]),
        row("crawl_watch", [json!({})]),
        row("crawl_preview", [json!({"spec": site})]),
    ]
}

fn connections() -> Vec<Row> {
    let connection = json!({
        "id": "$connection", "revision": 1, "name": "Other", "base_url": "https://api.example/",
        "auth": {"kind": "none"}, "timeout_ms": 1000, "max_bytes": 1000,
        "retries": {"max": 0, "wait_ms": 1, "also_unsafe": false}, "updated_at": 1,
    });
    vec![
        row("connection_list", [json!({})]),
        row("connection_get", [json!({"id": "$connection"})]),
        row(
            "connection_create",
            [json!({"name": "Mine", "base_url": "https://api.example/"})],
        ),
        row("connection_save", [json!({"connection": connection})]),
        row("connection_delete", [json!({"id": "$connection"})]),
        row(
            "connection_import",
            [json!({"into": "$connection", "text": OPENAPI})],
        ),
        row(
            "connection_test",
            [json!({"id": "$connection", "call": {"method": "GET", "path": "/"}})],
        ),
        row(
            "connection_learn",
            [json!({"id": "$connection", "operation": "tanks", "samples": [{"tank": 1}]})],
        ),
    ]
}

pub(crate) const OPENAPI: &str = r#"{
    "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://api.example/"}],
    "paths": {"/tanks": {"get": {"operationId": "tanks", "responses": {"200": {"description": "all"}}}}}
}"#;

fn evaluation() -> Vec<Row> {
    let body = json!({"question": "Which tanks?", "relevant": []});
    vec![
        row(
            "collection_put",
            [json!({"source_id": "$source", "documents": [{"id": "x", "text": "A text."}]})],
        ),
        row("question_set_list", [json!({})]),
        row("question_set_create", [json!({"name": "Mine"})]),
        row(
            "question_set_rename",
            [json!({"id": "$questions", "name": "Other"})],
        ),
        row("question_set_delete", [json!({"id": "$questions"})]),
        row("question_list", [json!({"set_id": "$questions"})]),
        row(
            "question_add",
            [
                json!({"set_id": "$questions", "body": body}),
                json!({"from_turn": {"session_id": "$session", "turn_id": "$turn"}}),
            ],
        ),
        row("question_save", [json!({"id": "$question", "body": body})]),
        row("question_remove", [json!({"id": "$question"})]),
        row(
            "question_import",
            [
                json!({"set_id": "$questions", "format": "jsonl", "text": "{\"question\": \"Why?\"}"}),
            ],
        ),
        row(
            "question_export",
            [json!({"set_id": "$questions", "format": "jsonl"})],
        ),
        row(
            "question_generate",
            [json!({"set_id": "$questions", "sources": ["$source"], "limit": 5})],
        ),
        row("evaluation_start", [json!({"set_id": "$questions"})]),
        row("evaluation_stop", [json!({"id": "$evaluation"})]),
        row(
            "evaluation_list",
            [json!({}), json!({"set_id": "$questions"})],
        ),
        row("evaluation_get", [json!({"id": "$evaluation"})]),
        row("evaluation_delete", [json!({"id": "$evaluation"})]),
        row(
            "evaluation_compare",
            [json!({"before": "$evaluation", "after": "$evaluation"})],
        ),
        row("evaluation_watch", [json!({"id": "$evaluation"})]),
        row(
            "evaluation_measure",
            [json!({
                "questions": [{"id": "1", "question": "zebrafish regulations", "relevant": ["$document"]}],
                "settings": {"sources": ["$source"]},
            })],
        ),
    ]
}

fn chat() -> Vec<Row> {
    vec![
        row("chat_session_list", [json!({})]),
        row("chat_session_create", [json!({"workflow_id": "$workflow"})]),
        row("chat_session_get", [json!({"id": "$session"})]),
        row(
            "chat_turn_rate",
            [json!({"session_id": "$session", "turn_id": "$turn"})],
        ),
        // Only one model was asked, so that there is nothing to choose from.
        Row {
            lacks: "answer",
            ..row(
                "chat_turn_choose",
                [json!({"session_id": "$session", "turn_id": "$turn", "run_id": "$run"})],
            )
        },
        row("chat_session_delete", [json!({"id": "$session"})]),
        row(
            "chat_send",
            [json!({"session_id": "$session", "text": "what of it?"})],
        ),
    ]
}

fn memory() -> Vec<Row> {
    vec![
        row("memory_get", [json!({"session_id": "$session"})]),
        row("memory_forget", [json!({"session_id": "$session"})]),
        row("fact_list", [json!({})]),
        row(
            "fact_save",
            [
                json!({"text": "Likes tea."}),
                json!({"id": "$fact", "text": "Likes tea."}),
            ],
        ),
        row("fact_delete", [json!({"id": "$fact"}), json!({})]),
        row("receipt_list", [json!({})]),
    ]
}
