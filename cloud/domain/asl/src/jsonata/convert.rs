//! Between JSON and the evaluator's own values.

use super::EvaluationError;
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

/// Levels that a result may have; data never has more.
const MAX_LEVELS: u32 = 1_000;

/// JSON that an expression may read. Data is never nested so deeply that this could exhaust the stack.
pub(super) fn bind(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(value) => JValue::Bool(*value),
        Value::Number(number) => JValue::Number(number.as_f64().unwrap_or_default()),
        Value::String(text) => JValue::string(text.as_str()),
        Value::Array(list) => JValue::array(list.iter().map(bind).collect()),
        Value::Object(map) => JValue::object(
            map.iter()
                .map(|(key, value)| (key.clone(), bind(value)))
                .collect(),
        ),
    }
}

/// What an expression gave; nothing if it is undefined or a function.
pub(super) fn result(value: &JValue) -> Result<Option<Value>, EvaluationError> {
    unbind(value, 0)
}

fn unbind(value: &JValue, level: u32) -> Result<Option<Value>, EvaluationError> {
    if level > MAX_LEVELS {
        return Err(EvaluationError {
            message: "the result is nested too deeply".to_owned(),
        });
    }
    Ok(Some(match value {
        JValue::Null => Value::Null,
        JValue::Bool(value) => Value::Bool(*value),
        JValue::Number(number) => json_number(*number),
        JValue::String(text) => Value::String(text.to_string()),
        JValue::Array(list) => {
            let mut items = Vec::with_capacity(list.len());
            for item in list.iter() {
                items.extend(unbind(item, level + 1)?);
            }
            Value::Array(items)
        }
        JValue::Object(fields) => {
            let mut map = Map::new();
            for (key, field) in fields.iter() {
                if let Some(field) = unbind(field, level + 1)? {
                    map.insert(key.clone(), field);
                }
            }
            Value::Object(map)
        }
        JValue::Undefined | JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
            return Ok(None);
        }
    }))
}

/// Whole numbers without a fraction, as JavaScript writes them. What JSON has no number for is the name that JavaScript has.
fn json_number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Value::from(number as i64);
    }
    match Number::from_f64(number) {
        Some(number) => Value::Number(number),
        None if number.is_nan() => Value::from("NaN"),
        None if number > 0.0 => Value::from("Infinity"),
        None => Value::from("-Infinity"),
    }
}
