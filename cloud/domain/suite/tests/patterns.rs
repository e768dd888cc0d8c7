//! What a value is expected to be.
#![cfg(test)]

use awm_suite::{Given, Pattern};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(pattern: Value, value: Value, expected: Expect) {
    let pattern = Pattern::of(&pattern).expect("it is a pattern");
    let input = json!({ "limit": 3 });
    let told: String = pattern
        .check(
            &value,
            Given {
                input: &input,
                now: 0,
            },
        )
        .into_iter()
        .map(|found| {
            let actual = found
                .actual
                .map_or("nothing".to_owned(), |it| it.to_string());
            format!("{}: {} / {actual}\n", found.pointer, found.expected)
        })
        .collect();
    expected.assert_eq(&told);
}

#[test]
fn values_match_themselves() {
    check(
        json!({"a": 1, "b": [1, {"c": null}]}),
        json!({"b": [1.0, {"c": null}], "a": 1}),
        expect![""],
    );
    check(
        json!({"a": 1, "b": [1, 2], "c": 1}),
        json!({"a": "1", "b": [1, 3, 4], "d": 1}),
        expect![[r#"
            /a: 1 / "1"
            /b/1: 2 / 3
            /b/2: nothing / 4
            /c: 1 / nothing
            /d: nothing / 1
        "#]],
    );
}

#[test]
fn placeholders_match_kinds() {
    check(
        json!({
            "any": "<any>", "gone": "<absent>", "s": "<string>", "n": "<number>", "i": "<integer>", "b": "<boolean>",
            "l": "<array>", "o": "<object>", "u": "<uuid>", "t": "<timestamp>", "arn": "<arn>"
        }),
        json!({
            "any": null, "s": "", "n": 1.5, "i": 2.0, "b": false, "l": [], "o": {},
            "u": "3d2e5a7c-0000-4000-8000-000000000000", "t": "2026-01-01T00:00:00.000Z", "arn": "arn:aws:s3:::bucket"
        }),
        expect![""],
    );
    check(
        json!({"gone": "<absent>", "there": "<any>", "i": "<integer>", "u": "<uuid>", "t": "<timestamp>"}),
        json!({"gone": null, "i": 1.5, "u": "3d2e", "t": "today"}),
        expect![[r#"
            /gone: <absent> / null
            /there: <any> / nothing
            /i: <integer> / 1.5
            /u: <uuid> / "3d2e"
            /t: <timestamp> / "today"
        "#]],
    );
}

#[test]
fn operators() {
    check(
        json!({"$subset": {"a": {"b": 1}}}),
        json!({"a": {"b": 1, "c": 2}, "d": 3}),
        expect![""],
    );
    check(
        json!({"$subset": {"a": {"b": 1}}}),
        json!({"a": {"b": 2}}),
        expect![[r#"
            /a/b: 1 / 2
        "#]],
    );
    check(
        json!({"$contains": [{"a": 1}, 5]}),
        json!([1, {"a": 1, "b": 2}]),
        expect![[r#"
            : an item 5 / [1,{"a":1,"b":2}]
        "#]],
    );
    check(json!({"$contains": "ell"}), json!("hello"), expect![""]);
    check(json!({"$regex": "^a+$"}), json!("aaa"), expect![""]);
    check(
        json!({"$regex": "^a+$"}),
        json!(1),
        expect![[r#"
        : text that matches `^a+$` / 1
    "#]],
    );
    check(
        json!({"$oneOf": [1, "<string>"]}),
        json!(true),
        expect![[r#"
            : {"$oneOf":[1,"<string>"]} / true
        "#]],
    );
    check(json!({"$not": {"a": 1}}), json!({"a": 2}), expect![""]);
    check(
        json!({"$exactly": {"$regex": "<any>"}}),
        json!({"$regex": "<any>"}),
        expect![""],
    );
}

#[test]
fn conditions() {
    check(json!("{% $value > $input.limit %}"), json!(4), expect![""]);
    check(
        json!({"$jsonata": "$count($value) = 2"}),
        json!([1, 2]),
        expect![""],
    );
    check(
        json!("{% $value > 3 %}"),
        json!(2),
        expect![[r#"
        : `$value > 3` to hold / 2
    "#]],
    );
    check(
        json!("{% $value %}"),
        json!(2),
        expect![[r#"
        : `$value` to hold, but it gives a number, not a boolean / 2
    "#]],
    );
    check(
        json!("{% $gone %}"),
        json!(2),
        expect![[r#"
        : `$gone` to hold, but it gives nothing / 2
    "#]],
    );
    check(
        json!("{% 1 + 'a' %}"),
        json!(2),
        expect![[r#"
            : `1 + 'a'` to hold, but T2002: The right side of the "+" operator must evaluate to a number / 2
        "#]],
    );
}

/// What is written is read as the same, whatever it looks like.
#[test]
fn values_survive_being_written() {
    for value in [
        json!("<any>"),
        json!({"$regex": "("}),
        json!(["{% 1 %}"]),
        json!({"a": 1}),
    ] {
        let written = Pattern::exactly(value.clone()).to_value();
        check(written, value, expect![""]);
    }
}
