//! What lies outside of this machine, or stands in for it: models, other people's servers, the sample server.

use awm_api::{UserError, settings::Settings};
use awm_caller::GuardedModels;
use awm_commands::store_error;
use awm_http_local::{HttpOptions, LocalHttp};
use awm_llm_local::LocalModels;
use awm_ports::{Models, SettingsStore};
use awm_sample_api::SampleApi;
use awm_tenancy::TenantId;
use std::{net::Ipv4Addr, sync::Arc};

/// The ways out.
pub(crate) struct Outside {
    pub(crate) http: Arc<LocalHttp>,
    pub(crate) models: Arc<dyn Models>,
    /// It stops when it is dropped.
    _sample: Option<SampleApi>,
}

impl Outside {
    /// Opens them as the settings allow.
    pub(crate) async fn open(
        settings: &dyn SettingsStore,
        tenant: &TenantId,
    ) -> Result<Self, UserError> {
        let settings = settings.load(tenant).await.map_err(store_error)?;
        // Without the sample server its template fails with a reason; nothing else needs it.
        let sample = awm_sample_api::start((Ipv4Addr::LOCALHOST, 0).into()).await;
        if let Err(error) = &sample {
            tracing::warn!(%error, "the sample server can't be started");
        }
        let sample = sample.ok();
        Ok(Self {
            http: Arc::new(LocalHttp::new(HttpOptions {
                sample_api: sample.as_ref().map(SampleApi::address),
                allow_local: settings.allow_local_addresses,
            })),
            models: Arc::new(GuardedModels::new(Arc::new(LocalModels::default()))),
            _sample: sample,
        })
    }

    /// Allows what the settings allow, from now on.
    pub(crate) fn allow(&self, settings: &Settings) {
        self.http.set_allow_local(settings.allow_local_addresses);
    }
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside")
            .field("http", &self.http)
            .finish_non_exhaustive()
    }
}
