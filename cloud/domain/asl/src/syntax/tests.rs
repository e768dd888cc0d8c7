use super::*;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// Compares what is reported about a definition.
fn check(definition: &Value, expected: Expect) {
    let (_, diagnostics) = Machine::from_value(definition);
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    expected.assert_eq(&lines.join("\n"));
}

fn machine(definition: &Value) -> Machine {
    let (machine, diagnostics) = Machine::from_value(definition);
    assert_eq!(diagnostics, []);
    machine.unwrap()
}

#[test]
fn reads_every_type() {
    let machine = machine(&json!({
        "Comment": "all", "StartAt": "T", "TimeoutSeconds": 60, "Version": "1.0",
        "States": {
            "T": {
                "Type": "Task", "Resource": "${AwmRetrieve}", "TimeoutSecondsPath": "$.t", "HeartbeatSeconds": 5,
                "Parameters": {"question.$": "$.q"}, "ResultPath": null,
                "Retry": [{"ErrorEquals": ["States.Timeout"], "JitterStrategy": "FULL", "MaxAttempts": 0}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "F"}],
                "Next": "C"
            },
            "C": {
                "Type": "Choice",
                "Choices": [
                    {"Not": {"Variable": "$.a", "IsPresent": true}, "Next": "W"},
                    {"And": [{"Variable": "$.a", "StringEqualsPath": "$.b"}, {"Variable": "$.n", "NumericLessThanEquals": 3}], "Next": "P"}
                ],
                "Default": "S"
            },
            "W": {"Type": "Wait", "TimestampPath": "$.when", "Next": "P"},
            "P": {
                "Type": "Parallel",
                "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": true}}}],
                "Next": "M"
            },
            "M": {
                "Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $states.input %}", "MaxConcurrency": "{% 2 %}",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    "StartAt": "I/1", "States": {"I/1": {"Type": "Pass", "End": true}}
                },
                "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"a": 1}}, "End": true
            },
            "S": {"Type": "Succeed"},
            "F": {"Type": "Fail", "ErrorPath": "$.e.Error", "Cause": "because"}
        }
    }));
    let pointers: Vec<&str> = machine
        .all_states()
        .iter()
        .map(|state| state.pointer.as_str())
        .collect();
    expect![[r#"
        /States/T /States/C /States/W /States/P /States/M /States/S /States/F /States/P/Branches/0/States/A /States/M/ItemProcessor/States/I~11"#]]
    .assert_eq(&pointers.join(" "));
    let task = machine.state("/States/T").unwrap();
    assert_eq!(task.result_path, Some(PathField::Null));
    assert_eq!(task.retry[0].max_attempts, 0);
    assert_eq!(task.retry[0].jitter, Jitter::Full);
    assert_eq!(
        task.targets(),
        [
            ("/States/T/Next".to_owned(), "C"),
            ("/States/T/Catch/0/Next".to_owned(), "F")
        ]
    );
    let StateKind::Choice(choice) = &machine.states.get("C").unwrap().kind else {
        panic!()
    };
    let Condition::And(both) = &choice.rules[1].condition else {
        panic!()
    };
    let operators: Vec<String> = both
        .iter()
        .map(|condition| match condition {
            Condition::Test { variable, test } => format!("{variable} {}", test.operator()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        operators,
        ["$.a StringEqualsPath", "$.n NumericLessThanEquals"]
    );
    let StateKind::Map(map) = &machine.states.get("M").unwrap().kind else {
        panic!()
    };
    assert_eq!(
        map.max_concurrency,
        Some(Quantity::Expression("{% 2 %}".to_owned()))
    );
    assert!(map.processor.config.distributed && map.processor.config.express);
}

#[test]
fn reads_every_operator() {
    let mut count = 0;
    for of in ["Boolean", "Numeric", "String", "Timestamp"] {
        for relation in Relation::ALL {
            for suffix in ["", "Path"] {
                let name = format!("{of}{}{suffix}", relation.as_str());
                let operand = match (of, suffix) {
                    (_, "Path") => json!("$.x"),
                    ("Boolean", _) => json!(true),
                    ("Numeric", _) => json!(1.5),
                    _ => json!("text"),
                };
                let definition = json!({"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [
                    {"Variable": "$.v", name.clone(): operand, "Next": "C"}
                ]}}});
                let (machine, diagnostics) = Machine::from_value(&definition);
                let machine = machine.unwrap();
                let StateKind::Choice(choice) = &machine.states.get("C").unwrap().kind else {
                    panic!()
                };
                match &choice.rules[0].condition {
                    Condition::Test { test, .. } => {
                        assert_eq!(test.operator(), name);
                        assert_eq!(diagnostics, []);
                        count += 1;
                    }
                    other => assert_eq!((of, other), ("Boolean", &Condition::Unknown), "{name}"),
                }
            }
        }
    }
    assert_eq!(count, 3 * 10 + 2);
}

#[test]
fn reports_everything_at_once() {
    check(
        &json!([]),
        expect!["error SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"],
    );
    check(
        &json!({}),
        expect![
            "error SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt, States] at /"
        ],
    );
    check(
        &json!({
            "StartAt": 1, "Nonsense": true, "Version": "2.0",
            "States": {
                "A": {"Type": "Pas", "End": true},
                "B": {"Type": "Pass", "Resource": "x", "Next": "A", "End": true, "InputPath": 1},
                "C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": 1}, 3, {"Variable": "$.b", "StringLike": "x", "Next": "B"}], "Next": "B"},
                "D": {"Type": "Wait", "Seconds": "5", "SecondsPath": "$.s"},
                "E": {"Type": "Task", "QueryLanguage": "JSONata", "Parameters": {}, "Retry": [{"BackoffRate": 0.5, "ErrorEquals": []}], "Catch": {}, "End": true},
                "F": {"Type": "Map", "MaxConcurrency": -1, "ToleratedFailurePercentage": 101, "End": true},
                "G": {"Type": "Parallel", "Branches": [{"States": []}], "End": true},
                "H": []
            }
        }),
        expect![[r#"
            error SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type
            error SCHEMA_VALIDATION_FAILED: Field 'Resource' is not supported at /States/B
            error SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [Next, End] at /States/B
            error SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/B/InputPath
            error SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/C
            error SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/C/Choices[1]
            error SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/C/Choices[0]
            error SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/C/Choices[0]/StringEquals
            error SCHEMA_VALIDATION_FAILED: A choice needs one of And, Or, Not, or a comparison such as StringEquals at /States/C/Choices[2]
            error SCHEMA_VALIDATION_FAILED: Field 'StringLike' is not supported at /States/C/Choices[2]
            error SCHEMA_VALIDATION_FAILED: These fields are required: [Next] or [End] at /States/D
            error SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [Seconds, SecondsPath] at /States/D
            error SCHEMA_VALIDATION_FAILED: Field 'Parameters' is not supported at /States/E
            error SCHEMA_VALIDATION_FAILED: There must be at least one error name at /States/E/Retry[0]/ErrorEquals
            error SCHEMA_VALIDATION_FAILED: Value must be at least 1.0 at /States/E/Retry[0]/BackoffRate
            error SCHEMA_VALIDATION_FAILED: Expected value of type Array at /States/E/Catch
            error SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/E
            error SCHEMA_VALIDATION_FAILED: These fields are required: [ItemProcessor] at /States/F
            error SCHEMA_VALIDATION_FAILED: Value must be at least 0 at /States/F/MaxConcurrency
            error SCHEMA_VALIDATION_FAILED: Value must be between 0 and 100 at /States/F/ToleratedFailurePercentage
            error SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /States/G/Branches[0]
            error SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/G/Branches[0]/States
            error SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/H
            error SCHEMA_VALIDATION_FAILED: Expected value of type String at /StartAt
            error SCHEMA_VALIDATION_FAILED: Field 'Nonsense' is not supported at /
            error SCHEMA_VALIDATION_FAILED: The field 'Version' should have one of these values: [1.0] at /Version"#]],
    );
}

#[test]
fn unknown_fields_come_with_a_hint() {
    let (_, diagnostics) = Machine::from_value(&json!({
        "StartAt": "A", "Coment": "",
        "States": {"A": {"Type": "Pass", "Arguments": 1, "Resource": 2, "ResultPaht": 3, "Whatever": 4, "End": true}}
    }));
    let hints: Vec<String> = diagnostics
        .iter()
        .map(|found| format!("{}: {:?}", found.message, found.help))
        .collect();
    expect![[r#"
        Field 'Arguments' is not supported: Some("Pass states have no `Arguments`")
        Field 'Resource' is not supported: Some("Pass states have no `Resource`")
        Field 'ResultPaht' is not supported: Some("did you mean `ResultPath`?")
        Field 'Whatever' is not supported: None
        Field 'Coment' is not supported: Some("did you mean `Comment`?")"#]]
    .assert_eq(&hints.join("\n"));
}

#[test]
fn nesting_has_a_limit() {
    let mut definition = json!({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}});
    for _ in 0..=MAX_NESTED_MACHINES {
        definition = json!({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [definition], "End": true}}});
    }
    let (machine, diagnostics) = Machine::from_value(&definition);
    assert_eq!(
        machine.unwrap().all_machines().len(),
        MAX_NESTED_MACHINES + 2
    );
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, crate::Code::TooDeeplyNested);
}
