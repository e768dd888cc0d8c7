//! `awm validate`.

use crate::{
    args::Validate,
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::{Code, UserError};
use awm_asl::source::Source;
use awm_asl::{Diagnostic, Format, MachineType, Severity, lint};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) fn validate(output: &Output, given: &Validate) -> Result<Ended, UserError> {
    if let Some(code) = &given.explain {
        return explain(output, code);
    }
    let mut valid = true;
    let mut told = Vec::new();
    for file in &given.files {
        if given.fix {
            mend(output, file)?;
            // What was mended from standard input went on; there is nothing left to look at.
            if file == Path::new("-") {
                continue;
            }
        }
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
    let document = awm_commands::read_text(&name, text)?;
    let checked = awm_commands::check(&document);
    let (errors, warnings) = (
        checked.count(Severity::Error),
        checked.count(Severity::Warning),
    );
    let valid = errors == 0;
    if output.is_json() {
        let answer = json!({
            "valid": valid,
            "states": checked.states(),
            "diagnostics": with_edits(&document.text, &checked.diagnostics),
        });
        return Ok((valid, answer));
    }
    for found in &checked.diagnostics {
        output.text(&format!("{name}:{found}"));
        if let Some(help) = &found.help {
            output.text(&output.tone(Tone::Dim, &format!("    {help}")));
        }
    }
    let safe = |found: &&Diagnostic| found.fix.as_ref().is_some_and(|fix| fix.safe);
    let mendable = checked.diagnostics.iter().filter(safe).count();
    if mendable > 0 && file != Path::new("-") {
        output.note(&format!(
            "`awm validate --fix {name}` mends {mendable} of them"
        ));
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

fn format_of(text: &str) -> Format {
    match text.trim_start().starts_with(['{', '[']) {
        true => Format::Json,
        false => Format::Yaml,
    }
}

/// The findings, and for those with a fix the changes of the text.
fn with_edits(text: &str, found: &[Diagnostic]) -> Vec<Value> {
    let source = Source::new(text, format_of(text));
    found
        .iter()
        .map(|found| {
            let mut told = json!(found);
            if let Some(edits) = found.fix.as_ref().and_then(|fix| fix.edits(&source).ok())
                && let Some(fix) = told.get_mut("fix").and_then(Value::as_object_mut)
            {
                fix.insert("edits".to_owned(), json!(edits));
            }
            told
        })
        .collect()
}

/// Applies the safe fixes to a file.
fn mend(output: &Output, file: &Path) -> Result<(), UserError> {
    let name = file.display().to_string();
    let document = awm_commands::read_text(&name, input::text(file)?)?;
    let (text, done) = lint::apply_safe_fixes(
        &document.text,
        format_of(&document.text),
        MachineType::Standard,
    );
    for fixed in &done {
        output.note(&format!("{name}: {fixed}"));
    }
    if file == Path::new("-") {
        output.part(&text);
        return Ok(());
    }
    if done.is_empty() {
        return Ok(());
    }
    std::fs::write(file, text).map_err(|error| {
        UserError::new(
            Code::BadRequest,
            format!("`{name}` can't be written: {error}"),
        )
        .help("check who may write it")
    })
}

/// Prints the page about a code.
fn explain(output: &Output, code: &str) -> Result<Ended, UserError> {
    let Some((known, page)) =
        awm_asl::Code::with_page(code).and_then(|code| Some((code, lint::page(code)?)))
    else {
        let codes: Vec<&str> = lint::pages().map(awm_asl::Code::as_str).collect();
        return Err(
            UserError::new(Code::NotFound, format!("there is no page about `{code}`"))
                .help(format!("there are pages about {}", codes.join(", "))),
        );
    };
    output.line(page.trim_end(), &json!({ "code": known, "page": page }));
    Ok(Ended::Well)
}
