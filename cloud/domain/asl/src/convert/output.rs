//! `ResultPath` and `OutputPath`: what a state gives.

use super::Reason;
use super::expression::{Expr, Kind, Writer, field, object};
use super::path::{self, Base};
use super::state::{Conversion, parse};
use super::template;
use crate::path::{Root, Step};
use crate::source::changes::Change;
use crate::syntax::{PathField, StateKind};
use serde_json::Value;

impl Conversion<'_> {
    /// `Output` of a state whose result is `base`; `usual` is what there is without one.
    pub(super) fn output(&mut self, base: &Base, usual: &str) -> Result<(), Reason> {
        let is_default = |field: &Option<PathField>| match field {
            None => true,
            Some(PathField::Path(path)) => path == "$",
            Some(PathField::Null) => false,
        };
        let state = self.state;
        let direct = is_default(&state.result_path) && is_default(&state.output_path);
        // The template's own fields stay where they are, with their comments.
        let template = ["Result", "ResultSelector", "Parameters"]
            .into_iter()
            .filter(|name| *name != "Parameters" || matches!(state.kind, StateKind::Pass(_)))
            .find_map(|name| Some((name, self.raw.get(name)?)));
        if let (true, Some((name, value))) = (direct, template) {
            let at = self.at(name);
            match name {
                "Result" => {
                    let constant = template::constant(value, &at)?;
                    if constant != *value {
                        self.changes.push(Change::set(&at, &constant));
                    }
                }
                "ResultSelector" => {
                    let result = Base::new("$states.result", Kind::Any);
                    template::convert(value, &at, &result, self.style, &mut self.changes)?;
                }
                _ => self.template(name, value)?,
            }
            self.changes.push(Change::rename(&at, "Output"));
            self.retire(Some(name));
            return Ok(());
        }
        let output = self.output_text(base)?;
        match output == format!("{{% {usual} %}}") {
            true => self.retire(None),
            false => self.replace_first(output),
        }
        Ok(())
    }

    /// `{% … %}` for `ResultPath` and `OutputPath`.
    pub(super) fn output_text(&self, base: &Base) -> Result<String, Reason> {
        let state = self.state;
        let mut writer = self.style.writer();
        let at = self.at("ResultPath");
        let result = base.value(&mut writer, &at)?;
        // What has to be looked at though nothing of it is kept.
        let mut before: Vec<String> = Vec::new();
        let combined = match &state.result_path {
            None => result,
            Some(PathField::Path(path)) if path == "$" => result,
            Some(PathField::Null) => {
                before.extend(looked_at(&result, &mut writer));
                Expr::new("$states.input", Kind::Any)
            }
            Some(PathField::Path(path)) => put(path, &result, &mut writer, &at)?,
        };
        let at = self.at("OutputPath");
        let output = match &state.output_path {
            None => combined.text,
            Some(PathField::Null) => {
                before.extend(looked_at(&combined, &mut writer));
                "{}".to_owned()
            }
            Some(PathField::Path(text)) => {
                let path = parse(text, &at)?;
                if *path.root() != Root::Input {
                    before.extend(looked_at(&combined, &mut writer));
                }
                let whole = Base::new(combined.text, combined.kind);
                path::path(&path, &whole, &mut writer, &at)?.text
            }
        };
        before.push(output);
        Ok(match before.as_slice() {
            [one] => writer.finish(one),
            all => writer.finish(&format!("({})", all.join("; "))),
        })
    }

    /// Puts a field in the place of another, or last if that is not there.
    pub(super) fn replace(&mut self, old: &str, new: &str, value: Value) {
        let at = self.at(old);
        match self.raw.contains_key(old) {
            true => {
                self.changes.push(Change::set(&at, &value));
                self.changes.push(Change::rename(&at, new));
            }
            false => self
                .changes
                .push(Change::insert(&self.state.pointer, new, value, None)),
        }
    }

    /// `Output` in the place of a field that goes.
    fn replace_first(&mut self, output: String) {
        let first = self.retired().last().copied();
        match first {
            Some(name) => {
                let at = self.at(name);
                self.changes.push(Change::set(&at, &Value::String(output)));
                self.changes.push(Change::rename(&at, "Output"));
            }
            None => self.changes.push(Change::insert(
                &self.state.pointer,
                "Output",
                Value::String(output),
                None,
            )),
        }
        self.retire(first);
    }

    /// Fields that a JSONata state does not have and that were not renamed.
    fn retired(&self) -> Vec<&'static str> {
        const PATHS: [&str; 6] = [
            "InputPath",
            "Parameters",
            "Result",
            "ResultSelector",
            "ResultPath",
            "OutputPath",
        ];
        let renamed = |name: &str| {
            let at = self.at(name);
            self.changes
                .iter()
                .any(|change| matches!(change, Change::Rename(pointer, _) if *pointer == at))
        };
        let mut names: Vec<&'static str> = PATHS
            .into_iter()
            .filter(|name| self.raw.contains_key(*name) && !renamed(name))
            .collect();
        // In the order of the text, the last is where the output is told.
        names.sort_by_key(|name| self.raw.keys().position(|key| key == name));
        names
    }

    pub(super) fn retire(&mut self, except: Option<&str>) {
        for name in self.retired() {
            if Some(name) != except {
                self.changes.push(Change::remove(&self.state.pointer, name));
            }
        }
    }
}

/// An expression that fails where another would, if it can.
fn looked_at(expr: &Expr, writer: &mut Writer<'_>) -> Option<String> {
    match expr.fails {
        true => Some(writer.need(expr)),
        // A template or a list that paths are part of raises its errors itself.
        false => (!expr.text.starts_with("$states.") && expr.text.contains('$'))
            .then(|| expr.text.clone()),
    }
}

/// The input with a value at a reference path.
pub(super) fn put(
    text: &str,
    value: &Expr,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    let path = parse(text, at)?;
    let names: Option<Vec<&str>> = path
        .steps()
        .iter()
        .map(|step| match step {
            Step::Names(names) => names.first().map(String::as_str),
            _ => None,
        })
        .collect();
    let names = match names {
        Some(names) if path.is_reference() && names.iter().all(|name| field(name).is_some()) => {
            names
        }
        _ => {
            return Err(Reason::new(
                "RESULT_PATH_INDEX",
                at,
                "JSONata has no expression for an item of a list that gives way to another",
            ));
        }
    };
    let value = writer.need(value);
    let mut written = value;
    for (depth, name) in names.iter().enumerate().rev() {
        let outer: String = names
            .iter()
            .take(depth)
            .filter_map(|name| field(name))
            .collect();
        let outer = format!("$states.input{outer}");
        let before = match depth {
            0 => outer.clone(),
            _ => format!("($exists({outer}) ? {outer} : {{}})"),
        };
        let merged = format!("$merge([{before}, {}])", object(vec![(name, written)]));
        written = match (writer.strict, depth) {
            (false, _) => merged,
            (true, 0) => {
                format!("($type({outer}) = 'object' ? {merged} : $error('the input is no object'))")
            }
            (true, _) => format!(
                "($not($exists({outer})) or $type({outer}) = 'object' ? {merged} : $error('there is no object'))"
            ),
        };
    }
    Ok(Expr::new(written, Kind::Object))
}
