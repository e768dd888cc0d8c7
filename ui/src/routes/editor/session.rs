//! One open workflow: its editor, what is selected, what is wrong with it, its last run.

use super::{
    model::{
        complete::Reach,
        fields::Language,
        run::{RunModel, VisitRecord},
    },
    problem::{Problem, TextRead},
};
use awm_flow::{Applied, Change, Editor, StateRef};
use awm_kit::{Toast, Toasts, use_toasts};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// What the panels of the editor share.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// The document and its history.
    pub editor: RwSignal<Editor>,
    /// The selected states, in the order of selection.
    pub selection: RwSignal<Vec<StateRef>>,
    /// Grows when the text changes.
    pub text_revision: Memo<u64>,
    /// The definition as a value: the last one that could be read.
    pub definition: Memo<Arc<Value>>,
    /// The text with the places of its values.
    pub text: Memo<TextRead>,
    /// What is wrong with it.
    pub problems: Memo<Arc<Vec<Problem>>>,
    /// The last run, or the one that goes on.
    pub run: RwSignal<RunModel>,
    /// The visit that the data flow shows; the state's last if none.
    pub visit: RwSignal<Option<u64>>,
    /// The event up to which the run is shown; its end if none.
    pub upto: RwSignal<Option<u64>>,
    /// A pointer that the code view and the inspector should bring into view.
    pub reveal: RwSignal<Option<String>>,
    /// Whether it can only be read.
    pub read_only: bool,
    toasts: StoredValue<Toasts>,
}

impl Session {
    /// A session around a document.
    pub fn new(editor: Editor, read_only: bool) -> Self {
        let editor = RwSignal::new(editor);
        let text_revision = Memo::new(move |_| editor.with(Editor::text_revision));
        // Moving a node changes the editor but not the definition: only the text's revision is listened to.
        let definition = Memo::new(move |_| {
            // A memo that is only tracked never runs: it has to be read.
            text_revision.get();
            editor.with_untracked(|editor| editor.definition().clone())
        });
        let text = Memo::new(move |_| {
            // A memo that is only tracked never runs: it has to be read.
            text_revision.get();
            editor.with_untracked(TextRead::of)
        });
        let problems = Memo::new(move |_| text.with(|text| Arc::new(text.problems())));
        Self {
            editor,
            selection: RwSignal::new(Vec::new()),
            text_revision,
            definition,
            text,
            problems,
            run: RwSignal::new(RunModel::default()),
            visit: RwSignal::new(None),
            upto: RwSignal::new(None),
            reveal: RwSignal::new(None),
            read_only,
            toasts: StoredValue::new(use_toasts()),
        }
    }

    /// Makes a change; what can't be made is told in a toast.
    pub fn apply(self, change: Change) -> Option<Applied> {
        if self.read_only {
            return None;
        }
        let mut outcome = None;
        self.editor
            .update(|editor| outcome = Some(editor.apply(change)));
        match outcome? {
            Ok(applied) => {
                self.follow(&applied);
                Some(applied)
            }
            Err(error) => {
                self.say_failed(
                    &format!("Couldn't change it: {error}"),
                    "The workflow is as it was",
                );
                None
            }
        }
    }

    /// Mends a finding, as one change that can be taken back.
    pub fn mend(self, fix: &awm_asl::Fix) {
        let mended = self.text.with_untracked(|text| text.mended(fix));
        match mended {
            Some(text) => {
                self.apply(Change::ReplaceText(text));
            }
            None => self.say_failed(
                "Couldn't mend it",
                "This place of the text cannot be edited automatically",
            ),
        }
    }

    /// Takes the last change back.
    pub fn undo(self) {
        if !self.read_only {
            self.editor.update(|editor| {
                editor.undo();
            });
            self.drop_gone();
        }
    }

    /// Makes the undone change again.
    pub fn redo(self) {
        if !self.read_only {
            self.editor.update(|editor| {
                editor.redo();
            });
            self.drop_gone();
        }
    }

    /// Selects one state, or nothing.
    pub fn select(self, state: Option<StateRef>) {
        let wanted: Vec<StateRef> = state.into_iter().collect();
        if self.selection.with_untracked(|now| *now != wanted) {
            self.selection.set(wanted);
        }
    }

    /// The one selected state, if it is exactly one.
    pub fn selected(self) -> Option<StateRef> {
        self.selection.with(|selection| match selection.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        })
    }

    /// Brings a place of the definition into view: its state is selected, its field shown.
    pub fn go_to(self, pointer: &str) {
        if let Some(state) = state_of(pointer) {
            self.select(Some(state));
        } else {
            self.select(None);
        }
        self.reveal.set(Some(pointer.to_owned()));
        // What was asked for once must not pull the form back later.
        let reveal = self.reveal;
        set_timeout(
            move || {
                reveal.try_set(None);
            },
            std::time::Duration::from_millis(1_500),
        );
    }

    /// How a state's expressions are written.
    pub fn language(self, state: &str) -> Language {
        self.definition
            .with(|root| Language::of(root.pointer(state).filter(|_| !state.is_empty()), root))
    }

    /// The visit whose data is shown for a state: the chosen one if it is of this state, else its last one.
    pub fn shown_visit<T>(self, state: &str, read: impl FnOnce(&VisitRecord) -> T) -> Option<T> {
        let chosen = self.visit.get();
        let upto = self.upto.get().unwrap_or(u64::MAX);
        self.run.with(|run| {
            let of_state = chosen
                .and_then(|id| run.visit(id))
                .filter(|visit| visit.state == state);
            let visit = match of_state {
                Some(visit) => Some(visit),
                None => run.visits_of(state).filter(|visit| visit.id <= upto).last(),
            };
            visit.map(read)
        })
    }

    /// What the expressions of a field can reach, as the last run had it.
    pub fn reach(self, state: &str, field: &str) -> Reach {
        let language = self.language(state);
        self.shown_visit(state, |visit| Reach::of(visit, field, language))
            .unwrap_or_default()
    }

    /// Says that something was done.
    pub fn say(self, text: &str) {
        self.toasts
            .with_value(|toasts| toasts.show(Toast::done(text)));
    }

    /// Says that something failed, and what can be done.
    pub fn say_failed(self, text: &str, help: &str) {
        self.toasts
            .with_value(|toasts| toasts.show(Toast::failed(text, help)));
    }

    /// The messages of the page, for work that goes on after the screen is gone.
    pub fn toasts(self) -> Option<Toasts> {
        self.toasts.try_get_value()
    }

    fn follow(self, applied: &Applied) {
        let mut selection = self.selection.get_untracked();
        for (from, to) in &applied.renamed {
            for state in &mut selection {
                if let Some(rest) = state.strip_prefix(from.as_str())
                    && (rest.is_empty() || rest.starts_with('/'))
                {
                    *state = format!("{to}{rest}");
                }
            }
        }
        if !applied.select.is_empty() {
            selection.clone_from(&applied.select);
        }
        if self.selection.with_untracked(|now| *now != selection) {
            self.selection.set(selection);
        }
        self.drop_gone();
    }

    /// A state that is gone can't stay selected.
    pub fn drop_gone(self) {
        let graph = self.editor.with_untracked(|editor| editor.graph().clone());
        let gone = |state: &StateRef| graph.node(state).is_none();
        if self.selection.with_untracked(|now| now.iter().any(gone)) {
            self.selection
                .update(|now| now.retain(|state| !gone(state)));
        }
    }
}

/// The innermost state that a pointer lies in.
pub fn state_of(pointer: &str) -> Option<StateRef> {
    let at = pointer.rfind("/States/")?;
    let name_from = at + "/States/".len();
    let rest = pointer.get(name_from..)?;
    let end = rest.find('/').map_or(pointer.len(), |end| name_from + end);
    pointer.get(..end).map(str::to_owned)
}

/// The name that a state's pointer ends in.
pub fn name_of(state: &str) -> String {
    state
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace("~1", "/")
        .replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_lies_in_its_innermost_state() {
        let check =
            |pointer, expected: Option<&str>| assert_eq!(state_of(pointer).as_deref(), expected);
        check("/States/A/Choices/0/Next", Some("/States/A"));
        check(
            "/States/M/ItemProcessor/States/In/Next",
            Some("/States/M/ItemProcessor/States/In"),
        );
        check("/States/M/ItemProcessor/StartAt", Some("/States/M"));
        check("/StartAt", None);
        assert_eq!(name_of("/States/a~1b"), "a/b");
    }
}
