//! Left at an event, with other data or another definition.

use crate::histories::{definition, names, program, recording};
use awm_api::runs::Mock;
use awm_debugger::replay::{Fork, Forked, Stand, fork};
use expect_test::{Expect, expect};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

fn base(recording: &awm_debugger::replay::Recording, event: u64) -> Fork<'_> {
    Fork {
        program: program(&definition()),
        changed: None,
        recording,
        event,
        input: None,
        variables: Map::new(),
        names: names(),
        now: 0,
        stand: Stand::default(),
    }
}

fn check(forked: &Forked, expected: Expect) {
    let mut told = format!("from {} {}\n", forked.from, forked.state);
    for event in forked.events.iter().filter(|event| event.id >= forked.from) {
        if event.kind.ends_with("StateEntered")
            || event.kind.ends_with("Succeeded")
            || event.kind.ends_with("Failed")
        {
            let name = event
                .visit
                .as_ref()
                .map(|visit| visit.name.as_str())
                .unwrap_or_default();
            writeln!(told, "{} {} {name}", event.id, event.kind).unwrap();
        }
    }
    let outcome = forked.outcome.as_ref().unwrap();
    let output = outcome
        .output
        .as_ref()
        .map(|output| output.get("name").unwrap_or(output).to_string());
    writeln!(
        told,
        "{:?} {:?} {:?} {:?}",
        outcome.status, output, outcome.error, outcome.cause
    )
    .unwrap();
    expected.assert_eq(&told);
}

#[test]
fn with_another_input() {
    let recording = recording();
    let forked = fork(Fork {
        input: Some(json!({ "charge": { "paid": false } })),
        ..base(&recording, 27)
    });
    check(
        &forked.unwrap(),
        expect![[r#"
        from 26 Choose
        26 ChoiceStateEntered Choose
        28 FailStateEntered Bad
        29 ExecutionFailed Bad
        Failed None Some("Unpaid") None
    "#]],
    );
}

/// In the second branch; what the first one did before stands, what it did later comes as it came.
#[test]
fn in_a_branch() {
    let recording = recording();
    check(
        &fork(base(&recording, 15)).unwrap(),
        expect![[r#"
        from 13 Ship
        13 TaskStateEntered Ship
        16 LambdaFunctionSucceeded Ship
        19 TaskStateEntered Mail
        22 LambdaFunctionSucceeded Mail
        24 ParallelStateSucceeded Both
        26 ChoiceStateEntered Choose
        28 PassStateEntered Good
        30 PassStateEntered End
        32 ExecutionSucceeded 
        Succeeded Some("7") None None
    "#]],
    );
}

/// The retry is done again, too: both recorded attempts come after the fork.
#[test]
fn from_the_beginning() {
    let recording = recording();
    check(
        &fork(base(&recording, 1)).unwrap(),
        expect![[r#"
        from 2 Charge
        2 TaskStateEntered Charge
        5 TaskFailed Charge
        8 TaskSucceeded Charge
        10 ParallelStateEntered Both
        12 WaitStateEntered Rest
        13 TaskStateEntered Ship
        16 LambdaFunctionSucceeded Ship
        19 TaskStateEntered Mail
        22 LambdaFunctionSucceeded Mail
        24 ParallelStateSucceeded Both
        26 ChoiceStateEntered Choose
        28 PassStateEntered Good
        30 PassStateEntered End
        32 ExecutionSucceeded 
        Succeeded Some("7") None None
    "#]],
    );
}

#[test]
fn with_another_definition() {
    let mut changed = definition();
    changed["States"]["Good"] = json!({ "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:new", "Next": "End" });
    let recording = recording();
    let plain = Fork {
        changed: Some(program(&changed)),
        ..base(&recording, 26)
    };
    check(
        &fork(plain.clone()).unwrap(),
        expect![[r#"
        from 26 Choose
        26 ChoiceStateEntered Choose
        28 TaskStateEntered Good
        31 LambdaFunctionFailed Good
        32 ExecutionFailed Good
        Failed None Some("Awm.NotRecorded") Some("`Good`: the history has no answer of this task")
    "#]],
    );
    let mut stand = Stand::default();
    let mock = Mock::Return {
        value: json!({ "name": "mocked" }),
    };
    stand.mocks.insert("Good".to_owned(), vec![mock]);
    check(
        &fork(Fork { stand, ..plain }).unwrap(),
        expect![[r#"
        from 26 Choose
        26 ChoiceStateEntered Choose
        28 TaskStateEntered Good
        31 LambdaFunctionSucceeded Good
        33 PassStateEntered End
        35 ExecutionSucceeded 
        Succeeded Some("\"mocked\"") None None
    "#]],
    );
}

#[test]
fn with_other_variables() {
    let definition = json!({ "StartAt": "A", "QueryLanguage": "JSONata", "States": {
        "A": { "Type": "Pass", "Assign": { "x": 1, "y": 2 }, "Next": "B" },
        "B": { "Type": "Pass", "Output": "{% [$x, $y] %}", "End": true },
    } });
    let text = |value: Value| value.to_string();
    let history = json!([
        { "id": 1, "previousEventId": 0, "type": "ExecutionStarted", "executionStartedEventDetails": { "input": "{}" } },
        { "id": 2, "previousEventId": 0, "type": "PassStateEntered", "stateEnteredEventDetails": { "name": "A", "input": "{}" } },
        { "id": 3, "previousEventId": 2, "type": "PassStateExited", "stateExitedEventDetails": { "name": "A", "output": "{}",
            "assignedVariables": { "x": text(json!(1)), "y": text(json!(2)) } } },
        { "id": 4, "previousEventId": 3, "type": "PassStateEntered", "stateEnteredEventDetails": { "name": "B", "input": "{}" } },
        { "id": 5, "previousEventId": 4, "type": "PassStateExited", "stateExitedEventDetails": { "name": "B", "output": "[1,2]" } },
        { "id": 6, "previousEventId": 5, "type": "ExecutionSucceeded", "executionSucceededEventDetails": { "output": "[1,2]" } },
    ]);
    let recording = awm_debugger::replay::Recording::read(&history).unwrap();
    let forked = fork(Fork {
        program: program(&definition),
        variables: Map::from_iter([("y".to_owned(), json!("changed"))]),
        ..base(&recording, 4)
    });
    check(
        &forked.unwrap(),
        expect![[r#"
        from 4 B
        4 PassStateEntered B
        6 ExecutionSucceeded 
        Succeeded Some("[1,\"changed\"]") None None
    "#]],
    );
}

#[test]
fn what_can_not_be_forked_is_refused() {
    let recording = recording();
    let refused = |fork_of: Fork<'_>| fork(fork_of).unwrap_err().to_string();
    assert_eq!(refused(base(&recording, 99)), "there is no event 99");
    let other = json!({ "StartAt": "Other", "States": { "Other": { "Type": "Succeed" } } });
    let changed = Some(program(&other));
    assert_eq!(
        refused(Fork {
            changed,
            ..base(&recording, 26)
        }),
        "the definition has no state at `/States/Charge`"
    );
}
