//! What runs, where it lies, and what is missing.

use super::{card, row};
use crate::{load::act_with, session::use_session};
use awm_api::app::{AppDiagnostics, Component};
use awm_kit::{Ago, Button, CopyId, Icon, Skeleton, Status, Toast, Tone, use_toasts};
use leptos::prelude::*;

#[component]
pub(super) fn About() -> impl IntoView {
    let session = use_session();
    let toasts = use_toasts();
    let copy = move |_| {
        act_with(toasts, AppDiagnostics {}, move |diagnostics| {
            // The browser may refuse; then the text is still in the host's log folder.
            let _ = window()
                .navigator()
                .clipboard()
                .write_text(&diagnostics.text);
            toasts.show(Toast::done(
                "Copied. It holds no document text and no secrets.",
            ));
        });
    };
    move || {
        let Some(app) = session.app.get() else {
            return view! { <Skeleton rows=5 text=true /> }.into_any();
        };
        let facts = view! {
            {row("Version", "AI Workflow Manager, MIT OR Apache-2.0.", view! { <CopyId id=app.version /> })}
            {row("Running since", "The screens are of the same version.", view! { <Ago at=app.started_at /> })}
            {row("Workspace folder", "Workflows, runs, documents.", view! { <div class="max-w-80 min-w-0"><CopyId id=app.home /></div> })}
            {row("Logs", "One file a day.", view! { <div class="max-w-80 min-w-0"><CopyId id=app.logs /></div> })}
            {row(
                "Diagnostics",
                "A text for a fault report. It holds no document text and no secrets.",
                view! {
                    <Button icon=Icon::Copy testid="copy-diagnostics" on_click=copy>
                        "Copy diagnostics"
                    </Button>
                },
            )}
        };
        view! {
            {card(facts)}
            <section>
                <h2 class="mb-2 text-sm font-semibold">"Components"</h2>
                <div class="overflow-hidden rounded-card border border-line bg-surface shadow-small">
                    <table class="w-full text-left text-sm" data-testid="components">
                        <tbody>{app.components.into_iter().map(component).collect_view()}</tbody>
                    </table>
                </div>
            </section>
            <p class="text-xs text-ink-faint">"Fonts: Inter and JetBrains Mono (SIL Open Font License). Icons: Lucide (ISC)."</p>
        }
        .into_any()
    }
}

fn component(part: Component) -> AnyView {
    let status =
        match &part.missing {
            None => view! { <Status tone=Tone::Ok icon=Some(Icon::CheckCircle) text="There" /> }
                .into_any(),
            Some(_) => view! { <Status tone=Tone::Warn icon=Some(Icon::Warning) text="Missing" /> }
                .into_any(),
        };
    let told = part.missing.or(part.version).unwrap_or_default();
    view! {
        <tr class="border-b border-line align-top last:border-0">
            <td class="px-4 py-2.5">
                <p class="font-medium">{part.name}</p>
                <p class="text-xs text-ink-muted">{part.purpose}</p>
            </td>
            <td class="px-4 py-2.5 whitespace-nowrap">{status}</td>
            <td class="px-4 py-2.5 text-xs break-all text-ink-muted">{told}</td>
        </tr>
    }
    .into_any()
}
