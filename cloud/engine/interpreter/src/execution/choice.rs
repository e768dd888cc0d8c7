//! Choice states.

use super::evaluate::unexpected;
use super::states::part_bound;
use super::thread::Thread;
use super::wait::instant;
use super::{Execution, Progress};
use crate::Failure;
use crate::program::{Decision, Node, Rule, Side};
use awm_asl::path::{Path, Scope as PathScope};
use awm_asl::syntax::{Relation, TestedType};
use serde_json::Value;
use std::cmp::Ordering;

impl Execution {
    pub(super) fn choose(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        rules: &[Rule],
        default: Option<usize>,
    ) -> Result<Progress, Failure> {
        let input = self.effective_input(thread, node)?;
        for (index, rule) in rules.iter().enumerate() {
            let holds = if node.jsonata {
                self.holds_query(thread, &rule.decision, index)?
            } else {
                let context = self.context(thread);
                let scope = PathScope {
                    input: &input,
                    context: &context,
                    variables: &*thread.scope,
                };
                holds(&rule.decision, &scope)?
            };
            if holds {
                self.exercise(|| format!("{}/Choices/{index}", node.pointer));
                return self.follow(thread, node, (index, rule), &input);
            }
        }
        if default.is_some() {
            self.exercise(|| format!("{}/Default", node.pointer));
        }
        match default {
            Some(next) if node.jsonata => self.shape(
                thread,
                None,
                node.assign.as_ref(),
                node.output.as_ref(),
                &[],
                None,
                Some(next),
            ),
            Some(next) => self.complete(thread, node, input, Some(next)),
            // Not `States.NoChoiceMatched`, as its documentation has it.
            None => Err(Failure::runtime(
                "Failed to transition out of the state. The state does not point to a next state.",
            )),
        }
    }

    fn follow(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        (index, rule): (usize, &Rule),
        input: &std::sync::Arc<Value>,
    ) -> Result<Progress, Failure> {
        if node.jsonata {
            return self.shape(
                thread,
                Some(("Choices", index)),
                rule.assign.as_ref(),
                rule.output.as_ref(),
                &[],
                None,
                Some(rule.next),
            );
        }
        let values = self.assignments(thread, rule.assign.as_ref(), input)?;
        let output = self.select(thread, &node.output_path, input)?;
        Self::assign(thread, values);
        let bound = part_bound(thread.bound_of_data(node), &node.output_path);
        Ok(Progress::Done {
            output,
            bound,
            next: Some(rule.next),
        })
    }

    fn holds_query(
        &mut self,
        thread: &Thread,
        decision: &Decision,
        index: usize,
    ) -> Result<bool, Failure> {
        match decision {
            Decision::Literal(value) => Ok(*value),
            Decision::Expression(expression) => {
                let field = format!("Choices[{index}]/Condition");
                let value = self.expression(thread, expression, &field)?;
                value
                    .as_bool()
                    .ok_or_else(|| unexpected(expression, &field, "boolean", &value))
            }
            _ => Ok(false),
        }
    }
}

fn find<'a>(path: &Path, scope: &PathScope<'a>) -> Result<std::borrow::Cow<'a, Value>, Failure> {
    path.evaluate(scope).map_err(|_| {
        Failure::runtime(format!(
            "Invalid path '{}': The choice state's condition path references an invalid value.",
            path.text()
        ))
    })
}

/// Conditions are nested as deep as a definition may be, which is not deep.
fn holds(decision: &Decision, scope: &PathScope<'_>) -> Result<bool, Failure> {
    match decision {
        Decision::Literal(value) => Ok(*value),
        Decision::Expression(_) => Ok(false),
        Decision::Not(one) => Ok(!holds(one, scope)?),
        Decision::All(all) => {
            for one in all {
                if !holds(one, scope)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Decision::Any(any) => {
            for one in any {
                if holds(one, scope)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Decision::Is {
            variable,
            what: TestedType::Present,
            expected,
        } => Ok(variable.evaluate(scope).is_ok() == *expected),
        Decision::Is {
            variable,
            what,
            expected,
        } => Ok(is(&*find(variable, scope)?, *what) == *expected),
        Decision::Matches(variable, pattern) => Ok(find(variable, scope)?
            .as_str()
            .is_some_and(|text| matches(text, pattern))),
        Decision::Compare {
            variable,
            of,
            relation,
            operand,
        } => {
            let left = find(variable, scope)?;
            let right = match operand {
                Side::Literal(value) => std::borrow::Cow::Borrowed(value),
                Side::Path(path) => find(path, scope)?,
            };
            Ok(order(&left, &right, *of).is_some_and(|order| relates(order, *relation)))
        }
    }
}

fn is(value: &Value, what: TestedType) -> bool {
    match what {
        TestedType::Null => value.is_null(),
        TestedType::Present => true,
        TestedType::Boolean => value.is_boolean(),
        TestedType::Numeric => value.is_number(),
        TestedType::String => value.is_string(),
        TestedType::Timestamp => value.as_str().and_then(instant).is_some(),
    }
}

/// How two values of the type relate; nothing if one of them is of another.
fn order(left: &Value, right: &Value, of: TestedType) -> Option<Ordering> {
    match of {
        TestedType::Boolean => Some(left.as_bool()?.cmp(&right.as_bool()?)),
        TestedType::Numeric => left.as_f64()?.partial_cmp(&right.as_f64()?),
        TestedType::String => {
            let (left, right) = (left.as_str()?, right.as_str()?);
            // By UTF-16 units, as Java does.
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        TestedType::Timestamp => Some(instant(left.as_str()?)?.cmp(&instant(right.as_str()?)?)),
        TestedType::Null | TestedType::Present => None,
    }
}

fn relates(order: Ordering, relation: Relation) -> bool {
    match relation {
        Relation::Equals => order.is_eq(),
        Relation::LessThan => order.is_lt(),
        Relation::GreaterThan => order.is_gt(),
        Relation::LessThanEquals => order.is_le(),
        Relation::GreaterThanEquals => order.is_ge(),
    }
}

/// Whether a text has the form of a pattern, where `*` is any text and `\` escapes.
fn matches(text: &str, pattern: &str) -> bool {
    let mut parts: Vec<(bool, char)> = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => parts.push((true, '*')),
            '\\' => parts.extend(chars.next().map(|c| (false, c))),
            _ => parts.push((false, c)),
        }
    }
    let text: Vec<char> = text.chars().collect();
    // Where to go on when the text after the last `*` turns out not to fit.
    let (mut at, mut part, mut retry) = (0, 0, None);
    loop {
        match (text.get(at), parts.get(part)) {
            (_, Some((true, _))) => {
                part += 1;
                retry = Some((at, part));
            }
            (Some(c), Some((false, wanted))) if c == wanted => {
                at += 1;
                part += 1;
            }
            (None, None) => return true,
            _ => match retry {
                Some((from, after)) if from < text.len() => {
                    retry = Some((from + 1, after));
                    at = from + 1;
                    part = after;
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_texts() {
        for (text, pattern, expected) in [
            ("foo23.log", "foo*.log", true),
            ("zebra.log", "foo*.log", false),
            ("foobar.zebra", "foo*.*", true),
            ("a*b", "a\\*b", true),
            ("axb", "a\\*b", false),
            ("", "*", true),
            ("aaab", "*ab", true),
            ("aaabc", "*ab", false),
        ] {
            assert_eq!(matches(text, pattern), expected, "{text} {pattern}");
        }
    }
}
