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
            "$partition([1, 2, 3])",
            "$partition([], 2)",
            "$partition([1, 2, 3, 4, 5], 2.9)",
            "$range(3, 3, 1)",
            "$range(-1.7, 2, 1)",
            "$range(1, 5)",
            "$range(5, 1, 1)",
            "$hash('a')",
            "$exists($parse('null'))",
            "$random(42)",
            "[1 / 0, -1 / 0, 0 / 0]",
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
            $partition([1, 2, 3]) -> [[1,2,3]]
            $partition([], 2) -> undefined
            $partition([1, 2, 3, 4, 5], 2.9) -> [[1,2],[3,4],[5]]
            $range(3, 3, 1) -> 3
            $range(-1.7, 2, 1) -> [-1,0,1,2]
            $range(1, 5) -> undefined
            $range(5, 1, 1) -> undefined
            $hash('a') -> undefined
            $exists($parse('null')) -> true
            $random(42) -> 0.7275636800328681
            [1 / 0, -1 / 0, 0 / 0] -> ["Infinity","-Infinity","NaN"]
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
            "$partition([1], -1)",
            "$partition(1, 2)",
            "$partition([1], 2, 3)",
            "$range(0)",
            "$parse('{')",
            "$parse(null)",
            "$hash('a', 'CRC')",
            "$hash(1, 'MD5')",
            "$uuid(1)",
            "$split('a', 'b', -1)",
            "$each('x', function($v) { $v })",
            "$sum(['a'])",
            "$number('a')",
            "$sqrt(-1)",
            "$single([1, 2], function($x) { true })",
            "$replace('a', '', 'b')",
            "$formatNumber(1, 'x')",
        ],
        expect![[r#"
            $eval('1') -> error: T1006: Attempted to invoke a non-function
            $nothing() -> error: T1006: Attempted to invoke a non-function
            1 + 'a' -> error: T2002: The right side of the "+" operator must evaluate to a number
            1 + -> syntax: S0207: Unexpected end of expression
            'open -> syntax: S0101: String literal must be terminated by a matching quote
            $partition([1], -1) -> error: D3137: Second argument must be zero or greater
            $partition(1, 2) -> error: T0412: Argument 1 of function "partition" must be an array of undefined
            $partition([1], 2, 3) -> error: T0410: Argument 3 of function "partition" does not match function signature
            $range(0) -> error: T0410: Argument 2 of function "range" does not match function signature
            $parse('{') -> error: D3137: Invalid JSON
            $parse(null) -> error: T0410: Argument 1 of function "parse" does not match function signature
            $hash('a', 'CRC') -> error: D3137: Hash algorithm 'CRC' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5
            $hash(1, 'MD5') -> error: T0410: Argument 1 of function "hash" does not match function signature
            $uuid(1) -> error: T0410: Argument 1 of function "uuid" does not match function signature
            $split('a', 'b', -1) -> error: D3020: Third argument of split function must evaluate to a positive number
            $each('x', function($v) { $v }) -> error: T0410: Argument 1 of function "each" does not match function signature
            $sum(['a']) -> error: T0412: Argument 1 of function "sum" must be an array of "numbers"
            $number('a') -> error: D3030: Unable to cast value to a number: "a"
            $sqrt(-1) -> error: D3060: The sqrt function cannot be applied to a negative number: -1
            $single([1, 2], function($x) { true }) -> error: D3138: The $single() function expected exactly 1 matching result.  Instead it matched more.
            $replace('a', '', 'b') -> error: D3010: Second argument of replace function cannot be an empty string
            $formatNumber(1, 'x') -> error: D3086: The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character
        "#]],
    );
}

#[test]
fn nothing_runs_on_and_on() {
    check(
        &[
            "$count([1..10000001])",
            "$range(1, 360146, 1)",
            "($f := function($x) { 1 + $f($x - 1) }; $f(1))",
            "($f := function($x) { $x <= 0 ? 0 : 1 + $f($x - 1) }; $f(31))",
        ],
        expect![[r#"
            $count([1..10000001]) -> error: Expression evaluation memory limit exceeded: Check for excessive memory usage
            $range(1, 360146, 1) -> error: Expression evaluation memory limit exceeded: Check for excessive memory usage
            ($f := function($x) { 1 + $f($x - 1) }; $f(1)) -> error: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive
            ($f := function($x) { $x <= 0 ? 0 : 1 + $f($x - 1) }; $f(31)) -> 31
        "#]],
    );
    assert!(Expression::parse(&"(".repeat(100_000)).is_err());
    assert!(Expression::parse(&format!("{}1", "-".repeat(100_000))).is_err());
}

#[test]
fn lists_within_lists_stay_so_in_functions() {
    check(
        &[
            "$map([1, 2], function($n) { [[$n]] })",
            "$map([1, 2], function($n) { [[[$n], $n], $append([$n], 0)] })",
            "($f := function($n) { [[$n, [$n]]] }; $f([1]))",
        ],
        expect![[r#"
            $map([1, 2], function($n) { [[$n]] }) -> [[[1]],[[2]]]
            $map([1, 2], function($n) { [[[$n], $n], $append([$n], 0)] }) -> [[[[1],1],1,0],[[[2],2],2,0]]
            ($f := function($n) { [[$n, [$n]]] }; $f([1])) -> [[1,[1]]]
        "#]],
    );
}

#[test]
fn pipes_and_open_calls_stay_so_in_functions() {
    check(
        &[
            "$map([[3, 1], [2, 0]], function($v) { $v ~> $sort() })",
            "$map([[3, 1], [2, 0]], function($v) { $v ~> $append(?, [9]) })",
            "$map(['a b', 'c d'], function($v) { $v ~> $split(' ') ~> $reverse() })",
            "$map([12, 345], function($v) { ($string ~> $length)($v) })",
        ],
        expect![[r#"
            $map([[3, 1], [2, 0]], function($v) { $v ~> $sort() }) -> [[1,3],[0,2]]
            $map([[3, 1], [2, 0]], function($v) { $v ~> $append(?, [9]) }) -> [[3,1,9],[2,0,9]]
            $map(['a b', 'c d'], function($v) { $v ~> $split(' ') ~> $reverse() }) -> [["b","a"],["d","c"]]
            $map([12, 345], function($v) { ($string ~> $length)($v) }) -> [2,3]
        "#]],
    );
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
