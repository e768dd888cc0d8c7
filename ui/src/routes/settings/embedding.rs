//! What makes the vectors of passages and questions.

use crate::session::use_session;
use awm_api::settings::{Embedding, ModelKind};
use awm_kit::{
    Button, ButtonVariant, Callout, Checkbox, Field, Input, Segmented, SelectOption, Tone,
};
use leptos::prelude::*;

const BUILT_IN: &str = "built_in";
const FOLDER: &str = "folder";
const OLLAMA: &str = "ollama";
const OPEN_AI: &str = "openai";

#[component]
pub(super) fn EmbeddingSection() -> impl IntoView {
    let session = use_session();
    let stored = session
        .settings
        .with_untracked(|settings| settings.embedding.clone());
    let (first, path_then, url_then, name_then, english_then) = match stored {
        Embedding::BuiltIn => (BUILT_IN, String::new(), String::new(), String::new(), false),
        Embedding::Folder { path } => (FOLDER, path, String::new(), String::new(), false),
        Embedding::Server {
            protocol,
            base_url,
            name,
            english_only,
        } => {
            let kind = match protocol {
                ModelKind::Ollama => OLLAMA,
                ModelKind::OpenAiCompatible => OPEN_AI,
            };
            (kind, String::new(), base_url, name, english_only)
        }
    };
    let kind = RwSignal::new(first.to_owned());
    let path = RwSignal::new(path_then);
    let url = RwSignal::new(url_then);
    let name = RwSignal::new(name_then);
    let english = RwSignal::new(english_then);
    let saved = RwSignal::new(false);
    let is_server = Memo::new(move |_| matches!(kind.get().as_str(), OLLAMA | OPEN_AI));
    let lacking = Signal::derive(move || match kind.get().as_str() {
        FOLDER => path.with(|path| path.trim().is_empty()),
        OLLAMA | OPEN_AI => {
            url.with(|url| !url.trim().starts_with("http"))
                || name.with(|name| name.trim().is_empty())
        }
        _ => false,
    });
    let save = move |_| {
        let embedding = untrack(|| match kind.get().as_str() {
            FOLDER => Embedding::Folder {
                path: path.get().trim().to_owned(),
            },
            OLLAMA | OPEN_AI => Embedding::Server {
                protocol: match kind.get().as_str() {
                    OLLAMA => ModelKind::Ollama,
                    _ => ModelKind::OpenAiCompatible,
                },
                base_url: url.get().trim().trim_end_matches('/').to_owned(),
                name: name.get().trim().to_owned(),
                english_only: english.get(),
            },
            _ => Embedding::BuiltIn,
        });
        session.change(|settings| settings.embedding = embedding);
        saved.set(true);
    };
    let choose = move |to: String| {
        if to == OLLAMA && url.with_untracked(String::is_empty) {
            url.set("http://localhost:11434".into());
        }
        saved.set(false);
        kind.set(to);
    };
    let options = vec![
        SelectOption::new(BUILT_IN, "Built in"),
        SelectOption::new(FOLDER, "A model of mine"),
        SelectOption::new(OLLAMA, "Ollama"),
        SelectOption::new(OPEN_AI, "OpenAI-compatible"),
    ];
    view! {
        <p class="-mt-4 text-sm text-ink-muted">
            "Search by meaning compares vectors, which this model makes of every passage and question. Vectors of two models are never mixed."
        </p>
        <div class="flex flex-col gap-4 rounded-card border border-line bg-surface p-5 shadow-small" data-testid="embedding">
            <div>
                <Segmented value=kind options=options on_change=choose label="What makes the vectors" />
            </div>
            <Show when=move || kind.get() == BUILT_IN>
                <p class="text-sm text-ink-muted">
                    "all-MiniLM-L6-v2 on this machine. It knows English; passages in other languages are found by their words."
                </p>
            </Show>
            <Show when=move || kind.get() == FOLDER>
                <Field label="Folder" hint="With model.onnx and tokenizer.json, as sentence-transformers exports them.">
                    <Input value=path on_input=move |text| path.set(text) mono=true testid="embedding-path" />
                </Field>
            </Show>
            <Show when=move || is_server.get()>
                <Field label="Base address" hint=Signal::derive(move || if kind.get() == OLLAMA { "Such as http://localhost:11434" } else { "Such as https://…/v1. The key of the language model is used if that has the same address." })>
                    <Input value=url on_input=move |text| url.set(text) mono=true testid="embedding-url" />
                </Field>
                <Field label="Model" hint="Its name at that address.">
                    <Input value=name on_input=move |text| name.set(text) mono=true testid="embedding-name" />
                </Field>
                <Checkbox checked=english on_change=move |on| english.set(on) label="It knows English only" />
            </Show>
            <div>
                <Button
                    variant=ButtonVariant::Primary
                    disabled=lacking
                    reason="A folder, or an address that begins with http and a model's name, is needed"
                    testid="embedding-save"
                    on_click=save
                >
                    "Save"
                </Button>
            </div>
            <Show when=move || saved.get()>
                <Callout tone=Tone::Info>
                    "Saved. It holds from the next start; then all passages are embedded anew in the background, and are found by their words meanwhile."
                </Callout>
            </Show>
        </div>
    }
}
