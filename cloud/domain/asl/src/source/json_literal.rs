//! What JSON's words and texts stand for.

use super::json_lexer::TokenKind;
use serde_json::Value;

/// A token that is not JSON.
#[derive(Debug)]
pub(super) struct Slip<T> {
    /// What it was probably meant to be.
    pub(super) meant: T,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

/// A number, `true`, `false` or `null`.
pub(super) fn word(word: &str) -> Result<Value, Slip<Value>> {
    serde_json::from_str::<Value>(word).map_err(|_| {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        Slip {
            meant: Value::String(word.to_owned()),
            message: match is_number {
                true => format!("`{word}` is not a number"),
                false => format!("`{word}` is not a value"),
            },
            help: (!is_number).then_some("texts are written in double quotes"),
        }
    })
}

/// A text with its quotes.
pub(super) fn string(raw: &str, kind: TokenKind) -> Result<String, Slip<String>> {
    if kind == TokenKind::Text
        && let Ok(text) = serde_json::from_str::<String>(raw)
    {
        return Ok(text);
    }
    let inner = raw.get(1..).unwrap_or_default();
    let (inner, message, help) = match kind {
        TokenKind::OpenText => (inner, "this text has no closing `\"`", None),
        TokenKind::SingleQuoted => (closed(inner), "texts are written in double quotes", None),
        _ => (
            closed(inner),
            "this text has an escape or a control character that JSON does not allow",
            Some("write a backslash as `\\\\`, a tab as `\\t`, a line break as `\\n`"),
        ),
    };
    Err(Slip {
        meant: inner.to_owned(),
        message: message.to_owned(),
        help,
    })
}

fn closed(inner: &str) -> &str {
    inner
        .get(..inner.len().saturating_sub(1))
        .unwrap_or_default()
}
