//! What each type of state does on redrive.
//!
//! The source of a sentence in quotes is the developer guide, "Restarting state machine executions with redrive"
//! (redrive-executions.html), sections "Redrive behavior of individual states" and "Retry behavior of redriven executions".

use crate::world::{Act, Run};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(definition: Value, script: &[(&'static str, Vec<Act>)], expected: Expect) {
    let told = Run::new(&definition, script)
        .start(json!({ "n": 1 }))
        .redrive()
        .told();
    expected.assert_eq(&told);
}

fn task(extra: Value) -> Value {
    let mut state = json!({ "Type": "Task", "Resource": "${AwmWork}" });
    state
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    state
}

/// "If your workflow execution fails at the Task state, and you redrive the execution, the execution reschedules and then reruns
/// the Task state"; a Pass state before it is not run again.
#[test]
fn a_task_is_scheduled_again_and_what_succeeded_is_not() {
    check(
        json!({ "StartAt": "First", "States": {
            "First": { "Type": "Pass", "Result": { "made": 1 }, "ResultPath": "$.first", "Next": "Work" },
            "Work": task(json!({ "Next": "Last" })),
            "Last": { "Type": "Pass", "End": true },
        } }),
        &[("Work", vec![Act::Fails("Boom"), Act::Echo])],
        expect![[r#"
            0 Work {"n":1,"first":{"made":1}} #0
            FAILED Boom
            redrive 1
            0 Work {"n":1,"first":{"made":1}} #0
            SUCCEEDED {"n":1,"first":{"made":1}}
              9<8 ExecutionRedriven 1
              10<4 LambdaFunctionScheduled
              11<10 LambdaFunctionStarted
              12<11 LambdaFunctionSucceeded
              13<12 TaskStateExited Work
              14<13 PassStateEntered Last
              15<14 PassStateExited Last
              16<15 ExecutionSucceeded
        "#]],
    );
}

/// "the retry attempt count for these states is reset to 0 to allow for the maximum number of attempts on redrive"
#[test]
fn retries_are_counted_from_nothing() {
    check(
        json!({ "StartAt": "Work", "States": {
            "Work": task(json!({ "End": true, "Retry": [{ "ErrorEquals": ["Boom"], "IntervalSeconds": 2, "MaxAttempts": 2 }] })),
        } }),
        &[("Work", vec![Act::Fails("Boom"); 6])],
        expect![[r#"
            0 Work {"n":1} #0
            2000 Work {"n":1} #1
            6000 Work {"n":1} #2
            FAILED Boom
            redrive 1
            0 Work {"n":1} #0
            2000 Work {"n":1} #1
            6000 Work {"n":1} #2
            FAILED Boom
              13<12 ExecutionRedriven 1
              14<2 LambdaFunctionScheduled
              15<14 LambdaFunctionStarted
              16<15 LambdaFunctionFailed
              17<16 LambdaFunctionScheduled
              18<17 LambdaFunctionStarted
              19<18 LambdaFunctionFailed
              20<19 LambdaFunctionScheduled
              21<20 LambdaFunctionStarted
              22<21 LambdaFunctionFailed
              23<22 ExecutionFailed
        "#]],
    );
}

/// "the `TimeoutSeconds` for the state, if defined, is reset to 0"
#[test]
fn a_tasks_time_begins_anew() {
    check(
        json!({ "StartAt": "Work", "States": { "Work": task(json!({ "TimeoutSeconds": 7, "End": true })) } }),
        &[("Work", vec![Act::Hangs, Act::Hangs])],
        expect![[r#"
            0 Work {"n":1} #0
            FAILED States.Timeout
            redrive 1
            0 Work {"n":1} #0
            FAILED States.Timeout
              7<6 ExecutionRedriven 1
              8<2 LambdaFunctionScheduled
              9<8 LambdaFunctionStarted
              10<9 LambdaFunctionTimedOut
              11<10 ExecutionFailed
        "#]],
    );
}

/// "When you redrive an execution, the state machine level timeout, if defined, is reset to 0."
#[test]
fn the_machines_time_begins_anew() {
    check(
        json!({ "StartAt": "Rest", "TimeoutSeconds": 10, "States": {
            "Rest": { "Type": "Wait", "Seconds": 6, "Next": "Work" },
            "Work": task(json!({ "End": true })),
        } }),
        &[("Work", vec![Act::Hangs, Act::Echo])],
        expect![[r#"
            6000 Work {"n":1} #0
            TIMED_OUT States.Timeout
            redrive 1
            0 Work {"n":1} #0
            SUCCEEDED {"n":1}
              8<7 ExecutionRedriven 1
              9<4 LambdaFunctionScheduled
              10<9 LambdaFunctionStarted
              11<10 LambdaFunctionSucceeded
              12<11 TaskStateExited Work
              13<12 ExecutionSucceeded
        "#]],
    );
}

/// "Reenters the Fail state and fails again."
#[test]
fn a_fail_state_is_entered_again() {
    check(
        json!({ "StartAt": "First", "States": {
            "First": { "Type": "Pass", "Next": "No" },
            "No": { "Type": "Fail", "Error": "No", "Cause": "never" },
        } }),
        &[],
        expect![[r#"
            FAILED No
            redrive 1
            FAILED No
              6<5 ExecutionRedriven 1
              7<3 FailStateEntered No
              8<7 ExecutionFailed
        "#]],
    );
}

/// "Reevaluates the Choice state rules.": without a rule that matches it fails again.
#[test]
fn a_choice_is_made_again() {
    check(
        json!({ "StartAt": "Choose", "States": {
            "Choose": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericEquals": 2, "Next": "Yes" }] },
            "Yes": { "Type": "Succeed" },
        } }),
        &[],
        expect![[r#"
            FAILED States.Runtime
            redrive 1
            FAILED States.Runtime
              4<3 ExecutionRedriven 1
              5<2 ExecutionFailed
        "#]],
    );
}

/// "If the state specifies `Timestamp` or `TimestampPath` that refers to a timestamp in the past, redrive causes the Wait state to
/// be exited and enters the state specified in the `Next` field."
#[test]
fn a_wait_for_a_time_that_is_past_is_left_at_once() {
    check(
        json!({ "StartAt": "Rest", "TimeoutSeconds": 5, "States": {
            "Rest": { "Type": "Wait", "Timestamp": "1970-01-01T00:00:20Z", "Next": "Done" },
            "Done": { "Type": "Pass", "End": true },
        } }),
        &[],
        expect![[r#"
            TIMED_OUT States.Timeout
            redrive 1
            SUCCEEDED {"n":1}
              4<3 ExecutionRedriven 1
              5<2 WaitStateExited Rest
              6<5 PassStateEntered Done
              7<6 PassStateExited Done
              8<7 ExecutionSucceeded
        "#]],
    );
}

/// Nothing is said of `Seconds`: the state begins again, as a Task does.
#[test]
fn a_wait_for_seconds_begins_again() {
    check(
        json!({ "StartAt": "Rest", "TimeoutSeconds": 5, "States": {
            "Rest": { "Type": "Wait", "Seconds": 6, "End": true },
        } }),
        &[],
        expect![[r#"
            TIMED_OUT States.Timeout
            redrive 1
            TIMED_OUT States.Timeout
              4<3 ExecutionRedriven 1
              5<4 ExecutionTimedOut
        "#]],
    );
}

/// "it continues the failed execution from the unsuccessful step and uses the same input": variables too.
#[test]
fn variables_are_what_they_were() {
    check(
        json!({ "StartAt": "First", "QueryLanguage": "JSONata", "States": {
            "First": { "Type": "Pass", "Assign": { "x": "{% $states.input.n + 1 %}", "y": [1] }, "Output": "{% 'out' %}", "Next": "Second" },
            "Second": { "Type": "Pass", "Assign": { "x": "{% $x * 10 %}" }, "Next": "Work" },
            "Work": { "Type": "Task", "Resource": "${AwmWork}", "Arguments": "{% {'x': $x, 'y': $y, 'in': $states.input} %}", "End": true },
        } }),
        &[("Work", vec![Act::Fails("Boom"), Act::Echo])],
        expect![[r#"
            0 Work {"x":20,"y":[1],"in":"out"} #0
            FAILED Boom
            redrive 1
            0 Work {"x":20,"y":[1],"in":"out"} #0
            SUCCEEDED {"x":20,"y":[1],"in":"out"}
              11<10 ExecutionRedriven 1
              12<6 LambdaFunctionScheduled
              13<12 LambdaFunctionStarted
              14<13 LambdaFunctionSucceeded
              15<14 TaskStateExited Work
              16<15 ExecutionSucceeded
        "#]],
    );
}

/// The context object's `RedriveCount` and `RedriveTime` ("Accessing execution data from the Context object").
#[test]
fn the_context_object_tells_the_redrive() {
    check(
        json!({ "StartAt": "Work", "States": {
            "Work": task(json!({ "Parameters": { "count.$": "$$.Execution.RedriveCount" }, "Next": "Tell" })),
            "Tell": { "Type": "Pass", "Parameters": {
                "started.$": "$$.Execution.StartTime", "redriven.$": "$$.Execution.RedriveTime", "input.$": "$$.Execution.Input",
            }, "End": true },
        } }),
        &[("Work", vec![Act::Fails("Boom"), Act::Echo])],
        expect![[r#"
            0 Work {"count":0} #0
            FAILED Boom
            redrive 1
            0 Work {"count":1} #0
            SUCCEEDED {"started":"1970-01-01T00:00:00.000Z","redriven":"1970-01-01T00:01:00.000Z","input":{"n":1}}
              7<6 ExecutionRedriven 1
              8<2 LambdaFunctionScheduled
              9<8 LambdaFunctionStarted
              10<9 LambdaFunctionSucceeded
              11<10 TaskStateExited Work
              12<11 PassStateEntered Tell
              13<12 PassStateExited Tell
              14<13 ExecutionSucceeded
        "#]],
    );
}

/// An error that was caught is a step that succeeded: the catcher's way is taken on.
#[test]
fn what_was_caught_stays_caught() {
    check(
        json!({ "StartAt": "Risky", "States": {
            "Risky": task(json!({ "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Mend" }], "End": true })),
            "Mend": task(json!({ "End": true })),
        } }),
        &[
            ("Risky", vec![Act::Fails("Boom")]),
            ("Mend", vec![Act::Fails("Bad"), Act::Echo]),
        ],
        expect![[r#"
            0 Risky {"n":1} #0
            0 Mend {"n":1,"error":{"Error":"Boom","Cause":"because"}} #0
            FAILED Bad
            redrive 1
            0 Mend {"n":1,"error":{"Error":"Boom","Cause":"because"}} #0
            SUCCEEDED {"n":1,"error":{"Error":"Boom","Cause":"because"}}
              12<11 ExecutionRedriven 1
              13<7 LambdaFunctionScheduled
              14<13 LambdaFunctionStarted
              15<14 LambdaFunctionSucceeded
              16<15 TaskStateExited Mend
              17<16 ExecutionSucceeded
        "#]],
    );
}

/// "Restarts unsuccessful executions": an aborted one too.
#[test]
fn an_aborted_run_goes_on() {
    check(
        json!({ "StartAt": "Work", "States": { "Work": task(json!({ "End": true })) } }),
        &[("Work", vec![Act::Hangs, Act::Echo])],
        expect![[r#"
            0 Work {"n":1} #0
            ABORTED
            redrive 1
            0 Work {"n":1} #0
            SUCCEEDED {"n":1}
              6<5 ExecutionRedriven 1
              7<2 LambdaFunctionScheduled
              8<7 LambdaFunctionStarted
              9<8 LambdaFunctionSucceeded
              10<9 TaskStateExited Work
              11<10 ExecutionSucceeded
        "#]],
    );
}

/// An execution may be redriven more than once; each redrive is counted.
#[test]
fn a_run_is_redriven_again_and_again() {
    let definition = json!({ "StartAt": "First", "States": {
        "First": task(json!({ "Next": "Second" })),
        "Second": task(json!({ "End": true })),
    } });
    let script = [
        ("First", vec![Act::Fails("Boom"), Act::Echo]),
        (
            "Second",
            vec![Act::Fails("Bad"), Act::Fails("Worse"), Act::Echo],
        ),
    ];
    let told = Run::new(&definition, &script)
        .start(json!({ "n": 1 }))
        .redrive()
        .redrive()
        .redrive()
        .told();
    expect![[r#"
        0 First {"n":1} #0
        FAILED Boom
        redrive 1
        0 First {"n":1} #0
        0 Second {"n":1} #0
        FAILED Bad
          7<6 ExecutionRedriven 1
          8<2 LambdaFunctionScheduled
          9<8 LambdaFunctionStarted
          10<9 LambdaFunctionSucceeded
          11<10 TaskStateExited First
          12<11 TaskStateEntered Second
          13<12 LambdaFunctionScheduled
          14<13 LambdaFunctionStarted
          15<14 LambdaFunctionFailed
          16<15 ExecutionFailed
        redrive 2
        0 Second {"n":1} #0
        FAILED Worse
          17<16 ExecutionRedriven 2
          18<12 LambdaFunctionScheduled
          19<18 LambdaFunctionStarted
          20<19 LambdaFunctionFailed
          21<20 ExecutionFailed
        redrive 3
        0 Second {"n":1} #0
        SUCCEEDED {"n":1}
          22<21 ExecutionRedriven 3
          23<12 LambdaFunctionScheduled
          24<23 LambdaFunctionStarted
          25<24 LambdaFunctionSucceeded
          26<25 TaskStateExited Second
          27<26 ExecutionSucceeded
    "#]]
    .assert_eq(&told);
}

/// A process that died in the middle of a task: the task is begun again.
#[test]
fn a_run_that_was_cut_off_goes_on() {
    let definition = json!({ "StartAt": "First", "States": {
        "First": task(json!({ "Next": "Second" })),
        "Second": task(json!({ "End": true })),
    } });
    let script = [("First", vec![Act::Echo]), ("Second", vec![Act::Echo])];
    for (cut, expected) in [
        (
            1,
            expect![[r#"
            0 First {"n":1} #0
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
            cut off after 1
            redrive 1
            0 First {"n":1} #0
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
              3<2 ExecutionRedriven 1
              4<0 TaskStateEntered First
              5<4 LambdaFunctionScheduled
              6<5 LambdaFunctionStarted
              7<6 LambdaFunctionSucceeded
              8<7 TaskStateExited First
              9<8 TaskStateEntered Second
              10<9 LambdaFunctionScheduled
              11<10 LambdaFunctionStarted
              12<11 LambdaFunctionSucceeded
              13<12 TaskStateExited Second
              14<13 ExecutionSucceeded
        "#]],
        ),
        (
            3,
            expect![[r#"
            0 First {"n":1} #0
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
            cut off after 3
            redrive 1
            0 First {"n":1} #0
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
              5<4 ExecutionRedriven 1
              6<2 LambdaFunctionScheduled
              7<6 LambdaFunctionStarted
              8<7 LambdaFunctionSucceeded
              9<8 TaskStateExited First
              10<9 TaskStateEntered Second
              11<10 LambdaFunctionScheduled
              12<11 LambdaFunctionStarted
              13<12 LambdaFunctionSucceeded
              14<13 TaskStateExited Second
              15<14 ExecutionSucceeded
        "#]],
        ),
        (
            6,
            expect![[r#"
            0 First {"n":1} #0
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
            cut off after 6
            redrive 1
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
              8<7 ExecutionRedriven 1
              9<6 TaskStateEntered Second
              10<9 LambdaFunctionScheduled
              11<10 LambdaFunctionStarted
              12<11 LambdaFunctionSucceeded
              13<12 TaskStateExited Second
              14<13 ExecutionSucceeded
        "#]],
        ),
        (
            9,
            expect![[r#"
            0 First {"n":1} #0
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
            cut off after 9
            redrive 1
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
              11<10 ExecutionRedriven 1
              12<7 LambdaFunctionScheduled
              13<12 LambdaFunctionStarted
              14<13 LambdaFunctionSucceeded
              15<14 TaskStateExited Second
              16<15 ExecutionSucceeded
        "#]],
        ),
        (
            11,
            expect![[r#"
            0 First {"n":1} #0
            0 Second {"n":1} #0
            SUCCEEDED {"n":1}
            cut off after 11
            redrive 1
            SUCCEEDED {"n":1}
              13<12 ExecutionRedriven 1
              14<11 ExecutionSucceeded
        "#]],
        ),
    ] {
        let told = Run::new(&definition, &script)
            .start(json!({ "n": 1 }))
            .cut_after(cut)
            .redrive()
            .told();
        expected.assert_eq(&told);
    }
}
