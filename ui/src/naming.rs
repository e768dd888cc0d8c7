//! Things that people name: the dialog that names, renames and deletes one, and the menu of its row.

use awm_kit::{
    Button, ButtonVariant, ControlSize, Dialog, Field, Glyph, Icon, Input, Menu, MenuEntry,
    MenuItem,
};
use leptos::prelude::*;

/// A thing with a name.
pub(crate) trait Named: Clone + PartialEq + Send + Sync + 'static {
    /// What kind of thing it is, such as `source`.
    const KIND: &'static str;
    /// Its name.
    fn name(&self) -> &str;
    /// What goes with it when it is deleted: whole sentences.
    fn loss(&self) -> String;
}

/// What a person asked for.
#[derive(Clone, PartialEq)]
pub(crate) enum Asked<T> {
    Nothing,
    New,
    Rename(T),
    Delete(T),
}

/// The dialog, open as long as something is asked for. `on_go` is told what was confirmed, with the name that was typed.
#[component]
pub(crate) fn NamingDialog<T: Named>(
    asked: RwSignal<Asked<T>>,
    #[prop(into)] on_go: Callback<(Asked<T>, String)>,
    /// The hooks for tests: of the name, and of the button that confirms.
    testids: (&'static str, &'static str),
) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    Effect::new(move |_| {
        let asked = asked.get();
        name.set(match &asked {
            Asked::Rename(thing) => thing.name().to_owned(),
            _ => String::new(),
        });
        open.set(asked != Asked::Nothing);
    });
    Effect::new(move |_| {
        if !open.get() && asked.get_untracked() != Asked::Nothing {
            asked.set(Asked::Nothing);
        }
    });
    let deleting = Memo::new(move |_| matches!(asked.get(), Asked::Delete(_)));
    let empty = Signal::derive(move || !deleting.get() && name.with(|name| name.trim().is_empty()));
    let title = Signal::derive(move || match asked.get() {
        Asked::Rename(_) => format!("Rename {}", T::KIND),
        Asked::Delete(thing) => format!("Delete {}?", thing.name()),
        _ => format!("New {}", T::KIND),
    });
    let go = move || {
        if !empty.get_untracked() {
            let name = name.get_untracked().trim().to_owned();
            on_go.run((asked.get_untracked(), name));
            open.set(false);
        }
    };
    let content = move || {
        match asked.get() {
        Asked::Delete(thing) => view! { <p class="text-sm">{thing.loss()}</p> }.into_any(),
        _ => view! {
            <Field label="Name">
                <Input value=name on_input=move |text| name.set(text) autofocus=true placeholder="Handbook" testid=testids.0 />
            </Field>
        }
        .into_any(),
    }
    };
    let confirm = move || {
        let (variant, word) = match asked.get() {
            Asked::Delete(_) => (ButtonVariant::Danger, "Delete"),
            Asked::Rename(_) => (ButtonVariant::Primary, "Rename"),
            _ => (ButtonVariant::Primary, "Create"),
        };
        let reason = format!("A {} needs a name", T::KIND);
        view! {
            <Button variant=variant size=ControlSize::Large submit=true disabled=empty reason=reason testid=testids.1>
                {word}
            </Button>
        }
    };
    view! {
        <Dialog open=open title=title width=440>
            <form
                class="flex flex-col gap-4"
                on:submit=move |ev| {
                    ev.prevent_default();
                    go();
                }
            >
                {content}
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    {confirm}
                </div>
            </form>
        </Dialog>
    }
}

/// The menu behind a row: rename and delete.
#[component]
pub(crate) fn NamingMenu<T: Named>(thing: T, asked: RwSignal<Asked<T>>) -> impl IntoView {
    let label = format!("Actions for {}", thing.name());
    let (renamed, deleted) = (thing.clone(), thing);
    let entries = Signal::stored(vec![
        MenuItem::new("Rename…", move || {
            asked.set(Asked::Rename(renamed.clone()))
        })
        .icon(Icon::Edit)
        .into(),
        MenuEntry::Divider,
        MenuItem::new("Delete…", move || {
            asked.set(Asked::Delete(deleted.clone()))
        })
        .icon(Icon::Trash)
        .danger()
        .into(),
    ]);
    view! {
        <Menu
            label=label
            entries=entries
            class="inline-flex h-8 w-6 shrink-0 items-center justify-center rounded-control text-ink-faint hover:bg-fill hover:text-ink"
        >
            <Glyph icon=Icon::More size=14 />
        </Menu>
    }
}
