//! A value that a schema allows, for whoever has to write one.

use serde_json::{Map, Value, json};

/// The schema's own example where there is one, otherwise the plainest value. Fields that aren't required are written too, as they
/// are easier struck out than found.
pub fn example(schema: &Value) -> Value {
    build(schema, 0)
}

fn build(schema: &Value, depth: usize) -> Value {
    let Value::Object(schema) = schema else {
        return json!({});
    };
    for name in ["example", "default", "const"] {
        if let Some(value) = schema.get(name) {
            return value.clone();
        }
    }
    for name in ["examples", "enum"] {
        if let Some(first) = schema
            .get(name)
            .and_then(Value::as_array)
            .and_then(|all| all.first())
        {
            return first.clone();
        }
    }
    if depth > 12 {
        return Value::Null;
    }
    if let Some(all) = schema.get("allOf").and_then(Value::as_array) {
        let mut merged = Map::new();
        for part in all {
            if let Value::Object(fields) = build(part, depth + 1) {
                merged.extend(fields);
            }
        }
        merged.extend(properties(schema, depth));
        return Value::Object(merged);
    }
    for name in ["oneOf", "anyOf"] {
        if let Some(first) = schema
            .get(name)
            .and_then(Value::as_array)
            .and_then(|all| all.first())
        {
            return build(first, depth + 1);
        }
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ if schema.contains_key("properties") => "object",
        _ if schema.contains_key("items") => "array",
        _ => "string",
    };
    match kind {
        "object" => Value::Object(properties(schema, depth)),
        "array" => json!([schema
            .get("items")
            .map_or(Value::Null, |items| build(items, depth + 1))]),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(0)),
        "boolean" => json!(false),
        "null" => Value::Null,
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("date") => json!("2026-01-31"),
            Some("date-time") => json!("2026-01-31T09:30:00Z"),
            Some("uuid") => json!("00000000-0000-0000-0000-000000000000"),
            Some("email") => json!("ann@example.com"),
            Some("uri") => json!("https://example.com/"),
            _ => json!(""),
        },
    }
}

fn properties(schema: &Map<String, Value>, depth: usize) -> Map<String, Value> {
    let fields = schema.get("properties").and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("readOnly") != Some(&Value::Bool(true)))
        .map(|(name, schema)| (name.clone(), build(schema, depth + 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_plainest_value() {
        for (schema, expected) in [
            (json!(true), json!({})),
            (json!({"type": "string", "example": "A-1"}), json!("A-1")),
            (json!({"enum": ["open", "closed"]}), json!("open")),
            (json!({"type": ["null", "integer"], "minimum": 1}), json!(1)),
            (
                json!({"type": "object", "properties": {
                    "id": {"type": "string", "readOnly": true},
                    "on": {"type": "string", "format": "date"},
                    "lines": {"type": "array", "items": {"properties": {"sku": {"type": "string"}}}}}}),
                json!({"on": "2026-01-31", "lines": [{"sku": ""}]}),
            ),
            (
                json!({"allOf": [{"properties": {"a": {"type": "boolean"}}}, {"properties": {"b": {"type": "number"}}}]}),
                json!({"a": false, "b": 0}),
            ),
            (json!({"oneOf": [{"type": "array"}, {}]}), json!([null])),
        ] {
            assert_eq!(example(&schema), expected, "{schema}");
        }
    }
}
