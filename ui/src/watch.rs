//! Watching a stream for as long as a screen is open.

use crate::call;
use awm_api::Stream;
use futures::{StreamExt, channel::oneshot, future::AbortHandle};
use leptos::prelude::*;
use std::time::Duration;

/// Tells every item to `hear` until the calling component goes; a stream that breaks off is opened again after a while.
pub(crate) fn watch<S: Stream>(
    request: impl Fn() -> S + 'static,
    hear: impl Fn(S::Item) + 'static,
) {
    let (work, handle) = futures::future::abortable(async move {
        loop {
            let mut items = call::stream(request());
            while let Some(Ok(item)) = items.next().await {
                hear(item);
            }
            drop(items);
            pause(Duration::from_secs(3)).await;
        }
    });
    leptos::task::spawn_local(async move {
        // The only way it ends is that the screen was left.
        let _: Result<(), _> = work.await;
    });
    stop_on_cleanup(handle);
}

/// Stops a piece of work when the calling component goes.
pub(crate) fn stop_on_cleanup(handle: AbortHandle) {
    on_cleanup(move || handle.abort());
}

/// Waits on the page's own clock.
pub(crate) async fn pause(wait: Duration) {
    let (done, waited) = oneshot::channel();
    set_timeout(
        move || {
            // Whoever waited may be gone.
            let _ = done.send(());
        },
        wait,
    );
    let _ = waited.await;
}
