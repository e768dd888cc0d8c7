//! Folders that were taken in, and where their files are.

use super::shelf::{Shelf, missing};
use awm_api::{
    Timestamp,
    folders::{Folder, SyncReport},
};
use awm_ports::{FolderChange, KnownFile, NewFolder, NewPlace, StoreError};

pub(super) fn put(shelf: &mut Shelf, new: NewFolder) -> Result<Folder, StoreError> {
    shelf.source(&new.source_id)?;
    let known = shelf
        .folders
        .values_mut()
        .find(|folder| folder.source_id == new.source_id && folder.path == new.path);
    if let Some(folder) = known {
        folder.listing = true;
        folder.trouble = None;
        folder.watch |= new.watch;
        return Ok(folder.clone());
    }
    let folder = Folder {
        id: new.id.clone(),
        source_id: new.source_id,
        path: new.path,
        watch: new.watch,
        listing: true,
        synced_at: None,
        last: SyncReport::default(),
        trouble: None,
    };
    shelf.folders.insert(new.id, folder.clone());
    Ok(folder)
}

pub(super) fn change(
    shelf: &mut Shelf,
    id: &str,
    change: FolderChange,
) -> Result<Folder, StoreError> {
    let folder = shelf
        .folders
        .get_mut(id)
        .ok_or_else(|| missing("folder", id))?;
    match change {
        FolderChange::Watch(watch) => folder.watch = watch,
        FolderChange::Listing => {
            folder.listing = true;
            folder.trouble = None;
        }
        FolderChange::Synced { report, at } => {
            folder.listing = false;
            folder.trouble = None;
            folder.synced_at = Some(at);
            folder.last = report;
        }
        FolderChange::Troubled(why) => {
            folder.listing = false;
            folder.trouble = Some(why);
        }
    }
    Ok(folder.clone())
}

pub(super) fn files_below(shelf: &Shelf, source_id: &str, below: &str) -> Vec<KnownFile> {
    let mut known: Vec<KnownFile> = shelf
        .documents
        .values()
        .filter(|row| row.document.source_id == source_id && row.path.starts_with(below))
        .map(|row| KnownFile {
            id: row.document.id.clone(),
            path: row.path.clone(),
            bytes: row.document.bytes,
            modified_at: row.document.modified_at,
            hash: row.document.hash.clone(),
        })
        .collect();
    known.sort_by(|a, b| a.path.cmp(&b.path));
    known
}

pub(super) fn move_files(
    shelf: &mut Shelf,
    places: Vec<NewPlace>,
    at: Timestamp,
) -> Result<(), StoreError> {
    for place in places {
        let Some(row) = shelf.documents.get(&place.id) else {
            continue;
        };
        let source = row.document.source_id.clone();
        let name = shelf.free_name(&source, &place.name, Some(&place.id));
        let row = shelf.row(&place.id)?;
        row.path.clone_from(&place.path);
        row.document.path = place.path;
        row.document.modified_at = place.modified_at;
        row.document.changed_at = at;
        for kept in &mut row.passages {
            kept.passage.document_name.clone_from(&name);
        }
        row.document.name = name;
    }
    Ok(())
}

/// The folder of a document that holds `path`, or the document's own path.
pub(super) fn root(document: &str, name: &str, path: &str) -> Option<String> {
    if document == path {
        return Some(path.to_owned());
    }
    let plain = document.replace('\\', "/");
    let ((above, _), (named, _)) = (plain.rsplit_once('/')?, name.rsplit_once('/')?);
    let parent = above.strip_suffix(named)?;
    let top = named.split('/').next()?;
    let root = document.get(..parent.len() + top.len())?;
    let below = path.strip_prefix(root).filter(|_| parent.ends_with('/'))?;
    below.starts_with(['/', '\\']).then(|| root.to_owned())
}
