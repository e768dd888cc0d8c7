//! Cases with files: played by the driver, over files in memory and a clock that does not wait.

use super::case::{Act, Case};
use super::world::Played;
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_api::runs::RunEvent;
use awm_interpreter::Program;
use awm_interpreter::driver::{Deps, EventSink, NewRun, run};
use awm_ports::{
    Clock, Ids, ItemObject, ItemStore, StoreError, TaskFailure, TaskRequest, TaskRunner,
};
use awm_tenancy::TenantId;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// Plays a case; answers with what happened and the files that there are in the end.
pub(super) fn play(case: &Case) -> Result<(Played, BTreeMap<String, Vec<u8>>), String> {
    let program = Program::from_definition(&case.definition).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        told.join("; ")
    })?;
    let world = Arc::new(World {
        files: Mutex::new(
            case.files
                .iter()
                .map(|(key, content)| (key.clone(), bytes_of(content)))
                .collect(),
        ),
        acts: case.world.clone(),
        calls: Mutex::default(),
        played: Mutex::default(),
    });
    let deps = Deps {
        clock: Arc::new(Still),
        ids: Arc::new(Still),
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
        input: case.input.clone(),
    };
    let tenant = TenantId::local();
    let run = run(&tenant, new, deps, std::future::pending::<()>());
    let outcome = futures::executor::block_on(run).map_err(|error| error.to_string())?;
    let mut played = std::mem::take(&mut *locked(&world.played));
    played.outcome = Some(outcome);
    let files = std::mem::take(&mut *locked(&world.files));
    Ok((played, files))
}

/// A text as it is, `{"gzip": "…"}` packed, anything else as JSON.
fn bytes_of(content: &Value) -> Vec<u8> {
    let packed = content.get("gzip").and_then(Value::as_str);
    if let Some(text) = packed {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        return encoder
            .write_all(text.as_bytes())
            .and_then(|()| encoder.finish())
            .unwrap_or_default();
    }
    match content {
        Value::String(text) => text.clone().into_bytes(),
        other => other.to_string().into_bytes(),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct World {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    acts: BTreeMap<String, Vec<Act>>,
    calls: Mutex<BTreeMap<String, usize>>,
    played: Mutex<Played>,
}

#[async_trait]
impl EventSink for World {
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError> {
        let kinds = events.iter().map(|event| event.kind.clone());
        locked(&self.played).events.extend(kinds);
        Ok(())
    }
}

#[async_trait]
impl TaskRunner for World {
    async fn run(&self, _: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        let call = {
            let mut calls = locked(&self.calls);
            let call = calls.entry(request.name.clone()).or_default();
            *call += 1;
            *call - 1
        };
        let arguments = request.arguments.clone();
        let made = (0, request.name.clone(), request.arguments);
        locked(&self.played).calls.push(made);
        let acts = self.acts.get(&request.name);
        let act = acts.and_then(|acts| acts.get(call).or_else(|| acts.last()));
        let Some(act) = act else {
            return Ok(arguments);
        };
        if act.never {
            return std::future::pending().await;
        }
        act.output.clone().ok_or_else(|| {
            TaskFailure::new(
                act.error.clone().unwrap_or_default(),
                act.cause.clone().unwrap_or_default(),
            )
        })
    }
}

#[async_trait]
impl ItemStore for World {
    async fn read_part(
        &self,
        _: &TenantId,
        bucket: &str,
        key: &str,
        from: u64,
        most: usize,
    ) -> Result<Vec<u8>, StoreError> {
        let files = locked(&self.files);
        let bytes = files
            .get(&format!("{bucket}/{key}"))
            .ok_or_else(|| StoreError::NotFound {
                what: "object",
                id: key.to_owned(),
            })?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(bytes.iter().skip(from).take(most).copied().collect())
    }

    async fn write(
        &self,
        _: &TenantId,
        bucket: &str,
        key: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        locked(&self.files).insert(format!("{bucket}/{key}"), bytes.to_vec());
        Ok(())
    }

    async fn list(
        &self,
        _: &TenantId,
        bucket: &str,
        prefix: &str,
    ) -> Result<Vec<ItemObject>, StoreError> {
        let files = locked(&self.files);
        Ok(files
            .iter()
            .filter_map(|(name, bytes)| {
                let key = name.strip_prefix(bucket)?.strip_prefix('/')?;
                key.starts_with(prefix).then(|| ItemObject {
                    key: key.to_owned(),
                    size: bytes.len() as u64,
                    etag: "\"etag\"".to_owned(),
                    modified_at: 5_000,
                })
            })
            .collect())
    }
}

#[derive(Debug)]
struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        0
    }

    async fn sleep_until(&self, _: Timestamp) {}
}

impl Ids for Still {
    fn next(&self) -> String {
        String::new()
    }

    fn random(&self) -> f64 {
        0.5
    }
}
