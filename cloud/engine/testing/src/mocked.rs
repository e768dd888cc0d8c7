//! Mocks in front of real tasks, for runs by the clock of the world.

use crate::faults::fault_failure;
use async_trait::async_trait;
use awm_api::mocks::{MockAnswer, MockedCall};
use awm_ports::{Clock, TaskFailure, TaskRequest, TaskRunner};
use awm_tenancy::TenantId;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers the calls that mocks are there for, and has the others done.
pub struct MockedTasks {
    mocks: BTreeMap<String, Vec<MockedCall>>,
    called: Mutex<BTreeMap<String, u32>>,
    clock: Arc<dyn Clock>,
    tasks: Arc<dyn TaskRunner>,
}

impl std::fmt::Debug for MockedTasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MockedTasks").finish_non_exhaustive()
    }
}

impl MockedTasks {
    /// Mocks by the states' JSON Pointers, in front of `tasks`, for one run.
    pub fn new(
        mocks: BTreeMap<String, Vec<MockedCall>>,
        clock: Arc<dyn Clock>,
        tasks: Arc<dyn TaskRunner>,
    ) -> Self {
        Self {
            mocks,
            called: Mutex::default(),
            clock,
            tasks,
        }
    }

    fn next(&self, state: &str) -> Option<Option<&MockedCall>> {
        let mocks = self.mocks.get(state)?;
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        let called = called.entry(state.to_owned()).or_default();
        let call = *called;
        *called += 1;
        Some(mocks.iter().rev().find(|mock| mock.covers(call)))
    }
}

#[async_trait]
impl TaskRunner for MockedTasks {
    async fn run(&self, tenant: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        let Some(mock) = self.next(&request.state) else {
            return self.tasks.run(tenant, request).await;
        };
        let Some(mock) = mock else {
            return Err(TaskFailure::new(
                "Awm.NotMocked",
                format!(
                    "the mocks of `{}` stand in for fewer calls than it makes [AWM-3004]",
                    request.name
                ),
            ));
        };
        if let Ok(delay @ 1..) = i64::try_from(mock.delay_ms) {
            let until = self.clock.now().saturating_add(delay);
            self.clock.sleep_until(until).await;
        }
        match &mock.answer {
            MockAnswer::Return { value } => Ok(value.clone()),
            MockAnswer::Fail { error, cause } => Err(TaskFailure::new(error, cause)),
            // A task that never answered would hold up a run whose state has no timeout: it times out at once.
            MockAnswer::Fault { fault } => Err(fault_failure(*fault, &request.resource)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use awm_memory::MemoryClock;
    use awm_ports::TaskProgress;
    use serde_json::json;

    struct Real;

    #[async_trait]
    impl TaskRunner for Real {
        async fn run(&self, _: &TenantId, _: TaskRequest) -> Result<Value, TaskFailure> {
            Ok(json!("done"))
        }
    }

    fn request(state: &str) -> TaskRequest {
        TaskRequest {
            run_id: "run".to_owned(),
            state: format!("/States/{state}"),
            name: state.to_owned(),
            resource: "${Charge}".to_owned(),
            arguments: json!({}),
            retries: 0,
            progress: TaskProgress::none(),
        }
    }

    #[test]
    fn answers_call_by_call_and_lets_others_through() {
        let text = "mocks:\n  Charge:\n    - fault: throttle\n    - return: 1\n      delay: 2s\n      times: 1\n";
        let file = awm_suite::read_text(text, awm_suite::MockFile::read).unwrap();
        let mocks = file
            .always
            .into_iter()
            .map(|(state, calls)| (format!("/States/{state}"), calls))
            .collect();
        let clock = Arc::new(MemoryClock::jumping(1000));
        let tasks = MockedTasks::new(mocks, Arc::clone(&clock) as Arc<dyn Clock>, Arc::new(Real));
        let ask = |state: &str| {
            futures::executor::block_on(tasks.run(&TenantId::local(), request(state)))
        };
        assert_eq!(
            ask("Charge").unwrap_err().error,
            "Lambda.TooManyRequestsException"
        );
        assert_eq!(ask("Charge"), Ok(json!(1)));
        assert_eq!(clock.now(), 3000);
        assert_eq!(ask("Charge").unwrap_err().error, "Awm.NotMocked");
        assert_eq!(ask("Ship"), Ok(json!("done")));
    }
}
