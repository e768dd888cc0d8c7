//! Fields that are a template, or a number or text that may come from a path.

use super::Reason;
use super::expression::Kind;
use super::path;
use super::state::{Conversion, parse};
use super::template;
use crate::pointer::join;
use crate::source::changes::Change;
use crate::syntax::{Quantity, Text};
use serde_json::Value;

impl Conversion<'_> {
    /// A template at its own place.
    pub(super) fn template(&mut self, name: &str, value: &Value) -> Result<(), Reason> {
        let at = self.at(name);
        template::convert(value, &at, &self.input, self.style, &mut self.changes)?;
        Ok(())
    }

    /// A number that may come from a path; texts with digits count.
    pub(super) fn quantity(
        &mut self,
        name: &str,
        quantity: Option<&Quantity>,
        parent: &str,
    ) -> Result<(), Reason> {
        let Some(Quantity::Path(text)) = quantity else {
            return Ok(());
        };
        let at = join(parent, &format!("{name}Path"));
        let mut writer = self.style.writer();
        let found = path::path(&parse(text, &at)?, &self.input, &mut writer, &at)?;
        let number = match found.kind {
            Kind::Number => found.text,
            _ => format!(
                "($type({0}) in ['number', 'string'] ? $number({0}))",
                found.text
            ),
        };
        self.changes
            .push(Change::set(&at, &Value::String(writer.finish(&number))));
        self.changes.push(Change::rename(&at, name));
        Ok(())
    }

    /// A text that may come from a path or a call; with `any`, other values count as they are written.
    pub(super) fn text(
        &mut self,
        name: &str,
        text: Option<&Text>,
        any: bool,
    ) -> Result<(), Reason> {
        let at = self.at(name);
        match text {
            Some(Text::Path(path)) => {
                let at = format!("{at}Path");
                let mut writer = self.style.writer();
                let found = template::reference(path, &self.input, &mut writer, &at)?;
                let value = match any && found.kind != Kind::Text {
                    true => format!("$string({})", found.text),
                    false => found.text,
                };
                self.changes
                    .push(Change::set(&at, &Value::String(writer.finish(&value))));
                self.changes.push(Change::rename(&at, name));
            }
            Some(Text::Literal(text)) => {
                let text = Value::String(text.clone());
                let constant = template::constant(&text, &at)?;
                if constant != text {
                    self.changes.push(Change::set(&at, &constant));
                }
            }
            _ => {}
        }
        Ok(())
    }
}
