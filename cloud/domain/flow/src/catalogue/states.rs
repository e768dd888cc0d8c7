//! The eight types of state.

use super::{Family, Item};
use serde_json::{Value, json};

pub(super) const STATES: &[Item] = &[
    state(
        "choice",
        "Choice",
        "Goes one way or another by the data.",
        "split",
        &["if", "branch", "condition", "switch", "route"],
    ),
    state(
        "parallel",
        "Parallel",
        "Does several things at once and waits for all of them.",
        "columns-3",
        &["fork", "together", "concurrent"],
    ),
    state(
        "map",
        "Map",
        "Does the same for each item of a list.",
        "repeat",
        &["each", "loop", "for", "iterate", "list"],
    ),
    state(
        "pass",
        "Pass",
        "Shapes data, sets variables, or does nothing.",
        "arrow-right",
        &["set", "transform", "assign", "data"],
    ),
    state(
        "wait",
        "Wait",
        "Waits for a time or until a moment.",
        "clock",
        &["delay", "sleep", "pause", "timer"],
    ),
    state(
        "succeed",
        "Succeed",
        "Ends well.",
        "circle-check",
        &["end", "stop", "done"],
    ),
    state(
        "fail",
        "Fail",
        "Ends with an error.",
        "circle-x",
        &["end", "error", "stop", "throw"],
    ),
    // "Task" is what every family below is made of; this is the bare one.
    Item {
        id: "task",
        title: "Task",
        family: Family::Logic,
        help: "Does a piece of work: any activity or service by its ARN.",
        icon: "square-function",
        keywords: &["activity", "work", "resource", "arn"],
        kind: "Task",
        resource: "",
        fields: &[],
    },
];

/// How a state without a known type is drawn.
pub(super) static UNKNOWN: Item = Item {
    id: "unknown",
    title: "Unknown",
    family: Family::Logic,
    help: "A state whose type is missing or unknown.",
    icon: "circle-help",
    keywords: &[],
    kind: "",
    resource: "",
    fields: &[],
};

const fn state(
    id: &'static str,
    title: &'static str,
    help: &'static str,
    icon: &'static str,
    keywords: &'static [&'static str],
) -> Item {
    Item {
        id,
        title,
        family: Family::Logic,
        help,
        icon,
        keywords,
        kind: title,
        resource: "",
        fields: &[],
    }
}

pub(super) fn definition(
    item: &Item,
    jsonata: bool,
    inner_name: &mut impl FnMut(&str) -> String,
) -> Value {
    let mut scope = |name: &str| {
        let name = inner_name(name);
        json!({"StartAt": name, "States": {name: {"Type": "Pass", "End": true}}})
    };
    match item.id {
        "choice" if jsonata => json!({"Type": "Choice", "Choices": [{"Condition": "{% true %}"}]}),
        "choice" => {
            json!({"Type": "Choice", "Choices": [{"Variable": "$.value", "IsPresent": true}]})
        }
        "wait" => json!({"Type": "Wait", "Seconds": 5}),
        "fail" => json!({"Type": "Fail", "Error": "Failed", "Cause": "It went wrong"}),
        "parallel" => json!({"Type": "Parallel", "Branches": [scope("Left"), scope("Right")]}),
        "map" => {
            let mut processor = json!({"ProcessorConfig": {"Mode": "INLINE"}});
            if let (Value::Object(processor), Value::Object(scope)) =
                (&mut processor, scope("For each"))
            {
                processor.extend(scope);
            }
            json!({"Type": "Map", "ItemProcessor": processor})
        }
        _ => json!({"Type": item.kind}),
    }
}
