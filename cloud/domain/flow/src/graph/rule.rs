//! A Choice rule as a person would say it.

use serde_json::{Map, Value};

/// The rule in words: `total > 100`, `kind is "order"`, `name is present and not (age < 18)`. Cut at 80 characters.
pub fn rule_in_words(rule: &Value) -> String {
    let words = match rule.get("Condition") {
        Some(Value::String(condition)) => {
            crate::graph::summary::bare_expression(condition).to_owned()
        }
        Some(other) => other.to_string(),
        None => rule
            .as_object()
            .map(|rule| in_words(rule, 0))
            .unwrap_or_default(),
    };
    let words = if words.is_empty() {
        "no condition".to_owned()
    } else {
        words
    };
    super::summary::cut(&words, 80)
}

/// Depth beyond which a rule is only hinted at.
const DEEPEST: usize = 8;

fn in_words(rule: &Map<String, Value>, depth: usize) -> String {
    if depth > DEEPEST {
        return "…".to_owned();
    }
    let nested = |value: &Value| {
        value
            .as_object()
            .map(|rule| in_words(rule, depth + 1))
            .unwrap_or_default()
    };
    for (member, joint) in [("And", " and "), ("Or", " or ")] {
        if let Some(Value::Array(rules)) = rule.get(member) {
            let words: Vec<String> = rules
                .iter()
                .map(|inner| {
                    let joined = inner.get("And").or(inner.get("Or")).is_some();
                    if joined {
                        format!("({})", nested(inner))
                    } else {
                        nested(inner)
                    }
                })
                .collect();
            return words.join(joint);
        }
    }
    if let Some(inner) = rule.get("Not") {
        return format!("not ({})", nested(inner));
    }
    let variable = rule.get("Variable").and_then(Value::as_str).unwrap_or("?");
    let variable = variable.strip_prefix("$.").unwrap_or(variable);
    let comparison = rule.iter().find(|(name, _)| {
        !matches!(
            name.as_str(),
            "Variable" | "Next" | "Comment" | "Assign" | "Output"
        )
    });
    match comparison {
        Some((name, operand)) => compare(variable, name, operand),
        None => String::new(),
    }
}

fn compare(variable: &str, name: &str, operand: &Value) -> String {
    let (name, operand) = match (name.strip_suffix("Path"), operand.as_str()) {
        (Some(name), Some(path)) => (name, path.strip_prefix("$.").unwrap_or(path).to_owned()),
        _ => (name, operand.to_string()),
    };
    let holds = operand == "true";
    let not = if holds { "" } else { "not " };
    match name {
        "IsPresent" => format!(
            "{variable} is {}",
            if holds { "present" } else { "missing" }
        ),
        "IsNull" => format!("{variable} is {not}null"),
        "IsNumeric" => format!("{variable} is {not}a number"),
        "IsString" => format!("{variable} is {not}text"),
        "IsBoolean" => format!("{variable} is {not}true or false"),
        "IsTimestamp" => format!("{variable} is {not}a time"),
        "BooleanEquals" if operand == "true" || operand == "false" => {
            format!("{variable} is {operand}")
        }
        "StringMatches" => format!("{variable} matches {operand}"),
        _ => {
            let sign = [
                ("GreaterThanEquals", "≥"),
                ("LessThanEquals", "≤"),
                ("GreaterThan", ">"),
                ("LessThan", "<"),
                (
                    "Equals",
                    if name.starts_with("String") {
                        "is"
                    } else {
                        "="
                    },
                ),
            ]
            .into_iter()
            .find(|(ending, _)| name.ends_with(ending));
            match sign {
                Some((_, sign)) => format!("{variable} {sign} {operand}"),
                None => format!("{variable} {name} {operand}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::json;

    #[track_caller]
    fn check(rule: Value, words: Expect) {
        words.assert_eq(&rule_in_words(&rule));
    }

    #[test]
    fn rules_read_as_sentences() {
        check(
            json!({"Variable": "$.total", "NumericGreaterThan": 100, "Next": "A"}),
            expect!["total > 100"],
        );
        check(
            json!({"Variable": "$.kind", "StringEquals": "order"}),
            expect![[r#"kind is "order""#]],
        );
        check(
            json!({"Variable": "$.a", "NumericLessThanEqualsPath": "$.b"}),
            expect!["a ≤ b"],
        );
        check(
            json!({"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.b", "BooleanEquals": false}},
                {"Or": [{"Variable": "$.c", "IsNull": false}, {"Variable": "$.d", "StringMatches": "x*"}]}]}),
            expect![[r#"a is present and not (b is false) and (c is not null or d matches "x*")"#]],
        );
        check(
            json!({"Condition": "{% $states.input.n > 3 %}"}),
            expect!["$states.input.n > 3"],
        );
        check(json!({}), expect!["no condition"]);
        check(json!("nonsense"), expect!["no condition"]);
        check(
            json!({"Variable": 5, "NumericEquals": []}),
            expect!["? = []"],
        );
    }
}
