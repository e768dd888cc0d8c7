//! JSON Pointers (RFC 6901) of states, scopes and the fields that hold a transition.

use crate::StateRef;
use serde_json::Value;

/// The reference of the state called `name` in the scope at `scope` (`""` is the machine itself).
pub fn state_ref(scope: &str, name: &str) -> StateRef {
    format!("{scope}/States/{}", escape(name))
}

/// The scope and the name of a state, if `state` is shaped as a state's reference.
pub fn split_state(state: &str) -> Option<(&str, String)> {
    let (rest, name) = state.rsplit_once('/')?;
    Some((rest.strip_suffix("/States")?, unescape(name)))
}

/// The parent and the last segment, decoded.
pub fn split_last(pointer: &str) -> Option<(&str, String)> {
    let (parent, last) = pointer.rsplit_once('/')?;
    Some((parent, unescape(last)))
}

/// A segment as it is written in a pointer.
pub fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

/// What a written segment stands for.
pub fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// Whether `pointer` is `ancestor` or lies inside it.
pub fn is_within(pointer: &str, ancestor: &str) -> bool {
    pointer
        .strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `pointer` with its leading `from` put in place by `to`, if it lies there.
pub(crate) fn rebase(pointer: &str, from: &str, to: &str) -> Option<String> {
    let rest = pointer.strip_prefix(from)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
}

/// The string at a member of an object.
pub(crate) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_slashes_and_tildes_come_back() {
        for name in ["Ask", "a/b", "~1", "", "States", "é 🦀"] {
            let pointer = state_ref("/States/P/Branches/0", name);
            assert_eq!(
                split_state(&pointer),
                Some(("/States/P/Branches/0", name.to_owned()))
            );
        }
        assert_eq!(split_state("/States/A/Next"), None);
        assert!(is_within("/States/A/Next", "/States/A"));
        assert!(!is_within("/States/AB", "/States/A"));
    }
}
