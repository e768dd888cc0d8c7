//! What may stand at the caret of an expression, told from the data of the last run.

use super::fields::Language;
use serde_json::Value;
use std::ops::Range;

/// The data that an expression can reach.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// `$` in JSONPath, `$states.input` in JSONata.
    pub input: Option<Value>,
    /// `$states.result` in JSONata; `$` in JSONPath for fields that look at the result.
    pub result: Option<Value>,
    /// `$$` in JSONPath, `$states.context` in JSONata.
    pub context: Option<Value>,
    /// The variables in scope, by name.
    pub variables: Option<Value>,
}

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What stands in the text afterwards, in place of [`Proposals::replace`].
    pub text: String,
    /// A short look at the value.
    pub preview: String,
}

/// The proposals for a caret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposals {
    /// The bytes that a proposal replaces.
    pub replace: Range<usize>,
    /// At most 50.
    pub list: Vec<Proposal>,
}

const MOST: usize = 50;
/// The context object's members: always there, whatever the last run told.
const CONTEXT: &[(&str, &[&str])] = &[
    (
        "Execution",
        &[
            "Id",
            "Input",
            "Name",
            "RoleArn",
            "StartTime",
            "RedriveCount",
        ],
    ),
    ("State", &["EnteredTime", "Name", "RetryCount"]),
    ("StateMachine", &["Id", "Name"]),
    ("Task", &["Token"]),
    ("Map", &["Item"]),
];

/// What may stand at `caret` (a byte) in `text`.
pub fn complete(text: &str, caret: usize, language: Language, reach: &Reach) -> Proposals {
    let Some(before) = text.get(..caret) else {
        return Proposals::default();
    };
    let start = before
        .rfind(|c: char| {
            !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '[' | ']' | '*' | '\'' | '-'))
        })
        .and_then(|at| {
            before
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map(|c| at + c.len_utf8())
        })
        .unwrap_or(0);
    let word = before.get(start..).unwrap_or_default();
    if !word.starts_with('$') {
        return Proposals::default();
    }
    if language == Language::Jsonata
        && before
            .rfind("{%")
            .is_none_or(|open| before.rfind("%}").is_some_and(|close| close > open))
    {
        return Proposals::default();
    }
    let Some(dot) = word.rfind('.') else {
        return Proposals {
            replace: start..caret,
            list: roots(word, language, reach),
        };
    };
    let (path, partial) = (
        word.get(..dot).unwrap_or_default(),
        word.get(dot + 1..).unwrap_or_default(),
    );
    Proposals {
        replace: start + dot + 1..caret,
        list: members(path, partial, language, reach),
    }
}

fn roots(word: &str, language: Language, reach: &Reach) -> Vec<Proposal> {
    let mut list: Vec<(String, String)> = match language {
        Language::JsonPath => vec![
            ("$.".to_owned(), preview(reach.input.as_ref())),
            ("$$.".to_owned(), "the context object".to_owned()),
        ],
        Language::Jsonata => vec![(
            "$states.".to_owned(),
            "input, result, errorOutput, context".to_owned(),
        )],
    };
    for (name, value) in reach
        .variables
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        list.push((format!("${name}"), preview(Some(value))));
    }
    list.into_iter()
        .filter(|(text, _)| text.starts_with(word) && text != word)
        .take(MOST)
        .map(|(text, preview)| Proposal { text, preview })
        .collect()
}

fn members(path: &str, partial: &str, language: Language, reach: &Reach) -> Vec<Proposal> {
    let steps: Vec<&str> = path.split('.').collect();
    let (root, rest) = steps
        .split_first()
        .map_or(("", &[][..]), |(root, rest)| (*root, rest));
    let fixed = |names: &[&str]| -> Vec<(String, String)> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), String::new()))
            .collect()
    };
    let found: Vec<(String, String)> = match (language, root, rest) {
        (Language::Jsonata, "$states", []) => fixed(&["input", "result", "errorOutput", "context"]),
        (Language::Jsonata, "$states", ["input", rest @ ..]) => keys(reach.input.as_ref(), rest),
        (Language::Jsonata, "$states", ["result", rest @ ..]) => keys(reach.result.as_ref(), rest),
        (Language::Jsonata, "$states", ["context", rest @ ..]) => context(reach, rest),
        (Language::Jsonata, "$states", ["errorOutput"]) => fixed(&["Error", "Cause"]),
        (Language::JsonPath, "$", rest) => keys(reach.input.as_ref(), rest),
        (Language::JsonPath, "$$", rest) => context(reach, rest),
        (_, variable, rest) => {
            let name = variable.trim_start_matches('$');
            let (name, index) = split_index(name);
            let value = reach
                .variables
                .as_ref()
                .and_then(|variables| variables.get(name));
            keys(value.and_then(|value| at(value, index)), rest)
        }
    };
    let lower = partial.to_lowercase();
    found
        .into_iter()
        .filter(|(name, _)| name.to_lowercase().starts_with(&lower) && name != partial)
        .take(MOST)
        .map(|(text, preview)| Proposal { text, preview })
        .collect()
}

fn context(reach: &Reach, rest: &[&str]) -> Vec<(String, String)> {
    let told = keys(reach.context.as_ref(), rest);
    if !told.is_empty() {
        return told;
    }
    let names: Vec<&str> = match rest {
        [] => CONTEXT.iter().map(|(name, _)| *name).collect(),
        [area] => CONTEXT
            .iter()
            .find(|(name, _)| name == area)
            .map(|(_, names)| names.to_vec())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    names
        .into_iter()
        .map(|name| (name.to_owned(), String::new()))
        .collect()
}

fn keys(value: Option<&Value>, path: &[&str]) -> Vec<(String, String)> {
    let mut value = value;
    for step in path {
        let (name, index) = split_index(step);
        value = value
            .and_then(|value| {
                if name.is_empty() {
                    Some(value)
                } else {
                    value.get(name)
                }
            })
            .and_then(|value| at(value, index));
    }
    // A list's members are reached through its elements: the first stands for all.
    let value = match value {
        Some(Value::Array(list)) => list.first(),
        other => other,
    };
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), preview(Some(value))))
        .collect()
}

/// `items[3]` as `items` and `3`; `[*]` and anything else in brackets stand for the first element.
fn split_index(step: &str) -> (&str, Option<usize>) {
    match step.split_once('[') {
        Some((name, index)) => (name, Some(index.trim_end_matches(']').parse().unwrap_or(0))),
        None => (step, None),
    }
}

fn at(value: &Value, index: Option<usize>) -> Option<&Value> {
    match index {
        Some(index) => value.get(index),
        None => Some(value),
    }
}

/// A value in at most 60 characters.
pub fn preview(value: Option<&Value>) -> String {
    const LONG: usize = 60;
    let text = match value {
        None => return String::new(),
        Some(Value::Object(map)) => {
            let keys: Vec<&str> = map.keys().take(6).map(String::as_str).collect();
            format!("{{ {} }}", keys.join(", "))
        }
        Some(Value::Array(list)) => format!("[ {} ]", list.len()),
        Some(other) => other.to_string(),
    };
    if text.chars().nth(LONG).is_some() {
        let mut short: String = text.chars().take(LONG).collect();
        short.push('…');
        short
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// `|` marks the caret.
    fn check(text: &str, language: Language, expected: &str) {
        let caret = text.find('|').unwrap();
        let text = text.replace('|', "");
        let reach = Reach {
            input: Some(json!({"question": "why", "items": [{"id": 1, "name": "a"}], "größe": 1})),
            result: Some(json!({"answer": "because"})),
            context: None,
            variables: Some(json!({"user": {"name": "Ada"}, "n": 3})),
        };
        let found = complete(&text, caret, language, &reach);
        let list: Vec<&str> = found
            .list
            .iter()
            .map(|proposal| proposal.text.as_str())
            .collect();
        let replaced = text.get(found.replace.clone()).unwrap_or_default();
        assert_eq!(
            format!("{replaced}: {}", list.join(" ")),
            expected,
            "{text}"
        );
    }

    #[test]
    fn paths() {
        use Language::JsonPath as P;
        check("$|", P, "$: $. $$. $user $n");
        check("$.|", P, ": question items größe");
        check("$.q|", P, "q: question");
        check("$.items[0].|", P, ": id name");
        check("$.items[*].n|", P, "n: name");
        check("States.Format('{}', $.gr|", P, "gr: größe");
        check("$$.|", P, ": Execution State StateMachine Task Map");
        check("$$.State.|", P, ": EnteredTime Name RetryCount");
        check("$user.|", P, ": name");
        check("plain|", P, ": ");
    }

    #[test]
    fn jsonata_only_inside_its_marks() {
        use Language::Jsonata as N;
        check("{% $st|", N, "$st: $states.");
        check("{% $states.|", N, ": input result errorOutput context");
        check("{% $states.input.items.| %}", N, ": id name");
        check("{% $states.result.a|", N, "a: answer");
        check("{% $user.name & $us|", N, "$us: $user");
        check("$states.|", N, ": ");
        check("{% 1 %} $states.|", N, ": ");
    }
}
