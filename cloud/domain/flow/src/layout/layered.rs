//! The layered layout of one scope, top to bottom: layers by longest way, order by the middle of neighbours,
//! places by least squares. Nothing in it recurses or depends on chance.

use super::{FIRST_ROW, GAP, Placement, slot};
use crate::{EdgeKind, Graph, Point, geometry::snap};
use std::collections::HashMap;

/// Room between neighbours of a layer.
const BESIDE: f64 = 40.0;
/// Room that a passing edge takes in a layer.
const PASSING: f64 = 16.0;
/// More room below a layer whose ways out carry words.
const WORDS: f64 = 32.0;

/// What a layout says.
pub(super) struct Drawn {
    /// Top-left corners by node.
    pub(super) places: Vec<(usize, Point)>,
    /// Points that edges pass, by edge: the top and the bottom of each layer on the way.
    pub(super) bends: Vec<(usize, Vec<Point>)>,
}

/// States in running order and edges of every scope.
pub(super) struct Inside {
    states: Vec<Vec<usize>>,
    edges: Vec<Vec<usize>>,
}

impl Inside {
    pub(super) fn of(graph: &Graph) -> Self {
        let mut inside = Self {
            states: vec![Vec::new(); graph.scopes.len()],
            edges: vec![Vec::new(); graph.scopes.len()],
        };
        for index in &graph.order {
            let scope = graph.nodes.get(*index).map(|node| node.scope);
            if let Some(states) = scope.and_then(|scope| inside.states.get_mut(scope)) {
                states.push(*index);
            }
        }
        for (index, edge) in graph.edges.iter().enumerate() {
            if let Some(edges) = inside.edges.get_mut(edge.scope) {
                edges.push(index);
            }
        }
        inside
    }

    pub(super) fn states(&self, scope: usize) -> &[usize] {
        self.states
            .get(scope)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    pub(super) fn edges(&self, scope: usize) -> &[usize] {
        self.edges.get(scope).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A node, or an edge that passes a layer.
#[derive(Clone, Debug, Default)]
struct Item {
    node: Option<usize>,
    layer: usize,
    width: f64,
    height: f64,
    up: Vec<(usize, f64)>,
    down: Vec<usize>,
    place: usize,
    x: f64,
}

#[derive(Clone, Copy)]
struct Way {
    edge: usize,
    from: usize,
    to: usize,
    slot: f64,
    words: bool,
}

/// Lays out some states of one scope; `edges` are the edges to heed, or all of them.
pub(super) fn layered(
    graph: &Graph,
    placement: &Placement,
    states: &[usize],
    edges: Option<&[usize]>,
) -> Drawn {
    let local: HashMap<usize, usize> = states
        .iter()
        .enumerate()
        .map(|(place, state)| (*state, place))
        .collect();
    let all: Vec<usize>;
    let edges = match edges {
        Some(edges) => edges,
        None => {
            all = (0..graph.edges.len()).collect();
            &all
        }
    };
    let way = |index: &usize| {
        let edge = graph.edges.get(*index)?;
        let (from, to) = (edge.from_node?, edge.to_node?);
        let (place, count) = slot(graph.nodes.get(from)?, edge.from.port);
        let aside = if edge.kind == EdgeKind::Catch {
            1.0
        } else {
            0.0
        };
        let slot = aside + (place as f64 + 1.0) / (count as f64 + 1.0) - 0.5;
        Some(Way {
            edge: *index,
            from: *local.get(&from)?,
            to: *local.get(&to)?,
            slot,
            words: !edge.label.is_empty(),
        })
    };
    let ways: Vec<Way> = edges
        .iter()
        .filter_map(way)
        .filter(|way| way.from != way.to)
        .collect();
    let forward = forward(states.len(), &ways);
    let layer = layers(states.len(), &forward);

    let mut items: Vec<Item> = states
        .iter()
        .enumerate()
        .map(|(place, state)| {
            let size = placement.local_rect(*state).unwrap_or_default();
            let layer = layer.get(place).copied().unwrap_or(0);
            Item {
                node: Some(*state),
                layer,
                width: size.width,
                height: size.height,
                ..Item::default()
            }
        })
        .collect();
    let passing = thread(&mut items, &forward);
    let mut rows = rows(&items);
    order(&mut items, &mut rows);
    put(&mut items, &rows);
    let tops = tops(&items, &rows, &forward);
    drawn(&items, &tops, passing, &forward)
}

/// Ways that don't lead back to a state on the way there, in topological order of their beginning.
fn forward(count: usize, ways: &[Way]) -> Vec<Way> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, way) in ways.iter().enumerate() {
        if let Some(out) = out.get_mut(way.from) {
            out.push(index);
        }
    }
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnTheWay,
        Done,
    }
    let mut marks = vec![Mark::New; count];
    let mut back = vec![false; ways.len()];
    let mut finished = Vec::with_capacity(count);
    for root in 0..count {
        if marks.get(root) != Some(&Mark::New) {
            continue;
        }
        let mut stack = vec![(root, 0)];
        if let Some(mark) = marks.get_mut(root) {
            *mark = Mark::OnTheWay;
        }
        while let Some((node, next)) = stack.pop() {
            let Some(way) = out.get(node).and_then(|out| out.get(next)) else {
                if let Some(mark) = marks.get_mut(node) {
                    *mark = Mark::Done;
                }
                finished.push(node);
                continue;
            };
            stack.push((node, next + 1));
            let Some(to) = ways.get(*way).map(|way| way.to) else {
                continue;
            };
            match marks.get_mut(to) {
                Some(mark @ Mark::New) => {
                    *mark = Mark::OnTheWay;
                    stack.push((to, 0));
                }
                Some(Mark::OnTheWay) => {
                    if let Some(back) = back.get_mut(*way) {
                        *back = true;
                    }
                }
                _ => {}
            }
        }
    }
    let ways_of = finished
        .iter()
        .rev()
        .filter_map(|node| out.get(*node))
        .flatten();
    ways_of
        .filter(|way| back.get(**way) == Some(&false))
        .filter_map(|way| ways.get(*way))
        .copied()
        .collect()
}

/// The layer of each node: one below the lowest that leads to it; what nothing leads to stands as low as it can.
fn layers(count: usize, forward: &[Way]) -> Vec<usize> {
    let mut layer = vec![0_usize; count];
    let mut led_to = vec![false; count];
    for way in forward {
        let below = layer.get(way.from).map_or(0, |from| from + 1);
        if let (Some(to), Some(led)) = (layer.get_mut(way.to), led_to.get_mut(way.to)) {
            *to = below.max(*to);
            *led = true;
        }
    }
    for root in 1..count {
        if led_to.get(root) == Some(&false) {
            let below = forward
                .iter()
                .filter(|way| way.from == root)
                .filter_map(|way| layer.get(way.to))
                .min();
            if let Some(lowest) = below.map(|below| below.saturating_sub(1))
                && let Some(own) = layer.get_mut(root)
            {
                *own = lowest;
            }
        }
    }
    layer
}

/// Connects neighbours, with an item for each layer that an edge passes; those items by way.
fn thread(items: &mut Vec<Item>, forward: &[Way]) -> Vec<Vec<usize>> {
    let mut passing = Vec::with_capacity(forward.len());
    for way in forward {
        let layer_of = |items: &[Item], index: usize| items.get(index).map_or(0, |item| item.layer);
        let (top, bottom) = (layer_of(items, way.from), layer_of(items, way.to));
        let mut before = way.from;
        let mut own = Vec::new();
        for layer in top + 1..bottom {
            let index = items.len();
            items.push(Item {
                layer,
                width: PASSING,
                ..Item::default()
            });
            tie(
                items,
                before,
                index,
                if before == way.from { way.slot } else { 0.0 },
            );
            own.push(index);
            before = index;
        }
        tie(
            items,
            before,
            way.to,
            if before == way.from { way.slot } else { 0.0 },
        );
        passing.push(own);
    }
    passing
}

fn tie(items: &mut [Item], upper: usize, lower: usize, slot: f64) {
    if let Some(item) = items.get_mut(upper) {
        item.down.push(lower);
    }
    if let Some(item) = items.get_mut(lower) {
        item.up.push((upper, slot));
    }
}

fn rows(items: &[Item]) -> Vec<Vec<usize>> {
    let count = items.iter().map(|item| item.layer + 1).max().unwrap_or(0);
    let mut rows = vec![Vec::new(); count];
    for (index, item) in items.iter().enumerate() {
        if let Some(row) = rows.get_mut(item.layer) {
            row.push(index);
        }
    }
    rows
}

/// Orders each row by the middle of its neighbours, downwards and upwards, and keeps the order with fewest crossings.
fn order(items: &mut [Item], rows: &mut Vec<Vec<usize>>) {
    let number = |items: &mut [Item], row: &[usize]| {
        for (place, index) in row.iter().enumerate() {
            if let Some(item) = items.get_mut(*index) {
                item.place = place;
            }
        }
    };
    for row in rows.iter() {
        number(items, row);
    }
    let rounds = if items.len() > 4_000 { 2 } else { 6 };
    let mut best = (usize::MAX, rows.clone());
    for round in 0..rounds {
        let downwards = round % 2 == 0;
        for turn in 0..rows.len() {
            let at = if downwards {
                turn
            } else {
                rows.len() - 1 - turn
            };
            let Some(row) = rows.get_mut(at) else {
                continue;
            };
            let middle = |index: &usize| {
                let Some(item) = items.get(*index) else {
                    return 0.0;
                };
                let place = |other: usize| items.get(other).map_or(0.0, |other| other.place as f64);
                let near: Vec<f64> = if downwards {
                    item.up
                        .iter()
                        .map(|(up, slot)| place(*up) + slot * 0.5)
                        .collect()
                } else {
                    item.down.iter().map(|down| place(*down)).collect()
                };
                if near.is_empty() {
                    item.place as f64
                } else {
                    near.iter().sum::<f64>() / near.len() as f64
                }
            };
            let mut keyed: Vec<(f64, usize)> =
                row.iter().map(|index| (middle(index), *index)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            *row = keyed.into_iter().map(|(_, index)| index).collect();
            number(items, row);
        }
        let crossings = crossings(items, rows);
        if crossings < best.0 {
            best = (crossings, rows.clone());
        }
    }
    if best.0 < usize::MAX {
        *rows = best.1;
    }
    for row in rows.iter() {
        number(items, row);
    }
}

/// How often edges between neighbouring rows cross, by counting inversions in a binary indexed tree.
fn crossings(items: &[Item], rows: &[Vec<usize>]) -> usize {
    let mut sum = 0;
    for row in rows {
        let mut ends: Vec<(f64, usize)> = Vec::new();
        let mut most = 0;
        for index in row {
            let Some(item) = items.get(*index) else {
                continue;
            };
            for (up, slot) in &item.up {
                let upper = items
                    .get(*up)
                    .map_or(0.0, |upper| upper.place as f64 + slot * 0.5);
                ends.push((upper, item.place));
                most = most.max(item.place);
            }
        }
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut tree = vec![0_usize; most + 2];
        for (seen, (_, place)) in ends.iter().enumerate() {
            let (mut not_after, mut at) = (0, place + 1);
            while at > 0 {
                not_after += tree.get(at).copied().unwrap_or(0);
                at &= at - 1;
            }
            sum += seen - not_after;
            let mut at = place + 1;
            while let Some(count) = tree.get_mut(at) {
                *count += 1;
                at += at & at.wrapping_neg();
            }
        }
    }
    sum
}

/// Middles of all items: each row as near to its neighbours' middles as order and room allow.
fn put(items: &mut [Item], rows: &[Vec<usize>]) {
    for row in rows {
        let mut x = 0.0;
        for index in row {
            if let Some(item) = items.get_mut(*index) {
                item.x = x + item.width / 2.0;
                x += item.width + BESIDE;
            }
        }
    }
    let rounds = if items.len() > 4_000 { 5 } else { 11 };
    for round in 0..rounds {
        // The last round only looks up, which makes chains straight.
        let both = round + 3 >= rounds && round + 1 < rounds;
        for turn in 0..rows.len() {
            let at = if round % 2 == 0 {
                turn
            } else {
                rows.len() - 1 - turn
            };
            let Some(row) = rows.get(at) else { continue };
            let wanted: Vec<(f64, f64)> = row
                .iter()
                .map(|index| wanted(items, *index, round % 2 == 0, both))
                .collect();
            settle(items, row, &wanted);
        }
    }
}

/// Where an item would like its middle to be, and how much it matters.
fn wanted(items: &[Item], index: usize, downwards: bool, both: bool) -> (f64, f64) {
    let Some(item) = items.get(index) else {
        return (0.0, 0.0);
    };
    let (mut sum, mut weight) = (0.0, 0.0);
    let mut pull = |other: usize, aside: f64| {
        if let Some(other) = items.get(other) {
            // Edges that pass layers shall be straight before anything else.
            let strength = if other.node.is_none() && item.node.is_none() {
                8.0
            } else {
                1.0
            };
            sum += strength * (other.x + aside);
            weight += strength;
        }
    };
    if downwards || both {
        let aside = |up: usize, slot: f64| {
            items
                .get(up)
                .map_or(0.0, |up| if slot > 0.5 { up.width } else { 0.0 })
        };
        item.up
            .iter()
            .for_each(|(up, slot)| pull(*up, aside(*up, *slot)));
    }
    if !downwards || both {
        item.down.iter().for_each(|down| pull(*down, 0.0));
    }
    if weight == 0.0 {
        (item.x, 0.01)
    } else {
        (sum / weight, weight)
    }
}

/// Least squares under "in this order, with room between": pools of neighbours that would overlap move as one.
fn settle(items: &mut [Item], row: &[usize], wanted: &[(f64, f64)]) {
    struct Pool {
        mean: f64,
        weight: f64,
        count: usize,
    }
    let mut offsets = Vec::with_capacity(row.len());
    let mut pools: Vec<Pool> = Vec::new();
    let (mut offset, mut before) = (0.0, None::<f64>);
    for (index, (want, weight)) in row.iter().zip(wanted) {
        let width = items.get(*index).map_or(0.0, |item| item.width);
        if let Some(before) = before {
            offset += (before + width) / 2.0 + BESIDE;
        }
        before = Some(width);
        offsets.push(offset);
        pools.push(Pool {
            mean: want - offset,
            weight: *weight,
            count: 1,
        });
        while let [.., left, right] = pools.as_slice() {
            if left.mean <= right.mean {
                break;
            }
            let weight = left.weight + right.weight;
            let mean = (left.mean * left.weight + right.mean * right.weight) / weight;
            let pool = Pool {
                mean,
                weight,
                count: left.count + right.count,
            };
            pools.truncate(pools.len() - 2);
            pools.push(pool);
        }
    }
    let means = pools
        .iter()
        .flat_map(|pool| std::iter::repeat_n(pool.mean, pool.count));
    for ((index, offset), mean) in row.iter().zip(offsets).zip(means) {
        if let Some(item) = items.get_mut(*index) {
            item.x = mean + offset;
        }
    }
}

/// The top and the bottom of each row.
fn tops(items: &[Item], rows: &[Vec<usize>], forward: &[Way]) -> Vec<(f64, f64)> {
    let mut words = vec![false; rows.len()];
    for way in forward.iter().filter(|way| way.words) {
        if let Some(mark) = items
            .get(way.from)
            .and_then(|item| words.get_mut(item.layer))
        {
            *mark = true;
        }
    }
    let mut y = FIRST_ROW;
    let rows = rows.iter().zip(words).map(|(row, words)| {
        let height = row
            .iter()
            .filter_map(|index| items.get(*index))
            .map(|item| item.height)
            .fold(0.0, f64::max);
        let top = y;
        y += height + GAP + if words { WORDS } else { 0.0 };
        (top, top + height)
    });
    rows.collect()
}

fn drawn(items: &[Item], tops: &[(f64, f64)], passing: Vec<Vec<usize>>, forward: &[Way]) -> Drawn {
    let left = items
        .iter()
        .map(|item| item.x - item.width / 2.0)
        .fold(f64::INFINITY, f64::min);
    let left = if left.is_finite() { left } else { 0.0 };
    let row = |item: &Item| tops.get(item.layer).copied().unwrap_or_default();
    let place = |item: &Item| {
        let corner = snap(Point {
            x: item.x - item.width / 2.0 - left,
            y: 0.0,
        });
        Some((
            item.node?,
            Point {
                x: corner.x,
                y: row(item).0,
            },
        ))
    };
    let pass = |indices: Vec<usize>| {
        let items = indices.into_iter().filter_map(|index| items.get(index));
        let points = items.flat_map(|item| {
            let x = snap(Point {
                x: item.x - left,
                y: 0.0,
            })
            .x;
            let (top, bottom) = row(item);
            [Point { x, y: top }, Point { x, y: bottom }]
        });
        points.collect::<Vec<_>>()
    };
    Drawn {
        places: items.iter().filter_map(place).collect(),
        bends: forward
            .iter()
            .zip(passing)
            .filter(|(_, own)| !own.is_empty())
            .map(|(way, own)| (way.edge, pass(own)))
            .collect(),
    }
}
