//! What TestState refuses, in AWS's words.

use super::{TestRefused, TestRequest};
use crate::program::{Kind, Node, Service};
use awm_services::{Target, validate};
use serde_json::Value;

/// Why the state can't be tested as asked, if so.
pub(super) fn check(node: &Node, request: &TestRequest) -> Result<(), TestRefused> {
    let refuse = |message: String| Err(TestRefused(message));
    let nested = matches!(node.kind, Kind::Map(_) | Kind::Parallel(_));
    let Some(mock) = &request.mock else {
        for (given, field) in [
            (request.context.is_some(), "Context"),
            (request.retries.is_some(), "RetrierRetryCount"),
            (request.error_caused_by.is_some(), "ErrorCausedByState"),
            (
                request.failed_iterations.is_some(),
                "MapIterationFailureCount",
            ),
            (request.reader_data.is_some(), "MapItemReaderData"),
        ] {
            if given {
                return refuse(format!(
                    "TestState does not support {field} when a mock is not specified."
                ));
            }
        }
        if nested {
            return refuse("TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]".to_owned());
        }
        return check_context(node, request.context.as_ref());
    };
    if !nested && !matches!(node.kind, Kind::Task(_)) {
        return refuse(format!(
            "State type '{}' is not supported when a mock is specified",
            node.type_name()
        ));
    }
    if let Ok(result) = mock {
        match &node.kind {
            Kind::Map(map) if map.writer.is_some() && !result.is_object() => {
                return refuse("Mocked result must be a JSON object.".to_owned());
            }
            Kind::Map(map) if map.writer.is_none() && !result.is_array() => {
                return refuse("Mocked result must be an array.".to_owned());
            }
            Kind::Parallel(branches) => match result.as_array() {
                None => return refuse("Mocked result must be an array.".to_owned()),
                Some(results) if results.len() != branches.len() => {
                    return refuse("Mocked result must contain the same number of items as number of Parallel branches.".to_owned());
                }
                Some(_) => {}
            },
            Kind::Task(task) => check_conforming(&task.resource, result, request)?,
            _ => {}
        }
    }
    check_context(node, request.context.as_ref())
}

/// Holds a mocked result to the model of the service that it stands in for.
fn check_conforming(
    resource: &str,
    result: &Value,
    request: &TestRequest,
) -> Result<(), TestRefused> {
    let Some(target) = Target::of(resource) else {
        return Ok(());
    };
    validate(&target, result, request.mode)
        .map_err(|error| TestRefused(format!("Mock result schema validation error: {error}")))
}

fn check_context(node: &Node, context: Option<&Value>) -> Result<(), TestRefused> {
    const FIELDS: [(&str, &[&str]); 5] = [
        (
            "Execution",
            &[
                "Id",
                "Input",
                "Name",
                "RoleArn",
                "StartTime",
                "RedriveCount",
                "RedriveTime",
            ],
        ),
        ("State", &["Name", "EnteredTime", "RetryCount"]),
        ("StateMachine", &["Id", "Name"]),
        ("Task", &["Token"]),
        ("Map", &["Item"]),
    ];
    let refuse = |message: String| {
        Err(TestRefused(format!(
            "Invalid Context object provided: {message}"
        )))
    };
    let parts = context.and_then(Value::as_object);
    for (part, value) in parts.into_iter().flatten() {
        let Some((_, fields)) = FIELDS.iter().find(|(known, _)| known == part) else {
            return refuse(format!("Field '{part}' is not allowed"));
        };
        for (field, value) in value.as_object().into_iter().flatten() {
            if !fields.contains(&field.as_str()) {
                return refuse(format!("Field '{field}' is not allowed"));
            }
            let is_text = !matches!(
                field.as_str(),
                "Input" | "RetryCount" | "RedriveCount" | "Item"
            );
            if is_text && !value.is_string() {
                return refuse(format!("{part}.{field} must be a string"));
            }
        }
        let waits = matches!(
            &node.kind,
            Kind::Task(task) if matches!(task.service, Service::Integration { waits: true, .. })
        );
        if part == "Task" && !waits {
            return refuse("Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern".to_owned());
        }
    }
    Ok(())
}
