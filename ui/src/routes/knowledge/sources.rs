//! The sources, at the side.

use crate::{
    load::{Loader, act_with},
    naming::{Asked, Named, NamingDialog, NamingMenu},
    routes::query::QueryValue,
};
use awm_api::knowledge::{Source, SourceCreate, SourceDelete, SourceRename};
use awm_kit::{ControlSize, Glyph, Icon, IconButton, Toast, count, plural, use_toasts};
use leptos::prelude::*;

impl Named for Source {
    const KIND: &'static str = "source";

    fn name(&self) -> &str {
        &self.name
    }

    fn loss(&self) -> String {
        format!(
            "{} and {} leave the knowledge base. The original files stay where they are. This can't be undone.",
            plural(self.documents, "document", "documents"),
            plural(self.passages, "passage", "passages"),
        )
    }
}

/// The list of sources.
#[component]
pub(super) fn Sources(sources: Loader<Vec<Source>>, chosen: QueryValue) -> impl IntoView {
    let asked = RwSignal::new(Asked::Nothing);
    let all = move || sources.value().unwrap_or_default();
    let total = move || all().iter().map(|source| source.documents).sum::<u64>();
    let class = "group flex h-8 w-full min-w-0 items-center gap-2 rounded-control px-2 text-left text-sm text-ink-muted hover:bg-fill hover:text-ink aria-[current=true]:bg-fill aria-[current=true]:font-medium aria-[current=true]:text-ink";
    view! {
        <aside class="flex w-56 shrink-0 flex-col border-r border-line" aria-label="Sources">
            <div class="flex h-14 shrink-0 items-center justify-between pr-3 pl-5">
                <h2 class="text-xs font-medium text-ink-faint">"Sources"</h2>
                <IconButton icon=Icon::Plus label="New source" size=ControlSize::Tiny testid="source-new" on_click=move |_| asked.set(Asked::New) />
            </div>
            <ul class="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
                <li>
                    <button type="button" class=class aria-current=move || chosen.get().is_empty().to_string() on:click=move |_| chosen.set("")>
                        <Glyph icon=Icon::Layers />
                        <span class="min-w-0 flex-1 truncate">"All documents"</span>
                        <span class="text-xs text-ink-faint tabular-nums">{move || count(total())}</span>
                    </button>
                </li>
                <li>
                    <button
                        type="button"
                        class=class
                        data-testid="sources-sites"
                        aria-current=move || (chosen.get() == super::sites::VIEW).to_string()
                        on:click=move |_| chosen.set(super::sites::VIEW)
                    >
                        <Glyph icon=Icon::Globe />
                        <span class="min-w-0 flex-1 truncate">"Websites and feeds"</span>
                    </button>
                </li>
                <For each=all key=|source| (source.id.clone(), source.name.clone(), source.documents, source.failed) let(source)>
                    {
                        let (id, own) = (source.id.clone(), source.id.clone());
                        let thing = source.clone();
                        view! {
                            <li class="flex items-center">
                                <button
                                    type="button"
                                    class=class
                                    data-testid=format!("source-{}", source.name)
                                    aria-current=move || (chosen.get() == own).to_string()
                                    on:click=move |_| chosen.set(id.clone())
                                >
                                    <Glyph icon=Icon::Folder />
                                    <span class="min-w-0 flex-1 truncate">{source.name.clone()}</span>
                                    {(source.failed > 0)
                                        .then(|| {
                                            view! {
                                                <span class="inline-flex text-crit" data-tip=format!("{} failed", count(source.failed))>
                                                    <Glyph icon=Icon::Warning size=12 />
                                                </span>
                                            }
                                        })}
                                    <span class="text-xs text-ink-faint tabular-nums">{count(source.documents)}</span>
                                </button>
                                <NamingMenu thing=thing asked=asked />
                            </li>
                        }
                    }
                </For>
            </ul>
            <SourceDialog asked=asked sources=sources chosen=chosen />
        </aside>
    }
}

#[component]
fn SourceDialog(
    asked: RwSignal<Asked<Source>>,
    sources: Loader<Vec<Source>>,
    chosen: QueryValue,
) -> impl IntoView {
    let toasts = use_toasts();
    let go = move |(asked, name): (Asked<Source>, String)| match asked {
        Asked::Nothing => {}
        Asked::New => act_with(toasts, SourceCreate { name }, move |made| {
            sources.reload();
            chosen.set(made.id);
        }),
        Asked::Rename(source) => {
            let id = source.id;
            act_with(toasts, SourceRename { id, name }, move |_| sources.reload());
        }
        Asked::Delete(source) => act_with(toasts, SourceDelete { id: source.id }, move |gone| {
            let what = plural(gone.documents, "document", "documents");
            toasts.show(Toast::done(format!("Deleted {} with {what}", source.name)));
            chosen.set("");
            sources.reload();
        }),
    };
    view! { <NamingDialog asked=asked on_go=go testids=("source-name", "source-save") /> }
}
