//! Adding a website, a feed, a list of an API or a bucket.

use super::{form::Form, preview::Preview};
use crate::load::{act_with, failure};
use awm_api::crawl::{CrawlCreate, CrawlStart};
use awm_kit::{
    Button, ButtonVariant, Checkbox, ControlSize, Dialog, Field, Input, Segmented, Select,
    SelectOption, TextArea, use_toasts,
};
use leptos::prelude::*;

/// The dialog.
#[component]
pub(super) fn AddDialog(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title="Add to Knowledge" width=680 testid="site-dialog">
            <Fields open=open />
        </Dialog>
    }
}

/// Made anew at each opening, so that nothing of the last one is left.
#[component]
fn Fields(open: RwSignal<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let form = Form::new();
    let add = move || {
        if form.missing().is_some() {
            return;
        }
        let request = CrawlCreate {
            name: form.name.get_untracked().trim().to_owned(),
            source_id: None,
            spec: form.spec(),
            every_hours: form.hours(),
        };
        leptos::task::spawn_local(async move {
            if let Err(error) = form.keep_credential().await {
                return toasts.show(failure(&error));
            }
            act_with(toasts, request, move |crawl| {
                open.set(false);
                act_with(toasts, CrawlStart { id: crawl.id }, |_| ());
            });
        });
    };
    let kinds = vec![
        SelectOption::new("site", "Website"),
        SelectOption::new("feed", "Feed"),
        SelectOption::new("api", "API"),
        SelectOption::new("bucket", "Bucket"),
    ];
    let schedule = Signal::stored(vec![
        SelectOption::new("", "By hand"),
        SelectOption::new("1", "Every hour"),
        SelectOption::new("6", "Every 6 hours"),
        SelectOption::new("24", "Every day"),
        SelectOption::new("168", "Every week"),
    ]);
    view! {
        <form
            class="flex max-h-[76vh] flex-col gap-4 overflow-y-auto"
            on:submit=move |ev| {
                ev.prevent_default();
                add();
            }
        >
            <Segmented value=form.kind options=kinds on_change=move |kind| form.kind.set(kind) label="Kind" />
            {move || match form.kind.get().as_str() {
                "feed" => feed(form),
                "api" => api(form),
                "bucket" => bucket(form),
                _ => site(form),
            }}
            <div class="grid grid-cols-2 gap-4">
                <Field label="Name" hint="The documents go to a source of this name; the host's if it is empty.">
                    <Input value=form.name on_input=move |text| form.name.set(text) testid="site-name" />
                </Field>
                <Field label="Sync again" hint="While the application runs. Only what changed is fetched and embedded.">
                    <Select value=form.every options=schedule on_change=move |hours| form.every.set(hours) label="Sync again" />
                </Field>
            </div>
            <Preview form=form />
            <div class="flex justify-end gap-2">
                <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button
                    variant=ButtonVariant::Primary
                    size=ControlSize::Large
                    submit=true
                    disabled=Signal::derive(move || form.missing().is_some())
                    reason=Signal::derive(move || form.missing().unwrap_or_default().to_owned())
                    testid="site-create"
                >
                    "Add and sync"
                </Button>
            </div>
        </form>
    }
}

fn address(form: Form, placeholder: &'static str) -> AnyView {
    view! {
        <Field label="Address">
            <Input value=form.url on_input=move |text| form.url.set(text) mono=true autofocus=true placeholder=placeholder testid="site-url" />
        </Field>
    }
    .into_any()
}

/// A field of one line; `mono` for what is code.
fn line(
    label: &'static str,
    hint: &'static str,
    value: RwSignal<String>,
    placeholder: &'static str,
) -> AnyView {
    view! {
        <Field label=label hint=hint>
            <Input value=value on_input=move |text| value.set(text) mono=true placeholder=placeholder />
        </Field>
    }
    .into_any()
}

/// A field for what nobody shall read over one's shoulder.
fn hidden(label: &'static str, hint: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <Field label=label hint=hint>
            <Input value=value on_input=move |text| value.set(text) mono=true kind="password" />
        </Field>
    }
    .into_any()
}

fn lines(label: &'static str, value: RwSignal<String>, placeholder: &'static str) -> AnyView {
    view! {
        <Field label=label>
            <TextArea value=value on_input=move |text| value.set(text) rows=2 mono=true placeholder=placeholder />
        </Field>
    }
    .into_any()
}

fn site(form: Form) -> AnyView {
    view! {
        {address(form, "https://docs.example.com/")}
        <div class="grid grid-cols-3 gap-4">
            {line("Links from the start", "", form.depth, "3")}
            {line("Pages, at most", "", form.pages, "500")}
            {line("Delay, milliseconds", "", form.delay, "1000")}
        </div>
        {line("Only paths that begin with", "", form.prefix, "/docs/")}
        <details class="text-sm">
            <summary class="cursor-pointer text-ink-muted hover:text-ink">"More"</summary>
            <div class="mt-3 flex flex-col gap-4">
                {lines("Hosts, one a line; the start's if empty", form.hosts, "*.example.com")}
                {lines("Only addresses that match one of these regular expressions", form.include, "/(guide|reference)/")}
                {lines("No addresses that match one of these", form.exclude, "/tag/")}
                <Checkbox checked=form.sitemaps on_change=move |on| form.sitemaps.set(on) label="Look for sitemaps" />
            </div>
        </details>
    }
    .into_any()
}

fn feed(form: Form) -> AnyView {
    view! {
        {address(form, "https://blog.example.com/feed.xml")}
        {line("Entries, at most", "RSS, Atom or JSON Feed. Entries that leave the feed stay in Knowledge.", form.pages, "500")}
        <Checkbox
            checked=form.full_pages
            on_change=move |on| form.full_pages.set(on)
            label="Fetch each entry's page in place of what the feed holds"
        />
    }
    .into_any()
}

fn api(form: Form) -> AnyView {
    let pagings = Signal::stored(vec![
        SelectOption::new("none", "One page"),
        SelectOption::new("next", "The answer tells the next address"),
        SelectOption::new("cursor", "The answer tells a cursor"),
        SelectOption::new("number", "Pages are numbered"),
    ]);
    let paging = move || form.paging.get();
    view! {
        {address(form, "https://api.example.com/v1/articles")}
        <div class="grid grid-cols-2 gap-4">
            {line("List", "A JSON Pointer, or JSONata over $states.input in {% … %}. Empty: the answer itself.", form.items, "/items")}
            {line("Id", "Within an item.", form.id, "/id")}
            {line("Title", "", form.title, "/title")}
            {line("Text", "All fields if empty.", form.text, "/body")}
            {line("Address that a person opens", "", form.link, "/url")}
            {line("Changed", "Items whose value is as it was are passed over.", form.updated, "/updated_at")}
        </div>
        <div class="grid grid-cols-3 gap-4">
            <Field label="Further pages">
                <Select value=form.paging options=pagings on_change=move |way| form.paging.set(way) label="Further pages" />
            </Field>
            <Show when=move || matches!(paging().as_str(), "next" | "cursor")>
                {line("Where in the answer", "", form.pointer, "/next")}
            </Show>
            <Show when=move || matches!(paging().as_str(), "cursor" | "number")>
                {line("Query parameter", "", form.parameter, "page")}
            </Show>
        </div>
        <div class="grid grid-cols-2 gap-4">
            {line("Items, at most", "", form.pages, "500")}
            {hidden("Key", "A bearer token, or a header as `Name: value`. Kept where secrets are kept, never shown again.", form.token)}
        </div>
    }
    .into_any()
}

fn bucket(form: Form) -> AnyView {
    view! {
        <div class="grid grid-cols-2 gap-4">
            <Field label="Bucket">
                <Input value=form.bucket on_input=move |text| form.bucket.set(text) mono=true autofocus=true placeholder="my-documents" testid="site-bucket" />
            </Field>
            {line("Only keys that begin with", "", form.prefix, "handbook/")}
            {line("Region", "", form.region, "eu-west-1")}
            {line("Service", "Amazon's if empty.", form.endpoint, "https://store.example.com")}
            {line("Objects, at most", "", form.pages, "10000")}
            <span></span>
            {line("Access key id", "Requests aren't signed if it is empty.", form.key_id, "")}
            {hidden("Secret access key", "Kept where secrets are kept, never shown again.", form.key_secret)}
        </div>
    }
    .into_any()
}
