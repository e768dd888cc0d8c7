//! States by their names.

use awm_asl::{Definition, Format};
use serde_json::Value;

/// A definition's states: JSON Pointer and name, outermost first.
#[derive(Debug, Default)]
pub(crate) struct States(Vec<(String, String)>);

impl States {
    pub(crate) fn of(document: &Value) -> Self {
        let text = document
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let format = match document.get("format").and_then(Value::as_str) {
            Some("yaml") => Format::Yaml,
            _ => Format::Json,
        };
        let definition = Definition::read(text, format);
        let states = definition.machine.iter().flat_map(|machine| {
            machine
                .all_states()
                .into_iter()
                .map(|state| (state.pointer.clone(), state.name.clone()))
                .collect::<Vec<_>>()
        });
        Self(states.collect())
    }

    /// The JSON Pointer of a state that is named by it or by its name.
    pub(crate) fn find(&self, given: &str) -> Result<String, String> {
        let named: Vec<&str> = self
            .0
            .iter()
            .filter(|(pointer, name)| pointer == given || name == given)
            .map(|(pointer, _)| pointer.as_str())
            .collect();
        match named.as_slice() {
            [one] => Ok((*one).to_owned()),
            [] => {
                let names: Vec<&str> = self.0.iter().map(|(_, name)| name.as_str()).collect();
                Err(format!(
                    "there is no state `{given}`; there are: {}",
                    names.join(", ")
                ))
            }
            several => Err(format!(
                "`{given}` is the name of several states: say {}",
                several.join(" or ")
            )),
        }
    }
}
