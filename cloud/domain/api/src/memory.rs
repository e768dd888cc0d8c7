//! What conversations remember, what is known of a person, and what was deleted.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks what a conversation remembers now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryGet {
    /// The conversation.
    pub session_id: String,
}

/// What a conversation remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// Oldest first.
    pub lines: Vec<RememberedLine>,
    /// Questions and answers among them that are still there word for word, in pairs.
    pub turns: u32,
    /// When the last of it is forgotten; none if nothing is remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Something that was said, or what is left of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RememberedLine {
    /// `user`, `assistant`, or `summary` for what became of older turns.
    pub role: String,
    /// The text.
    pub text: String,
    /// When it was said.
    pub at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// Makes a conversation forget; its transcript stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemoryForget {
    /// The conversation.
    pub session_id: String,
}

/// Asks for what is known of the person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FactList {}

/// Something that a person said of themselves, or wants to be remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The fact's id.
    pub id: String,
    /// One sentence.
    pub text: String,
    /// The conversation that it comes from; empty if somebody wrote it here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub session_id: String,
    /// When it was first kept.
    pub at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// Writes a fact, new or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactSave {
    /// The fact that is changed; a new one if none.
    #[serde(default)]
    pub id: Option<String>,
    /// One sentence, at most 500 characters.
    pub text: String,
}

/// Deletes a fact, or all of them; answers with the receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactDelete {
    /// The fact; all if none.
    #[serde(default)]
    pub id: Option<String>,
}

/// Asks for the receipts of deletions, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReceiptList {}

/// That something was deleted: what, when, from where, how much. It holds nothing of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The receipt's id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: ReceiptReason,
    /// The conversation or fact, by its id; empty if the deletion was of no single one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The places that something was deleted from.
    pub places: Vec<ReceiptPlace>,
}

/// Why something was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptReason {
    /// Somebody deleted a conversation.
    ConversationDeleted,
    /// Somebody asked a question anew in place of another.
    TurnReplaced,
    /// Somebody made a conversation forget.
    MemoryForgotten,
    /// Somebody deleted what was known of them.
    FactsDeleted,
    /// The memory's time was over.
    MemoryExpired,
    /// The time was over for which conversations are kept.
    RetentionOver,
}

/// How much was deleted from a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPlace {
    /// Such as `memory`, `summaries`, `transcript`, `runs`, `run events`, `facts`.
    pub place: String,
    /// Rows.
    pub count: u64,
}
