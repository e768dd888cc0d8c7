//! A turn of a conversation: from a run's end to what is stored and shown.

use crate::{failure::model_help, run::Ended, turn_tasks::Notes};
use awm_api::{
    Code, Timestamp, UserError,
    chat::{ChatAnswer, Citation},
    runs::RunStatus,
};
use serde::Deserialize;
use serde_json::Value;

/// What a chat workflow gives.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    answer: String,
    #[serde(default)]
    citations: Vec<Citation>,
    #[serde(default)]
    extractive: bool,
    #[serde(default)]
    refused: bool,
    #[serde(default)]
    usage: Usage,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Usage {
    tokens_in: Option<u64>,
    tokens_out: Option<u64>,
}

/// What a run that has ended answered. What it said before a failure is kept.
pub(crate) fn answered(
    ended: Ended,
    asked_at: Timestamp,
    first_word_at: Option<Timestamp>,
    notes: &Notes,
) -> ChatAnswer {
    let since = |at: Timestamp| u64::try_from(at - asked_at).unwrap_or(0);
    let mut turn = ChatAnswer {
        run_id: ended.summary.id.clone(),
        total_ms: ended.summary.ended_at.map(since),
        tokens_in: notes.tokens_in,
        tokens_out: notes.tokens_out,
        remembers: notes.remembers,
        ..ChatAnswer::default()
    };
    match answer(ended) {
        Ok(answer) => {
            // An answer that did not stream shows its first word at the end.
            turn.first_word_ms = first_word_at.map(since).or(turn.total_ms);
            turn.answer = answer.answer;
            turn.citations = answer.citations;
            turn.extractive = answer.extractive;
            turn.refused = answer.refused;
            turn.tokens_in = turn.tokens_in.or(answer.usage.tokens_in);
            turn.tokens_out = turn.tokens_out.or(answer.usage.tokens_out);
        }
        Err(error) => {
            turn.first_word_ms = first_word_at.map(since);
            turn.answer = notes.said.clone();
            turn.error = Some(error);
        }
    }
    turn
}

fn answer(ended: Ended) -> Result<Answer, UserError> {
    let run = ended.summary;
    let error = match run.status {
        RunStatus::Succeeded => {
            return match ended.output.unwrap_or_default() {
                Value::String(answer) => Ok(plain(answer)),
                output => serde_json::from_value(output).map_err(|error| {
                    UserError::new(
                        Code::DefinitionInvalid,
                        format!("the workflow's output is no answer: {error}"),
                    )
                    .help("let the last state give an object with `answer`, a text")
                }),
            };
        }
        RunStatus::Aborted => {
            return Err(UserError::new(Code::Cancelled, "the answer was stopped")
                .help("send the question again"));
        }
        RunStatus::TimedOut => "States.Timeout".to_owned(),
        RunStatus::Failed | RunStatus::Running => run.error.unwrap_or_default(),
    };
    let (code, help) = match error.as_str() {
        "Awm.ModelUnreachable" | "Awm.ModelRefused" => {
            let code = code_of(run.cause.as_deref()).unwrap_or(match error.as_str() {
                "Awm.ModelRefused" => Code::ModelRefused,
                _ => Code::ModelUnreachable,
            });
            (code, model_help(code))
        }
        "Awm.ComponentMissing" => (Code::ComponentMissing, "the settings tell which one"),
        "Awm.AddressForbidden" => (
            Code::AddressForbidden,
            "the settings can allow addresses of this machine",
        ),
        "Awm.Internal" => (Code::Internal, "the log tells more"),
        _ => (Code::ServiceFailed, "open the run to see where it failed"),
    };
    let message = match run.cause {
        // The model's own words say it all.
        Some(cause) if code_of(Some(&cause)) == Some(code) => cause
            .rsplit_once('[')
            .map(|(words, _)| words.trim_end().to_owned())
            .unwrap_or(cause),
        Some(cause) if !cause.is_empty() => format!("the run failed with `{error}`: {cause}"),
        _ => format!("the run failed with `{error}`"),
    };
    Err(UserError::new(code, message).help(help))
}

/// The code at the end of a model's cause, such as `bad key [AWM-5012]`.
fn code_of(cause: Option<&str>) -> Option<Code> {
    let (_, code) = cause?.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    let code = serde_json::from_value(Value::String(code.to_owned()));
    code.ok()
}

fn plain(answer: String) -> Answer {
    Answer {
        answer,
        citations: Vec::new(),
        extractive: false,
        refused: false,
        usage: Usage::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use awm_api::runs::{RunSource, RunSummary};
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn check(status: RunStatus, output: Value, error: &str, expected: Expect) {
        let summary = RunSummary {
            id: "r".into(),
            workflow_id: "w".into(),
            workflow_name: "Bot".into(),
            revision: 1,
            status,
            source: RunSource::Chat,
            started_at: 1_000,
            ended_at: Some(1_750),
            events: 4,
            error: (!error.is_empty()).then(|| error.to_owned()),
            cause: (!error.is_empty()).then(|| "nobody there".to_owned()),
        };
        let ended = Ended {
            summary,
            output: Some(output),
        };
        let notes = Notes {
            said: "At noo".into(),
            ..Notes::default()
        };
        let turn = answered(ended, 1_000, Some(1_200), &notes);
        if turn.error.is_some() {
            assert_eq!(turn.answer, "At noo", "what was said stays");
        }
        let seen = match &turn.error {
            Some(error) => error.to_string(),
            None => format!(
                "{} | {} citations | extractive {} refused {} | {:?} of {:?} ms",
                turn.answer,
                turn.citations.len(),
                turn.extractive,
                turn.refused,
                turn.first_word_ms,
                turn.total_ms
            ),
        };
        expected.assert_eq(&seen);
    }

    #[test]
    fn an_output_becomes_an_answer_or_an_error() {
        use RunStatus::{Aborted, Failed, Succeeded, TimedOut};
        check(
            Succeeded,
            json!({"answer": "At noon [1]", "citations": [{
                "number": 1, "passageId": "p", "documentId": "d", "documentName": "a.md", "start": 0, "end": 9, "quote": "at noon",
            }], "extractive": true, "else": 1}),
            "",
            expect![
                "At noon [1] | 1 citations | extractive true refused false | Some(200) of Some(750) ms"
            ],
        );
        check(
            Succeeded,
            json!("Hello"),
            "",
            expect![
                "Hello | 0 citations | extractive false refused false | Some(200) of Some(750) ms"
            ],
        );
        check(
            Succeeded,
            json!({"text": "Hello"}),
            "",
            expect!["the workflow's output is no answer: missing field `answer` [AWM-3003]"],
        );
        check(
            Failed,
            Value::Null,
            "Awm.ModelUnreachable",
            expect!["the run failed with `Awm.ModelUnreachable`: nobody there [AWM-5001]"],
        );
        check(
            Failed,
            Value::Null,
            "States.Runtime",
            expect!["the run failed with `States.Runtime`: nobody there [AWM-5004]"],
        );
        check(
            TimedOut,
            Value::Null,
            "",
            expect!["the run failed with `States.Timeout` [AWM-5004]"],
        );
        check(
            Aborted,
            Value::Null,
            "",
            expect!["the answer was stopped [AWM-1006]"],
        );
    }
}
