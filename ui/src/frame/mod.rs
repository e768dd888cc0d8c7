//! What is around every screen: sidebar, header, and the word when the host can't be used.

mod header;
mod sidebar;

use crate::{
    load::failed,
    palette::{Action, offer},
    session::use_session,
};
use awm_api::settings::Theme;
use awm_kit::{Icon, recall, remember};
use header::Header;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use sidebar::Sidebar;

/// An area of the application, as the sidebar and the palette name it.
struct Area {
    path: &'static str,
    title: &'static str,
    icon: Icon,
    shortcut: &'static str,
    testid: &'static str,
    keywords: &'static str,
}

const AREAS: &[Area] = &[
    Area {
        path: "/workflows",
        title: "Workflows",
        icon: Icon::Workflow,
        shortcut: "g w",
        testid: "nav-workflows",
        keywords: "list templates state machines",
    },
    Area {
        path: "/runs",
        title: "Runs",
        icon: Icon::Runs,
        shortcut: "g r",
        testid: "nav-runs",
        keywords: "executions history",
    },
    Area {
        path: "/knowledge",
        title: "Knowledge",
        icon: Icon::Knowledge,
        shortcut: "g k",
        testid: "nav-knowledge",
        keywords: "documents files sources search",
    },
    Area {
        path: "/evaluation",
        title: "Evaluation",
        icon: Icon::Activity,
        shortcut: "g e",
        testid: "nav-evaluation",
        keywords: "measure questions metrics quality recall ndcg tests",
    },
    Area {
        path: "/chat",
        title: "Chat",
        icon: Icon::Chat,
        shortcut: "g c",
        testid: "nav-chat",
        keywords: "ask conversation question",
    },
    Area {
        path: "/connections",
        title: "Connections",
        icon: Icon::Link,
        shortcut: "g o",
        testid: "nav-connections",
        keywords: "api openapi http keys sign in secrets",
    },
];

const SETTINGS: Area = Area {
    path: "/settings",
    title: "Settings",
    icon: Icon::Settings,
    shortcut: "g s",
    testid: "nav-settings",
    keywords: "preferences model theme privacy about",
};

/// The frame around a screen.
#[component]
pub(crate) fn Frame(children: Children) -> impl IntoView {
    let session = use_session();
    let folded = RwSignal::new(recall("sidebar").as_deref() == Some("folded"));
    Effect::new(move |_| remember("sidebar", if folded.get() { "folded" } else { "open" }));
    offer_actions(folded);
    let children = children();
    view! {
        <a
            href="#screen"
            class="fixed top-2 left-2 z-50 -translate-y-16 rounded-control bg-accent px-3 py-1.5 text-sm font-medium text-on-accent focus:translate-y-0"
            on:click=move |ev| {
                ev.prevent_default();
                focus_screen();
            }
        >
            "Skip to the screen"
        </a>
        <div class="flex h-screen min-h-0 w-screen overflow-hidden">
            <Sidebar folded=folded />
            <div class="flex min-w-0 flex-1 flex-col">
                <Header />
                <main id="screen" tabindex="-1" class="relative min-h-0 flex-1 focus-visible:outline-none">
                    <div class="absolute inset-0" class:hidden=move || session.refused.get().is_some()>
                        {children}
                    </div>
                    {move || session.refused.get().map(|error| failed(&error, move || session.read()))}
                </main>
            </div>
        </div>
    }
}

fn focus_screen() {
    use wasm_bindgen::JsCast;
    if let Some(screen) = document()
        .get_element_by_id("screen")
        .and_then(|el| el.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = screen.focus();
    }
}

fn offer_actions(folded: RwSignal<bool>) {
    let session = use_session();
    let navigate = use_navigate();
    offer(move || {
        let go = |area: &'static Area| {
            let navigate = navigate.clone();
            Action::new(
                format!("go{}", area.path),
                format!("Go to {}", area.title),
                area.icon,
                move || navigate(area.path, NavigateOptions::default()),
            )
            .keywords(area.keywords)
            .shortcut(area.shortcut)
            .group("Go to")
        };
        let theme = |id: &str, theme: Theme, title: &str, icon| {
            Action::new(format!("theme-{id}"), title, icon, move || {
                session.change(|settings| settings.theme = theme)
            })
            .keywords("appearance dark light colours")
            .group("Appearance")
        };
        let mut actions: Vec<Action> = AREAS.iter().chain([&SETTINGS]).map(go).collect();
        actions.push(theme(
            "light",
            Theme::Light,
            "Use the light theme",
            Icon::Sun,
        ));
        actions.push(theme("dark", Theme::Dark, "Use the dark theme", Icon::Moon));
        actions.push(theme(
            "system",
            Theme::System,
            "Use the system's theme",
            Icon::Monitor,
        ));
        let title = if folded.get() {
            "Unfold the sidebar"
        } else {
            "Fold the sidebar"
        };
        actions.push(
            Action::new("sidebar", title, Icon::Sidebar, move || {
                folded.update(|folded| *folded = !*folded)
            })
            .shortcut("mod+b")
            .group("Appearance"),
        );
        actions
    });
}
