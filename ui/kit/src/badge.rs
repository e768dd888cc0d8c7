//! Badges and states.

use crate::{Glyph, Icon, Spinner};
use leptos::prelude::*;

/// What a colour says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// The product's own accent.
    Accent,
    /// It went well.
    Ok,
    /// It wants a look.
    Warn,
    /// It failed.
    Crit,
    /// Worth knowing.
    Info,
}

impl Tone {
    /// Ink on the tone's soft fill.
    pub const fn soft(self) -> &'static str {
        match self {
            Self::Neutral => "bg-fill text-ink-muted",
            Self::Accent => "bg-accent-soft text-accent-ink",
            Self::Ok => "bg-ok-soft text-ok",
            Self::Warn => "bg-warn-soft text-warn",
            Self::Crit => "bg-crit-soft text-crit",
            Self::Info => "bg-info-soft text-info",
        }
    }

    /// Ink on the surface.
    pub const fn ink(self) -> &'static str {
        match self {
            Self::Neutral => "text-ink-faint",
            Self::Accent => "text-accent-ink",
            Self::Ok => "text-ok",
            Self::Warn => "text-warn",
            Self::Crit => "text-crit",
            Self::Info => "text-info",
        }
    }
}

/// A word or a number in a soft box.
#[component]
pub fn Badge(
    /// What its colour says.
    #[prop(optional)]
    tone: Tone,
    /// A drawing before the word.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!(
            "inline-flex h-5 items-center gap-1 rounded-badge px-1.5 text-2xs font-medium whitespace-nowrap tabular-nums {}",
            tone.soft(),
        )>{icon.map(|icon| view! { <Glyph icon=icon size=12 /> })} {children()}</span>
    }
}

/// A state: always a drawing, a word and a colour.
#[component]
pub fn Status(
    /// What its colour says.
    #[prop(optional)]
    tone: Tone,
    /// The drawing; a turning ring if none.
    #[prop(optional_no_strip)]
    icon: Option<Icon>,
    /// The word.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <span class="inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap">
            <span class=format!("inline-flex {}", tone.ink())>
                {match icon {
                    Some(icon) => view! { <Glyph icon=icon size=14 /> }.into_any(),
                    None => view! { <Spinner size=14 /> }.into_any(),
                }}
            </span>
            <span class="truncate">{text}</span>
        </span>
    }
}

/// An id in mono that a click copies.
#[component]
pub fn CopyId(
    /// The id.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let text = id.clone();
    let copy = move |ev: leptos::ev::MouseEvent| {
        ev.stop_propagation();
        if let Some(window) = web_sys::window() {
            // The promise only tells whether the browser allowed it; there is nothing to do if not.
            let _ = window.navigator().clipboard().write_text(&text);
        }
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            std::time::Duration::from_millis(1500),
        );
    };
    view! {
        <button
            type="button"
            class="max-w-full truncate rounded-badge px-1 font-mono text-xs text-ink-muted hover:bg-fill hover:text-ink"
            aria-label=format!("Copy {id}")
            data-tip=move || if copied.get() { "Copied" } else { "Copy" }
            on:click=copy
        >
            {id.clone()}
        </button>
    }
}
