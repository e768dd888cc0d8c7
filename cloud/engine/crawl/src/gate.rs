//! One connection to a host at a time, and not too soon after the last one.

use futures::lock::Mutex as AsyncMutex;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use url::Url;

/// How a host is to be treated. Whoever holds the lock is the one who may call it.
#[derive(Debug, Default)]
pub(crate) struct Host {
    /// Not before this time.
    pub(crate) ready_at: i64,
    /// Failures one after the other.
    pub(crate) failures: u32,
}

/// The hosts by name and port, shared by all crawls.
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<HashMap<String, Arc<AsyncMutex<Host>>>>);

/// Hosts that are remembered.
const HOSTS: usize = 10_000;

impl Gates {
    pub(crate) fn of(&self, url: &Url) -> Arc<AsyncMutex<Host>> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() > HOSTS {
            // Those in nobody's hands only lose their failures and a moment's delay.
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        hosts.entry(key(url)).or_default().clone()
    }
}

/// Host and port.
pub(crate) fn key(url: &Url) -> String {
    format!(
        "{}:{}",
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or_default()
    )
}
