//! Templates as cards with small drawings.

use super::{change::Changes, sketch::Sketch};
use crate::{
    load::{Load, failed, load},
    routes::states::workflow_kind,
};
use awm_api::workflows::{Template, TemplateList};
use awm_kit::{Badge, Skeleton};
use leptos::prelude::*;

/// The cards, all of them.
#[component]
pub(super) fn TemplateCards(changes: Changes) -> impl IntoView {
    let list = load(|| TemplateList {});
    move || match list.get() {
        Load::Loading => view! { <Skeleton rows=4 /> }.into_any(),
        Load::Failed(error) => failed(&error, move || list.reload()),
        Load::Ready(templates) => view! {
            <ul class="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
                {templates.into_iter().map(|template| card(template, changes)).collect_view()}
            </ul>
        }
        .into_any(),
    }
}

fn card(template: Template, changes: Changes) -> AnyView {
    let (word, icon) = workflow_kind(template.kind);
    let id = template.id.clone();
    view! {
        <li class="flex">
            <button
                type="button"
                class="group flex w-full flex-col overflow-hidden rounded-card border border-line bg-surface text-left shadow-small transition-[border-color] duration-80 hover:border-accent"
                data-testid=format!("template-card-{}", template.id)
                on:click=move |_| changes.open_template(id.clone())
            >
                <span class="flex h-36 w-full items-center justify-center overflow-hidden border-b border-line bg-sunken p-3">
                    <Sketch document=template.document />
                </span>
                <span class="flex w-full flex-1 flex-col gap-1 p-3">
                    <span class="flex items-center justify-between gap-2">
                        <span class="truncate text-sm font-semibold">{template.name}</span>
                        <Badge icon=icon>{word}</Badge>
                    </span>
                    <span class="line-clamp-3 text-xs text-ink-muted">{template.description}</span>
                </span>
            </button>
        </li>
    }
    .into_any()
}
