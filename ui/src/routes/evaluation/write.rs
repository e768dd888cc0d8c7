//! Writing a question with what is expected.

use super::questions::{INTO, place_of};
use crate::load::act_with;
use awm_api::questions::{Expected, Question, QuestionAdd, QuestionBody};
use awm_kit::{
    Button, ButtonVariant, Checkbox, ControlSize, Dialog, Field, Input, TextArea, use_toasts,
};
use leptos::prelude::*;

/// What the dialog writes.
#[derive(Clone, PartialEq)]
pub(super) enum Written {
    Nothing,
    New,
    Change(Question),
}

/// The dialog.
#[component]
pub(super) fn WriteDialog(
    written: RwSignal<Written>,
    set_id: String,
    changed: Callback<()>,
    save: Callback<(String, QuestionBody)>,
) -> impl IntoView {
    let toasts = use_toasts();
    let set_id = StoredValue::new(set_id);
    let open = RwSignal::new(false);
    let question = RwSignal::new(String::new());
    let places = RwSignal::new(String::new());
    let answer = RwSignal::new(String::new());
    let unanswerable = RwSignal::new(false);
    Effect::new(move |_| {
        let now = written.get();
        let body = match &now {
            Written::Change(question) => question.body.clone(),
            Written::Nothing | Written::New => QuestionBody::default(),
        };
        question.set(body.question);
        let lines: Vec<String> = body.relevant.iter().map(place_of).collect();
        places.set(lines.join("\n"));
        answer.set(body.answer.unwrap_or_default());
        unanswerable.set(body.unanswerable);
        open.set(now != Written::Nothing);
    });
    Effect::new(move |_| {
        if !open.get() && written.get_untracked() != Written::Nothing {
            written.set(Written::Nothing);
        }
    });
    let empty = Signal::derive(move || question.with(|text| text.trim().is_empty()));
    let title = Signal::derive(move || match written.get() {
        Written::Change(_) => "Change question".to_owned(),
        _ => "Write a question".to_owned(),
    });
    let go = move || {
        if empty.get_untracked() {
            return;
        }
        let refuses = unanswerable.get_untracked();
        let text = answer.get_untracked();
        let body = QuestionBody {
            question: question.get_untracked(),
            relevant: match refuses {
                true => Vec::new(),
                false => places.with_untracked(|text| text.lines().filter_map(expected).collect()),
            },
            answer: Some(text).filter(|text| !refuses && !text.trim().is_empty()),
            unanswerable: refuses,
        };
        match written.get_untracked() {
            Written::Change(question) => save.run((question.id, body)),
            _ => {
                let request = QuestionAdd {
                    set_id: Some(set_id.get_value()),
                    body: Some(body),
                    from_turn: None,
                };
                act_with(toasts, request, move |_| changed.run(()));
            }
        }
        open.set(false);
    };
    view! {
        <Dialog open=open title=title width=560 testid="question-dialog">
            <form
                class="flex flex-col gap-4"
                on:submit=move |ev| {
                    ev.prevent_default();
                    go();
                }
            >
                <Field label="Question">
                    <Input value=question on_input=move |text| question.set(text) autofocus=true testid="question-text" />
                </Field>
                <Checkbox
                    checked=unanswerable
                    on_change=move |on| unanswerable.set(on)
                    label="The documents have no answer: a refusal is right"
                />
                <div class="flex flex-col gap-4" class:hidden=move || unanswerable.get()>
                    <Field
                        label="Documents or sections that answer it"
                        hint="One a line: the document's name as Knowledge shows it, then the headings of a section with › between them, if only that is meant."
                    >
                        <TextArea value=places on_input=move |text| places.set(text) rows=3 mono=true placeholder="handbook/leave.md › Annual leave" testid="question-places" />
                    </Field>
                    <Field label="Words of the answer" hint="What the cited passage is to contain, such as a number or a name. May be left empty.">
                        <Input value=answer on_input=move |text| answer.set(text) testid="question-answer" />
                    </Field>
                </div>
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Primary size=ControlSize::Large submit=true disabled=empty reason="Write the question first" testid="question-save">
                        "Save"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}

/// A line as the document and section that it names.
fn expected(line: &str) -> Option<Expected> {
    let mut parts = line.split(INTO.trim()).map(str::trim);
    let document = parts.next().filter(|document| !document.is_empty())?;
    Some(Expected {
        document: document.to_owned(),
        section: parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_shown() {
        let named = |line: &str| expected(line).map(|found| (found.document, found.section));
        let some = |document: &str, section: &[&str]| {
            Some((
                document.to_owned(),
                section
                    .iter()
                    .map(|part| (*part).to_owned())
                    .collect::<Vec<_>>(),
            ))
        };
        assert_eq!(named("a/b.md"), some("a/b.md", &[]));
        assert_eq!(named(" a.md › Top ›Part "), some("a.md", &["Top", "Part"]));
        assert_eq!(named("  "), None);
    }
}
