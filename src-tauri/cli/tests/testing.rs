//! `awm test`, mock files and recorded runs, without anything of the network.
#![cfg(test)]

use expect_test::{Expect, expect};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

const ORDER: &str = r#"{
  "StartAt": "Charge",
  "States": {
    "Charge": {
      "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "charge", "Payload.$": "$" },
      "Retry": [{ "ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 1 }],
      "Catch": [{ "ErrorEquals": ["Card.Declined"], "Next": "Refuse" }],
      "OutputPath": "$.Payload", "End": true
    },
    "Refuse": { "Type": "Fail", "Error": "Refused", "Cause": "no funds" }
  }
}"#;

const TESTS: &str = r"# The order.
mocks: { Charge: { return: { Payload: { paid: true } } } }
cases:
  # The usual way.
  - name: charges
    input: { id: 7 }
    expect: { output: { paid: true }, path: [Charge] }
  - name: waits for a busy function
    faults: { Charge: throttle }
    expect: { duration: 1s }
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awm"));
        command
            .current_dir(self.0.path())
            .env("AWM_HOME", self.0.path().join("home"))
            .env("AWM_COMPONENTS", Path::new("no-components"))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn awm(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What it says on standard output and its exit code, times left out.
    fn check(&self, arguments: &[&str], expected: Expect) {
        let output = self.awm(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        let mut told: String = text
            .lines()
            .map(|line| match line.rsplit_once(", ") {
                Some((line, time)) if time.ends_with(" s") => format!("{line}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        told.push_str(&format!("exit {}\n", output.status.code().unwrap()));
        expected.assert_eq(&told);
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(arguments);
        let output = self.awm(&all);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!(
                "{arguments:?}: {error}: {}",
                String::from_utf8_lossy(&output.stderr)
            )
        })
    }
}

#[test]
fn tests_pass_and_fail() {
    let folder = Folder::with(&[("order.asl.json", ORDER), ("order.test.yaml", TESTS)]);
    folder.check(&["test"], expect![[r#""#]]);
    folder.write(
        "order.test.yaml",
        &TESTS.replace(
            "paid: true }, path: [Charge]",
            "paid: false }, path: [Charge, Refuse]",
        ),
    );
    folder.check(&["test", "order.asl.json", "--coverage"], expect![[r#""#]]);
    folder.check(&["test", "--filter", "busy"], expect![[r#""#]]);
    let told = folder.json(&["test"]);
    assert_eq!(told["passed"], false);
    assert_eq!(told["cases"]["failed"], 1);
    assert_eq!(
        told["files"][0]["cases"][0]["failures"][0]["pointer"],
        "/paid"
    );
}

#[test]
fn a_minimum_of_coverage_fails() {
    let folder = Folder::with(&[
        ("order.asl.json", ORDER),
        (
            "order.test.yaml",
            &format!("coverage: {{ catchers: 100 }}\n{TESTS}"),
        ),
    ]);
    folder.check(&["test"], expect![[r#""#]]);
}

#[test]
fn what_can_not_be_run_is_told() {
    let folder = Folder::with(&[
        ("a/order.test.yaml", "cases: [{ name: a, expct: 1 }]"),
        ("a/order.asl.json", ORDER),
        (
            "b/broken.asl.json",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#,
        ),
        ("b/broken.test.json", r#"{"cases": [{"name": "a"}]}"#),
        ("c/alien.test.json", "[]"),
        ("node_modules/x/y.test.json", "[]"),
    ]);
    folder.check(&["test", "--junit", "report.xml"], expect![[r#""#]]);
    assert!(folder.read("report.xml").contains("failures=\"2\""));
    folder.check(&["test", "c"], expect![[r#""#]]);
    folder.check(&["test", "gone"], expect![[r#""#]]);
}

#[test]
fn a_run_takes_mocks_of_a_file() {
    let aws = r#"{
      "StateMachines": { "order": { "TestCases": { "Busy": { "Charge": "Busy" } } } },
      "MockedResponses": { "Busy": {
        "0": { "Throw": { "Error": "Card.Declined", "Cause": "no" } }
      } }
    }"#;
    let folder = Folder::with(&[
        ("order.asl.json", ORDER),
        (
            "order.mocks.yaml",
            "mocks: { Charge: [{ fault: throttle }, { return: { Payload: 1 } }] }",
        ),
        ("MockConfigFile.json", aws),
    ]);
    // The mocks beside the workflow: the first call is throttled, the second succeeds.
    folder.check(&["-q", "run", "order.asl.json"], expect![[r#""#]]);
    // Those of the arguments go before.
    folder.check(
        &[
            "-q",
            "run",
            "order.asl.json",
            "--mock",
            "Charge={\"Payload\": 2}",
        ],
        expect![[r#""#]],
    );
    let told = folder.json(&[
        "run",
        "order.asl.json",
        "--mocks",
        "MockConfigFile.json#Busy",
    ]);
    assert_eq!(told["run"]["error"], "Refused");
    folder.check(
        &[
            "-q",
            "run",
            "order.asl.json",
            "--mocks",
            "MockConfigFile.json",
        ],
        expect![[r#""#]],
    );
    // Without any, the task says what to do.
    let told = folder.json(&["run", "order.asl.json", "--no-mocks"]);
    expect![[r#""#]].assert_eq(told["run"]["cause"].as_str().unwrap());
}

#[test]
fn a_run_becomes_a_case() {
    let folder = Folder::with(&[("order.asl.json", ORDER), ("order.test.yaml", TESTS)]);
    let run = folder.json(&[
        "run",
        "order.asl.json",
        "--input",
        r#"{"id": 8}"#,
        "--fail",
        "Charge=Card.Declined:none left",
    ]);
    let id = run["run"]["id"].as_str().unwrap();
    let recorded = folder.awm(&[
        "test",
        "--record",
        id,
        "-o",
        "order.test.yaml",
        "--name",
        "a declined card",
    ]);
    assert!(
        recorded.status.success(),
        "{}",
        String::from_utf8_lossy(&recorded.stderr)
    );
    let text = folder.read("order.test.yaml");
    assert!(text.starts_with(TESTS), "what was there stays:\n{text}");
    expect![[r#""#]].assert_eq(text.strip_prefix(TESTS).unwrap());
    folder.check(&["test"], expect![[r#""#]]);
    // Into a new place, the workflow goes along.
    let recorded = folder.awm(&["test", "--record", id, "-o", "new.test.json"]);
    assert!(recorded.status.success());
    assert_eq!(folder.read("new.asl.json"), ORDER);
    folder.check(&["test", "new.test.json"], expect![[r#""#]].clone());
    folder.check(
        &[
            "test",
            "--record",
            id,
            "-o",
            "order.test.yaml",
            "--name",
            "charges",
        ],
        expect![[r#""#]],
    );
}

/// Ends the process whatever becomes of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn watching_runs_again_on_a_change() {
    let folder = Folder::with(&[("order.asl.json", ORDER), ("order.test.yaml", TESTS)]);
    let mut running = Running(
        folder
            .command(&["test", "--watch"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut verdict = || {
        lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.contains(" passed"))
            .unwrap()
    };
    assert!(verdict().starts_with("2 passed in"));
    folder.write(
        "order.test.yaml",
        &TESTS.replace("duration: 1s", "duration: 2s"),
    );
    assert!(verdict().starts_with("1 passed, 1 failed in"));
}
