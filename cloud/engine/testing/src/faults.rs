//! What services say when something goes wrong, by the resource of the task.

use awm_api::mocks::Fault;
use awm_ports::TaskFailure;

/// Who is called.
#[derive(Debug, PartialEq, Eq)]
enum Service {
    /// A function.
    Lambda,
    /// A task of this platform.
    Platform,
    /// A server, by `http:invoke`.
    Http,
    /// Another service, by the name that begins its errors.
    Named(String),
}

/// The failure that a task with this resource has by a fault.
pub fn fault_failure(fault: Fault, resource: &str) -> TaskFailure {
    let service = Service::of(resource);
    let (error, cause) = match (fault, &service) {
        (Fault::Timeout, _) => return TaskFailure::new("States.Timeout", ""),
        (Fault::Throttle, Service::Lambda) => (
            "Lambda.TooManyRequestsException".to_owned(),
            "Rate Exceeded. (Service: Lambda, Status Code: 429, Request ID: mock)".to_owned(),
        ),
        (Fault::Throttle, Service::Http) => (
            "States.Http.StatusCode.429".to_owned(),
            "Too Many Requests".to_owned(),
        ),
        (Fault::Throttle, Service::Platform) => (
            "Awm.ServiceFailed".to_owned(),
            "the service is called too often: status 429".to_owned(),
        ),
        (Fault::Throttle, Service::Named(name)) => {
            let error = match name.to_ascii_lowercase().as_str() {
                "dynamodb" => "ProvisionedThroughputExceededException",
                _ => "ThrottlingException",
            };
            let cause = format!("Rate exceeded (Service: {name}, Status Code: 400, Request ID: mock)");
            (format!("{name}.{error}"), cause)
        }
        (Fault::MalformedJson, Service::Lambda) => (
            "Runtime.MarshalError".to_owned(),
            r#"{"errorMessage":"Unable to marshal response: the answer is not JSON","errorType":"Runtime.MarshalError"}"#.to_owned(),
        ),
        (Fault::MalformedJson, Service::Platform) => (
            "Awm.ServiceFailed".to_owned(),
            "the answer is not JSON".to_owned(),
        ),
        (Fault::MalformedJson, service) => (
            format!("{}.SdkClientException", service.name()),
            "Unable to unmarshall response: the answer is not JSON".to_owned(),
        ),
        (Fault::Refused, Service::Http) => (
            "States.Http.Socket".to_owned(),
            "Connection refused".to_owned(),
        ),
        (Fault::Refused, Service::Platform) => (
            "Awm.ServiceFailed".to_owned(),
            "the connection was refused".to_owned(),
        ),
        (Fault::Refused, service) => (
            format!("{}.SdkClientException", service.name()),
            "Unable to execute HTTP request: Connection refused".to_owned(),
        ),
        (Fault::AccessDenied, Service::Lambda) => (
            "Lambda.AWSLambdaException".to_owned(),
            "User is not authorized to perform: lambda:InvokeFunction (Service: Lambda, Status Code: 403, Request ID: mock)".to_owned(),
        ),
        (Fault::AccessDenied, Service::Http) => (
            "States.Http.StatusCode.403".to_owned(),
            "Forbidden".to_owned(),
        ),
        (Fault::AccessDenied, Service::Platform) => (
            "Awm.AddressForbidden".to_owned(),
            "access is denied".to_owned(),
        ),
        (Fault::AccessDenied, Service::Named(name)) => (
            format!("{name}.AccessDeniedException"),
            format!("User is not authorized to perform this action (Service: {name}, Status Code: 403, Request ID: mock)"),
        ),
    };
    TaskFailure::new(error, cause)
}

impl Service {
    fn of(resource: &str) -> Self {
        if resource.starts_with("${Awm") {
            return Self::Platform;
        }
        let Some(rest) = resource.strip_prefix("arn:aws:states:::") else {
            return Self::Lambda;
        };
        let (service, rest) = rest.split_once(':').unwrap_or((rest, ""));
        match service {
            "lambda" => Self::Lambda,
            "http" => Self::Http,
            "aws-sdk" => {
                let service = rest.split(':').next().unwrap_or_default();
                Self::Named(of_sdk(service))
            }
            other => Self::Named(optimised(other)),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Lambda => "Lambda",
            Self::Platform => "Awm",
            Self::Http => "States.Http",
            Self::Named(name) => name,
        }
    }
}

/// How an optimised integration begins its errors.
fn optimised(service: &str) -> String {
    let known = match service {
        "dynamodb" => "DynamoDB",
        "sqs" => "SQS",
        "sns" => "SNS",
        "ecs" => "ECS",
        "eks" => "EKS",
        "emr" | "elasticmapreduce" => "EMR",
        "states" => "StepFunctions",
        "events" => "EventBridge",
        "codebuild" => "CodeBuild",
        "sagemaker" => "SageMaker",
        "apigateway" => "ApiGateway",
        "mediaconvert" => "MediaConvert",
        _ => return capitalised(service),
    };
    known.to_owned()
}

/// How an SDK integration begins its errors: the name of the service in the Java SDK.
fn of_sdk(service: &str) -> String {
    let known = match service {
        "dynamodb" => "DynamoDb",
        "secretsmanager" => "SecretsManager",
        "eventbridge" => "EventBridge",
        "cloudwatchlogs" => "CloudWatchLogs",
        "bedrockruntime" => "BedrockRuntime",
        "sagemaker" => "SageMaker",
        "sfn" => "Sfn",
        _ => return capitalised(service),
    };
    known.to_owned()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(fault: Fault, resources: &[&str], expected: Expect) {
        let told: Vec<String> = resources
            .iter()
            .map(|resource| format!("{}\n", fault_failure(fault, resource).error))
            .collect();
        expected.assert_eq(&told.concat());
    }

    const RESOURCES: &[&str] = &[
        "arn:aws:lambda:eu-north-1:123456789012:function:charge",
        "arn:aws:states:::lambda:invoke",
        "${Charge}",
        "${AwmCallApi}",
        "arn:aws:states:::http:invoke",
        "arn:aws:states:::dynamodb:putItem",
        "arn:aws:states:::aws-sdk:dynamodb:getItem",
        "arn:aws:states:::aws-sdk:s3:getObject",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    ];

    #[test]
    fn throttles() {
        check(
            Fault::Throttle,
            RESOURCES,
            expect![[r#"
                Lambda.TooManyRequestsException
                Lambda.TooManyRequestsException
                Lambda.TooManyRequestsException
                Awm.ServiceFailed
                States.Http.StatusCode.429
                DynamoDB.ProvisionedThroughputExceededException
                DynamoDb.ProvisionedThroughputExceededException
                S3.ThrottlingException
                SQS.ThrottlingException
            "#]],
        );
    }

    #[test]
    fn refuses() {
        check(
            Fault::Refused,
            RESOURCES,
            expect![[r#"
                Lambda.SdkClientException
                Lambda.SdkClientException
                Lambda.SdkClientException
                Awm.ServiceFailed
                States.Http.Socket
                DynamoDB.SdkClientException
                DynamoDb.SdkClientException
                S3.SdkClientException
                SQS.SdkClientException
            "#]],
        );
    }

    #[test]
    fn answers_badly() {
        check(
            Fault::MalformedJson,
            RESOURCES,
            expect![[r#"
                Runtime.MarshalError
                Runtime.MarshalError
                Runtime.MarshalError
                Awm.ServiceFailed
                States.Http.SdkClientException
                DynamoDB.SdkClientException
                DynamoDb.SdkClientException
                S3.SdkClientException
                SQS.SdkClientException
            "#]],
        );
    }
}
