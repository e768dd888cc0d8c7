//! The embedded store keeps to the suites.
#![cfg(test)]

use awm_ports::StoreError;
use awm_sqlite::Store;
use std::sync::Arc;

fn open() -> (tempfile::TempDir, Arc<Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db")).unwrap();
    (folder, store)
}

#[tokio::test]
async fn workflows() -> Result<(), StoreError> {
    awm_contract::workflows(&*open().1).await
}

#[tokio::test]
async fn runs() -> Result<(), StoreError> {
    awm_contract::runs(&*open().1).await
}

#[tokio::test]
async fn chats() -> Result<(), StoreError> {
    awm_contract::chats(&*open().1).await
}

#[tokio::test]
async fn crawls() -> Result<(), StoreError> {
    awm_contract::crawls(&*open().1).await
}

#[tokio::test]
async fn memory() -> Result<(), StoreError> {
    awm_contract::memory(&*open().1).await
}

#[tokio::test]
async fn library() -> Result<(), StoreError> {
    awm_contract::library(&*open().1).await
}

#[tokio::test]
async fn questions() -> Result<(), StoreError> {
    awm_contract::questions(&*open().1).await
}

#[tokio::test]
async fn evaluations() -> Result<(), StoreError> {
    awm_contract::evaluations(&*open().1).await
}
