//! A document's text with a passage marked.

use super::{super::query::query_value, facsimile::Facsimile, tags::Tags};
use crate::{
    load::{draw, load},
    marked::pieces,
    session::{Crumb, use_session},
};
use awm_api::knowledge::{DocumentGet, DocumentText, Passage};
use awm_kit::{Badge, Segmented, SelectOption, Skeleton, bytes, plural, recall, remember};
use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_params_map};

/// The document that the address names, the passage from its query.
#[component]
pub(crate) fn DocumentScreen() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let (start, end) = (query_value("start"), query_value("end"));
    let range = Memo::new(move |_| Some((start.get().parse().ok()?, end.get().parse().ok()?)));
    let loader = load(move || DocumentGet { id: id.get() });
    session.at(vec![
        Crumb::link("Knowledge", "/knowledge"),
        Crumb::here("…"),
    ]);
    Effect::new(move |_| {
        if let Some(found) = loader.value() {
            session.at(vec![
                Crumb::link("Knowledge", "/knowledge"),
                Crumb::here(found.document.name),
            ]);
        }
    });
    draw(
        loader,
        || {
            view! { <div class="mx-auto max-w-3xl p-8"><Skeleton rows=12 text=true /></div> }
                .into_any()
        },
        move |found| {
            view! {
                <div class="flex h-full min-h-0">
                    <div class="min-w-0 flex-1">
                        {match drawn_pages(&found) {
                            Some(pages) => view! { <Both found=found.clone() pages=pages range=range /> }.into_any(),
                            None => view! { <Sheet found=found.clone() range=range /> }.into_any(),
                        }}
                    </div>
                    <Contents found=found range=range />
                </div>
            }
            .into_any()
        },
    )
}

/// Pages as they look and the text taken out of them, as was chosen last: one beside the other, where there is room, or one alone.
#[component]
fn Both(
    found: DocumentText,
    pages: u32,
    range: Memo<Option<(u32, u32)>>,
    #[prop(optional)] narrow: bool,
) -> impl IntoView {
    let (kept, usual) = match narrow {
        true => ("reader-view", "page"),
        false => ("document-view", "both"),
    };
    let choice = RwSignal::new(recall(kept).unwrap_or_else(|| usual.to_owned()));
    let places = places(&found);
    let at = Memo::new(move |_| page_of(&places, range.get()));
    let (id, name) = (found.document.id.clone(), found.document.name.clone());
    let found = StoredValue::new(found);
    let options = [("page", "Page"), ("both", "Both"), ("text", "Text")]
        .into_iter()
        .filter(|(value, _)| !narrow || *value != "both")
        .map(|(value, label)| SelectOption::new(value, label))
        .collect::<Vec<_>>();
    let page = move || {
        let shown = choice.with(|choice| choice != "text");
        shown.then(|| {
            view! {
                <div class="min-w-0 flex-1 border-r border-line">
                    <Facsimile id=id.clone() name=name.clone() pages=pages at=at range=range />
                </div>
            }
        })
    };
    let text = move || {
        let shown = choice.with(|choice| choice != "page");
        shown.then(|| {
            view! {
                <div class="min-w-0 flex-1">
                    <Sheet found=found.get_value() range=range narrow=narrow />
                </div>
            }
        })
    };
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="flex h-11 shrink-0 items-center border-b border-line px-3">
                <Segmented
                    value=choice
                    options=options
                    on_change=move |value: String| {
                        remember(kept, &value);
                        choice.set(value);
                    }
                    label="What is shown"
                />
            </div>
            <div class="flex min-h-0 flex-1">{page} {text}</div>
        </div>
    }
}

/// The page on which a range begins: that of the last passage before it. `places` has the beginnings of passages and their pages.
fn page_of(places: &[(u32, u32)], range: Option<(u32, u32)>) -> u32 {
    let (start, _) = range.unwrap_or_default();
    places
        .iter()
        .take_while(|(begin, _)| *begin <= start)
        .last()
        .or(places.first())
        .map_or(1, |(_, page)| *page)
}

/// One document, for the side of another screen: the page as it looks where it has such, or its text.
#[component]
pub(crate) fn Reader(id: String, start: u32, end: u32) -> impl IntoView {
    let loader = load(move || DocumentGet { id: id.clone() });
    let range = Memo::new(move |_| Some((start, end)));
    draw(
        loader,
        || view! { <div class="p-4"><Skeleton rows=8 text=true /></div> }.into_any(),
        move |found| match drawn_pages(&found) {
            Some(pages) => {
                view! { <Both found=found pages=pages range=range narrow=true /> }.into_any()
            }
            None => view! { <Sheet found=found range=range narrow=true /> }.into_any(),
        },
    )
}

/// The number of pages of a document whose pages can be drawn.
fn drawn_pages(found: &DocumentText) -> Option<u32> {
    let document = &found.document;
    document
        .pages
        .filter(|pages| document.media_type == "application/pdf" && *pages > 0)
}

/// Where passages begin, each with its page.
fn places(found: &DocumentText) -> Vec<(u32, u32)> {
    found
        .passages
        .iter()
        .filter_map(|passage| Some((passage.start, passage.page?)))
        .collect()
}

/// The text as a sheet of paper, the range marked and in sight.
#[component]
fn Sheet(
    found: DocumentText,
    range: Memo<Option<(u32, u32)>>,
    #[prop(optional)] narrow: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let parts = StoredValue::new(parts(&found.text));
    let length = u32::try_from(found.text.chars().count()).unwrap_or(u32::MAX);
    Effect::new(move |_| {
        let (Some(_), Some(sheet)) = (range.get(), node.get()) else {
            return;
        };
        request_animation_frame(move || {
            if let Ok(Some(mark)) = sheet.query_selector("mark") {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Center);
                mark.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    });
    let document = found.document;
    let name = document.name.clone();
    let facts = [
        Some(bytes(document.bytes)),
        document
            .pages
            .map(|pages| plural(u64::from(pages), "page", "pages")),
        Some(plural(document.passages, "passage", "passages")),
    ];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <div node_ref=node class="h-full overflow-y-auto" data-testid="document-text" tabindex="0" role="document" aria-label=name>
            <article class=if narrow { "px-4 py-4" } else { "mx-auto max-w-3xl px-8 py-8" }>
                <header class=move || if narrow { "mb-3" } else { "mb-6 border-b border-line pb-4" }>
                    <h1 class=if narrow { "text-sm font-semibold break-words" } else { "text-xl break-words" }>{document.name}</h1>
                    <p class="mt-1 text-xs text-ink-faint tabular-nums">{facts}</p>
                    {(!document.path.is_empty()).then(|| view! { <p class="mt-0.5 font-mono text-xs break-all text-ink-faint">{document.path}</p> })}
                </header>
                {move || {
                    let range = range.get().filter(|(start, _)| *start < length);
                    parts.with_value(|parts| parts.iter().map(|part| part_view(part, range)).collect_view())
                }}
            </article>
        </div>
    }
}

/// A paragraph of the text and where it begins, in Unicode scalar values.
struct Part {
    start: u32,
    length: u32,
    text: String,
    class: &'static str,
}

/// The text in paragraphs. Marks of Markdown stay: the passage's place counts them.
fn parts(text: &str) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let mut at = 0;
    let mut fenced = false;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let length = u32::try_from(line.chars().count()).unwrap_or_default();
        let trimmed = line.trim();
        let fence = trimmed.starts_with("```");
        let class = if fenced || fence || trimmed.starts_with('|') {
            "font-mono text-xs whitespace-pre-wrap break-words"
        } else if trimmed.starts_with('#') {
            "mt-5 mb-1 text-base font-semibold whitespace-pre-wrap break-words"
        } else {
            "mb-2.5 text-base whitespace-pre-wrap break-words"
        };
        match out.last_mut() {
            Some(part) if open && part.class == class && !trimmed.is_empty() => {
                part.text.push_str(line);
                part.length += length;
            }
            _ if trimmed.is_empty() && !fenced => open = false,
            _ => {
                out.push(Part {
                    start: at,
                    length,
                    text: line.to_owned(),
                    class,
                });
                open = !trimmed.starts_with('#');
            }
        }
        fenced ^= fence;
        at += length;
    }
    out
}

fn part_view(part: &Part, range: Option<(u32, u32)>) -> AnyView {
    let own = range
        .map(|(start, end)| {
            (
                start.saturating_sub(part.start),
                end.saturating_sub(part.start).min(part.length),
            )
        })
        .filter(|(start, end)| start < end);
    let text = part.text.trim_end_matches('\n');
    let Some(own) = own else {
        return view! { <p class=part.class style="content-visibility:auto;contain-intrinsic-size:auto 40px">{text.to_owned()}</p> }.into_any();
    };
    view! {
        <p class=part.class>
            {pieces(text, &[own])
                .into_iter()
                .map(|(text, marked)| {
                    if marked { view! { <mark data-testid="passage-mark">{text}</mark> }.into_any() } else { view! { <span>{text}</span> }.into_any() }
                })
                .collect_view()}
        </p>
    }
    .into_any()
}

/// The passages at the side, to go from one to the other.
#[component]
fn Contents(found: DocumentText, range: Memo<Option<(u32, u32)>>) -> impl IntoView {
    let id = found.document.id.clone();
    let row = move |passage: Passage| {
        let own = (passage.start, passage.end);
        let title = passage
            .headings
            .last()
            .cloned()
            .unwrap_or_else(|| passage.text.chars().take(60).collect());
        view! {
            <li>
                <A
                    href=format!("/knowledge/documents/{id}?start={}&end={}", passage.start, passage.end)
                    scroll=false
                    attr:class="flex min-h-8 items-center gap-2 rounded-control px-2 py-1 text-xs text-ink-muted hover:bg-fill hover:text-ink data-[here=true]:bg-fill data-[here=true]:text-ink"
                    attr:data-here=move || (range.get() == Some(own)).to_string()
                >
                    <span class="w-6 shrink-0 text-right text-ink-faint tabular-nums">{passage.ordinal + 1}</span>
                    <span class="min-w-0 flex-1 truncate">{title}</span>
                    {passage.page.map(|page| view! { <Badge>{format!("p. {page}")}</Badge> })}
                </A>
            </li>
        }
    };
    view! {
        <aside class="hidden w-72 shrink-0 flex-col border-l border-line lg:flex" aria-label="Tags and passages">
            <Tags document=found.document.id />
            <h2 class="px-5 pt-4 pb-2 text-xs font-medium text-ink-faint">"Passages"</h2>
            <ol class="min-h-0 flex-1 overflow-y-auto px-3 pb-3">{found.passages.into_iter().map(row).collect_view()}</ol>
        </aside>
    }
}

#[cfg(test)]
mod tests {
    use super::{page_of, parts};
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let shown: Vec<String> = parts(text)
            .iter()
            .map(|part| format!("{}+{} {:?}", part.start, part.length, part.text))
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn ranges_know_their_page() {
        let places = [(0, 1), (100, 1), (200, 2), (300, 4)];
        for (range, page) in [
            (None, 1),
            (Some((150, 160)), 1),
            (Some((200, 260)), 2),
            (Some((9_000, 9_001)), 4),
        ] {
            assert_eq!(page_of(&places, range), page);
        }
        assert_eq!(page_of(&[], Some((5, 6))), 1);
    }

    #[test]
    fn paragraphs_know_their_place() {
        check(
            "# Größe\n\nOne\ntwo\n\nthree",
            expect![[r##"
            0+8 "# Größe\n"
            9+8 "One\ntwo\n"
            18+5 "three""##]],
        );
        check(
            "```\na\n\nb\n```\nc",
            expect![[r#"
            0+6 "```\na\n"
            6+7 "\nb\n```\n"
            13+1 "c""#]],
        );
        check("", expect![""]);
    }
}
