//! Retry, Catch, timeouts and heartbeats on a virtual clock.

use crate::world::{Act, play};
use awm_interpreter::Options;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const FAILING: &[Act] = &[Act::Fails(0, "Boom")];

fn task(extra: Value) -> Value {
    let mut state = json!({ "Type": "Task", "Resource": "${AwmWork}", "End": true });
    state
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    json!({ "StartAt": "Work", "States": {
        "Work": state,
        "Caught": { "Type": "Pass", "End": true },
    } })
}

fn check(extra: Value, acts: &[Act], expected: Expect) {
    let told = play(
        task(extra),
        json!({}),
        &[("Work", acts.to_vec())],
        Options::default(),
    );
    expected.assert_eq(&told);
}

#[test]
fn the_interval_grows_by_the_backoff_rate() {
    check(
        json!({ "Retry": [{ "ErrorEquals": ["Boom"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 3 }] }),
        FAILING,
        expect![[r#"
            0 Work {} #0
            2000 Work {} #1
            8000 Work {} #2
            26000 Work {} #3
            26000 FAILED | Boom | because
        "#]],
    );
}

#[test]
fn what_is_not_said_has_defaults() {
    check(
        json!({ "Retry": [{ "ErrorEquals": ["States.ALL"] }] }),
        FAILING,
        expect![[r#"
            0 Work {} #0
            1000 Work {} #1
            3000 Work {} #2
            7000 Work {} #3
            7000 FAILED | Boom | because
        "#]],
    );
}

#[test]
fn no_interval_is_longer_than_the_longest() {
    check(
        json!({ "Retry": [{ "ErrorEquals": ["Boom"], "IntervalSeconds": 5, "MaxAttempts": 3, "BackoffRate": 10, "MaxDelaySeconds": 7 }] }),
        FAILING,
        expect![[r#"
            0 Work {} #0
            5000 Work {} #1
            12000 Work {} #2
            19000 Work {} #3
            19000 FAILED | Boom | because
        "#]],
    );
}

#[test]
fn full_jitter_waits_for_less_and_the_same_for_the_same_seed() {
    check(
        json!({ "Retry": [{ "ErrorEquals": ["Boom"], "IntervalSeconds": 100, "MaxAttempts": 2, "BackoffRate": 1, "JitterStrategy": "FULL" }] }),
        FAILING,
        expect![[r#"
            0 Work {} #0
            56657 Work {} #1
            131236 Work {} #2
            131236 FAILED | Boom | because
        "#]],
    );
}

#[test]
fn each_retrier_counts_its_own_attempts() {
    check(
        json!({ "Retry": [
            { "ErrorEquals": ["A"], "IntervalSeconds": 1, "MaxAttempts": 1 },
            { "ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 2, "BackoffRate": 1 },
        ] }),
        &[
            Act::Fails(0, "A"),
            Act::Fails(0, "B"),
            Act::Fails(0, "B"),
            Act::Fails(0, "A"),
        ],
        expect![[r#"
            0 Work {} #0
            1000 Work {} #1
            11000 Work {} #2
            21000 Work {} #3
            21000 FAILED | A | because
        "#]],
    );
}

#[test]
fn no_attempts_means_no_retry() {
    check(
        json!({ "Retry": [
            { "ErrorEquals": ["Boom"], "MaxAttempts": 0 },
            { "ErrorEquals": ["States.ALL"], "MaxAttempts": 5 },
        ] }),
        FAILING,
        expect![[r#"
            0 Work {} #0
            0 FAILED | Boom | because
        "#]],
    );
}

#[test]
fn a_failure_is_caught_when_trying_is_over() {
    check(
        json!({
            "Retry": [{ "ErrorEquals": ["Boom"], "MaxAttempts": 1 }],
            "Catch": [{ "ErrorEquals": ["Other"], "Next": "Work" }, { "ErrorEquals": ["States.TaskFailed"], "Next": "Caught", "ResultPath": "$.error" }],
        }),
        FAILING,
        expect![[r#"
            0 Work {} #0
            1000 Work {} #1
            1000 SUCCEEDED {"error":{"Error":"Boom","Cause":"because"}}
        "#]],
    );
}

#[test]
fn a_retry_can_succeed() {
    check(
        json!({ "Retry": [{ "ErrorEquals": ["States.ALL"] }] }),
        &[Act::Fails(500, "Boom"), Act::Gives(200, json!("well"))],
        expect![[r#"
            0 Work {} #0
            1500 Work {} #1
            1700 SUCCEEDED "well"
        "#]],
    );
}

#[test]
fn a_task_that_takes_too_long_is_cancelled() {
    check(
        json!({ "TimeoutSeconds": 30, "Catch": [{ "ErrorEquals": ["States.Timeout"], "Next": "Caught" }] }),
        &[Act::Hangs],
        expect![[r#"
            0 Work {} #0
            30000 cancelled
            30000 SUCCEEDED {"Error":"States.Timeout","Cause":null}
        "#]],
    );
}

#[test]
fn a_timeout_is_no_failure_of_the_task() {
    check(
        json!({ "TimeoutSeconds": 1, "Catch": [{ "ErrorEquals": ["States.TaskFailed"], "Next": "Caught" }] }),
        &[Act::Hangs],
        expect![[r#"
            0 Work {} #0
            1000 cancelled
            1000 FAILED | States.Timeout
        "#]],
    );
}

#[test]
fn each_attempt_has_its_own_timeout() {
    check(
        json!({ "TimeoutSeconds": 5, "Retry": [{ "ErrorEquals": ["States.Timeout"], "MaxAttempts": 1 }] }),
        &[Act::Hangs, Act::Gives(4000, json!(1))],
        expect![[r#"
            0 Work {} #0
            5000 cancelled
            6000 Work {} #1
            10000 SUCCEEDED 1
        "#]],
    );
}

#[test]
fn heartbeats_keep_a_task_alive() {
    check(
        json!({ "HeartbeatSeconds": 10, "TimeoutSeconds": 100 }),
        &[Act::Beats(8_000, 50_000, json!("slow"))],
        expect![[r#"
            0 Work {} #0
            50000 SUCCEEDED "slow"
        "#]],
    );
    check(
        json!({ "HeartbeatSeconds": 10, "TimeoutSeconds": 100 }),
        &[Act::Beats(12_000, 50_000, json!("slow"))],
        expect![[r#"
            0 Work {} #0
            10000 cancelled
            10000 FAILED | States.Timeout
        "#]],
    );
}

#[test]
fn the_machine_itself_can_time_out() {
    let mut machine = task(json!({}));
    machine["TimeoutSeconds"] = json!(60);
    let told = play(
        machine,
        json!({}),
        &[("Work", vec![Act::Hangs])],
        Options::default(),
    );
    expect![[r#"
        0 Work {} #0
        60000 cancelled
        60000 TIMED_OUT | States.Timeout
    "#]]
    .assert_eq(&told);
}
