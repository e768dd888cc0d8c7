//! Reading `Retry` and `Catch`.

use super::Reader;
use super::object::{Object, Range};
use crate::syntax::{Catcher, Jitter, QueryLanguage, Retrier};

impl Reader {
    pub(super) fn retriers(&mut self, state: &Object<'_>) -> Vec<Retrier> {
        self.objects(state, "Retry")
            .iter()
            .map(|object| self.retrier(object))
            .collect()
    }

    pub(super) fn catchers(&mut self, state: &Object<'_>, language: QueryLanguage) -> Vec<Catcher> {
        self.objects(state, "Catch")
            .iter()
            .map(|object| self.catcher(object, language))
            .collect()
    }

    fn retrier(&mut self, object: &Object<'_>) -> Retrier {
        self.require(object, &["ErrorEquals"]);
        let written = Retrier::default();
        let jitter = self.one_of(object, "JitterStrategy", &["FULL", "NONE"]);
        let interval = self.integer(object, "IntervalSeconds", Range::Seconds);
        let attempts = self.integer(object, "MaxAttempts", Range::Integer(0));
        Retrier {
            pointer: object.pointer.clone(),
            comment: self.string(object, "Comment"),
            error_equals: self.error_equals(object),
            interval_seconds: interval.unwrap_or(written.interval_seconds),
            max_attempts: attempts.unwrap_or(written.max_attempts),
            backoff_rate: self.backoff_rate(object).unwrap_or(written.backoff_rate),
            max_delay_seconds: self.integer(object, "MaxDelaySeconds", Range::Delay),
            jitter: match jitter.as_deref() {
                Some("FULL") => Jitter::Full,
                _ => Jitter::None,
            },
            extra: self.extra(
                object,
                &[
                    "Comment",
                    "ErrorEquals",
                    "IntervalSeconds",
                    "MaxAttempts",
                    "BackoffRate",
                    "MaxDelaySeconds",
                    "JitterStrategy",
                ],
            ),
        }
    }

    fn backoff_rate(&mut self, object: &Object<'_>) -> Option<f64> {
        let value = object.get("BackoffRate")?;
        match value.as_f64() {
            Some(rate) if rate >= 1.0 => Some(rate),
            Some(_) => {
                self.schema(object.at("BackoffRate"), "Value must be at least 1.0");
                None
            }
            None => {
                self.wrong_type(object.at("BackoffRate"), "Number");
                None
            }
        }
    }

    fn catcher(&mut self, object: &Object<'_>, language: QueryLanguage) -> Catcher {
        self.require(object, &["ErrorEquals", "Next"]);
        let known: &[&str] = match language {
            QueryLanguage::JsonPath => &["Comment", "ErrorEquals", "Next", "ResultPath", "Assign"],
            QueryLanguage::Jsonata => &["Comment", "ErrorEquals", "Next", "Output", "Assign"],
        };
        Catcher {
            pointer: object.pointer.clone(),
            comment: self.string(object, "Comment"),
            error_equals: self.error_equals(object),
            next: self.string(object, "Next").unwrap_or_default(),
            result_path: self.path_field(object, "ResultPath"),
            assign: self.object_template(object, "Assign"),
            output: object.get("Output").cloned(),
            extra: self.extra(object, known),
        }
    }

    fn error_equals(&mut self, object: &Object<'_>) -> Vec<String> {
        let names = self.strings(object, "ErrorEquals");
        if names.as_ref().is_some_and(Vec::is_empty) {
            self.schema(
                object.at("ErrorEquals"),
                "There must be at least one error name",
            );
        }
        names.unwrap_or_default()
    }
}
