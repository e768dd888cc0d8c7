//! What a state does, in one line under its name.

use super::NodeKind;
use crate::{catalogue, pointer::text};
use serde_json::Value;

/// The line; empty when there is nothing to say beyond the type.
pub(super) fn summary(kind: NodeKind, state: &Value) -> String {
    let line = match kind {
        NodeKind::Task => task(state),
        NodeKind::Pass => pass(state),
        NodeKind::Choice => count(state, "Choices", "rule"),
        NodeKind::Wait => wait(state),
        NodeKind::Succeed => String::new(),
        NodeKind::Fail => {
            said(state, &["Error", "ErrorPath", "Cause", "CausePath"]).unwrap_or_default()
        }
        NodeKind::Parallel => count(state, "Branches", "branch"),
        NodeKind::Map => map(state),
        NodeKind::Unknown => match text(state, "Type") {
            Some(name) => format!("unknown type {name}"),
            None => "no type".to_owned(),
        },
    };
    cut(&line, 60)
}

/// A JSONata expression without its delimiters.
pub(super) fn bare_expression(text: &str) -> &str {
    let inner = text
        .trim()
        .strip_prefix("{%")
        .and_then(|rest| rest.strip_suffix("%}"));
    inner.unwrap_or(text).trim()
}

/// At most `most` characters, with an ellipsis if there were more; line breaks become spaces.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut short: String = text
        .chars()
        .take(most)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(most).is_some() {
        short.pop();
        short.push('…');
    }
    short
}

fn task(state: &Value) -> String {
    let resource = text(state, "Resource").unwrap_or_default();
    let argument = |name: &str| argument(state, name);
    match catalogue::item_of(state).id {
        "retrieve" => {
            let top = argument("topK").map(|top| format!("top {top}"));
            let from = argument("sources").map(|sources| format!("from {sources}"));
            let words: Vec<String> = top.into_iter().chain(from).collect();
            if words.is_empty() {
                "passages for the question".to_owned()
            } else {
                words.join(" ")
            }
        }
        "generate" => {
            argument("instructions").unwrap_or_else(|| "answer with citations".to_owned())
        }
        "recall" => match argument("limit") {
            Some(limit) => format!("last {limit} turns"),
            None => "earlier turns".to_owned(),
        },
        "remember" => "question and answer".to_owned(),
        "call_api" if argument("connection").is_some() => {
            let what = argument("operation").or_else(|| argument("path"));
            let by = argument("connection").unwrap_or_default();
            format!("{} of {by}", what.unwrap_or_else(|| "/".to_owned()))
        }
        "call_api" => {
            let method = argument("method").unwrap_or_else(|| "GET".to_owned());
            format!(
                "{method} {}",
                argument("url").unwrap_or_else(|| "no address".to_owned())
            )
        }
        "fetch_page" => argument("url").unwrap_or_else(|| "no address".to_owned()),
        "extract" => argument("path").unwrap_or_else(|| "text of a document".to_owned()),
        "chunk" => match argument("maxTokens") {
            Some(most) => format!("up to {most} tokens each"),
            None => "passages of a text".to_owned(),
        },
        "embed" => "vectors for texts".to_owned(),
        "index" => argument("source")
            .map(|source| format!("into {source}"))
            .unwrap_or_default(),
        "lambda" => argument("FunctionName").unwrap_or_else(|| last_part(resource).to_owned()),
        _ if resource.is_empty() => "no resource".to_owned(),
        _ => resource
            .strip_prefix("arn:aws:states:::")
            .unwrap_or(resource)
            .to_owned(),
    }
}

/// An argument of a Task as a person would say it; none if it isn't given.
fn argument(state: &Value, name: &str) -> Option<String> {
    let arguments = state.get("Arguments").or_else(|| state.get("Parameters"))?;
    let value = arguments
        .get(name)
        .or_else(|| arguments.get(format!("{name}.$")))?;
    let said = plain(value);
    (!said.is_empty()).then_some(said)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => bare_expression(text).to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn last_part(resource: &str) -> &str {
    let name = resource.rsplit([':', '/']).next().unwrap_or(resource);
    name.strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(name)
}

fn pass(state: &Value) -> String {
    for member in ["Result", "Output", "Parameters"] {
        if let Some(value) = state.get(member) {
            return match value {
                Value::Object(members) => format!(
                    "sets {}",
                    members.keys().cloned().collect::<Vec<_>>().join(", ")
                ),
                other => plain(other),
            };
        }
    }
    let assigned = state.get("Assign").and_then(Value::as_object);
    assigned
        .map(|names| {
            format!(
                "assigns {}",
                names.keys().cloned().collect::<Vec<_>>().join(", ")
            )
        })
        .unwrap_or_default()
}

fn wait(state: &Value) -> String {
    match (
        state.get("Seconds"),
        said(state, &["SecondsPath", "Timestamp", "TimestampPath"]),
    ) {
        (Some(Value::Number(seconds)), _) => format!("{seconds} s"),
        (Some(other), _) => format!("{} s", plain(other)),
        (None, Some(when)) => format!("until {when}"),
        (None, None) => "no time given".to_owned(),
    }
}

fn map(state: &Value) -> String {
    let items = said(state, &["Items", "ItemsPath"]).map(|items| format!("each of {items}"));
    let at_once = state
        .get("MaxConcurrency")
        .and_then(Value::as_u64)
        .filter(|most| *most > 0);
    let at_once = at_once.map(|most| format!("{most} at a time"));
    let words: Vec<String> = items.into_iter().chain(at_once).collect();
    if words.is_empty() {
        "each item".to_owned()
    } else {
        words.join(", ")
    }
}

fn said(state: &Value, members: &[&str]) -> Option<String> {
    members
        .iter()
        .find_map(|member| state.get(*member))
        .map(plain)
        .filter(|said| !said.is_empty())
}

fn count(state: &Value, member: &str, unit: &str) -> String {
    let count = state
        .get(member)
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    match (count, unit) {
        (1, unit) => format!("1 {unit}"),
        (count, "branch") => format!("{count} branches"),
        (count, unit) => format!("{count} {unit}s"),
    }
}
