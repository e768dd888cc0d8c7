//! Document sets in, questions measured.
#![cfg(test)]

mod program;

use program::fed;
use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Output},
};

struct Workspace(tempfile::TempDir);

impl Workspace {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn awm(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awm"));
        command
            .env("AWM_HOME", self.0.path().join("home"))
            // Without native parts, so that it is the same on every machine.
            .args(["--components", "no-components"])
            .args(arguments);
        fed(&mut command, input)
    }

    /// The one document that a command answers with, and the exit code.
    fn json(&self, arguments: &[&str]) -> (Value, i32) {
        let output = self.awm(&[arguments, &["--json"]].concat(), "");
        let text = String::from_utf8(output.stdout).unwrap();
        let value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{arguments:?}: {text}"));
        (value, output.status.code().unwrap())
    }
}

const DOCUMENTS: &str = concat!(
    "\u{feff}{\"id\": \"leave/annual\", \"text\": \"Every employee has thirty days of annual leave.\"}\r\n",
    "\n",
    "not json\n",
    "{\"id\": 7, \"title\": \"Parking\", \"text\": \"The garage below the office opens at seven.\"}\n",
    "{\"id\": \"no-text\"}\n",
    "[1, 2]\n",
    "{\"id\": \"\", \"text\": \"no id\"}\n",
    "{\"id\": \" spaced \", \"text\": \"Visitors sign in at the reception.\"}\n",
    "{\"id\": \"empty\", \"text\": \"\"}\n",
    "{\"id\": \"zh\", \"text\": \"退货政策：三十天内可以免费退货。\"}",
);

const QUESTIONS: &str = concat!(
    "{\"id\": \"a\", \"question\": \"How many days of annual leave?\", \"relevant\": [{\"document\": \"leave/annual\"}]}\n",
    "{\"id\": \"b\", \"question\": \"When does the garage open?\", \"relevant\": [7]}\n",
    "{\"id\": \"c\", \"question\": \"Where do visitors sign in?\", \"relevant\": [\" spaced \"]}\n",
    "{\"id\": \"d\", \"question\": \"可以免费退货吗\", \"relevant\": [\"zh\", \"gone\"]}\n",
    "{\"id\": \"e\", \"question\": \"Zeppelin?\", \"relevant\": [\"7\"]}\n",
    "{\"id\": \"f\", \"question\": \"\", \"relevant\": [\"7\"]}\n",
    "{\"id\": \"g\", \"question\": \"Nobody judged this\"}\n",
);

#[test]
fn a_document_set_is_taken_in_and_measured() {
    let workspace = Workspace::new();
    let documents = workspace.write("documents.jsonl", DOCUMENTS);
    let (taken, code) = workspace.json(&["ingest", &documents]);
    assert_eq!(code, 0);
    let problem = |line: u64, message: &str| json!({"line": line, "message": message});
    assert_eq!(
        taken["documents"],
        json!({
            "stored": 5, "unchanged": 0, "empty": 1, "broken": 4,
            "problems": [
                problem(3, "the line is not JSON: expected ident at column 2"),
                problem(5, "`text` is missing"),
                problem(6, "the line is no JSON object"),
                problem(7, "`id` is empty"),
            ],
        })
    );
    let (again, _) = workspace.json(&["ingest", &documents]);
    assert_eq!(
        (
            &again["documents"]["stored"],
            &again["documents"]["unchanged"]
        ),
        (&json!(0), &json!(5))
    );

    let questions = workspace.write("questions.jsonl", QUESTIONS);
    let details = workspace
        .0
        .path()
        .join("details.jsonl")
        .display()
        .to_string();
    let (measured, code) = workspace.json(&["eval", &questions, "--details", &details]);
    assert_eq!(code, 0, "{measured}");
    for (name, value) in [
        ("questions", json!(6)),
        ("judged", json!(5)),
        ("missed", json!(1)),
        ("by_meaning", json!(0)),
        ("broken", json!(1)),
        ("unknown", json!(["gone"])),
        ("mrr_at_10", json!(0.8)),
        ("recall_at_100", json!(0.7)),
    ] {
        assert_eq!(measured[name], value, "{name}: {measured}");
    }
    let ndcg = (3.0 + 1.0 / (1.0 + 1.0 / 3_f64.log2())) / 5.0;
    assert!((measured["ndcg_at_10"].as_f64().unwrap() - ndcg).abs() < 1e-9);
    let [low, high] = [0, 1].map(|end| measured["intervals"]["ndcg_at_10"][end].as_f64().unwrap());
    assert!(low < ndcg && ndcg < high, "{low} {high}");
    assert!(measured["latency_ms"]["p50"].as_f64().unwrap() > 0.0);
    let lines: Vec<Value> = std::fs::read_to_string(details)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[3]["ranks"], json!([1, null]));
    assert_eq!(lines[1]["found"][0], "7");
    assert_eq!(lines[5]["ndcg_at_10"], Value::Null);
}

#[test]
fn thresholds_decide_the_exit_code() {
    let workspace = Workspace::new();
    let documents = workspace.write("documents.jsonl", DOCUMENTS);
    workspace.json(&["ingest", &documents]);
    let questions = workspace.write("questions.jsonl", QUESTIONS);
    for (thresholds, expected) in [
        (["ndcg_at_10=0.5", "recall_at_100=0.7"], 0),
        (["ndcg_at_10=0.5", "recall_at_100=0.71"], 1),
        (["ndcg_at_10=0.99", "recall_at_100=0.1"], 1),
        (["ndcg@10=0.5", "recall_at_100=0.1"], 2),
        (["ndcg_at_10=2", "recall_at_100=0.1"], 2),
        (["ndcg_at_10", "recall_at_100=0.1"], 2),
    ] {
        let [first, second] = thresholds;
        let (answer, code) = workspace.json(&[
            "eval",
            &questions,
            "--threshold",
            first,
            "--threshold",
            second,
        ]);
        assert_eq!(code, expected, "{thresholds:?}: {answer}");
    }
    let (_, elsewhere) = workspace.json(&["eval", &questions, "--source", "Documents"]);
    assert_eq!(elsewhere, 0);
    let (other, _) = workspace.json(&["eval", &questions, "--sources", "Other"]);
    assert_eq!(other["recall_at_100"], 0.0, "no document of another source");
}

#[test]
fn other_lines_stay_an_ordinary_file_and_standard_input_is_a_set() {
    let workspace = Workspace::new();
    let logs = workspace.write(
        "log.jsonl",
        "{\"level\": \"info\", \"text\": \"started on port 80\"}\n{\"id\": 1, \"level\": \"warn\"}\n",
    );
    let (taken, _) = workspace.json(&["ingest", &logs]);
    assert_eq!(taken["documents"], Value::Null);
    assert_eq!(taken["status"]["total"], 1);

    let output = workspace.awm(&["ingest", "-", "--json"], DOCUMENTS);
    let taken: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(taken["documents"]["stored"], 5);

    for (arguments, code) in [
        (["ingest", "nowhere.jsonl"], 3),
        (["eval", "nowhere.jsonl"], 3),
        (["eval", logs.as_str()], 2),
    ] {
        assert_eq!(workspace.json(&arguments).1, code, "{arguments:?}");
    }
}

#[test]
fn thousands_of_lines_are_taken_in_as_they_come() {
    let workspace = Workspace::new();
    let documents: String = (0..3_000)
        .map(|n| format!("{}\n", json!({"id": format!("d{n}"), "text": format!("Entry number {n} of the catalogue.")})))
        .collect();
    let documents = workspace.write("documents.jsonl", documents);
    let (taken, code) = workspace.json(&["ingest", &documents]);
    assert_eq!((&taken["documents"]["stored"], code), (&json!(3_000), 0));
    let questions = workspace.write(
        "questions.jsonl",
        "{\"id\": \"q\", \"question\": \"Entry number 2718\", \"relevant\": [\"d2718\"]}\n",
    );
    let (measured, _) = workspace.json(&["eval", &questions]);
    assert_eq!(measured["mrr_at_10"], 1.0);
    assert!(!Path::new("no-components").exists());
}
