//! Every component of the kit in its states, for whoever changes one. Not linked from anywhere.

use crate::session::{Crumb, use_session};
use awm_kit::*;
use leptos::prelude::*;

fn section(title: &'static str, content: impl IntoView) -> impl IntoView {
    view! {
        <section class="rounded-card border border-line bg-surface">
            <h2 class="border-b border-line px-4 py-2 text-sm font-semibold">{title}</h2>
            <div class="flex flex-wrap items-center gap-3 p-4">{content}</div>
        </section>
    }
}

const LONG: &str = "A name so long that it can only be cut off: Zusammenfassungsverarbeitungsvorgang der Jahresabschlussunterlagen";

#[component]
pub(super) fn Preview() -> impl IntoView {
    use_session().at(vec![Crumb::here("Components")]);
    let text = RwSignal::new(String::from("Handbook"));
    let on = RwSignal::new(true);
    let choice = RwSignal::new(String::from("b"));
    let dialog = RwSignal::new(false);
    let drawer = RwSignal::new(false);
    let size = RwSignal::new(180.0);
    let order = RwSignal::new(None::<Order>);
    let toasts = use_toasts();
    let options = || {
        vec![
            SelectOption::new("a", "First"),
            SelectOption::new("b", "Second"),
            SelectOption::new("c", LONG),
        ]
    };
    let menu = Signal::stored(vec![
        MenuEntry::Heading("Group".into()),
        MenuItem::new("Duplicate", || ())
            .icon(Icon::Copy)
            .shortcut("mod+d")
            .into(),
        MenuItem::new("Paste", || ())
            .unavailable(Some("Nothing was copied"))
            .into(),
        MenuEntry::Divider,
        MenuItem::new("Delete", || ())
            .icon(Icon::Trash)
            .danger()
            .into(),
    ]);
    let buttons = view! {
        <Button variant=ButtonVariant::Primary icon=Icon::Play>"Primary"</Button>
        <Button>"Secondary"</Button>
        <Button variant=ButtonVariant::Ghost>"Ghost"</Button>
        <Button variant=ButtonVariant::Danger icon=Icon::Trash>"Danger"</Button>
        <Button disabled=true reason="There is nothing to run yet">"Unavailable"</Button>
        <Button busy=true>"Busy"</Button>
        <Button size=ControlSize::Tiny>"Tiny"</Button>
        <Button size=ControlSize::Small>"Small"</Button>
        <Button size=ControlSize::Large>"Large"</Button>
        <IconButton icon=Icon::Settings label="Settings" />
        <IconButton icon=Icon::Grid label="Snap" pressed=on on_click=move |_| on.update(|on| *on = !*on) />
        <Menu label="Menu" entries=menu>
            <Glyph icon=Icon::More />
        </Menu>
        <Kbd keys="mod+shift+k" />
        <Spinner />
    };
    let fields = view! {
        <div class="grid w-full grid-cols-1 gap-4 sm:grid-cols-2">
            <Field label="Name" caption="Comment" hint="What the list shows.">
                <Input value=text on_input=move |t| text.set(t) />
            </Field>
            <Field label="Seconds" caption="TimeoutSeconds" error=Some("must be a whole number from 1 to 99,999,999".to_owned())>
                <Input value="ten" invalid=true mono=true />
            </Field>
            <Field label="Choice">
                <Select value=choice options=Signal::stored(options()) on_change=move |v| choice.set(v) />
            </Field>
            <Field label="Text">
                <TextArea value="{% $states.input.question %}" mono=true />
            </Field>
            <Input value="" icon=Icon::Search placeholder="Search" label="Search" />
            <Input value="can't be changed" disabled=true label="Fixed" />
            <Checkbox checked=on on_change=move |v| on.set(v) label="A tick with its words" />
            <div class="flex items-center gap-3">
                <Switch checked=on on_change=move |v| on.set(v) label="A switch" />
                <Segmented value=choice options=options().into_iter().take(2).collect() on_change=move |v| choice.set(v) label="Which" />
            </div>
        </div>
    };
    let badges = view! {
        <Badge>"neutral"</Badge>
        <Badge tone=Tone::Accent>"accent"</Badge>
        <Badge tone=Tone::Ok icon=Icon::Check>"ok"</Badge>
        <Badge tone=Tone::Warn icon=Icon::Warning>"2"</Badge>
        <Badge tone=Tone::Crit>"crit"</Badge>
        <Badge tone=Tone::Info>"info"</Badge>
        <Status tone=Tone::Accent icon=None text="Running" />
        <Status tone=Tone::Ok icon=Some(Icon::CheckCircle) text="Succeeded" />
        <Status tone=Tone::Crit icon=Some(Icon::CrossCircle) text="Failed" />
        <CopyId id="01JD3ZK8Q4T9" />
        <Ago at=now_ms() - 240_000 />
    };
    let notices = view! {
        <div class="w-full">
            <Callout tone=Tone::Info>"No model is configured: answers are quotations."</Callout>
        </div>
        <div class="w-full">
            <ProgressBar value=0.42 label="Files" />
        </div>
        <div class="w-full">
            <Skeleton rows=3 />
        </div>
        <div class="grid w-full grid-cols-1 gap-4 md:grid-cols-2">
            <EmptyState icon=Icon::Knowledge title="No documents yet" text="Drop files or a folder anywhere on the window.">
                <Button variant=ButtonVariant::Primary icon=Icon::Plus>"Add"</Button>
            </EmptyState>
            <ErrorState message="couldn't read `broken.docx`: it isn't a ZIP archive" help="Open it and save it again." code="AWM-4003" retry=|()| () />
        </div>
    };
    let layers = view! {
        <Button on_click=move |_| dialog.set(true)>"Dialog"</Button>
        <Button on_click=move |_| drawer.set(true)>"Drawer"</Button>
        <Button on_click=move |_| toasts.show(Toast::done("Deleted Support bot").action("Undo", || ()))>"Toast with undo"</Button>
        <Button on_click=move |_| toasts.show(Toast::failed("Couldn't save Support bot", "It was changed elsewhere. Load it again."))>"Failed toast"</Button>
        <Dialog open=dialog title="Rename workflow">
            <p class="text-ink-muted">"Escape or a press outside closes it."</p>
        </Dialog>
        <Drawer open=drawer title=LONG>
            <p class="p-4">"Content"</p>
        </Drawer>
        <div class="flex h-24 w-full rounded-card border border-line">
            <div class="truncate p-2" style=move || format!("width:{}px", size.get())>
                {move || format!("{} px", size.get())}
            </div>
            <Splitter size=size grows=Grows::Right range=(80.0, 400.0) label="Width of the example" name="preview" />
            <div class="min-w-0 flex-1 p-2">
                <Tabs
                    items=vec![TabItem::new("a", "Problems").count(Signal::stored(3), Tone::Warn), TabItem::new("b", "Run"), TabItem::new("c", "Timeline")]
                    value=choice
                    on_change=move |v| choice.set(v)
                    label="Drawer"
                />
            </div>
        </div>
    };
    let rows = Memo::new(move |_| {
        let mut rows: Vec<u64> = (0..10_000).collect();
        if order.get().is_some_and(|order| order.descending) {
            rows.reverse();
        }
        rows
    });
    let columns = vec![
        Column::new("n", "Number", "1fr", |n: &u64| {
            view! { <span>{format!("Row {}", count(*n))}</span> }.into_any()
        })
        .sortable(),
        Column::new("bytes", "Size", "120px", |n: &u64| {
            view! { <span>{bytes(n * 1234)}</span> }.into_any()
        })
        .right(),
    ];
    view! {
        <div class="h-full overflow-y-auto p-6">
            <div class="mx-auto flex max-w-5xl flex-col gap-4">
                {section("Buttons", buttons)} {section("Fields", fields)} {section("States", badges)} {section("Notices", notices)}
                {section("Layers", layers)}
                {section(
                    "Icons",
                    Icon::ALL
                        .iter()
                        .map(|icon| view! { <span class="inline-flex size-8 items-center justify-center" data-tip=icon.name()><Glyph icon=*icon size=18 /></span> })
                        .collect_view(),
                )}
                {section(
                    "Table",
                    view! {
                        <div class="h-72 w-full">
                            <Table rows=rows columns=columns key=|n| n.to_string() label="Ten thousand rows" order=order on_order=move |o| order.set(Some(o)) />
                        </div>
                    },
                )}
            </div>
        </div>
    }
}
