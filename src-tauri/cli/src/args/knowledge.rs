//! Documents, searches, evaluations, crawls.

use clap::{Args, Subcommand};
use std::path::PathBuf;

const INGEST: &str = "Examples:
  awm ingest handbook/ report.pdf --source Handbook
  awm ingest documents.jsonl

A .jsonl file whose lines are {\"id\": …, \"text\": …, \"title\": …} (the title may be left out) is a set of documents: each line becomes
a document that bears the id as its name, in place of an older one of that id. Broken lines are told by number and don't stop
the rest. - reads such a set from standard input.

Files that fail are told with their reasons and stop no other: exit code 0, or 1 with --strict. Exit code 5 if the disk is full.";

#[derive(Args, Debug)]
#[command(after_help = INGEST)]
pub(crate) struct Ingest {
    /// Files and folders
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The source that they belong to; made if it isn't there
    #[arg(long, default_value = "Documents", value_name = "NAME")]
    pub(crate) source: String,
    /// Only put them in the queue; the next start goes on with it
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Keep the folders among them in step while the application or `awm serve` runs
    #[arg(long)]
    pub(crate) watch: bool,
    /// Exit code 1 if a file of the source failed
    #[arg(long)]
    pub(crate) strict: bool,
}

const SYNC: &str = "Examples:
  awm sync
  awm sync --source Handbook --watch true

What is new or changed is taken in, what moved keeps its document, what is gone goes out. A folder that is not there, or that is
empty and was not, changes nothing: exit code 1, and --force if it was meant. Exit code 5 if the disk is full.";

#[derive(Args, Debug)]
#[command(after_help = SYNC)]
pub(crate) struct Sync {
    /// Only the folders of this source; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Take documents out even if all files of a folder are gone
    #[arg(long)]
    pub(crate) force: bool,
    /// Turn the watching of these folders on or off
    #[arg(long, value_name = "BOOL")]
    pub(crate) watch: Option<bool>,
    /// Only put changes in the queue; the next start goes on with it
    #[arg(long)]
    pub(crate) no_wait: bool,
}

const EVAL: &str = "Examples:
  awm eval questions.jsonl
  awm eval questions.jsonl --threshold ndcg_at_10=0.5 --threshold recall_at_100=0.9 --json
  awm eval questions.jsonl --mode keyword --details results.jsonl

A line is {\"id\": …, \"question\": …, \"relevant\": [document ids]}; a document's id is its name as `awm ingest` shows it. Documents are
ranked by their best passage. Exit code 1 if a threshold is missed.";

#[derive(Args, Debug)]
#[command(after_help = EVAL)]
pub(crate) struct Eval {
    /// The questions, a line of JSON each, or - for standard input
    pub(crate) questions: PathBuf,
    /// Only in this source; may be given more than once
    #[arg(long, visible_alias = "sources", value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Which rankings take part
    #[arg(long, value_enum, default_value_t = EvalMode::Hybrid)]
    pub(crate) mode: EvalMode,
    /// Fail if a figure is smaller; may be given more than once
    #[arg(long, value_name = "METRIC=VALUE")]
    pub(crate) threshold: Vec<String>,
    /// Write each question's result as a line of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) details: Option<PathBuf>,
    /// Questions asked at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) jobs: Option<u32>,
}

/// Which rankings take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EvalMode {
    /// Keywords and meaning, as every search
    Hybrid,
    /// Keywords only
    Keyword,
    /// Meaning only
    Vector,
}

#[derive(Args, Debug)]
pub(crate) struct Tag {
    /// The document, by its path below the folder or by its id; without one the tags in use are listed
    pub(crate) document: Option<String>,
    /// Its tags from now on; without any, those that it has are listed
    pub(crate) tags: Vec<String>,
    /// Take all of its tags away
    #[arg(long, conflicts_with = "tags", requires = "document")]
    pub(crate) none: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Search {
    /// The question or words
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// Only in this source; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Passages wanted
    #[arg(long, default_value_t = 8, value_name = "N")]
    pub(crate) top: u32,
    /// Only documents with this tag; given more than once, with all of them
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Only documents changed on this day or later (YYYY-MM-DD, UTC)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) from: Option<i64>,
    /// Only documents changed before this day (YYYY-MM-DD, UTC)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) to: Option<i64>,
    /// Only documents whose path begins so, or that fits a pattern with * and ?
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
    /// Only passages in English (en), in languages that don't part words (cjk), or in others (other)
    #[arg(long, value_name = "CLASS", value_parser = ["en", "other", "cjk"])]
    pub(crate) language: Vec<String>,
    /// Compare with every vector instead of a shortlist: slow, for checking the index
    #[arg(long)]
    pub(crate) exact: bool,
    /// Tell the rank and score of each hit by keywords and by meaning
    #[arg(long)]
    pub(crate) why: bool,
}

/// Milliseconds since the epoch at which a day begins.
fn day(text: &str) -> Result<i64, String> {
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| format!("`{text}` is no day such as 2026-11-30"))?;
    Ok(day
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp_millis())
}

const CRAWL: &str = "Examples:
  awm crawl https://docs.example.com/ --depth 2 --dry-run
  awm crawl https://docs.example.com/guide/ --prefix /guide/ --pages 200 --source Guide --every 24
  awm crawl https://blog.example.com/feed.xml --feed --full-pages
  awm crawl --spec @tickets.json

robots.txt, noindex and nofollow are kept to, one connection to a host at a time. The same command again syncs: only what changed is
fetched and embedded. Addresses of this machine and its network need the switch in the settings.

Exit code 0 if the sync was done, 1 if its start couldn't be had.";

#[derive(Args, Debug)]
#[command(after_help = CRAWL)]
pub(crate) struct Crawl {
    /// Where to begin
    #[arg(required_unless_present = "spec")]
    pub(crate) url: Option<String>,
    /// Links from the start, 0 for the start alone
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub(crate) depth: u32,
    /// Pages taken, at most
    #[arg(long, default_value_t = 500, value_name = "N")]
    pub(crate) pages: u32,
    /// Milliseconds between two requests to a host; robots.txt may ask for more
    #[arg(long, default_value_t = 1000, value_name = "MS")]
    pub(crate) delay: u32,
    /// A host that may be visited, such as docs.example.com or *.example.com; may be given more than once [default: the start's]
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Vec<String>,
    /// Only paths that begin so
    #[arg(long, value_name = "PATH")]
    pub(crate) prefix: Option<String>,
    /// Only addresses that match this regular expression; may be given more than once
    #[arg(long, value_name = "REGEX")]
    pub(crate) include: Vec<String>,
    /// No addresses that match this regular expression; may be given more than once
    #[arg(long, value_name = "REGEX")]
    pub(crate) exclude: Vec<String>,
    /// Don't look for sitemaps
    #[arg(long)]
    pub(crate) no_sitemaps: bool,
    /// The address is a feed: RSS, Atom or JSON Feed
    #[arg(long)]
    pub(crate) feed: bool,
    /// With --feed: fetch each entry's page in place of what the feed holds
    #[arg(long, requires = "feed")]
    pub(crate) full_pages: bool,
    /// What to take, as JSON or @FILE, - for standard input: sites, feeds, lists of APIs, buckets
    #[arg(long, value_name = "JSON", conflicts_with_all = ["url", "feed"])]
    pub(crate) spec: Option<String>,
    /// What it is called [default: the host]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The source that the documents go to; made if it isn't there [default: by the name]
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Sync again every so many hours while the application runs
    #[arg(long, value_name = "HOURS")]
    pub(crate) every: Option<u32>,
    /// Take nothing: tell what would be taken, and why the rest would not
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// With --dry-run: pages to tell as taken
    #[arg(long, default_value_t = 20, value_name = "N", requires = "dry_run")]
    pub(crate) limit: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Crawls {
    /// All crawls, with what came of the last sync
    List,
    /// Sync one now, or go on with a paused one
    Sync {
        /// Its id or name
        crawl: String,
    },
    /// What came of each address in the last sync
    Log {
        /// Its id or name
        crawl: String,
        /// Addresses, at most
        #[arg(long, default_value_t = 200, value_name = "N")]
        limit: u32,
    },
    /// Delete one with its documents
    Delete {
        /// Its id or name
        crawl: String,
        /// Leave its documents in the knowledge base
        #[arg(long)]
        keep_documents: bool,
    },
}
