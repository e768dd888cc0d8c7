//! What the system tells of changes in folders.

use futures::{StreamExt, channel::mpsc, stream, stream::BoxStream};
use notify::{EventKind, RecursiveMode, Watcher};
use std::path::PathBuf;

/// Hints that wait for whoever reads them; more of them say nothing new.
const BACKLOG: usize = 64;

/// Tells below which of the folders something may have changed. Where the system has no such service, or no more of it, nothing is
/// told of that folder.
pub(super) fn changes(folders: Vec<String>) -> BoxStream<'static, String> {
    let (mut sender, receiver) = mpsc::channel(BACKLOG);
    let roots: Vec<(PathBuf, String)> = folders
        .into_iter()
        .map(|folder| (PathBuf::from(&folder), folder))
        .collect();
    let known = roots.clone();
    let hear = move |event: Result<notify::Event, notify::Error>| {
        // Events that were dropped, and errors, are told as a change of everything.
        let paths = match &event {
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
            Ok(event) if !event.need_rescan() => event.paths.as_slice(),
            _ => &[],
        };
        for (root, folder) in &known {
            if paths.is_empty() || paths.iter().any(|path| path.starts_with(root)) {
                // A full backlog holds a hint already.
                let _ = sender.try_send(folder.clone());
            }
        }
    };
    let Ok(mut watcher) = notify::recommended_watcher(hear) else {
        return stream::pending().boxed();
    };
    for (root, _) in &roots {
        // The walk from time to time finds what is not told.
        let _ = watcher.watch(root, RecursiveMode::Recursive);
    }
    // The watcher lives as long as somebody listens.
    stream::unfold((receiver, watcher), |(mut receiver, watcher)| async move {
        let folder = receiver.next().await?;
        Some((folder, (receiver, watcher)))
    })
    .boxed()
}
