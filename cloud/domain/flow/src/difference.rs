//! What differs between two definitions, by what they mean: formatting and order of fields and states say nothing.

use awm_asl::pointer::{join, join_index};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Pairs of list items that are compared to find the fewest changes; longer lists are compared place by place.
const MAX_PAIRS: usize = 250_000;
/// How much of two states must be the same for one to be the other renamed.
const ALIKE: f64 = 0.5;

/// A difference of two definitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// What sort.
    pub kind: DifferenceKind,
    /// The JSON Pointer in the second definition; of what was removed, in the first.
    pub pointer: String,
    /// The state that it is in, or that it is; as the second definition names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What was there; of a renamed state its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Sorts of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DifferenceKind {
    /// A state is new.
    StateAdded,
    /// A state is gone.
    StateRemoved,
    /// A state has another name; transitions to it that followed are no difference.
    StateRenamed,
    /// A field or item is new.
    Added,
    /// A field or item is gone.
    Removed,
    /// A value is another.
    Changed,
}

/// What differs between two definitions, in the order of the first, what is new at the end of its place.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut comparison = Comparison {
        found: Vec::new(),
        state: None,
    };
    comparison.values(before, after, "", "");
    comparison.found
}

struct Comparison {
    found: Vec<Difference>,
    state: Option<String>,
}

impl Comparison {
    fn tell(
        &mut self,
        kind: DifferenceKind,
        pointer: &str,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        self.found.push(Difference {
            kind,
            pointer: pointer.to_owned(),
            state: self.state.clone(),
            before: before.cloned(),
            after: after.cloned(),
        });
    }

    // The depth is bounded by that of the texts.
    fn values(&mut self, before: &Value, after: &Value, old: &str, new: &str) {
        match (before, after) {
            (Value::Object(a), Value::Object(b)) => match (a.get("States"), b.get("States")) {
                (Some(Value::Object(_)), Some(Value::Object(_))) => self.machines(a, b, old, new),
                _ => self.fields(a, b, old, new),
            },
            (Value::Array(a), Value::Array(b)) => self.items(a, b, old, new),
            (a, b) if same(a, b) => {}
            (a, b) => self.tell(DifferenceKind::Changed, new, Some(a), Some(b)),
        }
    }

    fn fields(&mut self, a: &Map<String, Value>, b: &Map<String, Value>, old: &str, new: &str) {
        for (name, before) in a {
            match b.get(name) {
                Some(after) => self.values(before, after, &join(old, name), &join(new, name)),
                None => self.tell(
                    DifferenceKind::Removed,
                    &join(old, name),
                    Some(before),
                    None,
                ),
            }
        }
        for (name, after) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
            self.tell(DifferenceKind::Added, &join(new, name), None, Some(after));
        }
    }

    fn items(&mut self, a: &[Value], b: &[Value], old: &str, new: &str) {
        let same = common(a, b);
        let (mut i, mut j) = (0, 0);
        for (next_a, next_b) in same.into_iter().chain([(a.len(), b.len())]) {
            // Between items that stayed, what is at the same place was changed.
            while i < next_a || j < next_b {
                let (at_old, at_new) = (join_index(old, i), join_index(new, j));
                match (
                    a.get(i).filter(|_| i < next_a),
                    b.get(j).filter(|_| j < next_b),
                ) {
                    (Some(before), Some(after)) => self.values(before, after, &at_old, &at_new),
                    (Some(before), None) => {
                        self.tell(DifferenceKind::Removed, &at_old, Some(before), None);
                    }
                    (None, Some(after)) => {
                        self.tell(DifferenceKind::Added, &at_new, None, Some(after));
                    }
                    (None, None) => {}
                }
                i = (i + 1).min(next_a.max(i));
                j = (j + 1).min(next_b.max(j));
            }
            (i, j) = (next_a + 1, next_b + 1);
        }
    }

    /// A machine, or what holds one: its states are matched by name, and those left over by likeness.
    fn machines(&mut self, a: &Map<String, Value>, b: &Map<String, Value>, old: &str, new: &str) {
        let none = Map::new();
        let states = |map: &Map<String, Value>| match map.get("States") {
            Some(Value::Object(states)) => states.clone(),
            _ => none.clone(),
        };
        let (before, after) = (states(a), states(b));
        let renamed = renames(&before, &after);
        let without_states = |map: &Map<String, Value>| {
            let mut map = map.clone();
            map.shift_remove("States");
            map
        };
        let mut own = Value::Object(without_states(a));
        retarget(&mut own, &renamed);
        let (Value::Object(own), b) = (own, without_states(b)) else {
            return;
        };
        self.fields(&own, &b, old, new);
        let (old, new) = (join(old, "States"), join(new, "States"));
        let outer = self.state.take();
        for (name, state) in &before {
            let target = renamed.get(name).unwrap_or(name);
            let at = join(&new, target);
            self.state = Some(target.clone());
            let Some(now) = after.get(target) else {
                self.tell(
                    DifferenceKind::StateRemoved,
                    &join(&old, name),
                    Some(state),
                    None,
                );
                continue;
            };
            if target != name {
                let (was, is) = (Value::from(name.as_str()), Value::from(target.as_str()));
                self.tell(DifferenceKind::StateRenamed, &at, Some(&was), Some(&is));
            }
            let mut state = state.clone();
            retarget(&mut state, &renamed);
            self.values(&state, now, &join(&old, name), &at);
        }
        for (name, state) in &after {
            let is_new =
                !before.contains_key(name) && !renamed.values().any(|target| target == name);
            if is_new {
                self.state = Some(name.clone());
                self.tell(
                    DifferenceKind::StateAdded,
                    &join(&new, name),
                    None,
                    Some(state),
                );
            }
        }
        self.state = outer;
    }
}

/// States of the first that are in the second by another name.
fn renames(before: &Map<String, Value>, after: &Map<String, Value>) -> HashMap<String, String> {
    let gone: Vec<(&String, &Value)> = before
        .iter()
        .filter(|(name, _)| !after.contains_key(*name))
        .collect();
    let come: Vec<(&String, &Value)> = after
        .iter()
        .filter(|(name, _)| !before.contains_key(*name))
        .collect();
    if gone.len().saturating_mul(come.len()) > MAX_PAIRS {
        return HashMap::new();
    }
    let mut pairs: Vec<(f64, &String, &String)> = Vec::new();
    for (old, a) in &gone {
        for (new, b) in &come {
            let alike = likeness(a, b);
            if alike >= ALIKE {
                pairs.push((alike, *old, *new));
            }
        }
    }
    // The most alike first; of those equally alike, the earlier.
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found: HashMap<String, String> = HashMap::new();
    for (_, old, new) in pairs {
        if !found.contains_key(old) && !found.values().any(|known| known == new) {
            found.insert(old.clone(), new.clone());
        }
    }
    found
}

/// How much of two states is the same, 0 to 1.
fn likeness(a: &Value, b: &Value) -> f64 {
    let (Value::Object(a), Value::Object(b)) = (a, b) else {
        return 0.0;
    };
    if a.get("Type") != b.get("Type") {
        return 0.0;
    }
    let shared = a
        .iter()
        .filter(|(name, value)| b.get(*name).is_some_and(|other| same(value, other)));
    let all = a.len() + b.keys().filter(|name| !a.contains_key(*name)).count();
    shared.count() as f64 / all.max(1) as f64
}

/// Has transitions of a scope follow renamed states. What is in nested machines names states of its own.
fn retarget(value: &mut Value, renamed: &HashMap<String, String>) {
    if renamed.is_empty() {
        return;
    }
    let Value::Object(map) = value else { return };
    for field in ["StartAt", "Next", "Default"] {
        if let Some(Value::String(target)) = map.get_mut(field)
            && let Some(new) = renamed.get(target)
        {
            target.clone_from(new);
        }
    }
    for list in ["Choices", "Catch"] {
        if let Some(Value::Array(entries)) = map.get_mut(list) {
            for entry in entries {
                retarget(entry, renamed);
            }
        }
    }
}

/// Places of items that are in both lists, in order, as many as possible.
fn common(a: &[Value], b: &[Value]) -> Vec<(usize, usize)> {
    if a.len().saturating_mul(b.len()) > MAX_PAIRS {
        let places = (0..a.len().min(b.len())).filter(|at| match (a.get(*at), b.get(*at)) {
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        });
        return places.map(|at| (at, at)).collect();
    }
    // Lengths of the longest common rest from each pair of places on.
    let width = b.len() + 1;
    let mut longest = vec![0_usize; (a.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let get = |place: usize| longest.get(place).copied().unwrap_or_default();
            let value = match same(x, y) {
                true => get(at(i + 1, j + 1)) + 1,
                false => get(at(i + 1, j)).max(get(at(i, j + 1))),
            };
            if let Some(cell) = longest.get_mut(at(i, j)) {
                *cell = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let get = |place: usize| longest.get(place).copied().unwrap_or_default();
        if same(x, y) {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if get(at(i + 1, j)) >= get(at(i, j + 1)) {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

/// Whether two values say the same: `1` is `1.0`, the order of fields says nothing.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::json;
    use std::fmt::Write as _;

    fn check(before: &Value, after: &Value, expected: Expect) {
        let mut told = String::new();
        for found in differences(before, after) {
            let value =
                |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
            let state = found.state.clone().unwrap_or_default();
            let kind = serde_json::to_value(found.kind).unwrap();
            writeln!(
                told,
                "{} {} [{state}] {} -> {}",
                kind.as_str().unwrap(),
                found.pointer,
                value(&found.before),
                value(&found.after)
            )
            .unwrap();
        }
        expected.assert_eq(&told);
    }

    #[test]
    fn formatting_and_order_say_nothing() {
        check(
            &json!({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Succeed"}}}),
            &json!({"States": {"B": {"Type": "Succeed"}, "A": {"Next": "B", "Seconds": 1.0, "Type": "Wait"}}, "StartAt": "A"}),
            expect![""],
        );
    }

    #[test]
    fn states_and_fields() {
        check(
            &json!({"StartAt": "A", "Comment": "old", "States": {
                "A": {"Type": "Task", "Resource": "r", "TimeoutSeconds": 5, "Next": "B"},
                "B": {"Type": "Succeed"}
            }}),
            &json!({"StartAt": "A", "TimeoutSeconds": 60, "States": {
                "A": {"Type": "Task", "Resource": "r", "TimeoutSeconds": 9, "Retry": [], "Next": "C"},
                "C": {"Type": "Fail"}
            }}),
            expect![[r#"
                removed /Comment [] "old" -> -
                added /TimeoutSeconds [] - -> 60
                changed /States/A/TimeoutSeconds [A] 5 -> 9
                changed /States/A/Next [A] "B" -> "C"
                added /States/A/Retry [A] - -> []
                stateRemoved /States/B [B] {"Type":"Succeed"} -> -
                stateAdded /States/C [C] - -> {"Type":"Fail"}
            "#]],
        );
    }

    #[test]
    fn a_renamed_state_takes_its_transitions_along() {
        check(
            &json!({"StartAt": "Ask", "States": {
                "Ask": {"Type": "Task", "Resource": "r", "Next": "Decide"},
                "Decide": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "Ask"}], "Default": "Ask"},
                "Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "In", "States": {"In": {"Type": "Pass", "Result": 1, "End": true}}}}
            }}),
            &json!({"StartAt": "Approve", "States": {
                "Approve": {"Type": "Task", "Resource": "r", "Next": "Decide"},
                "Decide": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "Approve"}], "Default": "Approve"},
                "Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "Result": 2, "Comment": "x", "End": true}}}}
            }}),
            expect![[r#"
                stateRenamed /States/Approve [Approve] "Ask" -> "Approve"
                stateRenamed /States/Each/ItemProcessor/States/Inner [Inner] "In" -> "Inner"
                changed /States/Each/ItemProcessor/States/Inner/Result [Inner] 1 -> 2
                added /States/Each/ItemProcessor/States/Inner/Comment [Inner] - -> "x"
            "#]],
        );
    }

    #[test]
    fn items_that_stay_are_no_difference() {
        check(
            &json!({"Choices": [{"a": 1}, {"a": 2}, {"a": 3}]}),
            &json!({"Choices": [{"a": 0}, {"a": 1}, {"a": 3, "b": 1}]}),
            expect![[r#"
                added /Choices/0 [] - -> {"a":0}
                changed /Choices/2/a [] 2 -> 3
                added /Choices/2/b [] - -> 1
                removed /Choices/2 [] {"a":3} -> -
            "#]],
        );
        check(
            &json!([1, 2, 3, 4]),
            &json!([2, 4, 5]),
            expect![[r#"
            removed /0 [] 1 -> -
            removed /2 [] 3 -> -
            added /2 [] - -> 5
        "#]],
        );
    }
}
