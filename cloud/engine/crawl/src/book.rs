//! Which addresses of a sync are known, and which of those that are found are to be visited.

use crate::{CrawlError, run::Run};
use awm_api::crawl::{CrawlUpdate, PageReason, PageState};
use awm_crawl::{scope::Scope, trap::Traps};
use awm_ports::{Found, FrontierPage};
use std::collections::{HashMap, HashSet};
use url::Url;

/// The known addresses, with the shortest way to each.
pub(crate) struct Book {
    known: HashMap<String, u32>,
    traps: Traps,
    /// Pages that are in the knowledge base from earlier syncs: they are counted before anything new is.
    kept: HashSet<String>,
    /// Which addresses belong to the crawl; all if none.
    scope: Option<Scope>,
    left_out: usize,
}

/// Addresses of a sync, at most: what is found beyond is forgotten.
const MAX_KNOWN: usize = 500_000;
/// Pages of earlier syncs that go before new ones.
const MAX_KEPT: u32 = 50_000;
/// Addresses that were left out when they were found and are logged all the same.
const MAX_LEFT_OUT: usize = 20_000;

impl Book {
    /// With what the sync knows from before it was cut off.
    pub(crate) async fn open(run: &Run, scope: Option<Scope>) -> Result<Self, CrawlError> {
        let mut book = Self {
            known: HashMap::new(),
            kept: HashSet::new(),
            traps: Traps::default(),
            scope,
            left_out: 0,
        };
        let known = run
            .crawls
            .known(run.tenant(), &run.crawl.id, run.round())
            .await?;
        for (url, depth, admitted) in known {
            if let Some(parsed) = Url::parse(&url).ok().filter(|_| admitted) {
                // It was admitted then; here it is only counted.
                let _ = book.traps.admit(&parsed);
            }
            book.left_out += usize::from(!admitted);
            book.known.insert(url, depth);
        }
        let earlier = run
            .crawls
            .unseen(run.tenant(), &run.crawl.id, run.round(), MAX_KEPT)
            .await?;
        for page in earlier {
            if let Ok(parsed) = Url::parse(&page.page.url) {
                // Likewise: of endlessly many, those that are there stay.
                let _ = book.traps.admit(&parsed);
                book.kept.insert(page.page.url);
            }
        }
        Ok(book)
    }

    pub(crate) fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// Of the addresses found those that are new, or nearer than they were; each with the reason if it is not to be visited.
    pub(crate) fn admit(&mut self, found: Vec<Found>) -> Vec<Found> {
        found
            .into_iter()
            .filter_map(|found| self.admit_one(found))
            .collect()
    }

    fn admit_one(&mut self, mut found: Found) -> Option<Found> {
        let before = self.known.get(&found.url).copied();
        if before.is_some_and(|before| before <= found.depth)
            || before.is_none() && self.known.len() >= MAX_KNOWN
        {
            return None;
        }
        let url = Url::parse(&found.url).ok()?;
        let judged = match &self.scope {
            Some(scope) if found.kind == awm_ports::PageKind::Page => scope
                .admit(&url, found.depth)
                .map_err(|reason| (reason, String::new())),
            _ => Ok(()),
        };
        let judged = match before {
            // Counted when it was first found.
            Some(_) => judged,
            None if judged.is_err() || self.kept.contains(&found.url) => judged,
            None => {
                let trapped = self.traps.admit(&url);
                match found.listed {
                    // Of a thousand numbered pages that a sitemap lists none is a trap; but they count for those that links lead to.
                    true => Ok(()),
                    false => trapped.map_err(|why| (PageReason::Trap, why)),
                }
            }
        };
        if let Err(reason) = judged {
            if self.left_out >= MAX_LEFT_OUT {
                return None;
            }
            self.left_out += 1;
            found.skipped = Some(reason);
        }
        self.known.insert(found.url.clone(), found.depth);
        Some(found)
    }

    /// Tells which addresses were left out as soon as they were found.
    pub(crate) fn tell_left_out(run: &Run, found: &[Found]) {
        for found in found.iter().filter(|found| found.skipped.is_some()) {
            if let Some(row) = FrontierPage::found(None, found, run.round()) {
                debug_assert_eq!(row.page.state, PageState::Skipped);
                (run.tell)(CrawlUpdate::Page {
                    crawl_id: if run.keeps {
                        run.crawl.id.clone()
                    } else {
                        String::new()
                    },
                    page: row.page,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sitemap_lists_is_no_trap() {
        let mut book = Book {
            known: HashMap::new(),
            traps: Traps::new(awm_crawl::trap::Bounds {
                alike: 3,
                ..awm_crawl::trap::Bounds::default()
            }),
            kept: HashSet::new(),
            scope: None,
            left_out: 0,
        };
        let mut admitted = |numbers: std::ops::Range<u32>, listed| {
            let found = numbers
                .map(|number| Found {
                    url: format!("https://a.example/news/{number}"),
                    listed,
                    ..Found::default()
                })
                .collect();
            let judged = book.admit(found);
            judged.iter().filter(|one| one.skipped.is_none()).count()
        };
        assert_eq!(admitted(0..2, false), 2);
        assert_eq!(admitted(10..20, true), 10);
        assert_eq!(admitted(20..30, false), 0, "the listed ones count");
    }
}
