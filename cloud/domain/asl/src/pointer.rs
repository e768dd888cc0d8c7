//! JSON Pointers (RFC 6901), by which states and values are named.

/// A state as a JSON Pointer into the definition, such as `/States/Ask` or `/States/Each/ItemProcessor/States/Ask`.
pub type StateRef = String;

/// `parent` with one more step, escaped.
pub fn join(parent: &str, token: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + token.len() + 1);
    pointer.push_str(parent);
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    pointer
}

/// `parent` with one more step into an array.
pub fn join_index(parent: &str, index: usize) -> String {
    format!("{parent}/{index}")
}

/// The unescaped steps of a pointer, from the root.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    // A pointer starts with a slash, so what is before it is empty.
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// The pointer of what holds a value, and the value's unescaped key or index in it. None for the root.
pub fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, token) = pointer.rsplit_once('/')?;
    Some((parent, token.replace("~1", "/").replace("~0", "~")))
}

/// The array index that a step stands for: digits without a leading zero.
pub fn index(token: &str) -> Option<usize> {
    let plain = token == "0"
        || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    plain.then(|| token.parse().ok()).flatten()
}

/// The pointer of the machine that a state is in: empty for the outermost, else a branch or an item processor.
pub fn machine_of(state: &str) -> Option<&str> {
    let (states, _) = state.rsplit_once('/')?;
    states.strip_suffix("/States")
}

/// The state that a pointer is in or names, with what is around it first.
pub(crate) fn states_around(pointer: &str) -> Vec<String> {
    let mut around = Vec::new();
    let mut at = String::new();
    let mut was_states = false;
    for token in tokens(pointer) {
        at = join(&at, &token);
        if was_states {
            around.push(at.clone());
            was_states = false;
        } else {
            was_states = token == "States";
        }
    }
    around
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_survive_escaping() {
        for name in ["", "a", "a/b", "~", "~1", "a~/b", "ü\n\"", "0"] {
            let pointer = join("/States", name);
            assert_eq!(
                tokens(&pointer).collect::<Vec<_>>(),
                ["States".to_owned(), name.to_owned()]
            );
            assert_eq!(split(&pointer), Some(("/States", name.to_owned())));
            assert_eq!(machine_of(&pointer), Some(""));
        }
        assert_eq!(
            machine_of("/States/P/Branches/0/States/A"),
            Some("/States/P/Branches/0")
        );
        assert_eq!(
            (index("0"), index("10"), index("01"), index("")),
            (Some(0), Some(10), None, None)
        );
    }
}
