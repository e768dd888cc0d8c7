//! Ways for questions to come in, and out.

use super::write::Written;
use crate::{
    load::{act_with, failure},
    routes::editor::export::offer,
    uploads::choose_files,
};
use awm_api::questions::{QuestionExport, QuestionFormat, QuestionImport};
use awm_kit::{Glyph, Icon, Menu, MenuEntry, MenuItem, Toast, Toasts, plural};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What the ways in share; a copy of it may be kept anywhere.
#[derive(Clone, Copy)]
pub(super) struct Adding {
    pub(super) set_id: StoredValue<String>,
    pub(super) written: RwSignal<Written>,
    pub(super) generating: RwSignal<bool>,
    pub(super) toasts: Toasts,
    /// Told that there are other questions now.
    pub(super) changed: Callback<()>,
}

impl Adding {
    /// Lets the reader choose a file of questions.
    pub(super) fn import(self) {
        let toasts = self.toasts;
        choose_files(false, move |files| {
            for chosen in files {
                leptos::task::spawn_local(async move {
                    let read = JsFuture::from(chosen.file.text()).await;
                    match read.ok().and_then(|text| text.as_string()) {
                        Some(text) => self.take(toasts, &chosen.name, text),
                        None => toasts.show(Toast::failed(
                            format!("Couldn't read {}", chosen.name),
                            "Check that it is a text file that may be read",
                        )),
                    }
                });
            }
        });
    }

    fn take(self, toasts: Toasts, name: &str, text: String) {
        let format = match name.to_lowercase().ends_with(".csv") {
            true => QuestionFormat::Csv,
            false => QuestionFormat::Jsonl,
        };
        let set_id = self.set_id.get_value();
        let request = QuestionImport {
            set_id,
            format,
            text,
        };
        act_with(toasts, request, move |done| {
            let mut told = format!("Added {}", plural(done.added, "question", "questions"));
            if done.passed_over > 0 {
                told.push_str(&format!(", {} were there already", done.passed_over));
            }
            match done.problems.first() {
                None => toasts.show(Toast::done(told)),
                Some(first) => toasts.show(Toast::failed(
                    format!(
                        "{told}; {} couldn't be read",
                        plural(done.broken, "line", "lines")
                    ),
                    format!("Line {}: {}", first.line, first.message),
                )),
            }
            self.changed.run(());
        });
    }

    fn export(self, toasts: Toasts, format: QuestionFormat) {
        let set_id = self.set_id.get_value();
        act_with(toasts, QuestionExport { set_id, format }, move |file| {
            if offer(&file.text, &file.file_name).is_none() {
                toasts.show(failure(&awm_api::UserError::new(
                    awm_api::Code::Internal,
                    "the browser didn't take the file",
                )));
            }
        });
    }
}

/// The button with all of them.
#[component]
pub(super) fn AddMenu(adding: Adding) -> impl IntoView {
    let toasts = adding.toasts;
    let entries = Signal::stored(vec![
        MenuItem::new("Write…", move || adding.written.set(Written::New))
            .icon(Icon::Edit)
            .into(),
        MenuItem::new("Generate from headings…", move || {
            adding.generating.set(true);
        })
        .icon(Icon::Sparkles)
        .into(),
        MenuItem::new("Import CSV or JSONL…", move || adding.import())
            .icon(Icon::Import)
            .into(),
        MenuEntry::Divider,
        MenuItem::new("Export as CSV", move || {
            adding.export(toasts, QuestionFormat::Csv);
        })
        .icon(Icon::Download)
        .into(),
        MenuItem::new("Export as JSONL", move || {
            adding.export(toasts, QuestionFormat::Jsonl);
        })
        .icon(Icon::Download)
        .into(),
    ]);
    view! {
        <Menu
            label="Add questions"
            entries=entries
            align_right=true
            testid="question-add"
            class="inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-control border border-line-strong bg-surface px-3 text-sm font-medium whitespace-nowrap shadow-small hover:bg-sunken"
        >
            <Glyph icon=Icon::Plus size=14 />
            "Add"
            <Glyph icon=Icon::ChevronDown size=14 />
        </Menu>
    }
}
