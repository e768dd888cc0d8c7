//! Workflows and templates.

use super::{bad_field, name_of};
use crate::{
    Host,
    definition::{self, MAX_BYTES},
    failure::Failure,
};
use awm_api::{
    Code, UserError,
    runs::RunSummary,
    workflows::{
        LastRun, Template, TemplateList, TemplateOpen, Workflow, WorkflowCreate, WorkflowDelete,
        WorkflowDeleted, WorkflowGet, WorkflowImport, WorkflowKind, WorkflowList, WorkflowOpenPath,
        WorkflowRename, WorkflowRestore, WorkflowSave, WorkflowSaved, WorkflowSummary,
    },
};
use awm_flow::{Document, Format};
use awm_ports::StoredWorkflow;
use std::collections::HashSet;

/// What an empty workflow begins with: as little as can be run.
const EMPTY: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Pass",
  "States": {
    "Pass": {
      "Type": "Pass",
      "End": true
    }
  }
}
"#;

pub(crate) async fn workflow_list<H: Host>(
    host: &H,
    _: WorkflowList,
) -> Result<Vec<WorkflowSummary>, Failure> {
    let latest = host.ports().runs.latest(host.tenant()).await?;
    let rows = host.ports().workflows.list(host.tenant()).await?;
    Ok(rows.iter().map(|row| summary(row, &latest)).collect())
}

pub(crate) async fn workflow_get<H: Host>(
    host: &H,
    request: WorkflowGet,
) -> Result<Workflow, Failure> {
    let row = host
        .ports()
        .workflows
        .get(host.tenant(), &request.id)
        .await?;
    let latest = host.ports().runs.latest(host.tenant()).await?;
    Ok(Workflow {
        summary: summary(&row, &latest),
        document: row.document,
    })
}

pub(crate) async fn workflow_create<H: Host>(
    host: &H,
    request: WorkflowCreate,
) -> Result<Workflow, Failure> {
    let name = name_of("name", &request.name)?;
    let document = match request.document {
        Some(document) => definition::document(document)?,
        None => Document::new(Format::Json, EMPTY),
    };
    create(host, name, request.kind, document).await
}

pub(crate) async fn workflow_import<H: Host>(
    host: &H,
    request: WorkflowImport,
) -> Result<Workflow, Failure> {
    let document = definition::read_text(&request.file_name, request.text)?;
    let kind = definition::kind(&document.text);
    create(host, name_of_file(&request.file_name), kind, document).await
}

pub(crate) async fn workflow_open_path<H: Host>(
    host: &H,
    request: WorkflowOpenPath,
) -> Result<Workflow, Failure> {
    let bytes = host.read_file(&request.path, MAX_BYTES).await?;
    let text = String::from_utf8(bytes).map_err(|_| {
        UserError::new(
            Code::NotAslText,
            format!("`{}` is not a text file", request.path),
        )
        .help("open a definition in JSON or YAML, written in UTF-8")
    })?;
    let file_name = request.path;
    workflow_import(host, WorkflowImport { file_name, text }).await
}

pub(crate) async fn workflow_save<H: Host>(
    host: &H,
    request: WorkflowSave,
) -> Result<WorkflowSaved, Failure> {
    let document = definition::document(request.document)?;
    let checked = definition::check(&document);
    let (tenant, ports) = (host.tenant(), host.ports());
    let mut row = ports.workflows.get(tenant, &request.id).await?;
    row.document = definition::to_json(&document)?;
    row.states = checked.states();
    row.problems = checked.problems();
    row.edited_at = ports.clock.now();
    row.revision = ports
        .workflows
        .save(tenant, row.clone(), request.base_revision)
        .await?;
    let latest = ports.runs.latest(tenant).await?;
    Ok(WorkflowSaved {
        summary: summary(&row, &latest),
    })
}

pub(crate) async fn workflow_rename<H: Host>(
    host: &H,
    request: WorkflowRename,
) -> Result<WorkflowSummary, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let name = name_of("name", &request.name)?;
    let name = free_name(host, name, Some(&request.id)).await?;
    ports.workflows.rename(tenant, &request.id, &name).await?;
    one(host, &request.id).await
}

pub(crate) async fn workflow_delete<H: Host>(
    host: &H,
    request: WorkflowDelete,
) -> Result<WorkflowDeleted, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let row = ports.workflows.get(tenant, &request.id).await?;
    ports
        .workflows
        .delete(tenant, &row.id, ports.clock.now())
        .await?;
    Ok(WorkflowDeleted {
        id: row.id,
        name: row.name,
    })
}

pub(crate) async fn workflow_restore<H: Host>(
    host: &H,
    request: WorkflowRestore,
) -> Result<WorkflowSummary, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    ports.workflows.restore(tenant, &request.id).await?;
    let row = ports.workflows.get(tenant, &request.id).await?;
    // Another one may have taken the name meanwhile.
    let name = free_name(host, row.name.clone(), Some(&row.id)).await?;
    if name != row.name {
        ports.workflows.rename(tenant, &row.id, &name).await?;
    }
    one(host, &row.id).await
}

pub(crate) async fn template_list<H: Host>(
    _: &H,
    _: TemplateList,
) -> Result<Vec<Template>, Failure> {
    Ok(awm_templates::templates())
}

pub(crate) async fn template_open<H: Host>(
    host: &H,
    request: TemplateOpen,
) -> Result<Workflow, Failure> {
    let templates = awm_templates::templates();
    let Some(template) = templates.iter().find(|t| t.id == request.id) else {
        let known: Vec<_> = templates.iter().map(|t| t.id.as_str()).collect();
        return Err(UserError::new(
            Code::NotFound,
            format!("there is no template `{}`", request.id),
        )
        .help(format!("known are: {}", known.join(", ")))
        .into());
    };
    let documents = awm_templates::template_documents(&template.id);
    if !documents.is_empty() {
        take_in(host, &template.name, documents).await?;
    }
    let document = definition::document(template.document.clone())?;
    create(host, template.name.clone(), template.kind, document).await
}

/// Puts a template's documents into the source that it looks in. What is there already stays as it is.
async fn take_in<H: Host>(
    host: &H,
    source: &str,
    documents: &[awm_templates::SampleDocument],
) -> Result<(), Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let (id, at) = (ports.ids.next(), ports.clock.now());
    let source = ports.library.create_source(tenant, &id, source, at).await?;
    for (name, bytes) in documents {
        ports
            .ingest
            .upload(&source.id, name, bytes.to_vec())
            .await?;
    }
    Ok(())
}

async fn create<H: Host>(
    host: &H,
    name: String,
    kind: WorkflowKind,
    document: Document,
) -> Result<Workflow, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let checked = definition::check(&document);
    let row = StoredWorkflow {
        id: ports.ids.next(),
        name: free_name(host, name, None).await?,
        kind,
        revision: 1,
        states: checked.states(),
        problems: checked.problems(),
        edited_at: ports.clock.now(),
        document: definition::to_json(&document)?,
    };
    ports.workflows.create(tenant, row.clone()).await?;
    Ok(Workflow {
        summary: summary(&row, &[]),
        document: row.document,
    })
}

async fn one<H: Host>(host: &H, id: &str) -> Result<WorkflowSummary, Failure> {
    let row = host.ports().workflows.get(host.tenant(), id).await?;
    let latest = host.ports().runs.latest(host.tenant()).await?;
    Ok(summary(&row, &latest))
}

fn summary(row: &StoredWorkflow, latest: &[RunSummary]) -> WorkflowSummary {
    WorkflowSummary {
        id: row.id.clone(),
        name: row.name.clone(),
        kind: row.kind,
        states: row.states,
        problems: row.problems,
        last_run: latest
            .iter()
            .find(|run| run.workflow_id == row.id)
            .map(|run| LastRun {
                run_id: run.id.clone(),
                status: run.status,
                started_at: run.started_at,
            }),
        revision: row.revision,
        edited_at: row.edited_at,
    }
}

/// The name, or the name with the first number that makes it unlike all others.
async fn free_name<H: Host>(host: &H, name: String, own: Option<&str>) -> Result<String, Failure> {
    let rows = host.ports().workflows.list(host.tenant()).await?;
    let taken: HashSet<_> = rows
        .iter()
        .filter(|row| Some(row.id.as_str()) != own)
        .map(|row| row.name.as_str())
        .collect();
    if !taken.contains(name.as_str()) {
        return Ok(name);
    }
    (2u64..)
        .map(|number| format!("{name} {number}"))
        .find(|name| !taken.contains(name.as_str()))
        .ok_or_else(|| bad_field("name", "all names are taken").into())
}

/// A workflow's name from its file's: without folders and endings.
fn name_of_file(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let mut name = name.trim();
    for ending in [".json", ".yaml", ".yml", ".asl"] {
        let cut = name.len().saturating_sub(ending.len());
        if name
            .get(cut..)
            .is_some_and(|end| end.eq_ignore_ascii_case(ending))
        {
            name = name.get(..cut).unwrap_or(name);
        }
    }
    name_of("file_name", name).unwrap_or_else(|_| "Untitled".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_name() {
        for (file, name) in [
            ("order.asl.json", "order"),
            ("C:\\flows\\Order flow.asl.YAML", "Order flow"),
            ("/home/me/größe.yml", "größe"),
            ("a.b.json", "a.b"),
            (".json", "Untitled"),
            ("", "Untitled"),
            ("tab\tin\nname.json", "tabinname"),
        ] {
            assert_eq!(name_of_file(file), name, "{file}");
        }
    }
}
