//! `awm workflows`.

use crate::{
    args::Workflows,
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::{
    Code, UserError,
    workflows::{TemplateList, TemplateOpen, Workflow, WorkflowGet, WorkflowImport, WorkflowList},
};
use awm_host::DesktopHost;
use std::path::Path;

pub(crate) async fn workflows(
    host: &DesktopHost,
    output: &Output,
    command: Workflows,
) -> Result<Ended, UserError> {
    match command {
        Workflows::List => list(host, output).await?,
        Workflows::Import { files } => {
            for file in files {
                import(host, output, &file).await?;
            }
        }
        Workflows::Export {
            workflow,
            output: file,
        } => export(host, output, &workflow, file.as_deref()).await?,
        Workflows::Template { id: Some(id) } => {
            let made = host.ask(TemplateOpen { id }).await?;
            output.line(
                &format!("{}  {}", made.summary.id, made.summary.name),
                &made.summary,
            );
        }
        Workflows::Template { id: None } => {
            let templates = host.ask(TemplateList {}).await?;
            if output.is_json() {
                output.json(&templates);
            } else {
                for template in templates {
                    output.text(&format!("{}  {}", template.id, template.description));
                }
            }
        }
    }
    Ok(Ended::Well)
}

async fn list(host: &DesktopHost, output: &Output) -> Result<(), UserError> {
    let rows = host.ask(WorkflowList {}).await?;
    if output.is_json() {
        output.json(&rows);
        return Ok(());
    }
    for row in rows {
        let problems = match row.problems {
            0 => String::new(),
            n => output.tone(Tone::Bad, &format!("  {n} problems")),
        };
        output.text(&format!(
            "{}  {}  {} states{problems}",
            row.id,
            output.tone(Tone::Strong, &row.name),
            row.states
        ));
    }
    Ok(())
}

async fn import(host: &DesktopHost, output: &Output, file: &Path) -> Result<(), UserError> {
    let made = host
        .ask(WorkflowImport {
            file_name: file.display().to_string(),
            text: input::text(file)?,
        })
        .await?;
    let row = &made.summary;
    output.line(&format!("{}  {}", row.id, row.name), row);
    if row.problems > 0 {
        output.note(&format!(
            "{} problems: `awm validate {}` lists them",
            row.problems,
            file.display()
        ));
    }
    Ok(())
}

async fn export(
    host: &DesktopHost,
    output: &Output,
    workflow: &str,
    file: Option<&Path>,
) -> Result<(), UserError> {
    let workflow = find(host, workflow).await?;
    let text = workflow
        .document
        .get("text")
        .and_then(|text| text.as_str())
        .unwrap_or_default();
    match file {
        None if output.is_json() => output.json(&workflow.document),
        None => output.part(text),
        Some(file) => std::fs::write(file, text).map_err(|error| {
            UserError::new(
                Code::BadRequest,
                format!("`{}` can't be written: {error}", file.display()),
            )
            .help("choose another file")
        })?,
    }
    Ok(())
}

/// A workflow by its id or its name.
pub(crate) async fn find(host: &DesktopHost, wanted: &str) -> Result<Workflow, UserError> {
    let rows = host.ask(WorkflowList {}).await?;
    let found = rows
        .iter()
        .find(|row| row.id == wanted)
        .or_else(|| rows.iter().find(|row| row.name == wanted))
        .or_else(|| {
            rows.iter()
                .find(|row| row.name.eq_ignore_ascii_case(wanted))
        });
    match found {
        Some(row) => host.ask(WorkflowGet { id: row.id.clone() }).await,
        None => Err(UserError::new(
            Code::NotFound,
            format!("there is no workflow `{wanted}` and no such file"),
        )
        .help("`awm workflows list` shows what is there")),
    }
}
