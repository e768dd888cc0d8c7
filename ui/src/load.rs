//! Fetching what a screen shows: loading, there, or failed; and fetching it again.

use crate::call;
use awm_api::{Command, UserError};
use leptos::prelude::*;
use std::sync::Arc;

/// How a fetched value stands. While it is fetched again the old one stays.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Load<T> {
    /// Nothing yet.
    Loading,
    /// The value.
    Ready(T),
    /// The failure.
    Failed(UserError),
}

impl<T> Load<T> {
    /// The value, if it is there.
    pub(crate) fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// A value that is fetched by a request.
pub(crate) struct Loader<T: Send + Sync + 'static> {
    state: RwSignal<Load<T>>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Loader<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loader<T> {}

impl<T: Clone + Send + Sync + 'static> Loader<T> {
    /// How it stands.
    pub(crate) fn get(self) -> Load<T> {
        self.state.get()
    }

    /// How it stands, looked at in place.
    pub(crate) fn with<U>(self, look: impl FnOnce(&Load<T>) -> U) -> U {
        self.state.with(look)
    }

    /// The value if it is there, or nothing.
    pub(crate) fn value(self) -> Option<T> {
        self.state.with(|state| state.ready().cloned())
    }

    /// Changes the value in place, ahead of what the host will say.
    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        self.state.try_update(|state| {
            if let Load::Ready(value) = state {
                change(value);
            }
        });
    }

    /// Fetches it again; the old value stays until the new one is there.
    pub(crate) fn reload(self) {
        self.again.try_update(|n| *n = n.wrapping_add(1));
    }
}

/// Fetches what `request` asks for, again whenever the signals in it change. An answer that was overtaken is dropped.
pub(crate) fn load<C>(request: impl Fn() -> C + Send + Sync + 'static) -> Loader<C::Response>
where
    C: Command,
    C::Response: Clone + Send + Sync,
{
    let loader = Loader {
        state: RwSignal::new(Load::Loading),
        again: RwSignal::new(0),
    };
    let newest = Arc::new(std::sync::atomic::AtomicU32::new(0));
    Effect::new(move |_| {
        loader.again.track();
        let request = request();
        let newest = newest.clone();
        let mine = newest.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        leptos::task::spawn_local(async move {
            let answer = call::call(request).await;
            if newest.load(std::sync::atomic::Ordering::Relaxed) == mine {
                let state = answer.map_or_else(Load::Failed, Load::Ready);
                // The screen may have been left meanwhile.
                loader.state.try_set(state);
            }
        });
    });
    loader
}

/// Sends a request and tells `then` what came of it; a failure is shown as a toast.
pub(crate) fn act_with<C: Command>(
    toasts: awm_kit::Toasts,
    request: C,
    then: impl FnOnce(C::Response) + 'static,
) {
    leptos::task::spawn_local(async move {
        match call::call(request).await {
            Ok(response) => then(response),
            Err(error) => toasts.show(failure(&error)),
        }
    });
}

/// A failure as a toast.
pub(crate) fn failure(error: &UserError) -> awm_kit::Toast {
    awm_kit::Toast::failed(
        format!("{} ({})", capital(&error.message), error.code),
        error.help.clone(),
    )
}

/// A message with a capital at its front.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Draws a value in its four states: nothing for the first moment, then a skeleton, then the value or the failure.
pub(crate) fn draw<T>(
    loader: Loader<T>,
    skeleton: impl Fn() -> AnyView + Send + Sync + 'static,
    ready: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let state = Memo::new(move |_| loader.get());
    let drawn = move || match state.get() {
        Load::Loading => skeleton(),
        Load::Ready(value) => ready(value),
        Load::Failed(error) => failed(&error, move || loader.reload()),
    };
    drawn.into_any()
}

/// A failure in the place of a screen.
pub(crate) fn failed(error: &UserError, retry: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <awm_kit::ErrorState
            message=error.message.clone()
            help=error.help.clone()
            code=error.code.to_string()
            retry=move |()| retry()
        />
    }
    .into_any()
}
