//! Words in angle brackets that stand for values of a kind: `<uuid>`.

use serde_json::Value;

/// What a word in angle brackets stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// Anything that is there.
    Any,
    /// Nothing: the field is not there.
    Absent,
    /// A string.
    String,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// An object.
    Object,
    /// A UUID.
    Uuid,
    /// A time in RFC 3339.
    Timestamp,
    /// An Amazon Resource Name.
    Arn,
}

impl Placeholder {
    const NAMES: [(&'static str, Self); 11] = [
        ("<any>", Self::Any),
        ("<absent>", Self::Absent),
        ("<string>", Self::String),
        ("<number>", Self::Number),
        ("<integer>", Self::Integer),
        ("<boolean>", Self::Boolean),
        ("<array>", Self::Array),
        ("<object>", Self::Object),
        ("<uuid>", Self::Uuid),
        ("<timestamp>", Self::Timestamp),
        ("<arn>", Self::Arn),
    ];

    /// The placeholder of a word such as `<uuid>`.
    pub fn named(text: &str) -> Option<Self> {
        let mut names = Self::NAMES.iter();
        names.find(|(name, _)| *name == text).map(|(_, it)| *it)
    }

    /// The word.
    pub fn name(self) -> &'static str {
        let mut names = Self::NAMES.iter();
        names
            .find(|(_, it)| *it == self)
            .map_or("<any>", |(name, _)| *name)
    }

    /// Whether it stands for a value.
    pub fn holds(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Absent, _) => false,
            (Self::Any, _)
            | (Self::String, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Boolean, Value::Bool(_))
            | (Self::Array, Value::Array(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Integer, Value::Number(number)) => {
                number.is_i64()
                    || number.is_u64()
                    || number.as_f64().is_some_and(|n| n.fract() == 0.0)
            }
            (Self::Uuid, Value::String(text)) => is_uuid(text),
            (Self::Timestamp, Value::String(text)) => {
                chrono::DateTime::parse_from_rfc3339(text).is_ok()
            }
            (Self::Arn, Value::String(text)) => {
                text.starts_with("arn:") && text.split(':').count() >= 6
            }
            _ => false,
        }
    }

    /// The narrowest placeholder that holds for both of two values.
    pub fn of_both(one: &Value, other: &Value) -> Self {
        [
            Self::Uuid,
            Self::Timestamp,
            Self::Arn,
            Self::String,
            Self::Integer,
            Self::Number,
            Self::Boolean,
            Self::Array,
            Self::Object,
        ]
        .into_iter()
        .find(|it| it.holds(one) && it.holds(other))
        .unwrap_or(Self::Any)
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
