use super::*;
use expect_test::{Expect, expect};
use serde_json::json;

/// One event a line: `id at kind [pointer [within…]]`, details and data after ` | ` as JSON.
fn fold(lines: &str) -> RunModel {
    let mut model = RunModel::default();
    let mut entered: BTreeMap<(String, Vec<u32>), u64> = BTreeMap::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (head, rest) = line.split_once(" | ").unwrap_or((line, "{}"));
        let mut words = head.split_whitespace();
        let id: u64 = words.next().unwrap().parse().unwrap();
        let at: i64 = words.next().unwrap().parse().unwrap();
        let kind = words.next().unwrap().to_owned();
        let rest: Value = serde_json::from_str(rest).unwrap();
        let visit = words.next().map(|state| {
            let within: Vec<u32> = words.map(|word| word.parse().unwrap()).collect();
            let key = (state.to_owned(), within.clone());
            if kind.ends_with("StateEntered") {
                entered.insert(key.clone(), id);
            }
            awm_api::runs::Visit {
                id: entered[&key],
                state: state.to_owned(),
                name: state.rsplit('/').next().unwrap().to_owned(),
                within,
                data: rest
                    .get("data")
                    .map(|data| Box::new(serde_json::from_value(data.clone()).unwrap())),
            }
        });
        model.apply(RunUpdate::Event {
            event: RunEvent {
                id,
                previous: id - 1,
                at,
                kind,
                details: rest.get("details").cloned().unwrap_or(Value::Null),
                visit,
            },
        });
    }
    model
}

fn check(lines: &str, expected: Expect) {
    let text: Vec<String> = fold(lines)
        .visits
        .iter()
        .map(|visit| {
            format!(
                "{} {:?} {:?} {:?} ms, retries {}{}\n",
                visit.state,
                visit.within,
                visit.outcome,
                visit.duration(),
                visit.retry_count(),
                visit
                    .iterations
                    .map(|i| format!(", {}+{} of {}", i.succeeded, i.failed, i.total))
                    .unwrap_or_default(),
            )
        })
        .collect();
    expected.assert_eq(&text.concat());
}

const RETRIED: &str = "
    1 0 ExecutionStarted
    2 1 TaskStateEntered /States/A
    3 1 TaskScheduled /States/A
    4 5 TaskFailed /States/A
    5 15 TaskScheduled /States/A
    6 20 TaskSucceeded /States/A
    7 21 TaskStateExited /States/A
    8 22 ExecutionSucceeded";

#[test]
fn a_retry_that_helps_is_a_success_with_a_tick() {
    check(
        RETRIED,
        expect![[r#"
        /States/A [] Succeeded Some(20) ms, retries 1
    "#]],
    );
}

#[test]
fn a_catch_is_told_apart_from_a_failure() {
    check(
        "1 0 TaskStateEntered /States/A
         2 0 TaskScheduled /States/A
         3 5 TaskFailed /States/A
         4 6 TaskStateExited /States/A
         5 7 FailStateEntered /States/Stop
         6 8 ExecutionFailed",
        expect![[r#"
            /States/A [] Caught Some(6) ms, retries 0
            /States/Stop [] Failed Some(0) ms, retries 0
        "#]],
    );
}

const MAP: &str = r#"
    1 0 MapStateEntered /States/Each
    2 0 MapStateStarted /States/Each | {"details": {"length": 2}}
    3 0 MapIterationStarted /States/Each | {"details": {"index": 0}}
    4 0 MapIterationStarted /States/Each | {"details": {"index": 1}}
    5 1 PassStateEntered /States/Each/ItemProcessor/States/In 0
    6 1 TaskStateEntered /States/Each/ItemProcessor/States/In 1
    7 2 PassStateExited /States/Each/ItemProcessor/States/In 0
    8 2 MapIterationSucceeded /States/Each | {"details": {"index": 0}}
    9 3 TaskFailed /States/Each/ItemProcessor/States/In 1
    10 3 MapIterationFailed /States/Each | {"details": {"index": 1}}
    11 4 MapStateFailed /States/Each
    12 5 MapStateExited /States/Each
    13 5 ExecutionSucceeded"#;

#[test]
fn an_iteration_that_fails_ends_what_is_in_it() {
    check(
        MAP,
        expect![[r#"
        /States/Each [] Caught Some(5) ms, retries 0, 1+1 of 2
        /States/Each/ItemProcessor/States/In [0] Succeeded Some(1) ms, retries 0
        /States/Each/ItemProcessor/States/In [1] Failed Some(2) ms, retries 0
    "#]],
    );
}

#[test]
fn a_stopped_run_cuts_off_what_was_going_on() {
    check(
        "1 0 WaitStateEntered /States/W
         2 9 ExecutionAborted",
        expect![[r#"
            /States/W [] Aborted Some(9) ms, retries 0
        "#]],
    );
}

#[test]
fn the_overlay_can_be_asked_for_any_event() {
    let model = fold(MAP);
    let at = |upto| {
        model
            .overlay(upto)
            .into_iter()
            .map(|(state, tally)| (state, tally.outcome(), tally.visits()))
            .collect::<Vec<_>>()
    };
    let inner = "/States/Each/ItemProcessor/States/In".to_owned();
    assert_eq!(
        at(Some(1)),
        [("/States/Each".to_owned(), Outcome::Running, 1)]
    );
    assert_eq!(
        at(Some(8)),
        [
            ("/States/Each".to_owned(), Outcome::Running, 1),
            (inner.clone(), Outcome::Running, 2)
        ]
    );
    assert_eq!(
        at(None),
        [
            ("/States/Each".to_owned(), Outcome::Caught, 1),
            (inner.clone(), Outcome::Failed, 2)
        ]
    );
    assert_eq!(
        model.first_failure().map(|visit| &visit.state),
        Some(&inner)
    );
}

#[test]
fn stations_that_are_not_told_again_stay_and_events_told_twice_count_once() {
    let mut model = fold(
        r#"1 0 PassStateEntered /States/A | {"data": {"input": 1}}
           2 3 PassStateExited /States/A | {"data": {"output": 2}}"#,
    );
    let visit = model.visit(1).unwrap();
    assert_eq!(visit.data.input.as_deref(), Some(&json!(1)));
    assert_eq!(visit.data.output.as_deref(), Some(&json!(2)));
    let again = model.events[1].clone();
    model.apply(RunUpdate::Event { event: again });
    assert_eq!(model.events.len(), 2);
}

#[test]
fn streamed_text_is_gathered_by_visit() {
    let mut model = RunModel::default();
    for text in ["Hel", "lo"] {
        model.apply(RunUpdate::Progress {
            visit: 3,
            state: "/States/A".to_owned(),
            text: text.to_owned(),
        });
    }
    assert_eq!(model.progress_of(3), Some("Hello"));
    assert_eq!(model.progress_of(4), None);
}
