//! Snapping to the grid and to the edges and middles of neighbours.

use super::Rect;
use crate::Point;

/// Distance between the lines that nodes snap to.
pub const GRID: f64 = 8.0;

/// A line that shows what a dragged node is aligned with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guide {
    /// Whether it goes up and down, at an x; otherwise across, at a y.
    pub vertical: bool,
    /// Where.
    pub at: f64,
    /// Its two ends, along the other axis.
    pub from: f64,
    /// See `from`.
    pub to: f64,
}

/// What became of a dragged rectangle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapped {
    /// Its corner.
    pub corner: Point,
    /// What it is aligned with: at most one line for each axis.
    pub guides: Vec<Guide>,
}

/// The nearest point of the grid.
pub fn snap(point: Point) -> Point {
    let near = |value: f64| (value / GRID).round() * GRID;
    Point {
        x: near(point.x),
        y: near(point.y),
    }
}

/// A dragged rectangle, aligned with a neighbour within `reach`, or else with the grid, per axis.
pub fn snap_to(dragged: &Rect, neighbours: &[Rect], reach: f64) -> Snapped {
    let grid = snap(dragged.corner());
    let mut snapped = Snapped {
        corner: grid,
        guides: Vec::new(),
    };
    let best = |own: [f64; 3], of: fn(&Rect) -> [f64; 3]| {
        let mut best: Option<(f64, f64, Rect)> = None;
        for neighbour in neighbours {
            for line in of(neighbour) {
                for mark in own {
                    let shift = line - mark;
                    if shift.abs() <= reach
                        && best.is_none_or(|(known, _, _)| shift.abs() < known.abs())
                    {
                        best = Some((shift, line, *neighbour));
                    }
                }
            }
        }
        best
    };
    let across = |r: &Rect| [r.x, r.x + r.width / 2.0, r.right()];
    let down = |r: &Rect| [r.y, r.y + r.height / 2.0, r.bottom()];
    if let Some((shift, at, neighbour)) = best(across(dragged), across) {
        snapped.corner.x = dragged.x + shift;
        let hull = neighbour.around(dragged);
        snapped.guides.push(Guide {
            vertical: true,
            at,
            from: hull.y,
            to: hull.bottom(),
        });
    }
    if let Some((shift, at, neighbour)) = best(down(dragged), down) {
        snapped.corner.y = dragged.y + shift;
        let hull = neighbour.around(dragged);
        snapped.guides.push(Guide {
            vertical: false,
            at,
            from: hull.x,
            to: hull.right(),
        });
    }
    snapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_win_over_the_grid() {
        let node = |x, y| Rect {
            x,
            y,
            width: 200.0,
            height: 56.0,
        };
        let free = snap_to(&node(13.0, 22.0), &[node(1000.0, 1000.0)], 6.0);
        assert_eq!(
            (free.corner, free.guides.len()),
            (Point { x: 16.0, y: 24.0 }, 0)
        );
        let aligned = snap_to(&node(303.0, 22.0), &[node(301.0, 200.0)], 6.0);
        assert_eq!(aligned.corner, Point { x: 301.0, y: 24.0 });
        assert_eq!(
            aligned.guides,
            [Guide {
                vertical: true,
                at: 301.0,
                from: 22.0,
                to: 256.0
            }]
        );
    }
}
