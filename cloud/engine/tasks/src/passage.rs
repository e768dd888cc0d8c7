//! A passage within a workflow's data.

use crate::failure::bad_request;
use awm_api::knowledge::{Hit, Passage};
use awm_ports::TaskFailure;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What `AwmRetrieve` answers and `AwmGenerate` takes. Only the text must be there, so that a workflow can make its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskPassage {
    #[serde(default)]
    id: String,
    #[serde(default)]
    document_id: String,
    #[serde(default)]
    document_name: String,
    #[serde(default)]
    headings: Vec<String>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default)]
    start: u32,
    #[serde(default)]
    end: u32,
    text: String,
    #[serde(default)]
    score: f64,
}

impl From<Hit> for TaskPassage {
    fn from(hit: Hit) -> Self {
        let passage = hit.passage;
        Self {
            id: passage.id,
            document_id: passage.document_id,
            document_name: passage.document_name,
            headings: passage.headings,
            page: passage.page,
            start: passage.start,
            end: passage.end,
            text: passage.text,
            score: hit.score,
        }
    }
}

impl From<TaskPassage> for Passage {
    fn from(passage: TaskPassage) -> Self {
        let length = passage.text.chars().count() as u32;
        Self {
            id: passage.id,
            document_id: passage.document_id,
            document_name: passage.document_name,
            ordinal: 0,
            headings: passage.headings,
            page: passage.page,
            start: passage.start,
            end: passage.end.max(passage.start.saturating_add(length)),
            text: passage.text,
        }
    }
}

/// Reads the passages of a request.
pub(crate) fn read(items: Vec<Value>) -> Result<Vec<Passage>, TaskFailure> {
    items
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            serde_json::from_value::<TaskPassage>(item)
                .map(Passage::from)
                .map_err(|error| bad_request(format!("`passages[{index}]` is no passage: {error}")))
        })
        .collect()
}
