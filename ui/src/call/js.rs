//! Values across the border to JavaScript.

use awm_api::{Code, UserError};
use wasm_bindgen::{JsCast, JsValue};

/// A value as JSON text; what JSON can't hold is `null`.
pub(super) fn to_text(value: &JsValue) -> String {
    if value.is_undefined() {
        return "null".into();
    }
    js_sys::JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| "null".into())
}

/// A property of an object, if both are there.
pub(super) fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = js_sys::Reflect::get(of, &JsValue::from_str(name)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// What a rejected promise says: the host's own error if it is one, or its words under `code`.
pub(super) fn rejection(reason: &JsValue, code: Code) -> UserError {
    if let Ok(error) = serde_json::from_str::<UserError>(&to_text(reason)) {
        return error;
    }
    UserError::new(code, words(reason))
}

/// A JavaScript fault in words.
pub(super) fn words(reason: &JsValue) -> String {
    if let Some(text) = reason.as_string() {
        return text;
    }
    match reason.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => to_text(reason),
    }
}
