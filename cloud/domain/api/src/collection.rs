//! Documents that come with ids of their own, as test collections and exports have them.

use serde::{Deserialize, Serialize};

/// Takes in texts as documents, in place of older ones of the same ids. Keywords can be searched at once, vectors follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionPut {
    /// The source.
    pub source_id: String,
    /// The documents: at most 1,000 at a time.
    pub documents: Vec<CollectionDocument>,
}

/// A document that somebody else named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionDocument {
    /// Its id there; here it becomes the document's name, as it is.
    pub id: String,
    /// The title, which becomes the first heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text, plain or Markdown.
    pub text: String,
}

/// What became of the texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CollectionStored {
    /// New or changed documents.
    pub stored: u64,
    /// Documents that are there with the same text.
    pub unchanged: u64,
    /// Of the stored ones, those without anything to find.
    pub empty: u64,
}
