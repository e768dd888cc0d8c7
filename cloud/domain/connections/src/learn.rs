//! A JSON Schema from samples.

use serde_json::{Map, Value, json};

/// Fields of one object that are told apart; one with more of them is a table by key.
const MAX_FIELDS: usize = 300;
/// Elements of one list that are looked at.
const MAX_ITEMS: usize = 200;
const MAX_DEPTH: usize = 24;

/// What all samples have in common, and an earlier schema with them. A field that is not in each object is not required.
pub fn learn(before: Option<&Value>, samples: &[Value]) -> Value {
    let mut schemas = before
        .cloned()
        .into_iter()
        .chain(samples.iter().map(|sample| infer(sample, 0)));
    let Some(first) = schemas.next() else {
        return Value::Bool(true);
    };
    schemas.fold(first, |one, other| merge(&one, &other, 0))
}

fn infer(value: &Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Bool(true);
    }
    match value {
        Value::Null => json!({"type": "null"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(number) if number.is_f64() => json!({"type": "number"}),
        Value::Number(_) => json!({"type": "integer"}),
        Value::String(text) => match format(text) {
            Some(format) => json!({"type": "string", "format": format}),
            None => json!({"type": "string"}),
        },
        Value::Array(items) => {
            let items = items.iter().take(MAX_ITEMS);
            let items = items
                .map(|item| infer(item, depth + 1))
                .reduce(|one, other| merge(&one, &other, depth + 1));
            match items {
                Some(items) => json!({"type": "array", "items": items}),
                None => json!({"type": "array"}),
            }
        }
        Value::Object(fields) if fields.len() > MAX_FIELDS => json!({"type": "object"}),
        Value::Object(fields) => {
            let properties: Map<String, Value> = fields
                .iter()
                .map(|(name, value)| (name.clone(), infer(value, depth + 1)))
                .collect();
            let required: Vec<&String> = fields.keys().collect();
            json!({"type": "object", "properties": properties, "required": required})
        }
    }
}

/// What allows both.
fn merge(one: &Value, other: &Value, depth: usize) -> Value {
    let (Value::Object(a), Value::Object(b)) = (one, other) else {
        // `true` allows everything; so does what is no schema at all.
        return Value::Bool(true);
    };
    // What holds choices is somebody's own writing: it can't be widened by a field, so everything is allowed beside it.
    if depth > MAX_DEPTH || [a, b].iter().any(|schema| !schema.contains_key("type")) {
        return match one == other {
            true => one.clone(),
            false => Value::Bool(true),
        };
    }
    let mut types = types_of(a);
    for kind in types_of(b) {
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    if types.contains(&"number".to_owned()) {
        types.retain(|kind| kind != "integer");
    }
    let mut merged = Map::new();
    merged.insert(
        "type".into(),
        match types.as_slice() {
            [one] => json!(one),
            several => json!(several),
        },
    );
    let kind = |schema: &Map<String, Value>, name: &str| types_of(schema).iter().any(|t| t == name);
    let format = match (kind(a, "string"), kind(b, "string")) {
        (true, true) => a
            .get("format")
            .filter(|format| b.get("format") == Some(format)),
        (true, false) => a.get("format"),
        (false, _) => b.get("format"),
    };
    if let Some(format) = format {
        merged.insert("format".into(), format.clone());
    }
    let items = both(a.get("items"), b.get("items"), depth);
    if let Some(items) = items {
        merged.insert("items".into(), items);
    }
    let (in_a, in_b) = (kind(a, "object"), kind(b, "object"));
    if in_a || in_b {
        objects(a, b, (in_a, in_b), &mut merged, depth);
    }
    Value::Object(merged)
}

fn objects(
    a: &Map<String, Value>,
    b: &Map<String, Value>,
    (in_a, in_b): (bool, bool),
    merged: &mut Map<String, Value>,
    depth: usize,
) {
    let none = Map::new();
    let properties =
        |schema: &Map<String, Value>| schema.get("properties").and_then(Value::as_object).cloned();
    let (of_a, of_b) = (properties(a), properties(b));
    // An object whose fields aren't told stays one.
    let told = (!in_a || of_a.is_some()) && (!in_b || of_b.is_some());
    if !told {
        return;
    }
    let (of_a, of_b) = (
        of_a.as_ref().unwrap_or(&none),
        of_b.as_ref().unwrap_or(&none),
    );
    let mut all = Map::new();
    for name in of_a
        .keys()
        .chain(of_b.keys().filter(|name| !of_a.contains_key(*name)))
    {
        if let Some(schema) = both(of_a.get(name), of_b.get(name), depth) {
            all.insert(name.clone(), schema);
        }
    }
    if all.len() > MAX_FIELDS {
        return;
    }
    let required = |schema: &Map<String, Value>| -> Vec<String> {
        let names = schema.get("required").and_then(Value::as_array);
        names
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect()
    };
    let kept = match (in_a, in_b) {
        (true, true) => {
            let of_b = required(b);
            required(a)
                .into_iter()
                .filter(|name| of_b.contains(name))
                .collect()
        }
        (true, false) => required(a),
        _ => required(b),
    };
    merged.insert("properties".into(), Value::Object(all));
    if !kept.is_empty() {
        merged.insert("required".into(), json!(kept));
    }
}

fn both(one: Option<&Value>, other: Option<&Value>, depth: usize) -> Option<Value> {
    match (one, other) {
        (Some(one), Some(other)) => Some(merge(one, other, depth + 1)),
        (one, other) => one.or(other).cloned(),
    }
}

/// The names of a schema's types.
fn types_of(schema: &Map<String, Value>) -> Vec<String> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several
            .iter()
            .filter_map(|kind| kind.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

/// Texts of a form that is worth knowing.
fn format(text: &str) -> Option<&'static str> {
    let like = |pattern: &str| {
        text.len() == pattern.len()
            && text
                .bytes()
                .zip(pattern.bytes())
                .all(|(byte, wanted)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    b'x' => byte.is_ascii_hexdigit(),
                    other => byte == other,
                })
    };
    if like("0000-00-00") {
        return Some("date");
    }
    if like("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
        return Some("uuid");
    }
    let (day, time) = text.split_once('T')?;
    let dated = day.len() == 10 && format(day) == Some("date");
    let timed = time.len() >= 9
        && time
            .bytes()
            .all(|b| b.is_ascii_digit() || b":.+-Z".contains(&b))
        && (time.ends_with('Z') || time.contains(['+', '-']));
    (dated && timed).then_some("date-time")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(samples: &[Value], expected: Expect) {
        let schema = learn(None, samples);
        expected.assert_eq(&schema.to_string());
        for sample in samples {
            assert!(allows(&schema, sample), "{schema} allows {sample}");
            // Learning once more changes nothing.
            assert_eq!(learn(Some(&schema), std::slice::from_ref(sample)), schema);
        }
    }

    /// The keywords that are learned, checked.
    fn allows(schema: &Value, value: &Value) -> bool {
        let Value::Object(schema) = schema else {
            return true;
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(n) if n.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let types = types_of(schema);
        let typed = types
            .iter()
            .any(|t| t == kind || t == "number" && kind == "integer");
        let parts = match value {
            Value::Array(items) => schema
                .get("items")
                .is_none_or(|of| items.iter().all(|item| allows(of, item))),
            Value::Object(fields) => {
                let required = schema.get("required").and_then(Value::as_array);
                let properties = schema.get("properties").and_then(Value::as_object);
                required
                    .into_iter()
                    .flatten()
                    .all(|name| fields.contains_key(name.as_str().unwrap()))
                    && fields.iter().all(|(name, value)| {
                        properties
                            .and_then(|all| all.get(name))
                            .is_none_or(|of| allows(of, value))
                    })
            }
            _ => true,
        };
        typed && parts
    }

    #[test]
    fn learns_what_samples_have_in_common() {
        check(&[], expect!["true"]);
        check(&[json!(1)], expect![[r#"{"type":"integer"}"#]]);
        check(&[json!(1), json!(1.5)], expect![[r#"{"type":"number"}"#]]);
        check(
            &[json!("2026-11-22"), json!(null)],
            expect![[r#"{"type":["string","null"],"format":"date"}"#]],
        );
        check(
            &[json!("2026-11-22"), json!("soon")],
            expect![[r#"{"type":"string"}"#]],
        );
        check(
            &[
                json!("2026-11-22T10:00:00Z"),
                json!("2026-11-22T10:00:00.5+01:00"),
            ],
            expect![[r#"{"type":"string","format":"date-time"}"#]],
        );
        check(
            &[
                json!({"id": "a", "n": 1, "tags": []}),
                json!({"id": "b", "tags": ["x", 1]}),
            ],
            expect![[
                r#"{"type":"object","properties":{"id":{"type":"string"},"n":{"type":"integer"},"tags":{"type":"array","items":{"type":["string","integer"]}}},"required":["id","tags"]}"#
            ]],
        );
        check(
            &[json!([{"a": 1}, {"b": null}]), json!({"error": "x"})],
            expect![[
                r#"{"type":["array","object"],"items":{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"null"}}},"properties":{"error":{"type":"string"}},"required":["error"]}"#
            ]],
        );
    }

    #[test]
    fn is_bounded() {
        let wide: Map<String, Value> = (0..1000).map(|n| (n.to_string(), json!(n))).collect();
        assert_eq!(learn(None, &[wide.into()]), json!({"type": "object"}));
        let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
        assert!(learn(None, &[deep]).to_string().len() < 2_000);
    }
}
