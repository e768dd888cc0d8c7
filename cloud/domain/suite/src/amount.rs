//! Times and counts.

use crate::read::{At, Problems};
use serde_json::{Number, Value, json};
use std::fmt;

/// A number that is expected: exactly, or between bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The least that is right.
    pub least: u64,
    /// The most that is right; none for no bound.
    pub most: Option<u64>,
}

impl Amount {
    /// Exactly so many.
    pub fn exactly(number: u64) -> Self {
        Self {
            least: number,
            most: Some(number),
        }
    }

    /// So many or more.
    pub fn at_least(number: u64) -> Self {
        Self {
            least: number,
            most: None,
        }
    }

    /// Whether a number is right.
    pub fn holds(&self, number: u64) -> bool {
        number >= self.least && self.most.is_none_or(|most| number <= most)
    }

    /// In words, each number told by `tell`.
    pub fn told(&self, tell: impl Fn(u64) -> String) -> String {
        match self.most {
            Some(most) if most == self.least => tell(most),
            Some(most) if self.least == 0 => format!("at most {}", tell(most)),
            Some(most) => format!("{} to {}", tell(self.least), tell(most)),
            None => format!("at least {}", tell(self.least)),
        }
    }

    pub(crate) fn read(
        at: &At<'_>,
        what: &str,
        problems: &mut Problems,
        one: fn(&At<'_>, &str, &mut Problems) -> Option<u64>,
    ) -> Option<Self> {
        if !at.value.is_object() {
            return Some(Self::exactly(one(at, what, problems)?));
        }
        let mut fields = at.fields(what, problems)?;
        let least = fields.take("least");
        let most = fields.take("most");
        if least.is_none() && most.is_none() {
            problems.push(at.problem(format!("{what} needs `least` or `most`")));
        }
        let least = least.and_then(|at| one(&at, "`least`", problems));
        let most = most.and_then(|at| one(&at, "`most`", problems));
        fields.finish(problems);
        Some(Self {
            least: least.unwrap_or_default(),
            most,
        })
    }

    pub(crate) fn value(&self, tell: impl Fn(u64) -> Value) -> Value {
        match self.most {
            Some(most) if most == self.least => tell(most),
            Some(most) if self.least == 0 => json!({ "most": tell(most) }),
            Some(most) => json!({ "least": tell(self.least), "most": tell(most) }),
            None => json!({ "least": tell(self.least) }),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(|number| number.to_string()))
    }
}

/// A time in words, such as `1.5s`, `200ms`, `2h`.
pub fn milliseconds(ms: u64) -> String {
    match ms {
        0 => "0s".to_owned(),
        ms if ms % 3_600_000 == 0 => format!("{}h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{}m", ms / 60_000),
        ms if ms < 1000 => format!("{ms}ms"),
        ms => format!("{}s", ms as f64 / 1000.0),
    }
}

/// Milliseconds from a number of seconds or from words.
pub(crate) fn duration(at: &At<'_>, what: &str, problems: &mut Problems) -> Option<u64> {
    let found = match at.value {
        Value::Number(number) => number_of(number, 1000.0),
        Value::String(text) => in_words(text),
        _ => None,
    };
    if found.is_none() {
        problems.push(at.problem(format!(
            "{what} must be a time: seconds, or such as `200ms`, `1.5s`, `2m`, `1h`, `1d`"
        )));
    }
    found
}

fn number_of(number: &Number, factor: f64) -> Option<u64> {
    let ms = number.as_f64()? * factor;
    (ms.is_finite() && (0.0..=1e15).contains(&ms)).then(|| ms.round() as u64)
}

fn in_words(text: &str) -> Option<u64> {
    let text = text.trim();
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at_checked(at)?;
    let factor = match unit {
        "ms" => 1.0,
        "s" => 1000.0,
        "m" | "min" => 60_000.0,
        "h" => 3_600_000.0,
        "d" => 86_400_000.0,
        _ => return None,
    };
    number_of(&Number::from_f64(number.trim().parse().ok()?)?, factor)
}
