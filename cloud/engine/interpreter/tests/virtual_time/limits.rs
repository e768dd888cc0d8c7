//! What runs on and on is ended. How states behave otherwise is held by `tests/conformance/cases`.

use crate::world::{Act, play};
use awm_interpreter::Options;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(definition: Value, input: Value, script: &[(&str, Vec<Act>)], expected: Expect) {
    expected.assert_eq(&play(definition, input, script, Options::default()));
}

#[test]
fn an_endless_loop_ends_at_the_event_limit() {
    let options = Options {
        event_limit: 50,
        ..Options::default()
    };
    let told = play(
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "A" } } }),
        json!({}),
        &[],
        options,
    );
    expect![[r#"
        0 FAILED | States.Runtime | The execution reached the maximum number of history events (50).
    "#]]
    .assert_eq(&told);
}

#[test]
fn data_that_grows_without_end_is_refused() {
    check(
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Parameters": { "a.$": "$" }, "Next": "A" } } }),
        json!({}),
        &[],
        expect![[r#"
            0 FAILED | States.DataLimitExceeded | The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.
        "#]],
    );
    check(
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Parameters": { "a.$": "States.Array($, $)" }, "Next": "A" } } }),
        json!("0123456789"),
        &[],
        expect![[r#"
            0 FAILED | States.DataLimitExceeded | The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.
        "#]],
    );
}

#[test]
fn expressions_that_never_end_are_cut_off() {
    let told = play(
        json!({ "QueryLanguage": "JSONata", "StartAt": "A", "States": { "A": {
            "Type": "Pass", "Output": "{% ($f := function($n) { 1 + $f($n + 1) }; $f(1)) %}", "End": true } } }),
        json!({}),
        &[],
        Options::default(),
    );
    assert!(
        told.contains("FAILED | States.QueryEvaluationError"),
        "{told}"
    );
}

#[test]
fn the_same_seed_waits_the_same() {
    check(
        json!({ "StartAt": "Work", "States": { "Work": { "Type": "Task", "Resource": "${AwmWork}", "End": true,
            "Retry": [{ "ErrorEquals": ["Boom"], "IntervalSeconds": 100, "MaxAttempts": 2, "BackoffRate": 1, "JitterStrategy": "FULL" }] } } }),
        json!({}),
        &[("Work", vec![Act::Fails(0, "Boom")])],
        expect![[r#"
            0 Work {} #0
            56657 Work {} #1
            131236 Work {} #2
            131236 FAILED | Boom | because
        "#]],
    );
}
