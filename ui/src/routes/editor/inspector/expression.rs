//! A box for text that may hold expressions: coloured, with proposals at the caret.

use crate::routes::editor::model::{
    code_lines::{byte_of, utf16_of},
    complete::{Proposals, Reach, complete},
    fields::Language,
    tokens::{Carry, Class, line},
};
use leptos::{ev, html, prelude::*};

/// The colour of a class of characters.
pub fn ink(class: Class) -> &'static str {
    match class {
        Class::Plain => "text-ink",
        Class::Key => "text-accent-ink",
        Class::Text => "text-ok",
        Class::Expression => "text-warn",
        Class::Number | Class::Word => "text-info",
        Class::Mark => "text-ink-faint",
        Class::Comment => "text-ink-faint italic",
    }
}

/// A box that grows with its text. `code` colours it as JSON.
#[component]
pub fn ExpressionBox(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// Told the text at every change.
    #[prop(into)]
    on_text: Callback<String>,
    /// Told when the box is left.
    #[prop(into)]
    on_leave: Callback<()>,
    /// How expressions are written.
    language: Language,
    /// What they can reach; asked when something is typed.
    reach: Callback<(), Reach>,
    /// Whether the text is JSON.
    #[prop(optional)]
    code: bool,
    /// Whether Enter begins a new line.
    #[prop(optional)]
    multiline: bool,
    /// Whether the text is wrong.
    #[prop(into)]
    invalid: Signal<bool>,
    /// Grey text while it is empty.
    #[prop(optional, into)]
    placeholder: String,
    /// The accessible name.
    #[prop(into)]
    label: String,
    /// The hook for tests.
    #[prop(into)]
    testid: String,
) -> impl IntoView {
    let proposals = RwSignal::new(Proposals::default());
    let chosen = RwSignal::new(0_usize);
    let area = NodeRef::<html::Textarea>::new();

    let look = move || {
        let Some(area) = area.get_untracked() else {
            return;
        };
        let text = area.value();
        let caret = area.selection_start().ok().flatten().unwrap_or_default() as usize;
        let found = complete(&text, byte_of(&text, caret), language, &reach.run(()));
        chosen.set(0);
        proposals.set(found);
    };
    let accept = move |which: usize| {
        let Some(area) = area.get_untracked() else {
            return;
        };
        let found = proposals.get_untracked();
        let Some(proposal) = found.list.get(which) else {
            return;
        };
        let mut text = area.value();
        let start = found.replace.start;
        if text.get(found.replace.clone()).is_none() {
            return;
        }
        text.replace_range(found.replace.clone(), &proposal.text);
        let caret = u32::try_from(utf16_of(&text, start + proposal.text.len())).unwrap_or_default();
        area.set_value(&text);
        // Both fail only for an element without a selection, which a text area always has.
        let _ = area.set_selection_range(caret, caret);
        proposals.set(Proposals::default());
        on_text.run(text);
        look();
    };
    let on_key = move |ev: ev::KeyboardEvent| {
        let count = proposals.with_untracked(|found| found.list.len());
        match ev.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => {
                chosen.update(|at| *at = at.checked_sub(1).unwrap_or(count - 1))
            }
            "Enter" | "Tab" if count > 0 && !ev.shift_key() => accept(chosen.get_untracked()),
            "Escape" if count > 0 => {
                ev.stop_propagation();
                proposals.set(Proposals::default());
            }
            "Enter" if !multiline => {
                on_leave.run(());
            }
            _ => return,
        }
        ev.prevent_default();
    };
    let coloured = move || {
        text.with(|text| {
            let mut out: Vec<AnyView> = Vec::new();
            for (n, row) in text.split('\n').enumerate() {
                if n > 0 {
                    out.push(view! { "\n" }.into_any());
                }
                if code {
                    for (class, run) in line(row, false, Carry::None).0 {
                        out.push(
                            view! { <span class=ink(class)>{run.to_owned()}</span> }.into_any(),
                        );
                    }
                } else {
                    let expression = row.trim_start().starts_with(['$'])
                        || row.contains("{%")
                        || row.starts_with("States.");
                    let class = if expression {
                        ink(Class::Expression)
                    } else {
                        "text-ink"
                    };
                    out.push(view! { <span class=class>{row.to_owned()}</span> }.into_any());
                }
            }
            // A last empty line has no height of its own.
            out.push(view! { "\u{200b}" }.into_any());
            out.collect_view()
        })
    };
    view! {
        <div class="relative min-w-0">
            <div
                class="relative grid max-h-72 min-h-8 min-w-0 overflow-auto rounded-control border border-control/55 bg-surface font-mono text-xs leading-5 shadow-small focus-within:border-accent focus-within:outline-2 focus-within:outline-accent/35 hover:border-control data-[bad=true]:border-crit"
                data-bad=move || invalid.get().to_string()
            >
                <pre
                    class="pointer-events-none col-start-1 row-start-1 px-2 py-[5px] font-mono text-xs leading-5 break-words whitespace-pre-wrap"
                    aria-hidden="true"
                >
                    {coloured}
                </pre>
                <textarea
                    node_ref=area
                    class="col-start-1 row-start-1 resize-none overflow-hidden bg-transparent px-2 py-[5px] font-mono text-xs leading-5 break-words whitespace-pre-wrap text-transparent caret-ink focus-visible:outline-none"
                    rows="1"
                    prop:value=move || text.get()
                    placeholder=placeholder
                    aria-label=label
                    aria-invalid=move || invalid.get().then_some("true")
                    autocomplete="off"
                    spellcheck="false"
                    data-testid=testid
                    on:input=move |ev| {
                        let mut text = event_target_value(&ev);
                        if !multiline && text.contains('\n') {
                            text = text.replace('\n', " ");
                        }
                        on_text.run(text);
                        look();
                    }
                    on:keydown=on_key
                    on:click=move |_| look()
                    on:blur=move |_| {
                        proposals.set(Proposals::default());
                        on_leave.run(());
                    }
                ></textarea>
            </div>
            <Show when=move || proposals.with(|found| !found.list.is_empty())>
                <ul
                    class="absolute inset-x-0 top-full z-20 mt-1 max-h-56 overflow-auto rounded-card bg-surface p-1 shadow-soft"
                    role="listbox"
                    data-testid="proposals"
                >
                    {move || {
                        proposals
                            .get()
                            .list
                            .into_iter()
                            .enumerate()
                            .map(|(n, proposal)| {
                                view! {
                                    <li
                                        role="option"
                                        aria-selected=move || (chosen.get() == n).to_string()
                                        class="flex h-6 items-center justify-between gap-3 rounded-badge px-2 font-mono text-xs hover:bg-fill aria-selected:bg-accent-soft aria-selected:text-accent-ink"
                                        on:mousedown=move |ev| {
                                            ev.prevent_default();
                                            accept(n);
                                        }
                                    >
                                        <span class="truncate">{proposal.text}</span>
                                        <span class="truncate text-2xs text-ink-faint">{proposal.preview}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </Show>
        </div>
    }
}
