use super::{EditError, Format, Source, apply};
use crate::pointer::{join, join_index, split};
use expect_test::expect;
use serde_json::{Value, json};

/// Ways to lay YAML out that an edit has to cope with.
const SHAPES: &[&str] = &[
    "---\n# first\nStartAt: A\nStates:\n  A: # note\n    Type: Pass\n\n    End: true # last\n...\n",
    "list:\n- a: 1\n  b: 2\n-   c: 3\n- - x\n  - y\n-\n  d: 4\n- # empty\n- {e: 5}\nafter: 1\n",
    "folded: >-\n  one\n  two\n\n  three\nliteral: |+\n  keep\n\nnext: 'it''s'\nplain: a\n  b\n  c\n",
    "base: &base {x: 1, y: [a, b]}\ncopy: *base\nnamed: &name !!str 12\nother: *name\n",
    "? complex\n: value\n\"quoted key\" : 'v'\nempty:\n'null': null\ntilde: ~\n",
    "{\n  # a comment in flow\n  a: 1, b: {c: [1, 2,\n    3]},\n  \"d\": x\n}\n",
    "- 1\n- two\n- [3, {four: 4}]\n",
    "a:\r\n    b: 1\r\n    c:\r\n    - é\r\n    - \"\\u00e9\\n\"\r\nd: {}\r\n",
    "\u{feff}a: 1\nb: [x]\n",
    "expression: |-\n  {% (\n    $x := 1;\n    $x\n  ) %}\ntail: 1",
    "text",
];

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, join_index(&at, index), found);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                pointers(value, join(&at, key), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

#[test]
fn every_value_of_every_shape_can_be_edited() {
    for text in SHAPES {
        let source = Source::new(*text, Format::Yaml);
        assert_eq!(source.diagnostics(), [], "{text}");
        let value = source.value().unwrap();
        let mut all = Vec::new();
        pointers(&value, String::new(), &mut all);
        for pointer in all {
            let span = source.span(&pointer);
            for new in [json!("new: text"), json!({"k": [1]}), json!("l1\nl2")] {
                let mut model = value.clone();
                *model.pointer_mut(&pointer).unwrap() = new.clone();
                check(&source, source.set(&pointer, &new), &model, span.is_some());
            }
            let Some((parent, token)) = split(&pointer) else {
                continue;
            };
            let mut model = value.clone();
            match model.pointer_mut(parent).unwrap() {
                Value::Array(items) => {
                    items.remove(token.parse().unwrap());
                }
                other => {
                    other.as_object_mut().unwrap().shift_remove(&token);
                }
            }
            check(&source, source.remove(&pointer), &model, span.is_some());
            let mut model = value.clone();
            match model.pointer_mut(parent).unwrap() {
                Value::Array(items) => items.push(json!({"new": "item"})),
                other => {
                    let map = other.as_object_mut().unwrap();
                    map.insert("new".to_owned(), json!({"new": "item"}));
                }
            }
            let edits = source.insert(parent, "new", &json!({"new": "item"}), usize::MAX);
            check(&source, edits, &model, span.is_some());
        }
    }
}

/// The value of an alias has no text of its own below it, so an edit there is refused.
fn check(
    source: &Source,
    edits: Result<Vec<super::TextEdit>, EditError>,
    model: &Value,
    has_text: bool,
) {
    match edits {
        Ok(edits) => {
            let text = apply(source.text(), &edits);
            let edited = Source::new(text.clone(), Format::Yaml);
            assert_eq!(
                edited.value().map(|value| value.to_string()),
                Some(model.to_string()),
                "{text}"
            );
        }
        Err(EditError::NotFound(_) | EditError::NotAContainer(_)) => assert!(!has_text),
        Err(error) => panic!("{error}: {}", source.text()),
    }
}

#[test]
fn comments_around_an_edit_stay() {
    let text = SHAPES[0];
    let source = Source::new(text, Format::Yaml);
    let edits = source
        .insert("/States", "B", &json!({"Type": "Succeed"}), 1)
        .unwrap();
    let text = apply(text, &edits);
    let source = Source::new(text.clone(), Format::Yaml);
    let edits = source.set("/States/A/Type", &json!("Wait")).unwrap();
    expect![[r#"
        ---
        # first
        StartAt: A
        States:
          A: # note
            Type: Wait

            End: true # last
          B:
            Type: Succeed
        ...
    "#]]
    .assert_eq(&apply(&text, &edits));
}
