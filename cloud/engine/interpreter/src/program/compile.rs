//! [`Machine`] to [`Program`].

use super::{
    Amount, Assign, Catcher, Decision, Flow, Kind, MapNode, Node, Program, Retrier, Rule,
    Selection, Service, Side, TaskNode, Template, Words, is_jsonata, map,
};
use crate::Transformation;
use awm_asl::Machine;
use awm_asl::jsonata::{Expression, expression_of};
use awm_asl::path::{Path, Root};
use awm_asl::syntax::{
    self, Condition, Jitter, Operand, PathField, Quantity, State, StateKind, Test, Text, Wait,
};
use awm_asl::template::{PathTemplate, QueryTemplate, Reference};
use serde_json::{Map as JsonMap, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// What keeps a definition from running.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {pointer}")]
pub struct CompileError {
    /// Where, as a JSON Pointer into the definition.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

pub(super) fn compile(machine: &Machine) -> Result<Program, Vec<CompileError>> {
    let mut compiler = Compiler::default();
    compiler.flow(machine);
    if !compiler.errors.is_empty() {
        return Err(compiler.errors);
    }
    let mut flows: Vec<(usize, Flow)> = compiler.flows.into_iter().collect();
    flows.sort_by_key(|(id, _)| *id);
    let flows: Vec<Flow> = flows.into_iter().map(|(_, flow)| flow).collect();
    let mut nodes = flows.iter().flat_map(|flow| &flow.nodes);
    Ok(Program {
        reads_context: nodes.any(|node| node.reads_context),
        flows,
        no_variables: Arc::default(),
        timeout: machine.timeout_seconds,
    })
}

/// Collects flows and errors. Machines are nested a few levels only, so they are gone through by recursion.
#[derive(Default)]
pub(super) struct Compiler {
    flows: HashMap<usize, Flow>,
    count: usize,
    errors: Vec<CompileError>,
    /// Whether the state being made ready reads the context object.
    reads_context: bool,
}

type Names<'a> = HashMap<&'a str, usize>;

impl Compiler {
    /// Makes a machine ready and answers with its number.
    pub(super) fn flow(&mut self, machine: &Machine) -> usize {
        let id = self.count;
        self.count += 1;
        let names: Names<'_> = machine
            .states
            .iter()
            .enumerate()
            .map(|(index, state)| (state.name.as_str(), index))
            .collect();
        let start = self.target(&names, &machine.start_at, &machine.pointer);
        let nodes = machine
            .states
            .iter()
            .map(|state| Arc::new(self.node(state, &names)))
            .collect();
        self.flows.insert(id, Flow { start, nodes });
        id
    }

    pub(super) fn error(&mut self, pointer: &str, message: impl Into<String>) {
        self.errors.push(CompileError {
            pointer: pointer.to_owned(),
            message: message.into(),
        });
    }

    fn target(&mut self, names: &Names<'_>, name: &str, pointer: &str) -> usize {
        match names.get(name) {
            Some(index) => *index,
            None => {
                self.error(pointer, format!("there is no state `{name}`"));
                0
            }
        }
    }

    fn node(&mut self, state: &State, names: &Names<'_>) -> Node {
        let jsonata = is_jsonata(state.query_language);
        let at = state.pointer.as_str();
        let next = state.next.as_ref().map(|next| self.target(names, next, at));
        let outer = std::mem::take(&mut self.reads_context);
        let mut node = Node {
            name: state.name.as_str().into(),
            pointer: at.into(),
            jsonata,
            reads_context: false,
            input_path: self.selection(state.input_path.as_ref(), at),
            parameters: self.path_template(state.parameters.as_ref(), at),
            result_selector: self.path_template(state.result_selector.as_ref(), at),
            result_path: self.selection(state.result_path.as_ref(), at),
            output_path: self.selection(state.output_path.as_ref(), at),
            arguments: self.query_template(state.arguments.as_ref(), at),
            output: self.query_template(state.output.as_ref(), at),
            assign: self.assign(state.assign.as_ref(), jsonata, at),
            retry: state.retry.iter().map(retrier).collect(),
            catch: state
                .catch
                .iter()
                .map(|catcher| Catcher {
                    errors: catcher.error_equals.clone(),
                    next: self.target(names, &catcher.next, &catcher.pointer),
                    result_path: self.selection(catcher.result_path.as_ref(), &catcher.pointer),
                    assign: self.assign(catcher.assign.as_ref(), jsonata, &catcher.pointer),
                    output: self.query_template(catcher.output.as_ref(), &catcher.pointer),
                })
                .collect(),
            next,
            kind: self.kind(state, names),
        };
        node.reads_context = std::mem::replace(&mut self.reads_context, outer);
        node
    }

    fn kind(&mut self, state: &State, names: &Names<'_>) -> Kind {
        let at = state.pointer.as_str();
        let jsonata = is_jsonata(state.query_language);
        match &state.kind {
            StateKind::Pass(pass) => Kind::Pass(pass.result.clone().map(Arc::new)),
            StateKind::Succeed => Kind::Succeed,
            StateKind::Fail(fail) => Kind::Fail {
                error: fail
                    .error
                    .as_ref()
                    .and_then(|text| self.words(text, "ErrorPath", at)),
                cause: fail
                    .cause
                    .as_ref()
                    .and_then(|text| self.words(text, "CausePath", at)),
            },
            StateKind::Wait(Wait::Seconds(seconds)) => match self.amount(seconds, at) {
                Some(amount) => Kind::WaitSeconds(amount),
                None => Kind::Succeed,
            },
            StateKind::Wait(Wait::Timestamp(time)) => match self.words(time, "TimestampPath", at) {
                Some(words) => Kind::WaitUntil(words),
                None => Kind::Succeed,
            },
            StateKind::Wait(Wait::Unknown) => {
                self.error(at, "a Wait state must say how long");
                Kind::Succeed
            }
            StateKind::Choice(choice) => Kind::Choice {
                rules: choice
                    .rules
                    .iter()
                    .map(|rule| Rule {
                        decision: self.decision(&rule.condition, &rule.pointer),
                        next: self.target(names, &rule.next, &rule.pointer),
                        assign: self.assign(rule.assign.as_ref(), jsonata, &rule.pointer),
                        output: self.query_template(rule.output.as_ref(), &rule.pointer),
                    })
                    .collect(),
                default: choice
                    .default
                    .as_ref()
                    .map(|default| self.target(names, default, at)),
            },
            StateKind::Task(task) => Kind::Task(Box::new(TaskNode {
                resource: task.resource.as_str().into(),
                service: Service::of(&task.resource),
                timeout: task
                    .timeout
                    .as_ref()
                    .and_then(|amount| self.amount(amount, at)),
                heartbeat: task
                    .heartbeat
                    .as_ref()
                    .and_then(|amount| self.amount(amount, at)),
                role: task
                    .role()
                    .and_then(|role| self.words(&role, "RoleArn.$", at)),
            })),
            StateKind::Parallel(branches) => {
                Kind::Parallel(branches.iter().map(|branch| self.flow(branch)).collect())
            }
            StateKind::Map(map) => Kind::Map(Box::new(self.map(map, jsonata, at))),
            StateKind::Unknown(kind) => {
                let kind = kind.as_deref().unwrap_or_default();
                self.error(at, format!("`{kind}` is not a type of state"));
                Kind::Succeed
            }
        }
    }

    fn map(&mut self, map: &syntax::Map, jsonata: bool, at: &str) -> MapNode {
        MapNode {
            items_path: map.items_path.as_ref().and_then(|path| self.path(path, at)),
            items: self.query_template(map.items.as_ref(), at),
            selector: self.template(map.item_selector.as_ref(), jsonata, at),
            processor: map::Processor {
                flow: self.flow(&map.processor.machine),
                distributed: map.processor.config.distributed,
            },
            reader: map.reader.as_ref().map(|reader| map::Reader {
                resource: reader.resource.as_str().into(),
                arguments: self.template(reader.arguments.as_ref(), jsonata, &reader.pointer),
                input_type: reader.input_type.clone(),
                manifest_type: word(&reader.config, "ManifestType").map(str::to_owned),
                load: word(&reader.config, "Transformation") == Some("LOAD_AND_FLATTEN"),
                items_pointer: word(&reader.config, "ItemsPointer").map(str::to_owned),
                csv_headers: match reader.csv_header_location.as_deref() {
                    Some("GIVEN") => reader.csv_headers.clone(),
                    _ => None,
                },
                csv_delimiter: match reader.csv_delimiter.as_deref() {
                    Some("PIPE") => b'|',
                    Some("SEMICOLON") => b';',
                    Some("SPACE") => b' ',
                    Some("TAB") => b'\t',
                    _ => b',',
                },
                max_items: reader
                    .max_items
                    .as_ref()
                    .and_then(|amount| self.amount(amount, &reader.pointer)),
            }),
            batcher: map.batcher.as_ref().map(|batcher| map::Batcher {
                max_items: batcher
                    .max_items
                    .as_ref()
                    .and_then(|amount| self.amount(amount, &batcher.pointer)),
                max_bytes: batcher
                    .max_input_bytes
                    .as_ref()
                    .and_then(|amount| self.amount(amount, &batcher.pointer)),
                input: self.template(batcher.batch_input.as_ref(), jsonata, &batcher.pointer),
            }),
            writer: map.writer.as_ref().map(|writer| map::Writer {
                exports: writer.resource.is_some(),
                transformation: match word(&writer.config, "Transformation") {
                    Some("COMPACT") => Transformation::Compact,
                    Some("FLATTEN") => Transformation::Flatten,
                    _ => Transformation::None,
                },
                lines: word(&writer.config, "OutputType") == Some("JSONL"),
                arguments: self.template(writer.arguments.as_ref(), jsonata, &writer.pointer),
            }),
            max_concurrency: self.maybe_amount(map.max_concurrency.as_ref(), at),
            tolerated_count: self.maybe_amount(map.tolerated_failure_count.as_ref(), at),
            tolerated_percentage: self.maybe_amount(map.tolerated_failure_percentage.as_ref(), at),
            label: map.label.clone(),
        }
    }

    fn selection(&mut self, field: Option<&PathField>, at: &str) -> Selection {
        match field {
            None => Selection::Whole,
            Some(PathField::Null) => Selection::Nothing,
            Some(PathField::Path(text)) if text == "$" => Selection::Whole,
            Some(PathField::Path(text)) => match self.path(text, at) {
                Some(path) => Selection::At(path),
                None => Selection::Whole,
            },
        }
    }

    fn path(&mut self, text: &str, at: &str) -> Option<Path> {
        match Path::parse(text) {
            Ok(path) => {
                self.note(&[&path]);
                Some(path)
            }
            Err(error) => {
                self.error(at, error.to_string());
                None
            }
        }
    }

    /// Notes whether paths read the context object.
    fn note(&mut self, paths: &[&Path]) {
        self.reads_context |= paths.iter().any(|path| *path.root() == Root::Context);
    }

    fn expression(&mut self, text: &str, at: &str) -> Option<Expression> {
        match Expression::parse(expression_of(text).unwrap_or(text)) {
            Ok(expression) => {
                self.reads_context |= reads_context(expression.source());
                Some(expression)
            }
            Err(error) => {
                self.error(at, error.to_string());
                None
            }
        }
    }

    fn maybe_amount(&mut self, amount: Option<&Quantity>, at: &str) -> Option<Amount> {
        amount.and_then(|amount| self.amount(amount, at))
    }

    fn amount(&mut self, quantity: &Quantity, at: &str) -> Option<Amount> {
        match quantity {
            Quantity::Number(number) => Some(Amount::Number(number.clone())),
            Quantity::Path(path) => self.path(path, at).map(Amount::Path),
            Quantity::Expression(text) => self.expression(text, at).map(Amount::Expression),
        }
    }

    fn words(&mut self, text: &Text, field: &str, at: &str) -> Option<Words> {
        match text {
            Text::Literal(text) => Some(Words::Literal(text.clone())),
            Text::Path(path) => match Reference::parse(path) {
                Ok(reference) => {
                    self.note(&reference.paths());
                    Some(Words::Reference(field.to_owned(), Box::new(reference)))
                }
                Err(error) => {
                    self.error(at, error);
                    None
                }
            },
            Text::Expression(text) => self.expression(text, at).map(Words::Expression),
        }
    }

    fn path_template(&mut self, value: Option<&Value>, at: &str) -> Option<PathTemplate> {
        match PathTemplate::parse(value?) {
            Ok(template) => {
                self.note(&template.paths());
                Some(template)
            }
            Err(error) => {
                self.error(at, error.to_string());
                None
            }
        }
    }

    fn query_template(&mut self, value: Option<&Value>, at: &str) -> Option<QueryTemplate> {
        match QueryTemplate::parse(value?) {
            Ok(template) => {
                self.reads_context |= template
                    .expressions()
                    .iter()
                    .any(|expression| reads_context(expression.source()));
                Some(template)
            }
            Err(error) => {
                self.error(at, error.to_string());
                None
            }
        }
    }

    fn template(&mut self, value: Option<&Value>, jsonata: bool, at: &str) -> Option<Template> {
        if jsonata {
            self.query_template(value, at).map(Template::Query)
        } else {
            self.path_template(value, at).map(Template::Path)
        }
    }

    fn assign(
        &mut self,
        fields: Option<&JsonMap<String, Value>>,
        jsonata: bool,
        at: &str,
    ) -> Option<Assign> {
        let fields = Value::Object(fields?.clone());
        if jsonata {
            self.query_template(Some(&fields), at).map(Assign::Query)
        } else {
            self.path_template(Some(&fields), at).map(Assign::Path)
        }
    }

    fn decision(&mut self, condition: &Condition, at: &str) -> Decision {
        let never = Decision::Literal(false);
        match condition {
            Condition::And(all) => {
                Decision::All(all.iter().map(|one| self.decision(one, at)).collect())
            }
            Condition::Or(any) => {
                Decision::Any(any.iter().map(|one| self.decision(one, at)).collect())
            }
            Condition::Not(one) => Decision::Not(Box::new(self.decision(one, at))),
            Condition::Literal(value) => Decision::Literal(*value),
            Condition::Expression(text) => self
                .expression(text, at)
                .map_or(never, Decision::Expression),
            Condition::Unknown => {
                self.error(at, "a rule must have a condition");
                never
            }
            Condition::Test { variable, test } => {
                let Some(variable) = self.path(variable, at) else {
                    return never;
                };
                match test {
                    Test::Matches(pattern) => Decision::Matches(variable, pattern.clone()),
                    Test::Is { what, expected } => Decision::Is {
                        variable,
                        what: *what,
                        expected: *expected,
                    },
                    Test::Compare {
                        of,
                        relation,
                        operand,
                    } => {
                        let operand = match operand {
                            Operand::Literal(value) => Side::Literal(value.clone()),
                            Operand::Path(path) => match self.path(path, at) {
                                Some(path) => Side::Path(path),
                                None => return never,
                            },
                        };
                        Decision::Compare {
                            variable,
                            of: *of,
                            relation: *relation,
                            operand,
                        }
                    }
                }
            }
        }
    }
}

fn retrier(retrier: &syntax::Retrier) -> Retrier {
    Retrier {
        errors: retrier.error_equals.clone(),
        interval: retrier.interval_seconds as f64,
        attempts: retrier.max_attempts,
        backoff: retrier.backoff_rate,
        max_delay: retrier.max_delay_seconds,
        full_jitter: retrier.jitter == Jitter::Full,
    }
}

fn word<'a>(config: &'a JsonMap<String, Value>, name: &str) -> Option<&'a str> {
    config.get(name)?.as_str()
}

/// Whether an expression reads `$states` beyond the input, the result and the error: a bound, so that the context
/// object is made only for those who may want it.
fn reads_context(source: &str) -> bool {
    source.split("$states").skip(1).any(|after| {
        ![".input", ".result", ".errorOutput"]
            .iter()
            .any(|field| after.starts_with(field))
    })
}
