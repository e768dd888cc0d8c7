use super::*;
use crate::pointer::{join, join_index};
use expect_test::{Expect, expect};
use serde_json::json;

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

/// What a text is after an edit, or why not.
fn edited(
    text: &str,
    format: Format,
    edit: impl Fn(&Source) -> Result<Vec<TextEdit>, EditError>,
) -> String {
    let source = Source::new(text, format);
    assert_eq!(source.diagnostics(), []);
    match edit(&source) {
        Ok(edits) => apply(text, &edits),
        Err(error) => error.to_string(),
    }
}

const LAYOUTS: &[(&str, Format)] = &[
    (
        "{\n    \"A\": {\"x\":1, \"y\":[1,2]},\n    \"B\": {\n        \"z\": null\n    }\n}\n",
        Format::Json,
    ),
    (
        "{\"A\":{\"x\":1,\"y\":[1,2]},\"B\":{\"z\":null}}",
        Format::Json,
    ),
    (
        "{\r\n\t\"A\" : {\r\n\t\t\"x\" : 1,\r\n\t\t\"y\" : [ 1, 2 ] },\r\n\t\"B\" : { \"z\" : null } }",
        Format::Json,
    ),
    (
        "# head\nA:   # one\n    x: 1 # in\n    y: [1, 2]\n# two\nB:\n    z:\n",
        Format::Yaml,
    ),
    ("A: {x: 1, y: [1, 2]}\nB: {z: null}", Format::Yaml),
];

fn check_edit(edit: impl Fn(&Source) -> Result<Vec<TextEdit>, EditError>, expected: Expect) {
    let all: Vec<String> = LAYOUTS
        .iter()
        .map(|(text, format)| edited(text, *format, &edit).replace('\r', "^"))
        .collect();
    expected.assert_eq(&all.join("\n=====\n"));
}

#[test]
fn set_keeps_the_layout() {
    check_edit(
        |source| source.set("/A/x", &json!("two")),
        expect![[r#"
        {
            "A": {"x":"two", "y":[1,2]},
            "B": {
                "z": null
            }
        }

        =====
        {"A":{"x":"two","y":[1,2]},"B":{"z":null}}
        =====
        {^
        	"A" : {^
        		"x" : "two",^
        		"y" : [ 1, 2 ] },^
        	"B" : { "z" : null } }
        =====
        # head
        A:   # one
            x: two # in
            y: [1, 2]
        # two
        B:
            z:

        =====
        A: {x: "two", y: [1, 2]}
        B: {z: null}"#]],
    );
    check_edit(
        |source| source.set("/C", &json!({"deep": [true]})),
        expect![[r#"
            {
                "A": {"x":1, "y":[1,2]},
                "B": {
                    "z": null
                },
                "C": {
                    "deep": [
                        true
                    ]
                }
            }

            =====
            {"A":{"x":1,"y":[1,2]},"B":{"z":null},"C":{"deep":[true]}}
            =====
            {^
            	"A" : {^
            		"x" : 1,^
            		"y" : [ 1, 2 ] },^
            	"B" : { "z" : null },^
            	"C" : {^
            		"deep" : [^
            			true^
            		]^
            	} }
            =====
            # head
            A:   # one
                x: 1 # in
                y: [1, 2]
            # two
            B:
                z:
            C:
              deep:
                - true

            =====
            A: {x: 1, y: [1, 2]}
            B: {z: null}
            C:
              deep:
                - true"#]],
    );
    check_edit(
        |source| source.set("", &json!({"A": {"x": 1, "y": [1, 3]}, "B": {"z": null}})),
        expect![[r#"
            {
                "A": {"x":1, "y":[1,3]},
                "B": {
                    "z": null
                }
            }

            =====
            {"A":{"x":1,"y":[1,3]},"B":{"z":null}}
            =====
            {^
            	"A" : {^
            		"x" : 1,^
            		"y" : [ 1, 3 ] },^
            	"B" : { "z" : null } }
            =====
            # head
            A:   # one
                x: 1 # in
                y: [1, 3]
            # two
            B:
                z:

            =====
            A: {x: 1, y: [1, 3]}
            B: {z: null}"#]],
    );
}

#[test]
fn insert_keeps_the_layout() {
    check_edit(
        |source| source.insert("/A", "w", &json!("a: b"), 0),
        expect![[r#"
            {
                "A": {"w": "a: b", "x":1, "y":[1,2]},
                "B": {
                    "z": null
                }
            }

            =====
            {"A":{"w":"a: b","x":1,"y":[1,2]},"B":{"z":null}}
            =====
            {^
            	"A" : {^
            		"w" : "a: b",^
            		"x" : 1,^
            		"y" : [ 1, 2 ] },^
            	"B" : { "z" : null } }
            =====
            # head
            A:   # one
                w: "a: b"
                x: 1 # in
                y: [1, 2]
            # two
            B:
                z:

            =====
            A: {"w": "a: b", x: 1, y: [1, 2]}
            B: {z: null}"#]],
    );
    check_edit(
        |source| source.insert("/A/y", "", &json!(9), 1),
        expect![[r#"
            {
                "A": {"x":1, "y":[1,9,2]},
                "B": {
                    "z": null
                }
            }

            =====
            {"A":{"x":1,"y":[1,9,2]},"B":{"z":null}}
            =====
            {^
            	"A" : {^
            		"x" : 1,^
            		"y" : [ 1, 9, 2 ] },^
            	"B" : { "z" : null } }
            =====
            # head
            A:   # one
                x: 1 # in
                y: [1, 9, 2]
            # two
            B:
                z:

            =====
            A: {x: 1, y: [1, 9, 2]}
            B: {z: null}"#]],
    );
    check_edit(
        |source| source.insert("/A", "x", &json!(9), 1),
        expect![[r#"
            the field `x` is there already
            =====
            the field `x` is there already
            =====
            the field `x` is there already
            =====
            the field `x` is there already
            =====
            the field `x` is there already"#]],
    );
}

#[test]
fn remove_keeps_the_layout() {
    check_edit(
        |source| source.remove("/A"),
        expect![[r#"
        {
            "B": {
                "z": null
            }
        }

        =====
        {"B":{"z":null}}
        =====
        {^
        	"B" : { "z" : null } }
        =====
        # head
        # two
        B:
            z:

        =====
        B: {z: null}"#]],
    );
    check_edit(
        |source| source.remove("/A/y/1"),
        expect![[r#"
        {
            "A": {"x":1, "y":[1]},
            "B": {
                "z": null
            }
        }

        =====
        {"A":{"x":1,"y":[1]},"B":{"z":null}}
        =====
        {^
        	"A" : {^
        		"x" : 1,^
        		"y" : [ 1 ] },^
        	"B" : { "z" : null } }
        =====
        # head
        A:   # one
            x: 1 # in
            y: [1]
        # two
        B:
            z:

        =====
        A: {x: 1, y: [1]}
        B: {z: null}"#]],
    );
    check_edit(
        |source| source.remove("/B/z"),
        expect![[r#"
            {
                "A": {"x":1, "y":[1,2]},
                "B": {}
            }

            =====
            {"A":{"x":1,"y":[1,2]},"B":{}}
            =====
            {^
            	"A" : {^
            		"x" : 1,^
            		"y" : [ 1, 2 ] },^
            	"B" : {} }
            =====
            # head
            A:   # one
                x: 1 # in
                y: [1, 2]
            # two
            B: {}

            =====
            A: {x: 1, y: [1, 2]}
            B: {}"#]],
    );
}

#[test]
fn move_and_rename_keep_the_layout() {
    check_edit(
        |source| source.move_to("/A", 1),
        expect![[r#"
        {
            "B": {
                "z": null
            },
            "A": {"x":1, "y":[1,2]}
        }

        =====
        {"B":{"z":null},"A":{"x":1,"y":[1,2]}}
        =====
        {^
        	"B" : { "z" : null },^
        	"A" : {^
        		"x" : 1,^
        		"y" : [ 1, 2 ] } }
        =====
        # head
        # two
        B:
            z:
        A:   # one
            x: 1 # in
            y: [1, 2]

        =====
        B: {z: null}
        A: {x: 1, y: [1, 2]}"#]],
    );
    check_edit(
        |source| source.rename_key("/A/x", "quote\"\n😀"),
        expect![[r#"
            {
                "A": {"quote\"\n😀":1, "y":[1,2]},
                "B": {
                    "z": null
                }
            }

            =====
            {"A":{"quote\"\n😀":1,"y":[1,2]},"B":{"z":null}}
            =====
            {^
            	"A" : {^
            		"quote\"\n😀" : 1,^
            		"y" : [ 1, 2 ] },^
            	"B" : { "z" : null } }
            =====
            # head
            A:   # one
                "quote\"\n😀": 1 # in
                y: [1, 2]
            # two
            B:
                z:

            =====
            A: {"quote\"\n😀": 1, y: [1, 2]}
            B: {z: null}"#]],
    );
    check_edit(
        |source| source.rename_key("/A", "B"),
        expect![[r#"
        the field `B` is there already
        =====
        the field `B` is there already
        =====
        the field `B` is there already
        =====
        the field `B` is there already
        =====
        the field `B` is there already"#]],
    );
    check_edit(
        |source| source.remove(""),
        expect![[r#"
        the whole definition can only be replaced
        =====
        the whole definition can only be replaced
        =====
        the whole definition can only be replaced
        =====
        the whole definition can only be replaced
        =====
        the whole definition can only be replaced"#]],
    );
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

/// A small generator of numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn name(&mut self) -> String {
        [
            "a", "b", "Next", "x y", "é", "q\"", "n\nl", "yes", "1", "~/", "- d", "#c", "k: v", "",
        ][self.roll(14)]
        .to_owned()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.roll(if depth > 2 { 6 } else { 8 }) {
            0 => json!(null),
            1 => json!(self.roll(2) == 0),
            2 => json!(self.roll(1000)),
            3 => json!(1.5),
            4 => json!(self.name()),
            5 => json!("line 1\n  line 2\n\nline 4"),
            6 => (0..self.roll(4)).map(|_| self.value(depth + 1)).collect(),
            _ => {
                let mut map = serde_json::Map::new();
                for _ in 0..self.roll(4) {
                    map.insert(self.name(), self.value(depth + 1));
                }
                Value::Object(map)
            }
        }
    }

    /// The pointer of a random value, not the root if that has children.
    fn pointer(&mut self, value: &Value) -> String {
        let mut pointer = String::new();
        let mut at = value;
        loop {
            let count =
                at.as_object().map_or(0, |map| map.len()) + at.as_array().map_or(0, Vec::len);
            if count == 0 || (!pointer.is_empty() && self.roll(3) == 0) {
                return pointer;
            }
            let child = self.roll(count);
            match at {
                Value::Array(items) => {
                    pointer = join_index(&pointer, child);
                    at = &items[child];
                }
                _ => {
                    let (key, value) = at.as_object().unwrap().iter().nth(child).unwrap();
                    pointer = join(&pointer, key);
                    at = value;
                }
            }
        }
    }
}

#[test]
fn random_edits_agree_with_a_model() {
    let styles = [
        (Format::Json, true),
        (Format::Json, false),
        (Format::Yaml, true),
        (Format::Yaml, false),
    ];
    for seed in 1..120_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (format, spread) = styles[dice.roll(4)];
        let mut model = json!({"a": dice.value(0), "b": {"c": 1}});
        let mut text = match spread {
            true => super::format(&model.to_string(), format).unwrap(),
            false => model.to_string(),
        };
        if seed % 5 == 0 {
            text = text.replace('\n', "\r\n");
        }
        for _ in 0..8 {
            let source = Source::new(text.clone(), format);
            assert_eq!(
                source.value().map(|v| v.to_string()),
                Some(model.to_string()),
                "{text}"
            );
            let pointer = dice.pointer(&model);
            let Some((parent, token)) = crate::pointer::split(&pointer) else {
                break;
            };
            let siblings = model.pointer(parent).unwrap();
            let count = siblings.as_object().map_or(0, |map| map.len())
                + siblings.as_array().map_or(0, Vec::len);
            let position = dice.roll(count);
            let value = dice.value(1);
            let name = dice.name();
            let edits = match dice.roll(5) {
                0 => {
                    *model.pointer_mut(&pointer).unwrap() = value.clone();
                    source.set(&pointer, &value)
                }
                1 => {
                    let edits = source.insert(parent, &name, &value, position);
                    if edits.is_ok() {
                        match model.pointer_mut(parent).unwrap() {
                            Value::Array(items) => items.insert(position, value),
                            other => {
                                other
                                    .as_object_mut()
                                    .unwrap()
                                    .shift_insert(position, name, value);
                            }
                        }
                    }
                    edits
                }
                2 => {
                    match model.pointer_mut(parent).unwrap() {
                        Value::Array(items) => {
                            items.remove(token.parse().unwrap());
                        }
                        other => {
                            other.as_object_mut().unwrap().shift_remove(&token);
                        }
                    }
                    source.remove(&pointer)
                }
                3 => {
                    match model.pointer_mut(parent).unwrap() {
                        Value::Array(items) => {
                            let item = items.remove(token.parse().unwrap());
                            items.insert(position, item);
                        }
                        other => {
                            let map = other.as_object_mut().unwrap();
                            let value = map.shift_remove(&token).unwrap();
                            map.shift_insert(position, token, value);
                        }
                    }
                    source.move_to(&pointer, position)
                }
                _ => {
                    let edits = source.rename_key(&pointer, &name);
                    if edits.is_ok() && name != token {
                        let map = model.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                        let at = map.keys().position(|key| *key == token).unwrap();
                        let value = map.shift_remove(&token).unwrap();
                        map.shift_insert(at, name, value);
                    }
                    edits
                }
            };
            match edits {
                Ok(edits) => text = apply(&text, &edits),
                Err(EditError::Taken(_) | EditError::NotAContainer(_)) => {}
                Err(error) => panic!("{error} at {pointer} of {text}"),
            }
        }
    }
}
