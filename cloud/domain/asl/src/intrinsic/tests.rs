use super::Intrinsic;
use crate::path::Scope;
use crate::random::Seeded;
use expect_test::{Expect, expect};
use serde_json::json;

/// Calls each; a line for each.
fn check(calls: &[&str], expected: Expect) {
    let input = json!({
        "name": "Ada",
        "list": [1, 2, 3, 3, "x"],
        "object": { "a": 1, "b": { "c": [true, null] } },
        "text": "a,b;c",
        "json": "{\"k\": [1, 2]}",
        "half": 2.5,
    });
    let context = json!({});
    let scope = Scope {
        input: &input,
        context: &context,
        variables: &(),
    };
    let mut told = String::new();
    for call in calls {
        let line = match Intrinsic::parse(call) {
            Ok(parsed) => match parsed.evaluate(&scope, &mut Seeded::new(1)) {
                Ok(value) => value.to_string(),
                Err(error) => format!("error: {error}"),
            },
            Err(error) => format!("syntax: {error}"),
        };
        told.push_str(&format!("{call} -> {line}\n"));
    }
    expected.assert_eq(&told);
}

#[test]
fn text() {
    check(
        &[
            "States.Format('Hello {}, {}!', $.name, 1.5)",
            "States.Format('{} \\{\\} it\\'s', $.object)",
            "States.Format('{}', $.list)",
            "States.StringToJson($.json)",
            "States.JsonToString($.object)",
            "States.StringSplit($.text, ',;')",
            "States.Base64Encode($.name)",
            "States.Base64Decode('QWRh')",
            "States.Hash($.name, 'SHA-256')",
            "States.JsonMerge($.object, States.StringToJson($.json), false)",
        ],
        expect![[r#"
            States.Format('Hello {}, {}!', $.name, 1.5) -> "Hello Ada, 1.5!"
            States.Format('{} \{\} it\'s', $.object) -> "{a=1, b={c=[true, null]}} {} it's"
            States.Format('{}', $.list) -> "[1, 2, 3, 3, x]"
            States.StringToJson($.json) -> {"k":[1,2]}
            States.JsonToString($.object) -> "{\"a\":1,\"b\":{\"c\":[true,null]}}"
            States.StringSplit($.text, ',;') -> ["a","b","c"]
            States.Base64Encode($.name) -> "QWRh"
            States.Base64Decode('QWRh') -> "Ada"
            States.Hash($.name, 'SHA-256') -> "99a563ab2f6e21e96998f9fddd2a2bab82b70ac019579502b8d7fc0032ff62bb"
            States.JsonMerge($.object, States.StringToJson($.json), false) -> {"a":1,"b":{"c":[true,null]},"k":[1,2]}
        "#]],
    );
}

#[test]
fn arrays_and_numbers() {
    check(
        &[
            "States.Array()",
            "States.Array($.name, States.Array(1), true, null)",
            "States.ArrayPartition($.list, 2)",
            "States.ArrayContains($.list, 3.0)",
            "States.ArrayRange(1, 9, 2)",
            "States.ArrayRange(3, 1, -1)",
            "States.ArrayGetItem($.list, 4)",
            "States.ArrayLength($.list)",
            "States.ArrayUnique($.list)",
            "States.MathAdd($.half, -1)",
            "States.MathRandom(1, 2)",
            "States.MathRandom(1, 1000, 7)",
            "States.UUID()",
        ],
        expect![[r#"
            States.Array() -> []
            States.Array($.name, States.Array(1), true, null) -> ["Ada",[1],true,null]
            States.ArrayPartition($.list, 2) -> [[1,2],[3,3],["x"]]
            States.ArrayContains($.list, 3.0) -> true
            States.ArrayRange(1, 9, 2) -> [1,3,5,7,9]
            States.ArrayRange(3, 1, -1) -> [3,2,1]
            States.ArrayGetItem($.list, 4) -> "x"
            States.ArrayLength($.list) -> 5
            States.ArrayUnique($.list) -> [1,2,3,"x"]
            States.MathAdd($.half, -1) -> 2
            States.MathRandom(1, 2) -> 1
            States.MathRandom(1, 1000, 7) -> 971
            States.UUID() -> "910a2dec-8902-4cc1-beeb-8da1658eec67"
        "#]],
    );
}

#[test]
fn what_functions_refuse() {
    check(
        &[
            "States.Format('{} {}', $.name)",
            "States.StringToJson('{')",
            "States.ArrayGetItem($.list, 9)",
            "States.ArrayGetItem($.list, -1)",
            "States.ArrayPartition($.list, 0)",
            "States.ArrayRange(1, 100000, 1)",
            "States.ArrayRange(1, 2, 0)",
            "States.Base64Decode('???')",
            "States.Hash($.name, 'CRC')",
            "States.JsonMerge($.object, $.object, true)",
            "States.MathAdd($.name, 1)",
            "States.MathRandom(2, 1)",
            "States.ArrayLength($.none)",
        ],
        expect![[r#"
            States.Format('{} {}', $.name) -> error: The function 'States.Format('{} {}', $.name)' had the following error: Invalid arguments in States.Format
            States.StringToJson('{') -> error: The function 'States.StringToJson('{')' had the following error: Invalid JSON string: {
            States.ArrayGetItem($.list, 9) -> error: The function 'States.ArrayGetItem($.list, 9)' had the following error: Invalid arguments in States.ArrayGetItem
            States.ArrayGetItem($.list, -1) -> error: The function 'States.ArrayGetItem($.list, -1)' had the following error: Invalid arguments in States.ArrayGetItem
            States.ArrayPartition($.list, 0) -> error: The function 'States.ArrayPartition($.list, 0)' had the following error: Invalid arguments in States.ArrayPartition
            States.ArrayRange(1, 100000, 1) -> error: The function 'States.ArrayRange(1, 100000, 1)' had the following error: Invalid arguments in States.ArrayRange
            States.ArrayRange(1, 2, 0) -> error: The function 'States.ArrayRange(1, 2, 0)' had the following error: Invalid arguments in States.ArrayRange
            States.Base64Decode('???') -> error: The function 'States.Base64Decode('???')' had the following error: Invalid arguments in States.Base64Decode
            States.Hash($.name, 'CRC') -> error: The function 'States.Hash($.name, 'CRC')' had the following error: Invalid arguments in States.Hash
            States.JsonMerge($.object, $.object, true) -> error: The function 'States.JsonMerge($.object, $.object, true)' had the following error: Invalid arguments in States.JsonMerge
            States.MathAdd($.name, 1) -> error: The function 'States.MathAdd($.name, 1)' had the following error: Invalid arguments in States.MathAdd
            States.MathRandom(2, 1) -> error: The function 'States.MathRandom(2, 1)' had the following error: Invalid arguments in States.MathRandom
            States.ArrayLength($.none) -> error: The function 'States.ArrayLength($.none)' had the following error: The JsonPath argument for the field '$.none' could not be found in the input '{"name":"Ada","list":[1,2,3,3,"x"],"object":{"a":1,"b":{"c":[true,null]}},"text":"a,b;c","json":"{\"k\": [1, 2]}","half":2.5}'
        "#]],
    );
}

#[test]
fn the_longest_text_is_counted_in_characters() {
    for call in ["States.Base64Encode($)", "States.Hash($, 'MD5')"] {
        let taken = |length: usize| {
            let input = json!("é".repeat(length));
            let scope = Scope {
                input: &input,
                context: &json!({}),
                variables: &(),
            };
            Intrinsic::parse(call)
                .unwrap()
                .evaluate(&scope, &mut Seeded::new(1))
                .is_ok()
        };
        assert!(taken(10_000), "{call}");
        assert!(!taken(10_001), "{call}");
    }
}

#[test]
fn what_is_no_call() {
    check(
        &[
            "States.Nothing()",
            "States.Format()",
            "States.Format('a'",
            "States.Format('a' 'b')",
            "States.Format(\"a\")",
            "States.Format('a\\n')",
            "States.UUID(1)",
            "States.Array(1,)",
            "States.UUID() x",
        ],
        expect![[r#"
            States.Nothing() -> syntax: `States.Nothing()` is not a call of an intrinsic function: there is no function `States.Nothing`
            States.Format() -> syntax: `States.Format()` is not a call of an intrinsic function: `States.Format` does not take 0 arguments
            States.Format('a' -> syntax: `States.Format('a'` is not a call of an intrinsic function: `,` or `)` is missing before ``
            States.Format('a' 'b') -> syntax: `States.Format('a' 'b')` is not a call of an intrinsic function: `,` or `)` is missing before `'b')`
            States.Format("a") -> syntax: `States.Format("a")` is not a call of an intrinsic function: `"a")` is not an argument
            States.Format('a\n') -> syntax: `States.Format('a\n')` is not a call of an intrinsic function: `\` must come before `'`, `{`, `}` or `\`
            States.UUID(1) -> syntax: `States.UUID(1)` is not a call of an intrinsic function: `States.UUID` does not take 1 arguments
            States.Array(1,) -> syntax: `States.Array(1,)` is not a call of an intrinsic function: `)` is not an argument
            States.UUID() x -> syntax: `States.UUID() x` is not a call of an intrinsic function: unexpected `x`
        "#]],
    );
    let deep = format!("{}1{}", "States.Array(".repeat(50_000), ")".repeat(50_000));
    assert!(Intrinsic::parse(&deep).is_err());
}
