//! Running again whenever a file changes.

use crate::{args::Test, exit::Ended, output::Output};
use awm_api::{Code, UserError};
use notify::{Event, EventKind, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Editors write a file in several steps: what comes this soon after belongs to it.
const SETTLE: Duration = Duration::from_millis(150);

/// Never ends by itself: Ctrl-C ends the process.
pub(crate) fn watch(output: &Output, given: &Test) -> Result<Ended, UserError> {
    let failed = |error: notify::Error| {
        UserError::new(
            Code::Internal,
            format!("the files can't be watched: {error}"),
        )
        .help("run without `--watch`")
    };
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // Whoever stopped listening has ended.
        let _ = sender.send(event);
    })
    .map_err(failed)?;
    // Watched before the first run, so that no change falls between.
    for folder in folders(&given.paths) {
        watcher
            .watch(&folder, RecursiveMode::Recursive)
            .map_err(failed)?;
    }
    loop {
        match super::once(output, given) {
            Ok(_) => {}
            // A file that is gone for a moment may come back.
            Err(error) => output.error(&error),
        }
        output.note("waiting for changes; Ctrl-C ends");
        if !changed(&events) {
            return Ok(Ended::Well);
        }
    }
}

/// The folders that hold what is tested. Files are watched by their folders, since editors put new files in their places.
fn folders(paths: &[PathBuf]) -> BTreeSet<PathBuf> {
    if paths.is_empty() {
        return BTreeSet::from([PathBuf::from(".")]);
    }
    let folder = |path: &PathBuf| match path.is_dir() {
        true => path.clone(),
        false => match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        },
    };
    paths.iter().map(folder).collect()
}

/// Waits for a change, then for things to settle.
fn changed(events: &Receiver<notify::Result<Event>>) -> bool {
    loop {
        let Ok(event) = events.recv() else {
            return false;
        };
        if !event.is_ok_and(|event| matters(&event)) {
            continue;
        }
        while events.recv_timeout(SETTLE).is_ok() {}
        return true;
    }
}

fn matters(event: &Event) -> bool {
    let is_text = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("json" | "yaml" | "yml"))
    };
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(is_text)
}
