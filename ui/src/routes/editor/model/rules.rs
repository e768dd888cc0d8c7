//! The rules of a Choice state as a tree that a form can edit.

use serde_json::{Map, Value, json};

/// What one node of a rule says.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleNode {
    /// All of these hold.
    And(Vec<Value>),
    /// One of these holds.
    Or(Vec<Value>),
    /// This doesn't hold.
    Not(Value),
    /// A variable is compared with a value, or with another variable.
    Compare {
        /// The path of what is compared.
        variable: String,
        /// The operator's name, such as `StringEquals`.
        operator: String,
        /// What it is compared with.
        operand: Value,
    },
    /// A JSONata expression that gives true or false.
    Condition(Value),
    /// Something that isn't a rule of the language; edited as JSON.
    Unknown,
}

/// What the operand of an operator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// RFC 3339.
    Timestamp,
    /// A path of the other variable.
    Path,
}

/// One comparison operator of the language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operator {
    /// The name in the language.
    pub name: &'static str,
    /// How the canvas and the form say it.
    pub words: &'static str,
    /// What it takes.
    pub operand: Operand,
}

macro_rules! operators {
    ($($name:literal $words:literal $operand:ident;)*) => {
        /// All operators, grouped by type.
        pub const OPERATORS: &[Operator] = &[$(Operator { name: $name, words: $words, operand: Operand::$operand }),*];
    };
}
operators! {
    "IsPresent" "is present" Truth;
    "IsNull" "is null" Truth;
    "IsString" "is a string" Truth;
    "IsNumeric" "is a number" Truth;
    "IsBoolean" "is true or false" Truth;
    "IsTimestamp" "is a time" Truth;
    "StringEquals" "text =" Text;
    "StringMatches" "text matches" Text;
    "StringLessThan" "text <" Text;
    "StringLessThanEquals" "text ≤" Text;
    "StringGreaterThan" "text >" Text;
    "StringGreaterThanEquals" "text ≥" Text;
    "NumericEquals" "number =" Number;
    "NumericLessThan" "number <" Number;
    "NumericLessThanEquals" "number ≤" Number;
    "NumericGreaterThan" "number >" Number;
    "NumericGreaterThanEquals" "number ≥" Number;
    "BooleanEquals" "truth =" Truth;
    "TimestampEquals" "time =" Timestamp;
    "TimestampLessThan" "time before" Timestamp;
    "TimestampLessThanEquals" "time ≤" Timestamp;
    "TimestampGreaterThan" "time after" Timestamp;
    "TimestampGreaterThanEquals" "time ≥" Timestamp;
    "StringEqualsPath" "text = path" Path;
    "StringLessThanPath" "text < path" Path;
    "StringLessThanEqualsPath" "text ≤ path" Path;
    "StringGreaterThanPath" "text > path" Path;
    "StringGreaterThanEqualsPath" "text ≥ path" Path;
    "NumericEqualsPath" "number = path" Path;
    "NumericLessThanPath" "number < path" Path;
    "NumericLessThanEqualsPath" "number ≤ path" Path;
    "NumericGreaterThanPath" "number > path" Path;
    "NumericGreaterThanEqualsPath" "number ≥ path" Path;
    "BooleanEqualsPath" "truth = path" Path;
    "TimestampEqualsPath" "time = path" Path;
    "TimestampLessThanPath" "time before path" Path;
    "TimestampLessThanEqualsPath" "time ≤ path" Path;
    "TimestampGreaterThanPath" "time after path" Path;
    "TimestampGreaterThanEqualsPath" "time ≥ path" Path;
}

/// An operator by its name.
pub fn operator(name: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.name == name)
}

/// What a node says.
pub fn read(rule: &Value) -> RuleNode {
    let Some(map) = rule.as_object() else {
        return RuleNode::Unknown;
    };
    let list = |name: &str| map.get(name).and_then(Value::as_array).cloned();
    if let Some(condition) = map.get("Condition") {
        RuleNode::Condition(condition.clone())
    } else if let Some(rules) = list("And") {
        RuleNode::And(rules)
    } else if let Some(rules) = list("Or") {
        RuleNode::Or(rules)
    } else if let Some(rule) = map.get("Not") {
        RuleNode::Not(rule.clone())
    } else {
        let operator = map.iter().find(|(name, _)| operator(name).is_some());
        match (map.get("Variable"), operator) {
            (Some(Value::String(variable)), Some((name, operand))) => RuleNode::Compare {
                variable: variable.clone(),
                operator: name.clone(),
                operand: operand.clone(),
            },
            _ => RuleNode::Unknown,
        }
    }
}

/// A node that says `node`, with everything of `old` that isn't part of saying it (`Next`, `Assign`, `Comment`) kept in place.
pub fn write(old: &Value, node: RuleNode) -> Value {
    let says = |name: &str| {
        matches!(name, "And" | "Or" | "Not" | "Variable" | "Condition") || operator(name).is_some()
    };
    let mut map = Map::new();
    match node {
        RuleNode::And(rules) => map.insert("And".to_owned(), Value::Array(rules)),
        RuleNode::Or(rules) => map.insert("Or".to_owned(), Value::Array(rules)),
        RuleNode::Not(rule) => map.insert("Not".to_owned(), rule),
        RuleNode::Condition(condition) => map.insert("Condition".to_owned(), condition),
        RuleNode::Compare {
            variable,
            operator,
            operand,
        } => {
            map.insert("Variable".to_owned(), Value::String(variable));
            map.insert(operator, operand)
        }
        RuleNode::Unknown => return old.clone(),
    };
    for (name, value) in old
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| !says(name))
    {
        map.insert(name.clone(), value.clone());
    }
    Value::Object(map)
}

/// The operand after a change of operator: the old one if it is of the new kind, else an empty one of that kind.
pub fn operand_for(operator: &Operator, old: &Value) -> Value {
    let fits = match operator.operand {
        Operand::Text => old.is_string() && !old.as_str().is_some_and(|text| text.starts_with('$')),
        Operand::Timestamp => old.as_str().is_some_and(|text| text.contains('T')),
        Operand::Path => old.as_str().is_some_and(|text| text.starts_with('$')),
        Operand::Number => old.is_number(),
        Operand::Truth => old.is_boolean(),
    };
    if fits {
        return old.clone();
    }
    match operator.operand {
        Operand::Text => match old {
            Value::Number(number) => json!(number.to_string()),
            _ => json!(""),
        },
        Operand::Number => old
            .as_str()
            .and_then(|text| text.parse::<i64>().ok())
            .map_or_else(|| json!(0), |number| json!(number)),
        Operand::Truth => json!(true),
        Operand::Timestamp => json!("2026-01-01T00:00:00Z"),
        Operand::Path => json!("$."),
    }
}

/// A new comparison.
pub fn blank(jsonata: bool) -> Value {
    if jsonata {
        json!({"Condition": "{% $states.input. %}"})
    } else {
        json!({"Variable": "$.", "IsPresent": true})
    }
}

/// The node wrapped in a group of another kind, or taken out of its group.
pub fn regroup(old: &Value, into: &str) -> Value {
    let inner = write(&json!({}), read(old));
    let parts = match read(old) {
        RuleNode::And(parts) | RuleNode::Or(parts) => parts,
        RuleNode::Not(part) => vec![part],
        RuleNode::Unknown => return old.clone(),
        _ => vec![inner.clone()],
    };
    match into {
        "And" => write(old, RuleNode::And(parts)),
        "Or" => write(old, RuleNode::Or(parts)),
        "Not" => write(old, RuleNode::Not(inner)),
        _ => parts
            .into_iter()
            .next()
            .map_or_else(|| old.clone(), |part| write(old, read(&part))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_has_39_operators() {
        assert_eq!(OPERATORS.len(), 39);
    }

    #[test]
    fn a_rule_survives_a_change_of_its_operator() {
        let old = json!({"Comment": "why", "Variable": "$.n", "NumericEquals": 3, "Next": "A", "Assign": {"x": 1}});
        let RuleNode::Compare {
            variable, operand, ..
        } = read(&old)
        else {
            panic!("a comparison");
        };
        let matches = operator("StringEquals").unwrap();
        let new = write(
            &old,
            RuleNode::Compare {
                variable,
                operator: matches.name.to_owned(),
                operand: operand_for(matches, &operand),
            },
        );
        assert_eq!(
            new.to_string(),
            r#"{"Variable":"$.n","StringEquals":"3","Comment":"why","Next":"A","Assign":{"x":1}}"#
        );
    }

    #[test]
    fn groups_wrap_and_unwrap() {
        let rule = json!({"Variable": "$.a", "IsNull": true, "Next": "B"});
        let and = regroup(&rule, "And");
        assert_eq!(
            and,
            json!({"And": [{"Variable": "$.a", "IsNull": true}], "Next": "B"})
        );
        let or = regroup(&and, "Or");
        assert_eq!(
            or,
            json!({"Or": [{"Variable": "$.a", "IsNull": true}], "Next": "B"})
        );
        assert_eq!(regroup(&or, "Compare"), rule);
        let not = regroup(&rule, "Not");
        assert_eq!(
            not,
            json!({"Not": {"Variable": "$.a", "IsNull": true}, "Next": "B"})
        );
    }

    #[test]
    fn what_is_no_rule_is_left_alone() {
        let odd = json!({"Variable": "$.a", "Near": 3});
        assert_eq!(read(&odd), RuleNode::Unknown);
        assert_eq!(regroup(&odd, "And"), odd);
    }
}
