//! The projection itself: one walk over the definition, without recursion, so that depth can't exhaust the stack.

use super::{
    Edge, EdgeKind, Graph, Handle, Node, NodeKind, Outlet, Port, Scope, order, rule::rule_in_words,
    summary,
};
use crate::{
    catalogue,
    pointer::{state_ref, text},
};
use serde_json::Value;
use std::collections::HashMap;

/// The drawing of a definition. Anything that isn't shaped as the language has it is passed over.
pub fn project(definition: &Value) -> Graph {
    let mut graph = Graph::default();
    let mut waiting = vec![Waiting {
        pointer: String::new(),
        value: definition,
        owner: None,
        column: 0,
    }];
    while let Some(next) = waiting.pop() {
        add_scope(&mut graph, next, &mut waiting);
    }
    connect(&mut graph, definition);
    order::put_in_order(&mut graph);
    graph
}

struct Waiting<'a> {
    pointer: String,
    value: &'a Value,
    owner: Option<usize>,
    column: usize,
}

fn add_scope<'a>(graph: &mut Graph, of: Waiting<'a>, waiting: &mut Vec<Waiting<'a>>) {
    let scope = graph.scopes.len();
    let mut states = Vec::new();
    let members = of.value.get("States").and_then(Value::as_object);
    let mut inner = Vec::new();
    for (name, state) in members.into_iter().flatten() {
        let index = graph.nodes.len();
        let id = state_ref(&of.pointer, name);
        states.push(index);
        for (column, (pointer, value)) in scopes_in(&id, state).into_iter().enumerate() {
            inner.push(Waiting {
                pointer,
                value,
                owner: Some(index),
                column,
            });
        }
        graph.nodes_by_id.insert(id.clone(), index);
        graph.nodes.push(node(id, name, state, scope));
    }
    // The stack gives back the last first, and branches shall come in order.
    inner.reverse();
    waiting.append(&mut inner);
    if let Some(owner) = of.owner.and_then(|owner| graph.nodes.get_mut(owner)) {
        owner.inner.push(scope);
    }
    let mut frame = of.owner;
    while let Some(around) = frame {
        let Some(owner) = graph.nodes.get_mut(around) else {
            break;
        };
        owner.inside += states.len();
        frame = graph
            .scopes
            .get(owner.scope)
            .and_then(|scope: &Scope| scope.owner);
    }
    graph.scopes.push(Scope {
        pointer: of.pointer,
        owner: of.owner,
        start_at: text(of.value, "StartAt").map(str::to_owned),
        start: None,
        states,
        column: of.column,
    });
}

/// Pointers and values of the scopes inside a state.
fn scopes_in<'a>(id: &str, state: &'a Value) -> Vec<(String, &'a Value)> {
    match NodeKind::named(text(state, "Type").unwrap_or_default()) {
        NodeKind::Parallel => {
            let branches = state.get("Branches").and_then(Value::as_array);
            let numbered = branches.into_iter().flatten().enumerate();
            numbered
                .map(|(index, branch)| (format!("{id}/Branches/{index}"), branch))
                .collect()
        }
        NodeKind::Map => ["ItemProcessor", "Iterator"]
            .into_iter()
            .find_map(|member| Some((format!("{id}/{member}"), state.get(member)?)))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Pointers of all scopes of a definition, outermost first.
pub(crate) fn scope_pointers(definition: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), definition)];
    while let Some((pointer, value)) = waiting.pop() {
        for (name, state) in value
            .get("States")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            waiting.extend(scopes_in(&state_ref(&pointer, name), state));
        }
        found.push(pointer);
    }
    found
}

fn node(id: String, name: &str, state: &Value, scope: usize) -> Node {
    let kind = NodeKind::named(text(state, "Type").unwrap_or_default());
    Node {
        id,
        name: name.to_owned(),
        kind,
        item: catalogue::item_of(state).id,
        scope,
        summary: summary::summary(kind, state),
        handles: handles(kind, state),
        ends: matches!(kind, NodeKind::Succeed | NodeKind::Fail)
            || state.get("End").and_then(Value::as_bool) == Some(true),
        inner: Vec::new(),
        inside: 0,
        reachable: false,
    }
}

fn handles(kind: NodeKind, state: &Value) -> Vec<Handle> {
    let mut handles = vec![Handle {
        port: Port::In,
        label: String::new(),
        wired: false,
    }];
    let mut add = |port, label: String, target: Option<&Value>| {
        handles.push(Handle {
            port,
            label,
            wired: target.and_then(Value::as_str).is_some(),
        });
    };
    if kind.has_next() {
        add(Port::Next, String::new(), state.get("Next"));
    }
    if kind == NodeKind::Choice {
        for (index, rule) in items(state, "Choices") {
            add(Port::Choice(index), rule_in_words(rule), rule.get("Next"));
        }
        add(Port::Default, "otherwise".to_owned(), state.get("Default"));
    }
    if kind.has_catch() {
        for (index, catcher) in items(state, "Catch") {
            add(
                Port::Catch(index),
                errors_in_words(catcher),
                catcher.get("Next"),
            );
        }
    }
    handles
}

fn items<'a>(state: &'a Value, member: &str) -> impl Iterator<Item = (usize, &'a Value)> {
    state
        .get(member)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
}

fn errors_in_words(catcher: &Value) -> String {
    let names = catcher.get("ErrorEquals").and_then(Value::as_array);
    let names: Vec<&str> = names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match names.as_slice() {
        [] => "no error named".to_owned(),
        ["States.ALL"] => "any error".to_owned(),
        names => names
            .iter()
            .map(|name| name.strip_prefix("States.").unwrap_or(name))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn connect(graph: &mut Graph, definition: &Value) {
    let mut edges = Vec::new();
    let names: Vec<HashMap<&str, usize>> = graph
        .scopes
        .iter()
        .map(|scope| {
            let named = scope
                .states
                .iter()
                .filter_map(|index| Some((graph.nodes.get(*index)?.name.as_str(), *index)));
            named.collect()
        })
        .collect();
    let find =
        |scope: usize, name: &str| names.get(scope).and_then(|names| names.get(name)).copied();
    let mut starts = Vec::new();
    for (index, scope) in graph.scopes.iter().enumerate() {
        let start = scope.start_at.as_deref().and_then(|name| find(index, name));
        starts.push(start);
        if let Some(target) = &scope.start_at {
            let from = Outlet::new(&scope.pointer, Port::Start);
            edges.push(Edge {
                id: from.pointer(),
                from,
                from_node: None,
                target: target.clone(),
                to_node: start,
                scope: index,
                kind: EdgeKind::Start,
                label: String::new(),
            });
        }
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        for handle in node.handles.iter().filter(|handle| handle.wired) {
            let from = Outlet::new(&node.id, handle.port);
            let Some(target) = definition.pointer(&from.pointer()).and_then(Value::as_str) else {
                continue;
            };
            edges.push(Edge {
                id: from.pointer(),
                from,
                from_node: Some(index),
                target: target.to_owned(),
                to_node: find(node.scope, target),
                scope: node.scope,
                kind: match handle.port {
                    Port::Choice(_) => EdgeKind::Choice,
                    Port::Default => EdgeKind::Default,
                    Port::Catch(_) => EdgeKind::Catch,
                    Port::In | Port::Start | Port::Next => EdgeKind::Next,
                },
                label: handle.label.clone(),
            });
        }
    }
    drop(names);
    for (scope, start) in graph.scopes.iter_mut().zip(starts) {
        scope.start = start;
    }
    graph.edges_by_id = edges
        .iter()
        .enumerate()
        .map(|(index, edge)| (edge.id.clone(), index))
        .collect();
    graph.edges = edges;
}
