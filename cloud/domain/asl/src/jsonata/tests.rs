use super::{Bindings, Expression, Session, expression_of};
use crate::random::Seeded;
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Evaluates each expression; a line for each.
fn check(sources: &[&str], expected: Expect) {
    let input = json!({ "n": [1, 2, 3], "text": "abc", "o": { "k": null } });
    let variables = BTreeMap::from([("v".to_owned(), json!(7))]);
    let states: [(&'static str, &Value); 1] = [("input", &input)];
    let mut session = Session::new(
        Bindings {
            states: &states,
            variables: &variables,
            now: 1_700_000_000_000,
        },
        &mut Seeded::new(3),
    );
    let mut told = String::new();
    for source in sources {
        let line = match Expression::parse(source) {
            Ok(expression) => match session.evaluate(&expression) {
                Ok(Some(value)) => value.to_string(),
                Ok(None) => "undefined".to_owned(),
                Err(error) => format!("error: {error}"),
            },
            Err(error) => format!("syntax: {error}"),
        };
        told.push_str(&format!("{source} -> {line}\n"));
    }
    expected.assert_eq(&told);
}

#[test]
fn expressions_read_states_and_variables() {
    check(
        &[
            "$states.input.n",
            "$sum($states.input.n) + $v",
            "$states.input.n[$ > 1]",
            "$states.input.n[0]",
            "{ 'a': $states.input.text, 'b': $states.input.none }",
            "$states.input.o",
            "$v * 1.5",
            "10 / 4",
            "$none",
            "$states.result",
            "($x := 5; $x)",
            "$x",
            "$map($states.input.n, function($n) { $n * 2 })",
        ],
        expect![[r#"
            $states.input.n -> [1,2,3]
            $sum($states.input.n) + $v -> 13
            $states.input.n[$ > 1] -> [2,3]
            $states.input.n[0] -> 1
            { 'a': $states.input.text, 'b': $states.input.none } -> {"a":"abc"}
            $states.input.o -> {"k":null}
            $v * 1.5 -> 10.5
            10 / 4 -> 2.5
            $none -> undefined
            $states.result -> undefined
            ($x := 5; $x) -> 5
            $x -> undefined
            $map($states.input.n, function($n) { $n * 2 }) -> [2,4,6]
        "#]],
    );
}

#[test]
fn aws_adds_functions() {
    check(
        &[
            "$partition([1, 2, 3], 2)",
            "$range(0, 10, 5)",
            "$hash('input data', 'MD5')",
            "$parse('{\"a\": [1]}')",
            "$random(1) = $random(1)",
            "$random() < 1",
            "$length($uuid())",
            "$now()",
            "$millis()",
            "$now('[Y0001]')",
        ],
        expect![[r#"
            $partition([1, 2, 3], 2) -> [[1,2],[3]]
            $range(0, 10, 5) -> [0,5,10]
            $hash('input data', 'MD5') -> "812f45842bc6d66ee14572ce20db8e86"
            $parse('{"a": [1]}') -> {"a":[1]}
            $random(1) = $random(1) -> true
            $random() < 1 -> true
            $length($uuid()) -> 36
            $now() -> "2023-11-14T22:13:20.000Z"
            $millis() -> 1700000000000
            $now('[Y0001]') -> "2023"
        "#]],
    );
}

#[test]
fn what_goes_wrong_is_told_in_jsonatas_words() {
    check(
        &[
            "$eval('1')",
            "$nothing()",
            "1 + 'a'",
            "1 +",
            "'open",
            "$partition([1], 0)",
            "$range(0, 1, 0)",
            "$parse('{')",
            "$hash('a', 'CRC')",
        ],
        expect![[r#"
            $eval('1') -> error: T1006: Attempted to invoke a non-function
            $nothing() -> error: T1006: Attempted to invoke a non-function
            1 + 'a' -> error: T2002: The right side of the + operator must evaluate to a number
            1 + -> syntax: S0207: Unexpected end of expression
            'open -> syntax: S0101: String literal must be terminated by a matching quote
            $partition([1], 0) -> error: T0410: Argument 2 of function "partition" does not match function signature
            $range(0, 1, 0) -> error: T0410: Argument 3 of function "range" does not match function signature
            $parse('{') -> error: D3120: Syntax error in expression: EOF while parsing an object at line 1 column 1
            $hash('a', 'CRC') -> error: T0410: Argument 2 of function "hash" does not match function signature
        "#]],
    );
}

#[test]
fn nothing_runs_on_and_on() {
    check(
        &["$count([1..10000001])"],
        expect![[r#"
            $count([1..10000001]) -> error: D2014: Range operator results in too many elements (> 10,000,000)
        "#]],
    );
    assert!(Expression::parse(&"(".repeat(100_000)).is_err());
    assert!(Expression::parse(&format!("{}1", "-".repeat(100_000))).is_err());
}

#[test]
fn only_a_whole_string_is_an_expression() {
    for (text, expected) in [
        ("{% 1 %}", Some("1")),
        ("{%1%}", Some("1")),
        (" {% 1 %}", None),
        ("{% 1 %} ", None),
        ("{%}", None),
        ("{%%}", Some("")),
    ] {
        assert_eq!(expression_of(text), expected, "{text}");
    }
}
