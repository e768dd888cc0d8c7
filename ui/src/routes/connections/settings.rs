//! Name, address, bounds.

use super::detail::Draft;
use awm_api::connections::Rate;
use awm_kit::{Field, Input, Switch, TextArea};
use leptos::prelude::*;
use std::collections::BTreeMap;

#[component]
pub(super) fn SettingsTab(draft: Draft) -> impl IntoView {
    let now = draft.now;
    let headers = RwSignal::new(now.with_untracked(|now| {
        let lines: Vec<String> = now
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        lines.join("\n")
    }));
    let write_headers = move |text: String| {
        let read: BTreeMap<String, String> = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        headers.set(text);
        now.update(|now| now.headers = read);
    };
    let rate_calls = Signal::derive(move || {
        now.with(|now| {
            now.rate
                .map(|rate| rate.calls.to_string())
                .unwrap_or_default()
        })
    });
    let rate_seconds =
        Signal::derive(move || now.with(|now| now.rate.map_or(1, |rate| rate.seconds).to_string()));
    let set_rate = move |calls: Option<u32>, seconds: Option<u32>| {
        now.update(|now| {
            let seconds = seconds.or(now.rate.map(|rate| rate.seconds)).unwrap_or(1);
            now.rate = calls
                .filter(|calls| *calls > 0)
                .map(|calls| Rate { calls, seconds });
        });
    };
    view! {
        <div class="flex max-w-2xl flex-col gap-5 px-8 py-6" data-testid="connection-settings">
            <Field label="Name">
                <Input value=Signal::derive(move || now.with(|now| now.name.clone())) on_input=move |text: String| now.update(|now| now.name = text) testid="setting-name" />
            </Field>
            <Field label="Base address" hint="A secret belongs to one server: after a change of the server it has to be entered again.">
                <Input value=Signal::derive(move || now.with(|now| now.base_url.clone())) on_input=move |text: String| now.update(|now| now.base_url = text) mono=true testid="setting-url" />
            </Field>
            <Field label="Headers of each call" hint="One in a line, such as Accept-Language: en. Keys and tokens belong to Authentication: headers are kept as text.">
                <TextArea value=headers on_input=write_headers rows=3 mono=true />
            </Field>
            <div class="grid grid-cols-2 gap-4">
                <Number label="Time for a call, seconds" value=Signal::derive(move || now.with(|now| now.timeout_ms / 1000)) set=move |n| now.update(|now| now.timeout_ms = n * 1000) />
                <Number label="Size of an answer, KiB" value=Signal::derive(move || now.with(|now| now.max_bytes / 1024)) set=move |n| now.update(|now| now.max_bytes = n * 1024) />
                <Number label="Tries after the first" value=Signal::derive(move || now.with(|now| u64::from(now.retries.max))) set=move |n| now.update(|now| now.retries.max = u32::try_from(n).unwrap_or(u32::MAX)) />
                <Number label="Wait before the second, milliseconds" value=Signal::derive(move || now.with(|now| now.retries.wait_ms)) set=move |n| now.update(|now| now.retries.wait_ms = n) />
                <Field label="Calls at most" hint="Empty: as many as there are.">
                    <Input value=rate_calls on_commit=move |text: String| set_rate(text.trim().parse().ok(), None) mono=true />
                </Field>
                <Field label="… within seconds">
                    <Input
                        value=rate_seconds
                        on_commit=move |text: String| set_rate(now.with_untracked(|now| now.rate.map(|rate| rate.calls)), text.trim().parse().ok())
                        mono=true
                    />
                </Field>
            </div>
            <div class="flex items-center justify-between gap-4">
                <div class="min-w-0">
                    <p class="text-sm font-medium">"Try calls that change something again"</p>
                    <p class="text-xs text-ink-muted">"POST and PATCH: only where the server takes the same call twice without harm."</p>
                </div>
                <Switch
                    checked=Signal::derive(move || now.with(|now| now.retries.also_unsafe))
                    on_change=move |on| now.update(|now| now.retries.also_unsafe = on)
                    label="Try calls that change something again"
                />
            </div>
        </div>
    }
}

#[component]
fn Number(
    #[prop(into)] label: Signal<String>,
    value: Signal<u64>,
    #[prop(into)] set: Callback<u64>,
) -> impl IntoView {
    let wrong = RwSignal::new(None::<String>);
    let commit = move |text: String| match text.trim().parse() {
        Ok(number) => {
            wrong.set(None);
            set.run(number);
        }
        Err(_) => wrong.set(Some("a whole number".into())),
    };
    view! {
        <Field label=label error=wrong>
            <Input value=Signal::derive(move || value.get().to_string()) on_commit=commit mono=true />
        </Field>
    }
}
