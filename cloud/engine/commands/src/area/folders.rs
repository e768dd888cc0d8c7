//! Folders that sources are filled from.

use crate::{Host, failure::Failure};
use awm_api::folders::{Folder, FolderForget, FolderList, FolderSync, FolderWatch};

pub(crate) async fn folder_list<H: Host>(host: &H, _: FolderList) -> Result<Vec<Folder>, Failure> {
    Ok(host.ports().ingest.folders().await?)
}

pub(crate) async fn folder_watch<H: Host>(
    host: &H,
    request: FolderWatch,
) -> Result<Folder, Failure> {
    let ingest = &host.ports().ingest;
    Ok(ingest.watch_folder(&request.id, request.watch).await?)
}

pub(crate) async fn folder_sync<H: Host>(host: &H, request: FolderSync) -> Result<Folder, Failure> {
    let ingest = &host.ports().ingest;
    Ok(ingest.sync_folder(&request.id, request.force).await?)
}

pub(crate) async fn folder_forget<H: Host>(
    host: &H,
    request: FolderForget,
) -> Result<Folder, Failure> {
    Ok(host.ports().ingest.forget_folder(&request.id).await?)
}
