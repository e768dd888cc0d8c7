//! Short words about what was done, with a way to take it back.

use crate::{Button, ButtonVariant, ControlSize, Glyph, Icon, IconButton, Tone};
use leptos::prelude::*;
use std::time::Duration;

/// What is said.
#[derive(Clone, Debug)]
pub struct Toast {
    text: String,
    detail: String,
    tone: Tone,
    action: Option<(String, Callback<()>)>,
}

impl Toast {
    /// Something that was done.
    pub fn done(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            detail: String::new(),
            tone: Tone::Ok,
            action: None,
        }
    }

    /// Something that failed, with what can be done.
    pub fn failed(text: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            detail: help.into(),
            tone: Tone::Crit,
            action: None,
        }
    }

    /// With a button, such as Undo.
    #[must_use]
    pub fn action(
        mut self,
        label: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        self.action = Some((label.into(), Callback::new(move |()| run())));
        self
    }
}

/// Where toasts are put; a copy of it may be kept anywhere.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    shown: RwSignal<Vec<(u64, Toast)>>,
    next: StoredValue<u64>,
}

impl Toasts {
    /// Shows a toast: five seconds, twelve if it can be acted on or tells a failure.
    pub fn show(self, toast: Toast) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let long = toast.action.is_some() || toast.tone == Tone::Crit;
        self.shown.update(|shown| {
            shown.push((id, toast));
            // More than four would cover the screen; the oldest goes first.
            if shown.len() > 4 {
                shown.remove(0);
            }
        });
        set_timeout(
            move || self.close(id),
            Duration::from_secs(if long { 12 } else { 5 }),
        );
    }

    fn close(self, id: u64) {
        self.shown
            .try_update(|shown| shown.retain(|(other, _)| *other != id));
    }
}

/// Makes the place for toasts; call it once in the frame, and put [`ToastLayer`] at its end.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        shown: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    };
    provide_context(toasts);
    toasts
}

/// The place for toasts that the frame made.
pub fn use_toasts() -> Toasts {
    // Without a frame around (a component on its own) the words go to a place that nobody shows.
    use_context::<Toasts>().unwrap_or_else(provide_toasts)
}

/// Shows the toasts at the bottom, politely announced.
#[component]
pub fn ToastLayer() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div
            class="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex flex-col items-center gap-2"
            role="status"
            aria-live="polite"
            aria-label="Messages"
        >
            <For each=move || toasts.shown.get() key=|(id, _)| *id let((id, toast))>
                <div
                    class="pointer-events-auto flex max-w-[560px] min-w-72 animate-slide-up items-center gap-2 rounded-card bg-surface py-1.5 pr-1.5 pl-3 shadow-soft"
                    data-testid="toast"
                >
                    <span class=format!("inline-flex {}", toast.tone.ink())>
                        <Glyph icon=if toast.tone == Tone::Crit { Icon::CrossCircle } else { Icon::CheckCircle } />
                    </span>
                    <div class="min-w-0 flex-1 py-1">
                        <p class="text-sm break-words">{toast.text}</p>
                        {(!toast.detail.is_empty()).then(|| view! { <p class="text-xs text-ink-muted">{toast.detail}</p> })}
                    </div>
                    {toast
                        .action
                        .map(|(label, run)| {
                            view! {
                                <Button
                                    variant=ButtonVariant::Ghost
                                    size=ControlSize::Small
                                    testid="toast-action"
                                    on_click=move |_| {
                                        run.run(());
                                        toasts.close(id);
                                    }
                                >
                                    <span class="text-accent-ink">{label}</span>
                                </Button>
                            }
                        })}
                    <IconButton icon=Icon::Close label="Dismiss" on_click=move |_| toasts.close(id) />
                </div>
            </For>
        </div>
    }
}
