//! Digests.

use super::text::fits;
use md5::Digest as _;
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn hash(value: &Value, algorithm: &Value) -> Result<Value, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => return Err("Invalid arguments in States.Hash".to_owned()),
        other => other.to_string(),
    };
    algorithm
        .as_str()
        .filter(|_| fits(&text))
        .and_then(|algorithm| digest(&text, algorithm))
        .map(Value::String)
        .ok_or_else(|| "Invalid arguments in States.Hash".to_owned())
}

/// The digest of a text in hexadecimal, by `MD5`, `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`; nothing for another name.
pub fn digest(text: &str, algorithm: &str) -> Option<String> {
    Some(match algorithm {
        "MD5" => hexadecimal(&md5::Md5::digest(text)),
        "SHA-1" => hexadecimal(&sha1::Sha1::digest(text)),
        "SHA-256" => hexadecimal(&sha2::Sha256::digest(text)),
        "SHA-384" => hexadecimal(&sha2::Sha384::digest(text)),
        "SHA-512" => hexadecimal(&sha2::Sha512::digest(text)),
        _ => return None,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
