//! Small things that the browser keeps for the screens: widths, folded parts, recent commands.

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was remembered under `key`, if anything.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(&format!("awm-{key}")).ok()?
}

/// Remembers `value` under `key`; a browser that keeps nothing forgets it, which harms nothing.
pub fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("awm-{key}"), value);
    }
}
