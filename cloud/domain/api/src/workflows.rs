//! Workflows and templates.

use crate::{Timestamp, runs::RunStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Asks for all workflows, newest edit first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkflowList {}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowSummary {
    /// The workflow's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: WorkflowKind,
    /// How many states it has, nested ones included.
    pub states: u32,
    /// How many errors and warnings the definition has.
    pub problems: u32,
    /// The last run, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run: Option<LastRun>,
    /// Grows by one with each save.
    pub revision: u64,
    /// When it was last saved.
    pub edited_at: Timestamp,
}

/// How a workflow's last run went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastRun {
    /// The run.
    pub run_id: String,
    /// How it stands.
    pub status: RunStatus,
    /// When it started.
    pub started_at: Timestamp,
}

/// What a workflow is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowKind {
    /// Answers a conversation's turns: input `{"sessionId", "message"}`, output `{"answer", "citations"}`.
    Chat,
    /// Processes documents.
    Document,
    /// Anything else.
    #[default]
    Job,
}

/// Asks for one workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowGet {
    /// The workflow.
    pub id: String,
}

/// One workflow with its document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// The row of the list.
    pub summary: WorkflowSummary,
    /// `awm_flow::Document` as JSON: the definition's text, positions, mocks, sample input.
    pub document: Value,
}

/// Creates a workflow from a document, or an empty one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowCreate {
    /// The name; made unique by a number if taken.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub kind: WorkflowKind,
    /// `awm_flow::Document` as JSON; a single Pass state if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Value>,
}

/// Creates a workflow from the text of an `.asl.json`, `.asl.yaml` or any JSON or YAML file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowImport {
    /// The file's name, for the workflow's name and the format.
    pub file_name: String,
    /// The file's text.
    pub text: String,
}

/// Saves a workflow's document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowSave {
    /// The workflow.
    pub id: String,
    /// The revision that the edit began from; `Conflict` if it is not the newest.
    pub base_revision: u64,
    /// `awm_flow::Document` as JSON.
    pub document: Value,
}

/// What a save made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowSaved {
    /// The row of the list, with the new revision.
    pub summary: WorkflowSummary,
}

/// Renames a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowRename {
    /// The workflow.
    pub id: String,
    /// The new name.
    pub name: String,
}

/// Deletes a workflow; it can be restored until the application has been closed for 30 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowDelete {
    /// The workflow.
    pub id: String,
}

/// What a deletion took away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowDeleted {
    /// The workflow's id, for `WorkflowRestore`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Brings a deleted workflow back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowRestore {
    /// The workflow.
    pub id: String,
}

/// Imports a file by its path on the machine of the host: from the command line, the menu or a file association.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowOpenPath {
    /// The file.
    pub path: String,
}

/// Asks for the templates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TemplateList {}

/// A workflow to start from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// The template's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does, in a sentence.
    pub description: String,
    /// What it is for.
    pub kind: WorkflowKind,
    /// `awm_flow::Document` as JSON, for the small drawing.
    pub document: Value,
}

/// Makes a workflow from a template, with its sample input and documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateOpen {
    /// The template.
    pub id: String,
}
