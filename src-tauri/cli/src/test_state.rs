//! `awm test-state`.

use crate::{
    args::{Level, MockMode, TestState},
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::{Code, UserError};
use awm_asl::source::Source;
use awm_interpreter::{Names, TestRequest, TestStatus, test_state as test};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) fn test_state(output: &Output, given: &TestState) -> Result<Ended, UserError> {
    let mut request = Map::new();
    let mut put = |name: &str, value: Value| request.insert(name.to_owned(), value);
    put("definition", definition(&given.file)?);
    put("input", input::json(&given.input)?);
    if let Some(state) = &given.state {
        put("stateName", json!(state));
    }
    for (name, value) in [("variables", &given.variables), ("context", &given.context)] {
        if let Some(value) = value {
            put(name, input::json(value)?);
        }
    }
    if let Some(mock) = mock(given)? {
        put("mock", mock);
    }
    if let Some(retries) = given.retries {
        put(
            "stateConfiguration",
            json!({ "retrierRetryCount": retries }),
        );
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let now = i64::try_from(now.as_millis()).unwrap_or_default();
    let answer = TestRequest::from_api(&Value::Object(request), Names::local("test", "test"), now)
        .and_then(test)
        .map_err(|refused| {
            UserError::new(Code::BadRequest, format!("the test is refused: {refused}"))
                .help("a state that calls something needs `--mock` or `--fail`")
        })?;
    let level = match given.level {
        Level::Info => "INFO",
        Level::Debug => "DEBUG",
        Level::Trace => "TRACE",
    };
    if output.is_json() {
        output.json(&answer.to_api(Some(level)));
    } else {
        let tone = match answer.status {
            TestStatus::Succeeded => Tone::Good,
            TestStatus::CaughtError | TestStatus::Retriable => Tone::Strong,
            TestStatus::Failed => Tone::Bad,
        };
        output.text(&output.tone(tone, answer.status.as_str()));
        let row = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                output.text(&format!(
                    "{}{text}",
                    output.tone(Tone::Dim, &format!("{name:<10}"))
                ));
            }
        };
        row(
            "output",
            answer.output.as_ref().map(|value| format!("{value:#}")),
        );
        row("error", answer.error.clone());
        row("cause", answer.cause.clone());
        row("next", answer.next.clone());
        if given.level != Level::Info {
            for (name, value) in &answer.inspection {
                row(&format!("{name} "), Some(value.to_string()));
            }
        }
    }
    Ok(match answer.status {
        TestStatus::Succeeded | TestStatus::CaughtError => Ended::Well,
        TestStatus::Failed | TestStatus::Retriable => Ended::Failed,
    })
}

fn mock(given: &TestState) -> Result<Option<Value>, UserError> {
    let mode = match given.mode {
        MockMode::Strict => "STRICT",
        MockMode::Present => "PRESENT",
        MockMode::None => "NONE",
    };
    if let Some(result) = &given.mock {
        let result = input::json(result)?;
        return Ok(Some(
            json!({ "result": result.to_string(), "fieldValidationMode": mode }),
        ));
    }
    Ok(given.fail.as_ref().map(|failure| {
        let (error, cause) = failure.split_once(':').unwrap_or((failure, ""));
        json!({ "errorOutput": { "error": error.trim(), "cause": cause.trim() } })
    }))
}

/// A machine or a state alone, JSON or YAML as the text tells.
fn definition(path: &Path) -> Result<Value, UserError> {
    let text = input::text(path)?;
    let format = match text.trim_start().starts_with(['{', '[']) {
        true => awm_asl::Format::Json,
        false => awm_asl::Format::Yaml,
    };
    let source = Source::new(text, format);
    let name = path.display().to_string();
    if let Some(error) = source.diagnostics().iter().find(|found| found.is_error()) {
        return Err(crate::diff::unreadable(&name, &error.to_string()));
    }
    source
        .value()
        .ok_or_else(|| crate::diff::unreadable(&name, "it holds nothing"))
}
