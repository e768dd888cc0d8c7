//! Whether a run is what a case expects.

use crate::report::Failed;
use crate::simulate::{NOT_MOCKED, Simulated};
use awm_api::runs::{RunStatus, VisitData};
use awm_asl::pointer::machine_of;
use awm_asl::{Machine, StateRef};
use awm_suite::{
    CallExpected, Expected, Given, Mismatch, PathExpected, Pattern, UnknownState, milliseconds,
    resolve,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// States that the machine itself entered, in order: (pointer, name, whether outermost).
#[derive(Clone, Debug)]
pub(crate) struct Entered {
    pub(crate) state: StateRef,
    pub(crate) name: String,
    pub(crate) outermost: bool,
}

/// The states that a run entered, in order.
pub(crate) fn entered(run: &Simulated) -> Vec<Entered> {
    let entries = run
        .events
        .iter()
        .filter(|event| event.kind.ends_with("StateEntered"));
    entries
        .filter_map(|event| {
            let visit = event.visit.as_ref()?;
            Some(Entered {
                state: visit.state.clone(),
                name: visit.name.clone(),
                outermost: machine_of(&visit.state) == Some(""),
            })
        })
        .collect()
}

/// AWS's name of a status.
pub(crate) fn status_name(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "RUNNING",
        RunStatus::Succeeded => "SUCCEEDED",
        RunStatus::Failed => "FAILED",
        RunStatus::TimedOut => "TIMED_OUT",
        RunStatus::Aborted => "ABORTED",
    }
}

/// How a status that wasn't expected came about.
pub(crate) fn status_told(status: &str, error: Option<&str>, cause: Option<&str>) -> String {
    match (error, cause.filter(|cause| !cause.is_empty())) {
        (Some(error), Some(cause)) => format!("{status} ({error}: {cause})"),
        (Some(error), None) => format!("{status} ({error})"),
        _ => status.to_owned(),
    }
}

/// Mismatches of a part as failures.
pub(crate) fn told(what: &str, mismatches: Vec<Mismatch>) -> impl Iterator<Item = Failed> {
    mismatches.into_iter().map(move |found| Failed {
        pointer: found.pointer,
        ..Failed::new(
            what,
            found.expected,
            found
                .actual
                .map_or_else(|| "nothing".to_owned(), |value| value.to_string()),
        )
    })
}

/// A text that may be missing against what is expected of it.
pub(crate) fn text(
    what: &str,
    expected: Option<&Pattern>,
    actual: Option<&str>,
    given: Given<'_>,
) -> Vec<Failed> {
    let Some(expected) = expected else {
        return Vec::new();
    };
    let actual = actual.map(Value::from);
    told(what, expected.check_optional(actual.as_ref(), given)).collect()
}

/// Everything that is not as expected.
pub(crate) fn check(
    machine: &Machine,
    expected: &Expected,
    run: &Simulated,
    given: Given<'_>,
) -> Result<Vec<Failed>, UnknownState> {
    let mut failures = Vec::new();
    let outcome = &run.outcome;
    let (error, cause) = (outcome.error.as_deref(), outcome.cause.as_deref());
    for call in run.calls.iter().filter(|call| !call.mocked) {
        failures.push(Failed {
            help: format!(
                "write `mocks: {{ {}: {{ return: … }} }}`, or for more calls",
                call.name
            ),
            ..Failed::new(
                format!("call {} of {}", call.call, call.name),
                "a mock [AWM-3004]",
                format!("`{}` without one", call.resource),
            )
        });
    }
    let status = status_name(outcome.status);
    let wanted = match (&expected.status, &expected.error, &expected.cause) {
        (Some(status), ..) => status,
        // Who expects an error expects a failure.
        (None, None, None) => "SUCCEEDED",
        _ => "FAILED",
    };
    // That there is no mock has been told already.
    let told_before = error == Some(NOT_MOCKED) && !failures.is_empty();
    if status != wanted && !told_before {
        failures.push(Failed::new(
            "status",
            wanted,
            status_told(status, error, cause),
        ));
    }
    if let Some(output) = &expected.output {
        let found = output.check_optional(outcome.output.as_ref(), given);
        failures.extend(told("output", found));
    }
    failures.extend(text("error", expected.error.as_ref(), error, given));
    failures.extend(text("cause", expected.cause.as_ref(), cause, given));
    path(machine, &expected.path, run, &mut failures)?;
    for call in &expected.calls {
        calls(machine, call, run, given, &mut failures)?;
    }
    for (kind, amount) in &expected.events {
        let count = run
            .events
            .iter()
            .filter(|event| event.kind == *kind)
            .count();
        if !amount.holds(count as u64) {
            failures.push(Failed::new(
                format!("events {kind}"),
                amount.to_string(),
                count.to_string(),
            ));
        }
    }
    if let Some(amount) = &expected.duration
        && !amount.holds(run.elapsed_ms)
    {
        failures.push(Failed::new(
            "duration",
            amount.told(milliseconds),
            milliseconds(run.elapsed_ms),
        ));
    }
    states(machine, expected, run, given, &mut failures)?;
    Ok(failures)
}

fn path(
    machine: &Machine,
    expected: &PathExpected,
    run: &Simulated,
    failures: &mut Vec<Failed>,
) -> Result<(), UnknownState> {
    let entered = entered(run);
    let names = |states: &[&Entered]| {
        let names: Vec<&str> = states.iter().map(|state| state.name.as_str()).collect();
        match names.is_empty() {
            true => "no state".to_owned(),
            false => names.join(" > "),
        }
    };
    let all: Vec<&Entered> = entered.iter().collect();
    if let Some(exactly) = &expected.exactly {
        let outermost: Vec<&Entered> = entered.iter().filter(|state| state.outermost).collect();
        let wanted = pointers(machine, exactly)?;
        if !outermost.iter().map(|state| &state.state).eq(&wanted) {
            failures.push(Failed::new("path", exactly.join(" > "), names(&outermost)));
        }
    }
    let wanted = pointers(machine, &expected.in_order)?;
    let mut rest = entered.iter();
    if !wanted
        .iter()
        .all(|wanted| rest.any(|state| state.state == *wanted))
    {
        failures.push(Failed::new(
            "path in order",
            expected.in_order.join(" > "),
            names(&all),
        ));
    }
    let visits = |wanted: &str| entered.iter().filter(|state| state.state == wanted).count() as u64;
    for state in &expected.including {
        if visits(&resolve(machine, state)?) == 0 {
            failures.push(Failed::new("path", format!("{state} in it"), names(&all)));
        }
    }
    for state in &expected.never {
        if visits(&resolve(machine, state)?) > 0 {
            failures.push(Failed::new(
                "path",
                format!("{state} not in it"),
                names(&all),
            ));
        }
    }
    for (state, amount) in &expected.visits {
        let count = visits(&resolve(machine, state)?);
        if !amount.holds(count) {
            failures.push(Failed::new(
                format!("visits of {state}"),
                amount.to_string(),
                count.to_string(),
            ));
        }
    }
    Ok(())
}

fn pointers(machine: &Machine, states: &[String]) -> Result<Vec<StateRef>, UnknownState> {
    states.iter().map(|state| resolve(machine, state)).collect()
}

fn calls(
    machine: &Machine,
    expected: &CallExpected,
    run: &Simulated,
    given: Given<'_>,
    failures: &mut Vec<Failed>,
) -> Result<(), UnknownState> {
    let state = resolve(machine, &expected.state)?;
    let of_state = run.calls.iter().filter(|call| call.state == state);
    let considered: Vec<_> = of_state
        .filter(|call| {
            expected
                .call
                .is_none_or(|wanted| u64::from(call.call) == wanted)
        })
        .collect();
    let mut nearest: Option<Vec<Failed>> = None;
    let mut count = 0;
    for call in &considered {
        let mut found: Vec<Failed> = Vec::new();
        let what = format!("call {} of {}", call.call, expected.state);
        if let Some(resource) = &expected.resource {
            let name = Value::from(call.resource.as_str());
            found.extend(told(
                &format!("{what}, resource"),
                resource.check(&name, given),
            ));
        }
        if let Some(parameters) = &expected.parameters {
            let differs = parameters.check(&call.parameters, given);
            found.extend(told(&format!("{what}, parameters"), differs));
        }
        for (name, pattern, seconds) in [
            ("timeout", &expected.timeout, &call.timeout_seconds),
            ("heartbeat", &expected.heartbeat, &call.heartbeat_seconds),
        ] {
            if let Some(pattern) = pattern {
                let differs = pattern.check_optional(seconds.as_ref(), given);
                found.extend(told(&format!("{what}, {name}"), differs));
            }
        }
        if found.is_empty() {
            count += 1;
        } else if nearest
            .as_ref()
            .is_none_or(|known| found.len() < known.len())
        {
            nearest = Some(found);
        }
    }
    if expected.count.holds(count) {
        return Ok(());
    }
    // A call that is almost right says more than a number.
    match nearest {
        Some(nearest) if count < expected.count.least => failures.extend(nearest),
        _ => failures.push(Failed::new(
            format!("calls of {}", expected.state),
            expected.count.to_string(),
            count.to_string(),
        )),
    }
    Ok(())
}

fn states(
    machine: &Machine,
    expected: &Expected,
    run: &Simulated,
    given: Given<'_>,
    failures: &mut Vec<Failed>,
) -> Result<(), UnknownState> {
    if expected.states.is_empty() {
        return Ok(());
    }
    let mut last: BTreeMap<&str, &VisitData> = BTreeMap::new();
    for visit in run.events.iter().filter_map(|event| event.visit.as_ref()) {
        if let Some(data) = &visit.data {
            last.insert(&visit.state, data);
        }
    }
    for (name, wanted) in &expected.states {
        let state = resolve(machine, name)?;
        let Some(data) = last.get(state.as_str()) else {
            failures.push(Failed::new(name.clone(), "a visit", "none"));
            continue;
        };
        let data = serde_json::to_value(data).unwrap_or_default();
        for (field, pattern) in &wanted.fields {
            let found = pattern.check_optional(data.get(*field), given);
            failures.extend(told(&format!("{name}, {}", field.replace('_', " ")), found));
        }
    }
    Ok(())
}
