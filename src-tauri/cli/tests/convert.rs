//! `awm convert` as a program.
#![cfg(test)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const DEFINITION: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Parameters": { "n.$": "$.n" }, "Next": "B" },
    "B": { "Type": "Pass", "ResultPath": "$.list[0]", "End": true }
  }
}
"#;

fn awm(arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_awm"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(DEFINITION.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
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
