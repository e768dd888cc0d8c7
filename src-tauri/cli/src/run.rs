//! `awm run`.

use crate::{
    args::{Redrive, Run, StandIns},
    exit::Ended,
    input, mock_file,
    output::Output,
    runs, workflows,
};
use awm_api::{
    Code, UserError,
    mocks::MockedCall,
    runs::{
        Mock, RunDocument, RunGet, RunRedrive, RunSource, RunStart, RunStatus, RunStop, RunSummary,
        RunUpdate, RunWatch,
    },
};
use awm_host::DesktopHost;
use awm_suite::resolve_mocks;
use futures::{FutureExt, StreamExt, future::FusedFuture};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path, pin::pin};

pub(crate) async fn run(
    host: &DesktopHost,
    output: &Output,
    given: Run,
) -> Result<Ended, UserError> {
    let file = Path::new(&given.workflow);
    let started = if file.is_file() {
        let text = input::text(file)?;
        let document = awm_commands::read_text(&given.workflow, text)?;
        let document = serde_json::to_value(document).map_err(|error| {
            UserError::new(
                Code::Internal,
                format!("the document can't be written: {error}"),
            )
        })?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        host.ask(RunDocument {
            name: name.into_owned(),
            input: chosen_input(&given, &document)?,
            mocks: mocks(&given.stand_ins, &document)?,
            calls: calls(output, &given, &document)?,
            document,
            source: RunSource::Cli,
        })
        .await?
    } else if given.mocks.is_some() {
        let workflow = workflows::find(host, &given.workflow).await?;
        host.ask(RunDocument {
            name: workflow.summary.name,
            input: chosen_input(&given, &workflow.document)?,
            mocks: mocks(&given.stand_ins, &workflow.document)?,
            calls: calls(output, &given, &workflow.document)?,
            document: workflow.document,
            source: RunSource::Cli,
        })
        .await?
    } else {
        let workflow = workflows::find(host, &given.workflow).await?;
        host.ask(RunStart {
            workflow_id: workflow.summary.id,
            input: chosen_input(&given, &workflow.document)?,
            mocks: mocks(&given.stand_ins, &workflow.document)?,
            source: RunSource::Cli,
        })
        .await?
    };
    follow(host, output, started, given.events).await
}

/// `awm runs redrive`: the same run goes on.
pub(crate) async fn redrive(
    host: &DesktopHost,
    output: &Output,
    given: Redrive,
) -> Result<Ended, UserError> {
    let found = host
        .ask(RunGet {
            id: given.id.clone(),
        })
        .await?;
    let started = host
        .ask(RunRedrive {
            id: given.id,
            mocks: mocks(&given.stand_ins, &found.document)?,
        })
        .await?;
    follow(host, output, started, given.events).await
}

/// Tells what happens, to the run's end.
async fn follow(
    host: &DesktopHost,
    output: &Output,
    run: RunSummary,
    events: bool,
) -> Result<Ended, UserError> {
    output.note(&format!("run {}", run.id));
    let mut updates = host
        .follow(RunWatch {
            id: run.id.clone(),
            after: run.events,
        })
        .await?;
    let mut last = None;
    let mut interrupted = pin!(tokio::signal::ctrl_c().fuse());
    loop {
        let update = tokio::select! {
            update = updates.next() => update,
            _ = &mut interrupted, if !interrupted.is_terminated() => {
                output.note("stopping");
                host.ask(RunStop { id: run.id.clone(), ..RunStop::default() }).await?;
                continue;
            }
        };
        let Some(update) = update else { break };
        let update = update?;
        if events && output.is_json() {
            output.json(&update);
        }
        match update {
            RunUpdate::Event { event } => tell(output, &event.kind, event.visit.as_ref()),
            RunUpdate::Progress { text, .. } => output.progress(text.trim_end()),
            RunUpdate::Summary { summary, output } => last = Some((summary, output)),
        }
    }
    output.progress_over();
    let Some((summary, result)) = last else {
        return Err(UserError::new(
            Code::Internal,
            "the run ended without a word",
        ));
    };
    let succeeded = summary.status == RunStatus::Succeeded;
    if output.is_json() {
        if !events {
            output.json(&json!({"run": summary, "output": result}));
        }
    } else if succeeded {
        output.text(&format!("{:#}", result.unwrap_or_default()));
    } else {
        output.note(&runs::row(output, &summary));
    }
    Ok(if succeeded {
        Ended::Well
    } else {
        Ended::Failed
    })
}

fn tell(output: &Output, kind: &str, visit: Option<&awm_api::runs::Visit>) {
    let Some(visit) = visit else { return };
    if kind.ends_with("StateEntered") {
        output.note(&format!("  {}", visit.name));
    } else if kind.ends_with("Failed") || kind.ends_with("TimedOut") {
        output.note(&format!("  {} {kind}", visit.name));
    }
}

fn chosen_input(given: &Run, document: &Value) -> Result<Value, UserError> {
    match &given.input {
        Some(text) => input::json(text),
        None => Ok(document
            .get("sample_input")
            .cloned()
            .unwrap_or_else(|| json!({}))),
    }
}

/// The document's mocks with those of the arguments in front; none if there are none of these.
pub(crate) fn mocks(
    given: &StandIns,
    document: &Value,
) -> Result<Option<BTreeMap<String, Mock>>, UserError> {
    if given.mock.is_empty() && given.fail.is_empty() {
        return Ok(None);
    }
    let own = document.get("mocks").cloned().unwrap_or_else(|| json!({}));
    let mut mocks: BTreeMap<String, Mock> = serde_json::from_value(own).map_err(|error| {
        UserError::new(
            Code::BadRequest,
            format!("the workflow's mocks can't be read: {error}"),
        )
    })?;
    for mock in &given.mock {
        let (state, value) = parted(mock, "--mock STATE=JSON")?;
        let value = input::json(value)?;
        mocks.insert(pointer(state), Mock::Return { value });
    }
    for fail in &given.fail {
        let (state, error) = parted(fail, "--fail STATE=ERROR[:CAUSE]")?;
        let (error, cause) = error.split_once(':').unwrap_or((error, ""));
        let (error, cause) = (error.trim().to_owned(), cause.trim().to_owned());
        mocks.insert(pointer(state), Mock::Fail { error, cause });
    }
    Ok(Some(mocks))
}

/// The mocks of a file: the one that is given, or the one beside the workflow. Those of the arguments go before them.
fn calls(
    output: &Output,
    given: &Run,
    document: &Value,
) -> Result<BTreeMap<String, Vec<MockedCall>>, UserError> {
    let file = Path::new(&given.workflow);
    let found = match &given.mocks {
        Some(argument) => mock_file::given(argument)?,
        None if given.no_mocks || !file.is_file() => return Ok(BTreeMap::new()),
        None => {
            let folder = file.parent().unwrap_or(Path::new(""));
            let stem = mock_file::stem(file).unwrap_or_default();
            let Some(path) = mock_file::beside(folder, &stem, "mocks").into_iter().next() else {
                return Ok(BTreeMap::new());
            };
            output.note(&format!("mocks of {}", path.display()));
            mock_file::read(&path)?.always
        }
    };
    let text = document
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let format = match document.get("format").and_then(Value::as_str) {
        Some("yaml") => awm_asl::Format::Yaml,
        _ => awm_asl::Format::Json,
    };
    let (Some(machine), _) = awm_asl::parse(text, format) else {
        // The run itself tells what is wrong with the definition.
        return Ok(BTreeMap::new());
    };
    let mut calls = resolve_mocks(&machine, &found).map_err(|unknown| {
        UserError::new(Code::BadRequest, format!("the mocks don't fit: {unknown}"))
            .help("name states as the workflow does, or by JSON Pointer")
    })?;
    for argument in given.stand_ins.mock.iter().chain(&given.stand_ins.fail) {
        let (state, _) = argument.split_once('=').unwrap_or((argument, ""));
        calls.remove(&pointer(state));
    }
    Ok(calls)
}

pub(crate) fn parted<'a>(given: &'a str, form: &str) -> Result<(&'a str, &'a str), UserError> {
    given.split_once('=').ok_or_else(|| {
        UserError::new(Code::BadRequest, format!("`{given}` has no `=`"))
            .help(format!("write it as `{form}`"))
    })
}

/// A path as it is; a name as the path of a state at the top.
fn pointer(state: &str) -> String {
    match state.starts_with('/') {
        true => state.to_owned(),
        false => format!("/States/{}", state.replace('~', "~0").replace('/', "~1")),
    }
}
