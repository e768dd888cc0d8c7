//! What TestState tells of the way that data took through a state.

use crate::execution::Inspected;
use crate::program::{Kind, Node};
use serde_json::{Map, Value};

/// The stations that TestState tells of a state of that type and language.
pub(super) fn of(node: &Node, inspected: &Inspected) -> Map<String, Value> {
    let data = &inspected.data;
    let mut told = Map::new();
    let mut tell = |name: &str, value: Option<&Value>| {
        if let Some(value) = value {
            told.insert(name.to_owned(), value.clone());
        }
    };
    tell("input", data.input.as_deref());
    if node.jsonata {
        if matches!(node.kind, Kind::Task(_)) && node.arguments.is_some() {
            tell("afterArguments", data.arguments.as_deref());
        }
    } else {
        let with_result = matches!(node.kind, Kind::Pass(Some(_)));
        if !with_result && !matches!(node.kind, Kind::Parallel(_)) {
            tell("afterInputPath", data.after_input_path.as_deref());
        }
        if matches!(node.kind, Kind::Task(_) | Kind::Pass(None)) {
            let arguments = data
                .arguments
                .as_deref()
                .or(data.after_input_path.as_deref());
            tell("afterParameters", arguments);
        }
        if with_result || matches!(node.kind, Kind::Task(_)) {
            tell("result", data.result.as_deref());
        }
        tell("afterItemsPath", inspected.items.as_ref());
        tell("afterResultSelector", data.after_result_selector.as_deref());
        tell("afterResultPath", data.after_result_path.as_deref());
    }
    tell("afterItemSelector", inspected.selected.as_ref());
    tell("afterItemBatcher", inspected.batched.as_ref());
    tell("variables", inspected.variables.as_ref());
    // All are whole numbers but the percentage.
    let whole = |number: f64| Value::from(number as i64);
    for (name, number) in [
        ("maxConcurrency", inspected.concurrency.map(whole)),
        (
            "toleratedFailureCount",
            inspected.tolerated_count.map(whole),
        ),
        (
            "toleratedFailurePercentage",
            inspected.tolerated_percentage.map(Value::from),
        ),
    ] {
        tell(name, number.as_ref());
    }
    let mut details = Map::new();
    if let Some((index, delay)) = inspected.retrier {
        details.insert("retryIndex".to_owned(), index.into());
        if let Some(delay) = delay {
            details.insert("retryBackoffIntervalSeconds".to_owned(), whole(delay));
        }
    }
    if let Some(index) = inspected.catcher {
        details.insert("catchIndex".to_owned(), index.into());
    }
    if !details.is_empty() {
        told.insert("errorDetails".to_owned(), Value::Object(details));
    }
    told
}
