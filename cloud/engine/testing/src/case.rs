//! One case.

use crate::check::{self, status_name};
use crate::report::{CaseReport, Failed};
use crate::simulate::{Simulation, simulate};
use crate::workflow::Workflow;
use awm_api::Timestamp;
use awm_api::mocks::{MockAnswer, MockedCall};
use awm_asl::{Machine, StateKind, StateRef};
use awm_interpreter::{Failure, Names, TestRequest, test_state};
use awm_services::Mode;
use awm_suite::{Case, Given, MockFile, Suite, UnknownState, resolve, resolve_mocks, with_faults};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// When the virtual clock begins unless a file says: 1 January 2026, 00:00 UTC.
const START: Timestamp = 1_767_225_600_000;

/// Runs a case and answers with what it exercised.
pub(crate) fn run_case(
    workflow: &Workflow,
    suite: &Suite,
    beside: &MockFile,
    case: &Case,
) -> (CaseReport, BTreeSet<String>) {
    let mut report = CaseReport {
        name: case.name.clone(),
        ..CaseReport::default()
    };
    let mut exercised = BTreeSet::new();
    let ran = mocks(&workflow.machine, suite, beside, case).and_then(|mocks| match &case.state {
        Some(state) => one_state(workflow, suite, case, state, mocks, &mut report),
        None => whole(workflow, suite, case, mocks, &mut report),
    });
    match ran {
        Ok(seen) => exercised = seen,
        Err(failed) => report.failures.push(failed),
    }
    report.passed = report.failures.is_empty();
    (report, exercised)
}

type Mocks = BTreeMap<StateRef, Vec<MockedCall>>;

fn unknown(error: UnknownState) -> Failed {
    Failed::new("the case", "a state of the workflow", error.to_string())
}

/// The mocks of a case: its own before those of its sets, these before those of the file, these before those beside the workflow.
fn mocks(
    machine: &Machine,
    suite: &Suite,
    beside: &MockFile,
    case: &Case,
) -> Result<Mocks, Failed> {
    let mut mocks = beside.always.clone();
    mocks.extend(suite.mocks.always.clone());
    for name in &case.sets {
        let one = std::slice::from_ref(name);
        let found = [&suite.mocks, beside]
            .into_iter()
            .find_map(|file| file.with(one).ok().map(|_| file));
        let Some(file) = found else {
            let known = suite.mocks.sets.keys().chain(beside.sets.keys());
            let known: Vec<&str> = known.map(String::as_str).collect();
            return Err(Failed::new(
                "the case",
                format!("a set of mocks `{name}`"),
                match known.is_empty() {
                    true => "no sets".to_owned(),
                    false => known.join(", "),
                },
            ));
        };
        let only = MockFile {
            always: Default::default(),
            sets: file.sets.clone(),
        };
        mocks.extend(only.with(one).unwrap_or_default());
    }
    mocks.extend(case.mocks.clone());
    let mut mocks = resolve_mocks(machine, &mocks).map_err(unknown)?;
    for (state, faults) in &case.faults {
        let state = resolve(machine, state).map_err(unknown)?;
        let calls = mocks.remove(&state).unwrap_or_default();
        mocks.insert(state, with_faults(&calls, faults));
    }
    Ok(mocks)
}

fn input(suite: &Suite, case: &Case) -> Value {
    let given = case.input.clone().or_else(|| suite.input.clone());
    given.unwrap_or_else(|| json!({}))
}

fn start(suite: &Suite, case: &Case) -> Timestamp {
    case.start.or(suite.start).unwrap_or(START)
}

fn whole(
    workflow: &Workflow,
    suite: &Suite,
    case: &Case,
    mocks: Mocks,
    report: &mut CaseReport,
) -> Result<BTreeSet<String>, Failed> {
    let (input, start) = (input(suite, case), start(suite, case));
    let run = simulate(Simulation {
        program: Arc::clone(&workflow.program),
        workflow: workflow.name.clone(),
        input: input.clone(),
        seed: case.seed.unwrap_or(suite.seed),
        start,
        mocks,
    });
    let given = Given {
        input: &input,
        now: start,
    };
    let checked = check::check(&workflow.machine, &case.expected, &run, given);
    report.failures = checked.map_err(unknown)?;
    report.status = status_name(run.outcome.status).to_owned();
    let outermost = check::entered(&run)
        .into_iter()
        .filter(|state| state.outermost);
    report.path = outermost.map(|state| state.name).collect();
    report.calls = run.calls.len();
    report.events = run.events.len();
    report.virtual_ms = run.elapsed_ms;
    report.output = run.outcome.output;
    report.error = run.outcome.error;
    report.cause = run.outcome.cause;
    Ok(run.exercised)
}

fn one_state(
    workflow: &Workflow,
    suite: &Suite,
    case: &Case,
    state: &str,
    mocks: Mocks,
    report: &mut CaseReport,
) -> Result<BTreeSet<String>, Failed> {
    let pointer = resolve(&workflow.machine, state).map_err(unknown)?;
    let Some(found) = workflow.machine.state(&pointer) else {
        return Ok(BTreeSet::new());
    };
    let resource = match &found.kind {
        StateKind::Task(task) => task.resource.as_str(),
        _ => "",
    };
    let mock = mocks.get(&pointer).and_then(|calls| {
        let call = calls.iter().rev().find(|call| call.covers(case.retries))?;
        Some(result(&call.answer, resource))
    });
    if mock.is_none() && matches!(found.kind, StateKind::Task(_)) {
        return Err(Failed {
            help: format!("write `mocks: {{ {state}: {{ return: … }} }}`"),
            ..Failed::new(
                state,
                "a mock [AWM-3004]",
                format!("`{resource}` without one"),
            )
        });
    }
    let (input, start) = (input(suite, case), start(suite, case));
    let answer = test_state(TestRequest {
        definition: workflow.definition.clone(),
        state: Some(found.name.clone()),
        input: input.clone(),
        context: case.context.clone(),
        variables: case.variables.clone(),
        mock,
        mode: Mode::None,
        retries: (case.retries > 0).then_some(case.retries),
        error_caused_by: None,
        failed_iterations: None,
        reader_data: None,
        names: Names::local("test", &workflow.name),
        now: start,
    })
    .map_err(|refused| Failed::new(state, "a state that can be tested", refused.to_string()))?;

    let given = Given {
        input: &input,
        now: start,
    };
    let expected = &case.expected;
    let (error, cause) = (answer.error.as_deref(), answer.cause.as_deref());
    let status = answer.status.as_str();
    let wanted = match (&expected.status, &expected.error, &expected.cause) {
        (Some(status), ..) => Some(status.as_str()),
        (None, None, None) => Some("SUCCEEDED"),
        // An error may also have been caught, or be tried again.
        _ => None,
    };
    let failures = &mut report.failures;
    if wanted.is_some_and(|wanted| wanted != status) {
        let told = check::status_told(status, error, cause);
        failures.push(Failed::new("status", wanted.unwrap_or_default(), told));
    }
    if let Some(output) = &expected.output {
        let found = output.check_optional(answer.output.as_ref(), given);
        failures.extend(check::told("output", found));
    }
    failures.extend(check::text("error", expected.error.as_ref(), error, given));
    failures.extend(check::text("cause", expected.cause.as_ref(), cause, given));
    if let Some(next) = &expected.next
        && answer.next.as_ref() != Some(next)
    {
        let came = answer.next.clone().unwrap_or_else(|| "the end".to_owned());
        failures.push(Failed::new("next", next.clone(), came));
    }
    if let Some(variables) = &expected.variables {
        let found = answer.inspection.get("variables");
        failures.extend(check::told(
            "variables",
            variables.check_optional(found, given),
        ));
    }
    if let Some(inspection) = &expected.inspection {
        let found = Value::Object(answer.inspection.clone());
        failures.extend(check::told("inspection", inspection.check(&found, given)));
    }
    report.status = status.to_owned();
    report.path = vec![found.name.clone()];
    let mut seen = answer.exercised;
    seen.extend(handlers(&pointer, &answer.inspection));
    report.output = answer.output;
    report.error = answer.error;
    report.cause = answer.cause;
    Ok(seen)
}

fn result(answer: &MockAnswer, resource: &str) -> Result<Value, Failure> {
    match answer {
        MockAnswer::Return { value } => Ok(value.clone()),
        MockAnswer::Fail { error, cause } => Err(Failure::work(error, cause)),
        MockAnswer::Fault { fault } => {
            let failure = crate::fault_failure(*fault, resource);
            Err(Failure::work(failure.error, failure.cause))
        }
    }
}

/// What the test of a state exercised beside the state: the retrier or catcher of its failure.
fn handlers(pointer: &str, inspection: &serde_json::Map<String, Value>) -> Vec<String> {
    let details = inspection.get("errorDetails");
    let index = |field: &str| details?.get(field)?.as_u64();
    // A failure that is tried again was not caught.
    let found = match (index("retryIndex"), index("catchIndex")) {
        (_, Some(catcher)) => Some(format!("{pointer}/Catch/{catcher}")),
        (Some(retrier), None)
            if details.is_some_and(|it| it.get("retryBackoffIntervalSeconds").is_some()) =>
        {
            Some(format!("{pointer}/Retry/{retrier}"))
        }
        _ => None,
    };
    found.into_iter().collect()
}
