//! A run that is recorded as a case passes as that case.
#![cfg(test)]

use awm_api::runs::{Run, RunSource, RunSummary};
use awm_interpreter::Program;
use awm_suite::{MockFile, Suite, case_value, read_text, resolve_mocks};
use awm_testing::{Simulation, Workflow, record, run_suite, simulate};
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use std::sync::Arc;

fn check(definition: &str, input: Value, mocks: &str, expected: Expect) {
    let workflow = Workflow::read("order", definition).unwrap();
    let file = read_text(mocks, MockFile::read).unwrap();
    let value: Value = serde_json::from_str(definition).unwrap();
    let made = simulate(Simulation {
        program: Arc::new(Program::from_definition(&value).unwrap()),
        workflow: "order".to_owned(),
        input: input.clone(),
        seed: 99,
        start: 1_000,
        mocks: resolve_mocks(&workflow.machine, &file.always).unwrap(),
    });
    let run = Run {
        summary: RunSummary {
            id: "run".to_owned(),
            workflow_id: String::new(),
            workflow_name: "order".to_owned(),
            revision: 0,
            status: made.outcome.status,
            source: RunSource::Cli,
            started_at: 1_000,
            ended_at: None,
            events: made.events.len() as u64,
            error: made.outcome.error.clone(),
            cause: made.outcome.cause.clone(),
        },
        document: Value::Null,
        input,
        output: made.outcome.output.clone(),
        events: made.events,
    };
    let case = record(&workflow, &run, "recorded").unwrap();
    let written = case_value(&case);
    expected.assert_eq(&format!("{written:#}\n"));
    let suite = Suite::read(&json!({ "cases": [written] })).unwrap();
    let report = run_suite(&workflow, &suite, &MockFile::default(), |_| true, || 0.0);
    assert_eq!(report.cases[0].failures, []);
}

#[test]
fn with_retries_and_what_differs_from_run_to_run() {
    check(
        r#"{ "StartAt": "Charge", "QueryLanguage": "JSONata", "States": { "Charge": {
            "Type": "Task", "Resource": "${Charge}", "End": true,
            "Retry": [{ "ErrorEquals": ["Busy"] }],
            "Output": { "paid": "{% $states.result.paid %}", "id": "{% $uuid() %}", "at": "{% $states.context.State.EnteredTime %}", "odd": "<any>" }
        } } }"#,
        json!({ "id": 7 }),
        "mocks: { Charge: [{ fail: Busy, times: 2 }, { return: { paid: true } }] }",
        expect![[r#"
            {
              "name": "recorded",
              "input": {
                "id": 7
              },
              "mocks": {
                "Charge": [
                  {
                    "fail": {
                      "error": "Busy"
                    },
                    "calls": "0-1"
                  },
                  {
                    "return": {
                      "paid": true
                    }
                  }
                ]
              },
              "expect": {
                "status": "SUCCEEDED",
                "output": {
                  "paid": true,
                  "id": "<uuid>",
                  "at": "<timestamp>",
                  "odd": {
                    "$exactly": "<any>"
                  }
                },
                "path": [
                  "Charge"
                ]
              }
            }
        "#]],
    );
}

#[test]
fn with_failures_in_a_map() {
    check(
        r#"{ "StartAt": "Each", "States": { "Each": { "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "End": true,
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Over" }],
            "ItemProcessor": { "StartAt": "Do", "States": { "Do": { "Type": "Task", "Resource": "${Do}", "End": true } } } },
            "Over": { "Type": "Fail", "Error": "Over", "Cause": "it is" } } }"#,
        json!({ "items": [1, 2, 3] }),
        "mocks: { Do: [{ return: 1, delay: 2s }, { return: 2, delay: 1s }, { fail: { error: Bad, cause: no } }] }",
        expect![[r#"
            {
              "name": "recorded",
              "input": {
                "items": [
                  1,
                  2,
                  3
                ]
              },
              "mocks": {
                "Do": [
                  {
                    "fault": "timeout"
                  },
                  {
                    "return": 2,
                    "delay": "1s"
                  },
                  {
                    "fail": {
                      "error": "Bad",
                      "cause": "no"
                    }
                  }
                ]
              },
              "expect": {
                "status": "FAILED",
                "error": "Over",
                "cause": "it is",
                "path": [
                  "Each",
                  "Over"
                ]
              }
            }
        "#]],
    );
}
