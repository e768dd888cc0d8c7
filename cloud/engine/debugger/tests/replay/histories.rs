//! A machine and what `GetExecutionHistory` would tell of it.

use awm_debugger::replay::Recording;
use awm_interpreter::{Names, Program};
use serde_json::{Value, json};
use std::sync::Arc;

/// A task that is tried again, then two branches side by side, one of which waits.
pub(crate) fn definition() -> Value {
    json!({ "StartAt": "Charge", "States": {
        "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.charge", "Next": "Both",
            "Parameters": { "FunctionName": "charge", "Payload.$": "$" },
            "Retry": [{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 2 }] },
        "Both": { "Type": "Parallel", "Next": "Choose", "ResultPath": "$.both", "Branches": [
            { "StartAt": "Rest", "States": {
                "Rest": { "Type": "Wait", "Seconds": 3, "Next": "Mail" },
                "Mail": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:mail", "End": true } } },
            { "StartAt": "Ship", "States": {
                "Ship": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:ship", "End": true } } },
        ] },
        "Choose": { "Type": "Choice", "Choices": [{ "Variable": "$.charge.paid", "BooleanEquals": true, "Next": "Good" }], "Default": "Bad" },
        "Good": { "Type": "Pass", "Parameters": { "ref.$": "States.UUID()", "name.$": "$.id" }, "Next": "End" },
        "Bad": { "Type": "Fail", "Error": "Unpaid" },
        "End": { "Type": "Pass", "End": true },
    } })
}

pub(crate) fn program(definition: &Value) -> Arc<Program> {
    Arc::new(Program::from_definition(definition).unwrap())
}

pub(crate) fn names() -> Names {
    Names::local("run", "machine")
}

/// Second, event, the one before, its details.
type Told = (f64, u64, u64, &'static str, Value);

/// The history in AWS's form: data as text, times as seconds.
pub(crate) fn history() -> Value {
    let input = json!({ "id": 7 });
    let charged = json!({ "id": 7, "charge": { "paid": true } });
    let both = json!({ "id": 7, "charge": { "paid": true }, "both": ["mailed", "shipped"] });
    let named = json!({ "ref": "11111111-2222-4333-8444-555555555555", "name": 7 });
    let asked = json!({ "FunctionName": "charge", "Payload": { "id": 7 } });
    let lambda = json!({ "resourceType": "lambda", "resource": "invoke" });
    let with = |mut details: Value, more: Value| {
        details
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        details
    };
    let scheduled = with(
        lambda.clone(),
        json!({ "region": "local", "parameters": asked.to_string() }),
    );
    let entered = |name: &str, input: &Value| json!({ "name": name, "input": input.to_string(), "inputDetails": { "truncated": false } });
    let exited = |name: &str, output: &Value| json!({ "name": name, "output": output.to_string(), "outputDetails": { "truncated": false } });
    let events: Vec<Told> = vec![
        (
            0.0,
            1,
            0,
            "ExecutionStarted",
            json!({ "input": input.to_string(), "roleArn": "arn:aws:iam::123456789012:role/r" }),
        ),
        (0.1, 2, 0, "TaskStateEntered", entered("Charge", &input)),
        (0.1, 3, 2, "TaskScheduled", scheduled.clone()),
        (0.2, 4, 3, "TaskStarted", lambda.clone()),
        (
            1.0,
            5,
            4,
            "TaskFailed",
            with(
                lambda.clone(),
                json!({ "error": "Lambda.TooManyRequestsException", "cause": "Rate Exceeded." }),
            ),
        ),
        (6.0, 6, 5, "TaskScheduled", scheduled),
        (6.1, 7, 6, "TaskStarted", lambda.clone()),
        (
            7.5,
            8,
            7,
            "TaskSucceeded",
            with(lambda, json!({ "output": "{\"paid\":true}" })),
        ),
        (7.5, 9, 8, "TaskStateExited", exited("Charge", &charged)),
        (
            7.5,
            10,
            9,
            "ParallelStateEntered",
            entered("Both", &charged),
        ),
        (7.5, 11, 10, "ParallelStateStarted", json!({})),
        (7.5, 12, 11, "WaitStateEntered", entered("Rest", &charged)),
        (7.5, 13, 11, "TaskStateEntered", entered("Ship", &charged)),
        (
            7.6,
            14,
            13,
            "LambdaFunctionScheduled",
            json!({ "resource": "arn:aws:lambda:us-east-1:123456789012:function:ship", "input": charged.to_string() }),
        ),
        (7.7, 15, 14, "LambdaFunctionStarted", json!({})),
        (10.5, 16, 12, "WaitStateExited", exited("Rest", &charged)),
        (10.5, 17, 16, "TaskStateEntered", entered("Mail", &charged)),
        (
            10.5,
            18,
            17,
            "LambdaFunctionScheduled",
            json!({ "resource": "arn:aws:lambda:us-east-1:123456789012:function:mail", "input": charged.to_string() }),
        ),
        (10.6, 19, 18, "LambdaFunctionStarted", json!({})),
        (
            11.0,
            20,
            19,
            "LambdaFunctionSucceeded",
            json!({ "output": "\"mailed\"" }),
        ),
        (
            11.0,
            21,
            20,
            "TaskStateExited",
            exited("Mail", &json!("mailed")),
        ),
        (
            30.0,
            22,
            15,
            "LambdaFunctionSucceeded",
            json!({ "output": "\"shipped\"" }),
        ),
        (
            30.0,
            23,
            22,
            "TaskStateExited",
            exited("Ship", &json!("shipped")),
        ),
        (30.0, 24, 23, "ParallelStateSucceeded", json!({})),
        (30.0, 25, 23, "ParallelStateExited", exited("Both", &both)),
        (30.0, 26, 25, "ChoiceStateEntered", entered("Choose", &both)),
        (30.0, 27, 26, "ChoiceStateExited", exited("Choose", &both)),
        (30.0, 28, 27, "PassStateEntered", entered("Good", &both)),
        (30.0, 29, 28, "PassStateExited", exited("Good", &named)),
        (30.0, 30, 29, "PassStateEntered", entered("End", &named)),
        (30.0, 31, 30, "PassStateExited", exited("End", &named)),
        (
            30.0,
            32,
            31,
            "ExecutionSucceeded",
            json!({ "output": named.to_string() }),
        ),
    ];
    let events: Vec<Value> = events
        .into_iter()
        .map(|(second, id, previous, kind, details)| {
            let mut first = kind.chars();
            let field = first.next().unwrap().to_lowercase().to_string() + first.as_str();
            let field = match kind {
                kind if kind.ends_with("StateEntered") => "stateEntered".to_owned(),
                kind if kind.ends_with("StateExited") => "stateExited".to_owned(),
                _ => field,
            };
            let mut event = json!({ "timestamp": 1_700_000_000.0 + second, "type": kind, "id": id, "previousEventId": previous });
            if details != json!({}) {
                event[format!("{field}EventDetails")] = details;
            }
            event
        })
        .collect();
    json!({ "events": events })
}

pub(crate) fn recording() -> Recording {
    Recording::read(&history()).unwrap()
}
