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

#[test]
fn data_of_ten_megabytes_is_refused() {
    let told = play(
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }),
        json!("x".repeat(10_000_000)),
        &[],
        Options::default(),
    );
    expect![[r#"
        0 FAILED | States.DataLimitExceeded | The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.
    "#]]
    .assert_eq(&told);
}

#[test]
fn data_is_nested_only_so_deeply() {
    let mut deep = json!(1);
    for _ in 0..120 {
        deep = json!([deep]);
    }
    for definition in [
        json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }),
        json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": { "A": { "Type": "Pass", "Output": "{% [$states.input] %}", "End": true } } }),
    ] {
        let told = play(definition, deep.clone(), &[], Options::default());
        assert!(told.contains("FAILED"), "{told}");
    }
}

#[test]
fn a_map_over_more_items_than_a_history_holds_ends() {
    let told = play(
        json!({ "StartAt": "M", "QueryLanguage": "JSONata", "States": { "M": { "Type": "Map", "End": true, "Items": "{% [1..100000] %}",
            "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "Output": 0, "End": true } } } } } }),
        json!({}),
        &[],
        Options::default(),
    );
    assert!(
        told.contains("FAILED | States.Runtime") && told.contains("25000"),
        "{told}"
    );
}

#[test]
fn results_of_a_distributed_map_that_are_too_large_fail_it() {
    let told = play(
        json!({ "StartAt": "M", "QueryLanguage": "JSONata", "States": { "M": { "Type": "Map", "End": true, "Items": "{% [1..150000] %}",
            "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "P", "States": { "P": { "Type": "Pass", "Output": 0, "End": true } } } } } }),
        json!({}),
        &[],
        Options::default(),
    );
    assert!(told.contains("States.DataLimitExceeded"), "{told}");
}

#[test]
fn a_choice_of_what_is_not_there_fails() {
    let told = play(
        json!({ "StartAt": "A", "States": {
            "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a.b[3].c", "NumericEquals": 1, "Next": "A" }], "Default": "A" } } }),
        json!({ "a": {} }),
        &[],
        Options::default(),
    );
    expect![[r#"
        0 FAILED | States.Runtime | An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.a.b[3].c': The choice state's condition path references an invalid value.
    "#]]
    .assert_eq(&told);
}

#[test]
fn expressions_that_blow_up_fail_their_state() {
    for expression in [
        "($f := function($n) { $f($n + 1) }; $f(1))",
        "$reduce([1..40], function($s, $n) { $s & $s }, 'xxxxxxxxxx')",
        "$pad('x', 1000000000)",
        "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a+)+$/)",
        "$fromMillis(0, '[Y0000000000000000000000000001]')",
        "$count([1..1e12])",
    ] {
        let told = play(
            json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": {
                "A": { "Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true } } }),
            json!({}),
            &[],
            Options::default(),
        );
        assert!(
            told.contains("States.QueryEvaluationError"),
            "{expression}: {told}"
        );
    }
}

#[test]
fn a_child_execution_that_goes_round_after_a_failing_branch_ends() {
    let told = play(
        json!({ "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "P", "States": {
                "P": { "Type": "Parallel", "End": true, "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "P" }], "Branches": [
                    { "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "Boom" } } },
                    { "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 9, "End": true } } } ] } } } } } }),
        json!([1]),
        &[],
        Options {
            event_limit: 100,
            ..Options::default()
        },
    );
    assert!(
        told.contains("FAILED | States.ExceedToleratedFailureThreshold"),
        "{told}"
    );
}
