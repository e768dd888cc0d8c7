//! Fields of an object, read by the type that they should have.

use super::Reader;
use super::closest::closest;
use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::{join, join_index};
use crate::syntax::scalar::is_expression;
use crate::syntax::task::substitution;
use crate::syntax::{PathField, Quantity, QueryLanguage, Text};
use serde_json::{Map as JsonMap, Value};

/// An object of the definition and where it is.
pub(super) struct Object<'a> {
    map: &'a JsonMap<String, Value>,
    pub(super) pointer: String,
}

impl<'a> Object<'a> {
    pub(super) fn new(map: &'a JsonMap<String, Value>, pointer: String) -> Self {
        Self { map, pointer }
    }

    pub(super) fn at(&self, name: &str) -> String {
        join(&self.pointer, name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.map.iter()
    }
}

/// A bound of a number.
#[derive(Clone, Copy)]
pub(super) enum Range {
    /// Whole, and at least this.
    Integer(u64),
    /// Whole and from 1 to the longest time that AWS accepts, seconds.
    Seconds,
    /// Whole and from 1 to the longest delay that AWS accepts, seconds.
    Delay,
    /// Between 0 and 100.
    Percentage,
}

const LONGEST: u64 = 99_999_999;
const LONGEST_DELAY: u64 = 31_622_400;

impl Reader {
    /// Reports the fields that are not there, in one sentence as AWS does.
    pub(super) fn require(&mut self, object: &Object<'_>, names: &[&str]) {
        let missing: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !object.has(name))
            .collect();
        if !missing.is_empty() {
            self.schema(
                object.pointer.clone(),
                format!("These fields are required: [{}]", missing.join(", ")),
            );
        }
    }

    /// Reports every field but these, and gives them.
    pub(super) fn extra(&mut self, object: &Object<'_>, known: &[&str]) -> JsonMap<String, Value> {
        let mut extra = JsonMap::new();
        for (name, value) in object.entries() {
            if !known.contains(&name.as_str()) {
                let meant = closest(name, known.iter().copied());
                self.unsupported(
                    object,
                    name,
                    meant.map(|meant| format!("did you mean `{meant}`?")),
                );
                extra.insert(name.clone(), value.clone());
            }
        }
        extra
    }

    pub(super) fn unsupported(&mut self, object: &Object<'_>, name: &str, help: Option<String>) {
        let diagnostic = Diagnostic::error(
            Code::SchemaValidationFailed,
            object.pointer.clone(),
            format!("Field '{name}' is not supported"),
        );
        self.diagnostics.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    /// Reports fields of which only one may be there.
    pub(super) fn exclusive(&mut self, object: &Object<'_>, names: &[&str]) {
        let present: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| object.has(name))
            .collect();
        if present.len() > 1 {
            self.schema(
                object.pointer.clone(),
                format!(
                    "Only one of these fields can be set: [{}]",
                    present.join(", ")
                ),
            );
        }
    }

    pub(super) fn wrong_type(&mut self, pointer: String, expected: &str) {
        self.schema(pointer, format!("Expected value of type {expected}"));
    }

    pub(super) fn string(&mut self, object: &Object<'_>, name: &str) -> Option<String> {
        match object.get(name)? {
            Value::String(text) => Some(text.clone()),
            _ => {
                self.wrong_type(object.at(name), "String");
                None
            }
        }
    }

    /// A text that must be one of these.
    pub(super) fn one_of(
        &mut self,
        object: &Object<'_>,
        name: &str,
        allowed: &[&str],
    ) -> Option<String> {
        let text = self.string(object, name)?;
        if allowed.contains(&text.as_str()) || substitution(&text).is_some() {
            return Some(text);
        }
        self.schema(
            object.at(name),
            format!(
                "The field '{name}' should have one of these values: [{}]",
                allowed.join(", ")
            ),
        );
        None
    }

    pub(super) fn boolean(&mut self, object: &Object<'_>, name: &str) -> Option<bool> {
        match object.get(name)? {
            Value::Bool(flag) => Some(*flag),
            _ => {
                self.wrong_type(object.at(name), "Boolean");
                None
            }
        }
    }

    pub(super) fn integer(&mut self, object: &Object<'_>, name: &str, range: Range) -> Option<u64> {
        match object.get(name)? {
            Value::Number(number) => {
                self.check_range(object, name, number, range);
                whole(number)
            }
            _ => {
                self.wrong_type(object.at(name), "Integer");
                None
            }
        }
    }

    pub(super) fn query_language(&mut self, object: &Object<'_>) -> Option<QueryLanguage> {
        let name = self.one_of(object, "QueryLanguage", &["JSONPath", "JSONata"])?;
        Some(match name.as_str() {
            "JSONata" => QueryLanguage::Jsonata,
            _ => QueryLanguage::JsonPath,
        })
    }

    /// `InputPath` and its like: a text or `null`.
    pub(super) fn path_field(&mut self, object: &Object<'_>, name: &str) -> Option<PathField> {
        match object.get(name)? {
            Value::Null => Some(PathField::Null),
            Value::String(path) => Some(PathField::Path(path.clone())),
            _ => {
                self.wrong_type(object.at(name), "String");
                None
            }
        }
    }

    /// A number, JSONata for one, or its `…Path`.
    pub(super) fn quantity(
        &mut self,
        object: &Object<'_>,
        name: &str,
        language: QueryLanguage,
        range: Range,
    ) -> Option<Quantity> {
        let path_name = format!("{name}Path");
        self.exclusive(object, &[name, &path_name]);
        match object.get(name) {
            Some(Value::Number(number)) => {
                self.check_range(object, name, number, range);
                Some(Quantity::Number(number.clone()))
            }
            Some(Value::String(text))
                if language == QueryLanguage::Jsonata && is_expression(text) =>
            {
                Some(Quantity::Expression(text.clone()))
            }
            Some(_) => {
                let expected = match (language, range) {
                    (QueryLanguage::Jsonata, _) => "Number or a JSONata expression",
                    (_, Range::Percentage) => "Number",
                    _ => "Integer",
                };
                self.wrong_type(object.at(name), expected);
                None
            }
            None => self.string(object, &path_name).map(Quantity::Path),
        }
    }

    /// A text, JSONata for one, or its `…Path`.
    pub(super) fn text(
        &mut self,
        object: &Object<'_>,
        name: &str,
        language: QueryLanguage,
    ) -> Option<Text> {
        let path_name = format!("{name}Path");
        self.exclusive(object, &[name, &path_name]);
        if object.has(name) {
            let text = self.string(object, name)?;
            return Some(match language {
                QueryLanguage::Jsonata => Text::from_template(&text),
                QueryLanguage::JsonPath => Text::Literal(text),
            });
        }
        self.string(object, &path_name).map(Text::Path)
    }

    /// A payload template: an object, or anything in JSONata.
    pub(super) fn object_template(
        &mut self,
        object: &Object<'_>,
        name: &str,
    ) -> Option<JsonMap<String, Value>> {
        match object.get(name)? {
            Value::Object(map) => Some(map.clone()),
            _ => {
                self.wrong_type(object.at(name), "Object");
                None
            }
        }
    }

    pub(super) fn object<'a>(&mut self, object: &Object<'a>, name: &str) -> Option<Object<'a>> {
        self.as_object(object.get(name)?, object.at(name))
    }

    pub(super) fn as_object<'a>(
        &mut self,
        value: &'a Value,
        pointer: String,
    ) -> Option<Object<'a>> {
        match value {
            Value::Object(map) => Some(Object::new(map, pointer)),
            _ => {
                self.wrong_type(pointer, "Object");
                None
            }
        }
    }

    /// The objects in an array, each with its index, so that one which is not an object doesn't hide the others.
    pub(super) fn objects<'a>(&mut self, object: &Object<'a>, name: &str) -> Vec<Object<'a>> {
        let items = match object.get(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.wrong_type(object.at(name), "Array");
                return Vec::new();
            }
        };
        let array = object.at(name);
        items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| self.as_object(item, join_index(&array, index)))
            .collect()
    }

    pub(super) fn strings(&mut self, object: &Object<'_>, name: &str) -> Option<Vec<String>> {
        let Value::Array(items) = object.get(name)? else {
            self.wrong_type(object.at(name), "Array");
            return None;
        };
        let array = object.at(name);
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                _ => self.wrong_type(join_index(&array, index), "String"),
            }
        }
        Some(texts)
    }

    fn check_range(
        &mut self,
        object: &Object<'_>,
        name: &str,
        number: &serde_json::Number,
        range: Range,
    ) {
        let (least, most) = match range {
            Range::Integer(least) => (least, u64::MAX),
            Range::Seconds => (1, LONGEST),
            Range::Delay => (1, LONGEST_DELAY),
            Range::Percentage => {
                if !number.as_f64().is_some_and(|n| (0.0..=100.0).contains(&n)) {
                    self.schema(object.at(name), "Value must be between 0 and 100");
                }
                return;
            }
        };
        match whole(number) {
            Some(n) if (least..=most).contains(&n) => {}
            Some(_) if most < u64::MAX => self.schema(
                object.at(name),
                format!("Value must be between {least} and {most}"),
            ),
            Some(_) => self.schema(object.at(name), format!("Value must be at least {least}")),
            None if number.as_f64().is_some_and(|n| n < 0.0) => {
                self.schema(object.at(name), format!("Value must be at least {least}"));
            }
            None => self.wrong_type(object.at(name), "Integer"),
        }
    }
}

/// A number without a fraction, even if it is written with one: `3.0`.
pub(super) fn whole(number: &serde_json::Number) -> Option<u64> {
    number.as_u64().or_else(|| {
        let float = number.as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range and the fraction are checked"
        )]
        (float.fract() == 0.0 && (0.0..=9e15).contains(&float)).then_some(float as u64)
    })
}
