//! A folder as it is against the ledger.

use awm_api::folders::SyncReport;
use awm_ports::{KnownFile, ListedFile, NewPlace};
use std::collections::{HashMap, HashSet};

/// What a walk has found so far of what the ledger knows.
#[derive(Debug)]
pub(crate) struct Compare {
    /// By path, those not seen yet.
    unseen: HashMap<String, KnownFile>,
    /// Lengths of files that the ledger knows with their hash: only such a file can have moved.
    lengths: HashSet<u64>,
    seen: u64,
    pub(crate) report: SyncReport,
}

/// What is to be done with a file that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing.
    Same,
    /// It is to be read anew.
    Changed,
    /// It is new.
    New,
    /// It is new, or lay elsewhere: its bytes tell, once all are seen.
    Perhaps,
}

impl Compare {
    pub(crate) fn new(known: Vec<KnownFile>) -> Self {
        Self {
            lengths: known
                .iter()
                .filter(|file| !file.hash.is_empty())
                .map(|file| file.bytes)
                .collect(),
            unseen: known
                .into_iter()
                .map(|file| (file.path.clone(), file))
                .collect(),
            seen: 0,
            report: SyncReport::default(),
        }
    }

    pub(crate) fn see(&mut self, file: &ListedFile) -> Found {
        self.seen += 1;
        match self.unseen.remove(&file.path) {
            Some(known)
                if known.bytes == file.bytes
                    && known.modified_at.is_some()
                    && known.modified_at == file.modified_at =>
            {
                self.report.unchanged += 1;
                Found::Same
            }
            Some(_) => {
                self.report.changed += 1;
                Found::Changed
            }
            None if self.lengths.contains(&file.bytes) => Found::Perhaps,
            None => {
                self.report.added += 1;
                Found::New
            }
        }
    }

    /// Nothing can be said of what is below a folder that can't be listed.
    pub(crate) fn spare(&mut self, folder: &str) {
        self.unseen.retain(|path, _| {
            !path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with(['/', '\\']))
        });
    }

    /// Whether all that the ledger knows is gone, and nothing else came: more likely a disk that is not there.
    pub(crate) fn is_emptied(&self) -> bool {
        self.seen == 0 && !self.unseen.is_empty()
    }

    /// How many files the ledger knows that were not seen.
    pub(crate) fn missing(&self) -> usize {
        self.unseen.len()
    }

    /// After the walk: whether a file of this length is missed, so that it is worth hashing the one that was found.
    pub(crate) fn misses_length(&self, bytes: u64) -> bool {
        self.unseen
            .values()
            .any(|known| known.bytes == bytes && !known.hash.is_empty())
    }

    /// After the walk: the document of a missed file with these bytes, which lies here now.
    pub(crate) fn moved(&mut self, file: &ListedFile, hash: &str) -> Option<NewPlace> {
        let from = self
            .unseen
            .values()
            .filter(|known| known.bytes == file.bytes && known.hash == hash)
            .map(|known| &known.path)
            .min()?
            .clone();
        let known = self.unseen.remove(&from)?;
        self.report.moved += 1;
        Some(NewPlace {
            id: known.id,
            path: file.path.clone(),
            name: file.name.clone(),
            modified_at: file.modified_at,
        })
    }

    /// The documents whose files are gone.
    pub(crate) fn gone(&mut self) -> Vec<String> {
        let mut gone: Vec<KnownFile> = self.unseen.drain().map(|(_, known)| known).collect();
        gone.sort_by(|a, b| a.path.cmp(&b.path));
        self.report.removed = gone.len() as u64;
        gone.into_iter().map(|known| known.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(path: &str, bytes: u64, modified_at: i64, hash: &str) -> KnownFile {
        KnownFile {
            id: format!("id of {path}"),
            path: path.into(),
            bytes,
            modified_at: Some(modified_at),
            hash: hash.into(),
        }
    }

    fn listed(path: &str, bytes: u64, modified_at: i64) -> ListedFile {
        ListedFile {
            path: path.into(),
            name: path.trim_start_matches('/').into(),
            bytes,
            modified_at: Some(modified_at),
        }
    }

    #[test]
    fn tells_what_became_of_each_file() {
        let mut compare = Compare::new(vec![
            known("/d/same", 1, 1, "a"),
            known("/d/touched", 2, 1, "b"),
            known("/d/longer", 3, 1, "c"),
            known("/d/moves", 40, 1, "d"),
            known("/d/goes", 50, 1, "e"),
            known("/d/locked/x", 60, 1, "f"),
            known("/d/unread", 70, 1, ""),
        ]);
        for (path, bytes, modified_at, found) in [
            ("/d/same", 1, 1, Found::Same),
            ("/d/touched", 2, 2, Found::Changed),
            ("/d/longer", 4, 1, Found::Changed),
            ("/d/new", 999, 1, Found::New),
            ("/d/other/moves", 40, 7, Found::Perhaps),
            ("/d/same length as goes", 50, 7, Found::Perhaps),
            ("/d/70 long", 70, 7, Found::New),
        ] {
            assert_eq!(
                compare.see(&listed(path, bytes, modified_at)),
                found,
                "{path}"
            );
        }
        compare.spare("/d/locked");
        assert!(!compare.is_emptied());
        let here = listed("/d/other/moves", 40, 7);
        assert!(compare.misses_length(40));
        assert_eq!(compare.moved(&here, "another hash"), None);
        let place = compare.moved(&here, "d").unwrap();
        assert_eq!(
            (place.id.as_str(), place.path.as_str()),
            ("id of /d/moves", "/d/other/moves")
        );
        assert_eq!(compare.moved(&here, "d"), None, "one document moves once");
        assert_eq!(compare.gone(), ["id of /d/goes", "id of /d/unread"]);
        let SyncReport {
            added,
            changed,
            moved,
            removed,
            unchanged,
        } = compare.report;
        assert_eq!((added, changed, moved, removed, unchanged), (2, 2, 1, 2, 1));
    }

    #[test]
    fn an_empty_folder_is_suspicious_only_if_something_was_in_it() {
        assert!(!Compare::new(Vec::new()).is_emptied());
        assert!(Compare::new(vec![known("/d/a", 1, 1, "a")]).is_emptied());
    }
}
