//! Every path, template and expression of a state, with its place.

use crate::pointer::{join, join_index};
use crate::syntax::{
    Condition, Operand, PathField, Quantity, QueryLanguage, State, StateKind, Test, Text, Wait,
};
use serde_json::Value;

/// Something that is looked up or computed when a state runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Query<'a> {
    /// Where it is in the definition.
    pub pointer: String,
    /// How it is written.
    pub kind: QueryKind<'a>,
}

/// How a query is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum QueryKind<'a> {
    /// A path.
    Path(&'a str),
    /// A path that names one place to write to.
    ReferencePath(&'a str),
    /// A path or a call of an intrinsic function.
    PathOrCall(&'a str),
    /// A value with `"field.$"` in it.
    PathTemplate(&'a Value),
    /// A value with `{% … %}` in it.
    QueryTemplate(&'a Value),
    /// `{% … %}`.
    Expression(&'a str),
}

/// Every query of a state, not of the machines in it.
pub fn queries(state: &State) -> Vec<Query<'_>> {
    let mut collector = Collector {
        found: Vec::new(),
        language: state.query_language,
    };
    collector.shared(state);
    collector.kind(state);
    for catcher in &state.catch {
        if let Some(PathField::Path(path)) = &catcher.result_path {
            let kind = QueryKind::ReferencePath(path);
            collector.push(join(&catcher.pointer, "ResultPath"), kind);
        }
        collector.template(&catcher.pointer, "Output", catcher.output.as_ref());
        collector.assign(&catcher.pointer, catcher.assign.as_ref());
    }
    collector.found
}

struct Collector<'a> {
    found: Vec<Query<'a>>,
    language: QueryLanguage,
}

impl<'a> Collector<'a> {
    fn shared(&mut self, state: &'a State) {
        let at = state.pointer.as_str();
        for (name, field) in [
            ("InputPath", &state.input_path),
            ("OutputPath", &state.output_path),
        ] {
            if let Some(PathField::Path(path)) = field {
                self.push(join(at, name), QueryKind::Path(path));
            }
        }
        if let Some(PathField::Path(path)) = &state.result_path {
            self.push(join(at, "ResultPath"), QueryKind::ReferencePath(path));
        }
        for (name, template) in [
            ("Parameters", &state.parameters),
            ("ResultSelector", &state.result_selector),
            ("Arguments", &state.arguments),
            ("Output", &state.output),
        ] {
            self.template(at, name, template.as_ref());
        }
        self.assign(at, state.assign.as_ref());
    }

    fn kind(&mut self, state: &'a State) {
        let at = state.pointer.as_str();
        match &state.kind {
            StateKind::Task(task) => {
                self.quantity(at, "TimeoutSeconds", task.timeout.as_ref());
                self.quantity(at, "HeartbeatSeconds", task.heartbeat.as_ref());
                self.template(at, "Credentials", task.credentials.as_ref());
            }
            StateKind::Choice(choice) => {
                for rule in &choice.rules {
                    self.condition(&rule.pointer, &rule.condition);
                    self.template(&rule.pointer, "Output", rule.output.as_ref());
                    self.assign(&rule.pointer, rule.assign.as_ref());
                }
            }
            StateKind::Wait(Wait::Seconds(seconds)) => self.quantity(at, "Seconds", Some(seconds)),
            StateKind::Wait(Wait::Timestamp(text)) => match text {
                Text::Path(path) => self.push(join(at, "TimestampPath"), QueryKind::Path(path)),
                _ => self.text(at, "Timestamp", Some(text)),
            },
            StateKind::Fail(fail) => {
                self.text(at, "Error", fail.error.as_ref());
                self.text(at, "Cause", fail.cause.as_ref());
            }
            StateKind::Map(map) => self.map(at, map),
            _ => {}
        }
    }

    fn map(&mut self, at: &str, map: &'a crate::syntax::Map) {
        if let Some(path) = &map.items_path {
            self.push(join(at, "ItemsPath"), QueryKind::Path(path));
        }
        self.template(at, "Items", map.items.as_ref());
        self.template(at, "ItemSelector", map.item_selector.as_ref());
        self.quantity(at, "MaxConcurrency", map.max_concurrency.as_ref());
        self.quantity(
            at,
            "ToleratedFailureCount",
            map.tolerated_failure_count.as_ref(),
        );
        self.quantity(
            at,
            "ToleratedFailurePercentage",
            map.tolerated_failure_percentage.as_ref(),
        );
        let template = match self.language {
            QueryLanguage::JsonPath => "Parameters",
            QueryLanguage::Jsonata => "Arguments",
        };
        if let Some(reader) = &map.reader {
            self.template(&reader.pointer, template, reader.arguments.as_ref());
            let config = join(&reader.pointer, "ReaderConfig");
            self.quantity(&config, "MaxItems", reader.max_items.as_ref());
        }
        if let Some(batcher) = &map.batcher {
            self.template(&batcher.pointer, "BatchInput", batcher.batch_input.as_ref());
            self.quantity(
                &batcher.pointer,
                "MaxItemsPerBatch",
                batcher.max_items.as_ref(),
            );
            self.quantity(
                &batcher.pointer,
                "MaxInputBytesPerBatch",
                batcher.max_input_bytes.as_ref(),
            );
        }
        if let Some(writer) = &map.writer {
            self.template(&writer.pointer, template, writer.arguments.as_ref());
        }
    }

    fn condition(&mut self, at: &str, condition: &'a Condition) {
        match condition {
            Condition::And(inner) | Condition::Or(inner) => {
                let name = match condition {
                    Condition::And(_) => "And",
                    _ => "Or",
                };
                let array = join(at, name);
                for (position, inner) in inner.iter().enumerate() {
                    self.condition(&join_index(&array, position), inner);
                }
            }
            Condition::Not(inner) => self.condition(&join(at, "Not"), inner),
            Condition::Test { variable, test } => {
                if !variable.is_empty() {
                    self.push(join(at, "Variable"), QueryKind::Path(variable));
                }
                if let Test::Compare {
                    operand: Operand::Path(path),
                    ..
                } = test
                {
                    self.push(join(at, &test.operator()), QueryKind::Path(path));
                }
            }
            Condition::Expression(text) => {
                self.push(join(at, "Condition"), QueryKind::Expression(text));
            }
            Condition::Literal(_) | Condition::Unknown => {}
        }
    }

    fn assign(&mut self, at: &str, assign: Option<&'a serde_json::Map<String, Value>>) {
        let at = join(at, "Assign");
        for (name, value) in assign.into_iter().flatten() {
            let pointer = join(&at, name);
            match (self.language, value) {
                (QueryLanguage::Jsonata, _) => self.push(pointer, QueryKind::QueryTemplate(value)),
                (QueryLanguage::JsonPath, Value::String(path)) if name.ends_with(".$") => {
                    self.push(pointer, QueryKind::PathOrCall(path));
                }
                (QueryLanguage::JsonPath, _) => self.push(pointer, QueryKind::PathTemplate(value)),
            }
        }
    }

    fn template(&mut self, at: &str, name: &str, value: Option<&'a Value>) {
        if let Some(value) = value {
            let kind = match self.language {
                QueryLanguage::JsonPath => QueryKind::PathTemplate(value),
                QueryLanguage::Jsonata => QueryKind::QueryTemplate(value),
            };
            self.push(join(at, name), kind);
        }
    }

    fn quantity(&mut self, at: &str, name: &str, quantity: Option<&'a Quantity>) {
        match quantity {
            Some(Quantity::Path(path)) => {
                self.push(join(at, &format!("{name}Path")), QueryKind::Path(path));
            }
            Some(Quantity::Expression(text)) => {
                self.push(join(at, name), QueryKind::Expression(text));
            }
            _ => {}
        }
    }

    /// `Error` and `Cause`, whose paths can be calls too.
    fn text(&mut self, at: &str, name: &str, text: Option<&'a Text>) {
        match text {
            Some(Text::Path(path)) => {
                self.push(
                    join(at, &format!("{name}Path")),
                    QueryKind::PathOrCall(path),
                );
            }
            Some(Text::Expression(text)) => {
                self.push(join(at, name), QueryKind::Expression(text));
            }
            _ => {}
        }
    }

    fn push(&mut self, pointer: String, kind: QueryKind<'a>) {
        self.found.push(Query { pointer, kind });
    }
}
