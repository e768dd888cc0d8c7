//! Theme, density and accent: written to the root element, and left for the next start's first paint.

use awm_api::settings::{Density, Settings, Theme};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Whether the system asks for light ink on dark.
fn system_dark() -> bool {
    window()
        .match_media("(prefers-color-scheme: dark)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// Whether the screens are dark now.
pub(crate) fn is_dark(theme: Theme) -> bool {
    match theme {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => system_dark(),
    }
}

/// Makes the page look as the settings say.
pub(crate) fn apply(settings: &Settings) {
    let Some(root) = document()
        .document_element()
        .and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return;
    };
    let density = if settings.density == Density::Compact {
        "compact"
    } else {
        "comfortable"
    };
    // Attributes and properties of the root element can be set in every browser; there is nothing to do if not.
    let _ = root.set_attribute(
        "data-theme",
        if is_dark(settings.theme) {
            "dark"
        } else {
            "light"
        },
    );
    let _ = root.set_attribute("data-density", density);
    let _ = match settings.accent_hue {
        Some(hue) => root.style().set_property("--accent-hue", &hue.to_string()),
        None => root.style().remove_property("--accent-hue").map(|_| ()),
    };
    let theme = match settings.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let look = serde_json::json!({ "theme": theme, "density": density, "accent_hue": settings.accent_hue });
    awm_kit::remember("look", &look.to_string());
    if let Ok(event) = web_sys::Event::new("awm-look") {
        let _ = window().dispatch_event(&event);
    }
}

/// Calls `tell` when the system changes between light and dark, for the page's whole life.
pub(crate) fn on_system_change(tell: impl Fn() + 'static) {
    let Some(query) = window()
        .match_media("(prefers-color-scheme: dark)")
        .ok()
        .flatten()
    else {
        return;
    };
    let hear = wasm_bindgen::closure::Closure::<dyn FnMut(JsValue)>::new(move |_| tell());
    let _ = query.add_event_listener_with_callback("change", hear.as_ref().unchecked_ref());
    hear.forget();
}
