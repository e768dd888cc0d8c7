//! `awm convert`, and the fixes and pages of `awm validate`, as a program.
#![cfg(test)]

mod program;

use program::fed;
use std::process::{Command, Output};

const DEFINITION: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Parameters": { "n.$": "$.n" }, "Next": "B" },
    "B": { "Type": "Pass", "ResultPath": "$.list[0]", "End": true }
  }
}
"#;

fn awm(arguments: &[&str]) -> Output {
    awm_on(arguments, DEFINITION)
}

fn awm_on(arguments: &[&str], input: &str) -> Output {
    fed(
        Command::new(env!("CARGO_BIN_EXE_awm")).args(arguments),
        input,
    )
}

#[test]
fn what_can_be_converted_is_and_the_rest_is_told() {
    let answer = awm(&["convert", "-", "--plain"]);
    let (text, told) = (
        String::from_utf8(answer.stdout).unwrap(),
        String::from_utf8(answer.stderr).unwrap(),
    );
    assert_eq!(answer.status.code(), Some(1), "{told}");
    assert!(
        text.contains(r#""QueryLanguage": "JSONata""#)
            && text.contains(r#""Output": { "n": "{% $states.input.n %}" }"#)
            && text
                .contains(r#"    "B": { "Type": "Pass", "ResultPath": "$.list[0]", "End": true }"#),
        "{text}"
    );
    assert!(told.contains("RESULT_PATH_INDEX"), "{told}");
}

#[test]
fn one_state_is_converted_to_json() {
    let answer = awm(&["convert", "-", "--state", "A", "--json"]);
    assert_eq!(answer.status.code(), Some(0));
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(answer["converted"], serde_json::json!(["/States/A"]));
    assert_eq!(
        awm(&["convert", "-", "--state", "C"]).status.code(),
        Some(3)
    );
}

#[test]
fn fixes_are_applied_and_pages_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.asl.yaml");
    let text = "# sizes\nStartAt: A\nStates:\n  A:\n    Type: Choice\n    Choices:\n      - Variable: $.x  # the size\n        IsNull: true\n        Next: B\n  B:\n    Type: Succeed\n";
    std::fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap();
    let before = awm(&["validate", name, "--json"]);
    let before: serde_json::Value = serde_json::from_slice(&before.stdout).unwrap();
    assert_eq!(before["diagnostics"][0]["fix"]["safe"], true, "{before}");
    assert!(
        before["diagnostics"][0]["fix"]["edits"][0]["newText"].is_string(),
        "{before}"
    );
    let answer = awm(&["validate", "--fix", name]);
    assert_eq!(answer.status.code(), Some(0));
    let fixed = std::fs::read_to_string(&file).unwrap();
    assert!(
        fixed.contains("Default: NoChoiceMatched") && fixed.contains("# the size"),
        "{fixed}"
    );
    assert!(
        !String::from_utf8(answer.stdout)
            .unwrap()
            .contains("NO_DEFAULT")
    );
    let page = awm(&["validate", "--explain", "no_default"]);
    assert!(page.stdout.starts_with(b"# NO_DEFAULT: "));
    assert_eq!(
        awm(&["validate", "--explain", "NO_SUCH"]).status.code(),
        Some(3)
    );
    let passed_on = awm_on(&["validate", "--fix", "-"], &fixed);
    assert_eq!(
        String::from_utf8(passed_on.stdout).unwrap().trim_end(),
        fixed.trim_end()
    );
}
