//! What is wrong with a definition, ready to be shown.

use super::session::state_of;
use awm_asl::{Definition, Diagnostic, Fix, MachineType, Severity, lint, validate_definition};
use awm_flow::{Editor, StateRef};
use std::sync::Arc;

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Its name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// A way out; empty for none.
    pub help: String,
    /// The JSON Pointer of the value it is about.
    pub pointer: String,
    /// The state it is about; none for the machine.
    pub state: Option<StateRef>,
    /// Where it is in the text, in bytes.
    pub span: Option<(usize, usize)>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// What would mend it, if that is known.
    pub fix: Option<Fix>,
    /// What its page says first; empty without a page.
    pub about: String,
}

/// The text of an editor with the places of its values, as it was at a revision.
#[derive(Clone, Debug)]
pub struct TextRead {
    revision: u64,
    /// The text, its tree, its places.
    pub definition: Arc<Definition>,
}

/// Two readings of one revision are the same.
impl PartialEq for TextRead {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

impl TextRead {
    /// Reads the text of an editor.
    pub fn of(editor: &Editor) -> Self {
        let document = editor.document();
        let format = match document.format {
            awm_flow::Format::Json => awm_asl::Format::Json,
            awm_flow::Format::Yaml => awm_asl::Format::Yaml,
        };
        Self {
            revision: editor.text_revision(),
            definition: Arc::new(Definition::read(document.text.clone(), format)),
        }
    }

    /// The text after a finding is mended; none if it can't be.
    pub fn mended(&self, fix: &Fix) -> Option<String> {
        let source = &self.definition.source;
        let edits = fix.edits(source).ok()?;
        Some(awm_asl::source::apply(source.text(), &edits))
    }

    /// All findings about it.
    pub fn problems(&self) -> Vec<Problem> {
        validate_definition(&self.definition, MachineType::default())
            .into_iter()
            .map(problem)
            .collect()
    }
}

fn problem(finding: Diagnostic) -> Problem {
    Problem {
        severity: finding.severity,
        code: finding.code.as_str(),
        message: finding.message,
        help: finding.help.unwrap_or_default(),
        state: state_of(&finding.pointer),
        pointer: finding.pointer,
        span: finding.span.map(|span| (span.start, span.end)),
        line: finding.span.map(|span| span.line),
        fix: finding.fix,
        about: lint::page(finding.code).map_or_else(String::new, first_paragraph),
    }
}

/// The first paragraph below a page's title, on one line.
fn first_paragraph(page: &str) -> String {
    page.split("\n\n")
        .nth(1)
        .unwrap_or_default()
        .replace('\n', " ")
}
