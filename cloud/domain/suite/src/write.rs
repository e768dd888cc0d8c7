//! Cases and mocks as values, to be written into a file.

use crate::amount::milliseconds;
use crate::expect::{CallExpected, Expected, PathExpected};
use crate::{Amount, Case, StateMocks};
use awm_api::mocks::{MockAnswer, MockedCall};
use serde_json::{Map, Value, json};

/// A case as its file has it.
pub fn case_value(case: &Case) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "name", json!(case.name));
    put_some(&mut fields, "state", case.state.clone().map(Value::from));
    put_some(&mut fields, "input", case.input.clone());
    if !case.variables.is_empty() {
        put(
            &mut fields,
            "variables",
            Value::Object(case.variables.clone()),
        );
    }
    put_some(&mut fields, "context", case.context.clone());
    if case.retries > 0 {
        put(&mut fields, "retries", json!(case.retries));
    }
    put_some(&mut fields, "seed", case.seed.map(Value::from));
    put_some(
        &mut fields,
        "start",
        case.start.and_then(time).map(Value::from),
    );
    if !case.sets.is_empty() {
        put(&mut fields, "use", json!(case.sets));
    }
    if !case.mocks.is_empty() {
        put(&mut fields, "mocks", mocks_value(&case.mocks));
    }
    if !case.faults.is_empty() {
        let faults = case.faults.iter().map(|(state, faults)| {
            let names: Vec<&str> = faults.iter().map(|fault| fault.as_str()).collect();
            (state.clone(), json!(names))
        });
        put(&mut fields, "faults", Value::Object(faults.collect()));
    }
    put(&mut fields, "expect", expected(&case.expected));
    Value::Object(fields)
}

/// Mocks as a file has them under `mocks`.
pub fn mocks_value(mocks: &StateMocks) -> Value {
    let states = mocks
        .iter()
        .map(|(state, calls)| (state.clone(), answers(calls)));
    Value::Object(states.collect())
}

fn answers(calls: &[MockedCall]) -> Value {
    let mut next = 0;
    let mut all = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        let mut answer = Map::new();
        match &call.answer {
            MockAnswer::Return { value } => put(&mut answer, "return", value.clone()),
            MockAnswer::Fail { error, cause } if cause.is_empty() => {
                put(&mut answer, "fail", json!({ "error": error }));
            }
            MockAnswer::Fail { error, cause } => {
                put(
                    &mut answer,
                    "fail",
                    json!({ "error": error, "cause": cause }),
                );
            }
            MockAnswer::Fault { fault } => put(&mut answer, "fault", json!(fault.as_str())),
        }
        if call.delay_ms > 0 {
            put(&mut answer, "delay", json!(milliseconds(call.delay_ms)));
        }
        let is_last = index + 1 == calls.len();
        match call.last {
            None if call.first == next && is_last => {}
            Some(last) if call.first == next && last == next && !is_last => {}
            None => put(&mut answer, "calls", json!(format!("{}-", call.first))),
            Some(last) if last == call.first => put(&mut answer, "calls", json!(last)),
            Some(last) => put(
                &mut answer,
                "calls",
                json!(format!("{}-{last}", call.first)),
            ),
        }
        next = call.last.map_or(u32::MAX, |last| last.saturating_add(1));
        all.push(Value::Object(answer));
    }
    match <[Value; 1]>::try_from(all) {
        Ok([one]) => one,
        Err(all) => Value::Array(all),
    }
}

fn expected(expected: &Expected) -> Value {
    let mut fields = Map::new();
    let written = |pattern: &Option<crate::Pattern>| pattern.as_ref().map(crate::Pattern::to_value);
    put_some(
        &mut fields,
        "status",
        expected.status.clone().map(Value::from),
    );
    put_some(&mut fields, "output", written(&expected.output));
    put_some(&mut fields, "error", written(&expected.error));
    put_some(&mut fields, "cause", written(&expected.cause));
    put_some(&mut fields, "path", path(&expected.path));
    if !expected.calls.is_empty() {
        let calls = expected.calls.iter().map(call).collect();
        put(&mut fields, "calls", Value::Array(calls));
    }
    put_some(&mut fields, "events", amounts(&expected.events));
    let duration = expected.duration;
    put_some(
        &mut fields,
        "duration",
        duration.map(|amount| amount.value(|ms| json!(milliseconds(ms)))),
    );
    put_some(&mut fields, "next", expected.next.clone().map(Value::from));
    put_some(&mut fields, "variables", written(&expected.variables));
    put_some(&mut fields, "inspection", written(&expected.inspection));
    Value::Object(fields)
}

fn path(path: &PathExpected) -> Option<Value> {
    let only_exact = PathExpected {
        exactly: path.exactly.clone(),
        ..PathExpected::default()
    };
    if *path == only_exact {
        return path.exactly.as_ref().map(|states| json!(states));
    }
    let mut fields = Map::new();
    put_some(
        &mut fields,
        "exactly",
        path.exactly.as_ref().map(|states| json!(states)),
    );
    for (name, states) in [
        ("inOrder", &path.in_order),
        ("including", &path.including),
        ("never", &path.never),
    ] {
        if !states.is_empty() {
            put(&mut fields, name, json!(states));
        }
    }
    put_some(&mut fields, "visits", amounts(&path.visits));
    Some(Value::Object(fields))
}

fn call(call: &CallExpected) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "state", json!(call.state));
    put_some(&mut fields, "call", call.call.map(Value::from));
    for (name, pattern) in [
        ("resource", &call.resource),
        ("parameters", &call.parameters),
        ("timeout", &call.timeout),
        ("heartbeat", &call.heartbeat),
    ] {
        put_some(
            &mut fields,
            name,
            pattern.as_ref().map(crate::Pattern::to_value),
        );
    }
    if call.count != Amount::at_least(1) {
        put(&mut fields, "count", call.count.value(Value::from));
    }
    Value::Object(fields)
}

fn amounts(amounts: &[(String, Amount)]) -> Option<Value> {
    if amounts.is_empty() {
        return None;
    }
    let all = amounts
        .iter()
        .map(|(name, amount)| (name.clone(), amount.value(Value::from)));
    Some(Value::Object(all.collect()))
}

fn time(at: awm_api::Timestamp) -> Option<String> {
    let time = chrono::DateTime::from_timestamp_millis(at)?;
    Some(time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    fields.insert(name.to_owned(), value);
}

fn put_some(fields: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        put(fields, name, value);
    }
}
