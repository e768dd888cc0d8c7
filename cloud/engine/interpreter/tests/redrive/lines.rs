//! Parallel states on redrive.
//!
//! The source of a sentence in quotes is the developer guide, "Restarting state machine executions with redrive"
//! (redrive-executions.html), section "Redrive behavior of individual states".

use crate::world::{Act, Run};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(
    definition: &Value,
    script: &[(&'static str, Vec<Act>)],
    redrives: usize,
    expected: Expect,
) {
    let mut run = Run::new(definition, script).start(json!({ "n": 1 }));
    for _ in 0..redrives {
        run = run.redrive();
    }
    expected.assert_eq(&run.told());
}

fn task(next: Option<&str>) -> Value {
    match next {
        Some(next) => json!({ "Type": "Task", "Resource": "${AwmWork}", "Next": next }),
        None => json!({ "Type": "Task", "Resource": "${AwmWork}", "End": true }),
    }
}

fn both(extra: Value) -> Value {
    let mut state = json!({
        "Type": "Parallel",
        "Branches": [
            { "StartAt": "A", "States": { "A": task(Some("A2")), "A2": { "Type": "Pass", "Result": "a", "End": true } } },
            { "StartAt": "B", "States": { "B": task(None) } },
        ],
        "Next": "Done",
    });
    state
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    json!({ "StartAt": "Both", "States": { "Both": state, "Done": { "Type": "Pass", "End": true } } })
}

/// "Reschedules and redrives only those branches that failed or aborted."
#[test]
fn only_the_branches_that_failed_go_on() {
    check(
        &both(json!({})),
        &[
            ("A", vec![Act::Echo]),
            ("B", vec![Act::Fails("Boom"), Act::Gives(json!("b"))]),
        ],
        1,
        expect![[r#"
            0 A {"n":1} #0
            0 B {"n":1} #0
            FAILED Boom
            redrive 1
            0 B {"n":1} #0
            SUCCEEDED ["a","b"]
              18<17 ExecutionRedriven 1
              19<7 LambdaFunctionScheduled
              20<19 LambdaFunctionStarted
              21<20 LambdaFunctionSucceeded
              22<21 TaskStateExited B
              23<22 ParallelStateSucceeded
              24<22 ParallelStateExited Both
              25<24 PassStateEntered Done
              26<25 PassStateExited Done
              27<26 ExecutionSucceeded
        "#]],
    );
}

/// The same, of a branch that was aborted because another one failed.
#[test]
fn branches_that_were_aborted_go_on_too() {
    check(
        &both(json!({})),
        &[
            ("A", vec![Act::Hangs, Act::Echo]),
            ("B", vec![Act::Fails("Boom"), Act::Gives(json!("b"))]),
        ],
        1,
        expect![[r#"
            0 A {"n":1} #0
            0 B {"n":1} #0
            FAILED Boom
            redrive 1
            0 A {"n":1} #0
            0 B {"n":1} #0
            SUCCEEDED ["a","b"]
              15<14 ExecutionRedriven 1
              16<4 LambdaFunctionScheduled
              17<16 LambdaFunctionStarted
              18<7 LambdaFunctionScheduled
              19<18 LambdaFunctionStarted
              20<17 LambdaFunctionSucceeded
              21<20 TaskStateExited A
              22<21 PassStateEntered A2
              23<22 PassStateExited A2
              24<19 LambdaFunctionSucceeded
              25<24 TaskStateExited B
              26<25 ParallelStateSucceeded
              27<25 ParallelStateExited Both
              28<27 PassStateEntered Done
              29<28 PassStateExited Done
              30<29 ExecutionSucceeded
        "#]],
    );
}

/// "If the state failed because of a `States.DataLimitExceeded` error, the Parallel state is rerun, including the branches that
/// were successful in the original execution attempt."
#[test]
fn all_branches_run_again_when_the_result_was_too_large() {
    let large = json!("x".repeat(150_000));
    // Each branch alone is within the limit, both together are not.
    let definition = json!({ "StartAt": "Both", "States": {
        "Both": { "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "A", "States": { "A": task(None) } },
            { "StartAt": "B", "States": { "B": task(None) } },
        ] },
    } });
    check(
        &definition,
        &[
            ("A", vec![Act::Gives(large.clone()), Act::Gives(json!("a"))]),
            ("B", vec![Act::Gives(large), Act::Gives(json!("b"))]),
        ],
        1,
        expect![[r#"
            0 A {"n":1} #0
            0 B {"n":1} #0
            FAILED States.DataLimitExceeded
            redrive 1
            0 A {"n":1} #0
            0 B {"n":1} #0
            SUCCEEDED ["a","b"]
              17<16 ExecutionRedriven 1
              18<2 ParallelStateStarted
              19<18 TaskStateEntered A
              20<19 LambdaFunctionScheduled
              21<20 LambdaFunctionStarted
              22<18 TaskStateEntered B
              23<22 LambdaFunctionScheduled
              24<23 LambdaFunctionStarted
              25<21 LambdaFunctionSucceeded
              26<25 TaskStateExited A
              27<24 LambdaFunctionSucceeded
              28<27 TaskStateExited B
              29<28 ParallelStateSucceeded
              30<28 ParallelStateExited Both
              31<30 ExecutionSucceeded
        "#]],
    );
}

/// "the retry attempt count for these states is reset to 0": of the Parallel state; its second round runs every branch.
#[test]
fn a_parallel_state_has_all_its_retries_again() {
    check(
        &both(
            json!({ "Retry": [{ "ErrorEquals": ["Boom"], "MaxAttempts": 1, "IntervalSeconds": 1 }] }),
        ),
        &[
            ("A", vec![Act::Echo]),
            (
                "B",
                vec![
                    Act::Fails("Boom"),
                    Act::Fails("Boom"),
                    Act::Fails("Boom"),
                    Act::Gives(json!("b")),
                ],
            ),
        ],
        1,
        expect![[r#"
            0 A {"n":1} #0
            0 B {"n":1} #0
            1000 A {"n":1} #0
            1000 B {"n":1} #0
            FAILED Boom
            redrive 1
            0 B {"n":1} #0
            1000 A {"n":1} #0
            1000 B {"n":1} #0
            SUCCEEDED ["a","b"]
              31<30 ExecutionRedriven 1
              32<20 LambdaFunctionScheduled
              33<32 LambdaFunctionStarted
              34<33 LambdaFunctionFailed
              35<34 TaskStateAborted
              36<34 ParallelStateStarted
              37<36 TaskStateEntered A
              38<37 LambdaFunctionScheduled
              39<38 LambdaFunctionStarted
              40<36 TaskStateEntered B
              41<40 LambdaFunctionScheduled
              42<41 LambdaFunctionStarted
              43<39 LambdaFunctionSucceeded
              44<43 TaskStateExited A
              45<44 PassStateEntered A2
              46<45 PassStateExited A2
              47<42 LambdaFunctionSucceeded
              48<47 TaskStateExited B
              49<48 ParallelStateSucceeded
              50<48 ParallelStateExited Both
              51<50 PassStateEntered Done
              52<51 PassStateExited Done
              53<52 ExecutionSucceeded
        "#]],
    );
}

/// Redriven twice: what the first redrive did stands in the second.
#[test]
fn branches_of_two_redrives_come_together() {
    check(
        &both(json!({})),
        &[
            ("A", vec![Act::Hangs, Act::Echo]),
            (
                "B",
                vec![
                    Act::Fails("Boom"),
                    Act::Fails("Bad"),
                    Act::Gives(json!("b")),
                ],
            ),
        ],
        2,
        expect![[r#"
            0 A {"n":1} #0
            0 B {"n":1} #0
            FAILED Boom
            redrive 1
            0 A {"n":1} #0
            0 B {"n":1} #0
            FAILED Bad
              15<14 ExecutionRedriven 1
              16<4 LambdaFunctionScheduled
              17<16 LambdaFunctionStarted
              18<7 LambdaFunctionScheduled
              19<18 LambdaFunctionStarted
              20<17 LambdaFunctionSucceeded
              21<20 TaskStateExited A
              22<21 PassStateEntered A2
              23<22 PassStateExited A2
              24<19 LambdaFunctionFailed
              25<24 TaskStateAborted
              26<24 ParallelStateFailed
              27<26 ExecutionFailed
            redrive 2
            0 B {"n":1} #0
            SUCCEEDED ["a","b"]
              28<27 ExecutionRedriven 2
              29<7 LambdaFunctionScheduled
              30<29 LambdaFunctionStarted
              31<30 LambdaFunctionSucceeded
              32<31 TaskStateExited B
              33<32 ParallelStateSucceeded
              34<32 ParallelStateExited Both
              35<34 PassStateEntered Done
              36<35 PassStateExited Done
              37<36 ExecutionSucceeded
        "#]],
    );
}

/// Nested states: the innermost that failed goes on, what is done around it stands.
#[test]
fn a_parallel_state_in_a_branch_goes_on() {
    let inner = json!({ "Type": "Parallel", "End": true, "Branches": [
        { "StartAt": "C", "States": { "C": task(None) } },
        { "StartAt": "D", "States": { "D": task(None) } },
    ] });
    let definition = json!({ "StartAt": "Outer", "States": {
        "Outer": { "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "Inner", "States": { "Inner": inner } },
            { "StartAt": "E", "States": { "E": task(None) } },
        ] },
    } });
    check(
        &definition,
        &[
            ("C", vec![Act::Gives(json!("c"))]),
            ("D", vec![Act::Fails("Boom"), Act::Gives(json!("d"))]),
            ("E", vec![Act::Gives(json!("e"))]),
        ],
        1,
        expect![[r#"
            0 E {"n":1} #0
            0 C {"n":1} #0
            0 D {"n":1} #0
            FAILED Boom
            redrive 1
            0 D {"n":1} #0
            SUCCEEDED [["c","d"],"e"]
              24<23 ExecutionRedriven 1
              25<12 LambdaFunctionScheduled
              26<25 LambdaFunctionStarted
              27<26 LambdaFunctionSucceeded
              28<27 TaskStateExited D
              29<28 ParallelStateSucceeded
              30<28 ParallelStateExited Inner
              31<30 ParallelStateSucceeded
              32<30 ParallelStateExited Outer
              33<32 ExecutionSucceeded
        "#]],
    );
}
