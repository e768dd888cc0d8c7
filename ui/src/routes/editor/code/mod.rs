//! The definition as text: the same document as the drawing, both ways.

mod marks;

use super::{
    inspector::{ink, severity},
    model::code_lines::{self, Lines, byte_of, key, utf16_of},
    session::Session,
};
use awm_asl::Severity;
use awm_flow::{Change, Format};
use awm_kit::{Glyph, Icon, IconButton};
use leptos::{ev, html, prelude::*};
use marks::{Underline, underlines};
use std::{ops::Range, time::Duration};

/// The height of a line, pixels; `leading-5`.
const LINE: f64 = 20.0;
/// Texts longer than this are applied after a longer pause.
const LARGE: usize = 200_000;

/// The editor of the text.
#[component]
pub fn CodeView(
    /// The editor.
    session: Session,
) -> impl IntoView {
    let yaml = session
        .editor
        .with_untracked(|editor| editor.document().format == Format::Yaml);
    let text = RwSignal::new(
        session
            .editor
            .with_untracked(|editor| editor.document().text.clone()),
    );
    let lines = RwSignal::new(text.with_untracked(|text| Lines::of(text, yaml)));
    let scroller = NodeRef::<html::Div>::new();
    let area = NodeRef::<html::Textarea>::new();
    let scroll = RwSignal::new(0.0);
    let tall = RwSignal::new(800.0);
    let caret = RwSignal::new(0_usize);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // What the last selection came from: a caret in the text must not scroll the text.
    let own_selection = StoredValue::new(None::<String>);

    let flush = move || {
        if let Some(Some(handle)) = timer.try_update_value(Option::take) {
            handle.clear();
        }
        let Some(now) = text.try_get_untracked() else {
            return;
        };
        if session
            .editor
            .with_untracked(|editor| editor.document().text != now)
        {
            session.apply(Change::ReplaceText(now));
            session.editor.update_untracked(awm_flow::Editor::seal);
        }
    };
    let take = move |now: String| {
        let wait = if now.len() > LARGE { 500 } else { 120 };
        lines.set(Lines::of(&now, yaml));
        text.set(now);
        if let Some(Some(handle)) = timer.try_update_value(Option::take) {
            handle.clear();
        }
        timer.set_value(set_timeout_with_handle(flush, Duration::from_millis(wait)).ok());
    };
    on_cleanup(flush);

    // The drawing or the form changed the text.
    Effect::new(move |_| {
        // A memo that is only tracked never runs: it has to be read.
        session.text_revision.get();
        let stored = session
            .editor
            .with_untracked(|editor| editor.document().text.clone());
        let pending = timer.with_value(Option::is_some);
        if !pending && text.with_untracked(|text| *text != stored) {
            if let Some(area) = area.get_untracked() {
                area.set_value(&stored);
            }
            lines.set(Lines::of(&stored, yaml));
            text.set(stored);
        }
    });

    let place_caret = move || {
        let Some(area) = area.get_untracked() else {
            return;
        };
        let at = area.selection_start().ok().flatten().unwrap_or_default() as usize;
        let byte = text.with_untracked(|text| byte_of(text, at));
        caret.set(byte);
        let found = session
            .text
            .with_untracked(|read| read.definition.source.pointer_at(byte));
        let state = super::session::state_of(&found);
        let known = state.as_ref().is_some_and(|state| {
            session
                .editor
                .with_untracked(|editor| editor.graph().node(state).is_some())
        });
        if known {
            own_selection.set_value(state.clone());
            session.select(state);
        }
    };
    let selected_span = Memo::new(move |_| {
        let state = session.selected()?;
        session.text.with(|read| place_of(&read.definition, &state))
    });
    let scroll_to = move |byte: usize, focus: bool| {
        let place = untrack(|| text.with(|text| lines.with(|lines| lines.place(text, byte))));
        let Some(list) = scroller.get_untracked() else {
            return;
        };
        let (top, tall) = (place.line as f64 * LINE, f64::from(list.client_height()));
        let at = f64::from(list.scroll_top());
        if top < at || top + LINE * 3.0 > at + tall {
            list.set_scroll_top((top - tall / 3.0).max(0.0) as i32);
        }
        if focus && let Some(area) = area.get_untracked() {
            let at =
                u32::try_from(text.with_untracked(|text| utf16_of(text, byte))).unwrap_or_default();
            // Both fail only for an element that left the page.
            let _ = area.focus();
            let _ = area.set_selection_range(at, at);
        }
    };
    Effect::new(move |_| {
        let state = session.selected();
        if scroller.get().is_none() || own_selection.with_value(|own| *own == state) {
            return;
        }
        own_selection.set_value(None);
        if let Some(span) = selected_span.get_untracked() {
            scroll_to(span.start, false);
        }
    });
    Effect::new(move |_| {
        let Some(pointer) = session.reveal.get() else {
            return;
        };
        if scroller.get().is_none() {
            return;
        }
        let problem = session.problems.with_untracked(|problems| {
            problems
                .iter()
                .find(|problem| problem.pointer == pointer)
                .and_then(|problem| problem.span)
        });
        let place = || {
            session
                .text
                .with_untracked(|read| place_of(&read.definition, &pointer))
        };
        let at = problem
            .map(|(start, _)| start)
            .or_else(|| place().map(|span| span.start));
        if let Some(at) = at {
            scroll_to(at, true);
        }
    });

    let marks = Memo::new(move |_| {
        let problems = session.problems.get();
        text.with(|text| lines.with(|lines| underlines(text, lines, &problems)))
    });
    let shown = Memo::new(move |_| {
        code_lines::window(scroll.get(), tall.get(), LINE, lines.with(Lines::count))
    });
    let selected_lines = Memo::new(move |_| {
        let span = selected_span.get()?;
        text.with(|text| {
            lines.with(|lines| {
                Some(lines.place(text, span.start).line..lines.place(text, span.end).line + 1)
            })
        })
    });
    let here =
        Memo::new(move |_| text.with(|text| lines.with(|lines| lines.place(text, caret.get()))));

    let on_key = move |ev: ev::KeyboardEvent| {
        let Some(area) = area.get_untracked() else {
            return;
        };
        let modified = ev.ctrl_key() || ev.meta_key();
        if modified && ev.key().eq_ignore_ascii_case("z") {
            ev.prevent_default();
            ev.stop_propagation();
            flush();
            if ev.shift_key() {
                session.redo()
            } else {
                session.undo()
            }
            return;
        }
        if modified || ev.alt_key() || ev.is_composing() {
            return;
        }
        let now = area.value();
        let at = |offset: Result<Option<u32>, _>| {
            byte_of(&now, offset.ok().flatten().unwrap_or_default() as usize)
        };
        let selection = at(area.selection_start())..at(area.selection_end());
        let Some(edit) = key(&now, selection, &ev.key(), ev.shift_key(), yaml) else {
            return;
        };
        ev.prevent_default();
        let mut changed = now.clone();
        if now.get(edit.replace.clone()).is_none() {
            return;
        }
        changed.replace_range(edit.replace.clone(), &edit.with);
        let unit = |byte: usize| u32::try_from(utf16_of(&changed, byte)).unwrap_or_default();
        let (start, end) = (unit(edit.select.start), unit(edit.select.end));
        if changed != now {
            area.set_value(&changed);
        }
        // It fails only for an element without a selection, which a text area always has.
        let _ = area.set_selection_range(start, end);
        if changed != now {
            take(changed);
        }
    };
    let measure = move || {
        if let Some(list) = scroller.get_untracked() {
            scroll.set(f64::from(list.scroll_top()));
            tall.set(f64::from(list.client_height()));
        }
    };
    Effect::new(move |_| {
        if scroller.get().is_some() {
            request_animation_frame(measure);
        }
    });
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());

    let broken = Memo::new(move |_| {
        // A memo that is only tracked never runs: it has to be read.
        session.text_revision.get();
        session
            .editor
            .with_untracked(|editor| editor.broken().map(ToString::to_string))
    });
    let initial = text.get_untracked();
    view! {
        <div class="flex h-full min-h-0 min-w-0 flex-col bg-surface" data-testid="code-view">
            <div class="flex h-8 shrink-0 items-center gap-3 border-b border-line px-3 text-xs text-ink-muted">
                <span class="font-mono">{if yaml { "YAML" } else { "JSON" }}</span>
                <span class="tabular-nums">{move || format!("line {}, column {}", here.get().line + 1, here.get().column + 1)}</span>
                <span class="tabular-nums">{move || awm_kit::plural(lines.with(Lines::count) as u64, "line", "lines")}</span>
                {move || {
                    broken
                        .get()
                        .map(|why| {
                            view! {
                                <span class="flex min-w-0 items-center gap-1 text-crit" role="alert" data-testid="code-broken">
                                    <Glyph icon=Icon::CrossCircle size=12 />
                                    <span class="truncate">{why}</span>
                                    <span class="shrink-0 text-ink-faint">"The drawing is the last that could be read."</span>
                                </span>
                            }
                        })
                }} <span class="ml-auto"></span>
                <IconButton
                    icon=Icon::Copy
                    label="Copy the text"
                    size=awm_kit::ControlSize::Tiny
                    on_click=move |_| {
                        // Only the browser's refusal can be told, and there is nothing to do about it.
                        let _ = window().navigator().clipboard().write_text(&text.get_untracked());
                        session.say("Copied");
                    }
                />
            </div>
            <div node_ref=scroller class="relative min-h-0 flex-1 overflow-auto font-mono text-xs leading-5" on:scroll=move |_| measure()>
                <div
                    class="relative min-h-full min-w-full"
                    style=move || {
                        let (count, longest) = lines.with(|lines| (lines.count(), lines.longest()));
                        format!("height:{}px;width:calc({}ch + 96px)", count as f64 * LINE + 120.0, longest)
                    }
                >
                    {move || {
                        let window: Range<usize> = shown.get();
                        let rows = text.with(|text| {
                            lines.track();
                            // Colouring remembers what each line begins in; that is no change that anyone has to hear of.
                            let runs = lines.try_update_untracked(|lines| lines.coloured_owned(text, window.clone())).unwrap_or_default();
                            window.clone().zip(runs).collect::<Vec<_>>()
                        });
                        let selected = selected_lines.get();
                        let marks = marks.get();
                        rows.into_iter()
                            .map(|(n, runs)| {
                                let of_line: Vec<&Underline> = marks.iter().filter(|mark| mark.line == n).collect();
                                view! { <Line n=n runs=runs marks=of_line.into_iter().cloned().collect() selected=selected.as_ref().is_some_and(|range| range.contains(&n)) /> }
                            })
                            .collect_view()
                    }}
                    <textarea
                        node_ref=area
                        class="absolute inset-y-0 right-0 left-14 z-10 resize-none overflow-hidden bg-transparent p-0 font-mono text-xs leading-5 whitespace-pre text-transparent caret-ink focus-visible:outline-none"
                        wrap="off"
                        spellcheck="false"
                        autocomplete="off"
                        aria-label="Definition"
                        readonly=session.read_only
                        data-testid="code-text"
                        prop:value=initial
                        on:input=move |ev| take(event_target_value(&ev))
                        on:keydown=on_key
                        on:keyup=move |_| place_caret()
                        on:click=move |_| place_caret()
                        on:blur=move |_| flush()
                    ></textarea>
                </div>
            </div>
        </div>
    }
}

/// The bytes of a value, its name included.
fn place_of(definition: &awm_asl::Definition, pointer: &str) -> Option<Range<usize>> {
    let value = definition.source.span(pointer)?;
    let start = definition
        .source
        .key_span(pointer)
        .map_or(value.start, |name| name.start);
    Some(start..value.end)
}

#[component]
fn Line(
    n: usize,
    runs: Vec<(super::model::tokens::Class, String)>,
    marks: Vec<Underline>,
    selected: bool,
) -> impl IntoView {
    let worst = marks.iter().map(|mark| mark.severity).min();
    let gutter = worst.map(|worst| {
        let (icon, ink) = severity(worst);
        let words: Vec<String> = marks.iter().map(|mark| mark.message.clone()).collect();
        view! {
            <span class=format!("absolute left-1 inline-flex {ink}") data-tip=words.join("\n")>
                <Glyph icon=icon size=12 />
            </span>
        }
    });
    let row = if selected {
        "absolute inset-x-0 flex h-5 bg-accent-soft/50"
    } else {
        "absolute inset-x-0 flex h-5"
    };
    view! {
        <div class=row style=format!("top:{}px", n as f64 * LINE)>
            <span class="sticky left-0 z-20 flex w-14 shrink-0 items-center justify-end border-r border-line bg-surface pr-2 text-2xs text-ink-faint tabular-nums select-none">
                {gutter} {n + 1}
            </span>
            <span class="relative whitespace-pre">
                {marks
                    .iter()
                    .map(|mark| {
                        let line = match mark.severity {
                            Severity::Error => "border-crit",
                            Severity::Warning => "border-warn",
                            Severity::Info => "border-info",
                        };
                        view! {
                            <span
                                class=format!("absolute bottom-0 h-full border-b-2 border-dotted {line}")
                                style=format!("left:{}ch;width:{}ch", mark.from, mark.to.saturating_sub(mark.from).max(1))
                            ></span>
                        }
                    })
                    .collect_view()} {runs.into_iter().map(|(class, run)| view! { <span class=ink(class)>{run}</span> }).collect_view()}
            </span>
        </div>
    }
}
