//! Documents and what is found in them.

use crate::{Code, PageRequest, Timestamp, folders::Folder};
use serde::{Deserialize, Serialize};

/// Asks for the sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceList {}

/// A named collection of documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The source's id.
    pub id: String,
    /// Its name, such as `Handbook`.
    pub name: String,
    /// Documents in it.
    pub documents: u64,
    /// Passages in it.
    pub passages: u64,
    /// Passages that have a vector.
    pub embedded: u64,
    /// Documents that failed.
    pub failed: u64,
    /// Documents that wait or are being read.
    #[serde(default)]
    pub waiting: u64,
    /// Documents that hold the same bytes as another one, and refer to it.
    #[serde(default)]
    pub duplicates: u64,
    /// Bytes of the originals.
    pub bytes: u64,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Creates a source; answers with the existing one if the name is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceCreate {
    /// The name.
    pub name: String,
}

/// Renames a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceRename {
    /// The source.
    pub id: String,
    /// The new name.
    pub name: String,
}

/// Deletes a source with its documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceDelete {
    /// The source.
    pub id: String,
}

/// What a deletion took away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceDeleted {
    /// Documents deleted.
    pub documents: u64,
    /// Passages deleted.
    pub passages: u64,
}

/// Takes in files and folders of the host's machine, folders with all below them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IngestPaths {
    /// The source.
    pub source_id: String,
    /// Absolute paths.
    pub paths: Vec<String>,
    /// Whether the folders among them are to be watched for changes from now on.
    #[serde(default)]
    pub watch: bool,
}

/// Takes in one file by its bytes, from a browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IngestUpload {
    /// The source.
    pub source_id: String,
    /// The file's name, with its path below the dropped folder.
    pub name: String,
    /// The bytes in standard base64.
    pub base64: String,
}

/// What was put in the queue. It is stored: it goes on after a crash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IngestAccepted {
    /// Files put in the queue.
    pub queued: u64,
    /// Files that are there already: the same path, length and time of change.
    pub unchanged: u64,
}

/// Pauses, resumes or empties the queue; or asks how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IngestControl {
    /// What to do.
    pub action: IngestAction,
}

/// What to do with the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IngestAction {
    /// Nothing: tell how it stands.
    Status,
    /// Finish what is in hand, begin nothing new.
    Pause,
    /// Go on.
    Resume,
    /// Forget what has not begun.
    Cancel,
}

/// How the queue stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IngestStatus {
    /// Whether it is paused.
    pub paused: bool,
    /// Files of the present batch.
    pub total: u64,
    /// Files finished, failed ones included.
    pub done: u64,
    /// Files that failed.
    pub failed: u64,
    /// Files a second, over the last ten seconds.
    pub rate: f64,
    /// Seconds left at that rate, when it can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining_s: Option<u64>,
    /// Folders that are being listed: the total still grows.
    #[serde(default)]
    pub listing: u64,
    /// Passages whose keywords can be searched.
    pub keyword_passages: u64,
    /// Passages whose meaning can be searched.
    pub vector_passages: u64,
    /// Vectors a second, over the last ten seconds.
    #[serde(default)]
    pub vector_rate: f64,
    /// Seconds left for the vectors at that rate, when it can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vector_remaining_s: Option<u64>,
    /// Why nothing goes on at present, when the store fails: a full disk, say. It is tried again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Failure>,
    /// Why vectors are not made, when they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vectors_off: Option<String>,
}

/// Watches the queue; does not end by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IngestWatch {}

/// What a watcher of the queue is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum IngestUpdate {
    /// How the queue stands.
    Status {
        /// The standing.
        status: IngestStatus,
    },
    /// Rows changed, each told once and as it is now; at most a few updates a second.
    Documents {
        /// The rows.
        documents: Vec<Document>,
        /// Whether other rows came, went or changed as well: too many to tell one by one.
        others: bool,
    },
    /// A folder's row changed.
    Folder {
        /// The row.
        folder: Folder,
    },
}

/// Asks for documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DocumentList {
    /// Only of this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// Only in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DocumentState>,
    /// Only of this kind: the name's ending in lower case, such as `pdf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only with this text in the name.
    #[serde(default)]
    pub text: String,
    /// Which part; sorts by `name`, `state`, `passages`, `bytes`, `changed_at`.
    #[serde(default)]
    pub page: PageRequest,
}

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The document's id.
    pub id: String,
    /// Its source.
    pub source_id: String,
    /// The path below the dropped folder, with `/`.
    pub name: String,
    /// Where it was read from; empty when it was uploaded.
    #[serde(default)]
    pub path: String,
    /// The kind, such as `application/pdf`.
    pub media_type: String,
    /// Bytes of the original.
    pub bytes: u64,
    /// How far it is.
    pub state: DocumentState,
    /// Passages made of it.
    pub passages: u64,
    /// Passages that have a vector.
    pub embedded: u64,
    /// Pages, where it has such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What a reader should know of it, such as pages without text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The document of the same source that holds the same bytes; its passages answer for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<DuplicateOf>,
    /// BLAKE3 of the bytes, hexadecimal; empty until they were read.
    #[serde(default)]
    pub hash: String,
    /// BLAKE3 of the text and of how it is cut, hexadecimal; empty without text.
    #[serde(default)]
    pub text_hash: String,
    /// How often it was begun.
    #[serde(default)]
    pub attempts: u32,
    /// How often it was found or opened.
    #[serde(default)]
    pub visits: u64,
    /// When the file was last changed, by its file system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
    /// When it was queued.
    #[serde(default)]
    pub queued_at: Timestamp,
    /// When its bytes were hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashed_at: Option<Timestamp>,
    /// When its text was stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extracted_at: Option<Timestamp>,
    /// When its last vector was stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indexed_at: Option<Timestamp>,
    /// When this row last changed.
    pub changed_at: Timestamp,
}

/// The document that another one refers to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DuplicateOf {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Why a document failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What to decide by.
    pub code: Code,
    /// What happened.
    pub message: String,
    /// What can be done.
    pub help: String,
}

/// How far a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// In the queue.
    Queued,
    /// Its text is being taken out.
    Extracting,
    /// Keywords can be searched, vectors are being made.
    Embedding,
    /// All done.
    Indexed,
    /// Read, but it holds no text: a scan.
    NoText,
    /// The same bytes are there already: another document of the source answers for it.
    Duplicate,
    /// It could not be taken in.
    Failed,
}

/// Asks for a document's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentGet {
    /// The document.
    pub id: String,
}

/// A document's text and where its passages lie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentText {
    /// The row of the ledger.
    pub document: Document,
    /// The extracted text, normalised to Markdown.
    pub text: String,
    /// The passages, in order.
    pub passages: Vec<Passage>,
}

/// A piece of a document that can be found and cited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// The passage's id.
    pub id: String,
    /// The document.
    pub document_id: String,
    /// The document's name.
    pub document_name: String,
    /// The place within the document, from 0.
    pub ordinal: u32,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The page it begins on, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The first character within the document's text, in Unicode scalar values.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// The text.
    pub text: String,
}

/// Takes a failed document in again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRetry {
    /// The document.
    pub id: String,
}

/// Takes a document out of the knowledge base; the original file stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRemove {
    /// The document.
    pub id: String,
}

/// Takes all documents in again that fit the filter and failed or gave no text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DocumentRetryAll {
    /// Which; its page says nothing here.
    #[serde(default)]
    pub filter: DocumentList,
}

/// What was put back in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentsRetried {
    /// Documents put back.
    pub queued: u64,
}

/// Asks what the ledger holds, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerSummary {
    /// Only of this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
}

/// What the ledger holds, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerCounts {
    /// Documents in each state; states without a document are left out.
    pub states: Vec<(DocumentState, u64)>,
    /// Documents of each kind (the name's ending in lower case), most first, at most 40.
    pub kinds: Vec<(String, u64)>,
}

/// Searches by keywords and meaning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KnowledgeSearch {
    /// The question or words.
    pub query: String,
    /// Only in these sources, by id or name; all if empty.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Passages wanted.
    pub top_k: u32,
    /// Only in documents that pass this.
    #[serde(default)]
    pub filter: SearchFilter,
    /// Whether to compare the question with every vector, which takes long: for tests of the index.
    #[serde(default)]
    pub exact: bool,
}

/// Which documents are searched; all conditions that are given have to hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchFilter {
    /// Documents with all of these tags.
    pub tags: Vec<String>,
    /// Documents changed at this time or later; without a time of change, the time of taking in counts.
    pub from: Option<Timestamp>,
    /// Documents changed before this time.
    pub to: Option<Timestamp>,
    /// Documents whose name, which is the path below the dropped folder, begins with this; with `*` (anything) or `?` (one
    /// character) in it, those whose whole name it describes.
    pub path: Option<String>,
    /// Passages whose keywords are in one of these indexes: `en`, `other`, `cjk`.
    pub languages: Vec<String>,
}

impl SearchFilter {
    /// Whether nothing is left out.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a document's name passes `path`.
    pub fn takes_name(&self, name: &str) -> bool {
        let Some(path) = &self.path else {
            return true;
        };
        if path.contains(['*', '?']) {
            let pattern: Vec<char> = path.chars().collect();
            let name: Vec<char> = name.chars().collect();
            matches_glob(&pattern, &name)
        } else {
            name.starts_with(path.as_str())
        }
    }
}

/// `*` stands for any characters, `?` for one. Takes time in proportion to the product of both lengths at most.
fn matches_glob(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut from) = (0, 0);
    // Where the last `*` was, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = name.get(from) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(p) if p == c || *p == '?' => {
                at += 1;
                from += 1;
            }
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    at = *place + 1;
                    from = *taken;
                }
                None => return false,
            },
        }
    }
    pattern
        .get(at..)
        .is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// Asks for the passages around one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PassageNeighbours {
    /// The passage's id.
    pub id: String,
    /// How many before it are wanted, at most 20.
    pub before: u32,
    /// How many after it are wanted, at most 20.
    pub after: u32,
}

/// The passages around one, in reading order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PassagesAround {
    /// Those before it.
    pub before: Vec<Passage>,
    /// The passage itself.
    pub passage: Passage,
    /// Those after it.
    pub after: Vec<Passage>,
}

/// Gives a document its tags, in place of those that it has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentTag {
    /// The document.
    pub id: String,
    /// Its tags; each is trimmed, empty ones and repetitions are left out.
    pub tags: Vec<String>,
}

/// Asks for the tags that are in use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TagList {
    /// Only those of this document.
    #[serde(default)]
    pub document_id: Option<String>,
}

/// A tag in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// Documents that have it.
    pub documents: u64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnowledgeFound {
    /// Best first.
    pub hits: Vec<Hit>,
    /// Milliseconds that the search took.
    pub took_ms: f64,
    /// Whether the meaning was searched too.
    pub by_meaning: bool,
}

/// A passage that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The passage.
    pub passage: Passage,
    /// The blended score, 0 to 1; larger is better, comparable within one answer only.
    pub score: f64,
    /// The rank by keywords, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword_rank: Option<u32>,
    /// The rank by meaning, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vector_rank: Option<u32>,
    /// The score by keywords (BM25; larger is better, no upper bound).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword_score: Option<f64>,
    /// The score by meaning: the cosine, up to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vector_score: Option<f64>,
    /// Ranges of the passage's text that match, in Unicode scalar values from the passage's start.
    #[serde(default)]
    pub highlights: Vec<(u32, u32)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_prefixes_or_patterns() {
        for (path, name, expected) in [
            ("", "a.md", true),
            ("hr/", "hr/leave.md", true),
            ("hr/", "it/hr/leave.md", false),
            ("*.md", "hr/leave.md", true),
            ("hr/*.md", "hr/2026/leave.md", true),
            ("hr/*.md", "hr/leave.pdf", false),
            ("?r/*", "hr/x", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "ab ba", false),
            ("**", "", true),
            ("a?", "a", false),
        ] {
            let filter = SearchFilter {
                path: Some(path.into()),
                ..SearchFilter::default()
            };
            assert_eq!(filter.takes_name(name), expected, "{path} {name}");
        }
        assert!(SearchFilter::default().takes_name("x"));
        let hostile = SearchFilter {
            path: Some("*a".repeat(200)),
            ..SearchFilter::default()
        };
        assert!(!hostile.takes_name(&"a".repeat(199)));
    }
}
