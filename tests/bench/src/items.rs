//! A distributed Map with a Pass inside over the lines of a file: items a second, and the most memory held on the way.

use crate::{Failure, figure::Figures, process};
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
use std::{collections::BTreeMap, sync::Arc, time::Instant};

const ROUNDS: usize = 3;

/// Bytes of a line of the file.
const LINE: usize = 128;

/// Few items and many, at several limits of what runs at once.
pub(crate) async fn measure() -> Result<(), Failure> {
    for concurrency in [1, 10, 100] {
        for items in [20_000, 100_000] {
            let (mut rate, mut peak) = (Figures::default(), Figures::default());
            for _ in 0..ROUNDS {
                process::peak_kib();
                let began = Instant::now();
                map_over(items, concurrency).await?;
                rate.push(items as f64 / began.elapsed().as_secs_f64());
                peak.push(process::peak_kib().map_or(f64::NAN, |kib| kib as f64 / 1024.0));
            }
            let what = format!("{items} items, {concurrency} at once");
            rate.report(&what, "items/s");
            peak.report(&what, "MiB held");
        }
    }
    Ok(())
}

async fn map_over(items: usize, concurrency: usize) -> Result<(), Failure> {
    let definition = json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "End": true, "MaxConcurrency": concurrency,
        "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSONL" },
            "Parameters": { "Bucket": "in", "Key": "items.jsonl" } },
        "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "out" },
            "WriterConfig": { "Transformation": "COMPACT", "OutputType": "JSONL" } },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Pass", "States": { "Pass": { "Type": "Pass", "End": true } } } } } });
    let program = Program::from_definition(&definition)
        .map_err(|errors| format!("the machine does not compile: {errors:?}"))?;
    let world = Arc::new(World { lines: items });
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
        program: Arc::new(program),
        input: json!({}),
    };
    let outcome = run(&TenantId::local(), new, deps, std::future::pending::<()>()).await?;
    match outcome.status {
        RunStatus::Succeeded => Ok(()),
        _ => Err(format!("the machine failed: {outcome:?}").into()),
    }
}

/// A file that is made where it is read; results are thrown away.
#[derive(Debug)]
struct World {
    lines: usize,
}

fn line(index: usize) -> String {
    let start = format!("{{\"n\":{index},\"text\":\"");
    let end = "\"}\n";
    let fill = LINE.saturating_sub(start.len() + end.len());
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
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let lines = (from / LINE..self.lines).take(most / LINE);
        Ok(lines.flat_map(|index| line(index).into_bytes()).collect())
    }

    async fn write(&self, _: &TenantId, _: &str, _: &str, _: &[u8]) -> Result<(), StoreError> {
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
