//! Definitions that the system asks to open: by a double click, or as words of the command line.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Emitter, Manager, Runtime, State};

/// The event that tells the page to ask for [`opened_files`].
const EVENT: &str = "open-file";

/// Files that the page has not asked for yet.
pub(crate) struct Waiting(Mutex<Vec<PathBuf>>);

impl Waiting {
    /// Files named at the start, before there is a page.
    pub(crate) fn new(files: Vec<PathBuf>) -> Self {
        Self(Mutex::new(
            files.into_iter().map(|file| absolute(&file)).collect(),
        ))
    }

    fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Puts files where the page finds them, and tells it.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>, files: impl IntoIterator<Item = PathBuf>) {
    if let Some(waiting) = app.try_state::<Waiting>() {
        waiting
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(files);
        // Without a page there is nobody to tell; it asks when it comes.
        let _ = app.emit(EVENT, ());
    }
}

/// The files to open, each handed out once.
#[tauri::command]
pub(crate) fn opened_files(waiting: State<'_, Waiting>) -> Vec<String> {
    waiting
        .take()
        .into_iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect()
}

fn absolute(file: &Path) -> PathBuf {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned())
}
