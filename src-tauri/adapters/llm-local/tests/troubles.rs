//! Against a server that speaks the protocols badly: late, cut off, refusing for a while. The bytes are written to the socket as they
//! are, so that the test decides where each packet and the connection end.
#![cfg(test)]

use awm_api::settings::{Model, ModelKind};
use awm_llm_local::{LocalModels, Retries, Timeouts};
use awm_ports::{LlmError, LlmEvent, LlmMessage, LlmRequest, LlmRole, Models};
use expect_test::{Expect, expect};
use futures::StreamExt;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// What the server does with a connection after it has read the request.
#[derive(Clone)]
enum Act {
    /// Writes these bytes.
    Say(Vec<u8>),
    /// Waits.
    Pause(u64),
    /// Closes the connection as a process does that is killed.
    Reset,
    /// Holds the connection open until the other side closes it, and tells that.
    Hold,
}

use Act::{Hold, Pause, Reset, Say};

fn say(text: impl AsRef<[u8]>) -> Act {
    Say(text.as_ref().to_vec())
}

/// One list of acts for each connection; the last one is used for all further ones. Answers with the address, how many connections
/// there were, and what was held and closed.
async fn serve(
    plays: Vec<Vec<Act>>,
) -> (
    String,
    Arc<std::sync::atomic::AtomicUsize>,
    mpsc::UnboundedReceiver<()>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = count.clone();
    let (tell, closed) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let n = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let play = plays.get(n).or(plays.last()).unwrap().clone();
            tokio::spawn(act(socket, play, tell.clone()));
        }
    });
    (address, count, closed)
}

async fn act(mut socket: TcpStream, play: Vec<Act>, closed: mpsc::UnboundedSender<()>) {
    let mut request = Vec::new();
    let mut buffer = [0_u8; 4096];
    // The request is one small JSON object.
    while !request.windows(2).any(|pair| pair == b"}]") && !request.ends_with(b"}") {
        let read = socket.read(&mut buffer).await.unwrap();
        if read == 0 {
            return;
        }
        request.extend_from_slice(&buffer[..read]);
    }
    for act in play {
        match act {
            Say(bytes) => {
                if socket.write_all(&bytes).await.is_err() {
                    return;
                }
                socket.flush().await.unwrap();
            }
            Pause(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            Reset => {
                // What is unread when a socket closes makes it a reset; a zero linger does so always.
                let _ = socket.set_zero_linger();
                return;
            }
            Hold => {
                while socket.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
                let _ = closed.send(());
                return;
            }
        }
    }
}

fn head(kind: &str) -> Act {
    say(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n"
    ))
}

fn sse() -> Act {
    head("text/event-stream")
}

fn refusal(status: &str, headers: &str, body: &str) -> Vec<Act> {
    vec![say(format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))]
}

fn word(text: &str) -> String {
    format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":{}}}}}]}}\n\n",
        serde_json::to_string(text).unwrap()
    )
}

const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";

fn models() -> LocalModels {
    LocalModels {
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            first_word: Duration::from_millis(600),
            idle: Duration::from_millis(400),
        },
        retries: Retries {
            times: 2,
            first_wait: Duration::from_millis(5),
            longest_wait: Duration::from_millis(100),
        },
    }
}

fn model(kind: ModelKind, base_url: String) -> Model {
    serde_json::from_value(serde_json::json!({"kind": kind, "base_url": base_url, "name": "tiny"}))
        .unwrap()
}

fn request() -> LlmRequest {
    LlmRequest {
        messages: vec![LlmMessage {
            role: LlmRole::User,
            content: "Hi".into(),
        }],
        max_tokens: None,
        temperature: None,
    }
}

/// The text, the end with its code, and how often the server was asked.
async fn told(kind: ModelKind, plays: Vec<Vec<Act>>) -> String {
    let (base, asked, _closed) = serve(plays).await;
    let llm = models().open(&model(kind, base.clone())).unwrap();
    let (mut text, mut end) = (String::new(), "no end".to_owned());
    let failed = |error: LlmError| {
        let port = base.rsplit(':').next().unwrap();
        let words = error.to_string().replace(port, "PORT");
        // How a system words a reset is its own.
        let words = words.split(" broke off:").next().unwrap();
        format!("{} {words}", error.code())
    };
    match llm.generate(request()).await {
        Err(error) => end = failed(error),
        Ok(mut events) => {
            while let Some(event) = events.next().await {
                match event {
                    Ok(LlmEvent::Text(piece)) => text.push_str(&piece),
                    Ok(LlmEvent::Done(usage)) => {
                        end = format!("done {:?}/{:?}", usage.tokens_in, usage.tokens_out)
                    }
                    Err(error) => end = failed(error),
                }
            }
        }
    }
    let asked = asked.load(std::sync::atomic::Ordering::SeqCst);
    format!("{text:?} {end}, asked {asked}")
}

async fn check(plays: Vec<Vec<Act>>, expected: Expect) {
    expected.assert_eq(&told(ModelKind::OpenAiCompatible, plays).await);
}

#[tokio::test]
async fn refusals_before_the_stream() {
    let error = r#"{"error":{"message":"no"}}"#;
    check(
        vec![refusal("401 Unauthorized", "", error)],
        expect![[r#""" AWM-5012 no, asked 1"#]],
    )
    .await;
    check(
        vec![refusal("404 Not Found", "", error)],
        expect![[r#""" AWM-5013 no, asked 1"#]],
    )
    .await;
    check(
        vec![refusal("400 Bad Request", "", error)],
        expect![[r#""" AWM-5002 no, asked 1"#]],
    )
    .await;
    check(
        vec![refusal("500 Internal Server Error", "", error)],
        expect![[r#""" AWM-5015 no, asked 3"#]],
    )
    .await;
    check(
        vec![refusal(
            "429 Too Many Requests",
            "retry-after: 0\r\n",
            error,
        )],
        expect![[r#""" AWM-5014 no, asked 3"#]],
    )
    .await;
    // Longer than anybody waits.
    check(
        vec![refusal(
            "429 Too Many Requests",
            "retry-after: 3600\r\n",
            error,
        )],
        expect![[r#""" AWM-5014 no, asked 1"#]],
    )
    .await;
    check(
        vec![
            refusal("429 Too Many Requests", "retry-after-ms: 20\r\n", error),
            refusal("503 Service Unavailable", "", ""),
            vec![sse(), say(word("at last")), say(END), say(DONE)],
        ],
        expect![[r#""at last" done None/None, asked 3"#]],
    )
    .await;
}

#[tokio::test]
async fn asks_again_only_until_the_first_word() {
    let fine = vec![sse(), say(word("well")), say(DONE)];
    // Cut off before a word: again.
    check(
        vec![vec![sse(), Reset], fine.clone()],
        expect![[r#""well" done None/None, asked 2"#]],
    )
    .await;
    check(
        vec![vec![Reset], fine.clone()],
        expect![[r#""well" done None/None, asked 2"#]],
    )
    .await;
    check(
        vec![
            vec![
                sse(),
                say("data: {\"error\":{\"message\":\"loading\"}}\n\n"),
            ],
            fine.clone(),
        ],
        expect![[r#""" AWM-5015 loading, asked 1"#]],
    )
    .await;
    // After a word: never, and the word stays.
    check(
        vec![
            vec![sse(), say(word("hal")), Pause(20), Reset],
            fine.clone(),
        ],
        expect![[r#""hal" AWM-5011 the answer, asked 1"#]],
    )
    .await;
    check(
        vec![vec![sse(), say(word("hal"))], fine.clone()],
        expect![[r#""hal" AWM-5011 the answer ended in the middle, asked 1"#]],
    )
    .await;
    check(
        vec![
            vec![
                sse(),
                say(word("hal")),
                say("data: {\"error\":{\"message\":\"overloaded\"}}\n\n"),
            ],
            fine,
        ],
        expect![[r#""hal" AWM-5015 overloaded, asked 1"#]],
    )
    .await;
}

#[tokio::test]
async fn silence() {
    // Comments keep a connection open, and no more than that.
    let mut pings = vec![sse()];
    for _ in 0..12 {
        pings.extend([say(": ping\n\n"), Pause(100)]);
    }
    check(
        vec![pings],
        expect![[r#""" AWM-5010 the model said nothing within 0.6 s, asked 1"#]],
    )
    .await;
    let mut after = vec![sse(), say(word("so"))];
    for _ in 0..12 {
        after.extend([say(": ping\r\n\r\n"), Pause(100)]);
    }
    check(
        vec![after],
        expect![[r#""so" AWM-5010 the model said nothing more for 0.4 s, asked 1"#]],
    )
    .await;
    // Slow is not silent: longer in all than any limit.
    let mut slow = vec![sse(), Pause(200)];
    for letter in ["s", "l", "o", "w"] {
        slow.extend([say(word(letter)), Pause(250)]);
    }
    slow.push(say(DONE));
    check(vec![slow], expect![[r#""slow" done None/None, asked 1"#]]).await;
    // A model that thinks is alive; what it thinks is not told.
    let mut thinking = vec![sse()];
    for field in ["reasoning_content", "reasoning"] {
        for _ in 0..3 {
            thinking.push(say(format!(
                "data: {{\"choices\":[{{\"delta\":{{\"{field}\":\"hm\",\"content\":null}}}}]}}\n\n"
            )));
            thinking.push(Pause(200));
        }
    }
    thinking.extend([say(word("42")), say(END), say(DONE)]);
    check(vec![thinking], expect![[r#""42" done None/None, asked 1"#]]).await;
}

#[tokio::test]
async fn ends_as_endpoints_have_them() {
    // `[DONE]`, and the connection stays open.
    check(
        vec![vec![sse(), say(word("a")), say(DONE), Hold]],
        expect![[r#""a" done None/None, asked 1"#]],
    )
    .await;
    // No `[DONE]`; the figures come last.
    check(
        vec![vec![sse(), say(word("b")), say(END), say("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1}}\n\n")]],
        expect![[r#""b" done Some(7)/Some(1), asked 1"#]],
    )
    .await;
    // No `[DONE]`, no end of the connection: what was told to be whole is.
    check(
        vec![vec![sse(), say(word("c")), say(END), Hold]],
        expect![[r#""c" done None/None, asked 1"#]],
    )
    .await;
    check(
        vec![vec![sse(), say(word("d")), say(END), Pause(20), Reset]],
        expect![[r#""d" done None/None, asked 1"#]],
    )
    .await;
    // Carriage returns, comments between, a character in three packets.
    let bytes = word("漢").replace('\n', "\r\n").into_bytes();
    let cut = bytes.iter().position(|byte| *byte > 127).unwrap() + 1;
    let (first, rest) = bytes.split_at(cut);
    let (second, third) = rest.split_at(1);
    check(
        vec![vec![
            sse(),
            say(": warm\r\n\r\n"),
            say(first),
            Pause(10),
            say(second),
            Pause(10),
            say(third),
            say(": ping\r\n\r\n"),
            say("data: [DONE]\r\n\r\n"),
        ]],
        expect![[r#""漢" done None/None, asked 1"#]],
    )
    .await;
}

#[tokio::test]
async fn long_lines() {
    let long = "x".repeat(1 << 20);
    let found = told(
        ModelKind::OpenAiCompatible,
        vec![vec![sse(), say(word(&long)), say(DONE)]],
    )
    .await;
    assert_eq!(found, format!("{long:?} done None/None, asked 1"));
    let endless = "y".repeat(5 << 20);
    check(
        vec![vec![sse(), say(format!("data: {endless}"))]],
        expect![[r#""" AWM-5011 the answer holds a line of more than 4 MiB, asked 1"#]],
    )
    .await;
}

#[tokio::test]
async fn ollama_in_trouble() {
    let ollama = ModelKind::Ollama;
    let lines = || head("application/x-ndjson");
    let piece = |text: &str| {
        say(format!(
            "{{\"message\":{{\"content\":\"{text}\"}},\"done\":false}}\n"
        ))
    };
    let done = || {
        say(
            "{\"message\":{\"content\":\"\"},\"done\":true,\"prompt_eval_count\":3,\"eval_count\":2}\n",
        )
    };
    for (plays, expected) in [
        (
            vec![vec![lines(), Reset], vec![lines(), piece("yes"), done()]],
            expect![[r#""yes" done Some(3)/Some(2), asked 2"#]],
        ),
        (
            vec![vec![lines(), piece("hal"), Pause(20), Reset]],
            expect![[r#""hal" AWM-5011 the answer, asked 1"#]],
        ),
        (
            vec![vec![lines(), piece("so"), Hold]],
            expect![[r#""so" AWM-5010 the model said nothing more for 0.4 s, asked 1"#]],
        ),
        (
            vec![vec![lines(), piece("open"), done(), Hold]],
            expect![[r#""open" done Some(3)/Some(2), asked 1"#]],
        ),
        (
            vec![vec![
                lines(),
                say("{\"message\":{\"content\":\"\",\"thinking\":\"hm\"},\"done\":false}\n"),
                Pause(300),
                piece("42"),
                Pause(300),
                done(),
            ]],
            expect![[r#""42" done Some(3)/Some(2), asked 1"#]],
        ),
        (
            vec![refusal(
                "404 Not Found",
                "",
                r#"{"error":"model 'tiny' not found"}"#,
            )],
            expect![[r#""" AWM-5013 model 'tiny' not found, asked 1"#]],
        ),
    ] {
        expected.assert_eq(&told(ollama, plays).await);
    }
}

/// A stop before the first word closes the socket as one after it does.
#[tokio::test]
async fn a_stop_closes_the_connection() {
    for before in [vec![], vec![sse()], vec![sse(), say(word("on"))]] {
        let said = before.len() == 2;
        let mut play = before;
        play.push(Hold);
        let (base, asked, mut closed) = serve(vec![play]).await;
        let llm = LocalModels::default()
            .open(&model(ModelKind::OpenAiCompatible, base))
            .unwrap();
        let asking = tokio::spawn(async move {
            let mut events = llm.generate(request()).await.unwrap();
            events.next().await;
            events.next().await;
        });
        while asked.load(std::sync::atomic::Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        asking.abort();
        let heard = tokio::time::timeout(Duration::from_secs(10), closed.recv()).await;
        assert!(heard.is_ok(), "the connection stays open (said: {said})");
    }
}
