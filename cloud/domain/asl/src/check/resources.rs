//! What a Task may name as its `Resource`.

use super::MachineType;
use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use crate::syntax::{State, StateKind};

/// Services with an integration of their own, and its actions.
const INTEGRATIONS: &[(&str, &[&str])] = &[
    ("apigateway", &["invoke"]),
    (
        "athena",
        &[
            "startQueryExecution",
            "stopQueryExecution",
            "getQueryExecution",
            "getQueryResults",
        ],
    ),
    ("aws-sdk", &[]),
    ("batch", &["submitJob"]),
    ("bedrock", &["invokeModel", "createModelCustomizationJob"]),
    (
        "codebuild",
        &[
            "startBuild",
            "stopBuild",
            "batchDeleteBuilds",
            "batchGetReports",
            "startBuildBatch",
            "stopBuildBatch",
            "retryBuildBatch",
            "deleteBuildBatch",
        ],
    ),
    ("databrew", &["startJobRun"]),
    (
        "dynamodb",
        &["getItem", "putItem", "deleteItem", "updateItem"],
    ),
    ("ecs", &["runTask"]),
    ("eks", &[]),
    ("elasticmapreduce", &[]),
    ("emr-containers", &[]),
    ("emr-serverless", &[]),
    ("events", &["putEvents"]),
    ("glue", &["startJobRun"]),
    ("http", &["invoke"]),
    ("lambda", &["invoke"]),
    ("mediaconvert", &["createJob"]),
    ("sagemaker", &[]),
    ("sns", &["publish"]),
    ("sqs", &["sendMessage"]),
    ("states", &["startExecution"]),
];

pub(super) fn check(state: &State, kind: MachineType, found: &mut Vec<Diagnostic>) {
    let StateKind::Task(task) = &state.kind else {
        return;
    };
    let resource = task.resource.as_str();
    // A missing one has been reported; one with a substitution is known at deploy time only.
    if resource.is_empty() || resource.contains("${") {
        return;
    }
    let pointer = join(&state.pointer, "Resource");
    if !is_recognized(resource) {
        found.push(
            Diagnostic::error(
                Code::SchemaValidationFailed,
                pointer,
                format!(
                    "The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region."
                ),
            )
            .help("name an ARN, or a platform task such as `${AwmRetrieve}`"),
        );
        return;
    }
    if kind == MachineType::Express {
        // The second one has two spaces in AWS's wording.
        for (pattern, message) in [
            (
                ".sync",
                "Express state machine does not support '.sync' service integration",
            ),
            (
                ".waitForTaskToken",
                "Express state machine does not support '.waitForTaskToken' service integration ",
            ),
        ] {
            if pattern_of(resource).is_some_and(|found| found.starts_with(pattern)) {
                found.push(Diagnostic::error(
                    Code::SchemaValidationFailed,
                    pointer.clone(),
                    message,
                ));
            }
        }
    }
}

fn is_recognized(resource: &str) -> bool {
    let parts: Vec<&str> = resource.splitn(7, ':').collect();
    let [arn, partition, service, region, account, rest @ ..] = parts.as_slice() else {
        return false;
    };
    if *arn != "arn"
        || partition.is_empty()
        || service.is_empty()
        || rest.iter().all(|part| part.is_empty())
    {
        return false;
    }
    match (*service, region.is_empty() && account.is_empty(), rest) {
        ("states", true, [service, action]) => {
            // `aws-sdk:s3:getObject.waitForTaskToken`, `startExecution.sync:2`
            let name = action.split(['.', ':']).next().unwrap_or_default();
            INTEGRATIONS
                .iter()
                .find(|(known, _)| known == service)
                .is_some_and(|(_, actions)| actions.is_empty() || actions.contains(&name))
        }
        ("states", true, _) => false,
        ("states", false, [kind, name]) => *kind == "activity" && !name.is_empty(),
        _ => true,
    }
}

/// What the Task waits for: `.sync`, `.sync:2` or `.waitForTaskToken`.
fn pattern_of(resource: &str) -> Option<&str> {
    let action = resource.strip_prefix("arn:")?.split_once(":states:::")?.1;
    action.find('.').and_then(|dot| action.get(dot..))
}
