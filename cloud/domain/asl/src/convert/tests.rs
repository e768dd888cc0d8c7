//! Expressions against the paths and calls that they stand for, on data made at random and by hand.

use super::path::Base;
use super::template::Style;
use super::{Options, convert};
use crate::jsonata::{Bindings, Expression, Session, expression_of};
use crate::path::{Scope, equal};
use crate::random::{Randomness, Seeded};
use crate::source::apply;
use crate::template::Reference;
use crate::{Definition, Format};
use expect_test::{Expect, expect};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a path or call gives; none where it fails.
fn before(text: &str, data: &Value, variables: &BTreeMap<String, Value>) -> Option<Value> {
    let context = json!({ "Execution": { "Input": data, "Name": "run" } });
    let scope = Scope {
        input: data,
        context: &context,
        variables,
    };
    Reference::parse(text)
        .unwrap()
        .evaluate("x.$", &scope, &mut Seeded::new(1))
        .ok()
}

/// What its expression gives; none where it fails.
fn after(source: &str, data: &Value, variables: &BTreeMap<String, Value>) -> Option<Value> {
    let context = json!({ "Execution": { "Input": data, "Name": "run" } });
    let states: [(&'static str, &Value); 2] = [("input", data), ("context", &context)];
    let bindings = Bindings {
        states: &states,
        variables,
        now: 0,
    };
    let expression = Expression::parse(expression_of(source).unwrap())
        .unwrap_or_else(|error| panic!("{source}: {error}"));
    Session::new(bindings, &mut Seeded::new(1))
        .evaluate(&expression)
        .ok()
        .flatten()
}

/// Holds an expression to what it stands for. Tells whether it could be written.
fn hold(text: &str, data: &[Value]) -> bool {
    for strict in [false, true] {
        let style = Style {
            strict,
            suffix: String::new(),
        };
        let Ok(source) = style.reference(text, &Base::input(), "") else {
            return false;
        };
        for value in data {
            let variables = BTreeMap::from([("v".to_owned(), value.clone())]);
            let (before, after) = (
                before(text, value, &variables),
                after(&source, value, &variables),
            );
            let same = match (&before, &after) {
                (Some(before), Some(after)) => equal(before, after),
                (None, None) => true,
                // What failed may go on, which only the strict form rules out.
                (None, Some(_)) => !strict,
                (Some(_), None) => false,
            };
            assert!(
                same,
                "{text} on {value}: {before:?}, but {source} (strict: {strict}) gives {after:?}"
            );
        }
    }
    true
}

fn any_value(random: &mut Seeded, depth: u32) -> Value {
    let kinds = if depth == 0 { 6 } else { 12 };
    match random.bits() % kinds {
        0 => Value::Null,
        1 => json!(random.bits() % 4),
        2 => json!(["x", "y", "", "a,b;c"][(random.bits() % 4) as usize]),
        3 => json!(random.bits().is_multiple_of(2)),
        4 => json!([]),
        5 => json!({}),
        6..=8 => (0..random.bits() % 4)
            .map(|_| any_value(random, depth - 1))
            .collect(),
        _ => Value::Object(
            ["a", "b", "c"]
                .iter()
                .take((random.bits() % 4) as usize)
                .map(|name| ((*name).to_owned(), any_value(random, depth - 1)))
                .collect::<Map<_, _>>(),
        ),
    }
}

fn any_data(seed: u64, count: usize) -> Vec<Value> {
    let mut random = Seeded::new(seed);
    (0..count).map(|_| any_value(&mut random, 4)).collect()
}

#[test]
fn paths_give_what_they_gave() {
    const STEPS: [&str; 24] = [
        ".a",
        ".b",
        ".c",
        ".a",
        ".b",
        ".a",
        ".b",
        "[0]",
        "[1]",
        "[-1]",
        "[*]",
        "[*]",
        "..a",
        "[1:]",
        "[:2]",
        "[-2:]",
        "[:-1]",
        "[0,2]",
        "[?(@.a)]",
        "[?(@.a > 1)]",
        "[?(@.b == 'x')]",
        "[?(@.a != @.b)]",
        "[?(!@.c && @.a in [1,'x'])]",
        "[?(@ size 2 || @.a <= @.b)]",
    ];
    let data = any_data(11, 30);
    let mut random = Seeded::new(5);
    let mut written = 0;
    for _ in 0..150 {
        let mut path =
            ["$", "$", "$v", "$$.Execution.Input"][(random.bits() % 4) as usize].to_owned();
        for _ in 0..1 + random.bits() % 4 {
            path.push_str(STEPS[(random.bits() % STEPS.len() as u64) as usize]);
        }
        written += usize::from(hold(&path, &data));
    }
    assert!(written > 135, "only {written} paths could be written");
}

#[test]
fn paths_of_every_form_give_what_they_gave() {
    let mut data = any_data(3, 40);
    data.extend([
        json!({ "a": [[1, 2], [3], [], 4, null] }),
        json!({ "a": [[[1]]] }),
        json!({ "a": [{ "b": [5] }] }),
        json!({ "a": { "b": [{ "a": 1 }, { "a": [2] }] } }),
        json!([[{ "a": 1 }]]),
        json!({ "a b": 1, "and": 2, "it's": { "x": 3 }, "\"": 4, "ü": 5 }),
    ]);
    for path in [
        "$",
        "$.a",
        "$.a[0]",
        "$.a[0][0]",
        "$.a[*]",
        "$.a[*][*]",
        "$.a[*].b",
        "$.a[*].b[0]",
        "$..a",
        "$..*",
        "$.a..b",
        "$.*",
        "$[*]",
        "$[0]",
        "$['a b']",
        "$.and",
        "$['it\\'s'].x",
        "$['\"']",
        "$.ü",
        "$['a','b']",
        "$.a.length()",
        "$.a.keys()",
        "$.a[*].min()",
        "$.a.max()",
        "$.a.sum()",
        "$.a.avg()",
        "$.a.first()",
        "$.a.last()",
        "$v",
        "$v.a[1:2]",
        "$$.Execution.Name",
    ] {
        assert!(hold(path, &data), "{path}");
    }
}

#[test]
fn calls_give_what_they_gave() {
    let mut data = any_data(7, 30);
    data.extend([
        json!({ "a": [1, 2, 2, "2", [3], [3], null], "b": 2, "c": "x y" }),
        json!({ "a": [[1], [2, 3]], "b": [2, 3], "c": "a|b" }),
        json!({ "a": { "x": 1 }, "b": { "x": [2], "y": null }, "c": "{\"k\":[1]}" }),
        json!({ "a": "1,2;;3", "b": ",;", "c": "  " }),
        json!({ "a": 3, "b": -2, "c": 1.5 }),
        json!({ "a": 1, "b": 9, "c": 2 }),
        json!({ "a": "{} is {}\\{\\}", "b": [{ "k": "v", "l": [1, null] }], "c": true }),
        json!({ "a": "aGVsbG8=", "b": "SHA-1", "c": "MD5" }),
    ]);
    for call in [
        "States.Format('Hello, {}!', $.a)",
        "States.Format('{} \\{\\} {}', $.a, States.Array($.b, 1))",
        "States.Format('it\\'s \\\\')",
        "States.Format($.a, $.b, $.c)",
        "States.Format('{}', $$.Execution.Name)",
        "States.StringToJson($.c)",
        "States.StringToJson('{\"a\": [1, {}]}')",
        "States.JsonToString($.a)",
        "States.JsonToString(States.MathAdd($.a, 1))",
        "States.Array()",
        "States.Array($.a, 1, 'x', null, true, States.Array($.b))",
        "States.Array(States.Array())",
        "States.ArrayPartition($.a, 2)",
        "States.ArrayPartition(States.ArrayRange(1, 5, 1), $.b)",
        "States.ArrayContains($.a, $.b)",
        "States.ArrayContains($.a, 2)",
        "States.ArrayContains(States.Array(1, 2), 2)",
        "States.ArrayRange(1, 9, 2)",
        "States.ArrayRange($.a, $.b, $.c)",
        "States.ArrayRange(0, 5000, 1)",
        "States.ArrayRange(3, 3, 1)",
        "States.ArrayGetItem($.a, 1)",
        "States.ArrayGetItem($.a, $.b)",
        "States.ArrayLength($.a)",
        "States.ArrayUnique($.a)",
        "States.ArrayUnique(States.Array($.a, $.a))",
        "States.Base64Encode($.c)",
        "States.Base64Decode($.a)",
        "States.Hash($.a, $.b)",
        "States.Hash($.c, 'SHA-256')",
        "States.Hash('x', 'SHA-384')",
        "States.Hash('x', 'SHA-512')",
        "States.JsonMerge($.a, $.b, false)",
        "States.MathAdd($.a, $.b)",
        "States.MathAdd($.c, -1)",
        "States.StringSplit($.a, ',')",
        "States.StringSplit($.a, ',;')",
        "States.StringSplit($.a, $.b)",
        "States.StringSplit($.a, '')",
        "States.StringSplit('1.2.3', '.')",
    ] {
        assert!(hold(call, &data), "{call}");
    }
    assert!(!hold("States.MathRandom(1, 5, 3)", &[]));
    assert!(!hold("States.JsonMerge($.a, $.b, true)", &[]));
    assert!(hold("States.MathRandom(1, 2)", &[json!({})]));
}

/// Turns a state; the changed text, and what was refused.
fn check(state: &str, expected: Expect) {
    let text = format!(
        "{{ \"StartAt\": \"S\", \"States\": {{ \"S\": {state}, \"T\": {{ \"Type\": \"Succeed\" }} }} }}"
    );
    let definition = Definition::read(text.as_str(), Format::Json);
    let options = Options {
        states: vec!["/States/S".to_owned()],
        plain: true,
    };
    let converted = convert(&definition, &options).unwrap();
    let turned = apply(&text, &converted.edits);
    let value = Definition::read(turned, Format::Json)
        .source
        .value()
        .unwrap();
    let mut told = serde_json::to_string_pretty(&value["States"]["S"]).unwrap();
    for refusal in converted.refused {
        told = format!(
            "{} at {}: {}",
            refusal.code, refusal.pointer, refusal.reason
        );
    }
    expected.assert_eq(&format!("{told}\n"));
}

#[test]
fn a_task_keeps_what_it_sends_and_gives() {
    check(
        r#"{ "Type": "Task", "Resource": "${AwmCallApi}", "InputPath": "$.order", "Parameters": { "url": "https://example.com", "body": { "id.$": "$.id", "run.$": "$$.Execution.Name" } },
            "ResultSelector": { "status.$": "$.status" }, "ResultPath": "$.answer.last", "OutputPath": "$.answer", "TimeoutSecondsPath": "$.limit",
            "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "T" }], "Next": "T" }"#,
        expect![[r#"
            {
              "Type": "Task",
              "QueryLanguage": "JSONata",
              "Resource": "${AwmCallApi}",
              "Arguments": {
                "url": "https://example.com",
                "body": {
                  "id": "{% $states.input.order.id %}",
                  "run": "{% $states.context.Execution.Name %}"
                }
              },
              "Output": "{% ($need := function($value) { $exists($value) ? $value : $error(\"a path leads to nothing\") }; $merge([$states.input, { 'answer': $merge([($exists($states.input.answer) ? $states.input.answer : {}), { 'last': { 'status': $need($states.result.status) } }]) }]).answer) %}",
              "TimeoutSeconds": "{% $type($states.input.order.limit) in ['number', 'string'] ? $number($states.input.order.limit) %}",
              "Catch": [
                {
                  "ErrorEquals": [
                    "States.ALL"
                  ],
                  "Output": "{% $merge([$states.input, { 'error': $states.errorOutput }]) %}",
                  "Next": "T"
                }
              ],
              "Next": "T"
            }
        "#]],
    );
}

#[test]
fn a_choice_fails_where_it_failed() {
    check(
        r#"{ "Type": "Choice", "Choices": [
            { "And": [ { "Variable": "$.a", "IsPresent": true }, { "Variable": "$.a", "NumericGreaterThan": 5 } ], "Next": "T" },
            { "Variable": "$.b", "StringEquals": "x", "Next": "T", "Comment": "kept" },
            { "Not": { "Variable": "$.c", "StringMatches": "a*/\\*" }, "Next": "T" },
            { "Or": [ { "Variable": "$.d", "TimestampLessThanPath": "$.e" }, { "Variable": "$.d", "IsNull": true } ], "Next": "T" }
        ], "Default": "T" }"#,
        expect![[r#"
            {
              "Type": "Choice",
              "QueryLanguage": "JSONata",
              "Choices": [
                {
                  "Condition": "{% ($type($states.input) = 'object' and $exists($states.input.a)) and ($type($states.input.a) = 'number' and $states.input.a > 5) %}",
                  "Next": "T"
                },
                {
                  "Condition": "{% ($need := function($value) { $exists($value) ? $value : $error(\"a path leads to nothing\") }; $need($states.input.b) = 'x') %}",
                  "Next": "T",
                  "Comment": "kept"
                },
                {
                  "Condition": "{% ($need := function($value) { $exists($value) ? $value : $error(\"a path leads to nothing\") }; $not(($type($need($states.input.c)) = 'string' and $contains($states.input.c, /^a[\\s\\S]*\\x2f\\*$/)))) %}",
                  "Next": "T"
                },
                {
                  "Condition": "{% ($need := function($value) { $exists($value) ? $value : $error(\"a path leads to nothing\") }; (($type($need($states.input.d)) = $type($need($states.input.e)) and $type($states.input.d) = 'string' and $contains($states.input.d, /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$/) and $contains($states.input.e, /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$/) and $toMillis($states.input.d) < $toMillis($states.input.e)) or $type($need($states.input.d)) = 'null')) %}",
                  "Next": "T"
                }
              ],
              "Default": "T"
            }
        "#]],
    );
}

#[test]
fn lists_and_wildcards_stay_lists() {
    check(
        r#"{ "Type": "Map", "ItemsPath": "$.orders[*].lines", "MaxConcurrencyPath": "$.limit",
            "ItemSelector": { "line.$": "$$.Map.Item.Value", "customer.$": "$.customer" },
            "ItemProcessor": { "StartAt": "I", "States": { "I": { "Type": "Pass", "End": true } } }, "ResultPath": null, "Next": "T" }"#,
        expect![[r#"
            {
              "Type": "Map",
              "QueryLanguage": "JSONata",
              "Items": "{% ($need := function($value) { $exists($value) ? $value : $error(\"a path leads to nothing\") }; $box := function($value) { $type($need($value)) = \"array\" ? [[$value]] : [$value] }; $reduce(($value := ($type($states.input) = 'object' ? $states.input.orders); ($type($value) = 'array' ? $value : $type($value) = 'object' ? $reduce([$keys($value)], function($list, $key) { $append($list, $box($lookup($value, $key))) }, []) : [])), function($list, $value) { $append($list, ($type($value) = 'object' and $exists($lookup($value, 'lines')) ? $box($lookup($value, 'lines')) : [])) }, [])) %}",
              "MaxConcurrency": "{% $type($states.input.limit) in ['number', 'string'] ? $number($states.input.limit) %}",
              "ItemSelector": {
                "line": "{% $states.context.Map.Item.Value %}",
                "customer": "{% $states.input.customer %}"
              },
              "ItemProcessor": {
                "StartAt": "I",
                "States": {
                  "I": {
                    "Type": "Pass",
                    "End": true
                  }
                }
              },
              "Output": "{% $states.input %}",
              "Next": "T"
            }
        "#]],
    );
}

#[test]
fn what_may_change_is_remarked() {
    let text = r#"{ "StartAt": "S", "States": { "S": { "Type": "Task", "Resource": "${AwmRetrieve}", "Parameters": { "question.$": "$.q.text" }, "End": true,
        "Retry": [{ "ErrorEquals": ["States.ALL"] }] } } }"#;
    let definition = Definition::read(text, Format::Json);
    let converted = convert(&definition, &Options::default()).unwrap();
    expect![[r#"
        { "QueryLanguage": "JSONata", "StartAt": "S", "States": { "S": { "Type": "Task", "Resource": "${AwmRetrieve}", "Arguments": { "question": "{% $type($states.input) = 'object' and $type($states.input.q) = 'object' ? $states.input.q.text %}" }, "End": true,
                "Retry": [{ "ErrorEquals": ["States.ALL"] }] } } }
        [Reason { state: "/States/S", code: "TAKES_PATH_FAILURES", pointer: "/States/S/Retry/0/ErrorEquals", reason: "`States.ALL` is now also about paths that lead to nothing: they failed the execution with `States.Runtime`, which nothing catches" }]
    "#]].assert_eq(&format!(
        "{}\n{:?}\n",
        apply(text, &converted.edits),
        converted.remarks
    ));
}

#[test]
fn what_is_not_certain_is_refused() {
    check(
        r#"{ "Type": "Pass", "ResultPath": "$.list[0]", "Next": "T" }"#,
        expect![[r#"
            RESULT_PATH_INDEX at /States/S/ResultPath: JSONata has no expression for an item of a list that gives way to another
        "#]],
    );
    check(
        r#"{ "Type": "Task", "Resource": "${AwmRetrieve}", "Catch": [{ "ErrorEquals": ["States.ParameterPathFailure"], "Next": "T" }], "Next": "T" }"#,
        expect![[r#"
            NAMES_PATH_ERROR at /States/S/Catch/0/ErrorEquals: a JSONata state never raises `States.ParameterPathFailure`; what is meant is `States.QueryEvaluationError`
        "#]],
    );
    check(
        r#"{ "Type": "Pass", "Result": { "n": 12345678901234567890 }, "ResultPath": "$.n", "Next": "T" }"#,
        expect![[r#"
            NUMBER_TOO_LONG at /States/S/Result: JSONata has no number as exact as `12345678901234567890`
        "#]],
    );
}

#[test]
fn comments_and_layout_survive() {
    let text = "# Orders\nStartAt: Look\nStates:\n  Look:   # first\n    Type: Task\n    Resource: ${AwmRetrieve}\n    Parameters:\n      # what is asked\n      question.$: $.message\n      topK: 3   # enough\n    ResultPath: $.found\n    End: true\n";
    let definition = Definition::read(text, Format::Yaml);
    let options = Options {
        plain: true,
        ..Options::default()
    };
    let converted = convert(&definition, &options).unwrap();
    expect![[r##"
        # Orders
        QueryLanguage: JSONata
        StartAt: Look
        States:
          Look:   # first
            Type: Task
            Resource: ${AwmRetrieve}
            Arguments:
              # what is asked
              question: "{% $states.input.message %}"
              topK: 3   # enough
            Output: "{% $merge([$states.input, { 'found': $states.result }]) %}"
            End: true
    "##]]
    .assert_eq(&apply(text, &converted.edits));
}

#[test]
fn thousands_of_states_are_turned_at_once() {
    let count = 3_000;
    let states: Map<String, Value> = (0..count)
        .map(|at| {
            let state = json!({
                "Type": "Pass",
                "InputPath": "$.a",
                "Parameters": { "n.$": "$.n", "list": [{ "deep.$": "States.Format('{}', $.n)" }] },
                "ResultPath": "$.a.out",
                "Next": format!("S{}", at + 1),
            });
            (format!("S{at}"), state)
        })
        .chain([(format!("S{count}"), json!({ "Type": "Succeed" }))])
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "StartAt": "S0", "States": states })).unwrap();
    let definition = Definition::read(text.as_str(), Format::Json);
    let converted = convert(&definition, &Options::default()).unwrap();
    assert_eq!(
        (converted.states.len(), converted.refused.len()),
        (count + 1, 0)
    );
}
