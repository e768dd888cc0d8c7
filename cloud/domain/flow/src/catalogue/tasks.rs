//! The platform's tasks, and the general ways to reach AWS.

use super::{Family, Field, FieldKind, Item};
use serde_json::{Map, Value, json};

pub(super) const TASKS: &[Item] = &[
    Item {
        id: "retrieve",
        title: "Retrieve",
        family: Family::Knowledge,
        help: "Finds the passages that answer a question.",
        icon: "search",
        keywords: &["rag", "search", "find", "passages", "vector", "query"],
        kind: "Task",
        resource: "${AwmRetrieve}",
        fields: &[
            required("question", "Question", FieldKind::Text, "What to look for."),
            optional(
                "topK",
                "Top k",
                FieldKind::Number,
                "How many passages to bring back; 6 if empty.",
            ),
            optional(
                "history",
                "History",
                FieldKind::Json,
                "Earlier turns, as Recall gives them: a follow-up is made whole with them before it is looked for.",
            ),
            optional(
                "sources",
                "Sources",
                FieldKind::Sources,
                "Only from these sources; all if empty.",
            ),
        ],
    },
    Item {
        id: "generate",
        title: "Generate",
        family: Family::Model,
        help: "Answers a question from passages, with citations.",
        icon: "sparkles",
        keywords: &["llm", "ai", "answer", "gpt", "claude", "prompt", "chat"],
        kind: "Task",
        resource: "${AwmGenerate}",
        fields: &[
            required("question", "Question", FieldKind::Text, "What to answer."),
            optional(
                "passages",
                "Passages",
                FieldKind::Json,
                "What to answer from, as Retrieve gives them.",
            ),
            optional(
                "history",
                "History",
                FieldKind::Json,
                "Earlier turns, as Recall gives them.",
            ),
            optional(
                "instructions",
                "Instructions",
                FieldKind::LongText,
                "Tone, language, what to leave out.",
            ),
        ],
    },
    Item {
        id: "recall",
        title: "Recall",
        family: Family::Memory,
        help: "Brings back the earlier turns of a conversation.",
        icon: "history",
        keywords: &["memory", "conversation", "session", "turns", "history"],
        kind: "Task",
        resource: "${AwmRecall}",
        fields: &[
            required(
                "sessionId",
                "Session",
                FieldKind::Text,
                "Which conversation.",
            ),
            optional(
                "limit",
                "Limit",
                FieldKind::Number,
                "How many turns at most; 20 if empty.",
            ),
        ],
    },
    Item {
        id: "remember",
        title: "Remember",
        family: Family::Memory,
        help: "Keeps a question and its answer for the next turn.",
        icon: "bookmark",
        keywords: &["memory", "store", "save", "conversation", "session"],
        kind: "Task",
        resource: "${AwmRemember}",
        fields: &[
            required(
                "sessionId",
                "Session",
                FieldKind::Text,
                "Which conversation.",
            ),
            required("question", "Question", FieldKind::Text, "What was asked."),
            required("answer", "Answer", FieldKind::Text, "What was answered."),
            optional(
                "minutes",
                "Minutes",
                FieldKind::Number,
                "How long it is remembered; as long as the settings say if empty.",
            ),
        ],
    },
    Item {
        id: "call_api",
        title: "Call API",
        family: Family::Api,
        help: "Sends a request to a web service and brings back its answer.",
        icon: "globe",
        keywords: &["http", "rest", "request", "webhook", "get", "post"],
        kind: "Task",
        resource: "${AwmCallApi}",
        fields: &[
            optional(
                "method",
                "Method",
                FieldKind::Choice(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]),
                "What to do; GET, or the operation's own, if empty.",
            ),
            optional(
                "url",
                "Address",
                FieldKind::Text,
                "Where to, with https://, if not by a connection.",
            ),
            optional(
                "connection",
                "Connection",
                FieldKind::Text,
                "By whose address and sign-in, its name.",
            ),
            optional(
                "operation",
                "Operation",
                FieldKind::Text,
                "One of the connection's operations.",
            ),
            optional(
                "parameters",
                "Parameters",
                FieldKind::Pairs,
                "Values for the operation's parameters, by their names.",
            ),
            optional(
                "path",
                "Path",
                FieldKind::Text,
                "Below the connection's address, with parameters as {name}.",
            ),
            optional(
                "headers",
                "Headers",
                FieldKind::Pairs,
                "Names and values to send along.",
            ),
            optional(
                "query",
                "Query",
                FieldKind::Pairs,
                "What is put behind the question mark.",
            ),
            optional(
                "body",
                "Body",
                FieldKind::Json,
                "Sent as JSON, or as it is when it is text.",
            ),
            optional(
                "timeoutSeconds",
                "Timeout",
                FieldKind::Number,
                "Seconds until it counts as failed.",
            ),
        ],
    },
    Item {
        id: "fetch_page",
        title: "Fetch page",
        family: Family::Api,
        help: "Reads a web page as Markdown.",
        icon: "file-down",
        keywords: &["web", "html", "crawl", "scrape", "url", "markdown"],
        kind: "Task",
        resource: "${AwmFetchPage}",
        fields: &[required(
            "url",
            "Address",
            FieldKind::Text,
            "The page, with https://.",
        )],
    },
    Item {
        id: "lambda",
        title: "Lambda function",
        family: Family::Api,
        help: "Calls an AWS Lambda function.",
        icon: "square-function",
        keywords: &["aws", "function", "invoke", "code"],
        kind: "Task",
        resource: "arn:aws:states:::lambda:invoke",
        fields: &[
            required(
                "FunctionName",
                "Function",
                FieldKind::Text,
                "Its name or ARN.",
            ),
            optional("Payload", "Payload", FieldKind::Json, "What it is given."),
        ],
    },
    Item {
        id: "aws_sdk",
        title: "AWS service",
        family: Family::Api,
        help: "Calls any action of any AWS service.",
        icon: "cloud",
        keywords: &[
            "sdk",
            "dynamodb",
            "s3",
            "sqs",
            "sns",
            "integration",
            "action",
        ],
        kind: "Task",
        resource: "arn:aws:states:::aws-sdk:sts:getCallerIdentity",
        fields: &[],
    },
    Item {
        id: "extract",
        title: "Extract",
        family: Family::Documents,
        help: "Reads the text of a document.",
        icon: "file-text",
        keywords: &["pdf", "docx", "ocr", "text", "parse", "read"],
        kind: "Task",
        resource: "${AwmExtract}",
        fields: &[required(
            "path",
            "Path",
            FieldKind::Text,
            "Where the document is.",
        )],
    },
    Item {
        id: "chunk",
        title: "Chunk",
        family: Family::Documents,
        help: "Cuts a text into passages.",
        icon: "scissors",
        keywords: &["split", "passages", "cut", "tokens"],
        kind: "Task",
        resource: "${AwmChunk}",
        fields: &[
            required("text", "Text", FieldKind::Text, "What to cut."),
            optional(
                "maxTokens",
                "Most tokens",
                FieldKind::Number,
                "How long a passage may be.",
            ),
        ],
    },
    Item {
        id: "embed",
        title: "Embed",
        family: Family::Documents,
        help: "Turns texts into vectors that can be compared by meaning.",
        icon: "binary",
        keywords: &["vector", "embedding", "meaning", "similarity"],
        kind: "Task",
        resource: "${AwmEmbed}",
        fields: &[required(
            "texts",
            "Texts",
            FieldKind::Json,
            "A list of texts.",
        )],
    },
    Item {
        id: "index",
        title: "Index",
        family: Family::Documents,
        help: "Adds a text to a knowledge source, ready to be found.",
        icon: "database",
        keywords: &["store", "knowledge", "add", "ingest", "source"],
        kind: "Task",
        resource: "${AwmIndex}",
        fields: &[
            required("source", "Source", FieldKind::Text, "The knowledge source."),
            required(
                "name",
                "Name",
                FieldKind::Text,
                "What the document is called.",
            ),
            required("text", "Text", FieldKind::Text, "What it says."),
        ],
    },
];

const fn required(
    name: &'static str,
    label: &'static str,
    kind: FieldKind,
    help: &'static str,
) -> Field {
    Field {
        name,
        label,
        kind,
        required: true,
        help,
    }
}

const fn optional(
    name: &'static str,
    label: &'static str,
    kind: FieldKind,
    help: &'static str,
) -> Field {
    Field {
        name,
        label,
        kind,
        required: false,
        help,
    }
}

/// The item that a Task with this resource is drawn as.
pub(super) fn of_resource(resource: &str) -> &'static Item {
    let by_id = |id| super::item(id).unwrap_or_else(super::unknown);
    match resource {
        "" => by_id("task"),
        platform if platform.starts_with("${Awm") => TASKS
            .iter()
            .find(|item| item.resource == platform)
            .unwrap_or_else(|| by_id("lambda")),
        lambda if lambda.contains(":lambda:") || lambda.starts_with("${") => by_id("lambda"),
        service if service.starts_with("arn:aws:states:::") => by_id("aws_sdk"),
        _ => by_id("task"),
    }
}

pub(super) fn definition(item: &Item, jsonata: bool) -> Value {
    let mut state = Map::new();
    state.insert("Type".to_owned(), json!("Task"));
    state.insert("Resource".to_owned(), json!(item.resource));
    let arguments = arguments(item.id, jsonata);
    if !arguments.is_empty() {
        state.insert(
            (if jsonata { "Arguments" } else { "Parameters" }).to_owned(),
            Value::Object(arguments),
        );
    }
    Value::Object(state)
}

/// Arguments to begin with: those that a chat or a document workflow would have at that place.
fn arguments(id: &str, jsonata: bool) -> Map<String, Value> {
    let mut arguments = Map::new();
    // An expression over the state's input, in the state's language.
    let mut input = |name: &str, path: &str| {
        if jsonata {
            arguments.insert(
                name.to_owned(),
                json!(format!("{{% $states.input.{path} %}}")),
            );
        } else {
            arguments.insert(format!("{name}.$"), json!(format!("$.{path}")));
        }
    };
    match id {
        "retrieve" => input("question", "message"),
        "generate" => {
            input("question", "message");
            input("passages", "passages");
        }
        "recall" => input("sessionId", "sessionId"),
        "remember" => {
            input("sessionId", "sessionId");
            input("question", "message");
            input("answer", "answer");
        }
        "extract" => input("path", "path"),
        "chunk" => input("text", "text"),
        "embed" => input("texts", "texts"),
        "index" => {
            input("name", "name");
            input("text", "text");
        }
        _ => {}
    }
    let mut literal = |name: &str, value: Value| {
        arguments.insert(name.to_owned(), value);
    };
    match id {
        "retrieve" => literal("topK", json!(8)),
        "call_api" => {
            literal("method", json!("GET"));
            literal("url", json!("https://example.com"));
        }
        "fetch_page" => literal("url", json!("https://example.com")),
        "index" => literal("source", json!("Handbook")),
        "lambda" => {
            literal("FunctionName", json!("${Function}"));
            if jsonata {
                literal("Payload", json!("{% $states.input %}"));
            } else {
                literal("Payload.$", json!("$"));
            }
        }
        _ => {}
    }
    arguments
}
