//! Calling the command table: typed requests over whatever carries them.

mod http;
mod js;
mod tauri;

use awm_api::{Code, Command, Stream, UserError};
use futures::{StreamExt, future::LocalBoxFuture, stream::LocalBoxStream};
use serde::Deserialize;
use serde_json::Value;
use std::rc::Rc;

/// What carries requests: the desktop's webview or HTTP to the host.
trait Transport {
    /// Sends one request and gives the response, both as JSON text.
    fn rpc(
        &self,
        name: &'static str,
        body: String,
    ) -> LocalBoxFuture<'static, Result<String, UserError>>;
    /// Opens a stream of [`Message`] texts; dropping it tells the host to stop.
    fn stream(
        &self,
        name: &'static str,
        body: String,
    ) -> LocalBoxStream<'static, Result<Message, UserError>>;
}

/// One message of a stream.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Message {
    Item(Value),
    Error(UserError),
    End(#[expect(dead_code, reason = "always true: the word is what matters")] bool),
}

thread_local! {
    static TRANSPORT: Rc<dyn Transport> = if tauri::present() { Rc::new(tauri::Tauri) } else { Rc::new(http::Http::new()) };
}

/// Whether the screens run in the desktop's own window.
pub(crate) fn on_desktop() -> bool {
    tauri::present()
}

/// Takes the token out of the page's address and keeps it for this tab; call it before the router reads the address.
pub(crate) fn keep_token() {
    if !tauri::present() {
        http::keep_token();
    }
}

pub(crate) use tauri::{Dragged, listen, listen_for_drops, opened_files, pick_paths};

/// Sends a request and waits for its answer.
///
/// # Errors
/// What the handler says, or `ServiceFailed` when the host can't be reached.
pub(crate) async fn call<C: Command>(request: C) -> Result<C::Response, UserError> {
    let body = encode(&request)?;
    let sent = TRANSPORT.with(|transport| transport.rpc(C::NAME, body));
    let text = sent.await?;
    serde_json::from_str(&text).map_err(|fault| foreign(C::NAME, &fault))
}

/// Sends a request whose answer is a sequence. It ends with the host's end or the first error; dropping it stops the host's work.
pub(crate) fn stream<S: Stream>(request: S) -> LocalBoxStream<'static, Result<S::Item, UserError>> {
    let body = match encode(&request) {
        Ok(body) => body,
        Err(error) => return futures::stream::once(async { Err(error) }).boxed_local(),
    };
    let messages = TRANSPORT.with(|transport| transport.stream(S::NAME, body));
    messages
        .take_while(|message| std::future::ready(!matches!(message, Ok(Message::End(_)))))
        .map(|message| match message? {
            Message::Item(item) => {
                serde_json::from_value(item).map_err(|fault| foreign(S::NAME, &fault))
            }
            Message::Error(error) => Err(error),
            Message::End(_) => Err(UserError::new(
                Code::Internal,
                "the stream went on after its end",
            )),
        })
        .boxed_local()
}

fn encode(request: &impl serde::Serialize) -> Result<String, UserError> {
    serde_json::to_string(request).map_err(|fault| {
        UserError::new(
            Code::BadRequest,
            format!("the request can't be written: {fault}"),
        )
    })
}

fn foreign(name: &str, fault: &serde_json::Error) -> UserError {
    UserError::new(
        Code::Internal,
        format!("the answer to `{name}` can't be read: {fault}"),
    )
    .help("The screens and the host may be of different versions. Reload the page.")
}

fn unreachable_host(detail: &str) -> UserError {
    UserError::new(
        Code::ServiceFailed,
        format!("the host doesn't answer: {detail}"),
    )
    .help("Is `awm serve` still running? Start it again, then try again.")
}
