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
    folder.check(
        &["test"],
        expect![[r#"
        order.test.yaml
          ok   charges
          ok   waits for a busy function
        2 passed in 1 file
        exit 0
    "#]],
    );
    folder.write(
        "order.test.yaml",
        &TESTS.replace(
            "paid: true }, path: [Charge]",
            "paid: false }, path: [Charge, Refuse]",
        ),
    );
    folder.check(
        &["test", "order.asl.json", "--coverage"],
        expect![[r#"
        order.test.yaml
          FAIL charges
               output at /paid
                 - expected false
                 + came     true
               path
                 - expected Charge > Refuse
                 + came     Charge
               path Charge; 1 calls, 7 events, 0s of virtual time
          ok   waits for a busy function
          exercised: states 1/2, retriers 1/1, catchers 0/1
            not Refuse /States/Refuse
            not Charge, catcher of Card.Declined to Refuse /States/Charge/Catch/0
        1 passed, 1 failed in 1 file
        exit 1
    "#]],
    );
    folder.check(
        &["test", "--filter", "busy"],
        expect![[r#"
        order.test.yaml
          ok   waits for a busy function
        1 passed in 1 file
        exit 0
    "#]],
    );
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
    folder.check(
        &["test"],
        expect![[r#"
        order.test.yaml
          ok   charges
          ok   waits for a busy function
          FAIL 0 % of the catchers were exercised, 100 % are demanded
          exercised: states 1/2, retriers 1/1, catchers 0/1
            not Refuse /States/Refuse
            not Charge, catcher of Card.Declined to Refuse /States/Charge/Catch/0
        2 passed, 1 files exercise too little in 1 file
        exit 1
    "#]],
    );
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
    folder.check(&["test", "--junit", "report.xml"], expect![[r#"
        a/order.test.yaml
          ERROR a/order.test.yaml:1:20: `expct` is not known here; did you mean `expect`? at /cases/0/expct
        b/broken.test.json
          ERROR b/broken.asl.json:1:1 error MISSING_END_STATE: Workflow has no terminal state
          ERROR b/broken.asl.json:1:59 error MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next
        0 passed, 2 files can't be run in 2 files
        exit 1
    "#]]);
    assert!(folder.read("report.xml").contains("failures=\"2\""));
    folder.check(
        &["test", "c"],
        expect![[r#"
        exit 3
    "#]],
    );
    folder.check(
        &["test", "gone"],
        expect![[r#"
        exit 3
    "#]],
    );
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
    folder.check(
        &["-q", "run", "order.asl.json"],
        expect![[r#"
        1
        exit 0
    "#]],
    );
    // Those of the arguments go before.
    folder.check(
        &[
            "-q",
            "run",
            "order.asl.json",
            "--mock",
            "Charge={\"Payload\": 2}",
        ],
        expect![[r#"
            2
            exit 0
        "#]],
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
        expect![[r#"
            exit 2
        "#]],
    );
    // Without any, the task says what to do.
    let told = folder.json(&["run", "order.asl.json", "--no-mocks"]);
    expect![
        "the function `charge` is not on this machine: mock this task to run it offline [AWM-3004]"
    ]
    .assert_eq(told["run"]["cause"].as_str().unwrap());
}

#[test]
fn tests_take_the_files_of_step_functions_local() {
    let folder = Folder::with(&[
        (
            "flows/order.asl.yaml",
            "StartAt: A\nStates: { A: { Type: Task, Resource: 'arn:aws:states:::dynamodb:getItem', End: true } }\n",
        ),
        (
            "tests/any.test.yaml",
            "workflow: ../flows/order.asl.yaml\nmockFile: MockConfigFile.json\ncases:\n  - { name: a, use: Happy, expect: { output: 1 } }\n  - { name: b, use: 'order#Sad', expect: { error: X } }\n",
        ),
        (
            "tests/MockConfigFile.json",
            r#"{
          "StateMachines": { "order": { "TestCases": { "Happy": { "A": "One" }, "Sad": { "A": "Thrown" } } } },
          "MockedResponses": { "One": { "0": { "Return": 1 } }, "Thrown": { "0-2": { "Throw": { "Error": "X", "Cause": "y" } } } }
        }"#,
        ),
    ]);
    folder.check(
        &["test"],
        expect![[r#"
        tests/any.test.yaml
          ok   a
          ok   b
        2 passed in 1 file
        exit 0
    "#]],
    );
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
    expect![[r#"
        cases:
          - name: a declined card
            input:
              id: 8
            mocks:
              Charge:
                fail:
                  error: Card.Declined
                  cause: none left
            expect:
              status: FAILED
              error: Refused
              cause: no funds
              path:
                - Charge
                - Refuse
    "#]]
    .assert_eq(&format!("cases:\n{}", text.strip_prefix(TESTS).unwrap()));
    folder.check(
        &["test"],
        expect![[r#"
        order.test.yaml
          ok   charges
          ok   waits for a busy function
          ok   a declined card
        3 passed in 1 file
        exit 0
    "#]],
    );
    // Into a new place, the workflow goes along.
    let recorded = folder.awm(&[
        "test",
        "--record",
        id,
        "-o",
        "new.test.json",
        "--name",
        "again",
    ]);
    assert!(recorded.status.success());
    assert_eq!(folder.read("new.asl.json"), ORDER);
    folder.check(
        &["test", "new.test.json"],
        expect![[r#"
        new.test.json
          ok   again
        1 passed in 1 file
        exit 0
    "#]],
    );
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
        expect![[r#"
            exit 4
        "#]],
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
