//! Files of the browser: chosen by a dialog, found in what was dropped, read.

use awm_api::{Code, UserError};
use futures::channel::oneshot;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    DataTransfer, File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

/// A file, and its path below the folder that was chosen.
pub(crate) struct Chosen {
    /// The path, with `/`.
    pub(crate) name: String,
    /// The file.
    pub(crate) file: File,
}

/// Lets the reader choose files, or a folder with all below it, in the browser's own dialog.
pub(crate) fn choose_files(folder: bool, tell: impl FnOnce(Vec<Chosen>) + 'static) {
    let element = leptos::prelude::document()
        .create_element("input")
        .ok()
        .and_then(|el| el.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = element else { return };
    input.set_type("file");
    input.set_multiple(true);
    if folder {
        // Every browser knows this attribute; one that didn't would offer files.
        let _ = input.set_attribute("webkitdirectory", "");
    }
    let chosen = input.clone();
    let hear = Closure::once_into_js(move || {
        let Some(files) = chosen.files() else { return };
        let files = (0..files.length()).filter_map(|at| files.item(at));
        tell(
            files
                .map(|file| Chosen {
                    name: path_of(&file),
                    file,
                })
                .filter(|chosen| !hidden(&chosen.name))
                .collect(),
        );
    });
    input.set_onchange(Some(hear.unchecked_ref()));
    input.click();
}

fn path_of(file: &File) -> String {
    let relative = js_sys::Reflect::get(file, &"webkitRelativePath".into())
        .ok()
        .and_then(|path| path.as_string());
    relative
        .filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name())
}

/// Files that systems leave in folders, such as `.DS_Store`.
fn hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// What was dropped. It has to be asked for during the event itself; reading folders comes after.
pub(super) fn dropped(transfer: &DataTransfer) -> Vec<FileSystemEntry> {
    let items = transfer.items();
    (0..items.length())
        .filter_map(|at| items.get(at)?.webkit_get_as_entry().ok().flatten())
        .collect()
}

/// All files in what was dropped, folders with all below them.
pub(super) async fn walk(entries: Vec<FileSystemEntry>) -> Vec<Chosen> {
    let mut found = Vec::new();
    let mut open = entries;
    while let Some(entry) = open.pop() {
        let name = entry.full_path().trim_start_matches('/').to_owned();
        if hidden(&name) {
            continue;
        }
        if entry.is_directory() {
            open.extend(children(entry.unchecked_into()).await);
        } else if let Some(file) = file(entry.unchecked_into()).await {
            found.push(Chosen { name, file });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

async fn file(entry: FileSystemFileEntry) -> Option<File> {
    asked(|good, bad| entry.file_with_callback_and_callback(good, bad))
        .await?
        .dyn_into()
        .ok()
}

/// A folder's entries; the browser gives them in parts of a hundred, and an empty part at the end.
async fn children(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader: FileSystemDirectoryReader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let asked = asked(|good, bad| {
            // A refusal to read comes to `bad` as well.
            let _ = reader.read_entries_with_callback_and_callback(good, bad);
        });
        let part = asked
            .await
            .map(|part| js_sys::Array::from(&part))
            .unwrap_or_default();
        if part.length() == 0 {
            return all;
        }
        all.extend(part.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

/// The answer of an interface with two callbacks; none when the second was called.
async fn asked(ask: impl FnOnce(&js_sys::Function, &js_sys::Function)) -> Option<JsValue> {
    let (told, answer) = oneshot::channel();
    let told = std::rc::Rc::new(std::cell::Cell::new(Some(told)));
    let other = told.clone();
    let good = Closure::<dyn FnMut(JsValue)>::new(move |value| {
        if let Some(told) = told.take() {
            let _ = told.send(Some(value));
        }
    });
    let bad = Closure::<dyn FnMut(JsValue)>::new(move |_| {
        if let Some(told) = other.take() {
            let _ = told.send(None);
        }
    });
    ask(good.as_ref().unchecked_ref(), bad.as_ref().unchecked_ref());
    answer.await.ok().flatten()
}

/// A file's bytes in standard base64.
pub(super) async fn base64(file: &File) -> Result<String, UserError> {
    let unreadable = || {
        UserError::new(
            Code::FileUnreadable,
            format!("`{}` can't be read", file.name()),
        )
        .help("Is the file still there, and may you read it?")
    };
    let reader = web_sys::FileReader::new().map_err(|_| unreadable())?;
    let (told, done) = oneshot::channel();
    let hear = Closure::once_into_js(move || {
        let _ = told.send(());
    });
    reader.set_onloadend(Some(hear.unchecked_ref()));
    reader.read_as_data_url(file).map_err(|_| unreadable())?;
    done.await.map_err(|_| unreadable())?;
    let url = reader
        .result()
        .ok()
        .and_then(|url| url.as_string())
        .ok_or_else(unreadable)?;
    // An empty file is `data:` with nothing behind it.
    Ok(url
        .split_once(',')
        .map(|(_, data)| data.to_owned())
        .unwrap_or_default())
}
