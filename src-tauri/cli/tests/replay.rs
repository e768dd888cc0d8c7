//! Recorded executions on the command line: replayed, forked, taken in.
#![cfg(test)]

use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let definition = json!({ "StartAt": "Ask", "States": {
        "Ask": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:ask", "Next": "Choose" },
        "Choose": { "Type": "Choice", "Choices": [{ "Variable": "$.good", "BooleanEquals": true, "Next": "Good" }], "Default": "Bad" },
        "Good": { "Type": "Pass", "Parameters": { "id.$": "States.UUID()" }, "End": true },
        "Bad": { "Type": "Fail", "Error": "Bad", "Cause": "not good" },
    } });
    std::fs::write(folder.path().join("ask.json"), definition.to_string()).unwrap();
    let resource = "arn:aws:lambda:us-east-1:123456789012:function:ask";
    let history = json!({ "events": [
        { "timestamp": 1700000000.0, "id": 1, "previousEventId": 0, "type": "ExecutionStarted", "executionStartedEventDetails": { "input": "{}", "roleArn": "r" } },
        { "timestamp": 1700000000.5, "id": 2, "previousEventId": 0, "type": "TaskStateEntered", "stateEnteredEventDetails": { "name": "Ask", "input": "{}" } },
        { "timestamp": 1700000000.5, "id": 3, "previousEventId": 2, "type": "LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails": { "resource": resource, "input": "{}" } },
        { "timestamp": 1700000000.6, "id": 4, "previousEventId": 3, "type": "LambdaFunctionStarted" },
        { "timestamp": 1700000002.0, "id": 5, "previousEventId": 4, "type": "LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails": { "output": "{\"good\":false}" } },
        { "timestamp": 1700000002.0, "id": 6, "previousEventId": 5, "type": "TaskStateExited", "stateExitedEventDetails": { "name": "Ask", "output": "{\"good\":false}" } },
        { "timestamp": 1700000002.0, "id": 7, "previousEventId": 6, "type": "ChoiceStateEntered", "stateEnteredEventDetails": { "name": "Choose", "input": "{\"good\":false}" } },
        { "timestamp": 1700000002.0, "id": 8, "previousEventId": 7, "type": "ChoiceStateExited", "stateExitedEventDetails": { "name": "Choose", "output": "{\"good\":false}" } },
        { "timestamp": 1700000002.0, "id": 9, "previousEventId": 8, "type": "FailStateEntered", "stateEnteredEventDetails": { "name": "Bad", "input": "{\"good\":false}" } },
        { "timestamp": 1700000002.0, "id": 10, "previousEventId": 9, "type": "ExecutionFailed", "executionFailedEventDetails": { "error": "Bad", "cause": "not good" } },
    ] });
    std::fs::write(folder.path().join("history.json"), history.to_string()).unwrap();
    folder
}

fn awm(folder: &tempfile::TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_awm"))
        .arg("--home")
        .arg(folder.path().join("home"))
        .arg("--components")
        .arg(Path::new("no-components"))
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}[{}]\n",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().unwrap()
    )
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_history_is_replayed() {
    let folder = folder();
    let told = said(&awm(&folder, &["replay", "ask.json", "history.json"]));
    expect_test::expect![[r#"
           2 Ask 1.500 s: {"good":false}
           7 Choose 0.000 s: {"good":false}
           9 Bad: not left
        reproduced: 10 events
        [0]
    "#]]
    .assert_eq(&told);
    let told = json(&awm(
        &folder,
        &["--json", "replay", "ask.json", "history.json"],
    ));
    assert_eq!(told["reproduced"], true);
    assert_eq!(told["states"][0]["milliseconds"], 1500);
    assert_eq!(
        told["states"][0]["data"]["result"],
        json!({ "good": false })
    );
    assert_eq!(told["outcome"]["error"], "Bad");
}

#[test]
fn a_history_of_another_definition_is_told() {
    let folder = folder();
    let text = std::fs::read_to_string(folder.path().join("ask.json")).unwrap();
    std::fs::write(
        folder.path().join("other.json"),
        text.replace("not good", "worse"),
    )
    .unwrap();
    let told = said(&awm(&folder, &["replay", "other.json", "history.json"]));
    expect_test::expect![[r#"
           2 Ask 1.500 s: {"good":false}
           7 Choose 0.000 s: {"good":false}
           9 Bad: not left
        event 10 ExecutionFailed : recorded {"error":"Bad","cause":"not good"}, but replayed {"error":"Bad","cause":"worse"}
        not reproduced: 1 differences
        [1]
    "#]].assert_eq(&told);
}

#[test]
fn a_history_is_forked() {
    let folder = folder();
    let told = said(&awm(
        &folder,
        &[
            "replay",
            "ask.json",
            "history.json",
            "--fork",
            "7",
            "--input",
            r#"{"good": true}"#,
            "--json",
        ],
    ));
    assert!(told.contains(r#""status":"SUCCEEDED""#), "{told}");
    let told = said(&awm(
        &folder,
        &["replay", "ask.json", "history.json", "--fork", "9"],
    ));
    expect_test::expect![[r#"
           9 FailStateEntered Bad {"good":false}
          10 ExecutionFailed Bad "Bad"
        failed Bad: not good
        [1]
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_history_becomes_a_run_that_can_be_redriven() {
    let folder = folder();
    let run = json(&awm(
        &folder,
        &["--json", "runs", "import", "ask.json", "history.json"],
    ));
    assert_eq!(
        (&run["status"], &run["events"]),
        (&json!("FAILED"), &json!(10)),
        "{run}"
    );
    assert_eq!(
        (&run["started_at"], &run["ended_at"]),
        (&json!(1_700_000_000_000_i64), &json!(1_700_000_002_000_i64))
    );
    let shown = said(&awm(
        &folder,
        &["runs", "show", run["id"].as_str().unwrap()],
    ));
    assert!(shown.contains("Choose"), "{shown}");
    let refused = said(&awm(
        &folder,
        &["runs", "redrive", run["id"].as_str().unwrap()],
    ));
    assert!(refused.contains("14 days"), "{refused}");
}

#[test]
fn what_can_not_be_replayed_is_told() {
    let folder = folder();
    std::fs::write(folder.path().join("none.json"), "[]").unwrap();
    for (arguments, code) in [
        (vec!["replay", "ask.json", "none.json"], 2),
        (vec!["replay", "ask.json", "gone.json"], 3),
        (vec!["replay", "gone.json", "history.json"], 3),
        (vec!["replay", "history.json", "history.json"], 1),
        (
            vec!["replay", "ask.json", "history.json", "--fork", "99"],
            2,
        ),
        (
            vec!["replay", "ask.json", "history.json", "--input", "1"],
            2,
        ),
        (vec!["replay", "ask.json", "history.json", "--arn", "x"], 2),
        (vec!["runs", "import", "ask.json", "none.json"], 2),
    ] {
        let output = awm(&folder, &arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?} {}",
            said(&output)
        );
    }
}
