//! Cases, what they expect, and what is told when it comes otherwise.
#![cfg(test)]

use awm_suite::{MockFile, Suite, read_text};
use awm_testing::{SuiteReport, Workflow, junit, run_suite};
use expect_test::{Expect, expect};
use std::fmt::Write;

const ORDER: &str = r#"{
  "StartAt": "Charge",
  "TimeoutSeconds": 100000,
  "States": {
    "Charge": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "charge", "Payload.$": "$" },
      "TimeoutSeconds": 20,
      "Retry": [
        { "ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2 },
        { "ErrorEquals": ["States.Timeout"], "MaxAttempts": 1 }
      ],
      "Catch": [
        { "ErrorEquals": ["Card.Declined"], "ResultPath": "$.error", "Next": "Refuse" },
        { "ErrorEquals": ["States.ALL"], "Next": "Give up" }
      ],
      "ResultPath": "$.charge",
      "Next": "Large?"
    },
    "Large?": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.total", "NumericGreaterThan": 500, "Next": "Ask" },
        { "Variable": "$.gift", "IsPresent": true, "Next": "Wrap" }
      ],
      "Default": "Ship"
    },
    "Ask": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": { "QueueUrl": "q", "MessageBody": { "token.$": "$$.Task.Token" } },
      "ResultPath": null,
      "Next": "Ship"
    },
    "Wrap": { "Type": "Wait", "Seconds": 86400, "Next": "Ship" },
    "Ship": { "Type": "Pass", "Result": { "shipped": true }, "ResultPath": "$.state", "End": true },
    "Refuse": { "Type": "Fail", "Error": "Order.Refused", "CausePath": "$.error.Cause" },
    "Give up": { "Type": "Fail", "Error": "Order.Broken", "Cause": "no way" }
  }
}"#;

fn run(definition: &str, suite: &str) -> SuiteReport {
    let workflow = Workflow::read("order", definition).unwrap();
    let suite = read_text(suite, Suite::read).unwrap();
    run_suite(&workflow, &suite, &MockFile::default(), |_| true, || 0.0)
}

fn check(suite: &str, expected: Expect) {
    let report = run(ORDER, suite);
    let mut told = String::new();
    for case in &report.cases {
        let verdict = if case.passed { "ok" } else { "FAILED" };
        writeln!(told, "{verdict} {}", case.name).unwrap();
        for failure in &case.failures {
            writeln!(told, "  {failure}").unwrap();
        }
    }
    for shortfall in &report.shortfalls {
        writeln!(told, "{shortfall}").unwrap();
    }
    expected.assert_eq(&told);
}

#[test]
fn holds_what_is_expected() {
    check(
        r"
mocks:
  Charge: { return: { paid: true } }
cases:
  - name: ships a small order
    input: { total: 10 }
    expect:
      status: SUCCEEDED
      output: { total: 10, charge: { paid: true }, state: { shipped: <boolean> } }
      path: [Charge, 'Large?', Ship]
      calls:
        - { state: Charge, resource: { $regex: lambda }, parameters: { FunctionName: charge, Payload: { total: 10 } }, count: 1 }
      events: { TaskSucceeded: 1, TaskFailed: 0 }
      duration: 0
  - name: backs off while the function is busy
    input: { total: 10 }
    faults: { Charge: [throttle, throttle] }
    expect:
      output: '{% $value.state.shipped and $value.total = $input.total %}'
      calls: [{ state: Charge, timeout: 20, heartbeat: <absent>, count: 3 }, { state: Charge, timeout: 21, count: 0 }]
      states: { Charge: { retries: 2, result: { paid: true } } }
      duration: 6s
  - name: times out twice
    input: { total: 10 }
    faults: { Charge: [timeout, timeout] }
    expect: { status: FAILED, error: Order.Broken, duration: 41s, events: { TaskTimedOut: 2 } }
  - name: refuses a card without funds
    input: { total: 10 }
    mocks: { Charge: { fail: { error: Card.Declined, cause: no funds } } }
    expect: { error: Order.Refused, cause: no funds, path: { inOrder: [Charge, Refuse], never: [Ship] } }
  - name: asks for large orders
    input: { total: 1000 }
    mocks: { Ask: { return: {}, delay: 3m } }
    expect:
      path: { including: [Ask], visits: { Ship: 1 } }
      duration: { least: 180, most: 3m }
      events: { TaskSubmitted: 1 }
      calls: [{ state: Ask, parameters: { $subset: { MessageBody: { token: <string> } } } }]
  - name: wraps gifts, which takes a day
    input: { total: 1, gift: yes }
    expect: { duration: 24h }
",
        expect![[r#"
            ok ships a small order
            ok backs off while the function is busy
            ok times out twice
            ok refuses a card without funds
            ok asks for large orders
            ok wraps gifts, which takes a day
        "#]],
    );
}

#[test]
fn tells_what_came_otherwise() {
    check(
        r"
coverage: { states: 100, catchers: 20 }
cases:
  - name: has no mock
    input: { total: 10 }
  - name: expects too much
    input: { total: 10 }
    mocks: { Charge: { return: { paid: 1 } } }
    expect:
      status: FAILED
      output: { total: 11, charge: { paid: <boolean>, at: <timestamp> } }
      path: [Charge, Refuse]
      calls: [{ state: Charge, parameters: { $subset: { Payload: { total: 12 } } } }, { state: Ask }]
      events: { PassStateEntered: { least: 2 } }
      duration: 3s
      states: { Ship: { output: { $contains: x } } }
  - name: names what is not there
    mocks: { Chrage: { return: 1 } }
  - name: uses a set that is not there
    use: [busy]
  - name: runs out of mocks
    input: { total: 10 }
    mocks: { Charge: { fail: Lambda.TooManyRequestsException, times: 1 } }
    expect: { status: FAILED }
",
        expect![[r#"
            FAILED has no mock
              call 0 of Charge: expected a mock [AWM-3004], came `arn:aws:states:::lambda:invoke` without one; write `mocks: { Charge: { return: … } }`, or for more calls
              status: expected SUCCEEDED, came FAILED (Order.Broken: no way)
            FAILED expects too much
              status: expected FAILED, came SUCCEEDED
              output at /total: expected 11, came 10
              output at /charge/paid: expected <boolean>, came 1
              output at /charge/at: expected <timestamp>, came nothing
              output at /state: expected nothing, came {"shipped":true}
              path: expected Charge > Refuse, came Charge > Large? > Ship
              call 0 of Charge, parameters at /Payload/total: expected 12, came 10
              calls of Ask: expected at least 1, came 0
              events PassStateEntered: expected at least 2, came 1
              duration: expected 3s, came 0s
              Ship, output: expected {"$contains":"x"}, came {"total":10,"charge":{"paid":1},"state":{"shipped":true}}
            FAILED names what is not there
              the case: expected a state of the workflow, came the workflow has no state `Chrage`; did you mean `Charge`?
            FAILED uses a set that is not there
              the case: expected a set of mocks `busy`, came no sets
            FAILED runs out of mocks
              call 1 of Charge: expected a mock [AWM-3004], came `arn:aws:states:::lambda:invoke` without one; write `mocks: { Charge: { return: … } }`, or for more calls
            57 % of the states were exercised, 100 % are demanded
        "#]],
    );
}

#[test]
fn tests_one_state() {
    check(
        r"
cases:
  - name: decides
    state: Large?
    input: { total: 501 }
    expect: { next: Ask, output: { total: 501 } }
  - name: decides otherwise
    state: Large?
    input: { total: 5 }
    expect: { next: Ask }
  - name: catches
    state: Charge
    input: { total: 1 }
    mocks: { Charge: { fail: { error: Card.Declined, cause: no funds } } }
    expect: { status: CAUGHT_ERROR, next: Refuse, error: Card.Declined, output: { total: 1, error: { Error: Card.Declined, Cause: no funds } } }
  - name: tries again
    state: Charge
    retries: 1
    mocks: { Charge: { fault: throttle } }
    expect: { status: RETRIABLE, inspection: { $subset: { errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 4 } } } }
  - name: needs a mock
    state: Charge
",
        expect![[r#"
            ok decides
            FAILED decides otherwise
              next: expected Ask, came Ship
            ok catches
            ok tries again
            FAILED needs a mock
              Charge: expected a mock [AWM-3004], came `arn:aws:states:::lambda:invoke` without one; write `mocks: { Charge: { return: … } }`
        "#]],
    );
}

#[test]
fn lists_what_was_not_exercised() {
    let report = run(
        ORDER,
        r"
mocks: { Charge: { return: {} } }
cases:
  - { name: one, input: { total: 10 }, faults: { Charge: throttle } }
  - { name: two, state: Large?, input: { total: 600 } }
",
    );
    let mut told = String::new();
    for (name, part) in report.coverage.parts() {
        let missed: Vec<&str> = part
            .missed
            .iter()
            .map(|place| place.label.as_str())
            .collect();
        writeln!(
            told,
            "{name} {}/{}: {}",
            part.exercised,
            part.total,
            missed.join("; ")
        )
        .unwrap();
    }
    expect![[r#"
        states 3/7: Ask; Wrap; Refuse; Give up
        choices 2/3: Large?, rule 2 to Wrap
        retriers 1/2: Charge, retrier of States.Timeout
        catchers 0/2: Charge, catcher of Card.Declined to Refuse; Charge, catcher of States.ALL to Give up
    "#]].assert_eq(&told);
}

/// Child executions of a distributed Map count, though their histories are their own.
#[test]
fn sees_into_maps() {
    let definition = r#"{ "StartAt": "Each", "States": { "Each": {
        "Type": "Map", "End": true, "MaxConcurrency": 2,
        "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" }, "Parameters": { "Bucket": "b", "Key": "k" } },
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Do", "States": { "Do": { "Type": "Task", "Resource": "${Work}", "End": true } }
        } } } }"#;
    let report = run(
        definition,
        r"
cases:
  - name: does all
    mocks:
      Each: { return: [1, 2, 3] }
      Do: [{ return: a }, { return: b }, { return: c }]
    expect: { output: [a, b, c], calls: [{ state: Do, count: 3 }, { state: Do, call: 2, parameters: 3 }] }
",
    );
    assert_eq!(report.cases[0].failures, []);
    assert_eq!(report.coverage.states.percent(), 100.0);
}

/// Branches that wait run side by side: the clock goes to the nearest moment, not to the first that is asked for.
#[test]
fn keeps_the_order_of_time() {
    let definition = r#"{ "StartAt": "Both", "States": { "Both": { "Type": "Parallel", "End": true, "Branches": [
        { "StartAt": "Slow", "States": { "Slow": { "Type": "Wait", "Seconds": 10, "Next": "Late" }, "Late": { "Type": "Pass", "End": true } } },
        { "StartAt": "Quick", "States": { "Quick": { "Type": "Wait", "Seconds": 1, "Next": "Early" }, "Early": { "Type": "Pass", "End": true } } }
    ] } } }"#;
    let report = run(
        definition,
        "cases: [{ name: a, expect: { duration: 10s, path: { exactly: Both, inOrder: [Slow, Quick, Early, Late] } } }]",
    );
    assert_eq!(report.cases[0].failures, []);
}

/// A machine that goes round and round ends where AWS ends it, and a runaway condition is cut off.
#[test]
fn nothing_runs_for_ever() {
    let definition = r#"{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 1, "Next": "B" },
        "B": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsPresent": true, "Next": "C" }], "Default": "A" },
        "C": { "Type": "Succeed" } } }"#;
    let report = run(
        definition,
        r"
cases:
  - name: round and round
    expect: { status: FAILED, error: States.Runtime, path: { never: [C], visits: { A: { least: 5000 } } }, duration: { least: 1h } }
  - name: a condition without end
    input: { a: 1 }
    expect: { output: '{% ($f := function($n) { $f($n + 1) }; $f(1)) = 1 %}' }
",
    );
    let told: Vec<usize> = report
        .cases
        .iter()
        .map(|case| case.failures.len())
        .collect();
    assert_eq!(told, [0, 1], "{:#?}", report.cases);
}

/// What is side by side keeps its order though answers take their time, and heartbeats and timeouts come when they must.
#[test]
fn delays_meet_timeouts() {
    let definition = r#"{ "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": { "Token.$": "$$.Task.Token" }, "TimeoutSeconds": 60, "HeartbeatSeconds": 20, "End": true } } }"#;
    let report = run(
        definition,
        r"
cases:
  - { name: in time, mocks: { A: { return: 1, delay: 19s } }, expect: { output: 1, duration: 19s, calls: [{ state: A, heartbeat: 20, timeout: <integer> }] } }
  - { name: without a heartbeat, mocks: { A: { return: 1, delay: 21s } }, expect: { status: FAILED, error: { $regex: Timeout }, duration: 20s } }
",
    );
    let failures: Vec<String> = report
        .cases
        .iter()
        .flat_map(|case| case.failures.iter().map(ToString::to_string))
        .collect();
    assert_eq!(failures, Vec::<String>::new());
}

#[test]
fn writes_junit() {
    let report = run(
        ORDER,
        r"
coverage: { states: 100 }
cases:
  - { name: ships, input: { total: 1 }, mocks: { Charge: { return: {} } } }
  - { name: 'a < b & c', input: { total: 1 }, mocks: { Charge: { fail: Card.Declined } }, expect: { cause: '<absent>' } }
",
    );
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="3" failures="2" time="0.000">
          <testsuite name="order.test.yaml" tests="3" failures="2" time="0.000">
            <testcase name="ships" classname="order" time="0.000"/>
            <testcase name="a &lt; b &amp; c" classname="order" time="0.000">
              <failure message="cause: expected &lt;absent&gt;, came &quot;&quot;" type="expectation">cause: expected &lt;absent&gt;, came &quot;&quot;&#10;path: Charge &gt; Refuse</failure>
            </testcase>
            <testcase name="coverage" classname="order" time="0.000">
              <failure message="57 % of the states were exercised, 100 % are demanded" type="coverage">57 % of the states were exercised, 100 % are demanded</failure>
            </testcase>
          </testsuite>
        </testsuites>
    "#]].assert_eq(&junit(&[("order.test.yaml".to_owned(), report)]));
}
