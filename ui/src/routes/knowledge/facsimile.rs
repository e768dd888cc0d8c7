//! A page of a document as it looks, the passage marked on it.

use crate::load::{Load, capital, load};
use awm_api::facsimile::{DocumentPage, Mark, PageFacsimile};
use awm_kit::{Callout, Icon, IconButton, Skeleton, Tone};
use leptos::{ev::KeyboardEvent, html, prelude::*};

/// Percent of the pane's width that a page is drawn at.
const ZOOMS: &[u32] = &[50, 75, 100, 125, 150, 200, 300];
/// Pixels of a picture for a pane's width, and for one that is looked at closely.
const WIDTHS: (u32, u32) = (1_200, 2_200);

/// The pages of a document, one at a time. `at` is the page to open, which may change with the passage.
#[component]
pub(super) fn Facsimile(
    id: String,
    name: String,
    pages: u32,
    #[prop(into)] at: Signal<u32>,
    range: Memo<Option<(u32, u32)>>,
) -> impl IntoView {
    let last = pages.max(1);
    let page = RwSignal::new(at.get_untracked().clamp(1, last));
    Effect::new(move |_| page.set(at.get().clamp(1, last)));
    let zoom = RwSignal::new(100_u32);
    let close = Memo::new(move |_| zoom.get() > 125);
    let loader = load(move || DocumentPage {
        id: id.clone(),
        page: page.get(),
        range: range.get(),
        width: Some(if close.get() { WIDTHS.1 } else { WIDTHS.0 }),
    });
    let turn = move |by: i64| {
        page.update(|page| {
            let next = i64::from(*page)
                .saturating_add(by)
                .clamp(1, i64::from(last));
            *page = u32::try_from(next).unwrap_or(1);
        });
    };
    let keys = move |ev: KeyboardEvent| match ev.key().as_str() {
        "ArrowLeft" if zoom.get_untracked() <= 100 => turn(-1),
        "ArrowRight" if zoom.get_untracked() <= 100 => turn(1),
        _ => {}
    };
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let (Some(_), Some(pane)) = (loader.value(), node.get()) else {
            return;
        };
        request_animation_frame(move || {
            if let Ok(Some(mark)) = pane.query_selector("[data-mark]") {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Center);
                mark.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    });
    let shown = move || match loader.get() {
        Load::Loading => view! { <div class="p-6"><Skeleton rows=12 text=true /></div> }.into_any(),
        Load::Failed(error) => view! {
            <div class="p-4">
                <Callout tone=Tone::Warn icon=Icon::Warning>
                    {format!("This page can’t be shown: {}. ", error.message)}
                    {capital(&error.help)}
                </Callout>
            </div>
        }
        .into_any(),
        Load::Ready(found) => picture(&found, &name, zoom, page),
    };
    // The text of a passage may run over from the page before, or be put together otherwise than the page has it.
    let unmarked = move || {
        let here = loader.value().is_some_and(|found| {
            found.marks.is_empty() && found.page == at.get() && found.page == page.get()
        });
        here && range.get().is_some()
    };
    view! {
        <section class="flex h-full min-h-0 flex-col" aria-label="Page" data-testid="document-page">
            <div class="flex h-10 shrink-0 items-center gap-1 border-b border-line px-3">
                <IconButton
                    icon=Icon::ChevronLeft
                    label="Previous page"
                    disabled=Signal::derive(move || page.get() <= 1)
                    testid="page-previous"
                    on_click=move |_| turn(-1)
                />
                <span class="min-w-24 text-center text-xs text-ink-muted tabular-nums" aria-live="polite" data-testid="page-number">
                    {move || format!("Page {} of {last}", page.get())}
                </span>
                <IconButton
                    icon=Icon::ChevronRight
                    label="Next page"
                    disabled=Signal::derive(move || page.get() >= last)
                    testid="page-next"
                    on_click=move |_| turn(1)
                />
                <span class="flex-1"></span>
                <IconButton
                    icon=Icon::ZoomOut
                    label="Smaller"
                    disabled=Signal::derive(move || smaller(zoom.get()).is_none())
                    on_click=move |_| zoom.update(|zoom| *zoom = smaller(*zoom).unwrap_or(*zoom))
                />
                <span class="w-10 text-center text-xs text-ink-muted tabular-nums">{move || format!("{}%", zoom.get())}</span>
                <IconButton
                    icon=Icon::ZoomIn
                    label="Larger"
                    disabled=Signal::derive(move || larger(zoom.get()).is_none())
                    on_click=move |_| zoom.update(|zoom| *zoom = larger(*zoom).unwrap_or(*zoom))
                />
                <IconButton icon=Icon::Fit label="Fit the width" on_click=move |_| zoom.set(100) />
            </div>
            {move || {
                unmarked()
                    .then(|| {
                        view! {
                            <p class="shrink-0 border-b border-line px-4 py-1.5 text-xs text-ink-muted" data-testid="page-unmarked">
                                "The passage’s words are not found on this page as they stand; they are marked in the text."
                            </p>
                        }
                    })
            }}
            <div node_ref=node class="min-h-0 flex-1 overflow-auto bg-sunken p-4" tabindex="0" on:keydown=keys>
                {shown}
            </div>
        </section>
    }
}

fn picture(found: &PageFacsimile, name: &str, zoom: RwSignal<u32>, page: RwSignal<u32>) -> AnyView {
    let number = found.page;
    let marks = found.marks.iter().map(mark).collect_view();
    view! {
        <div
            class="relative mx-auto border border-line shadow-small transition-opacity duration-120 data-[old=true]:opacity-60"
            data-old=move || (page.get() != number).to_string()
            style=move || format!("width:{}%", zoom.get())
        >
            <img
                class="block h-auto w-full"
                src=format!("data:image/png;base64,{}", found.png)
                width=found.width
                height=found.height
                alt=format!("Page {number} of {name}")
                draggable="false"
            />
            {marks}
        </div>
    }
    .into_any()
}

fn mark(mark: &Mark) -> impl IntoView + use<> {
    // A little larger than the letters, as a marker pen is.
    let style = format!(
        "left:{:.3}%;top:{:.3}%;width:{:.3}%;height:{:.3}%;background:color-mix(in oklch, var(--warn) 36%, transparent)",
        (mark.x - 0.002) * 100.0,
        (mark.y - 0.001) * 100.0,
        (mark.width + 0.004) * 100.0,
        (mark.height + 0.002) * 100.0,
    );
    view! { <div data-mark="" data-testid="page-mark" class="pointer-events-none absolute rounded-[2px] mix-blend-multiply" style=style></div> }
}

fn larger(zoom: u32) -> Option<u32> {
    ZOOMS.iter().copied().find(|one| *one > zoom)
}

fn smaller(zoom: u32) -> Option<u32> {
    ZOOMS.iter().rev().copied().find(|one| *one < zoom)
}
