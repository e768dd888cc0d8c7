//! The `Resource` of a Task state to a platform task.

use awm_ports::TaskFailure;
use serde_json::{Value, json};

macro_rules! tasks {
    ($($variant:ident = $name:literal,)*) => {
        /// A platform task.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Task { $($variant,)* }

        impl Task {
            /// The name of its function, such as `AwmRetrieve`.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }

        const NAMES: &[&str] = &[$($name,)*];
    };
}

tasks! {
    Retrieve = "AwmRetrieve",
    Generate = "AwmGenerate",
    Recall = "AwmRecall",
    Remember = "AwmRemember",
    CallApi = "AwmCallApi",
    FetchPage = "AwmFetchPage",
    Extract = "AwmExtract",
    Chunk = "AwmChunk",
    Embed = "AwmEmbed",
    Index = "AwmIndex",
}

/// How a task is called.
#[derive(Debug, PartialEq)]
pub(crate) enum Call {
    /// The arguments are the request, the result is the answer.
    Direct { task: Task, request: Value },
    /// By the integration with Lambda: the request is in `Payload`, and so is the answer.
    Invoke { task: Task, payload: Value },
}

/// Reads a resource with its arguments.
pub(crate) fn read(resource: &str, arguments: Value) -> Result<Call, TaskFailure> {
    if let Some(integration) = resource.strip_prefix("arn:aws:states:::") {
        if integration != "lambda:invoke" {
            return Err(offline(resource));
        }
        let Value::Object(mut arguments) = arguments else {
            return Err(TaskFailure::new(
                "Awm.BadRequest",
                "`arn:aws:states:::lambda:invoke` takes an object with `FunctionName`",
            ));
        };
        let Some(Value::String(function)) = arguments.remove("FunctionName") else {
            return Err(TaskFailure::new(
                "Awm.BadRequest",
                "`FunctionName` is missing, or is not a string",
            ));
        };
        let task = function_task(&function)?;
        let payload = arguments.remove("Payload").unwrap_or_else(|| json!({}));
        return Ok(Call::Invoke { task, payload });
    }
    if resource.starts_with("${") || resource.contains(":function:") {
        let task = function_task(resource)?;
        return Ok(Call::Direct {
            task,
            request: arguments,
        });
    }
    Err(offline(resource))
}

/// A function by `${Name}`, `Name`, `Name:version` or ARN.
fn function_task(function: &str) -> Result<Task, TaskFailure> {
    if let Some(name) = function
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
    {
        return Task::named(name).ok_or_else(|| {
            TaskFailure::new(
                "Awm.UnknownTask",
                format!(
                    "`{function}` is no platform task: mock this task to run it offline, or use one of {} [AWM-3004]",
                    NAMES.join(", ")
                ),
            )
        });
    }
    let qualified = function
        .split_once(":function:")
        .map_or(function, |(_, name)| name);
    let name = qualified
        .split_once(':')
        .map_or(qualified, |(name, _version)| name);
    Task::named(name).ok_or_else(|| {
        TaskFailure::new(
            "Lambda.ResourceNotFoundException",
            format!(
                "the function `{name}` is not on this machine: mock this task to run it offline [AWM-3004]"
            ),
        )
    })
}

fn offline(resource: &str) -> TaskFailure {
    TaskFailure::new(
        "Awm.UnknownTask",
        format!(
            "`{resource}` can't be reached from this machine: mock this task to run it offline [AWM-3004]"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(resource: &str, arguments: Value, expected: Expect) {
        let found = match read(resource, arguments) {
            Ok(call) => format!("{call:?}"),
            Err(failure) => failure.to_string(),
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn reads_names() {
        check(
            "${AwmRetrieve}",
            json!(1),
            expect!["Direct { task: Retrieve, request: Number(1) }"],
        );
        check(
            "arn:aws:lambda:eu-north-1:123456789012:function:AwmIndex:7",
            json!({}),
            expect!["Direct { task: Index, request: Object {} }"],
        );
        check(
            "arn:aws:states:::lambda:invoke",
            json!({"FunctionName": "${AwmChunk}", "Payload": {"text": "x"}}),
            expect![[r#"Invoke { task: Chunk, payload: Object {"text": String("x")} }"#]],
        );
        check(
            "arn:aws:states:::lambda:invoke",
            json!({"FunctionName": "AwmEmbed:live"}),
            expect!["Invoke { task: Embed, payload: Object {} }"],
        );
    }

    #[test]
    fn says_to_mock_what_is_not_here() {
        check(
            "${Warehouse}",
            json!({}),
            expect![
                "Awm.UnknownTask: `${Warehouse}` is no platform task: mock this task to run it offline, or use one of AwmRetrieve, AwmGenerate, AwmRecall, AwmRemember, AwmCallApi, AwmFetchPage, AwmExtract, AwmChunk, AwmEmbed, AwmIndex [AWM-3004]"
            ],
        );
        check(
            "arn:aws:lambda:eu-north-1:123456789012:function:stock",
            json!({}),
            expect![
                "Lambda.ResourceNotFoundException: the function `stock` is not on this machine: mock this task to run it offline [AWM-3004]"
            ],
        );
        check(
            "arn:aws:states:::lambda:invoke",
            json!({"FunctionName": "stock"}),
            expect![
                "Lambda.ResourceNotFoundException: the function `stock` is not on this machine: mock this task to run it offline [AWM-3004]"
            ],
        );
        check(
            "arn:aws:states:::dynamodb:getItem",
            json!({}),
            expect![
                "Awm.UnknownTask: `arn:aws:states:::dynamodb:getItem` can't be reached from this machine: mock this task to run it offline [AWM-3004]"
            ],
        );
        check(
            "arn:aws:states:::lambda:invoke",
            json!({"Payload": {}}),
            expect!["Awm.BadRequest: `FunctionName` is missing, or is not a string"],
        );
        check(
            "",
            json!({}),
            expect![
                "Awm.UnknownTask: `` can't be reached from this machine: mock this task to run it offline [AWM-3004]"
            ],
        );
    }
}
