#![doc = include_str!("../README.md")]

use awm_api::{
    runs::Mock,
    workflows::{Template, WorkflowKind},
};
use awm_flow::{Document, Format, StateRef};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A document's name and bytes.
pub type SampleDocument = (&'static str, &'static [u8]);

/// All templates, in the order in which they are offered.
pub fn templates() -> Vec<Template> {
    // The tests hold every embedded file to be readable, so none is left out.
    ENTRIES.iter().filter_map(Entry::template).collect()
}

/// The documents of a template, for a source that has the template's name; none if there is no such template.
pub fn template_documents(id: &str) -> &'static [SampleDocument] {
    ENTRIES
        .iter()
        .find(|entry| entry.id == id)
        .map_or(&[], |entry| entry.documents)
}

/// A sample document by its name, whichever template it belongs to.
pub fn sample_document(name: &str) -> Option<&'static [u8]> {
    ENTRIES
        .iter()
        .flat_map(|entry| entry.documents)
        .find(|(known, _)| *known == name)
        .map(|(_, bytes)| *bytes)
}

struct Entry {
    id: &'static str,
    about: &'static str,
    definition: &'static str,
    documents: &'static [SampleDocument],
}

/// What ASL has no room for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct About {
    name: String,
    description: String,
    kind: WorkflowKind,
    sample_input: Value,
    #[serde(default)]
    mocks: BTreeMap<StateRef, Mock>,
}

impl Entry {
    fn template(&self) -> Option<Template> {
        let about: About = serde_json::from_str(self.about).ok()?;
        let document = Document {
            sample_input: Some(about.sample_input),
            mocks: about.mocks,
            ..Document::new(Format::Json, self.definition)
        };
        Some(Template {
            id: self.id.to_owned(),
            name: about.name,
            description: about.description,
            kind: about.kind,
            document: serde_json::to_value(document).ok()?,
        })
    }
}

macro_rules! entries {
    ($($id:literal: [$($document:literal),*],)*) => {
        const ENTRIES: &[Entry] = &[$(Entry {
            id: $id,
            about: include_str!(concat!("../workflows/", $id, ".json")),
            definition: include_str!(concat!("../workflows/", $id, ".asl.json")),
            documents: &[$(($document, include_bytes!(concat!("../documents/", $document)))),*],
        }),*];
    };
}

entries! {
    "document-question-answering": ["returns-policy.md", "warranty.md", "shipping.html", "price-list.csv"],
    "support-bot": ["returns-policy.md", "warranty.md", "shipping.html"],
    "conversation-with-memory": ["employee-handbook.md"],
    "document-intake": ["supplier-agreement.md", "delivery-note.txt"],
    "web-page-to-knowledge": [],
    "parallel-and-map": [],
}

#[cfg(test)]
mod tests {
    use super::*;
    use awm_asl::{MachineType, Severity};
    use std::collections::BTreeSet;

    #[test]
    fn every_template_is_readable() {
        for entry in ENTRIES {
            if let Err(error) = serde_json::from_str::<About>(entry.about) {
                panic!("{}: {error}", entry.id);
            }
            if let Err(error) = serde_json::from_str::<Value>(entry.definition) {
                panic!("{}: {error}", entry.id);
            }
        }
        assert_eq!(templates().len(), ENTRIES.len());
        let names: BTreeSet<String> = templates().into_iter().map(|t| t.name).collect();
        assert_eq!(names.len(), ENTRIES.len());
    }

    #[test]
    fn every_definition_is_without_error_and_warning() {
        for entry in ENTRIES {
            // Advice is for authors to weigh; a read that fails at once is right in a conversation.
            let findings: Vec<String> = awm_asl::validate(
                entry.definition,
                awm_asl::Format::Json,
                MachineType::Standard,
            )
            .iter()
            .filter(|finding| finding.severity != Severity::Info)
            .map(ToString::to_string)
            .collect();
            assert_eq!(findings, Vec::<String>::new(), "{}", entry.id);
        }
    }

    /// A template finds its own documents only if it looks in the source that has its name.
    #[test]
    fn retrieves_from_its_own_source() {
        for (entry, template) in ENTRIES.iter().zip(templates()) {
            let definition: Value = serde_json::from_str(entry.definition).unwrap();
            let states = definition["States"].as_object().unwrap();
            for (name, state) in states {
                if state["Resource"] == "${AwmRetrieve}" {
                    let sources = &state["Arguments"]["sources"];
                    assert_eq!(sources, &serde_json::json!([template.name]), "{name}");
                }
            }
        }
    }

    #[test]
    fn mocks_stand_for_states() {
        for (entry, template) in ENTRIES.iter().zip(templates()) {
            let definition: Value = serde_json::from_str(entry.definition).unwrap();
            let document: Document = serde_json::from_value(template.document).unwrap();
            for state in document.mocks.keys() {
                assert!(definition.pointer(state).is_some(), "{}: {state}", entry.id);
            }
        }
    }

    #[test]
    fn sample_documents_by_name() {
        assert!(sample_document("warranty.md").is_some());
        assert!(sample_document("../Cargo.toml").is_none());
        assert_eq!(template_documents("nothing").len(), 0);
    }
}
