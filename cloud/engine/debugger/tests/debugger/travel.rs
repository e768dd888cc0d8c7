//! Back in time.

use crate::world::{Play, each, row};
use expect_test::{Expect, expect};
use serde_json::json;

fn check(play: Play, script: &str, expected: Expect) {
    expected.assert_eq(&play.script(script));
}

#[test]
fn back_and_forth_asks_no_task_twice() {
    check(
        Play::new(&row(), json!(1)).answering("First", vec![Ok(json!("one")), Ok(json!("other"))]),
        "step
         step
         back
         back
         back
         continue
         events",
        expect![[r#"
            > step
              does First 1
              Step: Second Entering "one"
            > step
              does Second "one"
              Step: Third Entering "one"
            > back
              Back: Second Entering "one"
            > back
              Back: First Entering 1
            > back
              refused: this is the beginning
              Back: First Entering 1
            > continue
              does Third "one"
              SUCCEEDED "one"
            > events
              1 ExecutionStarted 
              2 TaskStateEntered First
              3 LambdaFunctionScheduled 
              4 LambdaFunctionStarted 
              5 LambdaFunctionSucceeded 
              6 TaskStateExited First
              7 TaskStateEntered Second
              8 LambdaFunctionScheduled 
              9 LambdaFunctionStarted 
              10 LambdaFunctionSucceeded 
              11 TaskStateExited Second
              12 TaskStateEntered Third
              13 LambdaFunctionScheduled 
              14 LambdaFunctionStarted 
              15 LambdaFunctionSucceeded 
              16 TaskStateExited Third
              17 ExecutionSucceeded 
        "#]],
    );
}

#[test]
fn a_task_with_other_arguments_is_asked() {
    check(
        Play::new(&row(), json!(1)),
        "continue
         back
         input \"changed\"
         continue
         back 3
         continue",
        expect![[r#"
            > continue
              does First 1
              does Second 1
              does Third 1
              SUCCEEDED 1
            > back
              Back: Third Entering 1
            > input "changed"
              Back: Third Entering "changed"
            > continue
              does Third "changed"
              SUCCEEDED "changed"
            > back 3
              Back: First Entering 1
            > continue
              SUCCEEDED 1
        "#]],
    );
}

#[test]
fn what_was_forced_is_forgotten() {
    check(
        Play::new(&row(), json!(1)),
        "result \"forced\"
         step
         back
         step",
        expect![[r#"
            > result "forced"
              Start: First Entering 1 answer "forced"
            > step
              Step: Second Entering "forced"
            > back
              Back: First Entering 1
            > step
              does First 1
              Step: Second Entering 1
        "#]],
    );
}

#[test]
fn to_before_an_event() {
    check(
        Play::new(&row(), json!(1)),
        "continue
         events
         goto 10
         goto 4
         goto 2
         goto 99
         goto 1
         continue",
        expect![[r#"
            > continue
              does First 1
              does Second 1
              does Third 1
              SUCCEEDED 1
            > events
              1 ExecutionStarted 
              2 TaskStateEntered First
              3 LambdaFunctionScheduled 
              4 LambdaFunctionStarted 
              5 LambdaFunctionSucceeded 
              6 TaskStateExited First
              7 TaskStateEntered Second
              8 LambdaFunctionScheduled 
              9 LambdaFunctionStarted 
              10 LambdaFunctionSucceeded 
              11 TaskStateExited Second
              12 TaskStateEntered Third
              13 LambdaFunctionScheduled 
              14 LambdaFunctionStarted 
              15 LambdaFunctionSucceeded 
              16 TaskStateExited Third
              17 ExecutionSucceeded 
            > goto 10
              Back: Second Answered 1 answer 1
            > goto 4
              Back: First Entering 1
            > goto 2
              refused: there is no event 2
              Back: First Entering 1
            > goto 99
              refused: there is no event 99
              Back: First Entering 1
            > goto 1
              Back: First Entering 1
            > continue
              SUCCEEDED 1
        "#]],
    );
}

#[test]
fn back_in_an_iteration() {
    check(
        Play::new(&each(0), json!([1, 2])),
        "to /States/Each/ItemProcessor/States/B
         back
         lines
         back 9
         back",
        expect![[r#"
            > to /States/Each/ItemProcessor/States/B
              breakpoint 1: Each 0 > B Entering 1
            > back
              Back: Each 0 > A Entering 1
            > lines
              1 Each Within [1,2]
              3 Map Each 0 > A Entering 1
              4 Map Each 1 > A Entering 2
            > back 9
              Back: Each Entering [1,2]
            > back
              Back: Before Entering [1,2]
        "#]],
    );
}

/// Over many snapshots the run is the same.
#[test]
fn a_long_run_is_taken_back_to_any_point() {
    let definition = json!({ "StartAt": "Each", "States": { "Each": {
        "Type": "Map", "MaxConcurrency": 3, "End": true, "ItemProcessor": { "StartAt": "A", "States": {
            "A": { "Type": "Pass", "Next": "W" },
            "W": { "Type": "Wait", "Seconds": 1, "Next": "R" },
            "R": { "Type": "Pass", "Parameters": { "id.$": "States.UUID()", "at.$": "$$.State.EnteredTime" }, "End": true },
        } },
    } } });
    let items: Vec<u32> = (0..400).collect();
    let plain = Play::new(&definition, json!(items)).script("continue");
    let ends = |script: &str| -> String {
        let told = Play::new(&definition, json!(items)).script(script);
        told.lines().last().unwrap().to_owned()
    };
    let expected = plain.lines().last().unwrap().to_owned();
    assert!(expected.contains("SUCCEEDED"), "{expected}");
    for event in [2, 7, 100, 1000, 2500, 4000] {
        assert_eq!(
            ends(&format!("continue\ngoto {event}\ncontinue")),
            expected,
            "{event}"
        );
    }
    assert_eq!(
        ends("continue\ngoto 3000\ngoto 20\ngoto 10\ncontinue"),
        expected
    );
}
