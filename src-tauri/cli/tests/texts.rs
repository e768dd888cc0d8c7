//! Definitions laid out, drawn, compared, checked, and their states tested: without a workspace.
#![cfg(test)]

mod program;

use expect_test::{Expect, expect};
use program::fed;
use std::{
    path::Path,
    process::{Command, Output},
};

const ASK: &str = r#"{"StartAt":"Ask","States":{
 "Ask": {"Type":"Task","Resource":"${Ask}","X-Note":"kept","TimeoutSeconds":5,
   "Catch":[{"ErrorEquals":["Busy"],"Next":"Over"}],"End":true},
 "Over":{"Type":"Fail","Error":"Over"}}}"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            std::fs::write(folder.0.path().join(name), text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn awm(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awm"));
        command
            .current_dir(self.0.path())
            // Nothing here may need a workspace.
            .env("AWM_HOME", Path::new("/dev/null/nowhere"))
            .args(arguments);
        fed(&mut command, input)
    }

    fn check(&self, arguments: &[&str], input: &str, expected: Expect) {
        let output = self.awm(arguments, input);
        let told = format!(
            "{}{}exit {}\n",
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
            output.status.code().unwrap()
        );
        expected.assert_eq(&told);
    }
}

#[test]
fn fmt_keeps_what_it_must() {
    let yaml = "StartAt:  A # first\n# all\nStates:\n    A: {Type: Pass, Z: 1, End: true}\n";
    let folder = Folder::with(&[("ask.asl.json", ASK), ("a.asl.yaml", yaml)]);
    folder.check(
        &["fmt", "--check", "ask.asl.json", "a.asl.yaml"],
        "",
        expect![[r#"
            ask.asl.json
            a.asl.yaml
            2 of 2 would change
            exit 1
        "#]],
    );
    assert_eq!(folder.read("ask.asl.json"), ASK, "a check changes nothing");
    folder.check(
        &["fmt", "ask.asl.json", "a.asl.yaml"],
        "",
        expect![[r#"
        ask.asl.json
        a.asl.yaml
        2 of 2 changed
        exit 0
    "#]],
    );
    expect![[r#"
        {
          "StartAt": "Ask",
          "States": {
            "Ask": {
              "Type": "Task",
              "Resource": "${Ask}",
              "X-Note": "kept",
              "TimeoutSeconds": 5,
              "Catch": [
                {
                  "ErrorEquals": [
                    "Busy"
                  ],
                  "Next": "Over"
                }
              ],
              "End": true
            },
            "Over": {
              "Type": "Fail",
              "Error": "Over"
            }
          }
        }
    "#]]
    .assert_eq(&folder.read("ask.asl.json"));
    expect![[r#"
        StartAt: A # first
        # all
        States:
          A:
            Type: Pass
            Z: 1
            End: true
    "#]]
    .assert_eq(&folder.read("a.asl.yaml"));
    folder.check(
        &["fmt", "--check", "ask.asl.json", "a.asl.yaml"],
        "",
        expect![[r#"
            0 of 2 would change
            exit 0
        "#]],
    );
    folder.check(
        &["fmt", "--to", "json", "a.asl.yaml"],
        "",
        expect![[r#"
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Pass",
              "Z": 1,
              "End": true
            }
          }
        }
        a.asl.yaml: comments don't go over into JSON
        exit 0
    "#]],
    );
    folder.check(
        &["fmt", "--to", "yaml", "-"],
        r#"{"StartAt": "A", "States": {}}"#,
        expect![[r#"
            StartAt: A
            States: {}
            exit 0
        "#]],
    );
    folder.check(&["fmt", "-"], "{\"StartAt\": ", expect![[r#"
        error: `-` can't be read: 1:1 error INVALID_JSON_DESCRIPTION: this `{` is never closed at / [AWM-3001]
        help: mend the text first; `awm validate` lists everything that is wrong
        exit 1
    "#]]);
}

#[test]
fn graph_draws() {
    let folder = Folder::with(&[("ask.asl.json", ASK)]);
    let output = folder.awm(&["graph", "-"], ASK);
    let svg = String::from_utf8(output.stdout).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(
        svg.contains(">Ask</text>") && svg.contains(">Busy</text>"),
        "{svg}"
    );
    folder.check(
        &["graph", "ask.asl.json", "-o", "a.png", "--theme", "dark"],
        "",
        expect![[r#"
            wrote a.png
            exit 0
        "#]],
    );
    let png = std::fs::read(folder.path("a.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG") && png.len() > 2_000);
    folder.check(
        &["graph", "ask.asl.json", "-o", "a.svg"],
        "",
        expect![[r#"
            wrote a.svg
            exit 0
        "#]],
    );
    assert!(folder.read("a.svg").contains("Ask"));
    folder.check(
        &["graph", "ask.asl.json", "-o", "a.gif"],
        "",
        expect![[r#"
            error: `a.gif` ends in neither `.svg` nor `.png` [AWM-1001]
            help: the file's ending tells what is written
            exit 2
        "#]],
    );
    folder.check(
        &["graph", "ask.asl.json", "-o", "a.png", "--scale", "1e9"],
        "",
        expect![[r#"
            error: a PNG of 1000000000 times 464 pixels has a side beyond 0 to 16000 [AWM-1001]
            help: give a smaller `--scale`, or write an SVG
            exit 2
        "#]],
    );
}

#[test]
fn diff_tells_what_it_means() {
    let yaml = "States:\n  Over: {Error: Over, Type: Fail}\n  Ask: {Type: Task, Resource: '${Ask}', TimeoutSeconds: 5.0, X-Note: kept, End: true, Catch: [{Next: Over, ErrorEquals: [Busy]}]}\nStartAt: Ask\n";
    let changed = ASK
        .replace("\"Over\"", "\"The end\"")
        .replace("TimeoutSeconds\":5", "TimeoutSeconds\":9");
    let folder = Folder::with(&[("a.json", ASK), ("a.yaml", yaml), ("b.json", &changed)]);
    folder.check(
        &["diff", "a.json", "a.yaml"],
        "",
        expect![[r#"
        no difference
        exit 0
    "#]],
    );
    folder.check(
        &["diff", "a.json", "-"],
        &changed,
        expect![[r#"
        Ask
          ~ /States/Ask/TimeoutSeconds: 5 -> 9
        ~ state Over renamed to The end (/States/The end)
        The end
          ~ /States/The end/Error: "Over" -> "The end"
        3 differences
        exit 1
    "#]],
    );
    folder.check(
        &["--json", "diff", "a.json", "b.json"],
        "",
        expect![[r#"
            {"same":false,"differences":[{"kind":"changed","pointer":"/States/Ask/TimeoutSeconds","state":"Ask","before":5,"after":9},{"kind":"stateRenamed","pointer":"/States/The end","state":"The end","before":"Over","after":"The end"},{"kind":"changed","pointer":"/States/The end/Error","state":"The end","before":"Over","after":"The end"}]}
            exit 1
        "#]],
    );
    folder.check(
        &["diff", "a.json", "gone.json"],
        "",
        expect![[r#"
        error: `gone.json` can't be read: No such file or directory (os error 2) [AWM-1003]
        help: check the path
        exit 3
    "#]],
    );
}

#[test]
fn validate_takes_several_files() {
    let folder = Folder::with(&[
        ("ask.asl.json", ASK),
        (
            "bad.asl.json",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}"#,
        ),
    ]);
    folder.check(
        &["validate", "ask.asl.json", "bad.asl.json", "gone.json"],
        "",
        expect![[r#"
            ask.asl.json:2:2 error SCHEMA_VALIDATION_FAILED: Field 'X-Note' is not supported at /States/Ask
            ask.asl.json:2:2 info NO_RETRY: this Task gives up at its first failure at /States/Ask
                add a Retry for errors that pass, such as `States.Timeout`
            not valid: 2 states, 1 errors, 0 warnings
            bad.asl.json:1:1 error MISSING_END_STATE: Workflow has no terminal state
                let one state have `"End": true`, or add a Succeed or Fail state
            bad.asl.json:1:29 error SCHEMA_VALIDATION_FAILED: These fields are required: [Next] or [End] at /States/A
            not valid: 1 states, 2 errors, 0 warnings
            error: `gone.json` can't be read: No such file or directory (os error 2) [AWM-1003]
            help: check the path
            exit 1
        "#]],
    );
    let output = folder.awm(&["--json", "validate", "-", "bad.asl.json"], ASK);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["valid"], false);
    assert_eq!(told["files"][0]["file"], "-");
    assert_eq!(
        told["files"][1]["diagnostics"][0]["severity"], "ERROR",
        "{told}"
    );
}

#[test]
fn test_state_answers_as_aws_does() {
    let folder = Folder::with(&[("ask.asl.json", &ASK.replace("\"X-Note\":\"kept\",", ""))]);
    folder.check(
        &[
            "test-state",
            "ask.asl.json",
            "--state",
            "Ask",
            "--input",
            "{\"a\": 1}",
            "--mock",
            "{\"b\": 2}",
            "--level",
            "debug",
        ],
        "",
        expect![[r#"
            SUCCEEDED
            output    {
              "b": 2
            }
            input     {"a":1}
            afterInputPath {"a":1}
            afterParameters {"a":1}
            result    {"b":2}
            afterResultSelector {"b":2}
            afterResultPath {"b":2}
            exit 0
        "#]],
    );
    folder.check(
        &[
            "--json",
            "test-state",
            "ask.asl.json",
            "--fail",
            "Busy: later",
            "--level",
            "info",
        ],
        "",
        expect![[r#"
            {"output":"{\"Error\":\"Busy\",\"Cause\":\"later\"}","error":"Busy","cause":"later","nextState":"Over","status":"CAUGHT_ERROR"}
            exit 0
        "#]],
    );
    folder.check(
        &["test-state", "ask.asl.json", "--fail", "Broken"],
        "",
        expect![[r#"
            FAILED
            error     Broken
            cause     
            exit 1
        "#]],
    );
    folder.check(
        &["test-state", "-", "--input", "{\"a\": 1}"],
        "Type: Pass\nOutputPath: $.a\nEnd: true\n",
        expect![[r#"
            SUCCEEDED
            output    1
            exit 0
        "#]],
    );
    folder.check(
        &[
            "test-state",
            "ask.asl.json",
            "--state",
            "Gone",
            "--mock",
            "1",
        ],
        "",
        expect![[r#"
            error: the test is refused: State not found in definition [AWM-1001]
            help: a state that calls something needs `--mock` or `--fail`
            exit 2
        "#]],
    );
}

/// Whatever comes in, there is an answer: no panic, no endless work.
#[test]
fn bad_input_gets_an_answer() {
    let folder = Folder::with(&[]);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let inputs = [
        String::new(),
        "\u{0}\u{1}".to_owned(),
        "- ".repeat(50_000),
        deep.clone(),
        format!("{{\"StartAt\": \"A\", \"States\": {{\"A\": {deep}}}}}"),
        format!("{{\"StartAt\": \"{}\", \"States\": {{}}}}", "a".repeat(10 << 20)),
        "StartAt: &a [*a]\nStates: *a\n".to_owned(),
        r#"{"StartAt": 1, "States": {"A": 7, "B": {"Type": "Map", "ItemProcessor": {"States": []}}, "C": {"Type": "Choice", "Choices": [1e999]}}}"#.to_owned(),
    ];
    for input in &inputs {
        let start: String = input.chars().take(30).collect();
        std::fs::write(folder.path("x.test.yaml"), input).unwrap();
        std::fs::write(folder.path("x.asl.json"), input).unwrap();
        std::fs::write(folder.path("x.mocks.yaml"), input).unwrap();
        for arguments in [
            &["fmt", "-"][..],
            &["fmt", "--to", "yaml", "-"],
            &["fmt", "--to", "json", "-"],
            &["graph", "-"],
            &["graph", "-", "-o", "a.png"],
            &["diff", "-", "x.asl.json"],
            &["test-state", "-"],
            &["validate", "-"],
            &["test", "x.test.yaml"],
        ] {
            let output = folder.awm(arguments, input);
            let code = output.status.code();
            assert!(
                matches!(code, Some(0..=3)),
                "{arguments:?} {start:?}: {code:?} {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}

#[test]
fn completions_are_there_for_every_shell() {
    let folder = Folder::with(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = folder.awm(&["completions", shell], "");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains("test-state") && text.contains("junit"),
            "{shell}"
        );
    }
}

#[test]
fn help_tells_exit_codes_and_examples() {
    let folder = Folder::with(&[]);
    let help = |arguments: &[&str]| String::from_utf8(folder.awm(arguments, "").stdout).unwrap();
    assert!(help(&["--help"]).contains("Exit codes: 0 done, 1 failed"));
    for command in [
        "run",
        "test",
        "test-state",
        "fmt",
        "graph",
        "diff",
        "completions",
    ] {
        assert!(
            help(&[command, "--help"]).contains("Examples:"),
            "{command}"
        );
    }
}
