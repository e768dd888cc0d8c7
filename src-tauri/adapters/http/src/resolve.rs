//! Names to addresses.

use async_trait::async_trait;
use std::{
    io,
    net::{IpAddr, SocketAddr},
};

/// Resolves a name. It is asked once per hop.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// Every address of the name.
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// As the operating system resolves names.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0))
            .await?
            .map(|address: SocketAddr| address.ip())
            .collect())
    }
}
