//! The order in which states run, for focus, the outline and the layout.

use super::{Graph, Node};

/// Fills `order` and `reachable`: each scope from its start along the first way out, then what no way leads to;
/// the states of a frame directly after it.
pub(super) fn put_in_order(graph: &mut Graph) {
    let ways = ways_out(graph);
    let mut order = Vec::with_capacity(graph.nodes.len());
    let mut reached = vec![false; graph.nodes.len()];
    let mut listed = vec![false; graph.nodes.len()];
    // A scope is walked as a whole; frames found on the way are opened where they stand.
    let mut todo: Vec<Step> = vec![Step::Scope(0)];
    while let Some(step) = todo.pop() {
        match step {
            Step::Scope(scope) => {
                let Some(scope) = graph.scopes.get(scope) else {
                    continue;
                };
                for state in scope.states.iter().rev() {
                    todo.push(Step::Visit(*state, false));
                }
                if let Some(start) = scope.start {
                    todo.push(Step::Visit(start, true));
                }
            }
            Step::Visit(node, by_a_way) => {
                if let Some(mark) = listed.get_mut(node) {
                    if *mark {
                        continue;
                    }
                    *mark = true;
                }
                if let Some(mark) = reached.get_mut(node) {
                    *mark = by_a_way;
                }
                order.push(node);
                let ways = ways.get(node).map(Vec::as_slice).unwrap_or_default();
                // A way out of an unreachable state makes nothing reachable, yet keeps the two together.
                todo.extend(
                    ways.iter()
                        .rev()
                        .map(|target| Step::Visit(*target, by_a_way)),
                );
                let inner = graph
                    .nodes
                    .get(node)
                    .map(|node: &Node| node.inner.as_slice())
                    .unwrap_or_default();
                todo.extend(inner.iter().rev().map(|scope| Step::Scope(*scope)));
            }
        }
    }
    for (node, reached) in graph.nodes.iter_mut().zip(reached) {
        node.reachable = reached;
    }
    graph.order = order;
}

enum Step {
    Scope(usize),
    Visit(usize, bool),
}

/// Targets of each node, in the order of its handles.
pub(crate) fn ways_out(graph: &Graph) -> Vec<Vec<usize>> {
    let mut ways = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        if let (Some(from), Some(to)) = (edge.from_node, edge.to_node)
            && let Some(ways) = ways.get_mut(from)
            && !ways.contains(&to)
        {
            ways.push(to);
        }
    }
    ways
}
