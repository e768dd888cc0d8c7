//! The editor: a document, what was done to it, and what it shows, per revision.

use crate::{
    Applied, Change, ChangeError, Document, Graph, StateRef,
    change::{self, Work},
    graph::project,
    history::{History, Step},
    layout::{Placement, place},
    source,
};
use awm_asl::{Definition, Diagnostic, Machine, MachineType};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// A document that is being edited.
///
/// Whatever can't be applied leaves everything as it was. While the text is broken (a mistake in the code view),
/// the drawing is that of the last text that could be read, and only the text can be changed.
#[derive(Clone, Debug)]
pub struct Editor {
    document: Document,
    history: History,
    revision: u64,
    text_revision: u64,
    definition: Arc<Value>,
    broken: Option<ChangeError>,
    graph: Arc<Graph>,
    placement: Arc<Placement>,
    checked: OnceLock<Checked>,
}

/// What is only made when it is asked for, per text.
#[derive(Clone, Debug)]
struct Checked {
    machine: Option<Arc<Machine>>,
    diagnostics: Arc<Vec<Diagnostic>>,
}

impl Editor {
    /// Begins to edit a document.
    pub fn new(document: Document) -> Self {
        let mut editor = Self {
            document,
            history: History::default(),
            revision: 0,
            text_revision: 0,
            definition: Arc::new(Value::Object(serde_json::Map::new())),
            broken: None,
            graph: Arc::default(),
            placement: Arc::default(),
            checked: OnceLock::new(),
        };
        editor.read_text();
        editor.draw();
        editor
    }

    /// Makes a change, which undo takes back as a whole.
    ///
    /// # Errors
    ///
    /// See [`ChangeError`]; nothing has changed then.
    pub fn apply(&mut self, change: Change) -> Result<Applied, ChangeError> {
        if let (Some(mistake), false) = (&self.broken, change.needs_no_text()) {
            return Err(mistake.clone());
        }
        let key = change.coalesces();
        let mut work = Work {
            document: self.document.clone(),
            value: Arc::clone(&self.definition),
            edits: Vec::new(),
            graph: &self.graph,
            placement: &self.placement,
        };
        let mut applied = change.carry_out(&mut work)?;
        let Work {
            mut document,
            edits,
            ..
        } = work;
        if !edits.is_empty() {
            document.text = source::edit(document.format, &document.text, &edits)?;
        }
        let step = Step::between(&self.document, &document, applied.said.clone());
        if !step.is_empty() {
            self.history.push(step, key);
            self.take(document);
        }
        applied.revision = self.revision;
        Ok(applied)
    }

    /// Takes the last change back; what it was, or none if there is nothing to undo.
    pub fn undo(&mut self) -> Option<String> {
        let mut document = self.document.clone();
        let said = self.history.undo(&mut document)?;
        self.take(document);
        Some(said)
    }

    /// Makes the change again that was undone last; what it was, or none if there is nothing to redo.
    pub fn redo(&mut self) -> Option<String> {
        let mut document = self.document.clone();
        let said = self.history.redo(&mut document)?;
        self.take(document);
        Some(said)
    }

    /// Ends a run of typing or dragging, so that the next change is a step of its own.
    pub fn seal(&mut self) {
        self.history.seal();
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// The document as it stands.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Grows by one with every change, undo and redo.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The revision at which the text changed last.
    pub fn text_revision(&self) -> u64 {
        self.text_revision
    }

    /// The definition as a value; that of the last readable text while the text is broken.
    pub fn definition(&self) -> &Arc<Value> {
        &self.definition
    }

    /// The value of a state, or of anything else in the definition.
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        self.definition.pointer(pointer)
    }

    /// What is wrong with the text, if it can't be read.
    pub fn broken(&self) -> Option<&ChangeError> {
        self.broken.as_ref()
    }

    /// The definition as a tree, as far as the text can be understood.
    pub fn machine(&self) -> Option<&Arc<Machine>> {
        self.checked().machine.as_ref()
    }

    /// Everything that is wrong with the definition, in the order of the text.
    pub fn diagnostics(&self) -> &Arc<Vec<Diagnostic>> {
        &self.checked().diagnostics
    }

    fn checked(&self) -> &Checked {
        self.checked.get_or_init(|| {
            let definition =
                Definition::read(self.document.text.as_str(), self.document.format.into());
            let diagnostics = awm_asl::validate_definition(&definition, MachineType::Standard);
            Checked {
                machine: definition.machine.map(Arc::new),
                diagnostics: Arc::new(diagnostics),
            }
        })
    }

    /// The drawing of the definition.
    pub fn graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// Where everything stands.
    pub fn placement(&self) -> &Arc<Placement> {
        &self.placement
    }

    /// States as text for the clipboard; see [`Change::Paste`].
    pub fn fragment(&self, states: &[StateRef]) -> String {
        change::fragment(&self.definition, &self.graph, &self.placement, states)
    }

    fn take(&mut self, document: Document) {
        let text_changed =
            document.text != self.document.text || document.format != self.document.format;
        self.document = document;
        self.revision += 1;
        if text_changed {
            self.text_revision = self.revision;
            self.read_text();
        }
        self.draw();
    }

    fn read_text(&mut self) {
        self.checked = OnceLock::new();
        let (definition, mistake) = source::read(self.document.format, &self.document.text);
        // While someone is typing, the last sound drawing says more than half a text; at first there is no other.
        let first = self.graph.scopes.is_empty();
        if let Some(definition) = definition.filter(|_| mistake.is_none() || first) {
            self.graph = Arc::new(project(&definition));
            self.definition = Arc::new(definition);
        }
        self.broken = mistake;
    }

    fn draw(&mut self) {
        self.placement = Arc::new(place(&self.graph, &self.document));
    }
}
