//! A task's request, read field by field with errors that name the field.

use crate::failure::bad_request;
use awm_ports::TaskFailure;
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// The fields that have not been read yet. `null` is as good as no field.
#[derive(Debug)]
pub(crate) struct Fields {
    task: &'static str,
    map: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Fields {
    /// The request of a task; it must be an object.
    pub(crate) fn new(task: &'static str, request: Value) -> Result<Self, TaskFailure> {
        match request {
            Value::Object(map) => Ok(Self {
                task,
                map,
                known: Vec::new(),
            }),
            other => Err(bad_request(format!(
                "{task} takes an object, not {}",
                kind(&other)
            ))),
        }
    }

    /// Any value.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.map.remove(name).filter(|value| !value.is_null())
    }

    /// A string that is there; it may be empty.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<String, TaskFailure> {
        self.optional_text(name)?.ok_or_else(|| self.absent(name))
    }

    /// A string that is there and holds more than blanks.
    pub(crate) fn name(&mut self, name: &'static str) -> Result<String, TaskFailure> {
        let text = self.text(name)?;
        if text.trim().is_empty() {
            return Err(bad_request(format!("`{name}` of {} is empty", self.task)));
        }
        Ok(text)
    }

    /// A string.
    pub(crate) fn optional_text(
        &mut self,
        name: &'static str,
    ) -> Result<Option<String>, TaskFailure> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// A whole number within a range.
    pub(crate) fn optional_number(
        &mut self,
        name: &'static str,
        range: RangeInclusive<u32>,
    ) -> Result<Option<u32>, TaskFailure> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        // JSONata may make 6.0 of 6.
        let number = value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && *number >= 0.0)
            .map(|number| number as u32)
            .filter(|number| range.contains(number));
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong(name, &expected, &value)),
        }
    }

    /// `true` or `false`; `false` if it isn't there.
    pub(crate) fn flag(&mut self, name: &'static str) -> Result<bool, TaskFailure> {
        match self.value(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(self.wrong(name, "true or false", &other)),
        }
    }

    /// An object.
    pub(crate) fn optional_object(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Map<String, Value>>, TaskFailure> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(other) => Err(self.wrong(name, "an object", &other)),
        }
    }

    /// A list, or its one element.
    pub(crate) fn optional_list(&mut self, name: &'static str) -> Option<Vec<Value>> {
        self.value(name).map(|value| match value {
            Value::Array(items) => items,
            one => vec![one],
        })
    }

    /// A list of strings, or one string.
    pub(crate) fn optional_texts(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Vec<String>>, TaskFailure> {
        let Some(items) = self.optional_list(name) else {
            return Ok(None);
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Value::String(text) => texts.push(text),
                other => return Err(self.wrong(name, "a list of strings", &other)),
            }
        }
        Ok(Some(texts))
    }

    /// What a missing field fails with.
    pub(crate) fn absent(&self, name: &str) -> TaskFailure {
        bad_request(format!("`{name}` of {} is missing", self.task))
    }

    /// The end of the request: a field that nobody read is a mistake.
    pub(crate) fn finish(self) -> Result<(), TaskFailure> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(unknown) => Err(bad_request(format!(
                "`{unknown}` is not a field of {}, which takes {}",
                self.task,
                self.known.join(", ")
            ))),
        }
    }

    fn wrong(&self, name: &str, expected: &str, found: &Value) -> TaskFailure {
        let found = match found {
            Value::Number(number) => format!("{number}"),
            other => kind(other).to_owned(),
        };
        bad_request(format!(
            "`{name}` of {} must be {expected}, not {found}",
            self.task
        ))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn check(request: Value, expected: Expect) {
        let found = (|| {
            let mut fields = Fields::new("AwmTest", request)?;
            let name = fields.name("name")?;
            let count = fields.optional_number("count", 1..=9)?;
            let tags = fields.optional_texts("tags")?;
            let flag = fields.flag("flag")?;
            fields.finish()?;
            Ok::<_, TaskFailure>(format!("{name:?} {count:?} {tags:?} {flag}"))
        })();
        expected.assert_eq(&found.unwrap_or_else(|failure| failure.cause));
    }

    #[test]
    fn reads_and_names_what_is_wrong() {
        check(
            json!({"name": "n", "count": 3.0, "tags": "one", "flag": true}),
            expect![[r#""n" Some(3) Some(["one"]) true"#]],
        );
        check(
            json!({"name": "n", "count": null}),
            expect![[r#""n" None None false"#]],
        );
        check(json!([]), expect!["AwmTest takes an object, not a list"]);
        check(json!({}), expect!["`name` of AwmTest is missing"]);
        check(json!({"name": " "}), expect!["`name` of AwmTest is empty"]);
        check(
            json!({"name": 7}),
            expect!["`name` of AwmTest must be a string, not 7"],
        );
        for count in [json!(0), json!(10), json!(1.5), json!(-1), json!(1e300)] {
            let found = Fields::new("AwmTest", json!({ "count": count }))
                .and_then(|mut fields| fields.optional_number("count", 1..=9));
            assert!(found.is_err(), "{count}");
        }
        check(
            json!({"name": "n", "tags": ["a", 1]}),
            expect!["`tags` of AwmTest must be a list of strings, not 1"],
        );
        check(
            json!({"name": "n", "topk": 1}),
            expect!["`topk` is not a field of AwmTest, which takes name, count, tags, flag"],
        );
    }
}
