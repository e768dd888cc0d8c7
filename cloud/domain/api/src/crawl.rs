//! Websites, feeds, lists of other people's APIs and buckets that are taken into the knowledge base, and taken anew.

use crate::{PageRequest, Timestamp, knowledge::Failure};
use serde::{Deserialize, Serialize};

/// A place that documents come from, and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crawl {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The source that its documents go to.
    pub source_id: String,
    /// What is taken.
    pub spec: CrawlSpec,
    /// Hours between two syncs while the application runs; none if only by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_hours: Option<u32>,
    /// What it is at.
    pub state: CrawlState,
    /// The present sync, or the last one; 0 before the first.
    pub round: u32,
    /// What came of the pages in that sync so far.
    #[serde(default)]
    pub counts: CrawlCounts,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the present or last sync began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When the last sync ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// When the next sync begins by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// Why the last sync took nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What a crawl is at. It is stored: a crawl that was running goes on after a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrawlState {
    /// Nothing; the next sync begins by hand or by the clock.
    #[default]
    Idle,
    /// A sync is on its way.
    Running,
    /// A sync was begun and waits to be gone on with.
    Paused,
}

/// What came of the pages of one sync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrawlCounts {
    /// Found and not looked at yet.
    pub waiting: u64,
    /// New or changed.
    pub taken: u64,
    /// As they were.
    pub unchanged: u64,
    /// Of the unchanged: those whose server said so (304).
    pub not_modified: u64,
    /// Left out, by reason.
    pub skipped: u64,
    /// Not to be had this time; what was taken of them earlier stays.
    pub failed: u64,
    /// No longer there; what was taken of them has left.
    pub gone: u64,
    /// How many were left out or failed, by reason, most frequent first.
    #[serde(default)]
    pub reasons: Vec<(PageReason, u64)>,
}

/// What is taken.
#[expect(
    clippy::large_enum_variant,
    reason = "few are alive at a time, and a box would show in every match"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CrawlSpec {
    /// Pages of a website.
    Site(SiteSpec),
    /// Entries of a feed: RSS, Atom or JSON Feed.
    Feed(FeedSpec),
    /// Items of a list that an API answers with.
    Api(ApiSpec),
    /// Objects of an S3 bucket.
    Bucket(BucketSpec),
}

/// Pages of a website.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteSpec {
    /// Where to begin: http or https addresses.
    pub start: Vec<String>,
    /// Hosts that may be visited, such as `docs.example.com` or `*.example.com`; those of the start if empty.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Only paths that begin so, such as `/docs/`; all if empty.
    #[serde(default)]
    pub path_prefix: String,
    /// Only addresses that match one of these regular expressions; all if empty.
    #[serde(default)]
    pub include: Vec<String>,
    /// No addresses that match one of these regular expressions.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Links from the start, 0 for the start alone. Pages of a sitemap count as 1.
    #[serde(default = "defaults::depth")]
    pub max_depth: u32,
    /// Pages taken, at most.
    #[serde(default = "defaults::pages")]
    pub max_pages: u32,
    /// Milliseconds between the end of one request to a host and the next one; robots.txt may ask for more.
    #[serde(default = "defaults::delay")]
    pub delay_ms: u32,
    /// Whether to look for sitemaps too.
    #[serde(default = "defaults::yes")]
    pub sitemaps: bool,
}

impl SiteSpec {
    /// The usual settings for a website that begins at an address.
    pub fn of(start: impl Into<String>) -> Self {
        Self {
            start: vec![start.into()],
            hosts: Vec::new(),
            path_prefix: String::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            max_depth: defaults::depth(),
            max_pages: defaults::pages(),
            delay_ms: defaults::delay(),
            sitemaps: true,
        }
    }
}

/// Entries of a feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedSpec {
    /// The feed.
    pub url: String,
    /// Whether to fetch the page of each entry in place of what the feed itself holds.
    #[serde(default)]
    pub full_pages: bool,
    /// Entries taken in one sync, at most.
    #[serde(default = "defaults::pages")]
    pub max_items: u32,
    /// Milliseconds between two requests to a host.
    #[serde(default = "defaults::delay")]
    pub delay_ms: u32,
}

/// Items of a list that an API answers with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiSpec {
    /// The address of the first page.
    pub url: String,
    /// `GET` or `POST`.
    #[serde(default = "defaults::get")]
    pub method: String,
    /// Headers without credentials.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body, JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
    /// Where the list is: a JSON Pointer such as `/items`, or JSONata over `$states.input` in `{% … %}`. Empty: the answer itself.
    #[serde(default)]
    pub items: String,
    /// The field with an item's id, a JSON Pointer within the item such as `/id`, or JSONata over `$states.input`.
    pub id: String,
    /// The field with its title, likewise.
    #[serde(default)]
    pub title: String,
    /// The field with its text (plain, Markdown or HTML), likewise; all fields if empty.
    #[serde(default)]
    pub text: String,
    /// The field with the address that a person opens, likewise.
    #[serde(default)]
    pub link: String,
    /// The field that tells when it changed, likewise; an item whose value is as it was is passed over.
    #[serde(default)]
    pub updated: String,
    /// How further pages are asked for.
    #[serde(default)]
    pub paging: Paging,
    /// Items taken in one sync, at most.
    #[serde(default = "defaults::pages")]
    pub max_items: u32,
    /// Milliseconds between two requests.
    #[serde(default = "defaults::delay")]
    pub delay_ms: u32,
    /// The credential to send, by the name under which the application keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// How an API's further pages are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Paging {
    /// There is one page.
    #[default]
    None,
    /// The answer holds the next page's address, or its header `Link` does if the pointer is empty.
    Next {
        /// Where in the answer.
        #[serde(default)]
        pointer: String,
    },
    /// The answer holds a word that is sent with the next request.
    Cursor {
        /// Where in the answer.
        pointer: String,
        /// The query parameter that takes it.
        parameter: String,
    },
    /// Pages are counted; an empty one ends the list.
    Number {
        /// The query parameter that takes the number.
        parameter: String,
        /// The first page's number.
        #[serde(default)]
        first: u32,
        /// How much the number grows from page to page: 1, or the size of a page where items are counted.
        #[serde(default = "defaults::one")]
        step: u32,
    },
}

/// Objects of an S3 bucket, or of a store that speaks its language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BucketSpec {
    /// The address of the service; Amazon's of the region if empty.
    #[serde(default)]
    pub endpoint: String,
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// Only objects whose key begins so.
    #[serde(default)]
    pub prefix: String,
    /// The credential by the name under which the application keeps it; without one requests aren't signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// Objects taken in one sync, at most.
    #[serde(default = "defaults::objects")]
    pub max_items: u32,
}

mod defaults {
    pub(super) fn depth() -> u32 {
        3
    }
    pub(super) fn pages() -> u32 {
        500
    }
    pub(super) fn objects() -> u32 {
        10_000
    }
    pub(super) fn delay() -> u32 {
        1_000
    }
    pub(super) fn one() -> u32 {
        1
    }
    pub(super) fn yes() -> bool {
        true
    }
    pub(super) fn get() -> String {
        "GET".into()
    }
}

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlPage {
    /// The address, normalised; of an item its address with its id behind `#`.
    pub url: String,
    /// Links from the start.
    pub depth: u32,
    /// Where it was found; empty for the start.
    #[serde(default)]
    pub found_on: String,
    /// What came of it.
    pub state: PageState,
    /// Why, if it was not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<PageReason>,
    /// More about the reason, such as the rule of robots.txt or the address that it leads to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The HTTP status of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Its title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its document, if it is in the knowledge base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// Bytes of the last answer.
    #[serde(default)]
    pub bytes: u64,
    /// When it was last asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
}

/// What came of an address in the present sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Not looked at yet.
    Waiting,
    /// New or changed, and taken in.
    Taken,
    /// As it was.
    Unchanged,
    /// Left out.
    Skipped,
    /// Not to be had this time.
    Failed,
    /// No longer there.
    Gone,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal : $words:literal,)*) => {
        /// Why a page was left out or is as it was.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum PageReason {
            $($(#[doc = $doc])* #[serde(rename = $text)] $variant,)*
        }

        impl PageReason {
            /// Every reason.
            pub const ALL: &'static [PageReason] = &[$(PageReason::$variant),*];

            /// The reason as it is stored and sent, such as `robots`.
            pub const fn as_str(self) -> &'static str {
                match self { $(PageReason::$variant => $text),* }
            }

            /// The reason for a person, such as `robots.txt forbids it`.
            pub const fn words(self) -> &'static str {
                match self { $(PageReason::$variant => $words),* }
            }
        }
    };
}

reasons! {
    /// Another host, path or scheme than the crawl is about.
    OutOfScope = "out_of_scope" : "outside of the site's hosts and paths",
    /// A pattern leaves it out.
    Excluded = "excluded" : "left out by a pattern",
    /// Too many links away from the start.
    TooDeep = "too_deep" : "too many links from the start",
    /// As many pages as wanted were taken.
    PageLimit = "page_limit" : "beyond the number of pages",
    /// robots.txt forbids it.
    Robots = "robots" : "robots.txt forbids it",
    /// robots.txt can't be had, which forbids the whole host until it can (RFC 9309, section 2.3.1.4).
    RobotsUnreachable = "robots_unreachable" : "robots.txt can't be read, so the host is left alone until it can",
    /// The page asks not to be indexed.
    Noindex = "noindex" : "the page asks not to be indexed",
    /// The page says that another address is the right one.
    Canonical = "canonical" : "another address is the page's own",
    /// It leads to another address.
    Redirected = "redirected" : "it leads to another address",
    /// The same text was taken at another address.
    Duplicate = "duplicate" : "the same text as another page",
    /// One of endlessly many of its kind.
    Trap = "trap" : "one of too many addresses of the same kind",
    /// The rules for outgoing calls forbid the address.
    Forbidden = "forbidden" : "the address may not be called",
    /// A kind that can't be read.
    Unsupported = "unsupported" : "of a kind that can't be read",
    /// Larger than allowed.
    TooLarge = "too_large" : "larger than allowed",
    /// There is no text in it.
    NoText = "no_text" : "there is no text in it",
    /// The server answered with an error.
    Status = "status" : "the server answered with an error",
    /// The server can't be reached.
    Unreachable = "unreachable" : "the server can't be reached",
    /// No answer in time.
    Timeout = "timeout" : "no answer in time",
    /// No longer there (404, 410, or no longer listed).
    Gone = "gone" : "no longer there",
    /// The server said that it is as it was (304, the same ETag, or the same time of change).
    NotModified = "not_modified" : "unchanged, as the server says",
    /// Fetched, and its text is as it was.
    SameText = "same_text" : "fetched, its text is as it was",
    /// A list of pages, read for its addresses.
    List = "list" : "a list, read for its addresses",
    /// The sync was ended before its turn came.
    Cancelled = "cancelled" : "the sync was ended before",
    /// The item has no id or text where these should be.
    NoItem = "no_item" : "the item lacks an id or text",
}

impl std::fmt::Display for PageReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Adds a place that documents come from; nothing is fetched yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlCreate {
    /// What it is called; the host if empty.
    #[serde(default)]
    pub name: String,
    /// The source that its documents go to, by id; made by the name if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// What is taken.
    pub spec: CrawlSpec,
    /// Hours between two syncs, 1 to 8,760.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_hours: Option<u32>,
}

/// Asks for all crawls, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrawlList {}

/// Asks for a crawl.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlGet {
    /// The crawl.
    pub id: String,
}

/// Begins a sync now, or goes on with a paused one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlStart {
    /// The crawl.
    pub id: String,
}

/// Holds a sync: what is in hand is finished, nothing new is begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlPause {
    /// The crawl.
    pub id: String,
}

/// Ends a sync; what was taken stays, what waited is forgotten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlCancel {
    /// The crawl.
    pub id: String,
}

/// Deletes a crawl and its log; its documents go too unless they are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlDelete {
    /// The crawl.
    pub id: String,
    /// Whether its documents stay.
    #[serde(default)]
    pub keep_documents: bool,
}

/// What a deletion took away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlDeleted {
    /// Documents deleted.
    pub documents: u64,
}

/// Asks for the log of pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlPages {
    /// The crawl.
    pub id: String,
    /// Only in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PageState>,
    /// Only with this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<PageReason>,
    /// Only with this text in the address.
    #[serde(default)]
    pub text: String,
    /// Which part, in the order of finding; it is not sorted otherwise.
    #[serde(default)]
    pub page: PageRequest,
}

/// Shows what would be taken, page by page, and takes nothing; ends by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrawlPreview {
    /// What would be taken.
    pub spec: CrawlSpec,
    /// Pages to show as taken, 1 to 500; 20 if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Watches all crawls; does not end by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrawlWatch {}

/// What a watcher of crawls, or of a preview, is told.
#[expect(
    clippy::large_enum_variant,
    reason = "few are alive at a time, and a box would show in every match"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "update")]
pub enum CrawlUpdate {
    /// How a crawl stands.
    Crawl {
        /// The crawl.
        crawl: Crawl,
    },
    /// What came of a page.
    Page {
        /// The crawl's id; empty in a preview.
        crawl_id: String,
        /// The page.
        page: CrawlPage,
    },
    /// A crawl was deleted.
    Deleted {
        /// Its id.
        crawl_id: String,
    },
}
