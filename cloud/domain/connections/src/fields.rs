//! The fields of an answer, and the JSONata that picks them.

use serde_json::{Map, Value};

/// A field of an answer's body.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The names that lead to it, outermost first.
    pub path: Vec<String>,
    /// A name for it elsewhere: its own, without what an ASL variable can't have.
    pub name: String,
    /// The JSONata that picks it out of a task's result.
    pub expression: String,
    /// What it is, such as `string`, `list of integer`.
    pub kind: String,
    /// Its value in the sample; of a list's elements the first one's.
    pub sample: Option<Value>,
}

const MAX_FIELDS: usize = 400;
const MAX_DEPTH: usize = 8;

/// The fields that the schema and the sample know of, in their order. Fields within lists pick that field of each element.
pub fn fields(schema: Option<&Value>, sample: Option<&Value>) -> Vec<Field> {
    let mut found = Vec::new();
    let root = Place {
        path: Vec::new(),
        expression: "$states.result.body".into(),
        in_list: false,
    };
    walk(schema, sample, root, &mut found);
    found
}

/// The state's `Output` that has these fields under these names, as JSONata.
pub fn mapping<'a>(chosen: impl IntoIterator<Item = (&'a str, &'a str)>) -> Map<String, Value> {
    chosen
        .into_iter()
        .map(|(name, expression)| (name.to_owned(), format!("{{% {expression} %}}").into()))
        .collect()
}

#[derive(Clone)]
struct Place {
    path: Vec<String>,
    expression: String,
    in_list: bool,
}

fn walk(schema: Option<&Value>, sample: Option<&Value>, place: Place, found: &mut Vec<Field>) {
    if found.len() >= MAX_FIELDS || place.path.len() > MAX_DEPTH {
        return;
    }
    let kind = kind(schema, sample);
    if !place.path.is_empty() {
        // A list of one element would be that element: JSONata makes no difference, unless it is told to.
        let keep = match place.in_list {
            true => "[]",
            false => "",
        };
        found.push(Field {
            name: name(&place.path),
            expression: format!("{}{keep}", place.expression),
            kind: match place.in_list {
                true => format!("list of {kind}"),
                false => kind.clone(),
            },
            sample: sample.cloned(),
            path: place.path.clone(),
        });
    }
    let items = schema.and_then(|schema| schema.get("items"));
    let first = sample
        .and_then(Value::as_array)
        .and_then(|list| list.first());
    if kind == "list" || items.is_some() || first.is_some() {
        let inner = Place {
            in_list: true,
            ..place.clone()
        };
        return names(items, first, inner, found);
    }
    names(schema, sample, place, found);
}

/// The fields of an object.
fn names(schema: Option<&Value>, sample: Option<&Value>, place: Place, found: &mut Vec<Field>) {
    let properties = schema
        .and_then(|schema| schema.get("properties"))
        .and_then(Value::as_object);
    let values = sample.and_then(Value::as_object);
    let known = properties.into_iter().flat_map(Map::keys);
    let more = values
        .into_iter()
        .flat_map(Map::keys)
        .filter(|name| properties.is_none_or(|known| !known.contains_key(*name)));
    for name in known.chain(more) {
        let Some(step) = step(name) else {
            continue;
        };
        let mut path = place.path.clone();
        path.push(name.clone());
        let inner = Place {
            path,
            expression: format!("{}.{step}", place.expression),
            in_list: place.in_list,
        };
        walk(
            properties.and_then(|all| all.get(name)),
            values.and_then(|all| all.get(name)),
            inner,
            found,
        );
    }
}

/// A name as a step of JSONata, which has no way to write a backtick within backticks.
fn step(name: &str) -> Option<String> {
    const WORDS: &[&str] = &["and", "or", "in", "true", "false", "null", "function"];
    let plain = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&name);
    match plain {
        true => Some(name.to_owned()),
        false if name.contains('`') => None,
        false => Some(format!("`{name}`")),
    }
}

fn name(path: &[String]) -> String {
    let last = path.last().map_or("", String::as_str);
    let name: String = last
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    match name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        true => format!("field_{name}"),
        false => name,
    }
}

fn kind(schema: Option<&Value>, sample: Option<&Value>) -> String {
    let of_value = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    let word = |kind: &str| match kind {
        "array" => "list".to_owned(),
        kind => kind.to_owned(),
    };
    match schema.and_then(|schema| schema.get("type")) {
        Some(Value::String(kind)) => word(kind),
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .map(word)
            .collect::<Vec<_>>()
            .join(" or "),
        _ => match sample {
            Some(sample) => of_value(sample).to_owned(),
            None if schema.is_some_and(|schema| schema.get("properties").is_some()) => {
                "object".into()
            }
            None => "anything".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn;
    use expect_test::expect;
    use serde_json::json;

    #[test]
    fn names_every_field_and_picks_it() {
        let sample = json!({"id": 7, "ship-to": {"city": "Kiel", "2nd": null}, "lines": [{"sku": "A", "or": 1}], "tags": ["x"], "`": 1});
        let schema = learn(None, std::slice::from_ref(&sample));
        let lines: Vec<String> = fields(Some(&schema), Some(&sample))
            .into_iter()
            .map(|field| {
                let sample = field
                    .sample
                    .map(|value| value.to_string())
                    .unwrap_or_default();
                format!(
                    "{} | {} | {} | {sample}",
                    field.name, field.expression, field.kind
                )
            })
            .collect();
        expect![[r#"
            id | $states.result.body.id | integer | 7
            ship_to | $states.result.body.`ship-to` | object | {"city":"Kiel","2nd":null}
            city | $states.result.body.`ship-to`.city | string | "Kiel"
            field_2nd | $states.result.body.`ship-to`.`2nd` | null | null
            lines | $states.result.body.lines | list | [{"sku":"A","or":1}]
            sku | $states.result.body.lines.sku[] | list of string | "A"
            or | $states.result.body.lines.`or`[] | list of integer | 1
            tags | $states.result.body.tags | list | ["x"]"#]]
        .assert_eq(&lines.join("\n"));
        let same: Vec<String> = fields(None, Some(&sample))
            .into_iter()
            .map(|f| f.expression)
            .collect();
        let with_schema: Vec<String> = fields(Some(&schema), None)
            .into_iter()
            .map(|f| f.expression)
            .collect();
        assert_eq!(same, with_schema, "either is enough");
    }

    #[test]
    fn writes_an_output() {
        let output = mapping([("total", "$states.result.body.total")]);
        assert_eq!(
            Value::Object(output).to_string(),
            r#"{"total":"{% $states.result.body.total %}"}"#
        );
    }
}
