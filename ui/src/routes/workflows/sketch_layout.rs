//! Where the boxes of a small drawing lie: states in layers by their distance from the start.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// The `Type` of the state.
    pub(super) kind: String,
    /// The middle, in units of one column and one row.
    pub(super) x: f64,
    /// The middle.
    pub(super) y: f64,
}

/// A drawing: boxes, and lines between two of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// The boxes.
    pub(super) shapes: Vec<Shape>,
    /// From box to box, by number; whether it is a Catch.
    pub(super) lines: Vec<(usize, usize, bool)>,
    /// Columns of the widest row.
    pub(super) columns: f64,
    /// Rows.
    pub(super) rows: f64,
}

/// The drawing of a definition; nothing for what is not one.
pub(super) fn layout(definition: &Value) -> Layout {
    let Some((states, start)) = definition
        .get("States")
        .and_then(Value::as_object)
        .zip(definition.get("StartAt").and_then(Value::as_str))
    else {
        return Layout::default();
    };
    let depth = depths(states, start);
    let deepest = depth.values().copied().max().unwrap_or_default();
    let mut layers: Vec<Vec<&str>> = vec![Vec::new(); deepest + 1];
    // The definition's own order keeps branches where their author put them.
    for name in states.keys() {
        if let Some(layer) = depth.get(name.as_str()).and_then(|at| layers.get_mut(*at)) {
            layer.push(name);
        }
    }
    let widest = layers.iter().map(Vec::len).max().unwrap_or_default().max(1) as f64;
    let mut number = BTreeMap::new();
    let mut shapes = Vec::new();
    for (row, layer) in layers.iter().enumerate() {
        let indent = (widest - layer.len() as f64) / 2.0;
        for (column, name) in layer.iter().enumerate() {
            number.insert(*name, shapes.len());
            let kind = states
                .get(*name)
                .and_then(|state| state.get("Type"))
                .and_then(Value::as_str)
                .unwrap_or_default();
            shapes.push(Shape {
                kind: kind.to_owned(),
                x: indent + column as f64 + 0.5,
                y: row as f64 + 0.5,
            });
        }
    }
    let lines = number
        .iter()
        .filter_map(|(name, at)| Some((states.get(*name)?, *at)))
        .flat_map(|(state, at)| {
            exits(state)
                .into_iter()
                .map(move |(to, caught)| (at, to, caught))
        })
        .filter_map(|(at, to, caught)| Some((at, *number.get(to)?, caught)))
        .collect();
    Layout {
        shapes,
        lines,
        columns: widest,
        rows: layers.len() as f64,
    }
}

/// How many steps each reachable state is from the start.
fn depths<'a>(states: &'a Map<String, Value>, start: &'a str) -> BTreeMap<&'a str, usize> {
    let mut depth = BTreeMap::new();
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((name, at)) = queue.pop_front() {
        let Some(state) = states.get(name).filter(|_| !depth.contains_key(name)) else {
            continue;
        };
        depth.insert(name, at);
        queue.extend(exits(state).into_iter().map(|(to, _)| (to, at + 1)));
    }
    depth
}

/// Where a state can lead, and whether that is a Catch.
fn exits(state: &Value) -> Vec<(&str, bool)> {
    let of = |field: &str| {
        state
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let direct = ["Next", "Default"]
        .into_iter()
        .filter_map(|field| state.get(field).and_then(Value::as_str));
    let choices = of("Choices").filter_map(|choice| choice.get("Next").and_then(Value::as_str));
    let caught = of("Catch").filter_map(|catch| catch.get("Next").and_then(Value::as_str));
    let mut out: Vec<(&str, bool)> = choices.chain(direct).map(|to| (to, false)).collect();
    out.extend(caught.map(|to| (to, true)));
    out
}

#[cfg(test)]
mod tests {
    use super::layout;
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn check(definition: serde_json::Value, expected: Expect) {
        let drawn = layout(&definition);
        let shapes: Vec<String> = drawn
            .shapes
            .iter()
            .map(|shape| format!("{} {},{}", shape.kind, shape.x, shape.y))
            .collect();
        expected.assert_eq(&format!(
            "{} × {}: {}; {:?}",
            drawn.columns,
            drawn.rows,
            shapes.join(" | "),
            drawn.lines
        ));
    }

    #[test]
    fn branches_stand_side_by_side() {
        check(
            json!({"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [{"Next": "B"}], "Default": "C"},
                "B": {"Type": "Task", "Next": "D", "Catch": [{"Next": "C"}]},
                "C": {"Type": "Fail"},
                "D": {"Type": "Succeed"},
                "Lost": {"Type": "Pass"},
            }}),
            expect![
                "2 × 3: Choice 1,0.5 | Task 0.5,1.5 | Fail 1.5,1.5 | Succeed 1,2.5; [(0, 1, false), (0, 2, false), (1, 3, false), (1, 2, true)]"
            ],
        );
    }

    #[test]
    fn what_is_no_definition_is_an_empty_drawing() {
        check(json!({"StartAt": 1}), expect!["0 × 0: ; []"]);
        check(
            json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}),
            expect!["1 × 1: Pass 0.5,0.5; [(0, 0, false)]"],
        );
    }
}
