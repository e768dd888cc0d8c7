//! The main job from the command line: documents in, a workflow run, a question answered with its source.
#![cfg(test)]

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn awm(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_awm"))
            .arg("--home")
            .arg(self.folder.path().join("home"))
            // Without native parts, so that the journey is the same on every machine.
            .arg("--components")
            .arg(Path::new("no-components"))
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Lines of JSON, and the exit code.
    fn json(&self, arguments: &[&str]) -> (Vec<Value>, i32) {
        let mut all = vec!["--json"];
        all.extend(arguments);
        let output = self.awm(&all);
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        (lines, output.status.code().unwrap())
    }

    /// The one document that a command answers with.
    fn one(&self, arguments: &[&str]) -> Value {
        let (mut lines, code) = self.json(arguments);
        assert_eq!((lines.len(), code), (1, 0), "{arguments:?}: {lines:?}");
        lines.remove(0)
    }
}

const LEAVE: &str = "# Leave\n\n## Annual leave\n\nEvery employee has thirty days of annual leave.\n\n\
     ## Sick leave\n\nTell your manager before nine in the morning.\n";
const PARKING: &str = "<html><head><title>Parking</title></head><body><h1>Parking</h1>\
     <p>The garage below the office opens at seven and closes at ten.</p></body></html>";

#[test]
fn documents_become_answers_with_their_source() {
    let workspace = Workspace::new();
    workspace.write("docs/leave.md", LEAVE);
    workspace.write("docs/site/parking.html", PARKING);
    workspace.write("docs/broken.docx", "this is no archive");
    let docs = workspace.path("docs");

    let told = workspace.one(&["ingest", &docs, "--source", "Handbook"]);
    assert_eq!(told["status"]["done"], 3, "{told}");
    assert_eq!(
        told["failed"].as_array().unwrap().len(),
        1,
        "one broken file stops no other"
    );
    assert!(
        told["failed"][0]["name"]
            .as_str()
            .unwrap()
            .ends_with("broken.docx")
    );
    let again = workspace.one(&["ingest", &docs, "--source", "Handbook"]);
    assert_eq!(
        again["status"]["keyword_passages"], told["status"]["keyword_passages"],
        "once is enough"
    );

    let found = workspace.one(&["search", "when", "does", "the", "garage", "open"]);
    let first = &found["hits"][0]["passage"];
    assert_eq!(first["document_name"], "docs/site/parking.html", "{found}");

    let bot = json!({
        "StartAt": "Retrieve",
        "QueryLanguage": "JSONata",
        "States": {
            "Retrieve": {
                "Type": "Task", "Resource": "${AwmRetrieve}",
                "Arguments": {"question": "{% $states.input.message %}", "topK": 4},
                "Assign": {"passages": "{% $states.result.passages %}"},
                "Next": "Answer",
            },
            "Answer": {
                "Type": "Task", "Resource": "${AwmGenerate}",
                "Arguments": {"question": "{% $states.context.Execution.Input.message %}", "passages": "{% $passages %}"},
                "End": true,
            },
        },
    });
    let file = workspace.write("bot.asl.json", &bot.to_string());
    let made = workspace.one(&["workflows", "import", &file]);
    assert_eq!(
        (&made["kind"], &made["problems"]),
        (&json!("chat"), &json!(0)),
        "{made}"
    );

    let (updates, code) = workspace.json(&[
        "chat",
        "--workflow",
        "bot",
        "How many days of annual leave are there?",
    ]);
    assert_eq!(code, 0, "{updates:?}");
    let turn = &updates.last().unwrap()["turn"];
    assert!(
        turn["answer"].as_str().unwrap().contains("thirty days"),
        "{turn}"
    );
    assert_eq!(turn["citations"][0]["documentName"], "docs/leave.md");
    assert_eq!(turn["extractive"], true, "no model is set");

    let runs = workspace.one(&["runs", "list"]);
    assert_eq!(runs["items"][0]["id"], turn["run_id"]);
    let run = workspace.one(&["runs", "show", turn["run_id"].as_str().unwrap()]);
    assert_eq!(run["summary"]["status"], "SUCCEEDED");
}

#[test]
fn a_file_is_run_without_being_imported() {
    let workspace = Workspace::new();
    let flow = json!({"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Done"},
        "Done": {"Type": "Pass", "Parameters": {"got.$": "$"}, "End": true},
    }});
    let file = workspace.write("flow.asl.json", &flow.to_string());
    let input = workspace.write("input.json", r#"{"n": 1}"#);

    let told = workspace.one(&["run", &file, "--mock", "Ask={\"x\": 1}"]);
    assert_eq!(told["output"], json!({"got": {"x": 1}}));
    assert_eq!(told["run"]["workflow_name"], "flow.asl.json");
    assert_eq!(
        workspace.one(&["workflows", "list"]),
        json!([]),
        "the workspace stays as it was"
    );

    let (told, code) = workspace.json(&["run", &file, "--fail", "Ask=Boom: too hot"]);
    assert_eq!(
        (code, &told[0]["run"]["error"], &told[0]["run"]["cause"]),
        (1, &json!("Boom"), &json!("too hot"))
    );

    let at = format!("@{input}");
    let (events, code) = workspace.json(&[
        "run",
        &file,
        "--input",
        &at,
        "--mock",
        "/States/Ask=2",
        "--events",
    ]);
    assert_eq!(code, 0);
    assert_eq!(events[0]["event"]["kind"], "ExecutionStarted");
    assert_eq!(events.last().unwrap()["output"], json!({"got": 2}));
    let id = events.last().unwrap()["summary"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let run = workspace.one(&["runs", "show", &id]);
    assert_eq!(run["input"], json!({"n": 1}));
    assert_eq!(run["events"].as_array().unwrap().len(), events.len() - 1);

    let text = String::from_utf8(workspace.awm(&["run", &file, "--mock", "Ask=3"]).stdout).unwrap();
    let output: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(output, json!({"got": 3}), "a person gets the output alone");
}

#[test]
fn an_import_comes_out_byte_for_byte() {
    let workspace = Workspace::new();
    let text = "# A comment stays.\nStartAt:   A\nx-own: [1,2]\nStates:\n  A: {Type: Succeed}\n\n";
    let file = workspace.write("flow.asl.yaml", text);
    workspace.one(&["workflows", "import", &file]);
    let out = workspace.awm(&["workflows", "export", "flow"]);
    assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
}

#[test]
fn what_goes_wrong_has_a_code_and_a_way_out() {
    let workspace = Workspace::new();
    let broken = workspace.write(
        "broken.json",
        "{\"StartAt\": \"A\", \"States\": {\"B\": {\"Type\": \"Pass\"}}}",
    );
    let not_json = workspace.write("text.json", "hello there");
    let flow = workspace.write(
        "fine.json",
        "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}",
    );
    for (arguments, exit, code) in [
        (vec!["run", "nothing"], 3, "AWM-1003"),
        (vec!["run", &broken], 1, "AWM-3003"),
        (vec!["run", &not_json], 1, "AWM-3001"),
        (vec!["run", &flow, "--input", "{"], 2, "AWM-1001"),
        (
            vec!["run", &flow, "--input", "@nowhere.json"],
            3,
            "AWM-1003",
        ),
        (vec!["run", &flow, "--mock", "Ask"], 2, "AWM-1001"),
        (vec!["runs", "show", "nothing"], 3, "AWM-1003"),
        (vec!["ingest", "nowhere"], 3, "AWM-1003"),
        (
            vec!["chat", "--workflow", "nothing", "Hello"],
            3,
            "AWM-1003",
        ),
        (vec!["workflows", "template", "nothing"], 3, "AWM-1003"),
    ] {
        let (told, found) = workspace.json(&arguments);
        let error = &told[0]["error"];
        assert_eq!(
            (error["code"].as_str(), found),
            (Some(code), exit),
            "{arguments:?}: {told:?}"
        );
        assert_ne!(
            error["help"].as_str().unwrap_or_default(),
            "",
            "{arguments:?} has a way out: {error}"
        );
    }
    let (told, code) = workspace.json(&["validate", &broken]);
    assert_eq!((code, &told[0]["valid"]), (1, &json!(false)));
    let found = told[0]["diagnostics"].as_array().unwrap();
    assert!(
        found.len() >= 2 && found.iter().all(|d| d["span"]["line"] == 1),
        "{found:?}"
    );
    let (told, code) = workspace.json(&["validate", &flow]);
    assert_eq!(
        (code, &told[0]["valid"], &told[0]["states"]),
        (0, &json!(true), &json!(1))
    );
    assert_eq!(
        workspace.awm(&["run"]).status.code(),
        Some(2),
        "wrong usage"
    );
}

#[test]
fn a_killed_run_is_there_afterwards_with_all_that_was_shown() {
    let workspace = Workspace::new();
    let flow = json!({"StartAt": "First", "States": {
        "First": {"Type": "Pass", "Next": "Long"},
        "Long": {"Type": "Wait", "Seconds": 600, "End": true},
    }});
    let file = workspace.write("long.json", &flow.to_string());
    let mut child = Command::new(env!("CARGO_BIN_EXE_awm"))
        .arg("--home")
        .arg(workspace.folder.path().join("home"))
        .args(["--json", "run", &file, "--events"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let update: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let waits = update["event"]["kind"] == "WaitStateEntered";
        shown.push(update["event"].clone());
        if waits {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let runs = workspace.one(&["runs", "list"]);
    assert_eq!(runs["items"][0]["status"], "ABORTED");
    assert_eq!(
        runs["items"][0]["cause"],
        "the application ended while the run went on"
    );
    let run = workspace.one(&["runs", "show", runs["items"][0]["id"].as_str().unwrap()]);
    let stored = run["events"].as_array().unwrap();
    assert_eq!(stored[..shown.len()], shown[..], "what was shown is stored");
    assert_eq!(stored.last().unwrap()["kind"], "ExecutionAborted");
}

/// Ctrl-C and the end of a session end the run rather than leave it.
#[cfg(unix)]
#[test]
fn an_interrupted_run_is_stopped() {
    let workspace = Workspace::new();
    let flow = json!({"StartAt": "Long", "States": {"Long": {"Type": "Wait", "Seconds": 600, "End": true}}});
    let file = workspace.write("long.json", &flow.to_string());
    let mut child = Command::new(env!("CARGO_BIN_EXE_awm"))
        .arg("--home")
        .arg(workspace.folder.path().join("home"))
        .args(["--json", "run", &file, "--events"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let entered = |line: &str| line.contains("WaitStateEntered");
    assert!(lines.by_ref().any(|line| entered(&line.unwrap())));
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupt.success());
    let last: Value = serde_json::from_str(&lines.last().unwrap().unwrap()).unwrap();
    assert_eq!(last["summary"]["status"], "ABORTED");
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(
        workspace.one(&["runs", "list"])["items"][0]["cause"],
        Value::Null,
        "stopped on request"
    );
}
