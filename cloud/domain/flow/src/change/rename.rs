//! Giving a state another name, everywhere it is spoken of.

use super::{Applied, ChangeError, Work};
use crate::pointer::{split_state, state_ref};
use serde_json::Value;

pub(super) fn rename_state(
    work: &mut Work<'_>,
    state: &str,
    name: &str,
) -> Result<Applied, ChangeError> {
    work.state(state)?;
    let (scope, old) = split_state(state).ok_or_else(|| ChangeError::NoState(state.to_owned()))?;
    if old == name {
        return Ok(Applied::default());
    }
    if name.is_empty() || name.chars().count() > 80 {
        return Err(ChangeError::BadName);
    }
    if work.names().contains(name) {
        return Err(ChangeError::NameTaken(name.to_owned()));
    }
    let renamed = state_ref(scope, name);
    for (pointer, target) in work.transitions(scope) {
        if target == old {
            work.set(&pointer, Value::from(name))?;
        }
    }
    work.rename(state, name)?;
    work.rekey(state, &renamed);
    Ok(Applied {
        select: vec![renamed.clone()],
        renamed: vec![(state.to_owned(), renamed)],
        said: format!("Renamed {old} to {name}"),
        ..Applied::default()
    })
}
