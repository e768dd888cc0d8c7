//! Map states on redrive.
//!
//! The source of a sentence in quotes is the developer guide: "Restarting state machine executions with redrive"
//! (redrive-executions.html) and "Redriving Map Runs in Step Functions executions" (redrive-map-run.html).

use crate::world::{Act, Run};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(
    definition: &Value,
    input: Value,
    script: &[(&'static str, Vec<Act>)],
    redrives: usize,
    expected: Expect,
) {
    let mut run = Run::new(definition, script).start(input);
    for _ in 0..redrives {
        run = run.redrive();
    }
    expected.assert_eq(&run.told());
}

fn each(mode: &str, extra: Value) -> Value {
    let mut state = json!({
        "Type": "Map",
        "ItemProcessor": {
            "ProcessorConfig": match mode {
                "INLINE" => json!({ "Mode": "INLINE" }),
                _ => json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }),
            },
            "StartAt": "Work",
            "States": { "Work": { "Type": "Task", "Resource": "${AwmWork}", "End": true } },
        },
        "End": true,
    });
    state
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    json!({ "StartAt": "Each", "States": { "Each": state } })
}

/// "Reschedules and redrives only those iterations that failed or aborted."
#[test]
fn only_the_iterations_that_failed_go_on() {
    check(
        &each("INLINE", json!({})),
        json!([1, 2, 3]),
        &[(
            "Work",
            vec![
                Act::Echo,
                Act::Echo,
                Act::Fails("Boom"),
                Act::Gives(json!("again")),
            ],
        )],
        1,
        expect![[r#"
            0 Work 1 #0
            0 Work 2 #0
            0 Work 3 #0
            FAILED Boom
            redrive 1
            0 Work 3 #0
            SUCCEEDED [1,2,"again"]
              26<25 ExecutionRedriven 1
              27<13 LambdaFunctionScheduled
              28<27 LambdaFunctionStarted
              29<28 LambdaFunctionSucceeded
              30<29 TaskStateExited Work
              31<30 MapIterationSucceeded Each 2
              32<31 MapStateSucceeded
              33<31 MapStateExited Each
              34<33 ExecutionSucceeded
        "#]],
    );
}

/// The same, of iterations that never began.
#[test]
fn iterations_that_never_began_begin() {
    check(
        &each("INLINE", json!({ "MaxConcurrency": 1 })),
        json!([1, 2, 3]),
        &[("Work", vec![Act::Echo, Act::Fails("Boom"), Act::Echo])],
        1,
        expect![[r#"
            0 Work 1 #0
            0 Work 2 #0
            FAILED Boom
            redrive 1
            0 Work 2 #0
            0 Work 3 #0
            SUCCEEDED [1,2,3]
              19<18 ExecutionRedriven 1
              20<12 LambdaFunctionScheduled
              21<20 LambdaFunctionStarted
              22<21 LambdaFunctionSucceeded
              23<22 TaskStateExited Work
              24<23 MapIterationSucceeded Each 1
              25<23 MapIterationStarted Each 2
              26<25 TaskStateEntered Work
              27<26 LambdaFunctionScheduled
              28<27 LambdaFunctionStarted
              29<28 LambdaFunctionSucceeded
              30<29 TaskStateExited Work
              31<30 MapIterationSucceeded Each 2
              32<31 MapStateSucceeded
              33<31 MapStateExited Each
              34<33 ExecutionSucceeded
        "#]],
    );
}

/// An iteration's item and variables are what they were.
#[test]
fn an_iteration_knows_its_item_and_variables() {
    let definition = json!({ "StartAt": "Each", "QueryLanguage": "JSONata", "States": { "Each": {
        "Type": "Map", "Items": [10, 20], "End": true,
        "ItemProcessor": { "StartAt": "Keep", "States": {
            "Keep": { "Type": "Pass", "Assign": { "mine": "{% $states.input + 1 %}" }, "Next": "Work" },
            "Work": { "Type": "Task", "Resource": "${AwmWork}", "End": true,
                "Arguments": "{% {'mine': $mine, 'item': $states.context.Map.Item} %}" },
        } },
    } } });
    check(
        &definition,
        json!({}),
        &[("Work", vec![Act::Echo, Act::Fails("Boom"), Act::Echo])],
        1,
        expect![[r#"
            0 Work {"mine":11,"item":{"Index":0,"Value":10,"Source":"STATE_DATA"}} #0
            0 Work {"mine":21,"item":{"Index":1,"Value":20,"Source":"STATE_DATA"}} #0
            FAILED Boom
            redrive 1
            0 Work {"mine":21,"item":{"Index":1,"Value":20,"Source":"STATE_DATA"}} #0
            SUCCEEDED [{"mine":11,"item":{"Index":0,"Value":10,"Source":"STATE_DATA"}},{"mine":21,"item":{"Index":1,"Value":20,"Source":"STATE_DATA"}}]
              23<22 ExecutionRedriven 1
              24<13 LambdaFunctionScheduled
              25<24 LambdaFunctionStarted
              26<25 LambdaFunctionSucceeded
              27<26 TaskStateExited Work
              28<27 MapIterationSucceeded Each 1
              29<28 MapStateSucceeded
              30<28 MapStateExited Each
              31<30 ExecutionSucceeded
        "#]],
    );
}

/// Only the newest round of a Map state that was tried again counts.
#[test]
fn an_earlier_round_does_not_count() {
    check(
        &each(
            "INLINE",
            json!({ "Retry": [{ "ErrorEquals": ["Boom"], "MaxAttempts": 1, "IntervalSeconds": 1 }] }),
        ),
        json!([1, 2]),
        &[(
            "Work",
            vec![
                Act::Gives(json!("old")),
                Act::Fails("Boom"),
                Act::Fails("Boom"),
                Act::Echo,
            ],
        )],
        1,
        expect![[r#"
            0 Work 1 #0
            0 Work 2 #0
            1000 Work 1 #0
            1000 Work 2 #0
            FAILED Boom
            redrive 1
            0 Work 1 #0
            0 Work 2 #0
            SUCCEEDED [1,2]
              32<31 ExecutionRedriven 1
              33<20 LambdaFunctionScheduled
              34<33 LambdaFunctionStarted
              35<23 LambdaFunctionScheduled
              36<35 LambdaFunctionStarted
              37<34 LambdaFunctionSucceeded
              38<37 TaskStateExited Work
              39<38 MapIterationSucceeded Each 0
              40<36 LambdaFunctionSucceeded
              41<40 TaskStateExited Work
              42<41 MapIterationSucceeded Each 1
              43<42 MapStateSucceeded
              44<42 MapStateExited Each
              45<44 ExecutionSucceeded
        "#]],
    );
}

/// "redrives the unsuccessful child workflow executions in a Map Run"
#[test]
fn only_the_child_executions_that_failed_run_again() {
    check(
        &each("DISTRIBUTED", json!({ "MaxConcurrency": 1 })),
        json!([1, 2, 3]),
        &[(
            "Work",
            vec![
                Act::Echo,
                Act::Fails("Boom"),
                Act::Gives(json!("again")),
                Act::Echo,
            ],
        )],
        1,
        expect![[r#"
            0 Work 1 #0
            0 Work 2 #0
            FAILED States.ExceedToleratedFailureThreshold
            redrive 1
            0 Work 2 #0
            0 Work 3 #0
            SUCCEEDED [1,"again",3]
              8<7 ExecutionRedriven 1
              9<3 MapRunRedriven 1
              10<9 MapRunSucceeded
              11<10 MapStateSucceeded
              12<10 MapStateExited Each
              13<12 ExecutionSucceeded
        "#]],
    );
}

/// A Map Run that is redriven more than once counts its redrives.
#[test]
fn a_map_run_counts_its_redrives() {
    check(
        &each("DISTRIBUTED", json!({})),
        json!([1, 2]),
        &[(
            "Work",
            vec![Act::Echo, Act::Fails("Boom"), Act::Fails("Boom"), Act::Echo],
        )],
        2,
        expect![[r#"
            0 Work 1 #0
            0 Work 2 #0
            FAILED States.ExceedToleratedFailureThreshold
            redrive 1
            0 Work 2 #0
            FAILED States.ExceedToleratedFailureThreshold
              8<7 ExecutionRedriven 1
              9<3 MapRunRedriven 1
              10<9 MapRunFailed
              11<10 MapStateFailed
              12<11 ExecutionFailed
            redrive 2
            0 Work 2 #0
            SUCCEEDED [1,2]
              13<12 ExecutionRedriven 2
              14<3 MapRunRedriven 2
              15<14 MapRunSucceeded
              16<15 MapStateSucceeded
              17<15 MapStateExited Each
              18<17 ExecutionSucceeded
        "#]],
    );
}

/// The parent was stopped: "redrives all the unsuccessful states, including Distributed Map".
#[test]
fn a_map_run_that_was_aborted_goes_on() {
    check(
        &each("DISTRIBUTED", json!({})),
        json!([1, 2]),
        &[("Work", vec![Act::Echo, Act::Hangs, Act::Echo])],
        1,
        expect![[r#"
            0 Work 1 #0
            0 Work 2 #0
            ABORTED
            redrive 1
            0 Work 2 #0
            SUCCEEDED [1,2]
              7<6 ExecutionRedriven 1
              8<3 MapRunRedriven 1
              9<8 MapRunSucceeded
              10<9 MapStateSucceeded
              11<9 MapStateExited Each
              12<11 ExecutionSucceeded
        "#]],
    );
}

/// Results of both attempts are written together.
#[test]
fn results_of_both_attempts_are_written() {
    let extra = json!({
        "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" },
            "Parameters": { "Bucket": "b", "Key": "k" } },
        "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "b" } },
    });
    check(
        &each("DISTRIBUTED", extra),
        json!({}),
        &[(
            "Work",
            vec![
                Act::Echo,
                Act::Fails("Boom"),
                Act::Echo,
                Act::Gives(json!("again")),
            ],
        )],
        1,
        expect![[r#"
            reads
            0 Work 1 #0
            0 Work 2 #0
            0 Work 3 #0
            writes 1=Some("1") 2=None 3=None
            FAILED States.ExceedToleratedFailureThreshold
            redrive 1
            reads
            0 Work 2 #0
            0 Work 3 #0
            writes 1=Some("1") 2=Some("\"again\"") 3=Some("\"again\"")
            SUCCEEDED "written"
              8<7 ExecutionRedriven 1
              9<3 MapRunRedriven 1
              10<9 MapRunSucceeded
              11<10 MapStateSucceeded
              12<10 MapStateExited Each
              13<12 ExecutionSucceeded
        "#]],
    );
}

/// A new Map Run starts where the old one failed by `States.DataLimitExceeded`: "A new Map Run is started and the existing Map Run
/// isn't redriven".
#[test]
fn a_new_map_run_starts_when_the_result_was_too_large() {
    let large = json!("x".repeat(150_000));
    check(
        &each("DISTRIBUTED", json!({})),
        json!([1, 2]),
        &[(
            "Work",
            vec![Act::Gives(large.clone()), Act::Gives(large), Act::Echo],
        )],
        1,
        expect![[r#"
            0 Work 1 #0
            0 Work 2 #0
            FAILED States.DataLimitExceeded
            redrive 1
            0 Work 1 #0
            0 Work 2 #0
            SUCCEEDED [1,2]
              9<8 ExecutionRedriven 1
              10<2 MapStateStarted
              11<10 MapRunStarted
              12<11 MapRunSucceeded
              13<12 MapStateSucceeded
              14<12 MapStateExited Each
              15<14 ExecutionSucceeded
        "#]],
    );
}
