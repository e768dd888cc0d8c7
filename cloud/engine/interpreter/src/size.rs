//! How large data may be.

use serde_json::Value;

/// Bytes of JSON that may go from state to state.
pub(crate) const MAX_PAYLOAD: usize = 256 * 1024;

/// Levels that data may have. Events hold it, and what reads events takes 128 levels.
const MAX_LEVELS: u32 = 100;

/// How large a value is at most: what is known of it without going through it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bound {
    bytes: usize,
    levels: u32,
}

impl Bound {
    /// The bound of a value that may go from state to state; none if it is too large.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let (mut left, mut deepest) = (MAX_PAYLOAD, 0);
        take(value, &mut left, 0, &mut deepest).then_some(Self {
            bytes: MAX_PAYLOAD - left,
            levels: deepest,
        })
    }

    /// The bound of a value into which one of the other bound was put at a path of so many characters; none if that may be too large.
    pub(crate) fn with(self, put: Self, path: usize) -> Option<Self> {
        // A character is at most six bytes and makes at most one level; four bytes around a name, two more around an object.
        let bytes = self.bytes + put.bytes + 12 * path;
        let levels = self.levels.max(put.levels + u32::try_from(path).ok()?);
        (bytes <= MAX_PAYLOAD && levels <= MAX_LEVELS).then_some(Self { bytes, levels })
    }
}

/// Whether the value fits in `limit` bytes of JSON.
pub(crate) fn fits(value: &Value, limit: usize) -> bool {
    let mut left = limit;
    take(value, &mut left, 0, &mut 0)
}

/// Takes the value's bytes of JSON off `left`; if they are more, the value does not fit.
pub(crate) fn spend(value: &Value, left: &mut usize) -> bool {
    take(value, left, 0, &mut 0)
}

/// Bytes of JSON. What nests too deeply counts as no more than its upper levels.
pub(crate) fn length(value: &Value) -> usize {
    let mut left = usize::MAX;
    take(value, &mut left, 0, &mut 0);
    usize::MAX - left
}

fn take(value: &Value, left: &mut usize, level: u32, deepest: &mut u32) -> bool {
    *deepest = level.max(*deepest);
    let spend = |left: &mut usize, bytes: usize| match left.checked_sub(bytes) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    };
    if level > MAX_LEVELS {
        return false;
    }
    match value {
        Value::Null | Value::Bool(true) => spend(left, 4),
        Value::Bool(false) => spend(left, 5),
        Value::Number(number) => spend(left, number_length(number)),
        Value::String(text) => spend(left, text_length(text)),
        Value::Array(list) => {
            spend(left, 2 + list.len().saturating_sub(1))
                && list.iter().all(|item| take(item, left, level + 1, deepest))
        }
        Value::Object(map) => {
            spend(left, 2 + map.len().saturating_sub(1))
                && map.iter().all(|(key, item)| {
                    spend(left, text_length(key) + 1) && take(item, left, level + 1, deepest)
                })
        }
    }
}

/// Bytes of a number in JSON.
fn number_length(number: &serde_json::Number) -> usize {
    match number.as_u64() {
        Some(whole) => whole
            .checked_ilog10()
            .map_or(1, |digits| digits as usize + 1),
        None => number.to_string().len(),
    }
}

/// Bytes of a string in JSON, quotes and escapes counted.
fn text_length(text: &str) -> usize {
    2 + text
        .bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
            0..=31 => 6,
            _ => 1,
        })
        .sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{Bound, MAX_LEVELS, MAX_PAYLOAD};
    use awm_asl::path::Path;
    use serde_json::{Value, json};

    #[test]
    fn a_bound_is_never_below_what_there_is() {
        let inputs = [
            json!({}),
            json!({ "a": 1 }),
            json!({ "a": { "b": [1, "two", { "é\n": null }] }, "c": [[[]]] }),
        ];
        let results = [
            json!(null),
            json!(-1.5e300),
            json!("\u{1}\"\\é"),
            json!({ "x": [[1]] }),
        ];
        for path in [
            "$.a",
            "$.new",
            "$.a.b",
            "$['\u{1}\u{2}']['\"']",
            "$.p.q.r.s.t.u.v",
        ] {
            let parsed = Path::parse(path).unwrap();
            for (input, result) in inputs
                .iter()
                .flat_map(|one| results.iter().map(move |two| (one, two)))
            {
                let Ok(written) = parsed.write(input.clone(), result.clone()) else {
                    continue;
                };
                let bound = |value: &Value| Bound::of(value).unwrap();
                let (is, most) = (
                    bound(&written),
                    bound(input).with(bound(result), path.len()).unwrap(),
                );
                assert_eq!(is.bytes, written.to_string().len(), "{written}");
                assert!(
                    is.bytes <= most.bytes && is.levels <= most.levels,
                    "{path} {written}: {is:?} {most:?}"
                );
            }
        }
    }

    #[test]
    fn what_may_be_too_large_has_no_bound() {
        let large = Bound::of(&json!("x".repeat(MAX_PAYLOAD - 2))).unwrap();
        assert_eq!(large.with(Bound::of(&json!(1)).unwrap(), 3), None);
        let deep = (0..MAX_LEVELS).fold(json!(1), |deep, _| json!([deep]));
        let deep_bound = Bound::of(&deep).unwrap();
        assert_eq!(Bound::of(&json!([deep])), None);
        assert_eq!(Bound::of(&json!({})).unwrap().with(deep_bound, 3), None);
    }
}
