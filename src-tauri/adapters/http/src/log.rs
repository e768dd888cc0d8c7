//! What the gate decided, for whoever has to show that nothing else was called.

use crate::gate::Target;
use awm_ports::HttpError;
use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
};

/// What the gate decided about one hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The address as asked for.
    pub url: String,
    /// The checked addresses that the connection may go to; why there are none otherwise.
    pub addresses: Result<Vec<SocketAddr>, String>,
}

type Hear = Arc<dyn Fn(&Admission) + Send + Sync>;

#[derive(Default)]
pub(crate) struct Log(RwLock<Option<Hear>>);

impl Log {
    pub(crate) fn set(&self, hear: impl Fn(&Admission) + Send + Sync + 'static) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(hear));
    }

    pub(crate) fn tell(&self, url: &str, decided: &Result<Target, HttpError>) {
        let hear = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(hear) = hear {
            hear(&Admission {
                url: url.to_owned(),
                addresses: match decided {
                    Ok(target) => Ok(target.addresses.clone()),
                    Err(error) => Err(error.to_string()),
                },
            });
        }
    }
}
