//! State by state, in and out.

use crate::world::{Play, each, row};
use expect_test::{Expect, expect};
use serde_json::json;

fn check(play: Play, script: &str, expected: Expect) {
    expected.assert_eq(&play.script(script));
}

#[test]
fn a_step_goes_to_the_next_state() {
    check(
        Play::new(&row(), json!(1)),
        "step
         step
         step
         step",
        expect![[r#"
            > step
              does First 1
              Step: Second Entering 1
            > step
              does Second 1
              Step: Third Entering 1
            > step
              does Third 1
              SUCCEEDED 1
            > step
              refused: the run is over: go back, or run from a state
              SUCCEEDED 1
        "#]],
    );
}

#[test]
fn a_step_goes_over_a_retry_without_waiting() {
    check(
        Play::new(&row(), json!(1)).answering("Second", vec![Err("Slow"), Ok(json!("late"))]),
        "step
         step
         eval $states.context.State.EnteredTime",
        expect![[r#"
            > step
              does First 1
              Step: Second Entering 1
            > step
              does Second 1
              does Second 1
              Step: Third Entering "late"
            > eval $states.context.State.EnteredTime
              "2023-11-14T22:13:20.000Z"
        "#]],
    );
}

#[test]
fn a_step_over_a_map_runs_all_of_it() {
    check(
        Play::new(&each(0), json!([1, 2])),
        "step
         step",
        expect![[r#"
            > step
              Step: Each Entering [1,2]
            > step
              does B 1
              does B 2
              Step: After Entering [1,2]
        "#]],
    );
}

#[test]
fn into_an_iteration_and_out_again_while_the_others_are_held() {
    check(
        Play::new(&each(0), json!([1, 2, 3])),
        "step
         into 1
         lines
         step
         step
         out
         continue",
        expect![[r#"
            > step
              Step: Each Entering [1,2,3]
            > into 1
              Step: Each 1 > A Entering 2
            > lines
              1 Each Within [1,2,3]
              3 Map Each 0 > A Entering 1
              4 Map Each 1 > A Entering 2
              5 Map Each 2 > A Entering 3
            > step
              Step: Each 1 > B Entering 2
            > step
              does B 2
              LineEnded: Each 0 > A Entering 1
            > out
              does B 1
              does B 3
              Step: After Entering [1,2,3]
            > continue
              SUCCEEDED [1,2,3]
        "#]],
    );
}

#[test]
fn into_an_iteration_that_must_wait_for_others() {
    check(
        Play::new(&each(1), json!([1, 2, 3])),
        "step
         into 2
         lines
         out",
        expect![[r#"
            > step
              Step: Each Entering [1,2,3]
            > into 2
              does B 1
              does B 2
              Step: Each 2 > A Entering 3
            > lines
              1 Each Within [1,2,3]
              7 Map Each 2 > A Entering 3
            > out
              does B 3
              Step: After Entering [1,2,3]
        "#]],
    );
}

#[test]
fn another_line_is_chosen() {
    check(
        Play::new(&each(0), json!([1, 2])),
        "step
         into
         lines
         select 4
         step
         select 99
         lines",
        expect![[r#"
            > step
              Step: Each Entering [1,2]
            > into
              Step: Each 0 > A Entering 1
            > lines
              1 Each Within [1,2]
              3 Map Each 0 > A Entering 1
              4 Map Each 1 > A Entering 2
            > select 4
              Step: Each 1 > A Entering 2
            > step
              Step: Each 1 > B Entering 2
            > select 99
              refused: there is no line 99
              Step: Each 1 > B Entering 2
            > lines
              1 Each Within [1,2]
              3 Map Each 0 > A Entering 1
              4 Map Each 1 > B Entering 2
        "#]],
    );
}

#[test]
fn to_a_state() {
    check(
        Play::new(&each(0), json!([1, 2])),
        "to /States/Each/ItemProcessor/States/B
         points
         to /States/Nowhere
         to /States/After
         out",
        expect![[r#"
            > to /States/Each/ItemProcessor/States/B
              breakpoint 1: Each 0 > B Entering 1
            > points
            > to /States/Nowhere
              refused: there is no state at `/States/Nowhere`
              breakpoint 1: Each 0 > B Entering 1
            > to /States/After
              does B 1
              does B 2
              breakpoint 2: After Entering [1,2]
            > out
              SUCCEEDED [1,2]
        "#]],
    );
}

#[test]
fn into_a_child_execution() {
    let mut definition = each(0);
    definition["States"]["Each"]["ItemProcessor"]["ProcessorConfig"] =
        json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
    check(
        Play::new(&definition, json!([1, 2])),
        "break exit /States/Each/ItemProcessor/States/A
         step
         into 1
         step
         continue
         continue
         continue",
        expect![[r#"
            > break exit /States/Each/ItemProcessor/States/A
              Start: Before Entering [1,2]
            > step
              Step: Each Entering [1,2]
            > into 1
              Step: Each 1 > A Entering 2
            > step
              Step: Each 1 > B Entering 2
            > continue
              does B 2
              breakpoint 1: Each 0 > B Entering 1
            > continue
              does B 1
              SUCCEEDED [1,2]
            > continue
              refused: the run is over: go back, or run from a state
              SUCCEEDED [1,2]
        "#]],
    );
}
