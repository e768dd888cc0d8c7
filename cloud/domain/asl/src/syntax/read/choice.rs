//! Reading Choice states and their rules.

use super::Reader;
use super::object::Object;
use crate::syntax::scalar::is_expression;
use crate::syntax::{
    Choice, ChoiceRule, Condition, Operand, QueryLanguage, Relation, Test, TestedType,
};
use serde_json::Value;

/// Fields of a rule that are about where it leads, not when it holds.
const AROUND: &[&str] = &["Comment", "Next", "Assign", "Output"];

/// `And`, `Or` and `Not` may be nested this deep.
const MAX_NESTED_CONDITIONS: usize = 40;

impl Reader {
    pub(super) fn choice(&mut self, object: &Object<'_>, language: QueryLanguage) -> Choice {
        self.require(object, &["Choices"]);
        let rules: Vec<ChoiceRule> = self
            .objects(object, "Choices")
            .iter()
            .map(|rule| self.rule(rule, language))
            .collect();
        if object
            .get("Choices")
            .is_some_and(|choices| choices == &Value::Array(Vec::new()))
        {
            self.schema(object.at("Choices"), "There must be at least one choice");
        }
        Choice {
            rules,
            default: self.string(object, "Default"),
        }
    }

    fn rule(&mut self, object: &Object<'_>, language: QueryLanguage) -> ChoiceRule {
        self.require(object, &["Next"]);
        let mut known: Vec<&str> = vec!["Comment", "Next", "Assign"];
        let condition = match language {
            QueryLanguage::Jsonata => {
                known.extend(["Output", "Condition"]);
                self.expression(object)
            }
            QueryLanguage::JsonPath => self.condition(object, &mut known, 0),
        };
        ChoiceRule {
            pointer: object.pointer.clone(),
            comment: self.string(object, "Comment"),
            condition,
            next: self.string(object, "Next").unwrap_or_default(),
            assign: self.object_template(object, "Assign"),
            output: object.get("Output").cloned(),
            extra: self.extra(object, &known),
        }
    }

    fn expression(&mut self, object: &Object<'_>) -> Condition {
        self.require(object, &["Condition"]);
        match object.get("Condition") {
            None => Condition::Unknown,
            Some(Value::Bool(always)) => Condition::Literal(*always),
            Some(Value::String(text)) if is_expression(text) => Condition::Expression(text.clone()),
            Some(_) => {
                self.schema(
                    object.at("Condition"),
                    "The value for the field 'Condition' must be a valid JSONata expression",
                );
                Condition::Unknown
            }
        }
    }

    fn condition<'a>(
        &mut self,
        object: &Object<'a>,
        known: &mut Vec<&'a str>,
        depth: usize,
    ) -> Condition {
        if depth > MAX_NESTED_CONDITIONS {
            self.schema(object.pointer.clone(), "Conditions are nested too deeply");
            return Condition::Unknown;
        }
        let mut found = None;
        let mut count = 0;
        for (name, value) in object.entries() {
            let condition = match name.as_str() {
                "And" => Condition::And(self.conditions(object, "And", depth)),
                "Or" => Condition::Or(self.conditions(object, "Or", depth)),
                "Not" => match self.object(object, "Not") {
                    Some(inner) => Condition::Not(Box::new(self.inner(&inner, depth))),
                    None => Condition::Unknown,
                },
                _ => match self.test(object, name, value) {
                    Some(Some(test)) => Condition::Test {
                        variable: String::new(),
                        test,
                    },
                    Some(None) => Condition::Unknown,
                    None => continue,
                },
            };
            known.push(name);
            count += 1;
            found.get_or_insert(condition);
        }
        if count > 1 {
            let operators: Vec<&str> = known
                .iter()
                .copied()
                .filter(|name| !AROUND.contains(name))
                .collect();
            self.exclusive(object, &operators);
        }
        let combines = matches!(
            found,
            Some(Condition::And(_) | Condition::Or(_) | Condition::Not(_))
        );
        if !combines && (found.is_some() || object.has("Variable")) {
            known.push("Variable");
            self.require(object, &["Variable"]);
        }
        let variable = self.string(object, "Variable").unwrap_or_default();
        match found {
            Some(Condition::Test { test, .. }) => Condition::Test { variable, test },
            Some(other) => other,
            None => {
                self.schema(
                    object.pointer.clone(),
                    "A choice needs one of And, Or, Not, or a comparison such as StringEquals",
                );
                Condition::Unknown
            }
        }
    }

    fn conditions(&mut self, object: &Object<'_>, name: &str, depth: usize) -> Vec<Condition> {
        let inner = self.objects(object, name);
        if inner.is_empty() && object.get(name).is_some_and(Value::is_array) {
            self.schema(object.at(name), "There must be at least one condition");
        }
        inner.iter().map(|inner| self.inner(inner, depth)).collect()
    }

    /// A condition in a condition: it has nothing of a rule besides.
    fn inner(&mut self, object: &Object<'_>, depth: usize) -> Condition {
        let mut known = vec!["Comment"];
        let condition = self.condition(object, &mut known, depth + 1);
        self.extra(object, &known);
        condition
    }

    /// None if `name` is no operator; nothing in it if the operand is wrong, which is reported.
    fn test(&mut self, object: &Object<'_>, name: &str, value: &Value) -> Option<Option<Test>> {
        if name == "StringMatches" {
            return Some(self.string(object, name).map(Test::Matches));
        }
        if let Some(what) = name.strip_prefix("Is") {
            let what = TestedType::ALL.into_iter().find(|of| of.as_str() == what)?;
            let expected = self.boolean(object, name);
            return Some(expected.map(|expected| Test::Is { what, expected }));
        }
        let (of, relation, is_path) = operator(name)?;
        let operand = if is_path {
            self.string(object, name).map(Operand::Path)
        } else {
            let fits = match of {
                TestedType::Boolean => value.is_boolean(),
                TestedType::Numeric => value.is_number(),
                _ => value.is_string(),
            };
            if !fits {
                let expected = match of {
                    TestedType::Boolean => "Boolean",
                    TestedType::Numeric => "Number",
                    _ => "String",
                };
                self.wrong_type(object.at(name), expected);
            }
            fits.then(|| Operand::Literal(value.clone()))
        };
        Some(operand.map(|operand| Test::Compare {
            of,
            relation,
            operand,
        }))
    }
}

/// The parts of an operator's name, and whether its operand is a path.
fn operator(name: &str) -> Option<(TestedType, Relation, bool)> {
    let (of, rest) = TestedType::ALL
        .into_iter()
        .filter(|of| !matches!(of, TestedType::Null | TestedType::Present))
        .find_map(|of| Some((of, name.strip_prefix(of.as_str())?)))?;
    let (rest, is_path) = match rest.strip_suffix("Path") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let relation = Relation::ALL
        .into_iter()
        .find(|relation| relation.as_str() == rest)?;
    let exists = of != TestedType::Boolean || relation == Relation::Equals;
    exists.then_some((of, relation, is_path))
}
