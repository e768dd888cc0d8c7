//! A question with what was expected and what was found, side by side.

use super::{
    questions::place_of,
    result::{answered, ranks},
};
use awm_api::evaluation_runs::{EvaluatedQuestion, FoundPassage};
use awm_kit::{Badge, Dialog, Icon, Tone};
use leptos::prelude::*;
use leptos_router::components::A;

/// What is looked at: a result, or two of the same question.
#[derive(Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) before: Option<EvaluatedQuestion>,
    pub(super) after: EvaluatedQuestion,
}

/// The dialog.
#[component]
pub(super) fn Beside(seen: RwSignal<Option<Seen>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(seen.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && seen.with_untracked(Option::is_some) {
            seen.set(None);
        }
    });
    let title = Signal::derive(move || {
        seen.with(|seen| {
            let seen = seen.as_ref();
            seen.map(|seen| seen.after.question.body.question.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <Dialog open=open title=title width=1040 testid="beside">
            {move || seen.get().map(content)}
        </Dialog>
    }
}

fn content(seen: Seen) -> AnyView {
    let left = match &seen.before {
        Some(before) => found("Found before", before),
        None => expected(&seen.after),
    };
    let right = match &seen.before {
        Some(_) => found("Found after", &seen.after),
        None => found("Found", &seen.after),
    };
    view! {
        <div class="flex flex-col gap-4 text-sm">
            {seen.before.as_ref().map(|_| expected(&seen.after))}
            <div class="grid grid-cols-2 gap-4">{left} {right}</div>
        </div>
    }
    .into_any()
}

fn expected(result: &EvaluatedQuestion) -> AnyView {
    let body = &result.question.body;
    let lines = body.relevant.iter().zip(&result.ranks).map(|(expected, rank)| {
        let (tone, text) = match rank {
            Some(rank) if *rank <= 10 => (Tone::Ok, format!("#{rank}")),
            Some(rank) => (Tone::Warn, format!("#{rank}")),
            None => (Tone::Crit, "not found".to_owned()),
        };
        view! {
            <li class="flex items-start justify-between gap-2 rounded-card border border-line px-3 py-2">
                <span class="min-w-0 break-words">{place_of(expected)}</span>
                <Badge tone=tone>{text}</Badge>
            </li>
        }
    });
    view! {
        <section class="flex min-w-0 flex-col gap-2" data-testid="beside-expected">
            <h3 class="text-xs font-medium text-ink-muted">"Expected"</h3>
            <ul class="flex flex-col gap-2">{lines.collect_view()}</ul>
            {body.unanswerable.then(|| view! { <p><Badge icon=Icon::Ban>"no answer: a refusal"</Badge></p> })}
            {body.answer.clone().map(|answer| view! { <p class="text-ink-muted">"Words of the answer: " <span class="text-ink">{answer}</span></p> })}
        </section>
    }
    .into_any()
}

fn found(title: &'static str, result: &EvaluatedQuestion) -> AnyView {
    let answer = result.answer.as_ref().map(|answer| {
        let text = answer.error.clone().unwrap_or_else(|| answer.text.clone());
        view! {
            <div class="flex flex-col gap-1 rounded-card bg-sunken px-3 py-2">
                <div>{answered(result)}</div>
                <p class="whitespace-pre-line">{text}</p>
            </div>
        }
    });
    view! {
        <section class="flex min-w-0 flex-col gap-2" data-testid="beside-found">
            <h3 class="text-xs font-medium text-ink-muted">{format!("{title} · ranks {}", ranks(result))}</h3>
            {answer}
            <ol class="flex flex-col gap-2">{result.found.iter().enumerate().map(|(at, hit)| passage(at, hit)).collect_view()}</ol>
            {result.found.is_empty().then(|| view! { <p class="text-ink-muted">"No passage was found."</p> })}
        </section>
    }
    .into_any()
}

fn passage(at: usize, hit: &FoundPassage) -> AnyView {
    let href = format!(
        "/knowledge/documents/{}?start={}&end={}",
        hit.document_id, hit.start, hit.end
    );
    let place: String = std::iter::once(&hit.document_name)
        .chain(&hit.headings)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" › ");
    let (relevant, text) = (hit.relevant, hit.text.clone());
    let class = match relevant {
        true => "block rounded-card border border-ok bg-surface px-3 py-2 hover:bg-sunken",
        false => "block rounded-card border border-line bg-surface px-3 py-2 hover:bg-sunken",
    };
    view! {
        <li>
            <A href=href attr:class=class>
                <span class="flex items-center gap-2 text-xs text-ink-muted">
                    <span class="shrink-0 tabular-nums">{format!("#{}", at + 1)}</span>
                    <span class="min-w-0 flex-1 truncate">{place}</span>
                    {relevant.then(|| view! { <Badge tone=Tone::Ok icon=Icon::Check>"expected"</Badge> })}
                </span>
                <span class="mt-1 line-clamp-3 whitespace-pre-line">{text}</span>
            </A>
        </li>
    }
    .into_any()
}
