//! A state's fields: `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath` to `Arguments` and `Output`, and the rest.

use super::expression::{Expr, Kind, literal};
use super::output::put;
use super::path::Base;
use super::template::{self, Style};
use super::{Reason, choice, map};
use crate::path::{Path, Root};
use crate::pointer::join;
use crate::source::changes::Change;
use crate::syntax::{Catcher, PathField, State, StateKind, Wait};
use crate::template::Reference;
use serde_json::{Map, Value};

/// Errors that JSONPath states raise and JSONata states don't.
const PATH_ERRORS: [&str; 3] = [
    "States.IntrinsicFailure",
    "States.ParameterPathFailure",
    "States.ResultPathMatchFailure",
];

/// Turns one state.
pub(super) struct Conversion<'a> {
    pub(super) state: &'a State,
    /// The state as written.
    pub(super) raw: &'a Map<String, Value>,
    pub(super) style: &'a Style,
    /// What `InputPath` leaves.
    pub(super) input: Base,
    pub(super) changes: Vec<Change>,
}

/// The changes that turn a state, apart from its `QueryLanguage`.
pub(super) fn changes(
    state: &State,
    raw: &Map<String, Value>,
    style: &Style,
) -> Result<Vec<Change>, Reason> {
    let input = match &state.input_path {
        None => Base::input(),
        Some(PathField::Null) => Base::new("{}", Kind::Object),
        Some(PathField::Path(text)) => {
            let at = join(&state.pointer, "InputPath");
            Base::at(&parse(text, &at)?, &Base::input())
        }
    };
    let mut conversion = Conversion {
        state,
        raw,
        style,
        input,
        changes: Vec::new(),
    };
    conversion.errors()?;
    match &state.kind {
        StateKind::Pass(pass) => conversion.pass(pass.result.as_ref())?,
        StateKind::Task(task) => {
            conversion.quantity("TimeoutSeconds", task.timeout.as_ref(), &state.pointer)?;
            conversion.quantity("HeartbeatSeconds", task.heartbeat.as_ref(), &state.pointer)?;
            if let Some(credentials) = &task.credentials {
                conversion.template("Credentials", credentials)?;
            }
            conversion.arguments()?;
            conversion.result()?;
        }
        StateKind::Parallel(_) => {
            conversion.arguments()?;
            conversion.result()?;
        }
        StateKind::Map(map) => {
            map::fields(&mut conversion, map)?;
            conversion.result()?;
        }
        StateKind::Choice(choice) => conversion.choice(choice)?,
        StateKind::Wait(wait) => {
            match wait {
                Wait::Seconds(seconds) => {
                    conversion.quantity("Seconds", Some(seconds), &state.pointer)?;
                }
                Wait::Timestamp(time) => conversion.text("Timestamp", Some(time), false)?,
                Wait::Unknown => {}
            }
            conversion.no_result()?;
        }
        StateKind::Succeed => conversion.no_result()?,
        StateKind::Fail(fail) => {
            conversion.text("Error", fail.error.as_ref(), true)?;
            conversion.text("Cause", fail.cause.as_ref(), true)?;
        }
        StateKind::Unknown(_) => {
            return Err(Reason::new(
                "INVALID_STATE",
                &state.pointer,
                "it has no type",
            ));
        }
    }
    Ok(conversion.changes)
}

impl Conversion<'_> {
    pub(super) fn at(&self, name: &str) -> String {
        join(&self.state.pointer, name)
    }

    /// Retry and Catch: errors that are called otherwise afterwards, and what catchers give.
    fn errors(&mut self) -> Result<(), Reason> {
        let state = self.state;
        let rules = state
            .retry
            .iter()
            .map(|retrier| (&retrier.pointer, &retrier.error_equals))
            .chain(
                state
                    .catch
                    .iter()
                    .map(|catcher| (&catcher.pointer, &catcher.error_equals)),
            );
        for (pointer, errors) in rules {
            if let Some(error) = errors
                .iter()
                .find(|error| PATH_ERRORS.contains(&error.as_str()))
            {
                return Err(Reason::new(
                    "NAMES_PATH_ERROR",
                    join(pointer, "ErrorEquals"),
                    format!(
                        "a JSONata state never raises `{error}`; what is meant is `States.QueryEvaluationError`"
                    ),
                ));
            }
        }
        for catcher in &state.catch {
            self.catcher(catcher)?;
        }
        Ok(())
    }

    fn catcher(&mut self, catcher: &Catcher) -> Result<(), Reason> {
        let error = Base::new("$states.errorOutput", Kind::Object);
        if let Some(assign) = &catcher.assign {
            let at = join(&catcher.pointer, "Assign");
            template::convert(
                &Value::Object(assign.clone()),
                &at,
                &error,
                self.style,
                &mut self.changes,
            )?;
        }
        let at = join(&catcher.pointer, "ResultPath");
        let mut writer = self.style.writer();
        let output = match &catcher.result_path {
            None => return Ok(()),
            Some(PathField::Path(path)) if path == "$" => {
                self.changes
                    .push(Change::remove(&catcher.pointer, "ResultPath"));
                return Ok(());
            }
            Some(PathField::Null) => "$states.input".to_owned(),
            Some(PathField::Path(path)) => {
                let value = Expr::new("$states.errorOutput", Kind::Object);
                put(path, &value, &mut writer, &at)?.text
            }
        };
        self.changes
            .push(Change::set(&at, &Value::String(writer.finish(&output))));
        self.changes.push(Change::rename(&at, "Output"));
        Ok(())
    }

    fn pass(&mut self, result: Option<&Value>) -> Result<(), Reason> {
        let base = match (result, &self.state.parameters) {
            (Some(result), parameters) => {
                let at = self.at("Parameters");
                if parameters.is_some() && !self.input.is_input()
                    || parameters
                        .as_ref()
                        .is_some_and(|template| reads(template, |_| true))
                {
                    return Err(Reason::new(
                        "UNUSED_PARAMETERS",
                        at,
                        "`Result` takes the place of what `Parameters` give, but these may fail",
                    ));
                }
                self.unused_input("Result")?;
                Base::new(literal(result, &self.at("Result"))?, kind_of(result))
            }
            (None, Some(parameters)) => {
                self.used_input("Parameters", parameters)?;
                Base::template(parameters, &self.at("Parameters"), &self.input)
            }
            (None, None) => self.input.clone(),
        };
        self.assign(&base)?;
        self.output(&base, "$states.input")
    }

    fn arguments(&mut self) -> Result<(), Reason> {
        if let Some(parameters) = &self.state.parameters {
            self.used_input("Parameters", parameters)?;
            self.template("Parameters", parameters)?;
            self.changes
                .push(Change::rename(&self.at("Parameters"), "Arguments"));
        } else if !self.input.is_input() {
            let value = self.whole_input()?;
            self.replace("InputPath", "Arguments", value);
        }
        Ok(())
    }

    /// What `InputPath` leaves, as an expression.
    pub(super) fn whole_input(&self) -> Result<Value, Reason> {
        let mut writer = self.style.writer();
        let input = self.input.value(&mut writer, &self.at("InputPath"))?;
        Ok(Value::String(writer.finish(&input.text)))
    }

    /// `Assign` and `Output` of a state with a result.
    fn result(&mut self) -> Result<(), Reason> {
        let result = Base::new("$states.result", Kind::Any);
        let base = match &self.state.result_selector {
            Some(selector) => Base::template(selector, &self.at("ResultSelector"), &result),
            None => result,
        };
        self.assign(&base)?;
        self.output(&base, "$states.result")
    }

    /// `Assign` and `Output` of a state without a result.
    fn no_result(&mut self) -> Result<(), Reason> {
        let base = self.input.clone();
        self.assign(&base)?;
        self.output(&base, "$states.input")
    }

    fn assign(&mut self, base: &Base) -> Result<(), Reason> {
        if let Some(assign) = &self.state.assign {
            let at = self.at("Assign");
            let assign = Value::Object(assign.clone());
            template::convert(&assign, &at, base, self.style, &mut self.changes)?;
        }
        Ok(())
    }

    fn choice(&mut self, choice: &crate::syntax::Choice) -> Result<(), Reason> {
        let base = self.input.clone();
        let output = match self.state.output_path.is_some() || !base.is_input() {
            true => Some(self.output_text(&base)?).filter(|text| text != "{% $states.input %}"),
            false => None,
        };
        for rule in &choice.rules {
            let mut writer = self.style.writer();
            let condition = choice::condition(&rule.condition, &base, &mut writer, &rule.pointer)?;
            self.condition(&rule.pointer, Value::String(writer.finish(&condition)))?;
            if let Some(assign) = &rule.assign {
                let at = join(&rule.pointer, "Assign");
                let assign = Value::Object(assign.clone());
                template::convert(&assign, &at, &base, self.style, &mut self.changes)?;
            }
            if let Some(output) = &output {
                let value = Value::String(output.clone());
                self.changes
                    .push(Change::insert(&rule.pointer, "Output", value, None));
            }
        }
        self.no_result()
    }

    /// `Condition` in the place of what a rule compares.
    fn condition(&mut self, rule: &str, condition: Value) -> Result<(), Reason> {
        const KEPT: [&str; 4] = ["Next", "Comment", "Assign", "Output"];
        let index = rule
            .rsplit_once('/')
            .and_then(|(_, index)| index.parse::<usize>().ok());
        let fields = self
            .raw
            .get("Choices")
            .and_then(|choices| choices.get(index?))
            .and_then(Value::as_object)
            .ok_or_else(|| Reason::new("INVALID_STATE", rule, "it is no rule"))?;
        let names: Vec<&String> = fields
            .keys()
            .filter(|name| !KEPT.contains(&name.as_str()))
            .collect();
        let mut names = names.into_iter();
        let Some(first) = names.next() else {
            return Err(Reason::new("INVALID_STATE", rule, "it has no condition"));
        };
        let at = join(rule, first);
        self.changes.push(Change::set(&at, &condition));
        self.changes.push(Change::rename(&at, "Condition"));
        for name in names {
            self.changes.push(Change::remove(rule, name));
        }
        Ok(())
    }

    /// Fails if `InputPath` could, but nothing would notice.
    fn unused_input(&self, field: &str) -> Result<(), Reason> {
        match &self.state.input_path {
            Some(PathField::Path(path)) if path != "$" => Err(Reason::new(
                "UNUSED_INPUT_PATH",
                self.at("InputPath"),
                format!("`{field}` does not read what it selects, but it may fail"),
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn used_input(&self, field: &str, template: &Value) -> Result<(), Reason> {
        match reads(template, |path| *path.root() == Root::Input) {
            true => Ok(()),
            false => self.unused_input(field),
        }
    }
}

pub(super) fn parse(text: &str, at: &str) -> Result<Path, Reason> {
    Path::parse(text).map_err(|error| Reason::new("INVALID_STATE", at, error.to_string()))
}

/// Whether a template has a path of some kind.
fn reads(template: &Value, wanted: impl Fn(&Path) -> bool) -> bool {
    let mut pending = vec![template];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(text) if key.ends_with(".$") => {
                            if let Ok(found) = Reference::parse(text)
                                && found.paths().into_iter().any(&wanted)
                            {
                                return true;
                            }
                        }
                        value => pending.push(value),
                    }
                }
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    false
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Any,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::List,
        Value::Object(_) => Kind::Object,
    }
}
