//! A definition as a drawing: nodes, handles, edges, scopes. Made from any JSON value, however incomplete.

mod order;
mod project;
mod rule;
mod summary;

use crate::StateRef;
use std::collections::HashMap;

pub(crate) use order::ways_out;
pub use project::project;
pub(crate) use project::scope_pointers;
pub use rule::rule_in_words;

/// What the canvas, the outline and the list of targets show of a definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Every state, nested ones included, in document order.
    pub nodes: Vec<Node>,
    /// Every transition, from the first node's first to the last node's last.
    pub edges: Vec<Edge>,
    /// The machine itself (always first), then each branch and each Map's processor.
    pub scopes: Vec<Scope>,
    /// Indices of `nodes` in the order in which they run: from each `StartAt` along the first way out.
    pub order: Vec<usize>,
    nodes_by_id: HashMap<StateRef, usize>,
    edges_by_id: HashMap<EdgeRef, usize>,
}

/// A transition as the JSON Pointer of the field that names its target, such as `/States/Ask/Next`,
/// `/States/Route/Choices/0/Next`, `/States/Ask/Catch/1/Next`, `/StartAt`.
pub type EdgeRef = String;

/// A state.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it is in the definition.
    pub id: StateRef,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: NodeKind,
    /// The item of the [catalogue](crate::catalogue) that it is drawn as.
    pub item: &'static str,
    /// The index of the scope that it belongs to.
    pub scope: usize,
    /// What it does, in a line; empty when there is nothing to say.
    pub summary: String,
    /// Ways in and out.
    pub handles: Vec<Handle>,
    /// Whether the run of its scope may end here.
    pub ends: bool,
    /// Indices of the scopes inside: branches in order, or the Map's processor.
    pub inner: Vec<usize>,
    /// How many states are inside, at any depth.
    pub inside: usize,
    /// Whether some way leads here from its scope's `StartAt`.
    pub reachable: bool,
}

/// The type of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// Pass.
    Pass,
    /// Task.
    Task,
    /// Choice.
    Choice,
    /// Wait.
    Wait,
    /// Succeed.
    Succeed,
    /// Fail.
    Fail,
    /// Parallel.
    Parallel,
    /// Map.
    Map,
    /// A missing or unknown `Type`.
    Unknown,
}

/// A way into or out of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    /// Which.
    pub port: Port,
    /// What is said beside it: a rule, error names; empty for the plain ways.
    pub label: String,
    /// Whether a transition starts here (always false of `In`).
    pub wired: bool,
}

/// Which way in or out of a node or a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Port {
    /// The way in.
    In,
    /// From a scope's start marker (`StartAt`).
    Start,
    /// `Next`.
    Next,
    /// `Choices[i].Next`.
    Choice(usize),
    /// `Default`.
    Default,
    /// `Catch[i].Next`.
    Catch(usize),
}

/// A way out: a state and its port, or a scope and [`Port::Start`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outlet {
    /// The state; for [`Port::Start`] the scope's pointer (`""` for the machine).
    pub owner: String,
    /// The port.
    pub port: Port,
}

/// A transition.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The field that names the target.
    pub id: EdgeRef,
    /// Where it begins.
    pub from: Outlet,
    /// The node that it begins at; none for a start marker.
    pub from_node: Option<usize>,
    /// The name that is written as target.
    pub target: String,
    /// The node that it leads to; none if there is no such state in the scope.
    pub to_node: Option<usize>,
    /// The index of the scope that both ends belong to.
    pub scope: usize,
    /// What sort of transition.
    pub kind: EdgeKind,
    /// The rule in words, the error names, "otherwise"; empty for `Next` and the start.
    pub label: String,
}

/// What sort of transition an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EdgeKind {
    /// From the start marker.
    Start,
    /// `Next`.
    Next,
    /// A Choice rule.
    Choice,
    /// A Choice's `Default`.
    Default,
    /// A catcher.
    Catch,
}

/// A set of states that refer to each other: the machine, a branch, a Map's processor.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// Where it is: `""`, `/States/P/Branches/0`, `/States/M/ItemProcessor`.
    pub pointer: String,
    /// The Parallel or Map around it.
    pub owner: Option<usize>,
    /// `StartAt`, as written.
    pub start_at: Option<String>,
    /// The state that `StartAt` names.
    pub start: Option<usize>,
    /// Indices of its states, in document order.
    pub states: Vec<usize>,
    /// Which branch it is, from 0.
    pub column: usize,
}

impl Graph {
    /// The state with this reference.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.get(self.node_index(id)?)
    }

    /// The index of the state with this reference.
    pub fn node_index(&self, id: &str) -> Option<usize> {
        self.nodes_by_id.get(id).copied()
    }

    /// The transition written at this pointer.
    pub fn edge(&self, id: &str) -> Option<&Edge> {
        self.edges.get(self.edge_index(id)?)
    }

    /// The index of the transition written at this pointer.
    pub fn edge_index(&self, id: &str) -> Option<usize> {
        self.edges_by_id.get(id).copied()
    }

    /// The scope at this pointer.
    pub fn scope(&self, pointer: &str) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.pointer == pointer)
    }

    /// The pointer of the scope that a state belongs to.
    pub fn scope_of(&self, id: &str) -> Option<&str> {
        let scope = self.node(id)?.scope;
        Some(&self.scopes.get(scope)?.pointer)
    }

    /// States that a transition from this outlet may lead to, in the order in which they run. The machine
    /// refuses no target within the scope, so all of them are offered.
    pub fn targets(&self, from: &Outlet) -> Vec<&Node> {
        let scope = match from.port {
            Port::Start => self
                .scopes
                .iter()
                .position(|scope| scope.pointer == from.owner),
            _ => self.node(&from.owner).map(|node| node.scope),
        };
        let of_order = self.order.iter().filter_map(|index| self.nodes.get(*index));
        of_order.filter(|node| Some(node.scope) == scope).collect()
    }

    /// The frames around a node, innermost first.
    pub fn frames_around(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let owner = move |node: usize| self.scopes.get(self.nodes.get(node)?.scope)?.owner;
        std::iter::successors(owner(node), move |frame| owner(*frame))
    }
}

impl NodeKind {
    /// The type that is written as `name`.
    pub fn named(name: &str) -> Self {
        match name {
            "Pass" => Self::Pass,
            "Task" => Self::Task,
            "Choice" => Self::Choice,
            "Wait" => Self::Wait,
            "Succeed" => Self::Succeed,
            "Fail" => Self::Fail,
            "Parallel" => Self::Parallel,
            "Map" => Self::Map,
            _ => Self::Unknown,
        }
    }

    /// As it is written in `Type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "Pass",
            Self::Task => "Task",
            Self::Choice => "Choice",
            Self::Wait => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
            Self::Unknown => "Unknown",
        }
    }

    /// Whether states of this type hold others.
    pub fn is_frame(self) -> bool {
        matches!(self, Self::Parallel | Self::Map)
    }

    /// Whether states of this type go on by `Next` or `End`.
    pub fn has_next(self) -> bool {
        !matches!(self, Self::Choice | Self::Succeed | Self::Fail)
    }

    /// Whether states of this type may have catchers.
    pub fn has_catch(self) -> bool {
        matches!(self, Self::Task | Self::Parallel | Self::Map)
    }
}

impl Outlet {
    /// The way out of a state.
    pub fn new(owner: impl Into<String>, port: Port) -> Self {
        Self {
            owner: owner.into(),
            port,
        }
    }

    /// The field that names the target.
    pub fn pointer(&self) -> EdgeRef {
        let owner = &self.owner;
        match self.port {
            Port::In => owner.clone(),
            Port::Start => format!("{owner}/StartAt"),
            Port::Next => format!("{owner}/Next"),
            Port::Choice(index) => format!("{owner}/Choices/{index}/Next"),
            Port::Default => format!("{owner}/Default"),
            Port::Catch(index) => format!("{owner}/Catch/{index}/Next"),
        }
    }
}
