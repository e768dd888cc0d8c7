//! Mock files and test files: what they say, and what is wrong with them.
#![cfg(test)]

use awm_suite::{MockFile, StateMocks, Suite, mocks_value, read_text};
use expect_test::{Expect, expect};
use std::fmt::Write;

fn tell(mocks: &StateMocks) -> String {
    let mut told = String::new();
    for (state, calls) in mocks {
        for call in calls {
            let last = call.last.map_or_else(String::new, |last| last.to_string());
            let answer = serde_json::to_string(&call.answer).unwrap();
            writeln!(
                told,
                "{state} {}-{last} {answer} {}ms",
                call.first, call.delay_ms
            )
            .unwrap();
        }
    }
    told
}

fn mocks(text: &str, sets: &[&str], expected: Expect) {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let told = match read_text(text, MockFile::read) {
        Ok(file) => match file.with(&sets) {
            Ok(mocks) => {
                // What is written is read as the same.
                let again = serde_json::json!({ "mocks": mocks_value(&mocks) });
                if !mocks.is_empty() {
                    assert_eq!(MockFile::read(&again).unwrap().always, mocks);
                }
                tell(&mocks)
            }
            Err(set) => format!("no set {set}\n"),
        },
        Err(problems) => problems
            .iter()
            .map(|problem| format!("{problem}\n"))
            .collect(),
    };
    expected.assert_eq(&told);
}

#[test]
fn answers_follow_each_other() {
    mocks(
        r"
mocks:
  One: { return: null }
  Three:
    - fail: { error: A, cause: b }
    - fault: timeout
      times: 2
    - return: [1]
      delay: 1.5s
  Ranges: [{ return: 1, calls: 0 }, { return: 2, calls: 1-3 }, { return: 3, calls: '7-' }]
  Short: { fail: 'Name: and cause' }
",
        &[],
        expect![[r#"
            One 0- {"kind":"return","value":null} 0ms
            Ranges 0-0 {"kind":"return","value":1} 0ms
            Ranges 1-3 {"kind":"return","value":2} 0ms
            Ranges 7- {"kind":"return","value":3} 0ms
            Short 0- {"kind":"fail","error":"Name","cause":"and cause"} 0ms
            Three 0-0 {"kind":"fail","error":"A","cause":"b"} 0ms
            Three 1-2 {"kind":"fault","fault":"timeout"} 0ms
            Three 3- {"kind":"return","value":[1]} 1500ms
        "#]],
    );
}

#[test]
fn sets_go_before() {
    let text = r"
mocks: { A: { return: 1 }, B: { return: 1 } }
sets:
  two: { A: { return: 2 } }
  three: { A: { return: 3 }, C: { return: 3 } }
";
    mocks(
        text,
        &["two", "three"],
        expect![[r#"
        A 0- {"kind":"return","value":3} 0ms
        B 0- {"kind":"return","value":1} 0ms
        C 0- {"kind":"return","value":3} 0ms
    "#]],
    );
    mocks(
        text,
        &["four"],
        expect![[r#"
        no set four
    "#]],
    );
}

const AWS: &str = r#"{
  "StateMachines": {
    "LambdaSQSIntegration": {
      "TestCases": {
        "HappyPath": { "LambdaState": "MockedLambdaSuccess", "SQSState": "MockedSQSSuccess" },
        "RetryPath": { "LambdaState": "MockedLambdaRetry", "SQSState": "MockedSQSSuccess" }
      }
    },
    "Other": { "TestCases": { "RetryPath": { "X": "MockedSQSSuccess" } } }
  },
  "MockedResponses": {
    "MockedLambdaSuccess": { "0": { "Return": { "StatusCode": 200, "Payload": { "body": "Hello" } } } },
    "MockedLambdaRetry": {
      "0": { "Throw": { "Error": "Lambda.ResourceNotReadyException", "Cause": "Lambda resource is not ready." } },
      "1-2": { "Throw": { "Error": "Lambda.TimeoutException", "Cause": "Lambda timed out." } },
      "3": { "Return": { "StatusCode": 200 } }
    },
    "MockedSQSSuccess": { "0": { "Return": { "MessageId": "m" } } }
  }
}"#;

#[test]
fn reads_the_files_of_step_functions_local() {
    mocks(
        AWS,
        &["HappyPath"],
        expect![[r#"
        LambdaState 0-0 {"kind":"return","value":{"StatusCode":200,"Payload":{"body":"Hello"}}} 0ms
        SQSState 0-0 {"kind":"return","value":{"MessageId":"m"}} 0ms
    "#]],
    );
    mocks(
        AWS,
        &["LambdaSQSIntegration#RetryPath"],
        expect![[r#"
        LambdaState 0-0 {"kind":"fail","error":"Lambda.ResourceNotReadyException","cause":"Lambda resource is not ready."} 0ms
        LambdaState 1-2 {"kind":"fail","error":"Lambda.TimeoutException","cause":"Lambda timed out."} 0ms
        LambdaState 3-3 {"kind":"return","value":{"StatusCode":200}} 0ms
        SQSState 0-0 {"kind":"return","value":{"MessageId":"m"}} 0ms
    "#]],
    );
    // Two machines have it.
    mocks(
        AWS,
        &["RetryPath"],
        expect![[r#"
        no set RetryPath
    "#]],
    );
}

#[test]
fn tells_what_is_wrong_with_mocks() {
    mocks(
        "mocks: [1]",
        &[],
        expect![[r#"
        1:1: mocks must be an object, not a list at /mocks
    "#]],
    );
    mocks(
        "",
        &[],
        expect![[r#"
        a mock file must be an object, not null
    "#]],
    );
    mocks(
        "mocks:\n  A:\n    - retrun: 1\n    - return: 1\n      fail: x\n    - fault: throtle\n    - return: 1\n      calls: 3-1\n    - return: 1\n      delay: soon\n  B: 1\n",
        &[],
        expect![[r#"
            3:7: `retrun` is not known here; did you mean `return`? at /mocks/A/0/retrun
            4:7: an answer has one of `return`, `fail` and `fault` at /mocks/A/1
            6:7: `throtle` is no fault; known are throttle, timeout, malformedJson, refused, accessDenied at /mocks/A/2/fault
            8:7: calls must be such as `0`, `1-3` or `2-`, counted from 0 at /mocks/A/3/calls
            10:7: `delay` must be a time: seconds, or such as `200ms`, `1.5s`, `2m`, `1h`, `1d` at /mocks/A/4/delay
            11:3: an answer must be an object, not a number at /mocks/B
        "#]],
    );
    mocks(
        r#"{"StateMachines": {"M": {"TestCases": {"C": {"S": "Gone"}}}}, "MockedResponses": {"R": {"0-2": {"Return": 1}, "2": {"Throw": {}}, "x": {"Return": 1}}}}"#,
        &[],
        expect![[r#"
            1:117: `Throw` needs `Error` at /MockedResponses/R/2/Throw
            1:131: `x` is no range of calls: write such as `0` or `1-3`, counted from 0 at /MockedResponses/R/x
            1:46: `Gone` is not in `MockedResponses` at /StateMachines/M/TestCases/C/S
        "#]],
    );
    mocks(
        "{\"mocks\": ",
        &[],
        expect![[r#"
        1:1: this `{` is never closed
    "#]],
    );
}

#[test]
fn tells_what_is_wrong_with_tests() {
    let text = r"
start: yesterday
coverage: 101
cases:
  - name: a
    variables: { x: 1 }
    expect:
      status: OK
      output: { $regx: a }
      error: { $regex: '(' }
      cause: '{% 1 + %}'
      path: { exact: [A] }
      calls: [{ count: 1 }]
      events: { X: { } }
      duration: -1
      states: { A: { outptu: 1 } }
  - name: a
  - input: 1
";
    let problems = read_text(text, Suite::read).unwrap_err();
    let told: String = problems
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect();
    expect![[r#"
        2:1: `yesterday` is no time; write such as `2026-01-31T08:00:00Z` at /start
        3:1: it must be a percentage: 0 to 100 at /coverage
        8:7: `OK` is no status; known are SUCCEEDED, FAILED, TIMED_OUT, ABORTED, RETRIABLE, CAUGHT_ERROR at /cases/0/expect/status
        9:17: `$regx` is no operator; known are $exactly, $subset, $jsonata, $regex, $oneOf, $not, $contains at /cases/0/expect/output/$regx
        10:16: `(` is no regular expression: error: unclosed group at /cases/0/expect/error/$regex
        11:7: `1 +` is no JSONata: S0207: Unexpected end of expression at /cases/0/expect/cause
        12:15: `exact` is not known here; known are exactly, inOrder, including, never, visits at /cases/0/expect/path/exact
        13:15: a call needs `state` at /cases/0/expect/calls/0
        14:17: `X` needs `least` or `most` at /cases/0/expect/events/X
        15:7: `duration` must be a time: seconds, or such as `200ms`, `1.5s`, `2m`, `1h`, `1d` at /cases/0/expect/duration
        16:22: `outptu` is not known here; did you mean `output`? at /cases/0/expect/states/A/outptu
        6:5: `variables` is only for a case with `state` at /cases/0/variables
        17:5: the case `a` is there twice at /cases/1
        18:5: a case needs `name` at /cases/2
    "#]].assert_eq(&told);
}
