//! The text of a definition: read as a value, edited by as little as possible.

use crate::{
    Format,
    change::{ChangeError, Edit},
};
use awm_asl::{
    Severity,
    source::{Source, apply},
};
use serde_json::Value;

/// The definition that a text says, and what keeps it from being edited.
pub(crate) fn read(format: Format, text: &str) -> (Option<Value>, Option<ChangeError>) {
    let source = Source::new(text, format.into());
    let mut errors = source
        .diagnostics()
        .iter()
        .filter(|found| found.severity == Severity::Error);
    let mistake = source.is_broken().then(|| {
        let first = errors.next();
        ChangeError::Text {
            line: first
                .and_then(|found| found.span)
                .map_or(1, |span| span.line as usize),
            message: first.map_or_else(
                || "it can't be read".to_owned(),
                |found| found.message.clone(),
            ),
        }
    });
    let value = source.value();
    let none = value.is_none() && mistake.is_none();
    let empty = || ChangeError::Text {
        line: 1,
        message: "there is no definition".to_owned(),
    };
    (value, mistake.or_else(|| none.then(empty)))
}

/// The text after edits.
pub(crate) fn edit(format: Format, text: &str, edits: &[Edit]) -> Result<String, ChangeError> {
    let mut source = Source::new(text, format.into());
    let mut waiting = edits.iter().peekable();
    while let Some(edit) = waiting.next() {
        let mut changes = one(&source, edit)?;
        // Values that give way to others leave all places as they are: those in a row are one edit of the text.
        while let (Edit::Replace(..), Some(next @ Edit::Replace(pointer, _))) =
            (edit, waiting.peek())
        {
            let more = one(&source, next)?;
            let apart = |change: &awm_asl::source::TextEdit| {
                changes.iter().all(|known| {
                    known.range.end < change.range.start || change.range.end < known.range.start
                })
            };
            if pointer.is_empty() || !more.iter().all(apart) {
                break;
            }
            changes.extend(more);
            waiting.next();
        }
        source = Source::new(apply(source.text(), &changes), format.into());
    }
    Ok(source.text().to_owned())
}

fn one(source: &Source, edit: &Edit) -> Result<Vec<awm_asl::source::TextEdit>, ChangeError> {
    let changes = match edit {
        Edit::Replace(pointer, value) => source.set(pointer, value)?,
        Edit::Append(array, value) => source.insert(array, "", value, usize::MAX)?,
        Edit::Remove(pointer) => source.remove(pointer)?,
        Edit::Rename(pointer, key) => source.rename_key(pointer, key)?,
        Edit::Insert {
            object,
            key,
            value,
            position,
        } => source.insert(object, key, value, position.unwrap_or(usize::MAX))?,
    };
    Ok(changes)
}
