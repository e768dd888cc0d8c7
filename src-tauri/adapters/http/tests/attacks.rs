//! Attack addresses, each with a positive control beside it: a local server that may be called.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

use async_trait::async_trait;
use awm_http_local::{HttpOptions, LocalHttp, Resolve};
use awm_ports::{Http, HttpError, HttpRequest, HttpResponse, Redirects};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::{IntoResponse, Redirect, Response},
    routing::{any, get},
};
use expect_test::{Expect, expect};
use flate2::{Compression, write::GzEncoder};
use futures::{StreamExt, stream};
use std::{
    convert::Infallible,
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

/// Answers each name with the next answer of a list, and keeps the last one.
struct Script {
    answers: Mutex<Vec<Vec<&'static str>>>,
    asked: Mutex<Vec<String>>,
}

impl Script {
    fn new(answers: &[&[&'static str]]) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.iter().map(|answer| answer.to_vec()).collect()),
            asked: Mutex::default(),
        })
    }
}

#[async_trait]
impl Resolve for Script {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.lock().unwrap().push(host.to_owned());
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() {
            return Err(io::Error::other("no such name"));
        }
        let answer = if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        };
        Ok(answer.iter().map(|a| a.parse().unwrap()).collect())
    }
}

/// A server on loopback, and the requests that reached it.
struct Server {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

async fn serve() -> Server {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = heard.clone();
    let record = move |request: Request| {
        let mut headers: Vec<String> = request
            .headers()
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "host" | "user-agent" | "content-length"))
            .map(|(name, value)| format!("{name}={}", value.to_str().unwrap()))
            .collect();
        headers.sort();
        log.lock().unwrap().push(format!(
            "{} {} {}",
            request.method(),
            request.uri(),
            headers.join(" ")
        ));
    };
    let echo = record.clone();
    let app = Router::new()
        .route(
            "/to",
            any(move |request: Request| {
                let to = request.uri().query().unwrap_or_default().to_owned();
                record(request);
                async move {
                    let (kind, to) = to.split_once('=').unwrap();
                    match kind {
                        "303" => Redirect::to(to).into_response(),
                        _ => Redirect::temporary(to).into_response(),
                    }
                }
            }),
        )
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/slow", get(std::future::pending::<&'static str>))
        .route("/large", get(|| async { "x".repeat(2000) }))
        .route(
            "/endless",
            get(|| async {
                Body::from_stream(stream::repeat(Ok::<_, Infallible>(Bytes::from("more "))))
            }),
        )
        .route("/bomb", get(|| async { bomb() }))
        .route(
            "/drip",
            get(|| async {
                let first = stream::iter([Ok::<_, Infallible>(Bytes::from("one"))]);
                Body::from_stream(first.chain(stream::pending()))
            }),
        )
        .fallback(move |request: Request| {
            echo(request);
            async { "hello" }
        });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    Server { address, heard }
}

/// 64 MiB of zeros in some kilobytes.
fn bomb() -> Response {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![0u8; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&block).unwrap();
    }
    Response::builder()
        .header("content-encoding", "gzip")
        .body(Body::from(encoder.finish().unwrap()))
        .unwrap()
}

fn get_of(url: &str) -> HttpRequest {
    HttpRequest {
        method: "GET".into(),
        url: url.into(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: 20_000,
        max_bytes: 1000,
        redirects: Redirects::Follow,
    }
}

fn told(answer: &Result<HttpResponse, HttpError>) -> String {
    match answer {
        Ok(response) => format!(
            "{} {}",
            response.status,
            String::from_utf8_lossy(&response.body)
        ),
        Err(error @ HttpError::Forbidden(_)) => format!("forbidden: {error}"),
        Err(error @ HttpError::Timeout(_)) => format!("timeout: {error}"),
        Err(error @ HttpError::TooLarge(_)) => format!("too large: {error}"),
        Err(error @ HttpError::Unreachable(_)) => format!("unreachable: {error}"),
    }
}

const LOCAL: HttpOptions = HttpOptions {
    sample_api: None,
    allow_local: true,
};

#[tokio::test]
async fn attack_addresses() {
    let server = serve().await;
    let port = server.address.port();
    // The control: with the switch, the same server answers under its own address.
    let open = LocalHttp::new(LOCAL);
    let control = open
        .send(get_of(&format!("http://127.0.0.1:{port}/")))
        .await;
    assert_eq!(told(&control), "200 hello");
    server.heard.lock().unwrap().clear();

    let closed = LocalHttp::with_resolver(HttpOptions::default(), Script::new(&[&["127.0.0.1"]]));
    let mut found = String::new();
    for url in [
        "http://127.0.0.1:PORT/",
        "http://127.1:PORT/",
        "http://2130706433:PORT/",
        "http://0x7f000001:PORT/",
        "http://0x7f.0.0.1:PORT/",
        "http://0177.0.0.1:PORT/",
        "http://127.0.0.1.:PORT/",
        "http://１２７.０.０.１:PORT/",
        "http://[::1]:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://[::ffff:7f00:1]:PORT/",
        "http://[0:0:0:0:0:0:0:1]:PORT/",
        "http://0/",
        "http://0.0.0.0:PORT/",
        "http://localhost:PORT/",
        "http://localhost.:PORT/",
        "http://rebind.example:PORT/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/latest/meta-data/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://169.254.170.2/v2/credentials",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://user@example.com/",
        "http://example.com:secret@127.0.0.1:PORT/",
        "http://example.com#@127.0.0.1:PORT/",
        "http:\\\\127.0.0.1:PORT\\",
        "http://127.0.0.1:PORT\t/",
        "http://example.com:22/",
        "http://example.com:6379/",
        "http://sample-api.invalid:PORT/",
        "https://sample-api.invalid/",
        "http://sample-api.invalid/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:PORT/_x",
        "ftp://127.0.0.1:PORT/",
        "javascript:alert(1)",
        "//127.0.0.1:PORT/",
        "http://",
        "http://[::1",
        "http://999.999.999.999/",
    ] {
        let answer = closed
            .send(get_of(&url.replace("PORT", &port.to_string())))
            .await;
        let line = told(&answer).replace(&port.to_string(), "PORT");
        found.push_str(&format!("{url:?}\n    {line}\n"));
    }
    expect_test::expect_file!["attacks.txt"].assert_eq(&found);
    assert_eq!(*server.heard.lock().unwrap(), Vec::<String>::new());
}

/// What comes of a call whose name is answered as scripted.
async fn check(answers: &[&[&'static str]], options: HttpOptions, expected: Expect) {
    let server = serve().await;
    let port = server.address.port();
    let script = Script::new(answers);
    let http = LocalHttp::with_resolver(options, script.clone());
    let answer = http
        .send(get_of(&format!("http://name.example:{port}/")))
        .await;
    let found = format!(
        "{}; asked {}, heard {}",
        told(&answer).replace(&port.to_string(), "PORT"),
        script.asked.lock().unwrap().len(),
        server.heard.lock().unwrap().len()
    );
    expected.assert_eq(&found);
}

#[tokio::test]
async fn names() {
    let closed = HttpOptions::default();
    // The control: a name that leads to the server.
    check(
        &[&["127.0.0.1"]],
        LOCAL,
        expect!["200 hello; asked 1, heard 1"],
    )
    .await;
    check(
        &[&["127.0.0.1"]],
        closed,
        expect![
            "forbidden: `name.example` leads to 127.0.0.1, which may not be called: it is this machine; asked 1, heard 0"
        ],
    )
    .await;
    // One bad address among good ones is enough, wherever it stands.
    for answer in [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"]] {
        check(
            &[&answer],
            LOCAL,
            expect![
                "forbidden: `name.example` leads to 10.0.0.1, which may not be called: it is a private network; asked 1, heard 0"
            ],
        )
        .await;
    }
    // Rebinding: the second answer is never heard, as nobody asks again.
    check(
        &[&["127.0.0.1"], &["169.254.169.254"]],
        LOCAL,
        expect!["200 hello; asked 1, heard 1"],
    )
    .await;
    check(
        &[&["169.254.169.254"], &["127.0.0.1"]],
        LOCAL,
        expect![
            "forbidden: `name.example` leads to 169.254.169.254, which may not be called: it is a cloud's metadata service; asked 1, heard 0"
        ],
    )
    .await;
    check(
        &[],
        LOCAL,
        expect![
            "unreachable: the name `name.example` has no address: no such name; asked 1, heard 0"
        ],
    )
    .await;
}

#[tokio::test]
async fn redirects_pass_the_gate_anew() {
    let (server, other) = (serve().await, serve().await);
    let base = format!("http://{}", server.address);
    let http = LocalHttp::with_resolver(LOCAL, Script::new(&[&["127.0.0.1"], &["10.0.0.1"]]));
    let mut found = String::new();
    for to in [
        "307=/there".to_owned(),
        format!("307=http://{}/there", other.address),
        "307=http://169.254.169.254/latest".into(),
        "307=http://0x0a000001/".into(),
        "307=//[fd00:ec2::254]/".into(),
        "307=file:///etc/passwd".into(),
        "307=http://user:pass@127.0.0.1/".into(),
        // The name was fine for the first hop and is not for the second.
        format!(
            "307=http://name.example:{}/to?307=http://name.example/",
            other.address.port()
        ),
    ] {
        let answer = http.send(get_of(&format!("{base}/to?{to}"))).await;
        found.push_str(&format!("{to}\n    {}\n", told(&answer)));
    }
    let found = found
        .replace(&server.address.port().to_string(), "ONE")
        .replace(&other.address.port().to_string(), "TWO");
    expect![[r#"
        307=/there
            200 hello
        307=http://127.0.0.1:TWO/there
            200 hello
        307=http://169.254.169.254/latest
            forbidden: `169.254.169.254` may not be called: it is a cloud's metadata service
        307=http://0x0a000001/
            forbidden: `10.0.0.1` may not be called: it is a private network
        307=//[fd00:ec2::254]/
            forbidden: `fd00:ec2::254` may not be called: it is a cloud's metadata service
        307=file:///etc/passwd
            forbidden: `file:` may not be called, only http: and https:
        307=http://user:pass@127.0.0.1/
            forbidden: the address of `127.0.0.1` holds a user name or password; use a header for these
        307=http://name.example:TWO/to?307=http://name.example/
            forbidden: `name.example` leads to 10.0.0.1, which may not be called: it is a private network
    "#]]
    .assert_eq(&found);
    let answer = http.send(get_of(&format!("{base}/loop"))).await;
    assert!(
        told(&answer).starts_with("unreachable: more than 5 redirects"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let (server, other) = (serve().await, serve().await);
    let http = LocalHttp::new(LOCAL);
    for to in [
        "307=/same".to_owned(),
        "303=/same".into(),
        format!("307=http://{}/other", other.address),
        format!("303=http://{}/other", other.address),
    ] {
        let request = HttpRequest {
            method: "POST".into(),
            headers: [
                ("Authorization", "Bearer secret"),
                ("Cookie", "a=b"),
                ("X-Api-Key", "secret"),
                ("Accept", "text/html"),
                ("Content-Type", "text/plain"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            body: b"body".to_vec(),
            ..get_of(&format!("http://{}/to?{to}", server.address))
        };
        assert_eq!(told(&http.send(request).await), "200 hello");
    }
    let heard = |server: &Server| {
        let heard = server.heard.lock().unwrap();
        let arrived = heard.iter().filter(|line| !line.contains("/to?"));
        arrived.cloned().collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
        POST /same accept-encoding=gzip,deflate accept=text/html authorization=Bearer secret content-type=text/plain cookie=a=b x-api-key=secret
        GET /same accept-encoding=gzip,deflate accept=text/html authorization=Bearer secret cookie=a=b x-api-key=secret"#]]
    .assert_eq(&heard(&server));
    expect![[r#"
        POST /other accept-encoding=gzip,deflate accept=text/html content-type=text/plain
        GET /other accept-encoding=gzip,deflate accept=text/html"#]]
    .assert_eq(&heard(&other));
}

#[tokio::test]
async fn caps() {
    let server = serve().await;
    let http = LocalHttp::new(LOCAL);
    let mut found = String::new();
    for path in ["/", "/large", "/endless", "/bomb", "/slow", "/drip"] {
        let mut request = get_of(&format!("http://{}{path}", server.address));
        if matches!(path, "/slow" | "/drip") {
            request.timeout_ms = 200;
        }
        let line = told(&http.send(request).await);
        found.push_str(&format!("{path} {line}\n"));
    }
    expect![[r#"
        / 200 hello
        /large too large: the answer is larger than 1000 bytes
        /endless too large: the answer is larger than 1000 bytes
        /bomb too large: the answer is larger than 1000 bytes
        /slow timeout: no answer from `http://127.0.0.1:PORT/slow` in time
        /drip timeout: no answer from `http://127.0.0.1:PORT/drip` in time
    "#]]
    .assert_eq(&found.replace(&server.address.port().to_string(), "PORT"));
}

#[tokio::test]
async fn headers_and_methods_that_may_not_be_sent() {
    let server = serve().await;
    let http = LocalHttp::new(LOCAL);
    let mut found = String::new();
    for (method, name, value) in [
        ("GET", "Host", "internal"),
        ("GET", "transfer-encoding", "chunked"),
        ("GET", "x", "a\r\nb: c"),
        ("GET", "bad name", "a"),
        ("CONNECT", "x", "y"),
        ("G T", "x", "y"),
        ("get", "x", "y"),
    ] {
        let request = HttpRequest {
            method: method.into(),
            headers: vec![(name.into(), value.into())],
            ..get_of(&format!("http://{}/", server.address))
        };
        let line = told(&http.send(request).await);
        found.push_str(&format!("{method} {name}: {line}\n"));
    }
    expect![[r#"
        GET Host: forbidden: the header `Host` may not be set
        GET transfer-encoding: forbidden: the header `transfer-encoding` may not be set
        GET x: forbidden: `x` is not a header that can be sent
        GET bad name: forbidden: `bad name` is not a header that can be sent
        CONNECT x: forbidden: the method `CONNECT` may not be used
        G T x: unreachable: `G T` is not a method
        get x: 200 hello
    "#]]
    .assert_eq(&found);
}

#[tokio::test]
async fn the_sample_server_and_nothing_else() {
    let server = serve().await;
    let http = LocalHttp::new(HttpOptions {
        sample_api: Some(server.address),
        allow_local: false,
    });
    let sample = http
        .send(get_of("http://sample-api.invalid/orders/1001"))
        .await;
    assert_eq!(told(&sample), "200 hello");
    assert_eq!(sample.unwrap().url, "http://sample-api.invalid/orders/1001");
    let direct = http
        .send(get_of(&format!("http://{}/", server.address)))
        .await;
    assert!(matches!(direct, Err(HttpError::Forbidden(_))), "{direct:?}");
    let away = format!(
        "http://sample-api.invalid/to?307=http://{}/",
        server.address
    );
    let away = http.send(get_of(&away)).await;
    assert!(matches!(away, Err(HttpError::Forbidden(_))), "{away:?}");
    http.set_sample_api(None);
    let gone = http.send(get_of("http://sample-api.invalid/")).await;
    assert_eq!(
        told(&gone),
        "unreachable: the sample server `sample-api.invalid` does not run"
    );
    http.set_allow_local(true);
    let direct = http
        .send(get_of(&format!("http://{}/", server.address)))
        .await;
    assert_eq!(told(&direct), "200 hello");
}

#[tokio::test]
async fn redirects_within_the_origin_stay_there() {
    let (server, other) = (serve().await, serve().await);
    let http = LocalHttp::new(LOCAL);
    for (to, expected) in [
        ("307=/same".to_owned(), "200"),
        (format!("307=http://{}/other", other.address), "forbidden"),
        (format!("302=http://{}/other", other.address), "forbidden"),
    ] {
        let request = HttpRequest {
            method: "POST".into(),
            body: b"client_secret=x".to_vec(),
            redirects: Redirects::SameOrigin,
            ..get_of(&format!("http://{}/to?{to}", server.address))
        };
        let line = told(&http.send(request).await);
        assert!(line.starts_with(expected), "{to}: {line}");
    }
}
