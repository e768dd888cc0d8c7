//! The host: adapters, wired to the command table.

use crate::{
    HostKind, HostOptions,
    clock::SystemClock,
    crawls,
    home::{self, Home},
    ids::SystemIds,
    logs,
    outside::Outside,
    parts::Parts,
    secrets,
    work::Work,
};
use async_trait::async_trait;
use awm_api::{
    Code, Command, Stream, Timestamp, UserError,
    app::{AppFacts, Component},
    settings::Settings,
};
use awm_caller::{Caller, CallerParts, KeyedSettings};
use awm_commands::{Host, LiveRuns, Ports, store_error};
use awm_evaluation::Evaluator;
use awm_extract_local::LocalFiles;
use awm_items_local::LocalItems;
use awm_pipeline::{Ingest, IngestParts, Query};
use awm_ports::{Clock, Ids, SettingsStore, Workflows};
use awm_sqlite::Store;
use awm_tasks::{Deps, PlatformTasks};
use awm_tenancy::TenantId;
use futures::{FutureExt, StreamExt, channel::oneshot, future::BoxFuture, stream::BoxStream};
use serde_json::Value;
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::io::AsyncReadExt;

/// The desktop host: answers the command table over the embedded store. A clone is the same host.
#[derive(Clone, Debug)]
pub struct DesktopHost {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    home: Home,
    kind: HostKind,
    tenant: TenantId,
    ports: Ports,
    outside: Outside,
    components: Vec<Component>,
    started_at: Timestamp,
    work: Work,
    /// Dropped at the end: the pipeline stops.
    end: Mutex<Option<oneshot::Sender<()>>>,
    /// Dropped at the end: nothing is tidied any more.
    tidying: Mutex<Option<oneshot::Sender<()>>>,
}

/// How long a deleted workflow can be brought back.
const KEEP_DELETED_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How often what is due is deleted.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// How long the end waits for work to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);

impl DesktopHost {
    /// Opens the workspace folder and all that is in it. Needs to be called on a tokio runtime, which is used from then on.
    pub async fn open(options: HostOptions) -> Result<Self, UserError> {
        Self::open_at(options, Arc::new(SystemClock)).await
    }

    /// Opens it by another clock than the machine's, as tests of what expires do.
    pub async fn open_at(options: HostOptions, clock: Arc<dyn Clock>) -> Result<Self, UserError> {
        let home = Home::open(options.home)?;
        logs::start(&home.logs())
            .map_err(|error| home::from_io("can't be written", &home.logs(), &error))?;
        let store = Store::open(home.store()).map_err(store_error)?;
        let tenant = options.profile.unwrap_or_else(TenantId::local);
        let now = clock.now();
        Workflows::purge(&*store, &tenant, now - KEEP_DELETED_MS)
            .await
            .map_err(store_error)?;

        let ids: Arc<dyn Ids> = Arc::new(SystemIds::default());
        let secrets = secrets::open(&home, &tenant, &*ids).await?;
        let settings = Arc::new(KeyedSettings::new(store.clone(), secrets.clone()));
        let set = SettingsStore::load(&*settings, &tenant)
            .await
            .map_err(store_error)?;
        let parts = Parts::open(options.components, &set).await?;
        let outside = Outside::open(&*settings, &tenant).await?;
        let caller = Arc::new(Caller::new(CallerParts {
            connections: store.clone(),
            secrets: secrets.clone(),
            http: outside.http.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        }));
        let files = Arc::new(LocalFiles::new(home.files()).with_open(vec![home.buckets()]));
        let ingest = Ingest::new(
            tenant.clone(),
            IngestParts {
                library: store.clone(),
                extractor: parts.extractor.clone(),
                embedder: parts.embedder.clone(),
                vectors_off: parts.vectors_off,
                files: files.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                workers: options.kind.readers(),
            },
        );
        let crawler = crawls::open(
            &tenant,
            store.clone(),
            ingest.clone(),
            outside.http.clone(),
            parts.extractor.clone(),
            secrets.clone(),
            (clock.clone(), ids.clone()),
        );
        let tasks = PlatformTasks::new(Deps {
            library: store.clone(),
            memory: store.clone(),
            settings: settings.clone(),
            models: outside.models.clone(),
            extractor: parts.extractor,
            files,
            embedder: parts.embedder.clone(),
            http: outside.http.clone(),
            caller: caller.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        });
        let query = Query::new(store.clone(), parts.embedder, clock.clone());
        let ports = Ports {
            workflows: store.clone(),
            runs: store.clone(),
            chats: store.clone(),
            settings,
            connections: store.clone(),
            caller,
            secrets,
            memory: store.clone(),
            library: store.clone(),
            models: outside.models.clone(),
            ingest: ingest.clone(),
            questions: store.clone(),
            evaluations: store.clone(),
            crawler: crawler.clone(),
            evaluator: Evaluator::new(store, query.clone(), clock.clone()),
            query,
            tasks: Arc::new(tasks),
            items: Some(Arc::new(LocalItems::new(tenant.clone(), home.buckets()))),
            clock,
            ids,
            live: Arc::new(LiveRuns::default()),
        };
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            kind = options.kind.as_str(),
            "opened"
        );
        let (end, ended) = oneshot::channel();
        let host = Self {
            inner: Arc::new(Inner {
                home,
                kind: options.kind,
                tenant,
                ports,
                outside,
                components: parts.facts,
                started_at: now,
                work: Work::new(),
                end: Mutex::new(Some(end)),
                tidying: Mutex::default(),
            }),
        };
        let cut_off = awm_commands::recover(&host).await?;
        if cut_off > 0 {
            tracing::warn!(runs = cut_off, "ended what an earlier process left");
        }
        let ended = ended.map(drop).shared();
        let crawls_end = ended.clone();
        host.spawn(Box::pin(async move { crawler.work(crawls_end).await }));
        if options.kind != HostKind::CommandLine {
            let (ingest, ended) = (ingest.clone(), ended.clone());
            host.spawn(Box::pin(async move { ingest.keep_folders(ended).await }));
        }
        host.spawn(Box::pin(async move { ingest.work(ended).await }));
        // What has expired is never answered; here it leaves the file.
        awm_commands::tidy(&host).await?;
        host.tidy_every_minute();
        Ok(host)
    }

    /// Answers a command by its name.
    pub async fn dispatch(&self, name: &str, payload: Value) -> Result<Value, UserError> {
        let answer = awm_commands::dispatch(self, name, payload).await;
        if let Err(error) = &answer {
            tracing::warn!(command = name, code = error.code.as_str(), "refused");
        }
        answer
    }

    /// Answers a stream by its name. Dropping the answer ends it.
    pub async fn dispatch_stream(
        &self,
        name: &str,
        payload: Value,
    ) -> Result<BoxStream<'static, Result<Value, UserError>>, UserError> {
        awm_commands::dispatch_stream(self, name, payload).await
    }

    /// Answers a typed command.
    pub async fn ask<C: Command>(&self, request: C) -> Result<C::Response, UserError> {
        let answer = self.dispatch(C::NAME, to_value(request)?).await?;
        from_value(answer)
    }

    /// Answers a typed stream.
    pub async fn follow<S: Stream>(
        &self,
        request: S,
    ) -> Result<BoxStream<'static, Result<S::Item, UserError>>, UserError> {
        let items = self.dispatch_stream(S::NAME, to_value(request)?).await?;
        Ok(items.map(|item| from_value(item?)).boxed())
    }

    /// Deletes what is due, for as long as the host lives.
    fn tidy_every_minute(&self) {
        let inner = Arc::downgrade(&self.inner);
        let (tell, ended) = oneshot::channel::<()>();
        *self
            .inner
            .tidying
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(tell);
        let work = async move {
            let mut ended = ended;
            loop {
                let minute = tokio::time::sleep(TIDY_EVERY);
                futures::pin_mut!(minute);
                if let futures::future::Either::Right(_) =
                    futures::future::select(minute, &mut ended).await
                {
                    return;
                }
                let Some(inner) = inner.upgrade() else { return };
                if let Err(error) = awm_commands::tidy(&Self { inner }).await {
                    tracing::warn!(code = error.code.as_str(), "what is due can't be deleted");
                }
            }
        };
        self.spawn(work.boxed());
    }

    /// The workspace folder.
    pub fn home(&self) -> &Path {
        self.inner.home.path()
    }

    /// Ends what goes on, and waits for it a few seconds. What is stored by then is all there is to keep.
    pub async fn close(&self) {
        self.inner.ports.live.stop_all();
        drop(
            self.inner
                .end
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        drop(
            self.inner
                .tidying
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        self.inner.work.end(PATIENCE).await;
        tracing::info!("closed");
    }
}

#[async_trait]
impl Host for DesktopHost {
    fn tenant(&self) -> &TenantId {
        &self.inner.tenant
    }

    fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    fn facts(&self) -> AppFacts {
        AppFacts {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            home: self.home().display().to_string(),
            logs: self.inner.home.logs().display().to_string(),
            host: self.inner.kind.as_str().to_owned(),
            started_at: self.inner.started_at,
            components: self.inner.components.clone(),
        }
    }

    fn log_tail(&self) -> String {
        logs::tail(&self.inner.home.logs(), 8 * 1024)
    }

    fn settings_changed(&self, settings: &Settings) {
        self.inner.outside.allow(settings);
    }

    fn spawn(&self, work: BoxFuture<'static, ()>) {
        self.inner.work.spawn(work);
    }

    async fn read_file(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, UserError> {
        let path = Path::new(path);
        let failed = |error| home::from_io("can't be read", path, &error);
        let file = tokio::fs::File::open(path).await.map_err(failed)?;
        let metadata = file.metadata().await.map_err(failed)?;
        if metadata.is_dir() {
            return Err(UserError::new(
                Code::BadRequest,
                format!("`{}` is a folder", path.display()),
            )
            .help("choose a file"));
        }
        let mut bytes = Vec::new();
        // One byte more than allowed tells that there are too many, also of a file that has no size or grows.
        file.take(max_bytes + 1)
            .read_to_end(&mut bytes)
            .await
            .map_err(failed)?;
        let found = metadata.len().max(bytes.len() as u64);
        match found > max_bytes {
            true => Err(awm_commands::too_large(found)),
            false => Ok(bytes),
        }
    }
}

fn to_value(request: impl serde::Serialize) -> Result<Value, UserError> {
    serde_json::to_value(request).map_err(|error| wrong_shape(&error))
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, UserError> {
    serde_json::from_value(value).map_err(|error| wrong_shape(&error))
}

fn wrong_shape(error: &serde_json::Error) -> UserError {
    UserError::new(
        Code::Internal,
        format!("a message does not have its own shape: {error}"),
    )
}
