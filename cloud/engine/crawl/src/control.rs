//! What people ask of the crawler.

use crate::{CrawlError, Crawler};
use awm_api::{
    Page,
    crawl::{
        Crawl, CrawlCreate, CrawlDeleted, CrawlPage, CrawlPages, CrawlSpec, CrawlState,
        CrawlUpdate, PageReason,
    },
};
use awm_crawl::{address, items, s3, scope::Scope};
use awm_ports::StoreError;
use futures::{StreamExt, stream, stream::BoxStream};

impl Crawler {
    /// All crawls by name.
    pub async fn list(&self) -> Result<Vec<Crawl>, StoreError> {
        self.parts.crawls.crawls(&self.tenant).await
    }

    /// One crawl.
    pub async fn get(&self, id: &str) -> Result<Crawl, StoreError> {
        self.parts.crawls.crawl(&self.tenant, id).await
    }

    /// The log of a crawl's present sync.
    pub async fn pages(&self, filter: &CrawlPages) -> Result<Page<CrawlPage>, StoreError> {
        self.parts.crawls.pages(&self.tenant, filter).await
    }

    /// Stores a crawl, checked; nothing is fetched.
    pub async fn create(&self, request: CrawlCreate) -> Result<Crawl, CrawlError> {
        let own_name = check(&request.spec)?;
        let name: String = match request.name.trim() {
            "" => own_name,
            name => name.chars().filter(|c| !c.is_control()).take(200).collect(),
        };
        if request
            .every_hours
            .is_some_and(|hours| !(1..=8_760).contains(&hours))
        {
            return Err(CrawlError::Spec(
                "the hours between two syncs are from 1 to 8,760".into(),
            ));
        }
        let now = self.parts.clock.now();
        let library = &self.parts.library;
        let source_id = match request.source_id {
            Some(id) => {
                let known = library.sources(&self.tenant).await?;
                match known.iter().any(|source| source.id == id) {
                    true => id,
                    false => return Err(StoreError::NotFound { what: "source", id }.into()),
                }
            }
            None => {
                let id = self.parts.ids.next();
                library
                    .create_source(&self.tenant, &id, &name, now)
                    .await?
                    .id
            }
        };
        let crawl = Crawl {
            id: self.parts.ids.next(),
            name,
            source_id,
            spec: request.spec,
            every_hours: request.every_hours,
            state: CrawlState::Idle,
            round: 0,
            counts: Default::default(),
            created_at: now,
            started_at: None,
            ended_at: None,
            next_at: None,
            failure: None,
        };
        self.parts.crawls.put_crawl(&self.tenant, &crawl).await?;
        self.tell_crawl(&crawl);
        Ok(crawl)
    }

    /// Begins a sync, or goes on with a paused one.
    pub async fn start(&self, id: &str) -> Result<Crawl, StoreError> {
        let crawl = {
            let _one = self.editing.lock().await;
            let mut crawl = self.get(id).await?;
            match crawl.state {
                CrawlState::Running => {}
                CrawlState::Idle => self.begin(&mut crawl, self.parts.clock.now()).await?,
                CrawlState::Paused => {
                    crawl.state = CrawlState::Running;
                    self.parts.crawls.put_crawl(&self.tenant, &crawl).await?;
                    self.tell_crawl(&crawl);
                }
            }
            crawl
        };
        self.ring();
        Ok(crawl)
    }

    /// Holds a sync; what is in hand is finished.
    pub async fn pause(&self, id: &str) -> Result<Crawl, StoreError> {
        let _one = self.editing.lock().await;
        let mut crawl = self.get(id).await?;
        if crawl.state == CrawlState::Running {
            crawl.state = CrawlState::Paused;
            self.parts.crawls.put_crawl(&self.tenant, &crawl).await?;
            self.tell_crawl(&crawl);
            self.say_stop(id);
        }
        Ok(crawl)
    }

    /// Ends a sync; what was taken stays, what waited is forgotten.
    pub async fn cancel(&self, id: &str) -> Result<Crawl, StoreError> {
        let _one = self.editing.lock().await;
        let mut crawl = self.get(id).await?;
        if crawl.state == CrawlState::Idle {
            return Ok(crawl);
        }
        self.say_stop(id);
        let now = self.parts.clock.now();
        crawl.state = CrawlState::Idle;
        crawl.ended_at = Some(now);
        crawl.next_at = crawl
            .every_hours
            .map(|hours| now.saturating_add(i64::from(hours) * crate::due::HOUR_MS));
        self.parts.crawls.put_crawl(&self.tenant, &crawl).await?;
        self.parts
            .crawls
            .skip_waiting(&self.tenant, id, crawl.round, PageReason::Cancelled)
            .await?;
        let crawl = self.get(id).await?;
        self.tell_crawl(&crawl);
        Ok(crawl)
    }

    /// Deletes a crawl with its log, and its documents unless they are kept.
    pub async fn delete(&self, id: &str, keep_documents: bool) -> Result<CrawlDeleted, CrawlError> {
        self.cancel(id).await?;
        let _one = self.editing.lock().await;
        let mut documents = 0;
        if !keep_documents {
            for document in self
                .parts
                .crawls
                .crawled_documents(&self.tenant, id)
                .await?
            {
                match self.parts.ingest.remove(&document).await {
                    Ok(_) => documents += 1,
                    Err(StoreError::NotFound { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        self.parts.crawls.delete_crawl(&self.tenant, id).await?;
        self.watchers.tell(&CrawlUpdate::Deleted {
            crawl_id: id.to_owned(),
        });
        Ok(CrawlDeleted { documents })
    }

    /// Tells how all crawls stand, then every change. A watcher that doesn't keep up misses some.
    pub async fn watch(&self) -> Result<BoxStream<'static, CrawlUpdate>, StoreError> {
        let updates = self.watchers.add();
        let crawls = self.list().await?;
        let first = crawls.into_iter().map(|crawl| CrawlUpdate::Crawl { crawl });
        Ok(stream::iter(first).chain(updates).boxed())
    }

    fn say_stop(&self, id: &str) {
        if let Some(stop) = self.stops().get(id) {
            stop.say();
        }
    }
}

/// Checks what is to be taken; answers with what it may be called.
pub(crate) fn check(spec: &CrawlSpec) -> Result<String, CrawlError> {
    let host = |text: &str| {
        address::absolute(text)
            .map(|url| url.host_str().unwrap_or_default().to_owned())
            .map_err(|error| CrawlError::Spec(format!("`{text}` can't be called: {error}")))
    };
    match spec {
        CrawlSpec::Site(site) => {
            Scope::new(site).map_err(|error| CrawlError::Spec(error.0))?;
            if site.max_pages == 0 {
                return Err(CrawlError::Spec("no page is to be taken".into()));
            }
            host(site.start.first().map_or("", String::as_str))
        }
        CrawlSpec::Feed(feed) => host(&feed.url),
        CrawlSpec::Api(api) => {
            items::check(api).map_err(|error| CrawlError::Spec(error.0))?;
            host(&api.url)
        }
        CrawlSpec::Bucket(bucket) => {
            s3::bucket_url(bucket).map_err(|error| CrawlError::Spec(error.0))?;
            Ok(bucket.bucket.trim().to_owned())
        }
    }
}
