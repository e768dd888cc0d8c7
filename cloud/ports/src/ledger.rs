//! What the ledger of files is told and tells, beside documents themselves.

use crate::NewPassage;
use awm_api::{
    Timestamp,
    folders::SyncReport,
    knowledge::{Document, Failure},
};

/// What [`adopt`](crate::Library::adopt) made of a file's bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Adopted {
    /// The bytes are new: their text has to be taken out and given to [`put_content`](crate::Library::put_content).
    Extract(Document),
    /// The bytes are known, and the document is as far as it can be: its text and passages stood already, another document of
    /// its source holds them and this one refers to it, or they were copied from another source.
    Done(Document),
}

/// A document's content.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewContent {
    /// The kind, such as `application/pdf`.
    pub media_type: String,
    /// Pages, where it has such.
    pub pages: Option<u32>,
    /// The text.
    pub text: String,
    /// What a reader should know of it.
    pub note: Option<String>,
    /// The text in pieces.
    pub passages: Vec<NewPassage>,
}

/// What the ledger knows of a file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// The document.
    pub id: String,
    /// The absolute path.
    pub path: String,
    /// Bytes when it was listed.
    pub bytes: u64,
    /// When it was last changed, as listed.
    pub modified_at: Option<Timestamp>,
    /// BLAKE3 of the bytes, hexadecimal; empty until they were read.
    pub hash: String,
}

/// Where a document's file lies now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlace {
    /// The document.
    pub id: String,
    /// The absolute path.
    pub path: String,
    /// The path below the dropped folder, with `/`.
    pub name: String,
    /// When the file was last changed.
    pub modified_at: Option<Timestamp>,
}

/// A folder that a source is filled from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFolder {
    /// The id if it is new.
    pub id: String,
    /// The source.
    pub source_id: String,
    /// The absolute path, without a separator at its end.
    pub path: String,
    /// Whether it is to be watched; what is watched already stays so.
    pub watch: bool,
}

/// What happened to a folder.
#[derive(Clone, Debug, PartialEq)]
pub enum FolderChange {
    /// Its watching was turned on or off.
    Watch(bool),
    /// It is being listed. A process that ends meanwhile leaves it so.
    Listing,
    /// It was compared with the ledger to its end.
    Synced {
        /// What was found.
        report: SyncReport,
        /// When.
        at: Timestamp,
    },
    /// It could not be compared.
    Troubled(Failure),
}
