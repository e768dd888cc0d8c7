//! What each hop has to pass before a socket is opened.

use crate::{SAMPLE_API_HOST, forbidden, resolve::Resolve};
use awm_ports::HttpError;
use reqwest::Url;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// The rules as they stand for one hop.
pub(crate) struct Gate {
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) allow_local: bool,
    pub(crate) sample_api: Option<SocketAddr>,
    /// Single loopback addresses with their ports that may be called.
    pub(crate) exceptions: Vec<SocketAddr>,
}

/// Where a hop may go.
#[derive(Debug)]
pub(crate) struct Target {
    /// The address as asked for.
    pub(crate) url: Url,
    /// The checked addresses; the connection goes to one of these and to no other.
    pub(crate) addresses: Vec<SocketAddr>,
}

/// Ports that speak something else than HTTP, as the Fetch standard blocks them: a request line could be read as a command there.
const FORBIDDEN_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666,
    6667, 6668, 6669, 6679, 6697, 10080, 11211,
];

impl Gate {
    /// Checks an address as a whole and resolves it, once.
    pub(crate) async fn admit(&self, text: &str) -> Result<Target, HttpError> {
        let url = Url::parse(text).map_err(|error| {
            HttpError::Unreachable(format!("`{text}` is not an address: {error}"))
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(HttpError::Forbidden(format!(
                "`{}:` may not be called, only http: and https:",
                url.scheme()
            )));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(HttpError::Forbidden(format!(
                "the address of `{}` holds a user name or password; use a header for these",
                url.host_str().unwrap_or_default()
            )));
        }
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| HttpError::Unreachable(format!("`{text}` names no server")))?
            .to_owned();
        let port = url.port_or_known_default().unwrap_or_default();
        if host == SAMPLE_API_HOST {
            // An explicit port would win over the server's own and open any other local one.
            if url.port().is_some() || url.scheme() != "http" {
                return Err(HttpError::Forbidden(format!(
                    "the sample server is `http://{host}/`, without a port"
                )));
            }
            let address = self.sample_api.ok_or_else(|| {
                HttpError::Unreachable(format!("the sample server `{host}` does not run"))
            })?;
            return Ok(Target {
                url,
                addresses: vec![address],
            });
        }
        if FORBIDDEN_PORTS.contains(&port) {
            return Err(HttpError::Forbidden(format!(
                "port {port} of `{host}` is of a protocol other than http"
            )));
        }
        let addresses = self.addresses(&host).await?;
        for address in &addresses {
            self.check(&host, SocketAddr::new(*address, port))?;
        }
        Ok(Target {
            url,
            addresses: addresses
                .into_iter()
                .map(|address| SocketAddr::new(address, port))
                .collect(),
        })
    }

    /// The address itself if the host is one, otherwise what the resolver says.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, HttpError> {
        if let Some(bare) = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let parsed: Result<Ipv6Addr, _> = bare.parse();
            return parsed
                .map(|address| vec![IpAddr::V6(address)])
                .map_err(|_| HttpError::Unreachable(format!("`{host}` is not an address")));
        }
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            return Ok(vec![IpAddr::V4(address)]);
        }
        let addresses = self.resolver.resolve(host).await.map_err(|error| {
            HttpError::Unreachable(format!("the name `{host}` has no address: {error}"))
        })?;
        if addresses.is_empty() {
            return Err(HttpError::Unreachable(format!(
                "the name `{host}` has no address"
            )));
        }
        Ok(addresses)
    }

    fn check(&self, host: &str, socket: SocketAddr) -> Result<(), HttpError> {
        let address = socket.ip();
        if forbidden::is_loopback(address)
            && (self.allow_local || self.exceptions.contains(&socket))
        {
            return Ok(());
        }
        match forbidden::reason(address) {
            None => Ok(()),
            Some(why) => {
                let address = address.to_string();
                let subject = if host.trim_matches(['[', ']']) == address {
                    format!("`{address}`")
                } else {
                    format!("`{host}` leads to {address}, which")
                };
                Err(HttpError::Forbidden(format!(
                    "{subject} may not be called: it is {why}"
                )))
            }
        }
    }
}
