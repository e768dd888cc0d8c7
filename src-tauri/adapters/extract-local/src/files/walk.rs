//! Folders, listed while others already read what was found.

use super::{failed, modified_at};
use awm_ports::{FileError, ListedFile, Walk, WalkStep};
use futures::{SinkExt, StreamExt, channel::mpsc, executor::block_on, stream};
use std::{
    fs,
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
};

/// Files told at a time.
const PART: usize = 256;
/// Parts that wait for whoever reads them; then the walk waits.
const AHEAD: usize = 4;

/// Opens a file or folder, and lists what is below it on a thread of its own.
pub(super) fn begin(path: &Path) -> Result<Walk, FileError> {
    // The path that was named may be a link: who named it meant where it leads.
    let root = real(path).map_err(|error| failed(path, &error))?;
    let facts = fs::metadata(&root).map_err(|error| failed(&root, &error))?;
    let shown = root.to_str().map(str::to_owned);
    let shown = shown.ok_or_else(|| {
        let error = Error::new(ErrorKind::InvalidInput, "its name is no Unicode");
        failed(&root, &error)
    })?;
    if !facts.is_dir() {
        let parent = root.parent().unwrap_or(&root);
        let file = listed(&root, parent, &facts);
        return Ok(Walk {
            root: shown,
            is_folder: false,
            steps: stream::iter([WalkStep::Files(file.into_iter().collect())]).boxed(),
        });
    }
    // The folder that was named must be readable; of those below it, what can be read is taken.
    drop(fs::read_dir(&root).map_err(|error| failed(&root, &error))?);
    let (sender, receiver) = mpsc::channel(AHEAD);
    let walker = std::thread::Builder::new().name("walk".into());
    walker
        .spawn(move || list(&root, sender))
        .map_err(|error| failed(path, &error))?;
    Ok(Walk {
        root: shown,
        is_folder: true,
        steps: receiver.boxed(),
    })
}

/// The path without links, and on Windows in its usual form.
pub(super) fn real(path: &Path) -> Result<PathBuf, Error> {
    let real = fs::canonicalize(path)?;
    let usual = real.to_str().and_then(|text| text.strip_prefix(r"\\?\"));
    Ok(match usual {
        // `\\?\UNC\` and its like have no usual form.
        Some(usual) if usual.chars().nth(1) == Some(':') => PathBuf::from(usual),
        _ => real,
    })
}

/// Ends early when nobody reads any more.
fn list(root: &Path, mut sender: mpsc::Sender<WalkStep>) {
    let parent = root.parent().unwrap_or(root);
    let mut tell = |step: WalkStep| block_on(sender.send(step)).is_ok();
    let mut part = Vec::with_capacity(PART);
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = entries(&folder) else {
            let shown = folder.to_string_lossy().into_owned();
            if !tell(WalkStep::Unreadable(shown)) {
                return;
            }
            continue;
        };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if is_hidden(&entry.file_name().to_string_lossy()) {
                continue;
            }
            // Links are passed over: they may lead out of the folder, or back into it. Junctions are links too.
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file()
                && let Ok(facts) = entry.metadata()
            {
                part.extend(listed(&entry.path(), parent, &facts));
                if part.len() == PART && !tell(WalkStep::Files(std::mem::take(&mut part))) {
                    return;
                }
            }
        }
    }
    if !part.is_empty() {
        tell(WalkStep::Files(part));
    }
}

/// What is in a folder, unless it was replaced by a link since it was found.
fn entries(folder: &Path) -> Result<fs::ReadDir, Error> {
    let entries = fs::read_dir(folder)?;
    match real(folder)? == folder {
        true => Ok(entries),
        false => Err(Error::other("a link")),
    }
}

/// A path that is no Unicode can't be shown or stored, and is left out.
fn listed(path: &Path, parent: &Path, facts: &fs::Metadata) -> Option<ListedFile> {
    let parts: Option<Vec<&str>> = path
        .strip_prefix(parent)
        .unwrap_or(path)
        .iter()
        .map(|part| part.to_str())
        .collect();
    Some(ListedFile {
        path: path.to_str()?.to_owned(),
        name: parts?.join("/"),
        bytes: facts.len(),
        modified_at: modified_at(facts),
    })
}

/// Hidden files, and what systems and editors leave behind.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || matches!(name, "Thumbs.db" | "desktop.ini" | "__MACOSX")
}
