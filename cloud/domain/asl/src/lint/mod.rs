//! Lints: what AWS does not report, but a careful engineer would.
//!
//! Each has a [page] with an example that raises it and one that does not; the tests hold the pages to that. Where it is known how to
//! mend a finding, the diagnostic has a [`Fix`](crate::Fix).

mod events;
mod fixes;
mod payload;
mod result;
mod variables;

use crate::check::MachineType;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Source;
use crate::syntax::Machine;

/// Every lint with its page.
const PAGES: &[(Code, &str)] = &[
    (
        Code::EndlessLoop,
        include_str!("../../lints/ENDLESS_LOOP.md"),
    ),
    (
        Code::MaybeUnassignedVariable,
        include_str!("../../lints/MAYBE_UNASSIGNED_VARIABLE.md"),
    ),
    (
        Code::NewerJsonata,
        include_str!("../../lints/NEWER_JSONATA.md"),
    ),
    (Code::NoContext, include_str!("../../lints/NO_CONTEXT.md")),
    (Code::NoEval, include_str!("../../lints/NO_EVAL.md")),
    (Code::NoDefault, include_str!("../../lints/NO_DEFAULT.md")),
    (Code::NoRetry, include_str!("../../lints/NO_RETRY.md")),
    (
        Code::PayloadTooLarge,
        include_str!("../../lints/PAYLOAD_TOO_LARGE.md"),
    ),
    (
        Code::SecretInText,
        include_str!("../../lints/SECRET_IN_TEXT.md"),
    ),
    (
        Code::TooManyEvents,
        include_str!("../../lints/TOO_MANY_EVENTS.md"),
    ),
    (
        Code::UnassignedVariable,
        include_str!("../../lints/UNASSIGNED_VARIABLE.md"),
    ),
    (
        Code::UnusedResult,
        include_str!("../../lints/UNUSED_RESULT.md"),
    ),
    (
        Code::UnusedVariable,
        include_str!("../../lints/UNUSED_VARIABLE.md"),
    ),
    // AWS's own, with a page because there is a fix.
    (
        Code::MissingTransitionTarget,
        include_str!("../../lints/MISSING_TRANSITION_TARGET.md"),
    ),
];

/// The page about a code, in Markdown, if it has one.
pub fn page(code: Code) -> Option<&'static str> {
    PAGES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, page)| *page)
}

/// The codes that have a page.
pub fn pages() -> impl Iterator<Item = Code> {
    PAGES.iter().map(|(code, _)| *code)
}

pub(crate) fn check(machine: &Machine, kind: MachineType, found: &mut Vec<Diagnostic>) {
    variables::check(machine, found);
    result::check(machine, found);
    payload::check(machine, found);
    if kind == MachineType::Standard {
        events::check(machine, found);
    }
    let names = machine
        .all_states()
        .into_iter()
        .map(|state| state.name.as_str())
        .collect();
    for diagnostic in found {
        diagnostic.fix = fixes::fix(machine, &names, diagnostic);
    }
}

impl Code {
    /// Whether AWS does not report it: it never keeps a definition from being deployed, but for [`Code::NewerJsonata`].
    pub fn is_lint(self) -> bool {
        self != Self::MissingTransitionTarget && page(self).is_some()
    }

    /// The code of that name, if it has a page.
    pub fn with_page(name: &str) -> Option<Self> {
        pages().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}

/// Applies the safe fixes of a definition, one after the other, since each changes what the next one is about. Gives the text afterwards
/// and what was done.
pub fn apply_safe_fixes(
    text: &str,
    format: crate::Format,
    kind: MachineType,
) -> (String, Vec<String>) {
    /// More than this is not the work of a moment, nor of one sitting.
    const MOST: usize = 1_000;
    let mut text = text.to_owned();
    let mut done = Vec::new();
    for _ in 0..MOST {
        let source = Source::new(text.as_str(), format);
        let next = crate::validate(&text, format, kind)
            .into_iter()
            .filter_map(|found| Some((found.pointer, found.fix?)))
            .filter(|(_, fix)| fix.safe)
            .find_map(|(pointer, fix)| {
                let edits = fix.edits(&source).ok().filter(|edits| !edits.is_empty())?;
                Some((pointer, fix.title, crate::source::apply(&text, &edits)))
            });
        let Some((pointer, title, changed)) = next else {
            break;
        };
        done.push(format!("{title} at {pointer}"));
        text = changed;
    }
    (text, done)
}

#[cfg(test)]
mod tests;
