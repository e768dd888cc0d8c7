//! Questions made of headings.

use super::add::Adding;
use crate::{
    call,
    load::{failure, load},
    session::use_session,
};
use awm_api::{knowledge::SourceList, questions::QuestionGenerate};
use awm_kit::{
    Button, ButtonVariant, Checkbox, ControlSize, Dialog, Field, Select, SelectOption, Toast,
    plural,
};
use leptos::prelude::*;

const COUNTS: [u32; 4] = [20, 50, 100, 500];
/// Questions that a model may be asked for at once.
const BY_MODEL: u32 = 100;

/// The dialog.
#[component]
pub(super) fn GenerateDialog(open: RwSignal<bool>, adding: Adding) -> impl IntoView {
    let session = use_session();
    let sources = load(|| SourceList {});
    let source = RwSignal::new(String::new());
    let limit = RwSignal::new("50".to_owned());
    let paraphrase = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let no_model =
        Signal::derive(move || session.settings.with(|settings| settings.models.is_empty()));
    let options = Signal::derive(move || {
        let mut options = vec![SelectOption::new("", "All documents")];
        let all = sources.value().unwrap_or_default();
        options.extend(
            all.into_iter()
                .map(|source| SelectOption::new(source.id, source.name)),
        );
        options
    });
    let counts = Signal::stored(
        COUNTS
            .iter()
            .map(|count| SelectOption::new(count.to_string(), format!("At most {count}")))
            .collect::<Vec<_>>(),
    );
    let go = move || {
        if busy.get_untracked() {
            return;
        }
        let by_model = paraphrase.get_untracked() && !no_model.get_untracked();
        let wanted: u32 = limit.get_untracked().parse().unwrap_or(50);
        let chosen = source.get_untracked();
        let request = QuestionGenerate {
            set_id: adding.set_id.get_value(),
            sources: if chosen.is_empty() {
                Vec::new()
            } else {
                vec![chosen]
            },
            limit: if by_model {
                wanted.min(BY_MODEL)
            } else {
                wanted
            },
            paraphrase: by_model,
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = call::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(done) => {
                    open.try_set(false);
                    adding.toasts.show(match (done.added, done.passed_over) {
                        (0, 0) => Toast::failed(
                            "No heading could be made a question",
                            "Sections need a heading that no other document has, and a sentence or two below it",
                        ),
                        (0, _) => Toast::done("All of them are in the set already"),
                        (added, _) => Toast::done(format!("Added {}", plural(added, "question", "questions"))),
                    });
                    adding.changed.run(());
                }
                Err(error) => adding.toasts.show(failure(&error)),
            }
        });
    };
    view! {
        <Dialog open=open title="Generate from headings" width=480 testid="generate-dialog">
            <form
                class="flex flex-col gap-4"
                on:submit=move |ev| {
                    ev.prevent_default();
                    go();
                }
            >
                <p class="text-sm text-ink-muted">
                    "Each question asks for the section below a heading that stands in one place only. The same documents give the same questions."
                </p>
                <Field label="Documents">
                    <Select value=source options=options on_change=move |id| source.set(id) />
                </Field>
                <Field label="Questions" hint="Evenly spread over the headings.">
                    <Select value=limit options=counts on_change=move |count| limit.set(count) />
                </Field>
                <Checkbox
                    checked=paraphrase
                    on_change=move |on| paraphrase.set(on)
                    disabled=no_model
                    label=Signal::derive(move || {
                        if no_model.get() {
                            "Ask in other words than the heading's (needs a language model: see Settings)".to_owned()
                        } else {
                            "Let the language model ask in other words than the heading's".to_owned()
                        }
                    })
                />
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Primary size=ControlSize::Large submit=true busy=busy testid="generate-go">
                        "Generate"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}
