//! Adding files: by dialog or by path.

use crate::{
    call,
    uploads::{Uploads, choose_files, use_uploads},
};
use awm_kit::{
    Button, ButtonVariant, ControlSize, Dialog, Field, Glyph, Icon, Input, Menu, MenuItem,
};
use leptos::prelude::*;

/// Lets the reader choose files or a folder: the desktop's dialog gives paths, the browser's gives files.
pub(super) fn pick(uploads: Uploads, folder: bool) {
    if !call::on_desktop() {
        return choose_files(folder, move |files| uploads.take_files(files));
    }
    leptos::task::spawn_local(async move {
        match call::pick_paths(folder).await {
            Ok(paths) => uploads.take_paths(paths),
            Err(error) => uploads.say_failed(&error),
        }
    });
}

/// The button with the three ways.
#[component]
pub(super) fn AddMenu(add_site: Callback<()>) -> impl IntoView {
    let uploads = use_uploads();
    let by_path = RwSignal::new(false);
    let entries = Signal::stored(vec![
        MenuItem::new("Files…", move || pick(uploads, false))
            .icon(Icon::File)
            .into(),
        MenuItem::new("Folder…", move || pick(uploads, true))
            .icon(Icon::Folder)
            .into(),
        MenuItem::new("By path…", move || by_path.set(true))
            .icon(Icon::Type)
            .into(),
        MenuItem::new("Website, feed, API or bucket…", move || add_site.run(()))
            .icon(Icon::Globe)
            .into(),
    ]);
    view! {
        <Menu
            label="Add documents"
            entries=entries
            align_right=true
            testid="knowledge-add"
            class="inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-control bg-accent px-3 text-sm font-medium whitespace-nowrap text-on-accent shadow-small hover:bg-accent-hover"
        >
            <Glyph icon=Icon::Plus size=14 />
            "Add"
            <Glyph icon=Icon::ChevronDown size=14 />
        </Menu>
        <PathDialog open=by_path uploads=uploads />
    }
}

#[component]
fn PathDialog(open: RwSignal<bool>, uploads: Uploads) -> impl IntoView {
    let path = RwSignal::new(String::new());
    let empty = Signal::derive(move || path.with(|path| path.trim().is_empty()));
    let add = move || {
        if !empty.get_untracked() {
            open.set(false);
            uploads.take_paths(vec![path.get_untracked().trim().to_owned()]);
            path.set(String::new());
        }
    };
    view! {
        <Dialog open=open title="Add by path" width=520>
            <form
                class="flex flex-col gap-4"
                on:submit=move |ev| {
                    ev.prevent_default();
                    add();
                }
            >
                <Field label="File or folder" hint="An absolute path on the machine that runs the application. A folder is taken in with all below it.">
                    <Input value=path on_input=move |text| path.set(text) mono=true autofocus=true placeholder="/home/…" testid="knowledge-path-input" />
                </Field>
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button
                        variant=ButtonVariant::Primary
                        size=ControlSize::Large
                        submit=true
                        disabled=empty
                        reason="Write a path first"
                        testid="knowledge-path-add"
                    >
                        "Add"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}
