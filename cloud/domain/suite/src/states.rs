//! States by name or by JSON Pointer.

use crate::StateMocks;
use crate::read::nearest;
use awm_api::mocks::{Fault, MockAnswer, MockedCall};
use awm_asl::{Machine, StateRef};
use std::collections::BTreeMap;

/// There is no such state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the workflow has no state `{name}`{}", hint(.near.as_deref()))]
pub struct UnknownState {
    /// As it was written.
    pub name: String,
    /// One that may be meant.
    pub near: Option<String>,
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// The pointer of a state that is given by its name, at any depth, or by its pointer.
pub fn resolve(machine: &Machine, given: &str) -> Result<StateRef, UnknownState> {
    let states = machine.all_states();
    let found = states
        .iter()
        .find(|state| state.pointer == given)
        .or_else(|| states.iter().find(|state| state.name == given));
    match found {
        Some(state) => Ok(state.pointer.clone()),
        None => Err(UnknownState {
            name: given.to_owned(),
            near: nearest(given, states.iter().map(|state| state.name.as_str())).map(str::to_owned),
        }),
    }
}

/// Mocks by the states' pointers.
pub fn resolve_mocks(
    machine: &Machine,
    mocks: &StateMocks,
) -> Result<BTreeMap<StateRef, Vec<MockedCall>>, UnknownState> {
    mocks
        .iter()
        .map(|(state, calls)| Ok((resolve(machine, state)?, calls.clone())))
        .collect()
}

/// Mocks of a state behind faults: the first calls fail with these, what stood in for the first call then stands in for the next.
pub fn with_faults(calls: &[MockedCall], faults: &[Fault]) -> Vec<MockedCall> {
    let shift = u32::try_from(faults.len()).unwrap_or(u32::MAX);
    let failing = (0..).zip(faults).map(|(call, fault)| MockedCall {
        first: call,
        last: Some(call),
        delay_ms: 0,
        answer: MockAnswer::Fault { fault: *fault },
    });
    let then = calls.iter().map(|call| MockedCall {
        first: call.first.saturating_add(shift),
        last: call.last.map(|last| last.saturating_add(shift)),
        ..call.clone()
    });
    failing.chain(then).collect()
}
