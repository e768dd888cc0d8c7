//! TestState's requests and answers as the API has them.

use awm_interpreter::{Names, TestRequest, test_state};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(request: Value, expected: Expect) {
    let level = request.get("inspectionLevel").and_then(Value::as_str);
    let names = Names::local("run", "machine");
    let told = match TestRequest::from_api(&request, names, 0).and_then(test_state) {
        Ok(answer) => answer.to_api(level).to_string(),
        Err(refused) => refused.to_string(),
    };
    expected.assert_eq(&told);
}

fn task(resource: &str) -> Value {
    json!({ "Type": "Task", "Resource": resource, "End": true })
}

#[test]
fn mocks_are_held_to_the_services_models() {
    let with = |mode: &str| {
        json!({
            "definition": task("arn:aws:states:::aws-sdk:sqs:createQueue").to_string(),
            "mock": { "result": "{\"QueueUrl\": 1}", "fieldValidationMode": mode },
        })
    };
    check(
        with("STRICT"),
        expect!["Mock result schema validation error: Field 'QueueUrl' must be a string"],
    );
    check(
        with("PRESENT"),
        expect!["Mock result schema validation error: Field 'QueueUrl' must be a string"],
    );
    check(
        with("NONE"),
        expect![[r#"{"output":"{\"QueueUrl\":1}","status":"SUCCEEDED"}"#]],
    );
}

#[test]
fn what_can_not_be_tested_is_refused() {
    let lambda = || task("arn:aws:states:::lambda:invoke");
    check(
        json!({ "definition": lambda(), "mock": { "result": "{}", "errorOutput": { "error": "E" } } }),
        expect!["A test mock should have only one of the following fields: [result, errorOutput]."],
    );
    check(
        json!({ "definition": lambda(), "stateConfiguration": { "retrierRetryCount": 1 } }),
        expect!["TestState does not support RetrierRetryCount when a mock is not specified."],
    );
    check(
        json!({ "definition": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true, "Next": "X" }] }, "mock": { "result": "1" } }),
        expect!["State type 'Choice' is not supported when a mock is specified"],
    );
    check(
        json!({ "definition": "{}{", "stateConfiguration": { "mapIterationFailureCount": -1 }, "stateName": "" }),
        expect![[r#"
            Parameter validation failed:
            Invalid length for parameter stateName, value: 0, valid min length: 1
            Invalid value for parameter stateConfiguration.mapIterationFailureCount, value: -1, valid min value: 0"#]],
    );
    check(
        json!({ "definition": "{}{" }),
        expect!["Definition must be a valid JSON object"],
    );
    check(
        json!({ "definition": { "Type": "Pass", "Nxt": "A" } }),
        expect![
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'Nxt' is not supported at /States/StateName, SCHEMA_VALIDATION_FAILED: These fields are required: [Next] or [End] at /States/StateName'"
        ],
    );
}

#[test]
fn the_data_is_told_at_each_station() {
    let map = json!({
        "Type": "Map", "ItemsPath": "$.list",
        "ItemReader": null, "ItemSelector": { "n.$": "$$.Map.Item.Value" },
        "ItemBatcher": { "MaxItemsPerBatch": 2 },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "I", "States": { "I": { "Type": "Pass", "End": true } } },
        "End": true,
    });
    let mut map = map;
    map.as_object_mut().unwrap().remove("ItemReader");
    check(
        json!({ "definition": map, "input": "{\"list\": [1, 2, 3]}", "inspectionLevel": "TRACE", "mock": { "result": "[1]" } }),
        expect![[
            r#"{"output":"[1]","status":"SUCCEEDED","inspectionData":{"input":"{\"list\":[1,2,3]}","afterInputPath":"{\"list\":[1,2,3]}","afterItemsPath":"[1,2,3]","afterResultSelector":"[1]","afterResultPath":"[1]","afterItemSelector":"[{\"n\":1},{\"n\":2},{\"n\":3}]","afterItemBatcher":"[{\"Items\":[{\"n\":1},{\"n\":2}]},{\"Items\":[{\"n\":3}]}]","maxConcurrency":0}}"#
        ]],
    );
    check(
        json!({
            "definition": { "Type": "Pass", "QueryLanguage": "JSONata", "Assign": { "b": "{% $a + 1 %}" }, "Output": "{% $a %}", "End": true },
            "variables": "{\"a\": 1}", "inspectionLevel": "DEBUG",
        }),
        expect![[
            r#"{"output":"1","status":"SUCCEEDED","inspectionData":{"input":"{}","variables":"{\"a\":1,\"b\":2}"}}"#
        ]],
    );
}

#[test]
fn what_a_reader_reads_is_told_as_in_the_file() {
    check(
        json!({
            "definition": {
                "Type": "Map",
                "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
                    "Parameters": { "Bucket": "b", "Key": "k" } },
                "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "I", "States": { "I": { "Type": "Pass", "End": true } } },
                "ToleratedFailureCount": 1,
                "Retry": [{ "ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "IntervalSeconds": 3 }],
                "End": true,
            },
            "stateConfiguration": { "mapItemReaderData": "a,b\n1,2\n3,4\n", "mapIterationFailureCount": 2, "retrierRetryCount": 1 },
            "inspectionLevel": "TRACE", "mock": { "result": "[1, 2]" },
        }),
        expect![[
            r#"{"error":"States.ExceedToleratedFailureThreshold","cause":"The specified tolerated failure threshold was exceeded","status":"RETRIABLE","inspectionData":{"input":"{}","afterInputPath":"{}","afterItemsPath":"[{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"3\",\"b\":\"4\"}]","maxConcurrency":0,"toleratedFailureCount":1,"errorDetails":{"retryIndex":0,"retryBackoffIntervalSeconds":6}}}"#
        ]],
    );
}
