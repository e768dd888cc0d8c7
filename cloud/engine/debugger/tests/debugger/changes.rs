//! What is changed before it goes on.

use crate::world::{Play, each, row};
use expect_test::{Expect, expect};
use serde_json::json;

fn check(play: Play, script: &str, expected: Expect) {
    expected.assert_eq(&play.script(script));
}

#[test]
fn an_input_and_variables() {
    let definition = json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": {
        "A": { "Type": "Pass", "Assign": { "x": 1 }, "Next": "B" },
        "B": { "Type": "Pass", "Output": "{% {'x': $x, 'in': $states.input} %}", "End": true },
    } });
    check(
        Play::new(&definition, json!("a")),
        "step
         input [\"changed\"]
         set {\"x\": 7, \"y\": null}
         eval $x
         continue",
        expect![[r#"
            > step
              Step: B Entering "a" variables {"x":1}
            > input ["changed"]
              Step: B Entering ["changed"] variables {"x":1}
            > set {"x": 7, "y": null}
              Step: B Entering ["changed"] variables {"x":7,"y":null}
            > eval $x
              7
            > continue
              SUCCEEDED {"x":7,"in":["changed"]}
        "#]],
    );
}

#[test]
fn a_result_before_the_task_is_asked() {
    check(
        Play::new(&row(), json!(1)),
        "result {\"made\": \"up\"}
         step
         error Boom
         step
         step",
        expect![[r#"
            > result {"made": "up"}
              Start: First Entering 1 answer {"made":"up"}
            > step
              Step: Second Entering {"made":"up"}
            > error Boom
              Step: Second Entering {"made":"up"} answer Boom
            > step
              Step: Mend Entering {"Error":"Boom","Cause":"forced"}
            > step
              SUCCEEDED {"Error":"Boom","Cause":"forced"}
        "#]],
    );
}

#[test]
fn a_result_after_the_task_answered() {
    check(
        Play::new(&row(), json!(1)),
        "break result /States/First
         continue
         error Boom
         continue",
        expect![[r#"
            > break result /States/First
              Start: First Entering 1
            > continue
              does First 1
              breakpoint 1: First Answered 1 answer 1
            > error Boom
              breakpoint 1: First Answered 1 answer Boom
            > continue
              FAILED Boom forced
        "#]],
    );
}

#[test]
fn what_can_not_be_changed_is_refused() {
    check(
        Play::new(&each(0), json!([])),
        "result 1
         from /States/Nowhere
         from /States/After
         continue
         continue
         input 1
         step",
        expect![[r#"
            > result 1
              refused: only a task has a result that can be set; change the state's input
              Start: Before Entering []
            > from /States/Nowhere
              refused: there is no state at `/States/Nowhere`
              Start: Before Entering []
            > from /States/After
              refused: `/States/After` was not entered yet: give an input
              Start: Before Entering []
            > continue
              SUCCEEDED []
            > continue
              refused: the run is over: go back, or run from a state
              SUCCEEDED []
            > input 1
              refused: the run is over: go back, or run from a state
              SUCCEEDED []
            > step
              refused: the run is over: go back, or run from a state
              SUCCEEDED []
        "#]],
    );
}

#[test]
fn it_runs_from_a_state() {
    check(
        Play::new(&each(0), json!([1])),
        "from /States/Each/ItemProcessor/States/B {\"own\": \"input\"}
         continue
         back
         input 2
         continue
         from /States/Each [8, 9]
         continue",
        expect![[r#"
            > from /States/Each/ItemProcessor/States/B {"own": "input"}
              Start: B Entering {"own":"input"}
            > continue
              does B {"own":"input"}
              SUCCEEDED {"own":"input"}
            > back
              Back: B Entering {"own":"input"}
            > input 2
              Back: B Entering 2
            > continue
              does B 2
              SUCCEEDED 2
            > from /States/Each [8, 9]
              Start: Each Entering [8,9]
            > continue
              does B 8
              does B 9
              SUCCEEDED [8,9]
        "#]],
    );
}

#[test]
fn it_runs_from_a_state_with_what_it_had() {
    let definition = json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": {
        "A": { "Type": "Pass", "Assign": { "x": 1 }, "Output": "from A", "Next": "B" },
        "B": { "Type": "Pass", "Assign": { "x": "{% $x + 1 %}" }, "Next": "C" },
        "C": { "Type": "Pass", "Output": "{% [$x, $states.input] %}", "End": true },
    } });
    check(
        Play::new(&definition, json!("in")),
        "continue
         from /States/B
         continue",
        expect![[r#"
            > continue
              SUCCEEDED [2,"from A"]
            > from /States/B
              Start: B Entering "from A" variables {"x":1}
            > continue
              SUCCEEDED [2,"from A"]
        "#]],
    );
}
