//! A distributed Map over 100,000 items of a file holds no more than one over 20,000: what it works on, not what there is.
#![cfg(test)]

use async_trait::async_trait;
use awm_api::Timestamp;
use awm_api::runs::{RunEvent, RunStatus};
use awm_interpreter::Program;
use awm_interpreter::driver::{Deps, EventSink, NewRun, run};
use awm_ports::{
    Clock, Ids, ItemObject, ItemStore, StoreError, TaskFailure, TaskRequest, TaskRunner,
};
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of a line of the file.
const LINE: usize = 128;
/// Bytes that five times the items may cost.
const MORE: u64 = 8 * 1024 * 1024;

/// A file that is made where it is read, and results that are counted where they are written.
#[derive(Debug, Default)]
struct World {
    lines: usize,
    written: AtomicUsize,
    largest: AtomicUsize,
}

fn line(index: usize) -> String {
    let start = format!("{{\"n\":{index},\"text\":\"");
    let end = "\"}\n";
    let fill = LINE - start.len() - end.len();
    format!("{start}{}{end}", "x".repeat(fill))
}

#[async_trait]
impl ItemStore for World {
    async fn read_part(
        &self,
        _: &TenantId,
        _: &str,
        _: &str,
        from: u64,
        most: usize,
    ) -> Result<Vec<u8>, StoreError> {
        let from = usize::try_from(from).unwrap();
        assert_eq!(
            (from % LINE, most % LINE),
            (0, 0),
            "parts are of whole lines"
        );
        let lines = (from / LINE..self.lines).take(most / LINE);
        Ok(lines.flat_map(|index| line(index).into_bytes()).collect())
    }

    async fn write(
        &self,
        _: &TenantId,
        _: &str,
        key: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        if key.contains("SUCCEEDED") {
            let text = std::str::from_utf8(bytes).unwrap();
            self.written
                .fetch_add(text.lines().count(), Ordering::SeqCst);
            self.largest.fetch_max(bytes.len(), Ordering::SeqCst);
        }
        Ok(())
    }

    async fn list(&self, _: &TenantId, _: &str, _: &str) -> Result<Vec<ItemObject>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl EventSink for World {
    async fn append(&self, _: &[RunEvent]) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl TaskRunner for World {
    async fn run(&self, _: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        Ok(request.arguments)
    }
}

#[async_trait]
impl Clock for World {
    fn now(&self) -> Timestamp {
        0
    }
    async fn sleep_until(&self, _: Timestamp) {}
}

impl Ids for World {
    fn next(&self) -> String {
        String::new()
    }
    fn random(&self) -> f64 {
        0.5
    }
}

/// The most memory that the process has had so far, bytes; none where the kernel does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

fn map_over(lines: usize) -> Arc<World> {
    let definition = json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "End": true,
        "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSONL" },
            "Parameters": { "Bucket": "in", "Key": "items.jsonl" } },
        "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "out" },
            "WriterConfig": { "Transformation": "COMPACT", "OutputType": "JSONL" } },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Pass", "States": { "Pass": { "Type": "Pass", "End": true } } } } } });
    let world = Arc::new(World {
        lines,
        ..World::default()
    });
    let deps = Deps {
        clock: Arc::clone(&world) as Arc<dyn Clock>,
        ids: Arc::clone(&world) as Arc<dyn Ids>,
        tasks: Arc::clone(&world) as Arc<dyn TaskRunner>,
        items: Some(Arc::clone(&world) as Arc<dyn ItemStore>),
        mocks: BTreeMap::new(),
        sink: Arc::clone(&world) as Arc<dyn EventSink>,
        progress: Arc::new(|_| ()),
    };
    let new = NewRun {
        id: "run".to_owned(),
        workflow: "machine".to_owned(),
        program: Arc::new(Program::from_definition(&definition).unwrap()),
        input: json!({}),
    };
    let tenant = TenantId::local();
    let run = run(&tenant, new, deps, std::future::pending::<()>());
    let outcome = futures::executor::block_on(run).unwrap();
    assert_eq!(outcome.status, RunStatus::Succeeded, "{outcome:?}");
    assert_eq!(world.written.load(Ordering::SeqCst), lines);
    world
}

#[test]
fn memory_is_bounded_by_what_is_worked_on() {
    map_over(20_000);
    let few = peak();
    let world = map_over(100_000);
    let many = peak();
    let Some((few, many)) = few.zip(many) else {
        println!("the kernel does not tell how much memory there was");
        return;
    };
    println!(
        "peak after 20,000 items: {} KiB, after 100,000: {} KiB; largest file of results: {} KiB",
        few / 1024,
        many / 1024,
        world.largest.load(Ordering::SeqCst) / 1024
    );
    assert!(many - few < MORE, "{few} bytes grew to {many}");
}
