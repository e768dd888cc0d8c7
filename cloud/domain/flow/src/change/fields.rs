//! Fields of states, and what is kept beside the text.

use super::{Applied, ChangeError, Work, work::name_of};
use crate::StateRef;
use crate::pointer::unescape;
use awm_api::runs::Mock;
use serde_json::{Map, Value};

pub(super) fn set_field(
    work: &mut Work<'_>,
    state: &str,
    pointer: &str,
    value: Value,
) -> Result<Applied, ChangeError> {
    if !state.is_empty() {
        work.state(state)?;
    }
    if pointer.is_empty() {
        return Err(ChangeError::NoField(state.to_owned()));
    }
    // Objects on the way are made within the one value that is put in, so that it is one edit.
    let segments: Vec<&str> = pointer.split('/').skip(1).collect();
    let mut at = state.to_owned();
    let mut deep = segments.len();
    for (index, segment) in segments.iter().enumerate() {
        at = format!("{at}/{segment}");
        if work.get(&at).is_none() {
            deep = index + 1;
            break;
        }
    }
    let rest = segments.get(deep..).unwrap_or_default();
    let value = rest.iter().rev().fold(value, |value, segment| {
        Value::Object(Map::from_iter([(unescape(segment), value)]))
    });
    work.set(&at, value)?;
    let field = segments
        .first()
        .map(|first| unescape(first))
        .unwrap_or_default();
    Ok(Applied {
        said: format!("Set {field} of {}", spoken(state)),
        ..Applied::default()
    })
}

pub(super) fn remove_field(
    work: &mut Work<'_>,
    state: &str,
    pointer: &str,
) -> Result<Applied, ChangeError> {
    if !state.is_empty() {
        work.state(state)?;
    }
    if pointer.is_empty() {
        return Err(ChangeError::NoField(state.to_owned()));
    }
    work.remove(&format!("{state}{pointer}"));
    Ok(Applied {
        said: format!("Removed a field of {}", spoken(state)),
        ..Applied::default()
    })
}

fn spoken(state: &str) -> String {
    if state.is_empty() {
        "the workflow".to_owned()
    } else {
        name_of(state)
    }
}

pub(super) fn set_mock(
    work: &mut Work<'_>,
    state: StateRef,
    mock: Mock,
) -> Result<Applied, ChangeError> {
    work.state(&state)?;
    let said = format!("Mocked {}", name_of(&state));
    work.document.mocks.insert(state, mock);
    Ok(Applied {
        said,
        ..Applied::default()
    })
}

pub(super) fn clear_mock(work: &mut Work<'_>, state: &str) -> Result<Applied, ChangeError> {
    work.document.mocks.remove(state);
    Ok(Applied {
        said: format!("{} does its own work again", name_of(state)),
        ..Applied::default()
    })
}

pub(super) fn set_sample(
    work: &mut Work<'_>,
    sample: Option<Value>,
) -> Result<Applied, ChangeError> {
    work.document.sample_input = sample;
    Ok(Applied {
        said: "Set the sample input".to_owned(),
        ..Applied::default()
    })
}

pub(super) fn replace_text(work: &mut Work<'_>, text: String) -> Result<Applied, ChangeError> {
    work.document.text = text;
    Ok(Applied {
        said: "Edited the text".to_owned(),
        ..Applied::default()
    })
}
