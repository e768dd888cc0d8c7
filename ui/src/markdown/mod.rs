//! Markdown as elements of the page: what is read is never taken for HTML.

mod inline;
mod parse;

use inline::{Span, spans};
use leptos::prelude::*;
use parse::{Block, blocks};

/// What a citation's number does when it is pressed.
pub(crate) type OnCitation = Callback<u32>;

/// A text as elements. Numbers in brackets are chips if `cite` is given.
pub(crate) fn view(text: &str, cite: Option<OnCitation>) -> AnyView {
    view! { <div class="flex flex-col gap-2.5 break-words">{blocks(text).into_iter().map(|block| block_view(block, cite)).collect_view()}</div> }.into_any()
}

fn block_view(block: Block, cite: Option<OnCitation>) -> AnyView {
    match block {
        Block::Heading(level, text) => {
            let class = if level < 3 { "text-base font-semibold" } else { "text-sm font-semibold" };
            view! { <h3 class=class>{line(&text, cite)}</h3> }.into_any()
        }
        Block::Paragraph(text) => view! { <p class="whitespace-pre-line">{line(&text, cite)}</p> }.into_any(),
        Block::Code(text) => {
            view! {
                <pre class="overflow-x-auto rounded-control border border-line bg-sunken px-3 py-2 font-mono text-xs">
                    <code>{text}</code>
                </pre>
            }
            .into_any()
        }
        Block::Quote(inner) => {
            view! {
                <blockquote class="flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-ink-muted">
                    {inner.into_iter().map(|block| block_view(block, cite)).collect_view()}
                </blockquote>
            }
            .into_any()
        }
        Block::List { ordered: true, start, items } => {
            view! { <ol class="flex list-decimal flex-col gap-1 pl-6" start=start>{items_view(items, cite)}</ol> }.into_any()
        }
        Block::List { ordered: false, items, .. } => {
            view! { <ul class="flex list-disc flex-col gap-1 pl-6 marker:text-ink-faint">{items_view(items, cite)}</ul> }.into_any()
        }
        Block::Table(rows) => table_view(rows, cite),
        Block::Rule => view! { <hr class="border-line" /> }.into_any(),
    }
}

fn items_view(items: Vec<Vec<Block>>, cite: Option<OnCitation>) -> Vec<AnyView> {
    let item = |blocks: Vec<Block>| {
        view! { <li>{blocks.into_iter().map(|block| block_view(block, cite)).collect_view()}</li> }
            .into_any()
    };
    items.into_iter().map(item).collect()
}

fn table_view(rows: Vec<Vec<String>>, cite: Option<OnCitation>) -> AnyView {
    let mut rows = rows.into_iter();
    let head = rows.next().unwrap_or_default();
    view! {
        <div class="overflow-x-auto">
            <table class="border-collapse text-sm">
                <thead>
                    <tr>
                        {head
                            .iter()
                            .map(|cell| view! { <th class="border border-line bg-sunken px-2 py-1 text-left font-medium">{line(cell, cite)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .map(|row| {
                            view! {
                                <tr>
                                    {row
                                        .iter()
                                        .map(|cell| view! { <td class="border border-line px-2 py-1 align-top">{line(cell, cite)}</td> })
                                        .collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(text: &str, cite: Option<OnCitation>) -> Vec<AnyView> {
    spans(text)
        .into_iter()
        .map(|span| span_view(span, cite))
        .collect()
}

fn span_view(span: Span, cite: Option<OnCitation>) -> AnyView {
    match span {
        Span::Text(text) => view! { <span>{text}</span> }.into_any(),
        Span::Strong(inner) => view! { <strong class="font-semibold">{inner.into_iter().map(|span| span_view(span, cite)).collect_view()}</strong> }.into_any(),
        Span::Emphasis(inner) => view! { <em>{inner.into_iter().map(|span| span_view(span, cite)).collect_view()}</em> }.into_any(),
        Span::Code(text) => view! { <code class="rounded-badge bg-fill px-1 font-mono text-[0.9em]">{text}</code> }.into_any(),
        Span::Link(text, href) => {
            view! {
                <a class="text-accent-ink underline underline-offset-2" href=href target="_blank" rel="noreferrer noopener">
                    {text}
                </a>
            }
            .into_any()
        }
        Span::Number(number) => match cite {
            Some(open) => {
                view! {
                    <button
                        type="button"
                        class="mx-0.5 inline-flex h-4 min-w-4 -translate-y-px items-center justify-center rounded-badge bg-accent-soft px-1 text-2xs font-medium text-accent-ink tabular-nums hover:bg-accent hover:text-on-accent"
                        data-testid="citation"
                        data-number=number
                        aria-label=format!("Source {number}")
                        on:click=move |_| open.run(number)
                    >
                        {number}
                    </button>
                }
                .into_any()
            }
            None => view! { <span>{format!("[{number}]")}</span> }.into_any(),
        },
    }
}
