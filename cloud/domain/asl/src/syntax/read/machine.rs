//! Reading machines.

use super::object::{Object, Range};
use super::{MAX_NESTED_MACHINES, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use crate::syntax::{Machine, QueryLanguage, States};
use serde_json::Value;

impl Reader {
    pub(super) fn outermost(&mut self, object: &Object<'_>) -> Machine {
        self.language = self.query_language(object).unwrap_or_default();
        let mut machine = self.machine(
            object,
            &[
                "Comment",
                "QueryLanguage",
                "StartAt",
                "States",
                "TimeoutSeconds",
                "Version",
            ],
        );
        machine.timeout_seconds = self.integer(object, "TimeoutSeconds", Range::Seconds);
        machine.version = self.one_of(object, "Version", &["1.0"]);
        machine
    }

    /// A branch or an item processor.
    pub(super) fn nested(&mut self, object: &Object<'_>, known: &[&str]) -> Machine {
        if self.depth >= MAX_NESTED_MACHINES {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::TooDeeplyNested,
                    object.pointer.clone(),
                    format!("states are nested more than {MAX_NESTED_MACHINES} levels deep"),
                )
                .help("move the inner part into a workflow of its own and start that"),
            );
            return Machine {
                pointer: object.pointer.clone(),
                query_language: self.language,
                ..Machine::default()
            };
        }
        self.depth += 1;
        let machine = self.machine(object, known);
        self.depth -= 1;
        machine
    }

    fn machine(&mut self, object: &Object<'_>, known: &[&str]) -> Machine {
        self.require(object, &["StartAt", "States"]);
        let language = match object.has("QueryLanguage") && self.depth > 0 {
            true => self.nested_language(object),
            false => self.language,
        };
        let mut states = States::default();
        if let Some(map) = self.object(object, "States") {
            if map.entries().next().is_none() {
                self.schema(map.pointer.clone(), "There must be at least one state");
            }
            for (name, value) in map.entries() {
                let pointer = join(&map.pointer, name);
                match value {
                    Value::Object(fields) => {
                        let state = self.state(name, &Object::new(fields, pointer), language);
                        states.push(state);
                    }
                    _ => self.wrong_type(pointer, "Object"),
                }
            }
        }
        Machine {
            pointer: object.pointer.clone(),
            comment: self.string(object, "Comment"),
            query_language: language,
            start_at: self.string(object, "StartAt").unwrap_or_default(),
            states,
            timeout_seconds: None,
            version: None,
            extra: self.extra(object, known),
        }
    }

    fn nested_language(&mut self, object: &Object<'_>) -> QueryLanguage {
        let language = self.query_language(object).unwrap_or(self.language);
        self.check_language(object, language);
        language
    }

    /// JSONata for the whole definition cannot be undone below.
    pub(super) fn check_language(&mut self, object: &Object<'_>, language: QueryLanguage) {
        if self.language == QueryLanguage::Jsonata && language == QueryLanguage::JsonPath {
            self.schema(
                object.pointer.clone(),
                "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            );
        }
    }
}
