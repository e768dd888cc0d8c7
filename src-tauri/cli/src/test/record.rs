//! `awm test --record`.

use super::files;
use crate::{args::Test, exit::Ended, fmt, mock_file, output::Output};
use awm_api::{
    Code, UserError,
    runs::{Run, RunGet},
};
use awm_asl::Format;
use awm_asl::source::{Source, apply, write_value};
use awm_host::DesktopHost;
use awm_suite::{Case, MockFile, Suite, case_value, read_text};
use awm_testing::{NotRecorded, Unreadable, Workflow, run_suite};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) async fn record(
    host: &DesktopHost,
    output: &Output,
    given: Test,
) -> Result<Ended, UserError> {
    let id = given.record.clone().unwrap_or_default();
    let run = host.ask(RunGet { id: id.clone() }).await?;
    let text = definition(&run);
    let name = stem(&given, &run);
    let workflow = Workflow::read(name, text).map_err(|Unreadable(errors)| {
        UserError::new(
            Code::DefinitionInvalid,
            format!(
                "the definition of the run has errors: {}",
                errors.join("; ")
            ),
        )
    })?;
    let title = given
        .name
        .clone()
        .unwrap_or_else(|| format!("{}, run {id}", run.summary.workflow_name));
    let case = awm_testing::record(&workflow, &run, &title).map_err(|why| {
        let why = match why {
            NotRecorded::Running => "it goes on",
            NotRecorded::Aborted => "it was stopped, which no test does",
        };
        UserError::new(
            Code::BadRequest,
            format!("the run `{id}` can't be recorded: {why}"),
        )
        .help("record one that came to its own end")
    })?;
    check(output, &workflow, &case);
    let case = case_value(&case);
    match &given.output {
        Some(path) => add(output, path, &case, text)?,
        None if output.is_json() => output.json(&case),
        None => output.part(&write_value(&json!({ "cases": [case] }), Format::Yaml)),
    }
    Ok(Ended::Well)
}

/// Says what of a case does not come again: what a Map state read, say, is in no history.
fn check(output: &Output, workflow: &Workflow, case: &Case) {
    let suite = Suite {
        cases: vec![case.clone()],
        ..Suite::default()
    };
    let report = run_suite(workflow, &suite, &MockFile::default(), |_| true, || 0.0);
    let failures = report.cases.iter().flat_map(|case| &case.failures);
    for failure in failures {
        output.note(&format!("the case does not pass as it stands: {failure}"));
    }
}

fn definition(run: &Run) -> &str {
    run.document
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn stem(given: &Test, run: &Run) -> String {
    let of_file = given.output.as_deref().and_then(files::stem);
    of_file.unwrap_or_else(|| run.summary.workflow_name.clone())
}

/// Puts the case at the end of the file's, or into a new file; and the workflow beside it if there is none.
fn add(output: &Output, path: &Path, case: &Value, definition: &str) -> Result<(), UserError> {
    let Some(stem) = files::stem(path) else {
        return Err(UserError::new(
            Code::BadRequest,
            format!("`{}` is no name of a test file", path.display()),
        )
        .help("tests are files `NAME.test.yaml` or `.json` beside `NAME.asl.json`"));
    };
    let is_json = path.extension().is_some_and(|ending| ending == "json");
    let format = if is_json { Format::Json } else { Format::Yaml };
    let text = match path.is_file() {
        true => {
            let text = crate::input::text(path)?;
            let suite =
                read_text(&text, Suite::read).map_err(|found| mock_file::wrong(path, &found))?;
            let name = case.get("name").and_then(Value::as_str).unwrap_or_default();
            if suite.cases.iter().any(|case| case.name == name) {
                return Err(UserError::new(
                    Code::Conflict,
                    format!("`{}` has a case `{name}` already", path.display()),
                )
                .help("give another name by `--name`"));
            }
            let source = Source::new(text, format);
            let edits = source
                .insert("/cases", "", case, usize::MAX)
                .map_err(|error| {
                    UserError::new(
                        Code::BadRequest,
                        format!("the case can't be added to `{}`: {error}", path.display()),
                    )
                    .help("record without `-o`, and put the case where it belongs")
                })?;
            apply(source.text(), &edits)
        }
        false => write_value(&json!({ "cases": [case] }), format),
    };
    fmt::write(path, &text)?;
    output.note(&format!("added the case to {}", path.display()));
    let folder = path.parent().unwrap_or(Path::new(""));
    let names_one = read_text(&text, Suite::read).is_ok_and(|suite| suite.workflow.is_some());
    if !names_one && mock_file::workflow_of(folder, &stem).is_none() {
        let ending = match definition.trim_start().starts_with(['{', '[']) {
            true => "asl.json",
            false => "asl.yaml",
        };
        let beside = folder.join(format!("{stem}.{ending}"));
        fmt::write(&beside, definition)?;
        output.note(&format!("wrote the workflow to {}", beside.display()));
    }
    Ok(())
}
