//! `awm fmt`.

use crate::{
    args::{Fmt, TextFormat},
    diff::unreadable,
    exit::Ended,
    input,
    output::Output,
};
use awm_api::{Code, UserError};
use awm_asl::Format;
use awm_asl::source::{Source, format, write_value};
use serde_json::json;
use std::path::Path;

pub(crate) fn fmt(output: &Output, given: &Fmt) -> Result<Ended, UserError> {
    let mut changed = Vec::new();
    for path in &given.files {
        let name = path.display().to_string();
        let text = input::text(path)?;
        let written = laid_out(output, &name, &text, given.to)?;
        if given.to.is_some() {
            output.part(&written);
            continue;
        }
        let is_input = path == Path::new("-");
        if written != text {
            changed.push(name.clone());
        }
        match (given.check, is_input) {
            (true, _) => {}
            (false, true) => output.part(&written),
            (false, false) if written != text => write(path, &written)?,
            (false, false) => {}
        }
    }
    if given.to.is_some() || (!given.check && given.files.iter().any(|path| path == Path::new("-")))
    {
        return Ok(Ended::Well);
    }
    if output.is_json() {
        output.json(&json!({ "checked": given.files.len(), "changed": changed }));
    } else {
        for name in &changed {
            output.text(name);
        }
        let (all, some) = (given.files.len(), changed.len());
        output.note(&match given.check {
            true => format!("{some} of {all} would change"),
            false => format!("{some} of {all} changed"),
        });
    }
    Ok(match given.check && !changed.is_empty() {
        true => Ended::Failed,
        false => Ended::Well,
    })
}

fn laid_out(
    output: &Output,
    name: &str,
    text: &str,
    to: Option<TextFormat>,
) -> Result<String, UserError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let from = match text.trim_start().starts_with(['{', '[']) {
        true => Format::Json,
        false => Format::Yaml,
    };
    let to = match to {
        Some(TextFormat::Json) => Format::Json,
        Some(TextFormat::Yaml) => Format::Yaml,
        None => from,
    };
    let source = Source::new(text, from);
    let why = || {
        let first = source.diagnostics().first();
        first.map_or_else(|| "it holds nothing".to_owned(), ToString::to_string)
    };
    let refused = || unreadable(name, &why());
    let formatted = format(text, from).ok_or_else(refused)?;
    if from == to {
        return Ok(formatted);
    }
    let value = source.value().ok_or_else(refused)?;
    if from == Format::Yaml && formatted != write_value(&value, from) {
        output.note(&format!("{name}: comments don't go over into JSON"));
    }
    Ok(write_value(&value, to))
}

/// Puts a file in place of another at once, so that a crash leaves one of the two.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), UserError> {
    let failed = |error: std::io::Error| {
        UserError::new(
            Code::BadRequest,
            format!("`{}` can't be written: {error}", path.display()),
        )
        .help("check that the folder is there and can be written to")
    };
    // A link stays one: what it leads to is written.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut beside = path.clone().into_os_string();
    beside.push(format!(".{}.tmp", std::process::id()));
    std::fs::write(&beside, text).map_err(failed)?;
    if let Ok(known) = std::fs::metadata(&path) {
        // The new file is to be read by whoever read the old one.
        let _ = std::fs::set_permissions(&beside, known.permissions());
    }
    std::fs::rename(&beside, &path).map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}
