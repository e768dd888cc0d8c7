//! Theme, density, accent.

use super::{card, row};
use crate::session::use_session;
use awm_api::settings::{Density, Theme};
use awm_kit::{Button, ButtonVariant, ControlSize, Segmented, SelectOption};
use leptos::prelude::*;

/// Hues that go well with the status colours, in degrees of OKLCH. The first is the design's own.
const HUES: [(&str, u16); 8] = [
    ("Indigo", 277),
    ("Blue", 255),
    ("Cyan", 220),
    ("Teal", 185),
    ("Green", 150),
    ("Orange", 50),
    ("Rose", 10),
    ("Violet", 305),
];

#[component]
pub(super) fn Appearance() -> impl IntoView {
    let session = use_session();
    let theme = Signal::derive(move || {
        session.settings.with(|settings| match settings.theme {
            Theme::System => "system".to_owned(),
            Theme::Light => "light".to_owned(),
            Theme::Dark => "dark".to_owned(),
        })
    });
    let density = Signal::derive(move || {
        session.settings.with(|settings| {
            if settings.density == Density::Compact {
                "compact".to_owned()
            } else {
                "comfortable".to_owned()
            }
        })
    });
    let hue = Memo::new(move |_| session.settings.with(|settings| settings.accent_hue));
    let set_theme = move |to: String| {
        let theme = match to.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        };
        session.change(|settings| settings.theme = theme);
    };
    let set_density = move |to: String| {
        let density = if to == "compact" {
            Density::Compact
        } else {
            Density::Comfortable
        };
        session.change(|settings| settings.density = density);
    };
    let rows = view! {
        {row(
            "Theme",
            "Light, dark, or as the system says.",
            view! {
                <Segmented
                    value=theme
                    options=vec![SelectOption::new("system", "System"), SelectOption::new("light", "Light"), SelectOption::new("dark", "Dark")]
                    on_change=set_theme
                    label="Theme"
                />
            },
        )}
        {row(
            "Density",
            "Rows of 40 or 32 pixels.",
            view! {
                <Segmented
                    value=density
                    options=vec![SelectOption::new("comfortable", "Comfortable"), SelectOption::new("compact", "Compact")]
                    on_change=set_density
                    label="Density"
                />
            },
        )}
        {row(
            "Accent",
            "The hue of buttons, links and the selection.",
            view! {
                <div class="flex flex-col items-end gap-3">
                    <div class="flex gap-1.5" role="radiogroup" aria-label="Accent">
                        {HUES
                            .iter()
                            .enumerate()
                            .map(|(at, (name, degrees))| {
                                let own = if at == 0 { None } else { Some(*degrees) };
                                view! {
                                    <button
                                        type="button"
                                        role="radio"
                                        class="size-6 rounded-full border-2 bg-accent border-surface outline-1 outline-line-strong aria-checked:outline-2 aria-checked:outline-ink"
                                        data-hue=*degrees
                                        style=format!("--accent-hue:{degrees}")
                                        aria-checked=move || (hue.get() == own).to_string()
                                        aria-label=*name
                                        data-tip=*name
                                        on:click=move |_| session.change(|settings| settings.accent_hue = own)
                                    ></button>
                                }
                            })
                            .collect_view()}
                    </div>
                    <label class="flex items-center gap-3 text-xs text-ink-muted">
                        <span class="tabular-nums">{move || format!("{}°", hue.get().unwrap_or(277))}</span>
                        <input
                            type="range"
                            min="0"
                            max="359"
                            class="w-32 accent-accent"
                            aria-label="Hue in degrees"
                            data-testid="accent-hue"
                            prop:value=move || hue.get().unwrap_or(277).to_string()
                            on:change=move |ev| {
                                if let Ok(degrees) = event_target_value(&ev).parse::<u16>() {
                                    session.change(|settings| settings.accent_hue = Some(degrees % 360));
                                }
                            }
                        />
                        <Button
                            variant=ButtonVariant::Ghost
                            size=ControlSize::Tiny
                            on_click=move |_| session.change(|settings| settings.accent_hue = None)
                        >
                            "Reset"
                        </Button>
                    </label>
                </div>
            },
        )}
    };
    card(rows)
}
