//! Without a history data is moved where it would be copied; whoever needs it later still finds it.

use crate::world::play;
use awm_interpreter::Options;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// Runs with a history and without: both tell the same.
fn check(definition: Value, input: Value, expected: Expect) {
    let with = play(definition.clone(), input.clone(), &[], Options::default());
    let options = Options {
        history: false,
        ..Options::default()
    };
    let without = play(definition, input, &[], options);
    assert_eq!(with, without);
    expected.assert_eq(&without);
}

#[test]
fn a_catcher_without_a_history_has_the_raw_input() {
    // The result is written into it, and that is too large.
    check(
        json!({ "StartAt": "A", "States": {
            "A": { "Type": "Parallel", "ResultPath": "$.made", "Next": "B",
                "Branches": [{ "StartAt": "C", "States": { "C": { "Type": "Pass", "End": true } } }],
                "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "B" }] },
            "B": { "Type": "Pass", "Parameters": { "kept.$": "$.kept", "error.$": "$.error.Error" }, "End": true } } }),
        json!({ "kept": 1, "text": "x".repeat(150_000) }),
        expect![[r#"
            0 SUCCEEDED {"kept":1,"error":"States.DataLimitExceeded"}
        "#]],
    );
}

#[test]
fn the_execution_without_a_history_keeps_its_input_for_whoever_reads_it() {
    check(
        json!({ "StartAt": "A", "States": {
            "A": { "Type": "Pass", "InputPath": "$.a", "Next": "B" },
            "B": { "Type": "Pass", "Parameters": { "now.$": "$", "first.$": "$$.Execution.Input" }, "End": true } } }),
        json!({ "a": { "b": [1, 2] } }),
        expect![[r#"
            0 SUCCEEDED {"now":{"b":[1,2]},"first":{"a":{"b":[1,2]}}}
        "#]],
    );
    check(
        json!({ "StartAt": "A", "States": {
            "A": { "Type": "Parallel", "Next": "B", "Branches": [
                { "StartAt": "C", "States": { "C": { "Type": "Pass", "InputPath": "$.a", "End": true } } },
                { "StartAt": "D", "States": { "D": { "Type": "Pass", "Result": 2, "ResultPath": "$.a.c", "End": true } } } ] },
            "B": { "Type": "Succeed" } } }),
        json!({ "a": { "b": 1 } }),
        expect![[r#"
            0 SUCCEEDED [{"b":1},{"a":{"b":1,"c":2}}]
        "#]],
    );
}
