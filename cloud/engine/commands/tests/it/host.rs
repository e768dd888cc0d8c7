//! A host with nothing behind it but memory.

use async_trait::async_trait;
use awm_api::{Code, Timestamp, UserError, app::AppFacts};
use awm_commands::{Host, LiveRuns, Ports, dispatch, dispatch_stream};
use awm_memory::{
    MemoryChats, MemoryClock, MemoryIds, MemoryMemory, MemoryRuns, MemorySettings, MemoryWorkflows,
};
use awm_tenancy::TenantId;
use futures::{StreamExt, future::BoxFuture};
use serde_json::Value;
use std::sync::Arc;

#[derive(Clone)]
pub(crate) struct TestHost {
    tenant: TenantId,
    ports: Ports,
    pub(crate) clock: Arc<MemoryClock>,
}

pub(crate) const NOW: Timestamp = 1_000_000;

impl TestHost {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(MemoryClock::standing(NOW));
        Self {
            tenant: TenantId::local(),
            clock: clock.clone(),
            ports: Ports {
                workflows: Arc::new(MemoryWorkflows::default()),
                runs: Arc::new(MemoryRuns::default()),
                chats: Arc::new(MemoryChats::default()),
                settings: Arc::new(MemorySettings::default()),
                memory: Arc::new(MemoryMemory::default()),
                library: None,
                models: None,
                clock,
                ids: Arc::new(MemoryIds::default()),
                templates: Arc::new([]),
                live: Arc::new(LiveRuns::default()),
            },
        }
    }

    /// The answer, or the error as JSON.
    pub(crate) async fn ask(&self, name: &str, request: Value) -> Value {
        match dispatch(self, name, request).await {
            Ok(answer) => answer,
            Err(error) => serde_json::to_value(error).unwrap(),
        }
    }

    /// All items of a stream that ends.
    pub(crate) async fn follow(&self, name: &str, request: Value) -> Vec<Value> {
        let items = dispatch_stream(self, name, request).await.unwrap();
        items.map(|item| item.unwrap()).collect().await
    }
}

#[async_trait]
impl Host for TestHost {
    fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    fn ports(&self) -> &Ports {
        &self.ports
    }

    fn facts(&self) -> AppFacts {
        AppFacts {
            version: "0.0.0".into(),
            home: "/home".into(),
            logs: "/home/logs".into(),
            host: "test".into(),
            started_at: NOW,
            components: Vec::new(),
        }
    }

    fn log_tail(&self) -> String {
        String::new()
    }

    fn spawn(&self, work: BoxFuture<'static, ()>) {
        tokio::spawn(work);
    }

    async fn read_file(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, UserError> {
        match path {
            "/flows/order.asl.json" => {
                Ok(br#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#.to_vec())
            }
            "/flows/photo.json" => Ok(vec![0xff, 0xd8, 0xff]),
            "/flows/huge.json" => Err(awm_commands::too_large(max_bytes + 1)),
            _ => Err(UserError::new(Code::NotFound, "it is not there")),
        }
    }
}
