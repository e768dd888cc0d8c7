//! Functions of numbers.

use crate::random::{JavaRandom, Randomness};
use serde_json::Value;
use std::borrow::Cow;

/// An integer; fractions are rounded half up, as Java does.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let rounded = (number.as_f64()? + 0.5).floor();
            // The cast saturates, which is what Java's rounding does.
            rounded.is_finite().then_some(rounded as i64)
        }),
        _ => None,
    }
}

pub(super) fn add(first: &Value, second: &Value) -> Result<Value, String> {
    let wrong = || "Invalid arguments in States.MathAdd".to_owned();
    let first = integer(first).ok_or_else(wrong)?;
    let second = integer(second).ok_or_else(wrong)?;
    first.checked_add(second).map(Value::from).ok_or_else(wrong)
}

/// A number from the first argument up to, not including, the second.
pub(super) fn random(
    from: &Value,
    to: &Value,
    seed: Option<&Cow<'_, Value>>,
    random: &mut dyn Randomness,
) -> Result<Value, String> {
    let wrong = || "Invalid arguments in States.MathRandom".to_owned();
    let from = integer(from).ok_or_else(wrong)?;
    let to = integer(to).ok_or_else(wrong)?;
    let width = to
        .checked_sub(from)
        .filter(|width| *width > 0)
        .ok_or_else(wrong)?;
    if let Some(seed) = seed {
        let mut random = JavaRandom::new(integer(seed).ok_or_else(wrong)?);
        let offset = match u32::try_from(width) {
            Ok(width) if i32::try_from(width).is_ok() => i64::from(random.below(width)),
            _ => (random.unit() * width as f64) as i64,
        };
        return Ok(from.saturating_add(offset).into());
    }
    let unit = random.unit();
    let offset = (unit * width as f64) as i64;
    Ok(from.saturating_add(offset.min(width - 1)).into())
}
