//! The one window.

use tauri::{App, AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};

/// The window's label, which the capability files name.
pub(crate) const LABEL: &str = "main";

/// Opens the window; its size and place are those of the last time.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("AI Workflow Manager")
        .inner_size(1440.0, 900.0)
        .min_inner_size(960.0, 600.0)
        // The page is the application: a link that would replace it is not followed.
        .on_navigation(|url| {
            url.scheme() == "tauri"
                || url.host_str() == Some("tauri.localhost")
                || url.as_str() == "about:blank"
        })
        .build()
        .map(drop)
}

/// Brings the window before others.
pub(crate) fn to_front<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // Each may fail with no harm done: a window manager need not obey.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}
