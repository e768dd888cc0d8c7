//! A definition made ready to run: every path, template and expression parsed, every name resolved.

mod compile;
mod errors;
mod fields;
mod map;

pub use compile::CompileError;
pub(crate) use errors::{Catcher, Retrier};
pub(crate) use fields::Side;
pub(crate) use fields::{Amount, Assign, Decision, Selection, Words};
pub(crate) use map::{MapNode, Template};

use awm_asl::template::{PathTemplate, QueryTemplate};
use awm_asl::{Machine, syntax};
use serde_json::Value;
use std::sync::Arc;

/// A definition ready to run. Parse once, share, run many times.
#[derive(Debug)]
pub struct Program {
    /// The machine itself first, then those in it.
    pub(crate) flows: Vec<Flow>,
    /// Seconds that an execution may take.
    pub(crate) timeout: Option<u64>,
    /// Whether any state reads the context object.
    pub(crate) reads_context: bool,
    /// The variables at first, shared by all executions.
    pub(crate) no_variables: Arc<crate::scope::Scope>,
}

/// States and where to start among them.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) start: usize,
    pub(crate) nodes: Vec<Arc<Node>>,
}

/// A state ready to run.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: Arc<str>,
    pub(crate) pointer: Arc<str>,
    pub(crate) jsonata: bool,
    /// Whether anything in the state reads the context object.
    pub(crate) reads_context: bool,
    pub(crate) input_path: Selection,
    pub(crate) parameters: Option<PathTemplate>,
    pub(crate) result_selector: Option<PathTemplate>,
    pub(crate) result_path: Selection,
    pub(crate) output_path: Selection,
    pub(crate) arguments: Option<QueryTemplate>,
    pub(crate) output: Option<QueryTemplate>,
    pub(crate) assign: Option<Assign>,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<Catcher>,
    /// The state that follows; none ends the machine.
    pub(crate) next: Option<usize>,
    pub(crate) kind: Kind,
}

/// What a state does.
#[derive(Debug)]
pub(crate) enum Kind {
    Pass(Option<Arc<Value>>),
    Choice {
        rules: Vec<Rule>,
        default: Option<usize>,
    },
    WaitSeconds(Amount),
    WaitUntil(Words),
    Succeed,
    Fail {
        error: Option<Words>,
        cause: Option<Words>,
    },
    Task(Box<TaskNode>),
    Parallel(Vec<usize>),
    Map(Box<MapNode>),
}

/// A rule of a Choice state.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) decision: Decision,
    pub(crate) next: usize,
    pub(crate) assign: Option<Assign>,
    pub(crate) output: Option<QueryTemplate>,
}

/// What a Task state asks for.
#[derive(Debug)]
pub(crate) struct TaskNode {
    pub(crate) resource: Arc<str>,
    pub(crate) service: Service,
    pub(crate) timeout: Option<Amount>,
    pub(crate) heartbeat: Option<Amount>,
    pub(crate) role: Option<Words>,
}

/// Who does the work, which decides how it is told in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// A function by its ARN, or a substitution for one.
    Function,
    /// A worker that polls.
    Activity,
    /// `arn:aws:states:::TYPE:ACTION`
    Integration {
        kind: Arc<str>,
        action: Arc<str>,
        /// Whether the state waits after the service has answered: `.sync` or `.waitForTaskToken`.
        waits: bool,
    },
}

impl Service {
    fn of(resource: &str) -> Self {
        let mut parts = resource.splitn(6, ':');
        let arn = parts.next() == Some("arn");
        let service = parts.nth(1);
        let region = parts.next();
        let account = parts.next();
        let rest = parts.next().unwrap_or_default();
        match (arn, service, region, account) {
            (true, Some("states"), Some(""), Some("")) => match rest.rsplit_once(':') {
                // `startExecution.sync:2` has a colon of its own.
                Some((kind, "2")) => Self::integration(kind, ":2"),
                _ => Self::integration(rest, ""),
            },
            (true, Some("states"), ..) if rest.starts_with("activity:") => Self::Activity,
            _ => Self::Function,
        }
    }

    fn integration(rest: &str, suffix: &str) -> Self {
        let (kind, action) = rest.rsplit_once(':').unwrap_or(("", rest));
        Self::Integration {
            kind: kind.into(),
            action: format!("{action}{suffix}").into(),
            waits: action.ends_with(".sync") || action.ends_with(".waitForTaskToken"),
        }
    }
}

impl Program {
    /// Makes a machine ready to run. What is wrong is told all at once.
    pub fn compile(machine: &Machine) -> Result<Self, Vec<CompileError>> {
        compile::compile(machine)
    }

    /// Reads a definition and makes it ready to run.
    pub fn from_definition(definition: &Value) -> Result<Self, Vec<CompileError>> {
        let (machine, _) = Machine::from_value(definition);
        let machine = machine.ok_or_else(|| {
            vec![CompileError {
                pointer: String::new(),
                message: "a definition must be an object".to_owned(),
            }]
        })?;
        compile::compile(&machine)
    }

    /// Whether there is a state at this JSON Pointer.
    pub fn has_state(&self, pointer: &str) -> bool {
        self.find(pointer).is_some()
    }

    /// Every state, outermost first: its JSON Pointer and its name.
    pub fn states(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.flows
            .iter()
            .flat_map(|flow| &flow.nodes)
            .map(|node| (&node.pointer, &node.name))
    }

    /// What a state's work gave, told by the state's output; nothing if the state makes something else of it.
    pub fn result_of(&self, state: &str, output: &Value) -> Option<Value> {
        let (flow, index) = self.find(state)?;
        let node = self.node(flow, index)?;
        if node.jsonata {
            return node.output.is_none().then(|| output.clone());
        }
        if node.result_selector.is_some() || !matches!(node.output_path, Selection::Whole) {
            return None;
        }
        match &node.result_path {
            Selection::Whole => Some(output.clone()),
            Selection::Nothing => None,
            Selection::At(path) => {
                let scope = awm_asl::path::Scope {
                    input: output,
                    context: &Value::Null,
                    variables: &crate::scope::Scope::default(),
                };
                path.evaluate(&scope).ok().map(std::borrow::Cow::into_owned)
            }
        }
    }

    pub(crate) fn node(&self, flow: usize, index: usize) -> Option<&Arc<Node>> {
        self.flows.get(flow)?.nodes.get(index)
    }
}

/// States of one program are the same if they are at the same place.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.pointer == other.pointer
    }
}

impl Node {
    /// The type of the event that the state is entered with.
    pub(crate) fn entered(&self) -> &'static str {
        match self.kind {
            Kind::Pass(_) => "PassStateEntered",
            Kind::Choice { .. } => "ChoiceStateEntered",
            Kind::WaitSeconds(_) | Kind::WaitUntil(_) => "WaitStateEntered",
            Kind::Succeed => "SucceedStateEntered",
            Kind::Fail { .. } => "FailStateEntered",
            Kind::Task(_) => "TaskStateEntered",
            Kind::Parallel(_) => "ParallelStateEntered",
            Kind::Map(_) => "MapStateEntered",
        }
    }

    /// The type of the event that the state is left with.
    pub(crate) fn exited(&self) -> &'static str {
        match self.kind {
            Kind::Pass(_) => "PassStateExited",
            Kind::Choice { .. } => "ChoiceStateExited",
            Kind::WaitSeconds(_) | Kind::WaitUntil(_) => "WaitStateExited",
            Kind::Succeed => "SucceedStateExited",
            Kind::Fail { .. } => "FailStateExited",
            Kind::Task(_) => "TaskStateExited",
            Kind::Parallel(_) => "ParallelStateExited",
            Kind::Map(_) => "MapStateExited",
        }
    }

    /// The type as history events name it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Pass(_) => "Pass",
            Kind::Choice { .. } => "Choice",
            Kind::WaitSeconds(_) | Kind::WaitUntil(_) => "Wait",
            Kind::Succeed => "Succeed",
            Kind::Fail { .. } => "Fail",
            Kind::Task(_) => "Task",
            Kind::Parallel(_) => "Parallel",
            Kind::Map(_) => "Map",
        }
    }
}

pub(crate) fn is_jsonata(language: syntax::QueryLanguage) -> bool {
    language == syntax::QueryLanguage::Jsonata
}
