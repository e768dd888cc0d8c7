//! A session among tasks and a clock.

use crate::world::{NOW, row};
use async_trait::async_trait;
use awm_api::debug::{BreakAt, Breakpoint, DebugAction, DebugState, DebugStatus, HoldReason};
use awm_api::runs::{Mock, RunEvent};
use awm_debugger::{DebugSink, Debugger, NewSession, World, session};
use awm_interpreter::{Names, Options, Program};
use awm_memory::MemoryClock;
use awm_ports::{StoreError, TaskFailure, TaskRequest, TaskRunner};
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// One log of what was stored and what was done.
#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    go_on: Notify,
}

#[async_trait]
impl DebugSink for Log {
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError> {
        let told = events
            .iter()
            .map(|event| format!("stored {} {}", event.id, event.kind));
        self.lines.lock().unwrap().extend(told);
        Ok(())
    }
    async fn rewind(&self, after: u64) -> Result<(), StoreError> {
        self.lines
            .lock()
            .unwrap()
            .push(format!("forgot after {after}"));
        Ok(())
    }
}

#[async_trait]
impl TaskRunner for Log {
    async fn run(&self, _: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        self.lines
            .lock()
            .unwrap()
            .push(format!("ran {}", request.name));
        if request.name == "Third" {
            self.go_on.notified().await;
        }
        Ok(request.arguments)
    }
}

fn begin(
    log: &Arc<Log>,
    real_time: bool,
    definition: &Value,
    clock: &Arc<MemoryClock>,
) -> awm_debugger::Handle {
    let debugger = Debugger::new(NewSession {
        program: Arc::new(Program::from_definition(definition).unwrap()),
        input: json!(1),
        names: Names::local("run", "machine"),
        options: Options::default(),
        seed: 1,
        now: NOW,
        real_time,
        start_at: None,
        variables: serde_json::Map::new(),
    })
    .unwrap();
    let (handle, work) = session(
        debugger,
        World {
            tenant: TenantId::local(),
            id: "s".to_owned(),
            clock: Arc::clone(clock) as _,
            tasks: Arc::clone(log) as _,
            items: None,
            mocks: BTreeMap::from([(
                "/States/First".to_owned(),
                vec![Mock::Return {
                    value: json!("mocked"),
                }],
            )]),
            sink: Some(Arc::clone(log) as _),
        },
    );
    tokio::spawn(work);
    handle
}

fn chosen(state: &DebugState) -> &str {
    let line = state
        .threads
        .iter()
        .find(|line| Some(line.id) == state.thread)
        .unwrap();
    &line.frames.last().unwrap().name
}

#[tokio::test]
async fn what_is_shown_is_stored_and_stored_before_it_has_effects() {
    let log = Arc::new(Log::default());
    let handle = begin(&log, false, &row(), &Arc::new(MemoryClock::standing(NOW)));
    let at = BreakAt::Enter {
        state: "/States/Third".to_owned(),
    };
    let breakpoint = Breakpoint {
        id: 0,
        at,
        condition: None,
        disabled: false,
        once: false,
    };
    handle
        .act(DebugAction::AddBreakpoint { breakpoint }, 0)
        .await
        .unwrap();
    let state = handle.act(DebugAction::Continue, 0).await.unwrap();
    assert_eq!(state.reason, Some(HoldReason::Breakpoint { id: 1 }));
    assert_eq!(chosen(&state), "Third");
    let lines = log.lines.lock().unwrap().clone();
    let place = |line: &str| lines.iter().position(|one| one == line).unwrap();
    assert!(
        place("stored 8 LambdaFunctionScheduled") < place("ran Second"),
        "{lines:?}"
    );
    assert!(
        !lines.iter().any(|line| line == "ran First"),
        "a mock stands in"
    );
    let stored: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("stored"))
        .collect();
    assert_eq!(stored.len() as u64, state.newest);
    let later = handle.look(state.newest - 1).await.unwrap();
    assert_eq!(later.events.len(), 1, "only what is new");
}

#[tokio::test]
async fn a_session_that_goes_can_be_paused_and_looked_at() {
    let log = Arc::new(Log::default());
    let handle = begin(&log, false, &row(), &Arc::new(MemoryClock::standing(NOW)));
    let going = {
        let handle = handle.clone();
        tokio::spawn(async move { handle.act(DebugAction::Continue, 0).await })
    };
    while !log
        .lines
        .lock()
        .unwrap()
        .iter()
        .any(|line| line == "ran Third")
    {
        tokio::task::yield_now().await;
    }
    assert_eq!(handle.look(0).await.unwrap().status, DebugStatus::Running);
    let refused = handle.act(DebugAction::Step, 0).await.unwrap_err();
    assert_eq!(refused.to_string(), "the session goes: pause it first");
    let held = handle.act(DebugAction::Pause, 0).await.unwrap();
    assert_eq!(held.reason, Some(HoldReason::Asked));
    assert_eq!(
        going.await.unwrap().unwrap(),
        held,
        "whoever waits is told too"
    );
    let back = handle
        .act(DebugAction::Back { states: 1 }, 0)
        .await
        .unwrap();
    assert_eq!(chosen(&back), "Third");
    log.go_on.notify_one();
    let end = handle.act(DebugAction::Continue, 0).await.unwrap();
    assert_eq!(end.status, DebugStatus::Ended);
    let lines = log.lines.lock().unwrap().clone();
    let ran = lines.iter().filter(|line| *line == "ran Third").count();
    assert_eq!(
        ran, 1,
        "the task that worked meanwhile is the one that is asked: {lines:?}"
    );
}

#[tokio::test]
async fn real_time_is_waited_for() {
    let definition = json!({ "StartAt": "Rest", "States": {
        "Rest": { "Type": "Wait", "Seconds": 30, "Next": "Done" }, "Done": { "Type": "Succeed" },
    } });
    let clock = Arc::new(MemoryClock::standing(NOW));
    let handle = begin(&Arc::new(Log::default()), true, &definition, &clock);
    let going = {
        let handle = handle.clone();
        tokio::spawn(async move { handle.act(DebugAction::Step, 0).await })
    };
    while clock.next_wake().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(clock.next_wake(), Some(NOW + 30_000));
    clock.advance(30_000);
    let state = going.await.unwrap().unwrap();
    assert_eq!((chosen(&state), state.now), ("Done", NOW + 30_000));
}
