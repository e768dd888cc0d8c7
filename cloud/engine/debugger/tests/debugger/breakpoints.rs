//! Where it holds.

use crate::world::{Play, each, row};
use expect_test::{Expect, expect};
use serde_json::json;

fn check(play: Play, script: &str, expected: Expect) {
    expected.assert_eq(&play.script(script));
}

#[test]
fn before_a_state_and_after_one() {
    check(
        Play::new(&row(), json!(1)),
        "break enter /States/Second
         break exit /States/Second
         break exit /States/Third
         continue
         continue
         continue
         points",
        expect![[r#"
            > break enter /States/Second
              Start: First Entering 1
            > break exit /States/Second
              Start: First Entering 1
            > break exit /States/Third
              Start: First Entering 1
            > continue
              does First 1
              breakpoint 1: Second Entering 1
            > continue
              does Second 1
              breakpoint 2: Third Entering 1
            > continue
              does Third 1
              SUCCEEDED 1
            > points
              1 hits 1
              2 hits 1
              3 hits 1
        "#]],
    );
}

#[test]
fn at_a_transition_also_one_that_a_catcher_makes() {
    check(
        Play::new(&row(), json!(1)).answering("Second", vec![Err("Boom")]),
        "break from /States/First to /States/Third
         break from /States/Second to /States/Mend
         continue
         continue",
        expect![[r#"
            > break from /States/First to /States/Third
              Start: First Entering 1
            > break from /States/Second to /States/Mend
              Start: First Entering 1
            > continue
              does First 1
              does Second 1
              breakpoint 2: Mend Entering {"Error":"Boom","Cause":"because"}
            > continue
              SUCCEEDED {"Error":"Boom","Cause":"because"}
        "#]],
    );
}

#[test]
fn before_an_error_is_raised_tried_again_or_caught() {
    check(
        Play::new(&row(), json!(1)).answering("Second", vec![Err("Slow"), Err("Boom")]),
        "break error
         continue
         continue
         continue",
        expect![[r#"
            > break error
              Start: First Entering 1
            > continue
              does First 1
              does Second 1
              breakpoint 1, error Slow: Second Answered 1 answer Slow
            > continue
              does Second 1
              breakpoint 1, error Boom: Second Answered 1 answer Boom
            > continue
              SUCCEEDED {"Error":"Boom","Cause":"because"}
        "#]],
    );
}

#[test]
fn only_at_errors_of_the_name() {
    check(
        Play::new(&row(), json!(1)).answering("Second", vec![Err("Slow"), Err("Boom")]),
        "break error Boom
         continue
         result \"mended\"
         continue",
        expect![[r#"
            > break error Boom
              Start: First Entering 1
            > continue
              does First 1
              does Second 1
              does Second 1
              breakpoint 1, error Boom: Second Answered 1 answer Boom
            > result "mended"
              breakpoint 1, error Boom: Second Answered 1 answer "mended"
            > continue
              does Third "mended"
              SUCCEEDED "mended"
        "#]],
    );
}

#[test]
fn before_an_error_of_the_state_itself() {
    let definition = json!({ "StartAt": "Cut", "States": {
        "Cut": { "Type": "Pass", "InputPath": "$.gone", "End": true },
    } });
    check(
        Play::new(&definition, json!({})),
        "break error States.Runtime
         continue
         input {\"gone\": \"here\"}
         continue",
        expect![[r#"
            > break error States.Runtime
              Start: Cut Entering {}
            > continue
              breakpoint 1, error States.Runtime: Cut Entering {}
            > input {"gone": "here"}
              breakpoint 1, error States.Runtime: Cut Entering {"gone":"here"}
            > continue
              SUCCEEDED "here"
        "#]],
    );
}

#[test]
fn where_a_condition_is_true() {
    check(
        Play::new(&each(1), json!([1, 2, 3])),
        "break enter /States/Each/ItemProcessor/States/B if $states.input = 2
         break enter /States/After if $nothing
         break enter /States/Nowhere
         break enter /States/After if $states.input[
         continue
         continue
         points",
        expect![[r#"
            > break enter /States/Each/ItemProcessor/States/B if $states.input = 2
              Start: Before Entering [1,2,3]
            > break enter /States/After if $nothing
              Start: Before Entering [1,2,3]
            > break enter /States/Nowhere
              Start: Before Entering [1,2,3]
            > break enter /States/After if $states.input[
              Start: Before Entering [1,2,3]
            > continue
              does B 1
              breakpoint 1: Each 1 > B Entering 2
            > continue
              does B 2
              does B 3
              SUCCEEDED [1,2,3]
            > points
              1 hits 1
              2 hits 0: the condition can't be told: it gives nothing
              3 hits 0: there is no state at `/States/Nowhere`
              4 hits 0: the condition can't be told: S0207: Unexpected end of expression
        "#]],
    );
}

#[test]
fn a_condition_reads_variables_the_context_and_the_result() {
    let definition = json!({ "StartAt": "Set", "QueryLanguage": "JSONata", "States": {
        "Set": { "Type": "Pass", "Assign": { "limit": 5 }, "Next": "Each" },
        "Each": { "Type": "Map", "Items": [4, 6, 7], "End": true, "ItemProcessor": { "StartAt": "Work", "States": {
            "Work": { "Type": "Task", "Resource": "${AwmWork}", "Arguments": "{% $states.input %}", "End": true },
        } } },
    } });
    check(
        Play::new(&definition, json!({})),
        "break result /States/Each/ItemProcessor/States/Work if {% $states.result > $limit and $states.context.Map.Item.Index > 1 %}
         continue
         eval $states.result + $limit
         eval $states.context.Map.Item.Value
         eval $.nothing
         result 70
         continue",
        expect![[r#"
            > break result /States/Each/ItemProcessor/States/Work if {% $states.result > $limit and $states.context.Map.Item.Index > 1 %}
              Start: Set Entering {}
            > continue
              does Work 4
              does Work 6
              does Work 7
              breakpoint 1: Each 2 > Work Answered 7 variables {"limit":5} answer 7
            > eval $states.result + $limit
              12
            > eval $states.context.Map.Item.Value
              7
            > eval $.nothing
              Expected to find an object with property ['nothing'] in path $ but found 'com.fasterxml.jackson.databind.node.IntNode'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.
            > result 70
              breakpoint 1: Each 2 > Work Answered 7 variables {"limit":5} answer 70
            > continue
              SUCCEEDED [4,6,70]
        "#]],
    );
}
