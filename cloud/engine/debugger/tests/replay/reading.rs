//! What is a history, and what its visits tell.

use crate::histories::{definition, history, program, recording};
use awm_debugger::replay::{Recording, Visits};
use expect_test::expect;
use serde_json::{Value, json};
use std::fmt::Write as _;

#[test]
fn what_is_no_history_is_told() {
    for (given, told) in [
        (
            json!(7),
            "the history is neither a list of events nor an object with one",
        ),
        (json!({ "nothing": [] }), "the history has no list `events`"),
        (json!([]), "the history is empty"),
        (
            json!([{ "id": 1 }]),
            "the history has no `type` at its event 0",
        ),
        (
            json!([{ "id": 5, "type": "PassStateEntered" }]),
            "the history has no `ExecutionStarted`: give all of its pages",
        ),
    ] {
        assert_eq!(Recording::read(&given).unwrap_err().to_string(), told);
    }
}

#[test]
fn data_is_text_or_the_value_itself_and_times_have_several_forms() {
    let started = |input: Value, timestamp: Value| {
        let event = json!({ "id": 1, "type": "ExecutionStarted", "timestamp": timestamp,
            "executionStartedEventDetails": { "input": input, "inputDetails": { "truncated": false } } });
        let recording = Recording::read(&json!([event])).unwrap();
        (recording.input(), recording.started_at())
    };
    let at = Some(1_700_000_000_123);
    assert_eq!(
        started(json!("{\"a\": \"1\"}"), json!(1_700_000_000.123)),
        (json!({ "a": "1" }), at)
    );
    assert_eq!(
        started(json!("\"text\""), json!("2023-11-14T22:13:20.123Z")),
        (json!("text"), at)
    );
    assert_eq!(
        started(json!({ "a": "1" }), json!("2023-11-14T23:13:20.123+01:00")),
        (json!({ "a": "1" }), at)
    );
    assert_eq!(
        started(json!("plain"), json!(1_700_000_000_123_i64)),
        (json!("plain"), at)
    );
    assert_eq!(started(json!("3"), Value::Null), (json!(3), None));
}

/// The newest first, as `--reverse-order` gives it.
#[test]
fn a_reversed_history_is_turned_round() {
    let mut reversed = history();
    reversed["events"].as_array_mut().unwrap().reverse();
    assert_eq!(Recording::read(&reversed).unwrap(), recording());
}

#[test]
fn every_visit_has_its_data() {
    let visits = Visits::of(&recording(), &program(&definition()));
    let mut told = String::new();
    for visit in &visits.all {
        let took = visit
            .left_at
            .zip(visit.entered_at)
            .map(|(left, entered)| left - entered);
        write!(
            told,
            "{} {} {:?} {took:?}",
            visit.id, visit.state, visit.within
        )
        .unwrap();
        let data = &visit.data;
        for (name, value) in [
            ("got", &data.arguments),
            ("result", &data.result),
            ("output", &data.output),
        ] {
            if let Some(value) = value {
                write!(told, " {name} {value}").unwrap();
            }
        }
        if let Some(error) = &data.error {
            write!(told, " {} retries after {error}", data.retries).unwrap();
        }
        told.push('\n');
    }
    expect![[r#"
        2 /States/Charge [] Some(7400) got {"FunctionName":"charge","Payload":{"id":7}} result {"paid":true} output {"id":7,"charge":{"paid":true}} 1 retries after Lambda.TooManyRequestsException
        10 /States/Both [] Some(22500) output {"id":7,"charge":{"paid":true},"both":["mailed","shipped"]}
        12 /States/Both/Branches/0/States/Rest [0] Some(3000) output {"id":7,"charge":{"paid":true}}
        13 /States/Both/Branches/1/States/Ship [1] Some(22500) got {"id":7,"charge":{"paid":true}} result "shipped" output "shipped"
        17 /States/Both/Branches/0/States/Mail [0] Some(500) got {"id":7,"charge":{"paid":true}} result "mailed" output "mailed"
        26 /States/Choose [] Some(0) output {"id":7,"charge":{"paid":true},"both":["mailed","shipped"]}
        28 /States/Good [] Some(0) output {"ref":"11111111-2222-4333-8444-555555555555","name":7}
        30 /States/End [] Some(0) output {"ref":"11111111-2222-4333-8444-555555555555","name":7}
    "#]].assert_eq(&told);
}
