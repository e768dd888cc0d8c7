//! The crawls, with what came of each and what can be done.

use super::{
    pages_of,
    words::{address, crawl_state, kind},
};
use crate::{load::act_with, routes::query::QueryValue};
use awm_api::crawl::{Crawl, CrawlCancel, CrawlDelete, CrawlPause, CrawlStart, CrawlState};
use awm_kit::{
    Ago, Button, ButtonVariant, Checkbox, Column, ControlSize, Dialog, Glyph, Icon, Menu,
    MenuEntry, MenuItem, Table, Toast, Toasts, count, plural, use_toasts,
};
use leptos::prelude::*;

/// The table.
#[component]
pub(super) fn List(
    crawls: Memo<Vec<Crawl>>,
    opened: RwSignal<Option<String>>,
    chosen: QueryValue,
) -> impl IntoView {
    let toasts = use_toasts();
    let deleting = RwSignal::new(None::<Crawl>);
    let columns = vec![
        Column::new("name", "Name", "minmax(180px,1.6fr)", |crawl: &Crawl| {
            let (word, icon) = kind(&crawl.spec);
            view! {
                <span class="flex min-w-0 items-center gap-2" data-tip=format!("{word}: {}", address(&crawl.spec))>
                    <Glyph icon=icon size=14 class="text-ink-faint" />
                    <span class="truncate font-medium">{crawl.name.clone()}</span>
                    <span class="truncate text-xs text-ink-faint">{address(&crawl.spec)}</span>
                </span>
            }
            .into_any()
        }),
        Column::new("state", "State", "minmax(150px,1.2fr)", crawl_state),
        Column::new("pages", "Pages", "80px", |crawl: &Crawl| {
            view! { <span>{count(pages_of(crawl))}</span> }.into_any()
        })
        .right(),
        Column::new("out", "Left out", "88px", |crawl: &Crawl| {
            let told: Vec<String> = crawl
                .counts
                .reasons
                .iter()
                .map(|(reason, number)| format!("{}: {}", count(*number), reason.words()))
                .collect();
            let out = crawl.counts.skipped + crawl.counts.failed;
            view! { <span class="text-ink-muted" data-tip=told.join(" · ")>{count(out)}</span> }
                .into_any()
        })
        .right(),
        Column::new("synced", "Last sync", "96px", |crawl: &Crawl| {
            let at = crawl.ended_at.or(crawl.started_at);
            view! { <span class="text-ink-muted">{at.map(|at| view! { <Ago at=at /> })}</span> }
                .into_any()
        })
        .right(),
        Column::new("next", "Next", "104px", |crawl: &Crawl| {
            let text = match (crawl.every_hours, crawl.next_at) {
                (None, _) => "by hand".to_owned(),
                (Some(hours), None) => format!("every {hours} h"),
                (Some(_), Some(at)) => format!(
                    "in {}",
                    awm_kit::duration(u64::try_from(at - awm_kit::now_ms()).unwrap_or(0))
                ),
            };
            view! { <span class="text-ink-muted">{text}</span> }.into_any()
        })
        .right(),
        Column::new("actions", "", "132px", move |crawl: &Crawl| {
            actions(crawl, toasts, opened, chosen, deleting)
        }),
    ];
    view! {
        <Table
            rows=crawls
            columns=columns
            key=|crawl| crawl.id.clone()
            label="Crawls"
            on_open=move |crawl: Crawl| opened.set(Some(crawl.id))
            row_testid="site-row"
        />
        <DeleteDialog deleting=deleting toasts=toasts />
    }
}

fn actions(
    crawl: &Crawl,
    toasts: Toasts,
    opened: RwSignal<Option<String>>,
    chosen: QueryValue,
    deleting: RwSignal<Option<Crawl>>,
) -> AnyView {
    let running = crawl.state == CrawlState::Running;
    let id = crawl.id.clone();
    let press = move |ev: leptos::ev::MouseEvent| {
        ev.stop_propagation();
        let id = id.clone();
        match running {
            true => act_with(toasts, CrawlPause { id }, |_| ()),
            false => act_with(toasts, CrawlStart { id }, |_| ()),
        }
    };
    let (icon, word) = match crawl.state {
        CrawlState::Running => (Icon::Pause, "Pause"),
        CrawlState::Paused => (Icon::Play, "Resume"),
        CrawlState::Idle => (Icon::Retry, "Sync now"),
    };
    let (log, cancelled, source, deleted) = (
        crawl.id.clone(),
        crawl.id.clone(),
        crawl.source_id.clone(),
        crawl.clone(),
    );
    let mut entries: Vec<MenuEntry> = vec![
        MenuItem::new("Page log", move || opened.set(Some(log.clone())))
            .icon(Icon::List)
            .into(),
        MenuItem::new("Show its documents", move || chosen.set(source.clone()))
            .icon(Icon::FileText)
            .into(),
    ];
    if crawl.state != CrawlState::Idle {
        entries.push(
            MenuItem::new("Cancel this sync", move || {
                let id = cancelled.clone();
                act_with(toasts, CrawlCancel { id }, |_| ());
            })
            .icon(Icon::Close)
            .into(),
        );
    }
    entries.push(MenuEntry::Divider);
    entries.push(
        MenuItem::new("Delete…", move || deleting.set(Some(deleted.clone())))
            .icon(Icon::Trash)
            .danger()
            .into(),
    );
    let entries = Signal::stored(entries);
    view! {
        <span class="flex items-center gap-1" on:click=|ev| ev.stop_propagation()>
            <Button size=ControlSize::Tiny icon=icon testid="site-sync" on_click=press>{word}</Button>
            <Menu
                label=format!("Actions for {}", crawl.name)
                entries=entries
                align_right=true
                class="inline-flex h-7 w-6 shrink-0 items-center justify-center rounded-control text-ink-faint hover:bg-fill hover:text-ink"
            >
                <Glyph icon=Icon::More size=14 />
            </Menu>
        </span>
    }
    .into_any()
}

#[component]
fn DeleteDialog(deleting: RwSignal<Option<Crawl>>, toasts: Toasts) -> impl IntoView {
    let open = RwSignal::new(false);
    let keep = RwSignal::new(false);
    Effect::new(move |_| open.set(deleting.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && deleting.with_untracked(Option::is_some) {
            deleting.set(None);
        }
    });
    let title = Signal::derive(move || {
        let name = deleting.with(|crawl| crawl.as_ref().map(|crawl| crawl.name.clone()));
        format!("Delete {}?", name.unwrap_or_default())
    });
    let go = move || {
        let Some(crawl) = deleting.get_untracked() else {
            return;
        };
        let request = CrawlDelete {
            id: crawl.id,
            keep_documents: keep.get_untracked(),
        };
        act_with(toasts, request, move |gone| {
            let what = plural(gone.documents, "document", "documents");
            toasts.show(Toast::done(format!("Deleted {} with {what}", crawl.name)));
        });
        open.set(false);
    };
    view! {
        <Dialog open=open title=title width=440>
            <div class="flex flex-col gap-4">
                <p class="text-sm">"Its page log is deleted, and what was taken leaves the knowledge base. The pages themselves stay where they are. This can't be undone."</p>
                <Checkbox checked=keep on_change=move |on| keep.set(on) label="Keep its documents" />
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Danger size=ControlSize::Large testid="site-delete" on_click=move |_| go()>"Delete"</Button>
                </div>
            </div>
        </Dialog>
    }
}
