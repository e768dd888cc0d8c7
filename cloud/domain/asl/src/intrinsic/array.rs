//! Functions of arrays.

use super::number::integer;
use crate::path::equal;
use serde_json::Value;
use std::collections::HashSet;

/// Items that a range may have.
const MAX_RANGE: i64 = 1000;

fn list<'a>(value: &'a Value, function: &str) -> Result<&'a Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| format!("Invalid arguments in States.{function}"))
}

pub(super) fn partition(value: &Value, size: &Value) -> Result<Value, String> {
    let items = list(value, "ArrayPartition")?;
    let size = integer(size)
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size > 0)
        .ok_or("Invalid arguments in States.ArrayPartition")?;
    Ok(items.chunks(size).map(<[Value]>::to_vec).collect())
}

pub(super) fn contains(value: &Value, item: &Value) -> Result<Value, String> {
    let items = list(value, "ArrayContains")?;
    Ok(items.iter().any(|known| equal(known, item)).into())
}

pub(super) fn range(first: &Value, last: &Value, step: &Value) -> Result<Value, String> {
    let wrong = || "Invalid arguments in States.ArrayRange".to_owned();
    let first = integer(first).ok_or_else(wrong)?;
    let last = integer(last).ok_or_else(wrong)?;
    let step = integer(step).filter(|step| *step != 0).ok_or_else(wrong)?;
    let count = last
        .checked_sub(first)
        .and_then(|distance| distance.checked_div(step))
        .ok_or_else(wrong)?;
    if (last > first) != (step > 0) && last != first {
        return Ok(Value::Array(Vec::new()));
    }
    if count >= MAX_RANGE {
        return Err(wrong());
    }
    Ok((0..=count).map(|n| first + n * step).collect())
}

pub(super) fn item(value: &Value, index: &Value) -> Result<Value, String> {
    let items = list(value, "ArrayGetItem")?;
    integer(index)
        .and_then(|index| usize::try_from(index).ok())
        .and_then(|index| items.get(index))
        .cloned()
        .ok_or_else(|| "Invalid arguments in States.ArrayGetItem".to_owned())
}

pub(super) fn length(value: &Value) -> Result<Value, String> {
    list(value, "ArrayLength").map(|items| items.len().into())
}

pub(super) fn unique(value: &Value) -> Result<Value, String> {
    let items = list(value, "ArrayUnique")?;
    let mut seen = HashSet::new();
    Ok(items
        .iter()
        .filter(|item| seen.insert(item.to_string()))
        .cloned()
        .collect())
}
