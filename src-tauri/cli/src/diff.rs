//! `awm diff`.

use crate::{
    args::Diff,
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::{Code, UserError};
use awm_asl::source::Source;
use awm_flow::{Difference, DifferenceKind, differences};
use serde_json::{Value, json};
use std::path::Path;

/// Letters of a value in a line.
const LETTERS: usize = 100;

pub(crate) fn diff(output: &Output, given: &Diff) -> Result<Ended, UserError> {
    let found = differences(&definition(&given.before)?, &definition(&given.after)?);
    if output.is_json() {
        output.json(&json!({ "same": found.is_empty(), "differences": found }));
    } else {
        let mut state: Option<&str> = None;
        for one in &found {
            let is_state = matches!(
                one.kind,
                DifferenceKind::StateAdded
                    | DifferenceKind::StateRemoved
                    | DifferenceKind::StateRenamed
            );
            if !is_state && one.state.as_deref() != state {
                let name = one.state.as_deref().unwrap_or("the machine");
                output.text(&output.tone(Tone::Strong, name));
            }
            state = one.state.as_deref().filter(|_| !is_state);
            tell(output, one, is_state);
        }
        output.note(&match found.len() {
            0 => "no difference".to_owned(),
            1 => "1 difference".to_owned(),
            n => format!("{n} differences"),
        });
    }
    Ok(match found.is_empty() {
        true => Ended::Well,
        false => Ended::Failed,
    })
}

fn tell(output: &Output, found: &Difference, is_state: bool) {
    let value = |value: &Option<Value>| {
        let text = value.as_ref().map(Value::to_string).unwrap_or_default();
        match text.chars().count() > LETTERS {
            true => format!("{}…", text.chars().take(LETTERS).collect::<String>()),
            false => text,
        }
    };
    let (sign, tone) = match found.kind {
        DifferenceKind::StateAdded | DifferenceKind::Added => ("+", Tone::Good),
        DifferenceKind::StateRemoved | DifferenceKind::Removed => ("-", Tone::Bad),
        DifferenceKind::StateRenamed | DifferenceKind::Changed => ("~", Tone::Dim),
    };
    let sign = output.tone(tone, sign);
    let name = found.state.as_deref().unwrap_or_default();
    let at = &found.pointer;
    output.text(&match found.kind {
        _ if is_state => match (&found.kind, &found.before) {
            (DifferenceKind::StateRenamed, Some(Value::String(before))) => {
                format!("{sign} state {before} renamed to {name} ({at})")
            }
            _ => format!("{sign} state {name} ({at})"),
        },
        DifferenceKind::Changed => format!(
            "  {sign} {at}: {} -> {}",
            value(&found.before),
            value(&found.after)
        ),
        DifferenceKind::Removed => format!("  {sign} {at}: {}", value(&found.before)),
        _ => format!("  {sign} {at}: {}", value(&found.after)),
    });
}

/// A definition's value; one that can't be read fully can't be compared.
pub(crate) fn definition(path: &Path) -> Result<Value, UserError> {
    let name = path.display().to_string();
    let document = awm_commands::read_text(&name, input::text(path)?)?;
    let source = Source::new(document.text, document.format.into());
    if let Some(error) = source.diagnostics().iter().find(|found| found.is_error()) {
        return Err(unreadable(&name, &error.to_string()));
    }
    source
        .value()
        .ok_or_else(|| unreadable(&name, "it holds nothing"))
}

pub(crate) fn unreadable(name: &str, why: &str) -> UserError {
    UserError::new(Code::NotAslText, format!("`{name}` can't be read: {why}"))
        .help("mend the text first; `awm validate` lists everything that is wrong")
}
