use super::*;
use expect_test::{Expect, expect};
use serde_json::json;

fn lines(found: &[Diagnostic]) -> String {
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Compares what is found about the states of a machine that starts at `A`.
fn check_states(states: Value, expected: Expect) {
    let definition = json!({"StartAt": "A", "States": states});
    expected.assert_eq(&lines(&validate_value(&definition, MachineType::Standard)));
}

#[test]
fn transitions_are_checked() {
    // Loops, dangling targets and unreachable states as AWS reports them.
    check_states(
        json!({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Pass", "Next": "A"}}),
        expect!["error MISSING_END_STATE: Workflow has no terminal state"],
    );
    check_states(
        json!({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Pass", "End": true}}),
        expect![[r#"
            error MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C
            warning ENDLESS_LOOP: from here no end can be reached: `A`, `B` at /States/A"#]],
    );
    check_states(
        json!({"A": {"Type": "Pass", "Next": "NOPE"}}),
        expect![[r#"
            error MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next
            error MISSING_END_STATE: Workflow has no terminal state"#]],
    );
    check_states(
        json!({
            "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "b"}], "Default": "C"},
            "B": {"Type": "Task", "Resource": "${AwmRetrieve}", "Retry": [{"ErrorEquals": ["States.ALL"]}],
                  "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}], "End": true}
        }),
        expect![[r#"
            error MISSING_TRANSITION_TARGET: Missing 'Next' target: b at /States/A/Choices[0]/Next
            error MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Default
            error MISSING_TRANSITION_TARGET: Missing 'Next' target: D at /States/B/Catch[0]/Next
            error MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B"#]],
    );
    check_states(
        json!({"A": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "X", "States": {"A": {"Type": "Succeed"}}},
            {"StartAt": "Y", "States": {"Y": {"Type": "Pass", "Next": "A"}}}
        ]}}),
        expect![[r#"
            error MISSING_TRANSITION_TARGET: Missing 'StartAt' target: X at /States/A/Branches[0]/StartAt
            error MISSING_TRANSITION_TARGET: Missing 'Next' target: A at /States/A/Branches[1]/States/Y/Next
            error MISSING_END_STATE: Workflow has no terminal state at /States/A/Branches[1]
            error DUPLICATE_STATE_NAME: Duplicate state name: A at /States/A/Branches[0]/States/A"#]],
    );
}

#[test]
fn names_are_checked() {
    let long = "n".repeat(10_000);
    let definition = json!({"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "quo\"te\n😀/~"},
            "quo\"te\n😀/~": {"Type": "Pass", "Next": ""},
            "": {"Type": "Pass", "Next": long},
            long.clone(): {"Type": "Succeed"}
    }});
    let found = lines(&validate_value(&definition, MachineType::Standard));
    expect![[r#"
            error INVALID_STATE_NAME: a state needs a name at /States/
            error INVALID_STATE_NAME: the name of this state has 10000 characters, 80 are allowed at /States/<long>"#]]
    .assert_eq(&found.replace(&long, "<long>"));
    let map = |label: &str, state: &str| {
        json!({"Type": "Map", "Label": label, "Next": "B", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": state, "States": {state: {"Type": "Succeed"}}
        }})
    };
    check_states(
        json!({"A": map("one", "X"), "B": map("one", "Y"), "C": map("a b", "Z")}),
        expect![[r#"
            error MISSING_END_STATE: Workflow has no terminal state
            error DUPLICATE_LABEL_NAME: Duplicate label: one at /States/B/Label
            error INVALID_LABEL_NAME: a label has 1 to 40 characters, without white space and special characters at /States/C/Label"#]],
    );
}

#[test]
fn error_rules_are_checked() {
    check_states(
        json!({"A": {
            "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "End": true,
            "TimeoutSeconds": 5, "HeartbeatSeconds": 5,
            "Retry": [{"ErrorEquals": ["States.ALL", "Mine"]}, {"ErrorEquals": ["States.Timeout", "States.Typo"]}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A"}, {"ErrorEquals": ["Mine"], "Next": "A"}]
        }}),
        expect![[r#"
            error SCHEMA_VALIDATION_FAILED: 'States.ALL' must appear alone in 'ErrorEquals' at /States/A/Retry[0]/ErrorEquals
            error SCHEMA_VALIDATION_FAILED: 'States.ALL' must be in the last entry at /States/A/Retry[0]/ErrorEquals
            warning SCHEMA_VALIDATION_FAILED: `States.Typo` is not an error that the language raises at /States/A/Retry[1]/ErrorEquals
            error SCHEMA_VALIDATION_FAILED: 'States.ALL' must be in the last entry at /States/A/Catch[0]/ErrorEquals
            error SCHEMA_VALIDATION_FAILED: 'HeartbeatSeconds' must be smaller than 'TimeoutSeconds' at /States/A/HeartbeatSeconds"#]],
    );
}

#[test]
fn paths_and_templates_are_checked() {
    check_states(
        json!({
            "A": {"Type": "Pass", "InputPath": "$.a[", "OutputPath": "x", "ResultPath": "$.a[*]", "Next": "B",
                  "Parameters": {"a.$": "$.ok", "b.$": "nope", "c.$": 3, "d": ["$.x", {"e": "$.x"}], "f.$": "States.Nope($.a)"},
                  "Assign": {"1a": 1, "states": 2, "ok.$": "States.UUID("}},
            "B": {"Type": "Pass", "Result": {"x": [{"y.$": "$.z"}]}, "Next": "C"},
            "C": {"Type": "Wait", "SecondsPath": "seconds", "Next": "D"},
            "D": {"Type": "Choice", "Default": "E", "Choices": [
                {"And": [{"Variable": "a", "StringEquals": "$.b"}, {"Not": {"Variable": "$.t", "TimestampEquals": "today"}}], "Next": "E"}
            ]},
            "E": {"Type": "Fail", "Error": "$.error", "CausePath": "States.Format('{}', $.cause)"}
        }),
        expect![[r#"
            error SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath at /States/A/InputPath
            error SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath at /States/A/OutputPath
            error SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/A/ResultPath
            error SCHEMA_VALIDATION_FAILED: The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters
            error SCHEMA_VALIDATION_FAILED: The value for the field 'c.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters
            error SCHEMA_VALIDATION_FAILED: The value for the field 'f.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters
            warning NO_DOLLAR: the value looks like a path, but 'e' takes it as it is at /States/A/Parameters/d[1]/e
            error SCHEMA_VALIDATION_FAILED: The value for the field 'ok.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Assign
            error SCHEMA_VALIDATION_FAILED: '1a' is not a valid variable name at /States/A/Assign/1a
            error SCHEMA_VALIDATION_FAILED: 'states' is not a valid variable name at /States/A/Assign/states
            warning PASS_RESULT_IS_STATIC: the Result of a Pass state is taken as it is, so this path is not followed at /States/B/Result/x[0]/y.$
            error SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath at /States/C/SecondsPath
            warning NO_PATH: the value looks like a path, but 'StringEquals' takes it as it is at /States/D/Choices[0]/And[0]/StringEquals
            error SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/D/Choices[0]/And[1]/Not/TimestampEquals
            error SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath at /States/D/Choices[0]/And[0]/Variable
            warning NO_PATH: the value looks like a path, but 'Error' takes it as it is at /States/E/Error
            info UNUSED_VARIABLE: no state reads the variable `$1a` at /States/A/Assign/1a
            info UNUSED_VARIABLE: no state reads the variable `$states` at /States/A/Assign/states
            info UNUSED_VARIABLE: no state reads the variable `$ok` at /States/A/Assign/ok.$"#]],
    );
}

#[test]
fn expressions_are_checked() {
    check_states(
        json!({
            "A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "${AwmGenerate}", "Next": "B",
                  "Retry": [{"ErrorEquals": ["States.ALL"]}],
                  "TimeoutSeconds": "{% $later %}", "HeartbeatSeconds": "5",
                  "Arguments": {"a": "{% $states.input.x ", "b": "{% 1 + %}", "c": "Hello {% $x %}", "d": "{% $a ?? 1 %}", "e": "{% $eval('1') %}", "f": "{% order.id %}"},
                  "Output": "{% $map([1], function($v) { ($w := $v; $w + $outer) }) %}",
                  "Assign": {"later": "{% 1 %}"}},
            "B": {"Type": "Choice", "QueryLanguage": "JSONata", "Default": "C", "Choices": [
                {"Condition": "true", "Next": "C"}, {"Condition": true, "Next": "C"}, {"Condition": "{% $later = 1 %}", "Next": "C"}
            ]},
            "C": {"Type": "Succeed", "QueryLanguage": "JSONata", "OutputPath": "$.x", "Output": "{% '%}' %}"}
        }),
        expect![[r#"
            error SCHEMA_VALIDATION_FAILED: Expected value of type Number or a JSONata expression at /States/A/HeartbeatSeconds
            error SCHEMA_VALIDATION_FAILED: The value for the field 'Condition' must be a valid JSONata expression at /States/B/Choices[0]/Condition
            error SCHEMA_VALIDATION_FAILED: Field 'OutputPath' is not supported at /States/C
            error SCHEMA_VALIDATION_FAILED: The JSONata expression is not properly opened or closed at /States/A/Arguments/a
            error SCHEMA_VALIDATION_FAILED: The value for the field 'b' must be a valid JSONata expression at /States/A/Arguments/b
            error SCHEMA_VALIDATION_FAILED: The JSONata expression is not properly opened or closed at /States/A/Arguments/c
            error NEWER_JSONATA: the operator `??` is newer than the JSONata that AWS runs, which is 2.0.6 at /States/A/Arguments/d
            warning NO_EVAL: the function `$eval` does not exist on AWS at /States/A/Arguments/e
            warning NO_CONTEXT: `order` has no value here: an expression starts from `$states` and variables only at /States/A/Arguments/f
            warning UNASSIGNED_VARIABLE: the variable `$a` is read here, but no state before this one assigns it at /States/A
            warning UNASSIGNED_VARIABLE: the variable `$later` is read here, but no state before this one assigns it at /States/A
            warning UNASSIGNED_VARIABLE: the variable `$outer` is read here, but no state before this one assigns it at /States/A"#]],
    );
}

#[test]
fn resources_and_modes_are_checked() {
    let task = |resource: &str, next: &str| json!({"Type": "Task", "Resource": resource, "Retry": [{"ErrorEquals": ["States.ALL"]}], "Next": next});
    let states = json!({
        "A": task("${AwmRetrieve}", "B"),
        "B": task("createToken", "C"),
        "C": task("arn:aws:states:::dynamodb:query", "D"),
        "D": task("arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken", "E"),
        "E": task("arn:aws:states:::states:startExecution.sync:2", "F"),
        "F": task("arn:aws:states:us-east-1:111111111111:activity:wait", "G"),
        "G": task("arn:aws:lambda:${AWS::Region}:111111111111:function:f", "H"),
        "H": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}, "End": true,
              "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}
    });
    let definition = json!({"StartAt": "A", "States": states});
    let found = validate_value(&definition, MachineType::Express);
    expect![[r#"
        error SCHEMA_VALIDATION_FAILED: The resource provided createToken is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/B/Resource
        error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/C/Resource
        error SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration  at /States/D/Resource
        error SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service integration at /States/E/Resource
        error SCHEMA_VALIDATION_FAILED: Field 'ItemReader' is not supported for a Map state in INLINE mode at /States/H/ItemReader"#]].assert_eq(&lines(&found));
}

#[test]
fn secrets_are_found_and_not_repeated() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {
        "headers": {"Authorization": "Bearer abcdefghijkl", "X": "sk-ABCDEFGHIJKLMNOPQRSTUVWX1234"},
        "password": "hunter2!", "api_key.$": "$.key", "apiKey": "${ApiKey}", "secret": "{% $s %}", "PasswordHint": "the usual",
        "note": "AKIAIOSFODNN7EXAMPLE", "text": "the secret is out", "masks": "sk-is-short"
    }}}});
    let found = validate_value(&definition, MachineType::Standard);
    expect![[r#"
        warning SECRET_IN_TEXT: this looks like a password or a key, which everybody who reads the definition can see at /States/A/Parameters/headers/Authorization
        warning SECRET_IN_TEXT: this looks like a password or a key, which everybody who reads the definition can see at /States/A/Parameters/headers/X
        warning SECRET_IN_TEXT: this looks like a password or a key, which everybody who reads the definition can see at /States/A/Parameters/password
        warning SECRET_IN_TEXT: this looks like a password or a key, which everybody who reads the definition can see at /States/A/Parameters/note"#]].assert_eq(&lines(&found));
}

#[test]
fn texts_are_checked_with_their_places() {
    let text = "StartAt: A\nStates:\n  A: &pass\n    Type: Pass\n    Next: Bee\n  B: {Type: Succeed, Foo: 1}\n";
    let found = validate(text, Format::Yaml, MachineType::Standard);
    expect![[r#"
        5:11 error MISSING_TRANSITION_TARGET: Missing 'Next' target: Bee at /States/A/Next
        6:3 error MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B
        6:3 error SCHEMA_VALIDATION_FAILED: Field 'Foo' is not supported at /States/B"#]]
    .assert_eq(&lines(&found));
    // A YAML error ends the reading, a JSON error doesn't.
    let text = "StartAt: A\nStates:\n  A: {Type: Pass, Next: B}\n B: [";
    let found = validate(text, Format::Yaml, MachineType::Standard);
    assert_eq!(found.len(), 1);
    let text = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\" \"Next\": \"B\"}}}";
    let found = validate(text, Format::Json, MachineType::Standard);
    expect![[r#"
        1:1 error MISSING_END_STATE: Workflow has no terminal state
        1:49 error INVALID_JSON_DESCRIPTION: expected `,` at /States/A/Type
        1:58 error MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next"#]]
    .assert_eq(&lines(&found));
    for text in ["", " ", "[]", "\"text\"", "null"] {
        let found = validate(text, Format::Json, MachineType::Standard);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].message, "Definition must be a valid JSON object");
        assert_eq!(found[0].location(), None);
    }
    let long = json!({"Comment": "x".repeat(MAX_BYTES), "StartAt": "A", "States": {"A": {"Type": "Succeed"}}});
    let found = validate(&long.to_string(), Format::Json, MachineType::Standard);
    assert_eq!(
        found.iter().map(|found| found.code).collect::<Vec<_>>(),
        [Code::DefinitionTooLarge]
    );
}

#[test]
fn variables_are_known_by_state() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"x.$": "$.x", "list": []}, "Next": "B"},
        "B": {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $list %}", "End": true, "ItemProcessor": {
            "StartAt": "C", "States": {
                "C": {"Type": "Pass", "InputPath": "$x.y", "Assign": {"inner": 1}, "Next": "D"},
                "D": {"Type": "Choice", "Choices": [{"Variable": "$inner", "NumericEqualsPath": "$x", "Next": "E", "Assign": {"late.$": "$$.State.Name"}}], "Default": "E"},
                "E": {"Type": "Fail", "CausePath": "States.Format('{}', $late)"}
            }
        }}
    }});
    let (machine, found) = Machine::from_value(&definition);
    assert_eq!(found, []);
    let machine = machine.unwrap();
    let all: Vec<String> = variables(&machine)
        .into_iter()
        .map(|state| {
            format!(
                "{} reads {:?} assigns {:?}",
                state.pointer, state.reads, state.assigns
            )
        })
        .collect();
    expect![[r#"
        /States/A reads {} assigns {"list", "x"}
        /States/B reads {"list"} assigns {}
        /States/B/ItemProcessor/States/C reads {"x"} assigns {"inner"}
        /States/B/ItemProcessor/States/D reads {"inner", "x"} assigns {"late"}
        /States/B/ItemProcessor/States/E reads {"late"} assigns {}"#]]
    .assert_eq(&all.join("\n"));
    assert_eq!(
        json!(variable_references(&machine)),
        json!({"B": ["list"], "C": ["x"], "D": ["inner", "x"], "E": ["late"]})
    );
}

/// However a definition is broken, it is read and checked without a panic.
#[test]
fn broken_definitions_do_no_harm() {
    let text = json!({"StartAt": "A", "States": {"A": {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $x %}",
        "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "B"}]}}},
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A", "Assign": {"é": 1}}], "End": true}}})
    .to_string();
    let mut seed = 1_u64;
    for cut in 0..text.len() {
        if text.is_char_boundary(cut) {
            validate(
                text.get(..cut).unwrap(),
                Format::Json,
                MachineType::Standard,
            );
            validate(text.get(cut..).unwrap(), Format::Yaml, MachineType::Express);
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut bytes = text.clone().into_bytes();
        let at = usize::try_from(seed >> 33).unwrap() % bytes.len();
        bytes[at] = b"{}[],:\"0 tn-"[cut % 12];
        let broken = String::from_utf8_lossy(&bytes);
        validate(&broken, Format::Json, MachineType::Standard);
        validate(&broken, Format::Yaml, MachineType::Standard);
    }
}
