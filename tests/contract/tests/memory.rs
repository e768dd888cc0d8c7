//! The ports in memory keep to the suites.

use awm_memory::{
    MemoryChats, MemoryCrawls, MemoryEmbedder, MemoryExtractor, MemoryFiles, MemoryLibrary,
    MemoryMemory, MemoryQuestions, MemoryRuns, MemorySettings, MemoryWorkflows,
};
use awm_ports::StoreError;

#[tokio::test]
async fn workflows() -> Result<(), StoreError> {
    awm_contract::workflows(&MemoryWorkflows::default()).await
}

#[tokio::test]
async fn runs() -> Result<(), StoreError> {
    awm_contract::runs(&MemoryRuns::default()).await
}

#[tokio::test]
async fn chats() -> Result<(), StoreError> {
    awm_contract::chats(&MemoryChats::default()).await
}

#[tokio::test]
async fn crawls() -> Result<(), StoreError> {
    awm_contract::crawls(&MemoryCrawls::default()).await
}

#[tokio::test]
async fn settings() -> Result<(), StoreError> {
    awm_contract::settings(&MemorySettings::default()).await
}

#[tokio::test]
async fn memory() -> Result<(), StoreError> {
    awm_contract::memory(&MemoryMemory::default()).await
}

#[tokio::test]
async fn library() -> Result<(), StoreError> {
    awm_contract::library(&MemoryLibrary::default()).await
}

#[tokio::test]
async fn embedder() {
    awm_contract::embedder(&MemoryEmbedder).await.unwrap();
}

#[tokio::test]
async fn extractor() {
    let files = std::sync::Arc::new(MemoryFiles::default());
    awm_contract::extractor(&MemoryExtractor::new(files), "/gone.md")
        .await
        .unwrap();
}

#[tokio::test]
async fn questions() -> Result<(), StoreError> {
    awm_contract::questions(&MemoryQuestions::default()).await
}

#[tokio::test]
async fn evaluations() -> Result<(), StoreError> {
    awm_contract::evaluations(&MemoryQuestions::default()).await
}
