//! The driver: what is stored before what happens, stopping, mocks, files, text.

use async_trait::async_trait;
use awm_api::Timestamp;
use awm_api::runs::{Mock, RunEvent, RunStatus};
use awm_interpreter::driver::{Deps, EventSink, NewRun, always, run};
use awm_interpreter::{Outcome, Program};
use awm_ports::{
    Clock, Ids, ItemObject, ItemStore, StoreError, TaskFailure, TaskRequest, TaskRunner,
};
use awm_tenancy::TenantId;
use expect_test::expect;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// A clock that jumps to whatever is waited for, once nothing else can go on.
#[derive(Debug, Default)]
struct VirtualClock(AtomicI64);

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.0.load(Ordering::SeqCst)
    }
    async fn sleep_until(&self, at: Timestamp) {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.0.fetch_max(at, Ordering::SeqCst);
    }
}

#[derive(Debug)]
struct NoIds;

impl Ids for NoIds {
    fn next(&self) -> String {
        String::new()
    }
    fn random(&self) -> f64 {
        0.5
    }
}

/// One log of what was stored and what was done, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }
    fn lines(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

struct Sink {
    log: Log,
    /// Appends that succeed before one fails.
    room: Mutex<usize>,
}

#[async_trait]
impl EventSink for Sink {
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError> {
        let mut room = self.room.lock().unwrap();
        if *room == 0 {
            return Err(StoreError::Full);
        }
        *room -= 1;
        for event in events {
            self.log.add(format!("stored {} {}", event.id, event.kind));
        }
        Ok(())
    }
}

struct Tasks(Log);

#[async_trait]
impl TaskRunner for Tasks {
    async fn run(&self, _: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        self.0.add(format!("ran {}", request.name));
        match request.resource.as_str() {
            "${Hang}" => std::future::pending().await,
            "${Fail}" => Err(TaskFailure::new("Boom", "because")),
            _ => {
                request.progress.tell("some text");
                Ok(request.arguments)
            }
        }
    }
}

struct Files;

#[async_trait]
impl ItemStore for Files {
    async fn read_part(
        &self,
        _: &TenantId,
        _: &str,
        key: &str,
        from: u64,
        most: usize,
    ) -> Result<Vec<u8>, StoreError> {
        let part = |bytes: &[u8]| {
            let rest = bytes.iter().skip(usize::try_from(from).unwrap());
            Ok(rest.take(most).copied().collect())
        };
        match key {
            "a.csv" => part(b"name,n\nx,1\n\"y,z\",2\n"),
            "a.jsonl" => part(b"{\"n\":1}\n\n{\"n\":2}\n"),
            _ => Err(StoreError::NotFound {
                what: "file",
                id: key.to_owned(),
            }),
        }
    }
    async fn write(&self, _: &TenantId, _: &str, _: &str, _: &[u8]) -> Result<(), StoreError> {
        Ok(())
    }
    async fn list(
        &self,
        _: &TenantId,
        _: &str,
        prefix: &str,
    ) -> Result<Vec<ItemObject>, StoreError> {
        Ok(vec![ItemObject {
            key: format!("{prefix}a"),
            size: 3,
            etag: "e".to_owned(),
            modified_at: 0,
        }])
    }
}

async fn drive(
    definition: Value,
    mocks: BTreeMap<String, Mock>,
    room: usize,
    stop: impl Future<Output = ()> + Send,
) -> (Result<Outcome, StoreError>, Log) {
    let log = Log::default();
    let told = log.clone();
    let deps = Deps {
        clock: Arc::new(VirtualClock::default()),
        ids: Arc::new(NoIds),
        tasks: Arc::new(Tasks(log.clone())),
        items: Some(Arc::new(Files)),
        mocks: always(mocks),
        sink: Arc::new(Sink {
            log: log.clone(),
            room: Mutex::new(room),
        }),
        progress: Arc::new(move |text| told.add(format!("told {}", text.text))),
    };
    let new = NewRun {
        id: "run".to_owned(),
        workflow: "flow".to_owned(),
        program: Arc::new(Program::from_definition(&definition).unwrap()),
        input: json!({ "a": 1 }),
    };
    let outcome = run(&TenantId::local(), new, deps, stop).await;
    (outcome, log)
}

fn work(resource: &str) -> Value {
    json!({ "StartAt": "Work", "States": { "Work": { "Type": "Task", "Resource": resource, "End": true } } })
}

#[tokio::test]
async fn an_event_is_stored_before_what_it_causes() {
    let (outcome, log) = drive(
        work("${AwmWork}"),
        BTreeMap::new(),
        99,
        std::future::pending(),
    )
    .await;
    assert_eq!(outcome.unwrap().output, Some(json!({ "a": 1 })));
    expect![[r#"
        stored 1 ExecutionStarted
        stored 2 TaskStateEntered
        stored 3 LambdaFunctionScheduled
        stored 4 LambdaFunctionStarted
        ran Work
        told some text
        stored 5 LambdaFunctionSucceeded
        stored 6 TaskStateExited
        stored 7 ExecutionSucceeded"#]]
    .assert_eq(&log.lines());
}

#[tokio::test]
async fn nothing_happens_that_could_not_be_stored() {
    let (outcome, log) = drive(
        work("${AwmWork}"),
        BTreeMap::new(),
        0,
        std::future::pending(),
    )
    .await;
    assert!(matches!(outcome, Err(StoreError::Full)));
    assert_eq!(log.lines(), "");
}

#[tokio::test]
async fn a_stop_ends_a_run_as_aborted() {
    let stop = async {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    };
    let (outcome, log) = drive(work("${Hang}"), BTreeMap::new(), 99, stop).await;
    assert_eq!(outcome.unwrap().status, RunStatus::Aborted);
    assert!(
        log.lines().ends_with("stored 5 ExecutionAborted"),
        "{}",
        log.lines()
    );
}

#[tokio::test]
async fn a_stop_reaches_a_run_that_never_waits() {
    let definition = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "A" } } });
    let (outcome, _) = drive(
        definition,
        BTreeMap::new(),
        9_999_999,
        std::future::ready(()),
    )
    .await;
    assert_eq!(outcome.unwrap().status, RunStatus::Aborted);
}

#[tokio::test]
async fn a_mock_stands_in_for_a_task() {
    let mocks = BTreeMap::from([(
        "/States/Work".to_owned(),
        Mock::Fail {
            error: "Mocked".to_owned(),
            cause: "so".to_owned(),
        },
    )]);
    let (outcome, log) = drive(work("${AwmWork}"), mocks, 99, std::future::pending()).await;
    let outcome = outcome.unwrap();
    assert_eq!(
        (outcome.error.as_deref(), outcome.cause.as_deref()),
        (Some("Mocked"), Some("so"))
    );
    assert!(!log.lines().contains("ran"));
}

#[tokio::test]
async fn a_mock_is_taken_before_it_answers_where_aws_waits() {
    let mock = || BTreeMap::from([("/States/Work".to_owned(), Mock::Return { value: json!(1) })]);
    for (resource, submitted) in [
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", true),
        ("arn:aws:states:::states:startExecution.sync:2", true),
        ("arn:aws:states:::states:startExecution", false),
        (
            "arn:aws:states:eu-north-1:123456789012:activity:pack",
            false,
        ),
    ] {
        let (outcome, log) = drive(work(resource), mock(), 99, std::future::pending()).await;
        assert_eq!(outcome.unwrap().output, Some(json!(1)), "{resource}");
        let lines = log.lines();
        let (taken, done) = (lines.find("TaskSubmitted"), lines.find("TaskSucceeded"));
        assert_eq!(taken.is_some(), submitted, "{resource}: {lines}");
        assert!(!submitted || taken < done, "{resource}: {lines}");
    }
}

#[tokio::test]
async fn timers_wait_by_the_clock() {
    let definition = json!({ "StartAt": "Work", "States": { "Work": {
        "Type": "Task", "Resource": "${Hang}", "TimeoutSeconds": 86400,
        "Retry": [{ "ErrorEquals": ["States.Timeout"], "MaxAttempts": 2 }], "End": true } } });
    let (outcome, log) = drive(definition, BTreeMap::new(), 99, std::future::pending()).await;
    assert_eq!(outcome.unwrap().error.as_deref(), Some("States.Timeout"));
    assert_eq!(log.lines().matches("ran Work").count(), 3);
}

#[tokio::test]
async fn items_come_from_files() {
    let map = |reader: Value| {
        json!({ "StartAt": "Map", "States": { "Map": { "Type": "Map", "ItemReader": reader, "End": true,
            "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } } } })
    };
    let get = |key: &str, kind: &str| {
        map(
            json!({ "Resource": "arn:aws:states:::s3:getObject", "Parameters": { "Bucket": "b", "Key": key },
            "ReaderConfig": { "InputType": kind, "CSVHeaderLocation": "FIRST_ROW" } }),
        )
    };
    let list = map(
        json!({ "Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": { "Bucket": "b", "Prefix": "p/" } }),
    );
    for (definition, expected) in [
        (
            get("a.csv", "CSV"),
            r#"[{"name":"x","n":"1"},{"name":"y,z","n":"2"}]"#,
        ),
        (get("a.jsonl", "JSONL"), r#"[{"n":1},{"n":2}]"#),
        (
            list,
            r#"[{"Etag":"e","Key":"p/a","LastModified":0,"Size":3,"StorageClass":"STANDARD"}]"#,
        ),
        (
            get("none", "JSON"),
            "States.ItemReaderFailed: file `none` is not there",
        ),
    ] {
        let (outcome, _) = drive(definition, BTreeMap::new(), 99, std::future::pending()).await;
        let outcome = outcome.unwrap();
        let told = match outcome.output {
            Some(output) => output.to_string(),
            None => format!("{}: {}", outcome.error.unwrap(), outcome.cause.unwrap()),
        };
        assert_eq!(told, expected);
    }
}
