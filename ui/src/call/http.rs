//! The table over HTTP: `POST /api/rpc/{name}` and `POST /api/stream/{name}`, guarded by a token.

use super::{Message, Transport, js, unreachable_host};
use awm_api::{Code, UserError};
use futures::{FutureExt, StreamExt, future::LocalBoxFuture, stream::LocalBoxStream};
use std::collections::VecDeque;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, Response};

const TOKEN: &str = "awm-token";

pub(super) struct Http {
    token: Option<String>,
}

impl Http {
    pub(super) fn new() -> Self {
        let token = session().and_then(|storage| storage.get_item(TOKEN).ok().flatten());
        Self { token }
    }

    fn request(
        &self,
        path: &str,
        body: &str,
        abort: Option<&AbortController>,
    ) -> Result<js_sys::Promise, JsValue> {
        let headers = web_sys::Headers::new()?;
        headers.set("Content-Type", "application/json")?;
        if let Some(token) = &self.token {
            headers.set("Authorization", &format!("Bearer {token}"))?;
        }
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(body));
        if let Some(abort) = abort {
            init.set_signal(Some(&abort.signal()));
        }
        let window = web_sys::window().ok_or(JsValue::NULL)?;
        Ok(window.fetch_with_str_and_init(path, &init))
    }
}

impl Transport for Http {
    fn rpc(
        &self,
        name: &'static str,
        body: String,
    ) -> LocalBoxFuture<'static, Result<String, UserError>> {
        let sent = self.request(&format!("/api/rpc/{name}"), &body, None);
        async move {
            let response = answer(sent).await?;
            text(&response).await
        }
        .boxed_local()
    }

    fn stream(
        &self,
        name: &'static str,
        body: String,
    ) -> LocalBoxStream<'static, Result<Message, UserError>> {
        let abort = AbortController::new().ok();
        let sent = self.request(&format!("/api/stream/{name}"), &body, abort.as_ref());
        let guard = Abort(abort);
        let lines = async move {
            match open(sent, guard).await {
                Ok(lines) => futures::stream::unfold(lines, |mut lines| async move {
                    Some((lines.next().await?, lines))
                })
                .boxed_local(),
                Err(error) => futures::stream::once(async { Err(error) }).boxed_local(),
            }
        };
        lines.flatten_stream().boxed_local()
    }
}

/// The response, if it is a good one; otherwise the error in it.
async fn answer(sent: Result<js_sys::Promise, JsValue>) -> Result<Response, UserError> {
    let promise = sent.map_err(|fault| unreachable_host(&js::words(&fault)))?;
    let response = JsFuture::from(promise)
        .await
        .map_err(|fault| unreachable_host(&js::words(&fault)))?;
    let response: Response = response
        .dyn_into()
        .map_err(|_| unreachable_host("the answer is no response"))?;
    if response.ok() {
        return Ok(response);
    }
    let body = text(&response).await.unwrap_or_default();
    Err(serde_json::from_str(&body).unwrap_or_else(|_| match response.status() {
        401 | 403 => UserError::new(Code::Unauthorized, "the host doesn't know this page")
            .help("Open the address that `awm serve` printed when it started; the token is part of it."),
        status => unreachable_host(&format!("status {status}")),
    }))
}

async fn text(response: &Response) -> Result<String, UserError> {
    let promise = response
        .text()
        .map_err(|fault| unreachable_host(&js::words(&fault)))?;
    let text = JsFuture::from(promise)
        .await
        .map_err(|fault| unreachable_host(&js::words(&fault)))?;
    text.as_string()
        .ok_or_else(|| unreachable_host("the answer is no text"))
}

async fn open(sent: Result<js_sys::Promise, JsValue>, abort: Abort) -> Result<Lines, UserError> {
    let response = answer(sent).await?;
    let body = response
        .body()
        .ok_or_else(|| unreachable_host("the answer has no body"))?;
    let reader = body
        .get_reader()
        .dyn_into()
        .map_err(|_| unreachable_host("the answer can't be read"))?;
    Ok(Lines {
        reader,
        rest: Vec::new(),
        ready: VecDeque::new(),
        over: false,
        _abort: abort,
    })
}

/// Ends the request when it is dropped.
struct Abort(Option<AbortController>);

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(abort) = &self.0 {
            abort.abort();
        }
    }
}

/// Lines of a body as they come.
struct Lines {
    reader: ReadableStreamDefaultReader,
    rest: Vec<u8>,
    ready: VecDeque<Result<Message, UserError>>,
    over: bool,
    _abort: Abort,
}

impl Lines {
    async fn next(&mut self) -> Option<Result<Message, UserError>> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            if self.over {
                return None;
            }
            match JsFuture::from(self.reader.read()).await {
                Ok(chunk) => self.take(&chunk),
                Err(fault) => {
                    self.over = true;
                    return Some(Err(unreachable_host(&js::words(&fault))));
                }
            }
        }
    }

    fn take(&mut self, chunk: &JsValue) {
        if js::property(chunk, "done").is_some_and(|done| done.is_truthy()) {
            self.over = true;
            self.rest.push(b'\n');
        } else if let Some(bytes) = js::property(chunk, "value") {
            self.rest.extend(js_sys::Uint8Array::new(&bytes).to_vec());
        }
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            // A blank line is a heartbeat.
            if !line.trim_ascii().is_empty() {
                let message = serde_json::from_slice(&line)
                    .map_err(|fault| unreachable_host(&format!("a line can't be read: {fault}")));
                self.ready.push_back(message);
            }
        }
    }
}

fn session() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Moves `?token=` from the address into the tab's storage.
pub(super) fn keep_token() {
    let moved = || {
        let window = web_sys::window()?;
        let url = web_sys::Url::new(&window.location().href().ok()?).ok()?;
        let token = url.search_params().get("token")?;
        session()?.set_item(TOKEN, &token).ok()?;
        url.search_params().delete("token");
        window
            .history()
            .ok()?
            .replace_state_with_url(&JsValue::NULL, "", Some(&url.href()))
            .ok()
    };
    // No token in the address, or no storage: the host will say what is missing.
    let _ = moved();
}
