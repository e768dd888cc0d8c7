//! Lists that are read from end to end: feeds, APIs, buckets.

mod api;
mod bucket;
mod feed;

pub(crate) use api::api;
pub(crate) use bucket::bucket;
pub(crate) use feed::feed;

use crate::{
    CrawlError,
    fetch::{self, Answer},
    keep::{forget, keep},
    run::Run,
    visit::{Text, end},
};
use awm_api::crawl::{PageReason, PageState};
use awm_knowledge::Block;
use awm_ports::{
    ExtractError, FetchRules, Found, FrontierPage, HttpRequest, HttpResponse, PageKind, Secret,
    SecretName,
};
use url::Url;

/// Parts of one list that are asked for.
const MAX_PARTS: u32 = 1_000;
/// Attempts to have one part.
const ATTEMPTS: u32 = 4;

/// Something of a list.
struct Entry<'a> {
    /// What it is told apart by.
    url: String,
    /// What tells its versions apart; empty if nothing does.
    version: &'a str,
    title: &'a str,
}

impl Run {
    /// Calls a list's server in turn, more than once if it has trouble. None if the sync was told to stop.
    async fn part(
        &self,
        request: HttpRequest,
        delay_ms: u32,
    ) -> Result<Option<HttpResponse>, CrawlError> {
        let url = Url::parse(&request.url)
            .map_err(|_| CrawlError::Spec(format!("`{}` is no address", request.url)))?;
        let gate = self.gates.of(&url);
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let mut host = gate.lock().await;
            let rules = FetchRules::default();
            match fetch::call(self, &mut host, request.clone(), rules, delay_ms).await {
                Answer::Stopped => return Ok(None),
                Answer::Forbidden(message) => {
                    return Err(CrawlError::Source {
                        forbidden: true,
                        message,
                    });
                }
                Answer::TooLarge => return Err(source("the answer is larger than allowed")),
                Answer::Trouble(what, _) => last = what,
                Answer::Response(response) => return Ok(Some(response)),
            }
        }
        Err(source(last))
    }

    /// The row of an entry if it is still to be looked at in this sync.
    async fn row(&self, entry: &Entry<'_>) -> Result<Option<FrontierPage>, CrawlError> {
        let found = Found {
            url: entry.url.clone(),
            kind: PageKind::Item,
            depth: 1,
            lastmod: entry.version.to_owned(),
            ..Found::default()
        };
        let id = &self.crawl.id;
        self.crawls
            .add_pages(self.tenant(), id, self.round(), vec![found])
            .await?;
        let row = self
            .crawls
            .frontier_page(self.tenant(), id, &entry.url)
            .await?;
        Ok(row
            .filter(|row| row.page.state == PageState::Waiting)
            .map(|mut row| {
                row.page.title = entry.title.chars().take(300).collect();
                row
            }))
    }

    /// Whether an entry has the version that was taken.
    fn is_known(row: &FrontierPage) -> bool {
        row.text_hash.is_some()
            && row.page.document_id.is_some()
            && !row.lastmod.is_empty()
            && row.lastmod == row.taken_lastmod
    }

    async fn same_version(&self, row: FrontierPage) -> Result<(), CrawlError> {
        let row = end(row, PageState::Unchanged, Some(PageReason::NotModified), "");
        self.settle(row, Vec::new()).await
    }

    /// Keeps an entry's text, or tells why there is none.
    async fn take(
        &self,
        mut row: FrontierPage,
        text: Result<Text, (PageReason, String)>,
    ) -> Result<(), CrawlError> {
        row.page.fetched_at = Some(self.now());
        let row = match text {
            Ok(text)
                if text
                    .blocks
                    .iter()
                    .any(|block| !block.markdown.trim().is_empty()) =>
            {
                let mut row = keep(self, row, text).await?;
                row.taken_lastmod.clone_from(&row.lastmod);
                row
            }
            Ok(_) => {
                forget(
                    self,
                    end(row, PageState::Skipped, Some(PageReason::NoText), ""),
                )
                .await?
            }
            Err((reason, why)) => end(row, PageState::Skipped, Some(reason), why),
        };
        self.settle(row, Vec::new()).await
    }

    /// Takes out what the list no longer holds.
    async fn forget_unlisted(&self) -> Result<(), CrawlError> {
        loop {
            let unseen = self
                .crawls
                .unseen(self.tenant(), &self.crawl.id, self.round(), 500)
                .await?;
            if unseen.is_empty() {
                return Ok(());
            }
            for row in unseen {
                let mut row =
                    forget(self, end(row, PageState::Gone, Some(PageReason::Gone), "")).await?;
                row.round = self.round();
                self.settle(row, Vec::new()).await?;
            }
        }
    }

    async fn extract(
        &self,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(String, Vec<Block>), ExtractError> {
        let extracted = self
            .crawler
            .parts
            .extractor
            .extract_bytes(name, bytes)
            .await?;
        let blocks = extracted
            .blocks
            .into_iter()
            .map(|block| Block {
                markdown: block.markdown,
                heading: block.heading,
                page: block.page,
            })
            .collect();
        Ok((extracted.media_type, blocks))
    }

    /// A credential by its name: a bearer token or a header's `Name: value` for an API, `{"id", "secret", "session"?}` for a bucket.
    async fn credential(&self, name: &str) -> Result<Secret, CrawlError> {
        let found = match SecretName::new(name) {
            Err(error) => Err(error),
            Ok(known) => self.crawler.parts.secrets.get(self.tenant(), &known).await,
        };
        match found {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err(source(format!("there is no credential `{name}`"))),
            Err(error) => Err(source(format!(
                "the credential `{name}` can't be read: {error}"
            ))),
        }
    }
}

/// A title above the text, where the text has none of its own.
fn titled(title: &str, mut blocks: Vec<Block>) -> Vec<Block> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if !title.is_empty() && blocks.iter().all(|block| block.heading != Some(1)) {
        blocks.insert(
            0,
            Block {
                markdown: format!("# {title}"),
                heading: Some(1),
                page: None,
            },
        );
    }
    blocks
}

fn good(response: &HttpResponse) -> Result<(), CrawlError> {
    match response.status {
        200..=299 => Ok(()),
        status => Err(source(format!(
            "`{}` answered with status {status}",
            response.url
        ))),
    }
}

fn source(message: impl Into<String>) -> CrawlError {
    CrawlError::Source {
        forbidden: false,
        message: message.into(),
    }
}
