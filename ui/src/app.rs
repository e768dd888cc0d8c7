//! The page as a whole: router, shared state, the layers above everything.

use crate::{
    call,
    frame::Frame,
    palette, routes,
    session::Session,
    shell,
    uploads::{DropLayer, Uploads},
};
use awm_kit::{TipLayer, ToastLayer, provide_clock, provide_toasts};
use leptos::prelude::*;
use leptos_router::components::Router;

/// The page.
#[component]
pub(crate) fn App() -> impl IntoView {
    call::keep_token();
    let toasts = provide_toasts();
    provide_clock();
    Session::provide(toasts);
    Uploads::provide(toasts);
    palette::provide();
    view! {
        <Router>
            <Frame>
                <routes::Screens />
            </Frame>
            <shell::ShellRequests />
            <palette::PaletteLayer />
            <palette::ShortcutSheet />
            <DropLayer />
        </Router>
        <ToastLayer />
        <TipLayer />
    }
}
