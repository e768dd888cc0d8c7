//! Against a server that speaks the protocols.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use awm_api::settings::{Model, ModelKind};
use awm_llm_local::{LocalModels, Retries, Timeouts};
use awm_ports::{LlmError, LlmEvent, LlmMessage, LlmRequest, LlmRole, Models};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
};
use expect_test::{Expect, expect};
use futures::{StreamExt, stream};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use tokio::sync::{Mutex, mpsc};

/// What the server answers, and what it heard.
struct Server {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

async fn serve(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Server {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = heard.clone();
    let app = Router::new().fallback(move |request: Request| {
        let (answer, log) = (answer.clone(), log.clone());
        async move {
            let line = format!("{} {}", request.method(), request.uri());
            let key = request
                .headers()
                .get("authorization")
                .map(|v| v.to_str().unwrap().to_owned());
            let body = axum::body::to_bytes(request.into_body(), 1 << 20)
                .await
                .unwrap();
            log.lock().await.push(format!(
                "{line} {key:?} {}",
                String::from_utf8(body.to_vec()).unwrap()
            ));
            answer()
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    Server { address, heard }
}

/// An answer of chunks of `size` bytes each.
fn chunked(kind: &str, status: u16, text: &str, size: usize) -> Response {
    let chunks: Vec<Result<Bytes, Infallible>> = text
        .as_bytes()
        .chunks(size)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    Response::builder()
        .status(status)
        .header("content-type", kind)
        .body(Body::from_stream(stream::iter(chunks)))
        .unwrap()
}

fn model(kind: ModelKind, base_url: String) -> Model {
    Model {
        kind,
        base_url,
        name: "tiny".into(),
        api_key: Some("sk-secret".into()),
        has_key: true,
        ..Model::default()
    }
}

fn request() -> LlmRequest {
    LlmRequest {
        messages: vec![
            LlmMessage {
                role: LlmRole::System,
                content: "Be brief.".into(),
            },
            LlmMessage {
                role: LlmRole::User,
                content: "Hi".into(),
            },
        ],
        max_tokens: Some(9),
        temperature: Some(0.5),
    }
}

fn once() -> Retries {
    Retries {
        times: 0,
        ..Retries::default()
    }
}

fn quick() -> LocalModels {
    LocalModels {
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            first_word: Duration::from_millis(300),
            idle: Duration::from_millis(300),
        },
        retries: once(),
    }
}

/// The text as a whole, then the last event or the error.
async fn told(models: LocalModels, model: &Model) -> String {
    let llm = match models.open(model) {
        Ok(llm) => llm,
        Err(error) => return format!("not opened: {error}"),
    };
    let mut events = match llm.generate(request()).await {
        Ok(events) => events,
        Err(error) => return told_error(&error),
    };
    let (mut text, mut ends) = (String::new(), Vec::new());
    while let Some(event) = events.next().await {
        match event {
            Ok(LlmEvent::Text(piece)) => text.push_str(&piece),
            Ok(LlmEvent::Done(usage)) => {
                ends.push(format!("done {:?}/{:?}", usage.tokens_in, usage.tokens_out));
            }
            Err(error) => ends.push(told_error(&error)),
        }
    }
    format!("{text:?} {}", ends.join(", "))
}

fn told_error(error: &LlmError) -> String {
    match error {
        LlmError::Unreachable(_) => format!("unreachable: {error}"),
        LlmError::Refused { status, .. } => format!("refused {status}: {error}"),
        LlmError::TimedOut(_) => format!("timed out: {error}"),
        LlmError::BrokeOff(_) => format!("broke off: {error}"),
        LlmError::Malformed(_) => format!("malformed: {error}"),
    }
}

/// Each answer is cut at every size that could break something; all must read the same.
async fn check(
    kind: ModelKind,
    media: &'static str,
    status: u16,
    text: &'static str,
    expected: Expect,
) {
    let mut all = Vec::new();
    for size in [1, 2, 3, 7, 64, 1 << 16] {
        let server = serve(move || chunked(media, status, text, size)).await;
        let base = format!("http://{}/v1/", server.address);
        let models = LocalModels {
            retries: once(),
            ..LocalModels::default()
        };
        all.push(told(models, &model(kind, base)).await);
    }
    all.dedup();
    expected.assert_eq(&all.join("\n"));
}

const SSE: &str = "text/event-stream; charset=utf-8";

#[tokio::test]
async fn openai_answers() {
    let openai = ModelKind::OpenAiCompatible;
    check(
        openai,
        SSE,
        200,
        ": warming up\n\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"Grüße, \"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"🦀\"},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n",
        expect![[r#""Grüße, 🦀" done Some(12)/Some(3)"#]],
    )
    .await;
    // Carriage returns, no space, no blank line at the end, no usage.
    check(
        openai,
        SSE,
        200,
        "data:{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\ndata:[DONE]",
        expect![[r#""a" done None/None"#]],
    )
    .await;
    // An endpoint that doesn't stream.
    check(
        openai,
        "application/json",
        200,
        "{\n \"choices\": [{\"message\": {\"content\": \"whole\"}, \"finish_reason\": \"stop\"}],\n \"usage\": {\"prompt_tokens\": 1, \"completion_tokens\": 2}\n}",
        expect![[r#""whole" done Some(1)/Some(2)"#]],
    )
    .await;
}

#[tokio::test]
async fn openai_failures() {
    let openai = ModelKind::OpenAiCompatible;
    check(
        openai,
        "application/json",
        401,
        r#"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error"}}"#,
        expect!["refused 401: Incorrect API key provided"],
    )
    .await;
    check(
        openai,
        "text/html",
        502,
        "<h1>Bad gateway</h1>",
        expect!["refused 502: the model's address answered 502 Bad Gateway: <h1>Bad gateway</h1>"],
    )
    .await;
    check(
        openai,
        SSE,
        200,
        "data: {\"choices\":[{\"delta\":{\"content\":\"begun\"}}]}\n\ndata: {\"error\":{\"message\":\"overloaded\"}}\n\n",
        expect![[r#""begun" refused 200: overloaded"#]],
    )
    .await;
    check(
        openai,
        SSE,
        200,
        "data: {\"choices\":[{\"delta\":{\"content\":\"cut\"}}]}\n\n",
        expect![[r#""cut" broke off: the answer ended in the middle"#]],
    )
    .await;
    check(
        openai,
        SSE,
        200,
        "data: <html>\n\n",
        expect![[r#"malformed: the answer holds `<html>`, which is not JSON: expected value at line 1 column 1"#]],
    )
    .await;
    check(
        openai,
        "text/plain",
        302,
        "",
        expect!["refused 302: the model's address answered 302 Found"],
    )
    .await;
}

#[tokio::test]
async fn ollama_answers_and_failures() {
    let ollama = ModelKind::Ollama;
    const NDJSON: &str = "application/x-ndjson";
    check(
        ollama,
        NDJSON,
        200,
        "{\"message\":{\"role\":\"assistant\",\"content\":\"漢\"},\"done\":false}\n{\"message\":{\"content\":\"字\"},\"done\":false}\n{\"message\":{\"content\":\"\"},\"done\":true,\"prompt_eval_count\":26,\"eval_count\":4}\n",
        expect![[r#""漢字" done Some(26)/Some(4)"#]],
    )
    .await;
    check(
        ollama,
        NDJSON,
        404,
        r#"{"error":"model 'tiny' not found"}"#,
        expect!["refused 404: model 'tiny' not found"],
    )
    .await;
    check(
        ollama,
        NDJSON,
        200,
        "{\"message\":{\"content\":\"x\"},\"done\":false}\n{\"error\":\"out of memory\"}\n",
        expect![[r#""x" refused 200: out of memory"#]],
    )
    .await;
    check(
        ollama,
        NDJSON,
        200,
        "{\"message\":{\"content\":\"x\"},\"done\":false}\n",
        expect![[r#""x" broke off: the answer ended in the middle"#]],
    )
    .await;
}

#[tokio::test]
async fn asks_as_the_protocol_has_it() {
    for (kind, expected) in [
        (
            ModelKind::OpenAiCompatible,
            expect![[
                r#"POST /v1/chat/completions Some("Bearer sk-secret") {"model":"tiny","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":9,"temperature":0.5}"#
            ]],
        ),
        (
            ModelKind::Ollama,
            expect![[
                r#"POST /v1/api/chat Some("Bearer sk-secret") {"model":"tiny","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"stream":true,"options":{"num_predict":9,"temperature":0.5}}"#
            ]],
        ),
    ] {
        let server = serve(|| chunked("text/plain", 200, "", 1)).await;
        let base = format!("http://{}/v1", server.address);
        told(quick(), &model(kind, base)).await;
        expected.assert_eq(&server.heard.lock().await.join("\n"));
    }
}

#[tokio::test]
async fn bounds_the_wait() {
    // Never begins.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", silent.local_addr().unwrap());
    let found = told(quick(), &model(ModelKind::Ollama, base)).await;
    assert_eq!(found, "timed out: the model said nothing within 0.3 s");
    // Begins, then falls silent.
    let server = serve(|| {
        let begun = "data: {\"choices\":[{\"delta\":{\"content\":\"so\"}}]}\n\n";
        let chunks =
            stream::iter([Ok::<_, Infallible>(Bytes::from(begun))]).chain(stream::pending());
        Response::builder()
            .header("content-type", SSE)
            .body(Body::from_stream(chunks))
            .unwrap()
    })
    .await;
    let base = format!("http://{}", server.address);
    let found = told(quick(), &model(ModelKind::OpenAiCompatible, base)).await;
    assert_eq!(
        found,
        "\"so\" timed out: the model said nothing more for 0.3 s"
    );
}

#[tokio::test]
async fn a_dropped_answer_closes_the_connection() {
    struct Gone(mpsc::UnboundedSender<()>);
    impl Drop for Gone {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (tell, mut heard) = mpsc::unbounded_channel();
    let server = serve(move || {
        let gone = Gone(tell.clone());
        let words = stream::repeat_with(move || {
            let _keep = &gone;
            Ok::<_, Infallible>(Bytes::from(
                "{\"message\":{\"content\":\"on and on \"},\"done\":false}\n",
            ))
        });
        Response::new(Body::from_stream(words))
    })
    .await;
    let model = model(ModelKind::Ollama, format!("http://{}", server.address));
    let llm = LocalModels::default().open(&model).unwrap();
    let mut events = llm.generate(request()).await.unwrap();
    assert!(matches!(events.next().await, Some(Ok(LlmEvent::Text(_)))));
    drop(events);
    // The server's body is dropped when its connection is.
    tokio::time::timeout(Duration::from_secs(10), heard.recv())
        .await
        .expect("the server still writes");
}

#[tokio::test]
async fn addresses_that_are_none() {
    for (base, expected) in [
        (
            "nonsense",
            expect!["not opened: `nonsense` is not an address: relative URL without a base"],
        ),
        (
            "file:///etc",
            expect!["not opened: `file:///etc` does not begin with http:// or https://"],
        ),
    ] {
        expected.assert_eq(&told(quick(), &model(ModelKind::Ollama, base.into())).await);
    }
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let found = told(
        quick(),
        &model(ModelKind::Ollama, format!("http://{address}")),
    )
    .await;
    assert!(
        found.starts_with(&format!("unreachable: no model answers at `{address}`: ")),
        "{found}"
    );
}

#[test]
fn nothing_prints_the_key() {
    let model = model(ModelKind::OpenAiCompatible, "http://localhost/v1".into());
    let llm = awm_llm_local::OpenAiCompatible::new(&model, Timeouts::default(), once()).unwrap();
    assert!(!format!("{llm:?}").contains("secret"));
}
