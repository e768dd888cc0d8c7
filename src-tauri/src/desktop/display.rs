//! Whether there is anything to show a window on.

/// What is said when there isn't.
pub(crate) const ABSENT: &str = "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set)\n\
    the same screens are to be had in a browser: awm serve";

/// Only Linux has machines without a display; GTK ends the process there without a word of use.
pub(crate) fn present() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
