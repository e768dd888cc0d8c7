//! That nothing connects where it may not, shown by the sockets themselves: listeners on forbidden addresses that must hear nobody, with
//! a control that they would hear somebody, and the gate's own log.
#![cfg(test)]

use async_trait::async_trait;
use awm_http_local::{Admission, HttpOptions, LocalHttp, Resolve};
use awm_ports::{FetchRules, Http, HttpError, HttpRequest, Redirects};
use flate2::{Compression, write::GzEncoder};
use std::{
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Answers every name with the same addresses.
struct Always(Mutex<Vec<IpAddr>>);

#[async_trait]
impl Resolve for Always {
    async fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        Ok(self.0.lock().unwrap().clone())
    }
}

/// A listener that counts connections and answers each with the same bytes.
struct Trap {
    address: SocketAddr,
    opened: Arc<AtomicUsize>,
}

impl Trap {
    async fn at(address: &str, answer: Vec<u8>) -> Option<Self> {
        let listener = TcpListener::bind(address).await.ok()?;
        let address = listener.local_addr().unwrap();
        let opened = Arc::new(AtomicUsize::new(0));
        let count = opened.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut buffer = [0; 4_096];
                    let _ = stream.read(&mut buffer).await;
                    let _ = stream.write_all(&answer).await;
                });
            }
        });
        Some(Self { address, opened })
    }

    fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }
}

fn hello() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello".to_vec()
}

fn redirect(to: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
    .into_bytes()
}

fn get_of(url: &str) -> HttpRequest {
    HttpRequest {
        method: "GET".into(),
        url: url.into(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: 10_000,
        max_bytes: 1_000,
        redirects: Redirects::Follow,
    }
}

/// A connector with a log, whose names all lead to the same addresses.
fn connector(names: &[IpAddr]) -> (LocalHttp, Arc<Mutex<Vec<Admission>>>) {
    let resolver = Arc::new(Always(Mutex::new(names.to_vec())));
    let http = LocalHttp::with_resolver(HttpOptions::default(), resolver);
    let log: Arc<Mutex<Vec<Admission>>> = Arc::default();
    let kept = log.clone();
    http.observe(move |admission| kept.lock().unwrap().push(admission.clone()));
    (http, log)
}

/// This machine's address in its own network, if it has one.
async fn own_address() -> Option<IpAddr> {
    let socket = tokio::net::UdpSocket::bind("0.0.0.0:0").await.ok()?;
    // Nothing is sent: the system only chooses the way.
    socket.connect("192.0.2.1:9").await.ok()?;
    let own = socket.local_addr().ok()?.ip();
    (!own.is_loopback() && !own.is_unspecified()).then_some(own)
}

#[tokio::test]
async fn nobody_connects_to_this_machine_or_its_network() {
    let mut traps = Vec::new();
    for address in ["127.0.0.1:0", "127.0.0.2:0", "127.255.255.254:0", "[::1]:0"] {
        traps.extend(Trap::at(address, hello()).await);
    }
    if let Some(own) = own_address().await {
        traps.extend(Trap::at(&SocketAddr::new(own, 0).to_string(), hello()).await);
    }
    assert!(traps.len() > 2, "there is something to fall into");
    let allowed = Trap::at("127.0.0.1:0", hello()).await.unwrap();
    for trap in &traps {
        let (ip, port) = (trap.address.ip(), trap.address.port());
        let mut spellings = vec![
            format!("http://{}/", trap.address),
            format!("http://name.example:{port}/"),
            format!("http://name.example.:{port}/"),
            format!("http://user@{}/", trap.address),
            format!("https://{}/", trap.address),
        ];
        if let IpAddr::V4(v4) = ip {
            let [a, b, c, d] = v4.octets();
            let number = u32::from(v4);
            spellings.extend([
                format!("http://{number}:{port}/"),
                format!("http://0x{number:x}:{port}/"),
                format!("http://0{number:o}:{port}/"),
                format!("http://0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}:{port}/"),
                format!("http://0{a:o}.0{b:o}.0{c:o}.0{d:o}:{port}/"),
                format!("http://{a}.{}:{port}/", number & 0x00ff_ffff),
                format!("http://{a}.{b}.{}:{port}/", number & 0xffff),
                format!("http://{a}.{b}.{c}.{d}.:{port}/"),
                format!("http://[::ffff:{v4}]:{port}/"),
                format!("http://[::{v4}]:{port}/"),
                format!("http://[64:ff9b::{v4}]:{port}/"),
                format!(
                    "http://[2002:{:x}:{:x}::]:{port}/",
                    number >> 16,
                    number & 0xffff
                ),
                format!(
                    "http://%31{}:{port}/",
                    v4.to_string().get(1..).unwrap_or_default()
                ),
                format!("http://{}:{port}/", v4.to_string().replace('.', "\u{3002}")),
            ]);
        }
        let (http, log) = connector(&[ip]);
        http.set_exceptions(vec![allowed.address]);
        for url in &spellings {
            let answer = http.send(get_of(url)).await;
            assert!(answer.is_err(), "{url}: {answer:?}");
        }
        // By way of a redirect of the one server that may be called.
        for url in &spellings {
            let leads = Trap::at("127.0.0.1:0", redirect(url)).await.unwrap();
            http.set_exceptions(vec![leads.address]);
            let answer = http
                .send(get_of(&format!("http://{}/", leads.address)))
                .await;
            assert!(answer.is_err(), "{url}: {answer:?}");
            assert_eq!(leads.opened(), 1, "the first hop was made");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(trap.opened(), 0, "{}", trap.address);
        assert!(log.lock().unwrap().iter().all(|admission| {
            admission
                .addresses
                .as_ref()
                .map_or(true, |to| to[0].port() != port)
        }));
    }
    // The controls: the listeners do hear, and one of them is reached as soon as it may be.
    for trap in &traps {
        drop(TcpStream::connect(trap.address).await.unwrap());
        if trap.address.ip().is_loopback() {
            let (http, _) = connector(&[trap.address.ip()]);
            http.set_allow_local(true);
            let url = format!("http://name.example:{}/", trap.address.port());
            assert_eq!(http.send(get_of(&url)).await.unwrap().body, b"hello");
            assert!(trap.opened() >= 2);
        }
    }
}

/// One address of each range that is forbidden: alone, and beside one that may be called, on either side of it.
#[tokio::test]
async fn no_range_is_admitted_by_name_or_beside_a_good_one() {
    let server = Trap::at("127.0.0.1:0", hello()).await.unwrap();
    let url = format!("http://name.example:{}/", server.address.port());
    let good = server.address.ip();
    for bad in [
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.254",
        "100.100.100.200",
        "127.0.0.2",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "172.16.0.1",
        "172.31.255.254",
        "192.0.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.254",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        let bad: IpAddr = bad.parse().unwrap();
        for names in [
            vec![bad],
            vec![good, bad],
            vec![bad, good],
            vec![good, good, bad],
        ] {
            let (http, log) = connector(&names);
            http.set_exceptions(vec![server.address]);
            let answer = http.send(get_of(&url)).await;
            assert!(
                matches!(answer, Err(HttpError::Forbidden(_))),
                "{names:?}: {answer:?}"
            );
            assert!(
                log.lock()
                    .unwrap()
                    .iter()
                    .all(|admission| admission.addresses.is_err())
            );
        }
    }
    assert_eq!(
        server.opened(),
        0,
        "a good address doesn't make up for a bad one"
    );
    let (http, log) = connector(&[good]);
    http.set_exceptions(vec![server.address]);
    assert_eq!(http.send(get_of(&url)).await.unwrap().body, b"hello");
    assert_eq!(log.lock().unwrap()[0].addresses, Ok(vec![server.address]));
    assert_eq!(server.opened(), 1);
}

#[tokio::test]
async fn an_exception_is_for_one_address_and_port() {
    let server = Trap::at("127.0.0.1:0", hello()).await.unwrap();
    let beside = Trap::at("127.0.0.1:0", hello()).await.unwrap();
    let port = server.address.port();
    let other = Trap::at(&format!("127.0.0.2:{port}"), hello()).await;
    let (http, _) = connector(&[server.address.ip()]);
    http.set_exceptions(vec![server.address, "10.0.0.1:80".parse().unwrap()]);
    assert!(
        http.send(get_of(&format!("http://127.0.0.1:{port}/")))
            .await
            .is_ok()
    );
    for url in [
        format!("http://{}/", beside.address),
        format!("http://127.0.0.2:{port}/"),
        format!("http://name.example:{}/", beside.address.port()),
        // An exception is for loopback: it opens nothing of a network.
        "http://10.0.0.1/".to_owned(),
    ] {
        let answer = http.send(get_of(&url)).await;
        assert!(
            matches!(answer, Err(HttpError::Forbidden(_))),
            "{url}: {answer:?}"
        );
    }
    assert_eq!(beside.opened(), 0);
    assert_eq!(other.map_or(0, |other| other.opened()), 0);
    http.set_exceptions(Vec::new());
    assert!(
        http.send(get_of(&format!("http://127.0.0.1:{port}/")))
            .await
            .is_err()
    );
    assert_eq!(server.opened(), 1);
}

/// What a crawler asks for: redirects as answers, and the beginning of what is too long.
#[tokio::test]
async fn redirects_are_answers_and_long_ones_are_cut() {
    let target = Trap::at("127.0.0.1:0", hello()).await.unwrap();
    let server = Trap::at(
        "127.0.0.1:0",
        redirect(&format!("http://{}/", target.address)),
    )
    .await
    .unwrap();
    let (http, _) = connector(&[]);
    http.set_exceptions(vec![server.address, target.address]);
    let url = format!("http://{}/", server.address);
    let rules = FetchRules {
        redirects_are_answers: true,
        ..FetchRules::default()
    };
    let answer = http.fetch(get_of(&url), rules).await.unwrap();
    assert_eq!(
        (answer.status, answer.url.as_str(), target.opened()),
        (302, url.as_str(), 0)
    );
    assert!(
        http.send(get_of(&url)).await.is_ok(),
        "otherwise it is followed"
    );
    assert_eq!(target.opened(), 1);

    let cut = FetchRules {
        cut_at_cap: true,
        ..FetchRules::default()
    };
    for (what, answer) in [
        (
            "long",
            [
                b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n".as_slice(),
                &[b'x'; 5_000],
            ]
            .concat(),
        ),
        ("bomb", packed(1)),
        ("bomb in a bomb", packed(2)),
    ] {
        let server = Trap::at("127.0.0.1:0", answer).await.unwrap();
        http.set_exceptions(vec![server.address]);
        let url = format!("http://{}/", server.address);
        match http.send(get_of(&url)).await {
            Err(HttpError::TooLarge(1_000)) => {}
            // What is packed twice is unpacked once at most, and stays as small as it came.
            Ok(answer) if what == "bomb in a bomb" => assert!(answer.body.len() < 1_000),
            whole => assert!(
                whole.is_err() && what == "bomb in a bomb",
                "{what}: {whole:?}"
            ),
        }
        match http.fetch(get_of(&url), cut).await {
            Ok(answer) if what == "bomb in a bomb" => assert!(answer.body.len() <= 1_000),
            Ok(answer) => assert_eq!(answer.body.len(), 1_000, "{what}"),
            Err(error) => assert_eq!(what, "bomb in a bomb", "{error}"),
        }
    }
}

/// 16 MiB of zeros, packed once or twice over.
fn packed(times: usize) -> Vec<u8> {
    let mut body = vec![0_u8; 16 << 20];
    for _ in 0..times {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&body).unwrap();
        body = encoder.finish().unwrap();
    }
    let encodings = vec!["gzip"; times].join(", ");
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: {encodings}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}
