use super::{EditError, Format, Source, TextEdit, apply};
use expect_test::{Expect, expect};
use serde_json::json;

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
fn set_goes_into_what_stays() {
    check_edit(
        |source| {
            source.set(
                "",
                &json!({"New": true, "B": {"z": null, "y": [3]}, "A": {"y": [0, 1, 2, 5], "w": "é"}}),
            )
        },
        expect![[r#"
            {
                "New": true,
                "B": {
                    "z": null,
                    "y": [
                        3
                    ]
                },
                "A": {"y":[0,1,2,5], "w": "é"}
            }

            =====
            {"New":true,"B":{"z":null,"y":[3]},"A":{"y":[0,1,2,5],"w":"é"}}
            =====
            {^
            	"New" : true,^
            	"B" : { "z" : null, "y" : [3] },^
            	"A" : {^
            		"y" : [ 0, 1, 2, 5 ],^
            		"w" : "é" } }
            =====
            # head
            New: true
            B:
                z:
                "y":
                    - 3
            A:   # one
                y: [0, 1, 2, 5]
                w: é
            # two

            =====
            New: true
            B: {z: null, "y": [3]}
            A: {y: [0, 1, 2, 5], "w": "é"}"#]],
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
