//! Paths, templates and expressions in a state's scope.

use super::Execution;
use super::history::rfc3339;
use super::thread::Thread;
use crate::Failure;
use crate::program::{Amount, Assign, Kind, Selection, Template, Words};
use crate::size::{MAX_PAYLOAD, fits};
use awm_asl::jsonata::{Bindings, Expression, Session};
use awm_asl::path::{Path, Scope as PathScope};
use awm_asl::random::Seeded;
use awm_asl::template::{PathTemplate, QueryTemplate, QueryTemplateError};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What expressions may read besides the input, the context and variables.
pub(super) type Extra<'a> = (&'static str, &'a Value);

impl Execution {
    /// The context object, as far as the state reads it.
    pub(super) fn context(&self, thread: &Thread) -> Value {
        if let Some(context) = &self.given_context {
            return Value::clone(context);
        }
        if !thread.node.reads_context {
            return Value::Null;
        }
        self.whole_context(thread)
    }

    /// The context object, whether the state reads it or not.
    pub(super) fn whole_context(&self, thread: &Thread) -> Value {
        let mut context = Map::new();
        if let Some(line) = self.lines.get(&thread.line) {
            context.insert("Execution".to_owned(), line.about.context(&self.names));
        }
        context.insert(
            "StateMachine".to_owned(),
            json!({ "Id": &*self.names.machine_id, "Name": &*self.names.machine_name }),
        );
        let mut state = json!({
            "Name": &*thread.node.name,
            "EnteredTime": rfc3339(thread.entered_at),
        });
        // Only states that can be tried again tell how often they were.
        if matches!(thread.node.type_name(), "Task" | "Map" | "Parallel")
            && let Some(state) = state.as_object_mut()
        {
            state.insert("RetryCount".to_owned(), thread.retry_count.into());
        }
        context.insert("State".to_owned(), state);
        if let Some(item) = &thread.item {
            context.insert("Map".to_owned(), Value::clone(item));
        }
        if let (Some(token), Kind::Task(task)) = (&thread.token, &thread.node.kind)
            && task.service.has_token()
        {
            context.insert("Task".to_owned(), json!({ "Token": token }));
        }
        Value::Object(context)
    }

    /// `InputPath` or `OutputPath` of `data`.
    pub(super) fn select(
        &self,
        thread: &Thread,
        selection: &Selection,
        data: &Arc<Value>,
    ) -> Result<Arc<Value>, Failure> {
        match selection {
            Selection::Whole => Ok(Arc::clone(data)),
            Selection::Nothing => Ok(Arc::new(json!({}))),
            Selection::At(path) => self.at_path(thread, path, data).map(Arc::new),
        }
    }

    pub(super) fn at_path(
        &self,
        thread: &Thread,
        path: &Path,
        data: &Value,
    ) -> Result<Value, Failure> {
        let context = self.context(thread);
        let scope = PathScope {
            input: data,
            context: &context,
            variables: &*thread.scope,
        };
        path.evaluate(&scope)
            .map(std::borrow::Cow::into_owned)
            .map_err(|error| Failure::path(path.text(), &error))
    }

    pub(super) fn fill(
        &mut self,
        thread: &Thread,
        template: &PathTemplate,
        data: &Value,
    ) -> Result<Value, Failure> {
        let context = self.context(thread);
        let scope = PathScope {
            input: data,
            context: &context,
            variables: &*thread.scope,
        };
        Ok(template.evaluate(&scope, &mut self.random)?)
    }

    /// A session for the state's expressions.
    pub(super) fn session(&mut self, thread: &Thread, extra: &[Extra<'_>]) -> Session {
        let context = self.context(thread);
        let mut random = self.random.clone();
        let session = self.session_with(thread, &context, extra, &mut random);
        self.random = random;
        session
    }

    pub(super) fn session_with(
        &self,
        thread: &Thread,
        context: &Value,
        extra: &[Extra<'_>],
        random: &mut Seeded,
    ) -> Session {
        let mut states = vec![("input", &*thread.input), ("context", context)];
        states.extend_from_slice(extra);
        let bindings = Bindings {
            states: &states,
            variables: &*thread.scope,
            now: self.now,
        };
        Session::new(bindings, random)
    }

    pub(super) fn query(
        &mut self,
        thread: &Thread,
        template: &QueryTemplate,
        field: &str,
        extra: &[Extra<'_>],
    ) -> Result<Value, Failure> {
        if let QueryTemplate::Literal(value) = template {
            return Ok(value.clone());
        }
        let mut session = self.session(thread, extra);
        Ok(template.evaluate(field, &mut session)?)
    }

    /// A single expression's value.
    pub(super) fn expression(
        &mut self,
        thread: &Thread,
        expression: &Expression,
        field: &str,
    ) -> Result<Value, Failure> {
        let mut session = self.session(thread, &[]);
        let failed = |message: String| QueryTemplateError::Failed {
            expression: expression.source().to_owned(),
            field: field.to_owned(),
            message,
        };
        let value = session
            .evaluate(expression)
            .map_err(|error| failed(error.message))?;
        Ok(value.ok_or_else(|| QueryTemplateError::Undefined {
            expression: expression.source().to_owned(),
            field: field.to_owned(),
        })?)
    }

    pub(super) fn either(
        &mut self,
        thread: &Thread,
        template: &Template,
        field: &str,
        data: &Value,
    ) -> Result<Value, Failure> {
        match template {
            Template::Path(template) => self.fill(thread, template, data),
            Template::Query(template) => self.query(thread, template, field, &[]),
        }
    }

    /// Evaluates `Assign` of a JSONPath state; nothing is assigned yet.
    pub(super) fn assignments(
        &mut self,
        thread: &Thread,
        assign: Option<&Assign>,
        data: &Value,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        match assign {
            Some(Assign::Path(template)) => {
                let values = self.fill(thread, template, data)?;
                Self::assignable(values)
            }
            _ => Ok(None),
        }
    }

    /// What variables may be assigned: an object of values that are not too large.
    pub(super) fn assignable(values: Value) -> Result<Option<Map<String, Value>>, Failure> {
        let Value::Object(values) = values else {
            return Ok(None);
        };
        match values.iter().find(|(_, value)| !fits(value, MAX_PAYLOAD)) {
            Some((name, _)) => Err(Failure::too_large(name)),
            None => Ok(Some(values)),
        }
    }

    pub(super) fn assign(thread: &mut Thread, values: Option<Map<String, Value>>) {
        if let Some(values) = values {
            Arc::make_mut(&mut thread.scope).assign(values.clone());
            thread.assigned = Some(values);
        }
    }

    /// A text of a field such as `Error`; `field` is its name.
    pub(super) fn words(
        &mut self,
        thread: &Thread,
        words: &Words,
        field: &str,
        data: &Value,
    ) -> Result<Value, Failure> {
        match words {
            Words::Literal(text) => Ok(Value::String(text.clone())),
            Words::Reference(field, reference) => {
                let context = self.context(thread);
                let scope = PathScope {
                    input: data,
                    context: &context,
                    variables: &*thread.scope,
                };
                Ok(reference.evaluate(field, &scope, &mut self.random)?)
            }
            Words::Expression(expression) => {
                let value = self.expression(thread, expression, field)?;
                if value.is_string() {
                    Ok(value)
                } else {
                    Err(unexpected(expression, field, "string", &value))
                }
            }
        }
    }

    /// A number of a field such as `TimeoutSeconds`; `field` is its name without `Path`.
    pub(super) fn amount(
        &mut self,
        thread: &Thread,
        amount: &Amount,
        field: &str,
        data: &Value,
    ) -> Result<f64, Failure> {
        let value = match amount {
            Amount::Number(number) => return Ok(number.as_f64().unwrap_or_default()),
            Amount::Path(path) => self.at_path(thread, path, data)?,
            Amount::Expression(expression) => {
                let value = self.expression(thread, expression, field)?;
                return value
                    .as_f64()
                    .ok_or_else(|| unexpected(expression, field, "number", &value));
            }
        };
        let number = match &value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let whole = field != "ToleratedFailurePercentage";
        number
            .filter(|number| !whole || number.fract() == 0.0)
            .ok_or_else(|| {
                let (kind, path) = match amount {
                    Amount::Path(path) if whole => ("integer", path.text()),
                    Amount::Path(path) => ("float", path.text()),
                    _ => ("number", field),
                };
                Failure::runtime(format!(
                    "The {field}Path field refers to value \"{}\" which is not a valid {kind}: {path}",
                    plain(&value)
                ))
            })
    }
}

/// An expression that gave a value of the wrong type.
pub(super) fn unexpected(
    expression: &Expression,
    field: &str,
    wanted: &str,
    value: &Value,
) -> Failure {
    Failure::query(
        format!(
            "The JSONata expression '{}' specified for the field '{field}' returned an unexpected result type. Expected '{wanted}', but was '{}' for value: {value}",
            expression.source(),
            type_name(value),
        ),
        Some(field),
    )
}

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A text without quotes, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
