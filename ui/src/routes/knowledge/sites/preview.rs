//! What would be taken, page by page, before anything is.

use super::{
    form::Form,
    words::{page_state, reason},
};
use crate::call;
use awm_api::{
    UserError,
    crawl::{CrawlPage, CrawlPreview, CrawlUpdate, PageState},
};
use awm_kit::{Button, Callout, ControlSize, Icon, Tone, count};
use futures::{StreamExt, future::AbortHandle};
use leptos::prelude::*;

/// Pages that are shown as taken.
const PAGES: u32 = 20;
/// Rows that are drawn of those that are left out.
const LEFT_OUT: usize = 100;

/// The button and, once it is pressed, the rows.
#[component]
pub(super) fn Preview(form: Form) -> impl IntoView {
    let rows = RwSignal::new(Vec::<CrawlPage>::new());
    let error = RwSignal::new(None::<UserError>);
    let running = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let handle = StoredValue::new(None::<AbortHandle>);
    let stop = move || {
        if let Some(Some(handle)) = handle.try_update_value(Option::take) {
            handle.abort();
        }
        running.try_set(false);
    };
    on_cleanup(stop);
    let begin = move || {
        stop();
        rows.set(Vec::new());
        error.set(None);
        asked.set(true);
        running.set(true);
        let spec = form.spec();
        let (work, abort) = futures::future::abortable(async move {
            if let Err(found) = form.keep_credential().await {
                error.try_set(Some(found));
                running.try_set(false);
                return;
            }
            let mut updates = call::stream(CrawlPreview {
                spec,
                limit: Some(PAGES),
            });
            while let Some(update) = updates.next().await {
                match update {
                    Ok(CrawlUpdate::Page { page, .. }) => {
                        rows.try_update(|rows| rows.push(page));
                    }
                    Ok(_) => {}
                    Err(found) => {
                        error.try_set(Some(found));
                    }
                }
            }
            running.try_set(false);
        });
        handle.set_value(Some(abort));
        leptos::task::spawn_local(async move {
            // It ends by itself, or because the dialog was closed.
            let _: Result<(), _> = work.await;
        });
    };
    let taken = move || {
        rows.with(|rows| {
            rows.iter()
                .filter(|page| page.state == PageState::Taken)
                .count() as u64
        })
    };
    let told = move || {
        let (taken, all) = (taken(), rows.with(Vec::len) as u64);
        format!(
            "{} would be taken, {} would not{}",
            count(taken),
            count(all - taken),
            if running.get() { " so far" } else { "" }
        )
    };
    let sorted = Memo::new(move |_| {
        rows.with(|rows| {
            let (taken, out): (Vec<&CrawlPage>, Vec<&CrawlPage>) =
                rows.iter().partition(|page| page.state == PageState::Taken);
            taken
                .into_iter()
                .chain(out.into_iter().take(LEFT_OUT))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="flex flex-col gap-2">
            <div class="flex items-center gap-3">
                <Button
                    size=ControlSize::Small
                    icon=Icon::Eye
                    busy=running
                    disabled=Signal::derive(move || form.missing().is_some())
                    reason=Signal::derive(move || form.missing().unwrap_or_default().to_owned())
                    testid="site-preview"
                    on_click=move |_| begin()
                >
                    "Preview"
                </Button>
                <span class="text-xs text-ink-muted tabular-nums" aria-live="polite">
                    {move || if asked.get() { told() } else { "Looks at the first pages and keeps nothing.".to_owned() }}
                </span>
            </div>
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <Callout tone=Tone::Crit icon=Icon::Warning>
                                {format!("{}. {}", crate::load::capital(&error.message), crate::load::capital(&error.help))}
                            </Callout>
                        }
                    })
            }}
            <Show when=move || rows.with(|rows| !rows.is_empty())>
                <ul class="max-h-56 overflow-y-auto rounded-control border border-line text-xs" data-testid="site-preview-rows">
                    <For each=move || sorted.get() key=|page| (page.url.clone(), page.state) let(page)>
                        <li class="flex items-center gap-3 border-b border-line px-3 py-1.5 last:border-b-0">
                            <span class="w-24 shrink-0">{page_state(&page)}</span>
                            <span class="min-w-0 flex-1 truncate font-mono" data-tip=page.title.clone()>{page.url.clone()}</span>
                            <span class="max-w-[45%] truncate text-ink-muted" data-tip=reason(&page)>{reason(&page)}</span>
                        </li>
                    </For>
                </ul>
            </Show>
        </div>
    }
}
