//! A drop anywhere on the window lands in Knowledge.

use super::{files, use_uploads};
use crate::call::{self, Dragged};
use awm_kit::{Glyph, Icon};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Listens for drops, and shows that the window takes them.
#[component]
pub(crate) fn DropLayer() -> impl IntoView {
    let uploads = use_uploads();
    let over = RwSignal::new(false);
    let navigate = use_navigate();
    let land = StoredValue::new(move || {
        let here = window().location().pathname().unwrap_or_default();
        if here != "/knowledge" {
            navigate("/knowledge", NavigateOptions::default());
        }
    });
    if call::on_desktop() {
        call::listen_for_drops(move |dragged| {
            over.set(dragged == Dragged::Over);
            if let Dragged::Dropped(paths) = dragged {
                land.with_value(|land| land());
                uploads.take_paths(paths);
            }
        });
    } else {
        let listeners = [
            window_event_listener(ev::dragover, move |ev| {
                if holds_files(&ev) {
                    ev.prevent_default();
                    over.set(true);
                }
            }),
            window_event_listener(ev::dragleave, move |ev| {
                // Leaving the window itself, not one element for another.
                if web_sys::MouseEvent::related_target(&ev).is_none() {
                    over.set(false);
                }
            }),
            window_event_listener(ev::drop, move |ev| {
                over.set(false);
                let Some(transfer) = ev.data_transfer().filter(|_| holds_files(&ev)) else {
                    return;
                };
                ev.prevent_default();
                let entries = files::dropped(&transfer);
                land.with_value(|land| land());
                leptos::task::spawn_local(
                    async move { uploads.take_files(files::walk(entries).await) },
                );
            }),
        ];
        on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    }
    view! {
        <Show when=move || over.get()>
            <div class="pointer-events-none fixed inset-2 z-50 flex items-center justify-center rounded-dialog border-2 border-dashed border-accent bg-accent-soft/85" data-testid="drop-over">
                <p class="flex items-center gap-2 text-lg text-accent-ink">
                    <Glyph icon=Icon::Upload size=20 />
                    "Let go to add to Knowledge"
                </p>
            </div>
        </Show>
    }
}

fn holds_files(ev: &web_sys::DragEvent) -> bool {
    ev.data_transfer().is_some_and(|transfer| {
        transfer
            .types()
            .iter()
            .any(|kind| kind.as_string().as_deref() == Some("Files"))
    })
}
