//! Passwords and keys that were written into a definition.

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use serde_json::Value;

/// Starts of well-known keys, and how many characters follow at least.
const KEYS: &[(&str, usize)] = &[
    ("AKIA", 16),
    ("ASIA", 16),
    ("sk-", 20),
    ("ghp_", 30),
    ("github_pat_", 30),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("AIza", 30),
    ("glpat-", 20),
];

/// Names of fields that hold secrets, letters only.
const FIELDS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "apikey",
    "apisecret",
    "clientsecret",
    "secretkey",
    "accesskey",
    "secretaccesskey",
    "privatekey",
    "accesstoken",
    "bearertoken",
];

pub(super) fn check(definition: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), String::new(), definition)];
    while let Some((pointer, name, value)) = pending.pop() {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter().rev() {
                    pending.push((join(&pointer, key), key.clone(), value));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().rev() {
                    pending.push((join(&pointer, &index.to_string()), name.clone(), item));
                }
            }
            Value::String(text) if is_secret(&name, text) => found.push(
                Diagnostic::warning(
                    Code::SecretInText,
                    pointer,
                    "this looks like a password or a key, which everybody who reads the definition can see",
                )
                .help("keep it among the secrets of the workspace, and take it from the input or a substitution such as `${ApiKey}`"),
            ),
            _ => {}
        }
    }
    found
}

fn is_secret(name: &str, text: &str) -> bool {
    if text.contains("PRIVATE KEY-----") || text.split(|c: char| !is_key_character(c)).any(is_key) {
        return true;
    }
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let is_reference = text.contains(['$', '{']) || text.starts_with("arn:");
    if is_reference || text.chars().any(char::is_whitespace) && name != "authorization" {
        return false;
    }
    match name.as_str() {
        "authorization" => text.split_once(' ').is_some_and(|(scheme, token)| {
            matches!(scheme, "Bearer" | "Basic") && token.len() >= 8
        }),
        name => FIELDS.contains(&name) && text.len() >= 6,
    }
}

fn is_key(word: &str) -> bool {
    KEYS.iter().any(|(start, length)| {
        word.strip_prefix(start).is_some_and(|rest| {
            rest.len() >= *length
                && rest
                    .chars()
                    .any(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        })
    })
}

fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}
