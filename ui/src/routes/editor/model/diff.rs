//! Which places of a JSON value differ from the value before it.

use serde_json::Value;
use std::collections::BTreeMap;

/// How a place differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It wasn't there before.
    Added,
    /// It had another value.
    Changed,
    /// Something inside it differs.
    Inside,
}

/// The places of `new` that differ from `old`, by JSON Pointer, and the pointers of what is gone.
///
/// Stops after `most` places, so that two large values don't cost more than a screen can show.
pub fn diff(old: &Value, new: &Value, most: usize) -> (BTreeMap<String, Mark>, Vec<String>) {
    let mut walk = Walk {
        marks: BTreeMap::new(),
        gone: Vec::new(),
        most,
    };
    walk.compare("", old, new);
    (walk.marks, walk.gone)
}

struct Walk {
    marks: BTreeMap<String, Mark>,
    gone: Vec<String>,
    most: usize,
}

impl Walk {
    fn compare(&mut self, pointer: &str, old: &Value, new: &Value) -> bool {
        if self.marks.len() + self.gone.len() >= self.most || old == new {
            return false;
        }
        let mut inside = false;
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, value) in new {
                    let place = child(pointer, key);
                    match old.get(key) {
                        Some(before) => inside |= self.compare(&place, before, value),
                        None => {
                            self.marks.insert(place, Mark::Added);
                            inside = true;
                        }
                    }
                }
                for key in old.keys().filter(|key| !new.contains_key(*key)) {
                    self.gone.push(child(pointer, key));
                    inside = true;
                }
            }
            (Value::Array(old), Value::Array(new)) => {
                for (n, value) in new.iter().enumerate() {
                    let place = format!("{pointer}/{n}");
                    match old.get(n) {
                        Some(before) => inside |= self.compare(&place, before, value),
                        None => {
                            self.marks.insert(place, Mark::Added);
                            inside = true;
                        }
                    }
                }
                for n in new.len()..old.len() {
                    self.gone.push(format!("{pointer}/{n}"));
                    inside = true;
                }
            }
            _ => {
                self.marks.insert(pointer.to_owned(), Mark::Changed);
                return true;
            }
        }
        if inside {
            self.marks.insert(pointer.to_owned(), Mark::Inside);
        }
        inside
    }
}

/// The pointer of a member.
pub fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn check(old: Value, new: Value, expected: Expect) {
        let (marks, gone) = diff(&old, &new, 100);
        let mut text: Vec<String> = marks
            .iter()
            .map(|(place, mark)| format!("{mark:?} `{place}`"))
            .collect();
        text.extend(gone.iter().map(|place| format!("Gone `{place}`")));
        expected.assert_eq(&text.join("\n"));
    }

    #[test]
    fn only_what_differs_is_marked() {
        check(
            json!({"a": 1, "b": {"c": [1, 2], "d/e": 3}, "x": 0}),
            json!({"a": 1, "b": {"c": [1, 5, 6], "d/e": 4}, "n": null}),
            expect![[r#"
                Inside ``
                Inside `/b`
                Inside `/b/c`
                Changed `/b/c/1`
                Added `/b/c/2`
                Changed `/b/d~1e`
                Added `/n`
                Gone `/x`"#]],
        );
    }

    #[test]
    fn another_kind_of_value_is_one_change() {
        check(json!([1]), json!({"a": 1}), expect!["Changed ``"]);
        check(json!([1]), json!([1]), expect![""]);
    }

    #[test]
    fn large_values_stop_at_the_bound() {
        let new: Vec<u32> = (0..10_000).collect();
        let (marks, gone) = diff(&json!([]), &json!(new), 10);
        assert!(marks.len() + gone.len() >= 10);
        let (marks, _) = diff(&json!(vec![-1; 10_000]), &json!(new), 10);
        assert!(marks.len() <= 12);
    }
}
