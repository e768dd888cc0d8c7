//! Paths and methods to operations.

use super::{line, resolve::Resolver};
use crate::Problem;
use awm_api::connections::{BodyShape, Operation, Parameter, ParameterPlace, ResponseShape};
use serde_json::{Map, Value};
use std::collections::HashSet;

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];
const MAX_OPERATIONS: usize = 2_000;
/// Bytes of an example that is kept.
const MAX_EXAMPLE: usize = 64 * 1024;

/// Every operation, in the document's order.
pub(super) fn all(
    document: &Value,
    resolver: &Resolver<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Operation>, Problem> {
    let paths = match document.get("paths") {
        None => return Ok(Vec::new()),
        Some(Value::Object(paths)) => paths,
        Some(_) => return Err(Problem::new(&["paths"], "`paths` is not an object")),
    };
    let mut found = Vec::new();
    let mut ids = HashSet::new();
    let mut left_out = 0;
    for (path, item) in paths {
        if path.starts_with("x-") {
            continue;
        }
        if !path.starts_with('/') {
            return Err(Problem::new(
                &["paths", path],
                format!("the path `{}` does not begin with `/`", line(path, 200)),
            ));
        }
        let item = match resolver.follow(item) {
            Ok(item) => item,
            Err(why) => {
                notes.push(format!("{}: {why}", line(path, 200)));
                continue;
            }
        };
        let Value::Object(item) = item else {
            return Err(Problem::new(
                &["paths", path],
                "a path's entry is not an object",
            ));
        };
        for (method, operation) in item {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            if found.len() == MAX_OPERATIONS {
                left_out += 1;
                continue;
            }
            let place = Place { path, method };
            let mut operation = read(&place, item, operation, resolver, notes)?;
            operation.id = unique(&operation.id, &mut ids);
            found.push(operation);
        }
    }
    if left_out > 0 {
        notes.push(format!(
            "{left_out} operations beyond the first {MAX_OPERATIONS} were left out"
        ));
    }
    Ok(found)
}

/// Where an operation stands, for messages.
struct Place<'a> {
    path: &'a str,
    method: &'a str,
}

impl Place<'_> {
    fn problem(&self, inner: &[&str], message: impl Into<String>) -> Problem {
        let mut place = vec!["paths", self.path, self.method];
        place.extend(inner);
        Problem::new(&place, message)
    }

    fn note(&self, what: impl std::fmt::Display) -> String {
        format!(
            "{} {}: {what}",
            self.method.to_ascii_uppercase(),
            line(self.path, 200)
        )
    }
}

fn read<'a>(
    place: &Place<'_>,
    item: &'a Map<String, Value>,
    operation: &'a Value,
    resolver: &Resolver<'a>,
    notes: &mut Vec<String>,
) -> Result<Operation, Problem> {
    let Value::Object(fields) = operation else {
        return Err(place.problem(&[], "an operation is not an object"));
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let id = match text("operationId") {
        "" => format!("{} {}", place.method.to_ascii_uppercase(), place.path),
        id => id.to_owned(),
    };
    let summary = match text("summary") {
        "" => text("description"),
        summary => summary,
    };
    let mut parameters = Vec::new();
    for (list, whose) in [
        (item.get("parameters"), "path"),
        (fields.get("parameters"), "operation"),
    ] {
        let list = match list {
            None => continue,
            Some(Value::Array(list)) => list,
            Some(_) => {
                return Err(place.problem(
                    &["parameters"],
                    format!("the {whose}'s parameters are not a list"),
                ));
            }
        };
        for (n, parameter) in list.iter().enumerate() {
            let read = match resolver.follow(parameter) {
                Ok(parameter) => self::parameter(place, &n.to_string(), parameter, resolver)?,
                Err(why) => Err(why),
            };
            match read {
                Ok(parameter) => {
                    // The operation's own takes the place of the path's.
                    parameters.retain(|known: &Parameter| {
                        (known.place, &known.name) != (parameter.place, &parameter.name)
                    });
                    parameters.push(parameter);
                }
                Err(why) => notes.push(place.note(why)),
            }
        }
    }
    for name in in_path(place.path) {
        if !parameters
            .iter()
            .any(|known| known.place == ParameterPlace::Path && known.name == name)
        {
            parameters.push(Parameter {
                name: name.to_owned(),
                place: ParameterPlace::Path,
                required: true,
                description: String::new(),
                schema: Value::Bool(true),
                example: None,
            });
        }
    }
    let body = match fields.get("requestBody").map(|body| resolver.follow(body)) {
        None => None,
        Some(Ok(body)) => self::body(body, resolver).or_else(|| {
            notes.push(place.note("its body is of a kind that can't be written here"));
            None
        }),
        Some(Err(why)) => {
            notes.push(place.note(format!("its body: {why}")));
            None
        }
    };
    Ok(Operation {
        id: line(&id, 120),
        summary: line(summary, 200),
        method: place.method.to_ascii_uppercase(),
        path: place.path.to_owned(),
        parameters,
        body,
        response: response(fields.get("responses"), resolver),
    })
}

/// A parameter, or a note why it can't be used.
fn parameter<'a>(
    place: &Place<'_>,
    n: &str,
    parameter: &'a Value,
    resolver: &Resolver<'a>,
) -> Result<Result<Parameter, String>, Problem> {
    let text = |name: &str| parameter.get(name).and_then(Value::as_str);
    let name = text("name")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| place.problem(&["parameters", n], "a parameter has no name"))?;
    let at = match text("in") {
        Some("path") => ParameterPlace::Path,
        Some("query") => ParameterPlace::Query,
        Some("header") => ParameterPlace::Header,
        Some("cookie") => {
            return Ok(Err(format!(
                "the cookie `{}` can't be sent",
                line(name, 100)
            )));
        }
        _ => {
            return Err(place.problem(
                &["parameters", n, "in"],
                format!("it is not said where `{}` stands", line(name, 100)),
            ));
        }
    };
    // These are not parameters, the specification says, but settings of others.
    if at == ParameterPlace::Header
        && ["accept", "content-type", "authorization"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
    {
        return Ok(Err(format!(
            "the header `{}` is set by itself",
            line(name, 100)
        )));
    }
    let content = parameter
        .get("content")
        .and_then(Value::as_object)
        .and_then(|content| content.values().next());
    let schema = parameter
        .get("schema")
        .or(content.and_then(|content| content.get("schema")));
    let schema = schema.map_or(Value::Bool(true), |schema| resolver.schema(schema));
    Ok(Ok(Parameter {
        name: name.chars().take(200).collect(),
        place: at,
        required: at == ParameterPlace::Path
            || parameter.get("required") == Some(&Value::Bool(true)),
        description: line(text("description").unwrap_or_default(), 300),
        example: example(parameter, &schema, resolver),
        schema,
    }))
}

/// The body in the form that can be written best: JSON, a form, any text.
fn body<'a>(body: &'a Value, resolver: &Resolver<'a>) -> Option<BodyShape> {
    let content = body.get("content")?.as_object()?;
    let json = |name: &&String| is_json(name);
    let form = |name: &&String| name.starts_with("application/x-www-form-urlencoded");
    let text = |name: &&String| name.starts_with("text/") || name.ends_with("xml");
    let media_type = content
        .keys()
        .find(json)
        .or_else(|| content.keys().find(form))
        .or_else(|| content.keys().find(text))?;
    let media = content.get(media_type)?;
    let schema = media
        .get("schema")
        .map_or(Value::Bool(true), |schema| resolver.schema(schema));
    Some(BodyShape {
        media_type: line(media_type, 100),
        required: body.get("required") == Some(&Value::Bool(true)),
        example: example(media, &schema, resolver),
        schema,
    })
}

/// The first answer that says that all went well.
fn response<'a>(responses: Option<&'a Value>, resolver: &Resolver<'a>) -> ResponseShape {
    let find = || {
        let responses = responses?.as_object()?;
        let wanted = |name: &&String| name.starts_with('2');
        let name = ["200", "201"]
            .iter()
            .find(|name| responses.contains_key(**name))
            .map(|name| (*name).to_owned())
            .or_else(|| responses.keys().find(wanted).cloned())
            .unwrap_or_else(|| "default".into());
        let response = resolver.follow(responses.get(&name)?).ok()?;
        let content = response.get("content")?.as_object()?;
        let media = content.iter().find(|(name, _)| is_json(name))?.1;
        let schema = media.get("schema").map(|schema| resolver.schema(schema));
        Some(ResponseShape {
            sample: example(media, schema.as_ref().unwrap_or(&Value::Null), resolver),
            schema,
            learned_from: 0,
        })
    };
    find().unwrap_or_default()
}

/// `example`, the first of `examples`, or the schema's own.
fn example<'a>(holder: &'a Value, schema: &Value, resolver: &Resolver<'a>) -> Option<Value> {
    let first = holder
        .get("examples")
        .and_then(Value::as_object)
        .and_then(|examples| examples.values().next())
        .and_then(|example| resolver.follow(example).ok())
        .and_then(|example| example.get("value"));
    let found = holder
        .get("example")
        .or(first)
        .or_else(|| schema.get("example"))
        .or_else(|| schema.get("default"))?;
    (found.to_string().len() <= MAX_EXAMPLE).then(|| found.clone())
}

fn is_json(media_type: &str) -> bool {
    let plain = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    plain == "application/json" || plain.ends_with("+json")
}

/// The names within braces.
fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

fn unique(id: &str, ids: &mut HashSet<String>) -> String {
    let mut candidate = id.to_owned();
    let mut n = 2;
    while !ids.insert(candidate.clone()) {
        candidate = format!("{id} {n}");
        n += 1;
    }
    candidate
}
