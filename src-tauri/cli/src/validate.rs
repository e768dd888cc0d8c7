//! `awm validate`.

use crate::{
    args::Validate,
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::UserError;
use awm_asl::Severity;
use serde_json::{Value, json};
use std::path::Path;

pub(crate) fn validate(output: &Output, given: &Validate) -> Result<Ended, UserError> {
    let mut valid = true;
    let mut told = Vec::new();
    for file in &given.files {
        let (well, answer) = match (one(output, file), given.files.len()) {
            (Ok(found), _) => found,
            // One that can't be read doesn't keep the others from being checked.
            (Err(error), 2..) => {
                if !output.is_json() {
                    output.error(&error);
                }
                (false, json!({ "valid": false, "error": error }))
            }
            (Err(error), _) => return Err(error),
        };
        valid &= well;
        told.push((file, answer));
    }
    if output.is_json() {
        let mut answers = told.into_iter().map(|(file, mut answer)| {
            if let Some(fields) = answer.as_object_mut() {
                fields.insert("file".to_owned(), json!(file));
            }
            answer
        });
        match given.files.len() {
            1 => output.json(&answers.next().unwrap_or_default()),
            _ => output.json(&json!({ "valid": valid, "files": answers.collect::<Vec<_>>() })),
        }
    }
    Ok(if valid { Ended::Well } else { Ended::Failed })
}

fn one(output: &Output, file: &Path) -> Result<(bool, Value), UserError> {
    let name = file.display().to_string();
    let text = input::text(file)?;
    let checked = awm_commands::check(&awm_commands::read_text(&name, text)?);
    let (errors, warnings) = (
        checked.count(Severity::Error),
        checked.count(Severity::Warning),
    );
    let valid = errors == 0;
    if output.is_json() {
        let answer = json!({
            "valid": valid,
            "states": checked.states(),
            "diagnostics": checked.diagnostics,
        });
        return Ok((valid, answer));
    }
    for found in &checked.diagnostics {
        output.text(&format!("{name}:{found}"));
        if let Some(help) = &found.help {
            output.text(&output.tone(Tone::Dim, &format!("    {help}")));
        }
    }
    let verdict = match valid {
        true => output.tone(Tone::Good, "valid"),
        false => output.tone(Tone::Bad, "not valid"),
    };
    output.text(&format!(
        "{verdict}: {} states, {errors} errors, {warnings} warnings",
        checked.states()
    ));
    Ok((valid, Value::Null))
}
