//! Filters of a search, as chips.

use crate::load::load;
use awm_api::knowledge::{SearchFilter, TagList};
use awm_kit::{Input, Select, SelectOption, now_ms};
use leptos::prelude::*;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What narrows a search: tags, when documents changed, their path, the language.
#[component]
pub(super) fn Filters(filter: RwSignal<SearchFilter>) -> impl IntoView {
    let tags = load(|| TagList { document_id: None });
    let since = RwSignal::new(String::new());
    let language =
        Signal::derive(move || filter.with(|f| f.languages.first().cloned().unwrap_or_default()));
    let path = Signal::derive(move || filter.with(|f| f.path.clone().unwrap_or_default()));
    let options = |pairs: &[(&str, &str)]| -> Vec<SelectOption> {
        pairs
            .iter()
            .map(|(value, label)| SelectOption::new(*value, *label))
            .collect()
    };
    let times = options(&[
        ("", "Any time"),
        ("7", "Last 7 days"),
        ("30", "Last 30 days"),
        ("365", "Last year"),
    ]);
    let languages = options(&[
        ("", "Any language"),
        ("en", "English"),
        ("other", "Other languages"),
        ("cjk", "Chinese, Japanese, Korean"),
    ]);
    view! {
        <div class="flex shrink-0 flex-wrap items-center gap-2 px-6 pt-3" role="group" aria-label="Filters" data-testid="search-filters">
            <div class="w-36">
                <Select
                    value=since
                    options=times
                    label="Changed"
                    on_change=move |days: String| {
                        let from = days.parse::<i64>().ok().map(|days| now_ms() - days * DAY);
                        filter.update(|f| f.from = from);
                        since.set(days);
                    }
                />
            </div>
            <div class="w-44">
                <Select
                    value=language
                    options=languages
                    label="Language"
                    on_change=move |class: String| {
                        filter.update(|f| f.languages = Some(class).filter(|class| !class.is_empty()).into_iter().collect());
                    }
                />
            </div>
            <div class="w-52">
                <Input
                    value=path
                    on_input=Callback::new(move |text: String| filter.update(|f| f.path = Some(text).filter(|text| !text.is_empty())))
                    placeholder="Path or *.pdf"
                    label="Path of the documents"
                    testid="search-path"
                />
            </div>
            {move || {
                tags.value()
                    .unwrap_or_default()
                    .into_iter()
                    .take(12)
                    .map(|count| chip(filter, count.tag, count.documents))
                    .collect_view()
            }}
        </div>
    }
}

fn chip(filter: RwSignal<SearchFilter>, tag: String, documents: u64) -> impl IntoView {
    let own = tag.clone();
    let chosen = Signal::derive(move || filter.with(|f| f.tags.contains(&own)));
    let toggled = tag.clone();
    view! {
        <button
            type="button"
            class="inline-flex h-6 items-center gap-1 rounded-full border border-line px-2 text-xs text-ink-muted hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
            aria-pressed=move || chosen.get().to_string()
            on:click=move |_| {
                filter
                    .update(|f| match f.tags.iter().position(|known| *known == toggled) {
                        Some(at) => {
                            f.tags.remove(at);
                        }
                        None => f.tags.push(toggled.clone()),
                    })
            }
        >
            {tag}
            <span class="tabular-nums text-ink-faint">{documents}</span>
        </button>
    }
}
