//! Keys, as they are written on the keyboard at hand.

use leptos::prelude::*;

/// Whether the machine writes ⌘ where others write Ctrl.
pub fn is_mac() -> bool {
    web_sys::window()
        .and_then(|window| window.navigator().platform().ok())
        .is_some_and(|platform| platform.starts_with("Mac"))
}

/// A shortcut such as `mod+shift+k` as it is written on this machine, key by key.
pub fn shortcut_text(shortcut: &str, mac: bool) -> Vec<String> {
    shortcut
        .split('+')
        .map(|key| match (key, mac) {
            ("mod", true) => "⌘".into(),
            ("mod", false) => "Ctrl".into(),
            ("shift", true) => "⇧".into(),
            ("shift", false) => "Shift".into(),
            ("alt", true) => "⌥".into(),
            ("alt", false) => "Alt".into(),
            ("enter", _) => "↵".into(),
            ("escape", _) => "Esc".into(),
            ("up", _) => "↑".into(),
            ("down", _) => "↓".into(),
            ("plus", _) => "+".into(),
            (other, _) => {
                let mut letters = other.chars();
                letters
                    .next()
                    .map(|first| first.to_uppercase().chain(letters).collect())
                    .unwrap_or_default()
            }
        })
        .collect()
}

/// A shortcut in small key caps; a sequence such as `g w` is two groups.
#[component]
pub fn Kbd(
    /// The shortcut, such as `mod+k` or `g w`.
    #[prop(into)]
    keys: String,
) -> impl IntoView {
    let mac = is_mac();
    let caps: Vec<String> = keys
        .split(' ')
        .flat_map(|chord| shortcut_text(chord, mac))
        .collect();
    view! {
        <span class="inline-flex shrink-0 items-center gap-0.5">
            {caps
                .into_iter()
                .map(|cap| {
                    view! {
                        <kbd class="inline-flex h-4 min-w-4 items-center justify-center rounded-badge border border-line-strong bg-surface px-1 font-sans text-2xs font-medium text-ink-muted">
                            {cap}
                        </kbd>
                    }
                })
                .collect_view()}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::shortcut_text;
    use expect_test::{Expect, expect};

    fn check(shortcut: &str, mac: bool, expected: Expect) {
        expected.assert_eq(&shortcut_text(shortcut, mac).join(" "));
    }

    #[test]
    fn shortcuts_are_written_as_on_the_keyboard() {
        check("mod+k", true, expect!["⌘ K"]);
        check("mod+k", false, expect!["Ctrl K"]);
        check("mod+shift+enter", false, expect!["Ctrl Shift ↵"]);
        check("?", false, expect!["?"]);
        check("", false, expect![""]);
    }
}
