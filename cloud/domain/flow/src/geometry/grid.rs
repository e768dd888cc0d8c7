//! Finding what lies in a rectangle without looking at everything.

use super::Rect;
use crate::Point;
use std::collections::{BTreeMap, BTreeSet};

/// Rectangles by the cells that they touch. Ids are given by the caller.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    cells: BTreeMap<(i32, i32), Vec<u32>>,
    /// Too large for cells; looked at always.
    large: Vec<u32>,
    rects: Vec<Option<Rect>>,
}

/// Side of a cell, about two nodes wide.
const CELL: f64 = 512.0;
/// Something that touches more cells than this is kept apart.
const MOST_CELLS: i64 = 64;

impl Grid {
    /// A grid over these, with their places as ids.
    pub fn over(rects: impl IntoIterator<Item = Option<Rect>>) -> Self {
        let mut grid = Self::default();
        for (id, rect) in rects.into_iter().enumerate() {
            grid.rects.push(None);
            if let (Some(rect), Ok(id)) = (rect, u32::try_from(id)) {
                grid.put(id, rect);
            }
        }
        grid
    }

    /// Puts a rectangle in, or elsewhere.
    pub fn put(&mut self, id: u32, rect: Rect) {
        self.remove(id);
        let index = id as usize;
        if self.rects.len() <= index {
            self.rects.resize(index + 1, None);
        }
        if let Some(place) = self.rects.get_mut(index) {
            *place = Some(rect);
        }
        match cells(&rect) {
            Some(cells) => cells.for_each(|cell| self.cells.entry(cell).or_default().push(id)),
            None => self.large.push(id),
        }
    }

    /// Takes a rectangle out.
    pub fn remove(&mut self, id: u32) {
        let Some(rect) = self.rects.get_mut(id as usize).and_then(Option::take) else {
            return;
        };
        match cells(&rect) {
            Some(touched) => {
                for cell in touched {
                    if let Some(ids) = self.cells.get_mut(&cell) {
                        ids.retain(|known| *known != id);
                    }
                }
            }
            None => self.large.retain(|known| *known != id),
        }
    }

    /// What touches a rectangle, by id.
    pub fn within(&self, area: &Rect) -> BTreeSet<u32> {
        let touches = |id: &u32| self.rect(*id).is_some_and(|rect| rect.intersects(area));
        let large = self.large.iter().copied().filter(touches);
        match cells(area) {
            Some(cells) => {
                let near = cells
                    .filter_map(|cell| self.cells.get(&cell))
                    .flatten()
                    .copied();
                near.filter(touches).chain(large).collect()
            }
            None => {
                let ids = (0..self.rects.len()).filter_map(|id| u32::try_from(id).ok());
                ids.filter(touches).collect()
            }
        }
    }

    /// What a point lies in, the smallest first.
    pub fn at(&self, point: Point) -> Vec<u32> {
        let around = Rect {
            x: point.x,
            y: point.y,
            width: 0.0,
            height: 0.0,
        }
        .grown(0.5);
        let mut hit: Vec<u32> = self.within(&around).into_iter().collect();
        let area = |id: &u32| {
            self.rect(*id)
                .map_or(f64::INFINITY, |rect| rect.width * rect.height)
        };
        hit.sort_by(|a, b| area(a).total_cmp(&area(b)));
        hit
    }

    /// The rectangle with this id.
    pub fn rect(&self, id: u32) -> Option<Rect> {
        self.rects.get(id as usize).copied().flatten()
    }

    /// The cells that a view touches: what it shows can only change when this does.
    pub fn cells_of(area: &Rect) -> (i32, i32, i32, i32) {
        (
            cell(area.x),
            cell(area.y),
            cell(area.right()),
            cell(area.bottom()),
        )
    }
}

fn cell(at: f64) -> i32 {
    (at / CELL).floor() as i32
}

fn cells(rect: &Rect) -> Option<impl Iterator<Item = (i32, i32)> + use<>> {
    let (left, top, right, bottom) = Grid::cells_of(rect);
    let many = (i64::from(right) - i64::from(left) + 1) * (i64::from(bottom) - i64::from(top) + 1);
    (many <= MOST_CELLS)
        .then(|| (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn the_grid_finds_what_a_plain_search_finds() {
        // A fixed generator in place of chance.
        let mut seed = 7_u64;
        let mut next = move |most: f64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as f64 / f64::from(u32::MAX >> 1) * most
        };
        let mut rects: Vec<Rect> = (0..400)
            .map(|_| {
                rect(
                    next(9000.0) - 4000.0,
                    next(9000.0) - 4000.0,
                    next(400.0),
                    next(400.0),
                )
            })
            .collect();
        rects.push(rect(-9000.0, -9000.0, 20_000.0, 20_000.0));
        let mut grid = Grid::over(rects.iter().copied().map(Some));
        for round in 0..60_u32 {
            let moved = rects[round as usize].moved(700.0, -300.0);
            rects[round as usize] = moved;
            grid.put(round, moved);
            let size = if round % 10 == 0 { 12_000.0 } else { 900.0 };
            let area = rect(next(8000.0) - 4000.0, next(8000.0) - 4000.0, size, size);
            let plain: BTreeSet<u32> = (0..)
                .zip(&rects)
                .filter(|(_, r)| r.intersects(&area))
                .map(|(id, _)| id)
                .collect();
            assert_eq!(grid.within(&area), plain);
        }
        grid.remove(3);
        assert_eq!(grid.rect(3), None);
        let center = rects[5].center();
        assert!(grid.at(center).contains(&5));
        assert_eq!(grid.at(center).last(), Some(&400));
    }
}
