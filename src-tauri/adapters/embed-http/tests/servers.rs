//! Against a server on the loopback that speaks both protocols, and fails as servers do.
#![cfg(test)]

use awm_embed_http::{HttpEmbed, Protocol, Server};
use awm_ports::{EmbedError, Embedder};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How the server answers: by the number of the request.
type Answer = fn(usize, &Value) -> Option<(u16, String)>;

struct Heard {
    base: String,
    requests: Arc<Mutex<Vec<(String, Value)>>>,
}

async fn serve(answer: Answer) -> Heard {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let requests: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
    let log = Arc::clone(&requests);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            one(stream, &log, answer).await;
        }
    });
    Heard { base, requests }
}

async fn one(mut stream: TcpStream, log: &Mutex<Vec<(String, Value)>>, answer: Answer) {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length: usize = head
            .lines()
            .find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        if body.len() >= length {
            break (head.to_owned(), body.to_owned());
        }
    };
    let body: Value = serde_json::from_str(&body).unwrap();
    let number = {
        let mut log = log.lock().unwrap();
        log.push((head, body.clone()));
        log.len()
    };
    // Without an answer the connection just ends.
    if let Some((status, text)) = answer(number, &body) {
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nretry-after: 0\r\nconnection: close\r\n\r\n",
            text.len()
        );
        let _ = stream.write_all(format!("{head}{text}").as_bytes()).await;
    }
}

fn numbers(text: &str) -> [f32; 3] {
    [text.len() as f32, 1.0, -2.0]
}

fn texts(body: &Value) -> Vec<String> {
    serde_json::from_value(body["input"].clone()).unwrap()
}

/// Rows in reverse order: the index tells.
fn open_ai(body: &Value) -> String {
    let rows: Vec<Value> = texts(body)
        .iter()
        .enumerate()
        .rev()
        .map(|(index, text)| json!({"object": "embedding", "index": index, "embedding": numbers(text)}))
        .collect();
    json!({"object": "list", "data": rows, "usage": {"total_tokens": 1}}).to_string()
}

fn ollama(body: &Value) -> String {
    let rows: Vec<_> = texts(body).iter().map(|text| numbers(text)).collect();
    json!({"model": "m", "embeddings": rows}).to_string()
}

fn server(protocol: Protocol, base_url: String) -> Server {
    Server {
        protocol,
        base_url,
        model: "m".into(),
        key: Some("s3cret".into()),
        english_only: false,
    }
}

#[tokio::test]
async fn both_protocols_give_unit_vectors_in_order() {
    for (protocol, answer, path) in [
        (
            Protocol::OpenAiCompatible,
            (|_, body| Some((200, open_ai(body)))) as Answer,
            "POST /embeddings",
        ),
        (
            Protocol::Ollama,
            |_, body| Some((200, ollama(body))),
            "POST /api/embed",
        ),
    ] {
        let heard = serve(answer).await;
        let embedder = HttpEmbed::connect(server(protocol, heard.base.clone()))
            .await
            .unwrap();
        assert_eq!(embedder.model().dimensions, 3);
        let texts: Vec<String> = (1..=70).map(|n| "x".repeat(n)).collect();
        let vectors = embedder.embed(&texts).await.unwrap();
        for (text, vector) in texts.iter().zip(&vectors) {
            let expected = numbers(text);
            assert!((vector[0] / vector[1] - expected[0]).abs() < 1e-3);
            assert!((vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5);
        }
        let requests = heard.requests.lock().unwrap();
        assert_eq!(requests.len(), 4, "one to learn the length, three batches");
        assert!(requests.iter().all(|(head, _)| head.starts_with(path)));
        assert!(
            requests[0]
                .0
                .to_lowercase()
                .contains("authorization: bearer s3cret")
        );
        assert_eq!(requests[0].1["model"], "m");
    }
}

#[tokio::test]
async fn servers_and_models_are_never_mixed() {
    let heard = serve(|_, body| Some((200, ollama(body)))).await;
    let one = HttpEmbed::connect(server(Protocol::Ollama, heard.base.clone()))
        .await
        .unwrap();
    let same = HttpEmbed::connect(server(Protocol::Ollama, format!("{}/", heard.base)))
        .await
        .unwrap();
    let other = HttpEmbed::connect(Server {
        model: "n".into(),
        ..server(Protocol::Ollama, heard.base.clone())
    })
    .await
    .unwrap();
    assert_eq!(one.model(), same.model());
    assert_ne!(one.model(), other.model());
    assert!(!format!("{one:?}").contains("s3cret"));
}

#[tokio::test]
async fn asks_again_when_it_may_help() {
    let heard = serve(|number, body| match number {
        2 => Some((503, "loading".into())),
        3 => None,
        _ => Some((200, ollama(body))),
    })
    .await;
    let embedder = HttpEmbed::connect(server(Protocol::Ollama, heard.base.clone()))
        .await
        .unwrap();
    embedder.embed(&["a".into()]).await.unwrap();
    assert_eq!(heard.requests.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn tells_why_it_gives_up() {
    for (answer, expected, requests) in [
        (
            (|_, _| Some((401, r#"{"error":"no such key"}"#.into()))) as Answer,
            "the server answered 401: {\"error\":\"no such key\"}",
            1,
        ),
        (
            |_, _| Some((429, "slow down".into())),
            "the server answered 429: slow down",
            3,
        ),
        (
            |_, _| Some((200, r#"{"embeddings":[]}"#.into())),
            "the server gave 0 vectors for 1 texts",
            1,
        ),
        (
            |_, _| Some((200, r#"{"embeddings":[[0,0]]}"#.into())),
            "the server gave a vector without a direction",
            1,
        ),
        (
            |_, _| Some((302, String::new())),
            "the server answered 302: ",
            1,
        ),
    ] {
        let heard = serve(answer).await;
        let error = HttpEmbed::connect(server(Protocol::Ollama, heard.base.clone()))
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(heard.requests.lock().unwrap().len(), requests, "{expected}");
    }
    let nothing = HttpEmbed::connect(server(Protocol::Ollama, "ftp://x".into()))
        .await
        .unwrap_err();
    assert!(matches!(nothing, EmbedError::Missing(_)), "{nothing}");
}
