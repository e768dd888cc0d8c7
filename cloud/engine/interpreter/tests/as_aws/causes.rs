//! Causes, word for word.

use crate::world::run;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(states: &[Value], input: Value, expected: Expect) {
    let mut told = String::new();
    for state in states {
        let definition =
            json!({ "StartAt": "S", "States": { "S": state, "T": { "Type": "Succeed" } } });
        let (_, outcome) = run(&definition, input.clone());
        let line = match outcome.output {
            Some(output) => output.to_string(),
            None => format!(
                "{} | {}",
                outcome.error.unwrap_or_default(),
                outcome.cause.unwrap_or_default()
            ),
        };
        told.push_str(&line);
        told.push('\n');
    }
    expected.assert_eq(&told);
}

fn pass(parameters: Value) -> Value {
    json!({ "Type": "Pass", "Parameters": parameters, "End": true })
}

fn query(output: Value) -> Value {
    json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": output, "End": true })
}

#[test]
fn templates() {
    check(
        &[
            pass(json!({ "v.$": "$.items[5]" })),
            pass(json!({ "v.$": "$.items[5].x" })),
            pass(json!({ "v.$": "$.nope" })),
            pass(json!({ "v.$": "States.Format('{}', $.items[5])" })),
            pass(json!({ "v.$": "States.Format('{}', States.Format('{}',$.nope))" })),
            pass(json!({ "v.$": "States.Format('{}', $$.Nope.Deep)" })),
            pass(json!({ "v.$": "States.ArrayLength($.items[*].nope)" })),
        ],
        json!({ "items": [1, 2] }),
        expect![[r#"
            {"v":null}
            {"v":null}
            States.Runtime | An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath '$.nope' specified for the field 'v.$' could not be found in the input '{"items":[1,2]}'
            States.Runtime | An error occurred while executing the state 'S' (entered at the event id #2). The function 'States.Format('{}', $.items[5])' had the following error: The JsonPath argument for the field '$.items[5]' could not be found in the input '{"items":[1,2]}'
            States.Runtime | An error occurred while executing the state 'S' (entered at the event id #2). The function 'States.Format('{}', States.Format('{}',$.nope))' had the following error: The JsonPath argument for the field '$.nope' could not be found in the input '{"items":[1,2]}'
            States.Runtime | An error occurred while executing the state 'S' (entered at the event id #2). The function 'States.Format('{}', $$.Nope.Deep)' had the following error: The JsonPath argument for the field '$.Nope.Deep' could not be found in the input '{"items":[1,2]}'
            {"v":0}
        "#]],
    );
}

#[test]
fn expressions() {
    let choice = |rule: Value| json!({ "Type": "Choice", "QueryLanguage": "JSONata", "Choices": [rule], "Default": "T" });
    check(
        &[
            query(json!({ "a": { "b": [[1, "{% $states.input.missing %}"]] } })),
            query(json!("{% $sum(['a']) %}")),
            query(json!("{% [1..900000] %}")),
            query(json!("{% $range(3, 3, 1) %}")),
            choice(
                json!({ "Condition": "{% true %}", "Output": { "v": "{% $states.input.missing %}" }, "Next": "T" }),
            ),
            choice(
                json!({ "Condition": "{% true %}", "Assign": { "v": "{% $states.input.missing %}" }, "Next": "T" }),
            ),
            choice(json!({ "Condition": "{% 'x' %}", "Next": "T" })),
            json!({ "Type": "Choice", "Choices": [{ "Variable": "$.items", "IsString": true, "Next": "T" }] }),
        ],
        json!({ "items": [1, 2] }),
        expect![[r#"
            States.QueryEvaluationError | An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$states.input.missing' specified for the field 'Output/a/b[0][1]' returned nothing (undefined).
            States.QueryEvaluationError | An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$sum(['a'])' specified for the field 'Output' threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"
            States.QueryEvaluationError | An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '[1..900000]' specified for the field 'Output' threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage
            3
            States.QueryEvaluationError | An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$states.input.missing' specified for the field 'Choices[0]/Output/v' returned nothing (undefined).
            States.QueryEvaluationError | An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$states.input.missing' specified for the field 'Choices[0]/Assign/v' returned nothing (undefined).
            States.QueryEvaluationError | An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression ''x'' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: "x"
            States.Runtime | An error occurred while executing the state 'S' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.
        "#]],
    );
}

#[test]
fn an_express_execution_ends_after_five_minutes() {
    use awm_interpreter::{Effect, Execution, Input, Names, Options, Program};
    let definition = json!({ "StartAt": "S", "States": { "S": { "Type": "Wait", "Seconds": 600, "End": true } } });
    let program = Program::from_definition(&definition).unwrap();
    let names = Names {
        execution_id: "arn:aws:states:us-east-1:1:express:machine:run:id".to_owned(),
        ..Names::local("run", "machine")
    };
    let mut execution = Execution::new(program.into(), json!({}), names, Options::default(), 1, 0);
    let effects = execution.step(0, Input::Started);
    let first = effects.iter().find_map(|effect| match effect {
        Effect::SetTimer { id, at } => Some((*id, *at)),
        _ => None,
    });
    let (id, at) = first.unwrap();
    assert_eq!(at, 300_000);
    let effects = execution.step(at, Input::TimerFired { id });
    let Some(Effect::Finished(outcome)) = effects.last() else {
        panic!("it goes on");
    };
    assert_eq!(outcome.error.as_deref(), Some("States.Timeout"));
}
