//! The table over the desktop's webview: the commands `rpc`, `stream` and `stream_cancel`.

use super::{Message, Transport, js, unreachable_host};
use awm_api::{Code, UserError};
use futures::{
    FutureExt, StreamExt, channel::mpsc, future::LocalBoxFuture, stream::LocalBoxStream,
};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

pub(super) struct Tauri;

thread_local! {
    static NEXT_STREAM: Cell<u32> = const { Cell::new(1) };
}

/// Whether the page runs in the desktop's webview.
pub(super) fn present() -> bool {
    global().is_some()
}

fn global() -> Option<JsValue> {
    js::property(&JsValue::from(web_sys::window()?), "__TAURI__")
}

/// Calls a function of the desktop's API by its path, such as `core.invoke`.
fn api(path: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let absent = || JsValue::from_str(&format!("the desktop has no `{path}`"));
    let (owner, name) = path.rsplit_once('.').ok_or_else(absent)?;
    let owner = owner
        .split('.')
        .try_fold(global().ok_or_else(absent)?, |of, name| {
            js::property(&of, name)
        })
        .ok_or_else(absent)?;
    let function: js_sys::Function = js::property(&owner, name)
        .and_then(|value| value.dyn_into().ok())
        .ok_or_else(absent)?;
    function.apply(&owner, &arguments.iter().collect::<js_sys::Array>())
}

async fn settled(value: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(js_sys::Promise::resolve(&value?)).await
}

fn arguments(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        // Setting a property of a fresh object can't fail.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

fn payload(body: &str) -> JsValue {
    js_sys::JSON::parse(body).unwrap_or(JsValue::NULL)
}

impl Transport for Tauri {
    fn rpc(
        &self,
        name: &'static str,
        body: String,
    ) -> LocalBoxFuture<'static, Result<String, UserError>> {
        async move {
            let sent = api(
                "core.invoke",
                &[
                    "rpc".into(),
                    arguments(&[("name", name.into()), ("payload", payload(&body))]),
                ],
            );
            match settled(sent).await {
                Ok(value) => Ok(js::to_text(&value)),
                Err(reason) => Err(js::rejection(&reason, Code::Internal)),
            }
        }
        .boxed_local()
    }

    fn stream(
        &self,
        name: &'static str,
        body: String,
    ) -> LocalBoxStream<'static, Result<Message, UserError>> {
        let (told, messages) = mpsc::unbounded();
        let id = NEXT_STREAM.with(|next| next.replace(next.get().wrapping_add(1)));
        let failed = told.clone();
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| {
            let message = serde_json::from_str(&js::to_text(&message))
                .map_err(|fault| unreachable_host(&format!("a message can't be read: {fault}")));
            // The receiver is gone when the screen went away; the host is told to stop by then.
            let _ = told.unbounded_send(message);
        });
        let opened = channel(&hear).and_then(|channel| {
            let fields = [
                ("id", id.into()),
                ("name", name.into()),
                ("payload", payload(&body)),
                ("channel", channel),
            ];
            api("core.invoke", &["stream".into(), arguments(&fields)])
        });
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(reason) = settled(opened).await {
                let _ = failed.unbounded_send(Err(js::rejection(&reason, Code::Internal)));
            }
        });
        let guard = Cancel { id, _hear: hear };
        messages
            .map(move |message| {
                let _kept_alive = &guard;
                message
            })
            .boxed_local()
    }
}

/// A `Channel` whose messages go to `hear`.
fn channel(hear: &Closure<dyn FnMut(JsValue)>) -> Result<JsValue, JsValue> {
    let core = global().and_then(|tauri| js::property(&tauri, "core"));
    let class = core
        .and_then(|core| js::property(&core, "Channel"))
        .and_then(|class| class.dyn_into::<js_sys::Function>().ok());
    let class = class.ok_or_else(|| JsValue::from_str("the desktop has no channels"))?;
    let channel = js_sys::Reflect::construct(&class, &js_sys::Array::new())?;
    js_sys::Reflect::set(&channel, &"onmessage".into(), hear.as_ref())?;
    Ok(channel)
}

/// Tells the host to stop a stream when it is dropped.
struct Cancel {
    id: u32,
    _hear: Closure<dyn FnMut(JsValue)>,
}

impl Drop for Cancel {
    fn drop(&mut self) {
        let sent = api(
            "core.invoke",
            &["stream_cancel".into(), arguments(&[("id", self.id.into())])],
        );
        // A stream that ended by itself is unknown to the host by now; that is no fault.
        wasm_bindgen_futures::spawn_local(async move {
            let _ = settled(sent).await;
        });
    }
}

/// Lets the user choose files, or folders, on the host's machine; nothing chosen is an empty list.
///
/// # Errors
/// The desktop's own words when it can't show the dialog.
pub(crate) async fn pick_paths(folders: bool) -> Result<Vec<String>, UserError> {
    let options = arguments(&[
        ("multiple", true.into()),
        ("directory", folders.into()),
        ("recursive", folders.into()),
    ]);
    let chosen = settled(api("dialog.open", &[options]))
        .await
        .map_err(|reason| js::rejection(&reason, Code::Internal))?;
    Ok(paths(&chosen))
}

fn paths(value: &JsValue) -> Vec<String> {
    match value.as_string() {
        Some(path) => vec![path],
        None if js_sys::Array::is_array(value) => js_sys::Array::from(value)
            .iter()
            .filter_map(|path| path.as_string())
            .collect(),
        None => Vec::new(),
    }
}

/// What the window tells about files that are dragged over it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Dragged {
    /// They are over the window.
    Over,
    /// They left.
    Gone,
    /// They were let go: absolute paths.
    Dropped(Vec<String>),
}

/// Takes the files that the system asked to open; each is handed out once.
///
/// # Errors
/// The desktop's own words when it can't tell.
pub(crate) async fn opened_files() -> Result<Vec<String>, UserError> {
    settled(api("core.invoke", &["opened_files".into()]))
        .await
        .map(|files| paths(&files))
        .map_err(|reason| js::rejection(&reason, Code::Internal))
}

/// Listens to an event of the desktop's shell, for the page's whole life; `tell` hears its text, if it has one.
pub(crate) fn listen(event: &str, tell: impl Fn(String) + 'static) {
    listen_raw(event, move |event| {
        let payload = js::property(event, "payload").and_then(|payload| payload.as_string());
        tell(payload.unwrap_or_default());
    });
}

fn listen_raw(event: &str, mut tell: impl FnMut(&JsValue) + 'static) {
    let hear = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| tell(&event));
    let listening = api("event.listen", &[event.into(), hear.as_ref().clone()]);
    // The window lives as long as the page: the closure is never to be freed.
    hear.forget();
    wasm_bindgen_futures::spawn_local(async move {
        let _ = settled(listening).await;
    });
}

/// Listens to the desktop window's own drag and drop, for the page's whole life.
pub(crate) fn listen_for_drops(tell: impl Fn(Dragged) + Clone + 'static) {
    /// What an event says of its paths.
    type Told = fn(Vec<String>) -> Dragged;
    let events: [(&str, Told); 3] = [
        ("tauri://drag-enter", |_| Dragged::Over),
        ("tauri://drag-leave", |_| Dragged::Gone),
        ("tauri://drag-drop", Dragged::Dropped),
    ];
    for (event, make) in events {
        let tell = tell.clone();
        listen_raw(event, move |event| {
            let found =
                js::property(event, "payload").and_then(|payload| js::property(&payload, "paths"));
            tell(make(found.map(|found| paths(&found)).unwrap_or_default()));
        });
    }
}
