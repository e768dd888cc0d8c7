//! Done again: the same, and where it is not.

use crate::histories::{definition, history, names, program, recording};
use awm_api::runs::RunStatus;
use awm_debugger::replay::{Recording, Replay, Replayed, Stand, replay};
use expect_test::expect;
use serde_json::{Value, json};
use std::fmt::Write as _;

fn again(definition: &Value, recording: &Recording) -> Replayed {
    replay(
        Replay {
            program: program(definition),
            recording,
            names: names(),
            now: 0,
            stand: Stand::default(),
        },
        &|a, b| a == b,
    )
}

fn told(replayed: &Replayed) -> String {
    let mut told = String::new();
    for difference in &replayed.differences {
        writeln!(
            told,
            "{:?} {:?} {:?} {} {}",
            difference.what,
            difference.recorded,
            difference.replayed,
            difference.kind,
            difference.state.as_deref().unwrap_or_default()
        )
        .unwrap();
    }
    told
}

/// Branches run side by side come in the order in which they came; only what is drawn differs, and what was recorded goes on.
#[test]
fn a_history_is_reproduced_but_for_what_is_drawn() {
    let replayed = again(&definition(), &recording());
    expect![[r#"
        Details Some(29) Some(29) PassStateExited Good
    "#]]
    .assert_eq(&told(&replayed));
    let outcome = replayed.outcome.unwrap();
    assert_eq!(outcome.status, RunStatus::Succeeded);
    assert_eq!(
        outcome.output.unwrap()["ref"],
        "11111111-2222-4333-8444-555555555555"
    );
    let times: Vec<i64> = replayed
        .events
        .iter()
        .map(|event| event.at - 1_700_000_000_000)
        .collect();
    assert_eq!(times.last(), Some(&30_000), "at the recorded times");
    assert!(times.contains(&10_500), "{times:?}");
}

#[test]
fn a_changed_definition_shows_where_it_goes_another_way() {
    let mut changed = definition();
    changed["States"]["Choose"]["Choices"][0]["BooleanEquals"] = json!(false);
    let replayed = again(&changed, &recording());
    expect![[r#"
        Missing Some(28) None PassStateEntered Good
        Missing Some(29) None PassStateExited Good
        Missing Some(30) None PassStateEntered End
        Missing Some(31) None PassStateExited End
        Missing Some(32) None ExecutionSucceeded 
    "#]]
    .assert_eq(&told(&replayed));
    assert_eq!(replayed.outcome, None);
    assert_eq!(replayed.stands, ["Bad"]);
}

#[test]
fn a_state_that_is_no_longer_there_is_missing() {
    let mut changed = definition();
    let states = changed["States"].as_object_mut().unwrap();
    states["Good"]["Next"] = json!("Other");
    let end = states.remove("End").unwrap();
    states.insert("Other".to_owned(), end);
    let replayed = again(&changed, &recording());
    expect![[r#"
        Details Some(29) Some(29) PassStateExited Good
        Missing Some(30) None PassStateEntered End
        Missing Some(31) None PassStateExited End
        Missing Some(32) None ExecutionSucceeded 
    "#]]
    .assert_eq(&told(&replayed));
}

/// The recording ends where it was fetched while the execution went on.
#[test]
fn a_history_without_an_end_is_reproduced_as_far_as_it_goes() {
    for length in 1..32 {
        let mut history = history();
        history["events"].as_array_mut().unwrap().truncate(length);
        let recording = Recording::read(&history).unwrap();
        let replayed = again(&definition(), &recording);
        let missing = replayed
            .differences
            .iter()
            .filter(|difference| difference.recorded.is_some() && difference.replayed.is_none());
        assert_eq!(missing.count(), 0, "{length}: {}", told(&replayed));
    }
}

#[test]
fn stops_and_timeouts_come_again() {
    let definition = json!({ "StartAt": "Rest", "TimeoutSeconds": 60, "States": { "Rest": { "Type": "Wait", "Seconds": 100, "End": true } } });
    let history = |last: Value| {
        json!([
            { "id": 1, "previousEventId": 0, "type": "ExecutionStarted", "executionStartedEventDetails": { "input": "{}" } },
            { "id": 2, "previousEventId": 0, "type": "WaitStateEntered", "stateEnteredEventDetails": { "name": "Rest", "input": "{}" } },
            last,
        ])
    };
    for (last, status) in [
        (
            json!({ "id": 3, "previousEventId": 2, "type": "ExecutionAborted",
                "executionAbortedEventDetails": { "error": "Enough", "cause": "by hand" } }),
            RunStatus::Aborted,
        ),
        (
            json!({ "id": 3, "previousEventId": 2, "type": "ExecutionTimedOut",
                "executionTimedOutEventDetails": { "error": "States.Timeout" } }),
            RunStatus::TimedOut,
        ),
    ] {
        let recording = Recording::read(&history(last)).unwrap();
        let replayed = again(&definition, &recording);
        assert_eq!(told(&replayed), "");
        assert_eq!(replayed.outcome.unwrap().status, status);
    }
}

/// Whatever is wrong with a history, it is told, and nothing breaks or goes on for ever.
#[test]
fn damaged_histories_are_told() {
    let whole = history();
    let count = whole["events"].as_array().unwrap().len();
    let mut told_different = 0;
    for place in 0..count {
        for damage in 0..7 {
            let mut damaged = whole.clone();
            let events = damaged["events"].as_array_mut().unwrap();
            match damage {
                0 => drop(events.remove(place)),
                1 => events[place]["previousEventId"] = json!(u64::MAX),
                2 => events[place]["previousEventId"] = json!(0),
                3 => events[place]["type"] = json!("MapIterationStarted"),
                4 => events[place]["id"] = json!(1),
                5 => events[place]["timestamp"] = json!(-1e300),
                _ => {
                    let twice = events[place].clone();
                    events.push(twice);
                }
            }
            let Ok(recording) = Recording::read(&damaged) else {
                continue;
            };
            let replayed = again(&definition(), &recording);
            told_different += usize::from(replayed.differences.len() > 1);
        }
    }
    assert!(told_different > count * 3, "{told_different}");
}
