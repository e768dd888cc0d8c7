//! The debugger and redrive on the command line, from a pipe.
#![cfg(test)]

use serde_json::{Value, json};
use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let definition = json!({ "StartAt": "Charge", "States": {
            "Charge": { "Type": "Task", "Resource": "${AwmCallApi}", "ResultPath": "$.charge", "Next": "Each" },
            "Each": { "Type": "Map", "ItemsPath": "$.items", "ResultPath": "$.sent", "Next": "Rest", "ItemProcessor": {
                "StartAt": "Send", "States": { "Send": { "Type": "Pass", "End": true } } } },
            "Rest": { "Type": "Wait", "Seconds": 86400, "Next": "Ship" },
            "Ship": { "Type": "Task", "Resource": "${AwmCallApi}", "End": true },
        } });
        std::fs::write(folder.path().join("order.json"), definition.to_string()).unwrap();
        Self { folder }
    }

    fn awm(&self, arguments: &[&str], typed: &str) -> Output {
        let mut awm = Command::new(env!("CARGO_BIN_EXE_awm"))
            .arg("--home")
            .arg(self.folder.path().join("home"))
            .arg("--components")
            .arg(Path::new("no-components"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that refuses its arguments reads nothing.
        let _ = awm.stdin.take().unwrap().write_all(typed.as_bytes());
        awm.wait_with_output().unwrap()
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}[{}]\n",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().unwrap()
    )
}

const INPUT: &str = r#"{"items": [1, 2], "id": 7}"#;

#[test]
fn a_run_is_debugged_from_a_pipe() {
    let workspace = Workspace::new();
    let arguments = [
        "debug",
        "order.json",
        "--input",
        INPUT,
        "--break",
        "Each",
        "-b",
        "error",
        "--mock",
        r#"Charge={"paid": true}"#,
        "--fail",
        "Ship=Broken:no truck",
    ];
    let typed = "b\nc\np $states.input.charge.paid\ns 1\nwhere\nvars\nset input \"mended\"\nback\nn\nn\nfly\nc\ndata\n\
        set result \"shipped\"\nc\nevents 2\nback\nlines\ngoto 2\nb Nowhere\nd 9\np $$$\nc\n";
    let told = said(&workspace.awm(&arguments, typed));
    let expected = expect_test::expect![[r#"
        Charge (Task)
          input  {"items":[1,2],"id":7}
          1 before /States/Each, held 0 times
          2 at any error, held 0 times
        Each (Map), breakpoint 1
          input  {"items":[1,2],"id":7,"charge":{"paid":true}}
        true
        Each iteration 1 > Send (Pass)
          input  2
          Map Each iteration 1
          Pass Send
        Each iteration 1 > Send (Pass)
          input  "mended"
        Each (Map)
          input  {"items":[1,2],"id":7,"charge":{"paid":true}}
          Each → Send → Send
        Rest (Wait)
          input  {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
        Ship (Task)
          input  {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
        there is no command `fly`; `help` lists them
        Ship (Task, has answered), breakpoint 2: it raises Broken
          input  {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
          error  Broken: no truck
          input: {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
          after_input_path: {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
          arguments: {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
          mocked: true
        Ship (Task, has answered), breakpoint 2: it raises Broken
          input  {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
          result "shipped"
        succeeded "shipped"
          25 TaskStateExited Ship
          26 ExecutionSucceeded 
        Ship (Task)
          input  {"items":[1,2],"id":7,"charge":{"paid":true},"sent":[1,2]}
        * 1 Ship (Task)
        Charge (Task)
          input  {"items":[1,2],"id":7}
        there is no state `Nowhere`; there are: Charge, Each, Rest, Ship, Send
        there is no breakpoint 9
        `$$$` is not a path: unexpected `$`
        Each (Map), breakpoint 1
          input  {"items":[1,2],"id":7,"charge":{"paid":true}}
        [0]
    "#]];
    expected.assert_eq(&told);
}

#[test]
fn a_program_reads_json() {
    let workspace = Workspace::new();
    let arguments = [
        "--json",
        "debug",
        "order.json",
        "--input",
        INPUT,
        "--from",
        "Rest",
        "--mock",
        "Ship=1",
    ];
    let output = workspace.awm(&arguments, "n\np $states.input.id\nfly\nc\n");
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert_eq!(lines[0]["threads"][0]["frames"][0]["name"], "Rest");
    assert_eq!(
        lines[1]["threads"][0]["frames"][0]["name"], "Ship",
        "a day takes no time"
    );
    assert_eq!(lines[2], json!({ "value": 7 }));
    assert_eq!(lines[3]["error"]["code"], "AWM-1001");
    assert_eq!(lines[4]["outcome"]["output"], 1);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_can_not_be_debugged_is_told() {
    let workspace = Workspace::new();
    for (arguments, code) in [
        (vec!["debug", "none.json"], 3),
        (vec!["debug", "order.json", "--break", "Nowhere"], 2),
        (vec!["debug", "order.json", "--from", "Nowhere"], 2),
        (vec!["debug", "order.json", "--input", "{"], 2),
        (vec!["debug"], 2),
    ] {
        let output = workspace.awm(&arguments, "c\n");
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?} {}",
            said(&output)
        );
    }
}

#[test]
fn a_failed_run_is_redriven() {
    let workspace = Workspace::new();
    let failed = workspace.awm(
        &[
            "--json",
            "run",
            "order.json",
            "--input",
            r#"{"items": []}"#,
            "--fail",
            "Charge=Broken",
        ],
        "",
    );
    assert_eq!(failed.status.code(), Some(1));
    let run: Value = serde_json::from_slice(&failed.stdout).unwrap();
    let id = run["run"]["id"].as_str().unwrap();
    let again = workspace.awm(
        &[
            "--json",
            "runs",
            "redrive",
            id,
            "--events",
            "--fail",
            "Charge=Worse:still",
        ],
        "",
    );
    assert_eq!(again.status.code(), Some(1));
    let text = String::from_utf8(again.stdout).unwrap();
    let updates: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        updates[0]["event"]["kind"], "ExecutionRedriven",
        "only what is new"
    );
    assert_eq!(updates.last().unwrap()["summary"]["error"], "Worse");
    let refused = workspace.awm(&["runs", "redrive", "none"], "");
    assert_eq!(refused.status.code(), Some(3));
}
