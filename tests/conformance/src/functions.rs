//! Recorded Lambda handlers, run by `python3` where no answer was recorded.

use awm_interpreter::{Failure, TaskCall};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

const RUNTIME: &str = include_str!("functions.py");

/// The handlers of a case, by the function's name.
#[derive(Clone, Debug, Default)]
pub struct Functions {
    handlers: HashMap<String, Value>,
}

impl Functions {
    /// The handlers that came with a case.
    pub fn of(case: &Value) -> Self {
        let handlers = case.get("lambdas").and_then(Value::as_object);
        let handlers = handlers
            .into_iter()
            .flatten()
            .map(|(name, handler)| (name.clone(), handler.clone()))
            .collect();
        Self { handlers }
    }

    /// What the function behind a task answers, and after how many milliseconds; none if there is no such function.
    pub fn answer(&self, call: &TaskCall) -> Option<(i64, Result<Value, Failure>)> {
        let invoked = call.resource.contains(":states:::lambda:invoke");
        let (name, event) = if invoked {
            let name = call.arguments.get("FunctionName")?.as_str()?.to_owned();
            let event = call.arguments.get("Payload").cloned();
            (name, event.filter(|event| !event.is_null()))
        } else {
            (call.resource.to_string(), Some(call.arguments.clone()))
        };
        let named = |name: &str| {
            name.split(":function:")
                .last()
                .unwrap_or_default()
                .to_owned()
        };
        let name = named(&name);
        let name = name.split(':').next().unwrap_or_default();
        let handler = self.handlers.get(name)?;
        let (after, answer) = match run(handler, &event.unwrap_or_else(|| json!({}))) {
            Ok(told) => told,
            Err(failure) => (0, Err(failure)),
        };
        let answer = answer.map(|result| match invoked {
            true => invocation(result),
            false => result,
        });
        Some((after, answer))
    }
}

/// What `lambda:invoke` tells around a function's result.
fn invocation(payload: Value) -> Value {
    let length = payload.to_string().len().to_string();
    let headers = [
        ("Connection", "keep-alive"),
        ("Content-Length", &length),
        ("Content-Type", "application/json"),
        ("X-Amz-Executed-Version", "$LATEST"),
        ("x-amzn-Remapped-Content-Length", "0"),
    ];
    let all = headers.map(|(name, value)| (name.to_owned(), json!([value])));
    let one = headers.map(|(name, value)| (name.to_owned(), json!(value)));
    json!({
        "ExecutedVersion": "$LATEST",
        "Payload": payload,
        "SdkHttpMetadata": {
            "AllHttpHeaders": all.into_iter().collect::<serde_json::Map<_, _>>(),
            "HttpHeaders": one.into_iter().collect::<serde_json::Map<_, _>>(),
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": { "RequestId": "<request-id>" },
        "StatusCode": 200,
    })
}

fn run(handler: &Value, event: &Value) -> Result<(i64, Result<Value, Failure>), Failure> {
    let broken = |told: String| Failure::work("RunnerFailed", told);
    let given = json!({
        "source": handler.get("source"),
        "environment": handler.get("envvars"),
        "event": event,
    });
    let mut child = Command::new("python3")
        .args(["-I", "-c", RUNTIME])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| broken(format!("python3 can't be started: {error}")))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(given.to_string().as_bytes())
            .map_err(|error| broken(format!("python3 took no input: {error}")))?;
    }
    let output = child
        .wait_with_output()
        .map_err(|error| broken(format!("python3 failed: {error}")))?;
    let told: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| broken("the handler ended without an answer".to_owned()))?;
    let seconds = told.get("seconds").and_then(Value::as_f64);
    let answer = match told.get("result") {
        Some(result) => Ok(result.clone()),
        None => Err(Failure::named(
            told.get("error").and_then(Value::as_str),
            told.get("cause").and_then(Value::as_str),
        )),
    };
    Ok(((seconds.unwrap_or_default() * 1000.0) as i64, answer))
}
