//! Rows of the stream table, item by item over a channel.

use super::Opened;
use awm_api::{Code, UserError};
use futures::{
    StreamExt,
    future::{AbortHandle, Abortable},
};
use serde::Serialize;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tauri::{State, ipc::Channel};

/// The streams that go on, by the id that the page gave them.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<u32, AbortHandle>>>);

/// One message over a stream's channel.
#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Message {
    /// The next item.
    Item(Value),
    /// The stream broke; nothing follows but the end.
    Error(UserError),
    /// Nothing follows.
    End(bool),
}

/// Starts a stream. It ends by itself, by [`stream_cancel`], or when the page goes away.
#[tauri::command]
pub(crate) async fn stream(
    opened: State<'_, Opened>,
    streams: State<'_, Streams>,
    id: u32,
    name: String,
    payload: Value,
    channel: Channel<Message>,
) -> Result<(), UserError> {
    let mut items = opened.host()?.dispatch_stream(&name, payload).await?;
    let (handle, registration) = AbortHandle::new_pair();
    let streams = streams.inner().clone();
    if let Some(older) = streams.lock().insert(id, handle) {
        older.abort();
        return Err(UserError::new(
            Code::BadRequest,
            format!("a stream with the id `{id}` goes on already"),
        ));
    }
    tauri::async_runtime::spawn(async move {
        let work = async {
            while let Some(item) = items.next().await {
                let message = item.map_or_else(Message::Error, Message::Item);
                // A page that was closed or reloaded hears no more.
                if channel.send(message).is_err() {
                    return;
                }
            }
            let _ = channel.send(Message::End(true));
        };
        let _ = Abortable::new(work, registration).await;
        streams.lock().remove(&id);
    });
    Ok(())
}

/// Ends a stream; an unknown id is one that has ended.
#[tauri::command]
pub(crate) fn stream_cancel(streams: State<'_, Streams>, id: u32) {
    if let Some(handle) = streams.lock().remove(&id) {
        handle.abort();
    }
}

impl Streams {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u32, AbortHandle>> {
        // No one panics while holding it, and a map of handles is whole in any case.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
