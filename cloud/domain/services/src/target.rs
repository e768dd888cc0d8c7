//! Which operation's answer a Task state gives.

/// An operation of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The service as `aws-sdk:` resources name it, such as `sfn`.
    pub service: String,
    /// The operation, such as `startExecution`.
    pub operation: String,
    /// Whether members are spelled as in the Java SDK.
    pub(crate) java_names: bool,
}

/// The optimised integrations and the services behind them.
const OPTIMISED: [(&str, &str); 20] = [
    ("athena", "athena"),
    ("batch", "batch"),
    ("bedrock", "bedrock"),
    ("codebuild", "codebuild"),
    ("databrew", "databrew"),
    ("dynamodb", "dynamodb"),
    ("ecs", "ecs"),
    ("elasticmapreduce", "emr"),
    ("emr-containers", "emrcontainers"),
    ("emr-serverless", "emrserverless"),
    ("events", "eventbridge"),
    ("glue", "glue"),
    ("lambda", "lambda"),
    ("mediaconvert", "mediaconvert"),
    ("s3", "s3"),
    ("sagemaker", "sagemaker"),
    ("sns", "sns"),
    ("sqs", "sqs"),
    ("states", "sfn"),
    ("ssm", "ssm"),
];

/// What `.sync` asks until the work is over, and answers with.
const POLLED: [(&str, &str); 3] = [
    ("sfn", "describeExecution"),
    ("ecs", "describeTasks"),
    ("batch", "describeJobs"),
];

impl Target {
    /// The operation behind a `Resource`; none if its answer has no shape that is known.
    pub fn of(resource: &str) -> Option<Self> {
        let mut parts = resource.splitn(6, ':').skip(1);
        let (_, states) = (parts.next(), parts.next());
        let (region, account, rest) = (parts.next()?, parts.next()?, parts.next()?);
        if states != Some("states") || !region.is_empty() || !account.is_empty() {
            return None;
        }
        let (service, action, java_names) = match rest.strip_prefix("aws-sdk:") {
            Some(rest) => {
                let (service, action) = rest.split_once(':')?;
                (service.to_ascii_lowercase(), action, true)
            }
            None => {
                let (name, action) = rest.split_once(':')?;
                let (_, service) = OPTIMISED.iter().find(|(known, _)| *known == name)?;
                ((*service).to_owned(), action, false)
            }
        };
        if action.ends_with(".waitForTaskToken") || !java_names && action == "invokeModel" {
            return None;
        }
        let synchronous = action
            .strip_suffix(".sync:2")
            .or_else(|| action.strip_suffix(".sync"));
        let operation = match synchronous {
            Some(_) => POLLED.iter().find(|(known, _)| *known == service)?.1,
            None => action,
        };
        Some(Self {
            service,
            operation: operation.to_owned(),
            java_names,
        })
    }
}
