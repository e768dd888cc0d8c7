//! The suite's cases, where they are: `groups/NAME/*.json` and `datasets/*.json`.

use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What a lone surrogate is read as. A private character, so that it stands in no case by itself.
const SURROGATE: &str = "\u{f8ff}";

/// A case, or why it can't be one.
#[derive(Debug)]
pub(super) enum Entry {
    /// A case.
    Case(Box<Case>),
    /// A case that this language of implementation has no form for.
    LeftOut {
        /// The case.
        name: String,
        /// Why.
        reason: String,
    },
}

/// A case of the suite.
#[derive(Debug)]
pub(super) struct Case {
    /// `GROUP/FILE`, with `#N` where a file holds several.
    pub(super) name: String,
    /// The group.
    pub(super) group: String,
    /// The expression.
    pub(super) expression: String,
    /// The input; none is undefined.
    pub(super) data: Option<Value>,
    /// Variables.
    pub(super) bindings: Map<String, Value>,
    /// Milliseconds that it may take.
    pub(super) time: Option<u64>,
    /// Calls within calls.
    pub(super) depth: Option<usize>,
    /// What it should give.
    pub(super) expected: Expected,
}

/// What a case should give.
#[derive(Debug)]
pub(super) enum Expected {
    /// This value; `unordered` if the order of an array's items says nothing.
    Value {
        /// The value.
        value: Value,
        /// Whether order says nothing.
        unordered: bool,
    },
    /// Nothing.
    Undefined,
    /// An error with this code.
    Error(String),
    /// An error, whatever its code.
    AnyError,
}

/// Reads all cases, by group and file.
pub(super) fn read(folder: &Path) -> Result<Vec<Entry>, String> {
    let mut datasets = HashMap::new();
    for path in listed(&folder.join("datasets"), "json")? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        datasets.insert(name.into_owned(), parse(&path)?);
    }
    let mut entries = Vec::new();
    for group in listed(&folder.join("groups"), "")? {
        for path in listed(&group, "json")? {
            read_file(&group, &path, &datasets, &mut entries)?;
        }
    }
    Ok(entries)
}

fn read_file(
    group: &Path,
    path: &Path,
    datasets: &HashMap<String, Value>,
    entries: &mut Vec<Entry>,
) -> Result<(), String> {
    let text = |path: &Path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let group_name = text(group);
    let file = format!("{group_name}/{}", text(path).trim_end_matches(".json"));
    let specs = match parse(path)? {
        Value::Array(specs) => specs,
        spec => vec![spec],
    };
    let several = specs.len() > 1;
    for (index, spec) in specs.into_iter().enumerate() {
        let name = if several {
            format!("{file}#{index}")
        } else {
            file.clone()
        };
        if spec.to_string().contains(SURROGATE) {
            entries.push(Entry::LeftOut {
                name,
                reason: "it holds half of a surrogate pair, which is no Unicode text".to_owned(),
            });
            continue;
        }
        let expression = match spec.get("expr-file").and_then(Value::as_str) {
            Some(file) => std::fs::read_to_string(group.join(file))
                .map_err(|error| format!("{}: {error}", group.join(file).display()))?,
            None => spec
                .get("expr")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        };
        let dataset = spec.get("dataset").and_then(Value::as_str);
        let data = match (spec.get("data"), dataset) {
            (Some(data), _) => Some(data.clone()),
            (None, Some(dataset)) => Some(
                datasets
                    .get(dataset)
                    .ok_or_else(|| format!("{name}: there is no dataset `{dataset}`"))?
                    .clone(),
            ),
            (None, None) => None,
        };
        let Some(expected) = expected(&spec) else {
            entries.push(Entry::LeftOut {
                name,
                reason: "it says nothing of what it should give".to_owned(),
            });
            continue;
        };
        let number = |field: &str| spec.get(field).and_then(Value::as_u64);
        entries.push(Entry::Case(Box::new(Case {
            group: group_name.clone(),
            expression,
            data,
            bindings: spec
                .get("bindings")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
            time: number("timelimit"),
            depth: number("depth").and_then(|depth| usize::try_from(depth).ok()),
            expected,
            name,
        })));
    }
    Ok(())
}

fn expected(spec: &Value) -> Option<Expected> {
    let code = spec
        .get("code")
        .or_else(|| spec.pointer("/error/code"))
        .and_then(Value::as_str);
    if spec.get("undefinedResult").is_some() {
        Some(Expected::Undefined)
    } else if let Some(value) = spec.get("result") {
        Some(Expected::Value {
            value: value.clone(),
            unordered: spec.get("unordered").and_then(Value::as_bool) == Some(true),
        })
    } else if let Some(code) = code {
        Some(Expected::Error(code.to_owned()))
    } else {
        spec.get("error").map(|_| Expected::AnyError)
    }
}

/// Reads a file of JSON, halves of surrogate pairs made readable.
fn parse(path: &Path) -> Result<Value, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text)
        .or_else(|_| serde_json::from_str(&without_halves(&text)))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// The text with a character in place of each escape of half a surrogate pair.
fn without_halves(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        clean.push_str(before);
        let unit = |text: &str| -> Option<u32> {
            u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
        };
        let length = match unit(escape) {
            Some(0xd800..=0xdbff) => {
                let low = escape.get(6..).and_then(unit);
                match low {
                    Some(0xdc00..=0xdfff) => {
                        clean.push_str(escape.get(..12).unwrap_or_default());
                        12
                    }
                    _ => {
                        clean.push_str(SURROGATE);
                        6
                    }
                }
            }
            Some(0xdc00..=0xdfff) => {
                clean.push_str(SURROGATE);
                6
            }
            _ => {
                let length = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
                clean.push_str(escape.get(..length).unwrap_or_default());
                length
            }
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    clean + rest
}

/// What lies in a folder, by name: files with an ending, or folders if the ending is empty.
fn listed(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        format!(
            "{}: {error}; name the folder that holds groups and datasets",
            folder.display()
        )
    })?;
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| match ending {
            "" => path.is_dir(),
            ending => path.extension().is_some_and(|found| found == ending),
        })
        .collect();
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::without_halves;

    #[test]
    fn halves_of_pairs_are_replaced_and_pairs_are_kept() {
        for (text, expected) in [
            (r#"["\ud83d\ude00"]"#, r#"["\ud83d\ude00"]"#),
            (r#"["a\ud800b"]"#, "[\"a\u{f8ff}b\"]"),
            (r#"["\udc00"]"#, "[\"\u{f8ff}\"]"),
            (r#"["\\ud800\n"]"#, r#"["\\ud800\n"]"#),
        ] {
            assert_eq!(without_halves(text), expected);
        }
    }
}
