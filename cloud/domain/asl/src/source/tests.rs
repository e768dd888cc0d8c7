use super::*;
use expect_test::{Expect, expect};

fn problems(text: &str, format: Format) -> String {
    let (value, diagnostics) = read_value(text, format);
    let mut lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    lines.push(value.map_or("nothing".to_owned(), |value| value.to_string()));
    lines.join("\n")
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&problems(text, Format::Json));
}

fn check_yaml(text: &str, expected: Expect) {
    expected.assert_eq(&problems(text, Format::Yaml));
}

#[test]
fn malformed_json_is_reported_and_read_on() {
    check("", expect!["nothing"]);
    check(
        "{\"a\": 1,}",
        expect![[r#"
        1:9 error INVALID_JSON_DESCRIPTION: there is a `,` too many before this at /
        {"a":1}"#]],
    );
    check(
        "{\"a\" 1 \"b\": 2}",
        expect![[r#"
        1:5 error INVALID_JSON_DESCRIPTION: expected `:` at /a
        1:7 error INVALID_JSON_DESCRIPTION: expected `,` at /a
        {"a":1,"b":2}"#]],
    );
    check(
        "{a: 'x', // why\n\"b\": tru, \"c\": 01}",
        expect![[r#"
        1:2 error INVALID_JSON_DESCRIPTION: names of fields are written in double quotes at /a
        1:5 error INVALID_JSON_DESCRIPTION: texts are written in double quotes at /a
        1:10 error INVALID_JSON_DESCRIPTION: JSON has no comments at /
        2:6 error INVALID_JSON_DESCRIPTION: `tru` is not a value at /b
        2:16 error INVALID_JSON_DESCRIPTION: `01` is not a number at /c
        {"a":"x","b":"tru","c":"01"}"#]],
    );
    check(
        "{\"a\": \"open\n\"b\": \"\\x\"}",
        expect![[r#"
        1:7 error INVALID_JSON_DESCRIPTION: this text has no closing `"` at /a
        1:12 error INVALID_JSON_DESCRIPTION: expected `,` at /a
        2:6 error INVALID_JSON_DESCRIPTION: this text has an escape or a control character that JSON does not allow at /b
        {"a":"open","b":"\\x"}"#]],
    );
    check(
        "{\"a\": [1, 2}",
        expect![[r#"
        1:7 error INVALID_JSON_DESCRIPTION: this `[` is never closed at /a
        {"a":[1,2]}"#]],
    );
    check(
        "{\"a\": {\"b\": [",
        expect![[r#"
        1:1 error INVALID_JSON_DESCRIPTION: this `{` is never closed at /
        1:7 error INVALID_JSON_DESCRIPTION: this `{` is never closed at /a
        1:13 error INVALID_JSON_DESCRIPTION: this `[` is never closed at /a/b
        {"a":{"b":[]}}"#]],
    );
    check(
        "{\"a\": }]{}",
        expect![[r#"
        1:6 error INVALID_JSON_DESCRIPTION: expected a value at /a
        {"a":null}"#]],
    );
    check(
        "{} {}",
        expect![[r#"
        1:4 error INVALID_JSON_DESCRIPTION: there is more after the end of the definition at /
        {}"#]],
    );
    check(
        "{\"a\": 1, \"a\": 2, \"States\": {\"x\": {}, \"x\": {}}}",
        expect![[r#"
            1:10 warning DUPLICATE_FIELD: the field `a` is there twice; the last one counts at /a
            1:38 error DUPLICATE_STATE_NAME: the state `x` is there twice at /States/x
            {"a":2,"States":{"x":{}}}"#]],
    );
    check(
        "{\"a\": \"\u{1}\", {\"b\": 1}: 2}",
        expect![[r#"
        1:7 error INVALID_JSON_DESCRIPTION: this text has an escape or a control character that JSON does not allow at /a
        1:12 error INVALID_JSON_DESCRIPTION: expected the name of a field, not `{` at /
        1:20 error INVALID_JSON_DESCRIPTION: unexpected `:` at /
        1:21 error INVALID_JSON_DESCRIPTION: expected `,` at /
        1:22 error INVALID_JSON_DESCRIPTION: names of fields are written in double quotes at [2]
        1:23 error INVALID_JSON_DESCRIPTION: expected a value at [2]
        {"a":"\u0001","2":null}"#]],
    );
    check(
        "\u{feff}{\"a\": \"ü\" \u{1f600}}",
        expect![[r#"
        1:11 error INVALID_JSON_DESCRIPTION: expected `,` at /a
        1:12 error INVALID_JSON_DESCRIPTION: names of fields are written in double quotes at /😀
        1:13 error INVALID_JSON_DESCRIPTION: expected a value at /😀
        {"a":"ü","😀":null}"#]],
    );
}

#[test]
fn malformed_yaml_is_reported() {
    check_yaml("", expect!["nothing"]);
    check_yaml(
        "a: [1, 2",
        expect![[r#"
        1:9 error INVALID_JSON_DESCRIPTION: this is not YAML: while parsing a flow sequence, expected ',' or ']' at /a[1]
        {"a":[1,2]}"#]],
    );
    check_yaml(
        "a: 1\n b: 2",
        expect![[r#"
        2:3 error INVALID_JSON_DESCRIPTION: this is not YAML: mapping values are not allowed in this context at /a
        {"a":"1 b"}"#]],
    );
    check_yaml(
        "a: 1\na: 2",
        expect![[r#"
        2:1 warning DUPLICATE_FIELD: the field `a` is there twice; the last one counts at /a
        {"a":2}"#]],
    );
    check_yaml(
        "a: &x [1, *x]",
        expect![[r#"
        1:11 error INVALID_JSON_DESCRIPTION: this alias is inside of what it stands for at /a[1]
        {"a":[1,null]}"#]],
    );
    check_yaml(
        "a: *y",
        expect![[r#"
        1:4 error INVALID_JSON_DESCRIPTION: this is not YAML: while parsing node, found unknown anchor at /
        {}"#]],
    );
    check_yaml(
        "a: 1\n---\nb: 2",
        expect![[r#"
        2:1 error INVALID_JSON_DESCRIPTION: a definition is one document; what follows is not read at /
        {"a":1}"#]],
    );
    check_yaml(
        "? [a]\n: 1",
        expect![[r#"
        1:3 error INVALID_JSON_DESCRIPTION: the name of a field must be a text at /
        {}"#]],
    );
    check_yaml(
        "a: &x {b: 1}\nc: *x\nd: !!str 1\ne:\nf: |\n  x\n  y\n\ng: 'it''s'",
        expect![[r#"{"a":{"b":1},"c":{"b":1},"d":"1","e":null,"f":"x\ny\n","g":"it's"}"#]],
    );
}

#[test]
fn depth_and_size_are_bounded() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(100_000) + "1" + &close.repeat(100_000);
        let source = Source::new(deep, Format::Json);
        let codes: Vec<Code> = source
            .diagnostics()
            .iter()
            .map(|found| found.code)
            .collect();
        assert_eq!(codes, [Code::TooDeeplyNested]);
        assert!(source.value().is_some());
    }
    for deep in [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "{\"a\":".repeat(100_000),
    ] {
        for format in [Format::Json, Format::Yaml] {
            assert!(Source::new(deep.clone(), format).is_broken());
        }
    }
    let large = format!("{{\"a\": \"{}\"}}", "x".repeat(50 << 20));
    let source = Source::new(large, Format::Json);
    assert_eq!(source.diagnostics()[0].code, Code::DefinitionTooLarge);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", "));
    }
    assert!(Source::new(bomb, Format::Yaml).is_broken());
}

#[test]
fn places_are_known_both_ways() {
    let text = "{\r\n  \"é/\": [10, {\"x\": true}]\r\n}";
    for (format, text) in [
        (Format::Json, text),
        (Format::Yaml, "é/:\n  - 10\n  - x: true\n"),
    ] {
        let source = Source::new(text, format);
        assert_eq!(source.diagnostics(), []);
        let span = source.span("/é~1/1/x").unwrap();
        assert_eq!(text.get(span.start..span.end), Some("true"));
        for at in [span.start, span.end] {
            assert_eq!(source.pointer_at(at), "/é~1/1/x");
        }
        let key = source.key_span("/é~1/1/x").unwrap();
        assert_eq!(source.pointer_at(key.start), "/é~1/1/x");
        assert_eq!(source.span("/é~1/2"), None);
        let lines = text.get(..span.start).unwrap().matches('\n').count();
        assert_eq!(span.line as usize, lines + 1);
    }
}

#[test]
fn format_lays_out_anew() {
    assert_eq!(
        super::format("{\"a\":[1,{}],\"b\":{}}", Format::Json).unwrap(),
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {}\n}\n"
    );
    assert_eq!(
        super::format("{\"a\":[1,{\"x\": \"l1\\nl2\"}],\"b\":{}}", Format::Yaml).unwrap(),
        "a:\n  - 1\n  - x: |-\n      l1\n      l2\nb: {}\n"
    );
    assert_eq!(super::format("{", Format::Json), None);
}
