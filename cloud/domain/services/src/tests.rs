use crate::{Mode, Target, names, shapes, validate};
use serde_json::{Value, json};

#[test]
fn every_service_unpacks() {
    let names = shapes::names();
    assert!(names.len() > 400, "{}", names.len());
    let broken: Vec<_> = names
        .into_iter()
        .filter(|name| shapes::service(name).is_none())
        .collect();
    assert_eq!(broken, Vec::<&str>::new());
}

#[test]
fn members_are_spelled_as_java_does() {
    for (member, spelled) in [
        ("SSEKMSKeyId", "SsekmsKeyId"),
        ("SSECustomerAlgorithm", "SseCustomerAlgorithm"),
        ("ETag", "ETag"),
        ("MD5OfMessageBody", "Md5OfMessageBody"),
        ("executionArn", "ExecutionArn"),
        ("DBInstances", "DbInstances"),
        ("ContentLength", "ContentLength"),
    ] {
        assert_eq!(names::as_in_java(member), spelled);
    }
}

#[test]
fn targets_are_found() {
    for (resource, expected) in [
        ("arn:aws:states:::lambda:invoke", "lambda invoke"),
        (
            "arn:aws:states:::states:startExecution",
            "sfn startExecution",
        ),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            "sfn describeExecution",
        ),
        (
            "arn:aws-cn:states:::aws-sdk:cloudwatchlogs:getLogEvents",
            "cloudwatchlogs getLogEvents",
        ),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", ""),
        ("arn:aws:states:::apigateway:invoke", ""),
        ("arn:aws:states:::http:invoke", ""),
        ("arn:aws:lambda:us-east-1:1:function:f", ""),
        ("arn:aws:states:us-east-1:1:activity:a", ""),
        ("${AwmRetrieve}", ""),
        ("", ""),
    ] {
        let found =
            Target::of(resource).map(|target| format!("{} {}", target.service, target.operation));
        assert_eq!(found.unwrap_or_default(), expected, "{resource}");
    }
}

#[test]
fn answers_are_held_to_the_model() {
    let sdk = |action: &str| format!("arn:aws:states:::aws-sdk:{action}");
    let cases: Vec<(String, Value, Mode, &str)> = vec![
        (
            sdk("sqs:receiveMessage"),
            json!({ "Messages": [{ "Body": 1 }] }),
            Mode::Strict,
            "Field 'Body' must be a string",
        ),
        (
            sdk("sqs:receiveMessage"),
            json!({ "Messages": {} }),
            Mode::Strict,
            "Field 'Messages' must be an array",
        ),
        (
            sdk("sqs:receiveMessage"),
            json!({ "Unknown": 1 }),
            Mode::Strict,
            "",
        ),
        (
            sdk("sqs:receiveMessage"),
            json!({ "Messages": 1 }),
            Mode::None,
            "",
        ),
        (
            sdk("sqs:getQueueAttributes"),
            json!({ "Attributes": { "DelaySeconds": 1 } }),
            Mode::Present,
            "Field 'Attributes' must be a string",
        ),
        (
            sdk("sfn:describeExecution"),
            json!({ "Status": "RUNNING" }),
            Mode::Strict,
            "Required field 'ExecutionArn' is missing",
        ),
        (
            sdk("sfn:describeExecution"),
            json!({ "Status": "WALKING" }),
            Mode::Present,
            "Field 'Status' is not an expected value",
        ),
        (
            sdk("lambda:getFunctionConfiguration"),
            json!({ "Timeout": 0 }),
            Mode::Present,
            "Field 'Timeout' is less than the minimum value",
        ),
        (
            sdk("s3:headObject"),
            json!({ "DeleteMarker": "yes" }),
            Mode::Present,
            "Field 'DeleteMarker' must be a boolean",
        ),
        (
            sdk("s3:headObject"),
            json!({ "Metadata": [] }),
            Mode::Present,
            "Field 'Metadata' must be an object",
        ),
        (
            sdk("ec2:describeInstances"),
            json!({ "Reservations": [{ "Instances": [{ "Monitoring": 1 }] }] }),
            Mode::Present,
            "Field 'Monitoring' must be an object",
        ),
        (
            "arn:aws:states:::states:startExecution.sync".to_owned(),
            json!({}),
            Mode::Strict,
            "Required field 'ExecutionArn' is missing",
        ),
        (
            "arn:aws:states:::dynamodb:getItem".to_owned(),
            json!({ "Item": { "id": { "S": 1 } } }),
            Mode::Strict,
            "Field 'S' must be a string",
        ),
        (sdk("nosuch:thing"), json!({ "a": 1 }), Mode::Strict, ""),
        (sdk("sqs:noSuchThing"), json!({ "a": 1 }), Mode::Strict, ""),
    ];
    for (resource, answer, mode, expected) in cases {
        let target = Target::of(&resource).unwrap();
        let told = validate(&target, &answer, mode)
            .err()
            .map(|error| error.to_string());
        assert_eq!(told.unwrap_or_default(), expected, "{resource} {answer}");
    }
}
