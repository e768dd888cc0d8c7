//! Ways of edges: right angles with round corners, words where they don't hide a node.

use super::{NODE_HEIGHT, Placement, slot};
use crate::{Graph, Node, Outlet, Point, Port, geometry::Rect};
use std::fmt::Write as _;

/// An edge as it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// The corners, from the handle to the target.
    pub points: Vec<Point>,
    /// The middle of its words.
    pub label: Point,
}

/// How far an edge goes straight before it turns.
const STUB: f64 = 16.0;
/// How round a corner is.
const ROUND: f64 = 8.0;

/// Where a way in or out is, in flow space.
pub fn handle_at(node: &Node, rect: &Rect, port: Port) -> Point {
    let part = |place: usize, count: usize, length: f64| {
        length * (place as f64 + 1.0) / (count as f64 + 1.0)
    };
    match port {
        Port::In | Port::Start => Point {
            x: rect.center().x,
            y: rect.y,
        },
        Port::Catch(_) => {
            let (place, count) = slot(node, port);
            Point {
                x: rect.right(),
                y: rect.y + part(place, count, NODE_HEIGHT),
            }
        }
        Port::Next | Port::Choice(_) | Port::Default => {
            let (place, count) = slot(node, port);
            Point {
                x: rect.x + part(place, count, rect.width),
                y: rect.bottom(),
            }
        }
    }
}

/// The way of an edge; none while an end is inside a folded frame.
pub fn route(graph: &Graph, placement: &Placement, edge: usize) -> Option<Path> {
    let known = graph.edges.get(edge)?;
    let target = known.to_node.and_then(|to| placement.rect(to));
    if known.to_node.is_some() && target.is_none() {
        return None;
    }
    path_to(
        graph,
        placement,
        &known.from,
        target.as_ref(),
        placement.bends(edge),
    )
}

/// The way from an outlet to a node's rectangle, or to nowhere; none while the outlet is hidden.
pub fn path_to(
    graph: &Graph,
    placement: &Placement,
    from: &Outlet,
    target: Option<&Rect>,
    bends: &[Point],
) -> Option<Path> {
    if from.port == Port::Start {
        let scope = graph
            .scopes
            .iter()
            .position(|scope| scope.pointer == from.owner)?;
        let start = placement.start(scope)?;
        let begin = Point {
            x: start.center().x,
            y: start.bottom(),
        };
        return Some(between(begin, &start, 0, false, target, bends));
    }
    let index = graph.node_index(&from.owner)?;
    let (node, rect) = (graph.nodes.get(index)?, placement.rect(index)?);
    let (place, count) = slot(node, from.port);
    let begin = handle_at(node, &rect, from.port);
    let leftwards = target.is_some_and(|target| target.center().x < begin.x);
    // Ways out to the same side turn at different heights, so that none hides another.
    let lane = if leftwards { place } else { count - 1 - place };
    Some(between(
        begin,
        &rect,
        lane,
        matches!(from.port, Port::Catch(_)),
        target,
        bends,
    ))
}

fn between(
    begin: Point,
    from: &Rect,
    lane: usize,
    sideways: bool,
    target: Option<&Rect>,
    bends: &[Point],
) -> Path {
    let lane = lane.min(5) as f64 * 14.0;
    let at = |x: f64, y: f64| Point { x, y };
    let Some(target) = target else {
        let end = if sideways {
            at(begin.x + 28.0, begin.y)
        } else {
            at(begin.x, begin.y + 28.0)
        };
        return Path {
            label: at(end.x, end.y + 12.0),
            points: vec![begin, end],
        };
    };
    let end = at(target.center().x, target.y);
    let mut points = vec![begin];
    let start = if sideways {
        at(begin.x + STUB + lane, begin.y)
    } else {
        begin
    };
    let turn = |from: f64, to: f64| (from + STUB + lane).min((from + to) / 2.0).max(from + 1.0);
    if sideways && bends.is_empty() && end.x > begin.x + STUB && end.y > begin.y + STUB {
        points.extend([at(end.x, begin.y), end]);
    } else if !bends.is_empty() && end.y > start.y {
        let mut here = start;
        if sideways {
            points.push(start);
        }
        for bend in bends.iter().chain([&end]) {
            if (bend.x - here.x).abs() > 0.5 {
                let y = if bend.y > here.y {
                    turn(here.y, bend.y)
                } else {
                    here.y
                };
                points.extend([at(here.x, y), at(bend.x, y)]);
            }
            points.push(*bend);
            here = *bend;
        }
    } else if end.y >= start.y + STUB {
        if sideways {
            let y = end.y - STUB;
            points.extend([start, at(start.x, y), at(end.x, y), end]);
        } else {
            let y = turn(begin.y, end.y);
            points.extend([at(begin.x, y), at(end.x, y), end]);
        }
    } else {
        // Back up: around the right side of both.
        let x = from.right().max(target.right()) + STUB * 2.0 + lane;
        let (low, high) = (
            if sideways {
                begin.y
            } else {
                begin.y + STUB + lane
            },
            end.y - STUB,
        );
        if !sideways {
            points.push(at(begin.x, low));
        }
        points.extend([at(x, low), at(x, high), at(end.x, high), end]);
    }
    let points = straightened(points);
    Path {
        label: label(&points),
        points,
    }
}

/// Without points that lie between their neighbours on one line.
fn straightened(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    let same = |a: f64, b: f64| (a - b).abs() < 0.5;
    for point in points {
        if kept
            .last()
            .is_some_and(|last| same(last.x, point.x) && same(last.y, point.y))
        {
            continue;
        }
        if let [.., a, b] = kept.as_slice()
            && ((same(a.x, b.x) && same(b.x, point.x)) || (same(a.y, b.y) && same(b.y, point.y)))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

/// On the first long stretch across, or else on the first stretch down.
fn label(points: &[Point]) -> Point {
    let middle = |a: &Point, b: &Point| Point {
        x: (a.x + b.x) / 2.0,
        y: (a.y + b.y) / 2.0,
    };
    let pairs = || points.iter().zip(points.iter().skip(1));
    let across = pairs().find(|(a, b)| (a.y - b.y).abs() < 0.5 && (a.x - b.x).abs() > 90.0);
    let longest = || pairs().max_by(|(a, b), (c, d)| length(a, b).total_cmp(&length(c, d)));
    across
        .or_else(longest)
        .map(|(a, b)| middle(a, b))
        .unwrap_or_default()
}

fn length(a: &Point, b: &Point) -> f64 {
    (a.x - b.x).abs() + (a.y - b.y).abs()
}

impl Path {
    /// The `d` of an SVG path, with round corners.
    pub fn d(&self) -> String {
        let mut d = String::new();
        let mut write = |text: std::fmt::Arguments<'_>| {
            // Writing to a string can't fail.
            let _ = d.write_fmt(text);
        };
        let Some(first) = self.points.first() else {
            return d;
        };
        write(format_args!("M{:.1} {:.1}", first.x, first.y));
        for corner in self.points.windows(3) {
            let [a, b, c] = corner else { continue };
            let round = ROUND.min(length(a, b) / 2.0).min(length(b, c) / 2.0);
            let toward = |from: &Point, to: &Point| Point {
                x: from.x
                    + (to.x - from.x).signum() * round * f64::from((to.x - from.x).abs() > 0.01),
                y: from.y
                    + (to.y - from.y).signum() * round * f64::from((to.y - from.y).abs() > 0.01),
            };
            let (into, out) = (toward(b, a), toward(b, c));
            write(format_args!(
                "L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                into.x, into.y, b.x, b.y, out.x, out.y
            ));
        }
        if let Some(last) = self.points.last() {
            write(format_args!("L{:.1} {:.1}", last.x, last.y));
        }
        d
    }

    /// The smallest rectangle around it.
    pub fn bounds(&self) -> Rect {
        let corner = |point: &Point| Rect {
            x: point.x,
            y: point.y,
            width: 0.0,
            height: 0.0,
        };
        Rect::around_all(self.points.iter().map(corner)).unwrap_or_default()
    }

    /// Where it ends.
    pub fn end(&self) -> Point {
        self.points.last().copied().unwrap_or_default()
    }

    /// Where it begins.
    pub fn begin(&self) -> Point {
        self.points.first().copied().unwrap_or_default()
    }

    /// How far a point is from it.
    pub fn distance(&self, to: Point) -> f64 {
        let pairs = self.points.iter().zip(self.points.iter().skip(1));
        let distances = pairs.map(|(a, b)| {
            let (left, right) = (a.x.min(b.x), a.x.max(b.x));
            let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
            (to.x - to.x.clamp(left, right)).hypot(to.y - to.y.clamp(top, bottom))
        });
        distances.fold(f64::INFINITY, f64::min)
    }
}
