//! Parallel, Map, scopes and limits on a virtual clock.

use crate::world::{Act, play};
use awm_interpreter::Options;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(definition: Value, input: Value, script: &[(&str, Vec<Act>)], expected: Expect) {
    expected.assert_eq(&play(definition, input, script, Options::default()));
}

fn work(name: &str) -> Value {
    json!({ "StartAt": name, "States": { name: { "Type": "Task", "Resource": "${AwmWork}", "End": true } } })
}

fn machine(state: Value) -> Value {
    json!({ "StartAt": "Outer", "States": { "Outer": state } })
}

#[test]
fn branches_run_side_by_side_and_answer_in_order() {
    check(
        machine(json!({ "Type": "Parallel", "Branches": [work("A"), work("B")], "End": true })),
        json!(7),
        &[
            ("A", vec![Act::Gives(300, json!("a"))]),
            ("B", vec![Act::Gives(100, json!("b"))]),
        ],
        expect![[r#"
            0 A 7 #0
            0 B 7 #0
            300 SUCCEEDED ["a","b"]
        "#]],
    );
}

#[test]
fn a_failing_branch_cancels_the_others() {
    check(
        machine(
            json!({ "Type": "Parallel", "Branches": [work("A"), work("B"), work("C")], "End": true }),
        ),
        json!({}),
        &[
            ("A", vec![Act::Hangs]),
            ("B", vec![Act::Fails(50, "Boom")]),
            ("C", vec![Act::Gives(60, json!(1))]),
        ],
        expect![[r#"
            0 A {} #0
            0 B {} #0
            0 C {} #0
            50 cancelled
            50 cancelled
            50 FAILED | Boom | because
        "#]],
    );
}

#[test]
fn a_parallel_state_is_tried_again_as_a_whole() {
    check(
        machine(
            json!({ "Type": "Parallel", "Branches": [work("A"), work("B")], "End": true,
            "Retry": [{ "ErrorEquals": ["Boom"], "MaxAttempts": 1 }] }),
        ),
        json!({}),
        &[
            ("A", vec![Act::Gives(0, json!("a"))]),
            ("B", vec![Act::Fails(0, "Boom"), Act::Gives(0, json!("b"))]),
        ],
        expect![[r#"
            0 A {} #0
            0 B {} #0
            1000 A {} #0
            1000 B {} #0
            1000 SUCCEEDED ["a","b"]
        "#]],
    );
}

#[test]
fn branches_read_outer_variables_and_keep_their_own() {
    let branch = |value: u32| {
        json!({ "StartAt": format!("Set{value}"), "States": {
            format!("Set{value}"): { "Type": "Pass", "Assign": { "own": value }, "Next": format!("Get{value}") },
            format!("Get{value}"): { "Type": "Pass", "Output": "{% [$outer, $own] %}", "End": true },
        } })
    };
    check(
        json!({ "QueryLanguage": "JSONata", "StartAt": "Set", "States": {
            "Set": { "Type": "Pass", "Assign": { "outer": "{% $states.input.n %}" }, "Next": "Both" },
            "Both": { "Type": "Parallel", "Branches": [branch(1), branch(2)], "Assign": { "sum": "{% $sum($states.result[1]) %}" }, "Next": "End" },
            "End": { "Type": "Pass", "Output": { "sum": "{% $sum %}", "own": "{% $exists($own) %}", "all": "{% $states.input %}" }, "End": true },
        } }),
        json!({ "n": 5 }),
        &[],
        expect![[r#"
            0 SUCCEEDED {"sum":7,"own":false,"all":[[5,1],[5,2]]}
        "#]],
    );
}

#[test]
fn a_map_runs_as_many_iterations_at_once_as_it_may() {
    check(
        machine(
            json!({ "Type": "Map", "MaxConcurrency": 2, "ItemProcessor": work("Each"), "End": true }),
        ),
        json!([1, 2, 3]),
        &[(
            "Each",
            vec![
                Act::Gives(100, json!("a")),
                Act::Gives(10, json!("b")),
                Act::Gives(20, json!("c")),
            ],
        )],
        expect![[r#"
            0 Each 1 #0
            0 Each 2 #0
            10 Each 3 #0
            100 SUCCEEDED ["a","b","c"]
        "#]],
    );
}

#[test]
fn a_map_over_nothing_gives_nothing() {
    check(
        machine(json!({ "Type": "Map", "ItemProcessor": work("Each"), "End": true })),
        json!([]),
        &[],
        expect![[r#"
            0 SUCCEEDED []
        "#]],
    );
}

#[test]
fn an_item_selector_reads_the_item_and_the_input() {
    check(
        machine(
            json!({ "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1,
            "ItemSelector": { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "k.$": "$.k" },
            "ItemProcessor": work("Each"), "ResultPath": "$.out", "End": true }),
        ),
        json!({ "items": ["x", "y"], "k": 1 }),
        &[("Each", vec![Act::Gives(0, json!(0))])],
        expect![[r#"
            0 Each {"i":0,"v":"x","k":1} #0
            0 Each {"i":1,"v":"y","k":1} #0
            0 SUCCEEDED {"items":["x","y"],"k":1,"out":[0,0]}
        "#]],
    );
}

#[test]
fn nested_maps_see_their_own_item() {
    check(
        machine(
            json!({ "Type": "Map", "ItemProcessor": { "StartAt": "Inner", "States": { "Inner": {
            "Type": "Map", "ItemSelector": { "inner.$": "$$.Map.Item.Value", "outer.$": "$[0]" },
            "ItemProcessor": { "StartAt": "Leaf", "States": { "Leaf": { "Type": "Pass", "End": true } } }, "End": true } } }, "End": true }),
        ),
        json!([[1, 2], [3]]),
        &[],
        expect![[r#"
            0 SUCCEEDED [[{"inner":1,"outer":1},{"inner":2,"outer":1}],[{"inner":3,"outer":3}]]
        "#]],
    );
}

fn distributed(extra: Value) -> Value {
    let mut processor = work("Each");
    processor["ProcessorConfig"] = json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
    let mut state =
        json!({ "Type": "Map", "MaxConcurrency": 1, "ItemProcessor": processor, "End": true });
    state
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    machine(state)
}

#[test]
fn failures_are_tolerated_up_to_a_count() {
    let acts = vec![
        Act::Gives(0, json!("a")),
        Act::Fails(0, "Boom"),
        Act::Gives(0, json!("c")),
    ];
    check(
        distributed(json!({ "ToleratedFailureCount": 1 })),
        json!([1, 2, 3]),
        &[("Each", acts.clone())],
        expect![[r#"
            0 Each 1 #0
            0 Each 2 #0
            0 Each 3 #0
            0 SUCCEEDED ["a","c"]
        "#]],
    );
    check(
        distributed(json!({ "ToleratedFailurePercentage": 20 })),
        json!([1, 2, 3]),
        &[("Each", acts)],
        expect![[r#"
            0 Each 1 #0
            0 Each 2 #0
            0 FAILED | States.ExceedToleratedFailureThreshold | The specified tolerated failure threshold was exceeded
        "#]],
    );
}

#[test]
fn items_are_read_batched_and_written() {
    check(
        distributed(json!({
            "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" }, "Parameters": { "Bucket.$": "$.bucket", "Key": "items.json" } },
            "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "from.$": "$.bucket" } },
            "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "out" } },
        })),
        json!({ "bucket": "b" }),
        &[("Each", vec![Act::Gives(0, json!(1))])],
        expect![[r#"
            0 reads {"Bucket":"b","Key":"items.json"}
            0 Each {"BatchInput":{"from":"b"},"Items":[{"n":0},{"n":1}]} #0
            0 Each {"BatchInput":{"from":"b"},"Items":[{"n":2},{"n":3}]} #0
            0 Each {"BatchInput":{"from":"b"},"Items":[{"n":4}]} #0
            0 writes 3 results
            0 SUCCEEDED "written"
        "#]],
    );
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
fn waits_take_no_time_here() {
    check(
        json!({ "StartAt": "A", "States": {
            "A": { "Type": "Wait", "Seconds": 3600, "Next": "B" },
            "B": { "Type": "Wait", "SecondsPath": "$.s", "Next": "C" },
            "C": { "Type": "Wait", "Timestamp": "1970-01-02T00:00:00Z", "Next": "D" },
            "D": { "Type": "Wait", "TimestampPath": "$.t", "End": true },
        } }),
        json!({ "s": 60, "t": "1970-01-01T00:00:00Z" }),
        &[],
        expect![[r#"
            0 SUCCEEDED {"s":60,"t":"1970-01-01T00:00:00Z"}
        "#]],
    );
}

#[test]
fn without_a_matching_rule_a_choice_fails() {
    check(
        json!({ "StartAt": "A", "States": {
            "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "StringMatches": "x*z", "Next": "B" }] },
            "B": { "Type": "Succeed" },
        } }),
        json!({ "a": "xy" }),
        &[],
        expect![[r#"
            0 FAILED | States.Runtime | An error occurred while executing the state 'A' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.
        "#]],
    );
}
