//! Wait states.

use super::evaluate::{plain, unexpected};
use super::thread::{Thread, Work};
use super::{Execution, Progress};
use crate::Failure;
use crate::program::{Amount, Node, Words};
use awm_api::Timestamp;
use awm_asl::path::Scope as PathScope;
use awm_asl::template::Reference;
use serde_json::Value;
use std::sync::Arc;

/// Seconds that a Wait state may wait.
const MAX_SECONDS: i64 = 99_999_999;

impl Execution {
    pub(super) fn wait_seconds(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        amount: &Amount,
    ) -> Result<Progress, Failure> {
        let input = self.effective_input(thread, node)?;
        let seconds = match amount {
            Amount::Number(number) => number.as_i64().unwrap_or_default(),
            Amount::Path(path) => {
                let text = path.text();
                let context = self.context(thread);
                let scope = PathScope {
                    input: &input,
                    context: &context,
                    variables: &*thread.scope,
                };
                let value = path.evaluate(&scope).map_err(|_| {
                    Failure::runtime(format!(
                        "The SecondsPath parameter does not reference an input value: {text}"
                    ))
                })?;
                let seconds = match &*value {
                    Value::Number(number) => number.as_i64(),
                    Value::String(digits) => digits.parse().ok(),
                    _ => None,
                };
                match seconds {
                    None => {
                        return Err(Failure::runtime(format!(
                            "The SecondsPath parameter cannot be parsed as a long value: {text} == {}",
                            plain(&value)
                        )));
                    }
                    Some(seconds) if seconds < 0 => {
                        return Err(Failure::runtime(format!(
                            "The SecondsPath parameter references a negative value: {text} == {seconds}"
                        )));
                    }
                    Some(seconds) => seconds,
                }
            }
            Amount::Expression(expression) => {
                let value = self.expression(thread, expression, "Seconds")?;
                match value.as_i64() {
                    Some(seconds) if seconds >= 0 => seconds,
                    Some(seconds) => {
                        return Err(Failure::query(
                            format!("The Seconds field references a negative value: {seconds}"),
                            Some("Seconds"),
                        ));
                    }
                    None => return Err(unexpected(expression, "Seconds", "integer", &value)),
                }
            }
        };
        let at = self.after(seconds.min(MAX_SECONDS) as f64);
        self.wait(thread, at)
    }

    pub(super) fn wait_until(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        time: &Words,
    ) -> Result<Progress, Failure> {
        let input = self.effective_input(thread, node)?;
        let value = match time {
            Words::Reference(_, reference) => {
                let value = self.time_at(thread, reference, &input)?;
                let text = reference_text(reference);
                return match value.as_str().and_then(instant) {
                    Some(at) => self.wait(thread, at),
                    None => Err(Failure::runtime(format!(
                        "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {text} == {}",
                        plain(&value)
                    ))),
                };
            }
            other => self.words(thread, other, "Timestamp", &input)?,
        };
        match value.as_str().and_then(instant) {
            Some(at) => self.wait(thread, at),
            None => Err(Failure::query(
                format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {}",
                    plain(&value)
                ),
                Some("Timestamp"),
            )),
        }
    }

    fn time_at(
        &mut self,
        thread: &Thread,
        reference: &Reference,
        input: &Value,
    ) -> Result<Value, Failure> {
        let context = self.context(thread);
        let scope = PathScope {
            input,
            context: &context,
            variables: &*thread.scope,
        };
        reference
            .evaluate("TimestampPath", &scope, &mut self.random)
            .map_err(|_| {
                Failure::runtime(format!(
                    "The TimestampPath parameter does not reference an input value: {}",
                    reference_text(reference)
                ))
            })
    }

    fn wait(&mut self, thread: &mut Thread, at: Timestamp) -> Result<Progress, Failure> {
        let timer = self.set_timer(thread.id, at);
        thread.work = Work::Timer(timer);
        Ok(Progress::Waits)
    }

    /// The time has come.
    pub(super) fn complete_wait(&mut self, thread: &mut Thread) -> Result<Progress, Failure> {
        let node = Arc::clone(&thread.node);
        let input = self.effective_input(thread, &node)?;
        self.complete(thread, &node, input, None)
    }
}

fn reference_text(reference: &Reference) -> &str {
    match reference {
        Reference::Path(path) => path.text(),
        Reference::Intrinsic(call) => call.text(),
    }
}

/// A time in RFC 3339, as AWS reads it: with a `T` and an offset.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    if text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    chrono::DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.timestamp_millis())
}
