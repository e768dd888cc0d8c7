//! Buttons.

use crate::{Glyph, Icon, Spinner};
use leptos::{ev::MouseEvent, prelude::*};

/// How much a button asks to be pressed. A screen has one primary button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// The screen's one main action.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action in a toolbar or a row.
    Ghost,
    /// An action that takes something away.
    Danger,
}

impl ButtonVariant {
    fn classes(self) -> &'static str {
        match self {
            Self::Primary => {
                "bg-accent text-on-accent shadow-small hover:bg-accent-hover aria-disabled:hover:bg-accent"
            }
            Self::Secondary => {
                "bg-surface text-ink border border-line-strong shadow-small hover:bg-sunken aria-disabled:hover:bg-surface"
            }
            Self::Ghost => {
                "text-ink-muted hover:bg-fill hover:text-ink aria-disabled:hover:bg-transparent"
            }
            Self::Danger => {
                "bg-surface text-crit border border-line-strong shadow-small hover:bg-crit-soft aria-disabled:hover:bg-surface"
            }
        }
    }
}

/// Height of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlSize {
    /// 24 px, inside a row.
    Tiny,
    /// 28 px, in a toolbar.
    Small,
    /// 32 px.
    #[default]
    Normal,
    /// 36 px, a dialog's primary button.
    Large,
}

impl ControlSize {
    fn button(self) -> &'static str {
        match self {
            Self::Tiny => "h-6 px-2 gap-1 text-xs",
            Self::Small => "h-7 px-2.5 gap-1.5 text-sm",
            Self::Normal => "h-8 px-3 gap-1.5 text-sm",
            Self::Large => "h-9 px-4 gap-2 text-base",
        }
    }

    fn square(self) -> &'static str {
        match self {
            Self::Tiny => "size-6",
            Self::Small => "size-7",
            Self::Normal => "size-8",
            Self::Large => "size-9",
        }
    }
}

const BASE: &str = "inline-flex shrink-0 items-center justify-center rounded-control font-medium whitespace-nowrap select-none transition-[background-color,color,opacity] duration-80 aria-disabled:opacity-50";

/// A button with words. While it is unavailable it stays in the focus order and tells `reason`.
#[component]
pub fn Button(
    /// How much it asks to be pressed.
    #[prop(optional)]
    variant: ButtonVariant,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// A drawing before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Whether it is unavailable.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Why it is unavailable.
    #[prop(optional, into)]
    reason: Signal<String>,
    /// Whether its work goes on: a ring takes the icon's place and presses do nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
    /// What a press does.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let off = move || disabled.get() || busy.get();
    let press = move |ev: MouseEvent| {
        if disabled.get_untracked() || busy.get_untracked() {
            ev.prevent_default();
        } else if let Some(run) = on_click {
            run.run(ev);
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=format!("{BASE} {} {}", variant.classes(), size.button())
            aria-disabled=move || off().to_string()
            aria-busy=move || busy.get().to_string()
            data-tip=move || disabled.get().then(|| reason.get()).filter(|text| !text.is_empty())
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=press
        >
            {move || {
                if busy.get() {
                    Some(view! { <Spinner size=14 /> }.into_any())
                } else {
                    icon.map(|icon| view! { <Glyph icon=icon size=14 /> }.into_any())
                }
            }}
            {children()}
        </button>
    }
}

/// A square button with a drawing; `label` is its name and its tooltip.
#[component]
pub fn IconButton(
    /// The drawing.
    #[prop(into)]
    icon: Signal<Icon>,
    /// What it does, in two or three words.
    #[prop(into)]
    label: Signal<String>,
    /// How much it asks to be pressed.
    #[prop(default = ButtonVariant::Ghost)]
    variant: ButtonVariant,
    /// Its size.
    #[prop(default = ControlSize::Small)]
    size: ControlSize,
    /// Whether it is unavailable.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether it is pressed in, for a button that holds its state.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
    /// What a press does.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=format!("{BASE} {} {} aria-pressed:bg-accent-soft aria-pressed:text-accent-ink", variant.classes(), size.square())
            aria-label=move || label.get()
            data-tip=move || label.get()
            aria-disabled=move || disabled.get().to_string()
            aria-pressed=move || pressed.map(|on| on.get().to_string())
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=move |ev| {
                if let Some(run) = on_click.filter(|_| !disabled.get_untracked()) {
                    run.run(ev);
                }
            }
        >
            <Glyph icon=icon />
        </button>
    }
}
