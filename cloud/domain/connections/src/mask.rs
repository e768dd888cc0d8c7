//! Texts and values without secrets, in whatever encoding these stand there.

use crate::address::encoded;
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// Knows secrets, and takes them out of what is shown or stored.
#[derive(Clone, Default)]
pub struct Mask {
    /// What is replaced wherever it stands, the longest first.
    anywhere: Vec<String>,
    /// Secrets that are too short to be looked for within other words.
    whole: Vec<String>,
}

/// What stands in a secret's place.
const DOTS: &str = "••••••";
/// A shorter secret would be found within innocent words.
const LEAST: usize = 4;

impl Mask {
    /// Knows these secrets; empty ones are none.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut mask = Self::default();
        for secret in secrets {
            mask.add(secret);
        }
        mask
    }

    /// Knows one more.
    pub fn add(&mut self, secret: &str) {
        match secret.len() {
            0 => {}
            length if length < LEAST => self.whole.push(secret.to_owned()),
            _ => {
                self.anywhere.extend(forms(secret));
                self.anywhere
                    .sort_by_key(|form| std::cmp::Reverse(form.len()));
                self.anywhere.dedup();
            }
        }
    }

    /// The text without them.
    pub fn text(&self, text: &str) -> String {
        if self.whole.iter().any(|secret| secret == text) {
            return DOTS.to_owned();
        }
        let mut text = text.to_owned();
        for form in &self.anywhere {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), DOTS);
            }
        }
        text
    }

    /// The value without them, names of fields included.
    pub fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            // A key of digits may come back as a number.
            Value::Number(number) => {
                let text = number.to_string();
                let masked = self.text(&text);
                match masked == text {
                    true => Value::Number(number),
                    false => Value::String(masked),
                }
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                let masked: Map<String, Value> = fields
                    .into_iter()
                    .map(|(name, value)| (self.text(&name), self.value(value)))
                    .collect();
                Value::Object(masked)
            }
            other => other,
        }
    }

    /// The headers without them.
    pub fn headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        headers
            .iter()
            .map(|(name, value)| (self.text(name), self.text(value)))
            .collect()
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask(…)")
    }
}

/// The ways in which a secret is written.
fn forms(secret: &str) -> Vec<String> {
    let percent = encoded(secret);
    let json = Value::String(secret.to_owned()).to_string();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        secret.to_owned(),
        lower_escapes(&percent),
        percent.replace("%20", "+"),
        percent,
        json.trim_matches('"').to_owned(),
        hex.to_uppercase(),
        hex,
    ];
    // Within a longer text that is encoded as a whole, a secret stands at one of three places of a group of bytes: without the
    // characters that its neighbours have a part in, it looks the same each time.
    for offset in 0..3 {
        let mut padded = vec![0_u8; offset];
        padded.extend_from_slice(secret.as_bytes());
        let shared = match padded.len() % 3 {
            0 => 0,
            _ => 1,
        };
        for written in [
            BASE64_STANDARD_NO_PAD.encode(&padded),
            BASE64_URL_SAFE_NO_PAD.encode(&padded),
        ] {
            let before = (offset * 4).div_ceil(3);
            let length = written.len().saturating_sub(before + shared);
            let inner: String = written.chars().skip(before).take(length).collect();
            if inner.len() >= LEAST {
                forms.push(inner);
            }
        }
    }
    forms.retain(|form| form.len() >= LEAST);
    forms
}

/// `%2f` in place of `%2F`.
fn lower_escapes(percent: &str) -> String {
    let mut after_sign = 0;
    percent
        .chars()
        .map(|c| match c {
            '%' => {
                after_sign = 2;
                c
            }
            c if after_sign > 0 => {
                after_sign -= 1;
                c.to_ascii_lowercase()
            }
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SECRET: &str = "s3cr3t/Käy+\"1\"";

    #[test]
    fn finds_a_secret_in_every_clothing() {
        let mask = Mask::new([SECRET]);
        let json_text = json!({ "a": SECRET }).to_string();
        let hex: String = SECRET.bytes().map(|b| format!("{b:02x}")).collect();
        let mut texts = vec![
            SECRET.to_owned(),
            format!("before{SECRET}after"),
            encoded(SECRET),
            lower_escapes(&encoded(SECRET)),
            json_text,
            hex.clone(),
            hex.to_uppercase(),
        ];
        for before in ["", "a", "ab", "abc", "user:", "longer before:"] {
            for after in ["", "z", "zy", "zyx"] {
                let whole = format!("{before}{SECRET}{after}");
                texts.push(BASE64_STANDARD_NO_PAD.encode(&whole));
                texts.push(BASE64_URL_SAFE_NO_PAD.encode(&whole));
            }
        }
        for text in texts {
            let masked = mask.text(&text);
            assert!(masked.contains(DOTS), "{text} -> {masked}");
            assert!(!masked.contains("s3cr3t"), "{masked}");
        }
    }

    #[test]
    fn leaves_the_rest_alone() {
        let mask = Mask::new([SECRET, "abc", "", "12345678"]);
        for value in [
            json!({"name": "Ann", "n": 5, "list": [true, null, "abcd", "alphabet abc"]}),
            json!("s3cr3t"),
            json!(1.5),
        ] {
            assert_eq!(mask.value(value.clone()), value);
        }
        assert_eq!(
            mask.value(json!({"k": SECRET, SECRET: "abc", "n": 12345678})),
            json!({"k": DOTS, DOTS: DOTS, "n": DOTS})
        );
        assert_eq!(format!("{mask:?}"), "Mask(…)");
        assert_eq!(Mask::default().text("as it is"), "as it is");
    }
}
