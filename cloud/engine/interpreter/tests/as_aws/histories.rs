//! Events of what a failure ends and cuts.

use crate::world::run;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(state: Value, input: Value, expected: Expect) {
    let definition = json!({ "StartAt": "P", "States": { "P": state, "After": { "Type": "Pass", "End": true } } });
    let (history, outcome) = run(&definition, input);
    let end = outcome.error.unwrap_or_default();
    expected.assert_eq(&format!("{history}{end}\n"));
}

fn branch(name: &str, state: Value) -> Value {
    json!({ "StartAt": name, "States": { name: state } })
}

fn task() -> Value {
    json!({ "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": true })
}

#[test]
fn a_runtime_error_leaves_no_event_but_the_end() {
    let lost = json!({ "Type": "Pass", "Parameters": { "m.$": "$.nope" }, "End": true });
    check(
        json!({ "Type": "Parallel", "Branches": [branch("Fast", lost.clone())], "End": true }),
        json!({}),
        expect![[r#"
            1<0 ExecutionStarted
            2<0 ParallelStateEntered P
            3<2 ParallelStateStarted
            4<3 PassStateEntered Fast
            5<4 ExecutionFailed
            States.Runtime
        "#]],
    );
    check(
        json!({ "Type": "Map", "ItemProcessor": branch("Fast", lost), "End": true }),
        json!([1, 2]),
        expect![[r#"
            1<0 ExecutionStarted
            2<0 MapStateEntered P
            3<2 MapStateStarted
            4<3 MapIterationStarted P 0
            5<3 MapIterationStarted P 1
            6<4 PassStateEntered Fast
            7<6 ExecutionFailed
            States.Runtime
        "#]],
    );
    let mut unsent = task();
    unsent["Parameters"] = json!({ "QueueUrl.$": "$.nope" });
    check(
        json!({ "Type": "Parallel", "Branches": [branch("Send", unsent)], "End": true }),
        json!({}),
        expect![[r#"
            1<0 ExecutionStarted
            2<0 ParallelStateEntered P
            3<2 ParallelStateStarted
            4<3 TaskStateEntered Send
            5<4 ExecutionFailed
            States.Runtime
        "#]],
    );
}

#[test]
fn a_failing_branch_has_those_it_cuts_aborted() {
    let wait = json!({ "Type": "Wait", "Seconds": 20, "End": true });
    check(
        json!({ "Type": "Parallel", "Branches": [branch("Hangs", task()), branch("Fails", task()), branch("Long", wait)], "End": true }),
        json!({}),
        expect![[r#"
            1<0 ExecutionStarted
            2<0 ParallelStateEntered P
            3<2 ParallelStateStarted
            4<3 TaskStateEntered Hangs
            5<4 TaskScheduled
            6<5 TaskStarted
            7<3 TaskStateEntered Fails
            8<7 TaskScheduled
            9<8 TaskStarted
            10<3 WaitStateEntered Long
            11<9 TaskFailed
            12<11 TaskStateAborted
            13<11 TaskStateAborted
            14<11 WaitStateAborted
            15<11 ParallelStateFailed
            16<15 ExecutionFailed
            Boom
        "#]],
    );
}

#[test]
fn a_failing_iteration_has_those_it_cuts_aborted_before_its_own_end() {
    let route = json!({ "StartAt": "Route", "States": {
        "Route": { "Type": "Choice", "Choices": [{ "Variable": "$", "NumericEquals": 1, "Next": "Fails" }], "Default": "Hangs" },
        "Fails": task(),
        "Hangs": task(),
    } });
    check(
        json!({ "Type": "Map", "ItemProcessor": route, "End": true }),
        json!([0, 1]),
        expect![[r#"
            1<0 ExecutionStarted
            2<0 MapStateEntered P
            3<2 MapStateStarted
            4<3 MapIterationStarted P 0
            5<3 MapIterationStarted P 1
            6<4 ChoiceStateEntered Route
            7<6 ChoiceStateExited Route
            8<5 ChoiceStateEntered Route
            9<8 ChoiceStateExited Route
            10<7 TaskStateEntered Hangs
            11<10 TaskScheduled
            12<11 TaskStarted
            13<9 TaskStateEntered Fails
            14<13 TaskScheduled
            15<14 TaskStarted
            16<15 TaskFailed
            17<16 MapIterationAborted P 0
            18<16 TaskStateAborted
            19<16 MapIterationFailed P 1
            20<16 MapStateFailed
            21<20 ExecutionFailed
            Boom
        "#]],
    );
}

#[test]
fn a_catcher_that_fails_fails_the_state_again() {
    check(
        json!({ "Type": "Parallel", "QueryLanguage": "JSONata",
            "Branches": [branch("Boom", json!({ "Type": "Fail", "Error": "MyError" }))],
            "Catch": [
                { "ErrorEquals": ["Other"], "Next": "After" },
                { "ErrorEquals": ["States.ALL"], "Output": { "v": "{% $states.input.missing %}" }, "Next": "After" },
            ], "End": true }),
        json!({}),
        expect![[r#"
            1<0 ExecutionStarted
            2<0 ParallelStateEntered P
            3<2 ParallelStateStarted
            4<3 FailStateEntered Boom
            5<4 ParallelStateFailed
            6<4 EvaluationFailed Catch[1]/Output/v
            7<6 ParallelStateFailed
            8<7 ExecutionFailed
            States.QueryEvaluationError
        "#]],
    );
}

#[test]
fn an_evaluation_that_fails_is_told_at_each_attempt() {
    check(
        json!({ "Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::sqs:sendMessage",
            "Arguments": { "MessageBody": "{% $states.input.missing %}" },
            "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 1 }], "End": true }),
        json!({}),
        expect![[r#"
            1<0 ExecutionStarted
            2<0 TaskStateEntered P
            3<2 EvaluationFailed Arguments/MessageBody
            4<3 EvaluationFailed Arguments/MessageBody
            5<4 ExecutionFailed
            States.QueryEvaluationError
        "#]],
    );
}
