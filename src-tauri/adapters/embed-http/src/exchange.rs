//! One batch of texts to the server and back.

use crate::{Protocol, Server};
use awm_ports::EmbedError;
use reqwest::{Client, Response, StatusCode, Url, header, redirect::Policy};
use std::time::Duration;

/// Times that a batch is asked for again.
const AGAIN: u32 = 2;
/// The first wait before that; each further one is four times as long.
const WAIT: Duration = Duration::from_millis(250);
/// No server is waited for longer, whatever it says.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// A vector has some kilobytes as text; no honest answer to a batch is larger.
const LARGEST: usize = 64 << 20;

#[derive(Debug)]
pub(crate) struct Exchange {
    client: Client,
    url: Url,
    protocol: Protocol,
    model: String,
    key: Option<header::HeaderValue>,
}

enum Failed {
    /// Another try may succeed, after so long if the server said so.
    ForNow(String, Option<Duration>),
    ForGood(String),
}

impl Exchange {
    pub(crate) fn new(server: Server) -> Result<Self, EmbedError> {
        let base = server.base_url.trim().trim_end_matches('/');
        let path = server.protocol.path();
        let text = match base.ends_with(path) {
            true => base.to_owned(),
            false => format!("{base}/{path}"),
        };
        let url = Url::parse(&text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| {
                EmbedError::Missing(format!("`{}` is no http or https address", server.base_url))
            })?;
        let mut client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(180))
            .redirect(Policy::none())
            .user_agent(concat!("ai-workflow-manager/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&url) {
            // A company's proxy can't reach a model on this machine.
            client = client.no_proxy();
        }
        let key = match server.key.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(key) => {
                let mut value =
                    header::HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| {
                        EmbedError::Missing("the key holds characters that no key has".into())
                    })?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        Ok(Self {
            client: client
                .build()
                .map_err(|error| EmbedError::Backend(Box::new(error)))?,
            url,
            protocol: server.protocol,
            model: server.model,
            key,
        })
    }

    /// Unit vectors of the texts, in order.
    pub(crate) async fn ask(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut wait = WAIT;
        for _ in 0..AGAIN {
            match self.once(texts).await {
                Ok(vectors) => return Ok(vectors),
                Err(Failed::ForGood(why)) => return Err(EmbedError::Backend(why.into())),
                Err(Failed::ForNow(_, told)) => {
                    tokio::time::sleep(told.unwrap_or(wait).min(LONGEST_WAIT)).await;
                    wait *= 4;
                }
            }
        }
        self.once(texts).await.map_err(|failed| match failed {
            Failed::ForNow(why, _) | Failed::ForGood(why) => EmbedError::Backend(why.into()),
        })
    }

    async fn once(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Failed> {
        let mut request = self
            .client
            .post(self.url.clone())
            .json(&self.protocol.request(&self.model, texts));
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, key.clone());
        }
        let for_now = |error: reqwest::Error| {
            Failed::ForNow(
                format!("`{}` does not answer: {}", self.url, error.without_url()),
                None,
            )
        };
        let response = request.send().await.map_err(for_now)?;
        let status = response.status();
        let told = retry_after(&response);
        let body = body(response).await?;
        if !status.is_success() {
            let words: String = String::from_utf8_lossy(&body).chars().take(300).collect();
            let why = format!("the server answered {}: {}", status.as_u16(), words.trim());
            return Err(match status {
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                    Failed::ForNow(why, told)
                }
                status if status.is_server_error() => Failed::ForNow(why, told),
                _ => Failed::ForGood(why),
            });
        }
        let vectors = self.protocol.vectors(&body).map_err(|error| {
            Failed::ForGood(format!("the server's answer holds no vectors: {error}"))
        })?;
        if vectors.len() != texts.len() {
            return Err(Failed::ForGood(format!(
                "the server gave {} vectors for {} texts",
                vectors.len(),
                texts.len()
            )));
        }
        vectors.into_iter().map(unit).collect()
    }
}

fn unit(vector: Vec<f32>) -> Result<Vec<f32>, Failed> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if !length.is_finite() || length == 0.0 {
        return Err(Failed::ForGood(
            "the server gave a vector without a direction".into(),
        ));
    }
    Ok(vector.into_iter().map(|x| x / length).collect())
}

async fn body(mut response: Response) -> Result<Vec<u8>, Failed> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(piece)) if body.len() + piece.len() <= LARGEST => {
                body.extend_from_slice(&piece)
            }
            Ok(Some(_)) => return Err(Failed::ForGood("the server's answer is too large".into())),
            Err(error) => {
                let why = format!("the answer broke off: {}", error.without_url());
                return Err(Failed::ForNow(why, None));
            }
        }
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let told = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    told.trim().parse().ok().map(Duration::from_secs)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
