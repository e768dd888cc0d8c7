//! Evaluates what it reads, one line for each case.

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use serde_json::{Value, json};
use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;

/// Bytes of stack, for expressions that go as deep as the language lets them.
const STACK: usize = 1 << 30;

/// Reads cases and writes answers until there are no more.
pub fn work() -> ExitCode {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        let mut output = std::io::stdout();
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let request = serde_json::from_str(&line).unwrap_or(Value::Null);
            let answer = evaluate(&request);
            if writeln!(output, "{answer}")
                .and_then(|()| output.flush())
                .is_err()
            {
                return;
            }
        }
    });
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn evaluate(request: &Value) -> Value {
    let expression = request
        .get("expression")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let tree = match parser::parse(expression) {
        Ok(tree) => tree,
        Err(error) => return json!({ "error": error.to_string() }),
    };
    let mut context = Context::new();
    let bindings = request.get("bindings").and_then(Value::as_object);
    for (name, value) in bindings.into_iter().flatten() {
        context.bind(name.clone(), JValue::from(value.clone()));
    }
    let number = |field: &str| request.get(field).and_then(Value::as_u64);
    let mut evaluator = Evaluator::with_options(
        context,
        EvaluatorOptions {
            timeout_ms: number("time"),
            cancel: None,
            max_stack_depth: number("depth").and_then(|depth| usize::try_from(depth).ok()),
            max_sequence_length: None,
        },
    );
    let data = match request.get("undefined").and_then(Value::as_bool) {
        Some(true) => JValue::Undefined,
        _ => JValue::from(request.get("data").cloned().unwrap_or(Value::Null)),
    };
    match evaluator.evaluate(&tree, &data) {
        Ok(JValue::Undefined) => json!({ "undefined": true }),
        Ok(value) => json!({ "value": Value::from(&value) }),
        Err(error) => json!({ "error": error.message() }),
    }
}
