#![doc = include_str!("../README.md")]

mod forbidden;
mod gate;
mod hop;
mod log;
mod resolve;

pub use log::Admission;
pub use resolve::{Resolve, SystemResolver};

use async_trait::async_trait;
use awm_ports::{FetchRules, Http, HttpError, HttpRequest, HttpResponse};
use gate::Gate;
use std::{
    net::SocketAddr,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// The name that templates give to the sample server.
pub const SAMPLE_API_HOST: &str = "sample-api.invalid";

/// Redirects followed in one call.
const MAX_REDIRECTS: usize = 5;

/// What may be called beyond the public internet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HttpOptions {
    /// Where the sample server listens, if it runs.
    pub sample_api: Option<SocketAddr>,
    /// Whether loopback addresses may be called.
    pub allow_local: bool,
}

/// Calls servers under the rules.
pub struct LocalHttp {
    resolver: Arc<dyn Resolve>,
    sample_api: RwLock<Option<SocketAddr>>,
    allow_local: AtomicBool,
    exceptions: RwLock<Vec<SocketAddr>>,
    log: log::Log,
}

impl std::fmt::Debug for LocalHttp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalHttp")
            .field("sample_api", &self.sample_api)
            .field("allow_local", &self.allow_local)
            .finish_non_exhaustive()
    }
}

impl LocalHttp {
    /// Calls with the system's resolver.
    pub fn new(options: HttpOptions) -> Self {
        Self::with_resolver(options, Arc::new(SystemResolver))
    }

    /// Calls with a resolver of one's own.
    pub fn with_resolver(options: HttpOptions, resolver: Arc<dyn Resolve>) -> Self {
        Self {
            resolver,
            sample_api: RwLock::new(options.sample_api),
            allow_local: AtomicBool::new(options.allow_local),
            exceptions: RwLock::default(),
            log: log::Log::default(),
        }
    }

    /// Sets which single loopback addresses, with their ports, may be called though others may not, from the next hop on.
    pub fn set_exceptions(&self, addresses: Vec<SocketAddr>) {
        *self
            .exceptions
            .write()
            .unwrap_or_else(PoisonError::into_inner) = addresses;
    }

    /// Tells every hop's admission or refusal to `hear`, before a socket is opened.
    pub fn observe(&self, hear: impl Fn(&Admission) + Send + Sync + 'static) {
        self.log.set(hear);
    }

    /// Sets whether loopback addresses may be called, from the next hop on.
    pub fn set_allow_local(&self, allow: bool) {
        self.allow_local.store(allow, Ordering::Relaxed);
    }

    /// Sets where the sample server listens, from the next hop on.
    pub fn set_sample_api(&self, address: Option<SocketAddr>) {
        *self
            .sample_api
            .write()
            .unwrap_or_else(PoisonError::into_inner) = address;
    }

    fn gate(&self) -> Gate {
        Gate {
            resolver: self.resolver.clone(),
            allow_local: self.allow_local.load(Ordering::Relaxed),
            sample_api: *self
                .sample_api
                .read()
                .unwrap_or_else(PoisonError::into_inner),
            exceptions: self
                .exceptions
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        }
    }

    async fn follow(
        &self,
        mut request: HttpRequest,
        rules: FetchRules,
    ) -> Result<HttpResponse, HttpError> {
        let mut redirects = Vec::new();
        for _ in 0..=MAX_REDIRECTS {
            let began = Instant::now();
            let admitted = self.gate().admit(&request.url).await;
            self.log.tell(&request.url, &admitted);
            let target = admitted?;
            let resolve_us = hop::micros(began);
            match hop::exchange(&target, &request, rules).await? {
                hop::Outcome::Answer(mut response) => {
                    response.trace.redirects = redirects;
                    response.trace.resolve_us = resolve_us;
                    return Ok(response);
                }
                hop::Outcome::Redirect(next, hop) => {
                    request = next;
                    redirects.push(hop);
                }
            }
        }
        Err(HttpError::Unreachable(format!(
            "more than {MAX_REDIRECTS} redirects, the last one to `{}`",
            request.url
        )))
    }
}

#[async_trait]
impl Http for LocalHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.fetch(request, FetchRules::default()).await
    }

    async fn fetch(
        &self,
        request: HttpRequest,
        rules: FetchRules,
    ) -> Result<HttpResponse, HttpError> {
        let (url, limit) = (request.url.clone(), request.timeout_ms);
        tokio::time::timeout(Duration::from_millis(limit), self.follow(request, rules))
            .await
            .unwrap_or_else(|_| Err(HttpError::Timeout(format!("`{url}`"))))
    }
}
