//! What a screen says when there is nothing, not yet, or no more.

use crate::{Button, Glyph, Icon, Tone};
use leptos::prelude::*;

/// What this place is, and the one next step.
#[component]
pub fn EmptyState(
    /// A drawing.
    #[prop(into)]
    icon: Icon,
    /// What is not here.
    #[prop(into)]
    title: Signal<String>,
    /// What it would be good for.
    #[prop(optional, into)]
    text: Signal<String>,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center justify-center gap-1 px-6 py-12 text-center">
            <span class="mb-2 inline-flex size-10 items-center justify-center rounded-card bg-fill text-ink-muted">
                <Glyph icon=icon size=20 />
            </span>
            <h2 class="text-base font-semibold">{title}</h2>
            <p class="max-w-[52ch] text-sm text-ink-muted">{text}</p>
            {children.map(|children| view! { <div class="mt-4 flex flex-wrap justify-center gap-2">{children()}</div> })}
        </div>
    }
}

/// A failure: the sentence, the way out, the code, another try.
#[component]
pub fn ErrorState(
    /// What happened, and to what.
    #[prop(into)]
    message: Signal<String>,
    /// What can be done.
    #[prop(optional, into)]
    help: Signal<String>,
    /// The code.
    #[prop(optional, into)]
    code: Signal<String>,
    /// Tries again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let sentence = move || sentence(&message.get());
    let details = move || format!("{} {}\n{}", code.get(), message.get(), help.get());
    view! {
        <div class="flex flex-col items-center justify-center gap-1 px-6 py-12 text-center" role="alert" data-testid="error-state">
            <span class="mb-2 inline-flex size-10 items-center justify-center rounded-card bg-crit-soft text-crit">
                <Glyph icon=Icon::Warning size=20 />
            </span>
            <h2 class="max-w-[64ch] text-base font-semibold break-words">{sentence}</h2>
            <p class="max-w-[64ch] text-sm text-ink-muted">{help}</p>
            <p class="font-mono text-xs text-ink-faint">{code}</p>
            <div class="mt-4 flex gap-2">
                {retry.map(|retry| view! { <Button icon=Icon::Retry on_click=move |_| retry.run(())>"Try again"</Button> })}
                <Button
                    icon=Icon::Copy
                    on_click=move |_| {
                        // Only the browser's refusal can be told, and there is nothing to do about it.
                        let _ = window().navigator().clipboard().write_text(&details());
                    }
                >
                    "Copy details"
                </Button>
            </div>
        </div>
    }
}

/// An error's message as a sentence: a capital at the front, a full stop at the end.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut out: String = first.to_uppercase().chain(letters).collect();
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

/// One quiet line in a box: something to know, with a way on.
#[component]
pub fn Callout(
    /// What its colour says.
    #[prop(optional)]
    tone: Tone,
    /// The drawing.
    #[prop(default = Icon::Info)]
    icon: Icon,
    /// The words, and perhaps a link or button.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("flex items-start gap-2 rounded-control px-3 py-2 text-sm {}", tone.soft()) role="note">
            <span class="mt-0.5 inline-flex">
                <Glyph icon=icon size=16 />
            </span>
            <div class="min-w-0 flex-1">{children()}</div>
        </div>
    }
}

/// A grey stand-in in the final shape, unseen for the first 150 ms.
#[component]
pub fn Skeleton(
    /// Rows of the stand-in.
    #[prop(default = 6)]
    rows: usize,
    /// Whether they are blocks of text (or rows of a table).
    #[prop(optional)]
    text: bool,
) -> impl IntoView {
    const WIDTHS: [&str; 4] = ["w-3/5", "w-2/5", "w-1/2", "w-1/3"];
    view! {
        <div class="animate-late" role="status" aria-label="Loading">
            <div class="flex animate-shimmer flex-col">
                {WIDTHS
                    .iter()
                    .cycle()
                    .take(rows)
                    .map(|width| {
                        let row = if text { "flex h-6 items-center" } else { "flex h-row items-center gap-6 border-b border-line px-3" };
                        view! {
                            <div class=row>
                                <span class=format!("h-2.5 rounded-badge bg-fill {width}")></span>
                                {(!text).then(|| view! { <span class="ml-auto h-2.5 w-16 rounded-badge bg-fill"></span> })}
                            </div>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}

/// How far something is.
#[component]
pub fn ProgressBar(
    /// From 0 to 1.
    #[prop(into)]
    value: Signal<f64>,
    /// What goes on.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let part = move || value.get().clamp(0.0, 1.0);
    view! {
        <div
            class="h-1.5 w-full overflow-hidden rounded-full bg-fill"
            role="progressbar"
            aria-label=move || label.get()
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || format!("{:.0}", part() * 100.0)
        >
            <div
                class="size-full origin-left rounded-full bg-accent transition-transform duration-200"
                style=move || format!("transform:scaleX({})", part())
            ></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use expect_test::expect;

    #[test]
    fn messages_become_sentences() {
        expect!["The port `80` is taken."].assert_eq(&sentence("the port `80` is taken"));
        expect![""].assert_eq(&sentence(""));
    }
}
