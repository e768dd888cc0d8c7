//! What came of a call: the answer, its headers, where the time went, what was sent.

use crate::{load::capital, routes::editor::JsonTree};
use awm_api::{
    UserError,
    connections::{Answer, ConnectionTested},
};
use awm_kit::{Badge, Callout, Icon, Segmented, SelectOption, Tone, bytes};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// The answer, in three views.
#[component]
pub(super) fn Told(tested: ConnectionTested) -> impl IntoView {
    let view = RwSignal::new("body".to_owned());
    let options = vec![
        SelectOption::new("body", "Body"),
        SelectOption::new("headers", "Headers"),
        SelectOption::new("sent", "Sent"),
        SelectOption::new("timing", "Timing"),
    ];
    let tested = StoredValue::new(tested);
    let head = tested.with_value(|tested| match (&tested.answer, &tested.error) {
        (Some(answer), _) => status(answer).into_any(),
        (None, Some(error)) => told(error),
        (None, None) => ().into_any(),
    });
    view! {
        <div class="flex flex-col gap-3" data-testid="answer">
            {head}
            <div>
                <Segmented value=view options=options on_change=move |to| view.set(to) label="What to look at" />
            </div>
            {move || tested.with_value(|tested| match view.get().as_str() {
                "headers" => headers(tested.answer.as_ref().map(|answer| answer.headers.clone()).unwrap_or_default()),
                "sent" => sent(tested),
                "timing" => timing(tested),
                _ => body(tested.answer.as_ref()),
            })}
        </div>
    }
}

fn status(answer: &Answer) -> impl IntoView + use<> {
    let tone = match answer.status {
        0..=299 => Tone::Ok,
        300..=399 => Tone::Neutral,
        400..=499 => Tone::Warn,
        _ => Tone::Crit,
    };
    let (status, size, json) = (answer.status, answer.bytes, answer.is_json);
    view! {
        <div class="flex items-center gap-3 text-sm" data-testid="answer-status">
            <Badge tone=tone>{status}</Badge>
            <span class="text-ink-muted tabular-nums">{bytes(size)}</span>
            <span class="text-ink-faint">{if json { "JSON" } else { "text" }}</span>
        </div>
    }
}

fn body(answer: Option<&Answer>) -> AnyView {
    match answer.map(|answer| answer.body.clone()) {
        None => ().into_any(),
        Some(Value::String(text)) => {
            let shown: String = text.chars().take(20_000).collect();
            view! { <pre class="max-h-[480px] overflow-auto rounded-card border border-line bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">{shown}</pre> }
                .into_any()
        }
        Some(value) => view! {
            <div class="h-[420px] overflow-hidden rounded-card border border-line">
                <JsonTree value=Arc::new(value) before=None label="The answer's body" />
            </div>
        }
        .into_any(),
    }
}

fn headers(headers: Vec<(String, String)>) -> AnyView {
    let rows = headers
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div class="flex gap-3 border-b border-line py-1 last:border-0">
                    <dt class="w-56 shrink-0 truncate font-mono text-xs text-ink-muted">{name}</dt>
                    <dd class="min-w-0 flex-1 font-mono text-xs break-all">{value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="flex flex-col">{rows}</dl> }.into_any()
}

fn sent(tested: &ConnectionTested) -> AnyView {
    let sent = tested.sent.clone();
    let text = sent.body.clone();
    view! {
        <div class="flex flex-col gap-3">
            <p class="font-mono text-xs break-all">{format!("{} {}", sent.method, sent.url)}</p>
            {headers(sent.headers)}
            {(!text.is_empty())
                .then(|| view! { <pre class="max-h-64 overflow-auto rounded-card border border-line bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">{text}</pre> })}
            <p class="text-xs text-ink-faint">"Secrets are shown as dots."</p>
        </div>
    }
    .into_any()
}

fn timing(tested: &ConnectionTested) -> AnyView {
    let timing = tested.timing;
    let parts = [
        ("Finding the server", timing.resolve_us, "bg-info"),
        ("Waiting for the first byte", timing.wait_us, "bg-accent"),
        ("Reading the answer", timing.read_us, "bg-ok"),
    ];
    let all = parts.iter().map(|(_, us, _)| *us).sum::<u64>().max(1);
    let bars = parts
        .iter()
        .map(|(name, us, colour)| {
            let width = format!("{:.1}%", (*us as f64 / all as f64 * 100.0).max(0.5));
            view! {
                <div class="flex items-center gap-3 text-xs">
                    <span class="w-48 shrink-0 text-ink-muted">{*name}</span>
                    <span class="h-2 min-w-0 flex-1 rounded-full bg-fill">
                        <span class=format!("block h-2 rounded-full {colour}") style:width=width></span>
                    </span>
                    <span class="w-20 shrink-0 text-right tabular-nums">{format!("{:.1} ms", *us as f64 / 1000.0)}</span>
                </div>
            }
        })
        .collect_view();
    let attempts = tested.attempts;
    let waited = tested.waited_ms;
    let hops = tested
        .redirects
        .iter()
        .map(|hop| view! { <li class="font-mono text-xs break-all">{format!("{} → {}", hop.status, hop.url)}</li> })
        .collect_view();
    view! {
        <div class="flex flex-col gap-2">
            {bars}
            <p class="text-xs text-ink-faint">
                {match attempts {
                    1 => "Sent once.".to_owned(),
                    n => format!("Sent {n} times; {waited} ms were waited in between."),
                }}
            </p>
            <ul class="flex flex-col gap-1">{hops}</ul>
        </div>
    }
    .into_any()
}

/// An error in the place of an answer.
pub(super) fn told(error: &UserError) -> AnyView {
    let place = error.path.join(" › ");
    let (message, help, code) = (
        capital(&error.message),
        error.help.clone(),
        error.code.as_str(),
    );
    view! {
        <Callout tone=Tone::Crit icon=Icon::CrossCircle>
            <p>{format!("{message}.")}</p>
            {(!place.is_empty()).then(|| view! { <p class="mt-0.5 font-mono text-xs break-all text-ink-muted">{place}</p> })}
            <p class="mt-0.5 text-ink-muted">{help}</p>
            <p class="mt-0.5 font-mono text-xs text-ink-faint">{code}</p>
        </Callout>
    }
    .into_any()
}
