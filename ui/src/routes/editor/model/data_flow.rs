//! A visit's data at its stations, as columns from left to right.

use super::{fields::Language, run::VisitRecord};
use serde_json::Value;
use std::sync::Arc;

/// One station.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The word in `data-testid`, such as `entered`.
    pub key: &'static str,
    /// The heading.
    pub title: &'static str,
    /// The field of the language that made it; empty for none.
    pub caption: &'static str,
    /// The data; none if the visit never got there.
    pub value: Option<Arc<Value>>,
    /// The data that it is compared with: the nearest station before it that was reached.
    pub before: Option<Arc<Value>>,
}

/// The stations of a visit. Those that the language or the state doesn't have are left out;
/// entered, arguments, result and output are always there, so that the eye finds them in one place.
pub fn columns(visit: &VisitRecord, language: Language) -> Vec<Column> {
    let data = &visit.data;
    let path = language == Language::JsonPath;
    let works = !matches!(
        visit.state_type.as_str(),
        "Choice" | "Wait" | "Succeed" | "Fail"
    );
    let (arguments, result) = match visit.state_type.as_str() {
        "Map" => ("ItemSelector", ""),
        _ if path => ("Parameters", ""),
        _ => ("Arguments", ""),
    };
    let mut columns = Vec::new();
    let mut before: Option<Arc<Value>> = None;
    let mut station =
        |key, title, caption, value: &Option<Arc<Value>>, always: bool, compared: bool| {
            if value.is_none() && !always {
                return;
            }
            columns.push(Column {
                key,
                title,
                caption,
                value: value.clone(),
                before: if compared { before.clone() } else { None },
            });
            if value.is_some() {
                before.clone_from(value);
            }
        };
    station("entered", "Entered", "", &data.input, true, false);
    if path {
        station(
            "after-input-path",
            "After input path",
            "InputPath",
            &data.after_input_path,
            false,
            true,
        );
    }
    station(
        "arguments",
        "Arguments",
        arguments,
        &data.arguments,
        works,
        true,
    );
    station("result", "Result", result, &data.result, works, false);
    if path {
        station(
            "after-result-selector",
            "After selector",
            "ResultSelector",
            &data.after_result_selector,
            false,
            true,
        );
    }
    let result_path = data.after_result_path.as_ref().filter(|_| path).cloned();
    if result_path.is_some() {
        // The result is put into the input: that is what it is compared with.
        before.clone_from(if data.after_input_path.is_some() {
            &data.after_input_path
        } else {
            &data.input
        });
    }
    let mut station = |key, title, caption, value: &Option<Arc<Value>>, always: bool| {
        if value.is_none() && !always {
            return;
        }
        columns.push(Column {
            key,
            title,
            caption,
            value: value.clone(),
            before: before.clone(),
        });
        if value.is_some() {
            before.clone_from(value);
        }
    };
    station(
        "after-result-path",
        "After result path",
        "ResultPath",
        &result_path,
        false,
    );
    station(
        "output",
        "Output",
        if path { "OutputPath" } else { "Output" },
        &data.output,
        true,
    );
    let variables = data
        .variables
        .clone()
        .filter(|value| value.as_object().is_none_or(|map| !map.is_empty()));
    if variables.is_some() {
        columns.push(Column {
            key: "variables",
            title: "Variables",
            caption: "Assign",
            value: variables.map(Arc::new),
            before: None,
        });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::editor::model::run::RunModel;
    use awm_api::runs::{RunEvent, RunUpdate, Visit};
    use serde_json::json;

    fn check(kind: &str, language: Language, data: Value, expected: &str) {
        let mut model = RunModel::default();
        model.apply(RunUpdate::Event {
            event: RunEvent {
                id: 1,
                previous: 0,
                at: 0,
                kind: format!("{kind}StateEntered"),
                details: Value::Null,
                visit: Some(Visit {
                    id: 1,
                    state: "/States/A".to_owned(),
                    name: "A".to_owned(),
                    within: Vec::new(),
                    data: Some(Box::new(serde_json::from_value(data).unwrap())),
                }),
            },
        });
        let text: Vec<String> = columns(model.visit(1).unwrap(), language)
            .iter()
            .map(|column| {
                let show = |value: &Option<Arc<Value>>| {
                    value
                        .as_ref()
                        .map_or("-".to_owned(), |value| value.to_string())
                };
                format!(
                    "{}={}<{}",
                    column.key,
                    show(&column.value),
                    show(&column.before)
                )
            })
            .collect();
        assert_eq!(text.join(" "), expected);
    }

    #[test]
    fn the_result_path_is_compared_with_the_input() {
        check(
            "Task",
            Language::JsonPath,
            json!({"input": 1, "after_input_path": 2, "arguments": 3, "result": 4, "after_result_selector": 5, "after_result_path": 6, "output": 7, "variables": {}}),
            "entered=1<- after-input-path=2<1 arguments=3<2 result=4<- after-result-selector=5<4 after-result-path=6<2 output=7<6",
        );
    }

    #[test]
    fn a_visit_that_failed_keeps_its_empty_columns() {
        check(
            "Task",
            Language::Jsonata,
            json!({"input": 1, "arguments": 2, "error": "E", "variables": {"x": 1}}),
            r#"entered=1<- arguments=2<1 result=-<- output=-<2 variables={"x":1}<-"#,
        );
    }

    #[test]
    fn a_state_without_work_has_no_result() {
        check(
            "Wait",
            Language::JsonPath,
            json!({"input": 1, "output": 1}),
            "entered=1<- output=1<1",
        );
    }
}
