//! The view: which part of the flow is on the screen, how large.

use super::Rect;
use crate::Point;

/// `screen = flow * zoom + (x, y)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Where the flow's origin is on the screen, pixels.
    pub x: f64,
    /// See `x`.
    pub y: f64,
    /// Screen pixels for a pixel of flow.
    pub zoom: f64,
}

/// The minimap's own view: the whole flow, and what is on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimap {
    /// From flow to the minimap.
    pub view: View,
    /// What the screen shows, in the minimap's pixels.
    pub shown: Rect,
}

impl View {
    /// The farthest one can zoom out.
    pub const FARTHEST: f64 = 0.05;
    /// The nearest one can zoom in.
    pub const NEAREST: f64 = 2.0;

    /// Flow at a place of the screen.
    pub fn to_flow(&self, screen: Point) -> Point {
        Point {
            x: (screen.x - self.x) / self.zoom,
            y: (screen.y - self.y) / self.zoom,
        }
    }

    /// The place on the screen of a point of flow.
    pub fn to_screen(&self, flow: Point) -> Point {
        Point {
            x: flow.x * self.zoom + self.x,
            y: flow.y * self.zoom + self.y,
        }
    }

    /// What a screen of this size shows of the flow.
    pub fn shows(&self, width: f64, height: f64) -> Rect {
        let corner = self.to_flow(Point::default());
        Rect {
            x: corner.x,
            y: corner.y,
            width: width / self.zoom,
            height: height / self.zoom,
        }
    }

    /// Moved by pixels of the screen.
    pub fn panned(&self, x: f64, y: f64) -> Self {
        Self {
            x: self.x + x,
            y: self.y + y,
            ..*self
        }
    }

    /// Zoomed by a factor, with what is at `at` (on the screen) staying there.
    pub fn zoomed(&self, factor: f64, at: Point) -> Self {
        let zoom = (self.zoom * factor).clamp(Self::FARTHEST, Self::NEAREST);
        let factor = zoom / self.zoom;
        Self {
            x: at.x - (at.x - self.x) * factor,
            y: at.y - (at.y - self.y) * factor,
            zoom,
        }
    }

    /// The view that shows all of `content` in the middle, no nearer than `nearest`.
    pub fn fitting(content: &Rect, width: f64, height: f64, padding: f64, nearest: f64) -> Self {
        let room = |size: f64| (size - 2.0 * padding).max(1.0);
        let zoom =
            (room(width) / content.width.max(1.0)).min(room(height) / content.height.max(1.0));
        let zoom = zoom.clamp(Self::FARTHEST, nearest.min(Self::NEAREST));
        let center = content.center();
        Self {
            x: width / 2.0 - center.x * zoom,
            y: height / 2.0 - center.y * zoom,
            zoom,
        }
    }

    /// The view moved as little as needed to bring `target` onto a screen of this size.
    pub fn bringing(&self, target: &Rect, width: f64, height: f64, padding: f64) -> Self {
        let corner = self.to_screen(target.corner());
        let shift = |start: f64, length: f64, room: f64| {
            let (low, high) = (padding, room - padding);
            if length > high - low || start < low {
                low - start
            } else if start + length > high {
                high - start - length
            } else {
                0.0
            }
        };
        self.panned(
            shift(corner.x, target.width * self.zoom, width),
            shift(corner.y, target.height * self.zoom, height),
        )
    }
}

impl Minimap {
    /// The minimap of this size, for `content` seen through `view` on a screen.
    pub fn of(content: &Rect, view: &View, screen: (f64, f64), size: (f64, f64)) -> Self {
        // Not bound by the limits of zooming: a large flow has to fit, too.
        let zoom = ((size.0 - 16.0) / content.width.max(1.0))
            .min((size.1 - 16.0) / content.height.max(1.0))
            .min(0.25);
        let center = content.center();
        let own = View {
            x: size.0 / 2.0 - center.x * zoom,
            y: size.1 / 2.0 - center.y * zoom,
            zoom,
        };
        let seen = view.shows(screen.0, screen.1);
        let corner = own.to_screen(seen.corner());
        let shown = Rect {
            x: corner.x,
            y: corner.y,
            width: seen.width * own.zoom,
            height: seen.height * own.zoom,
        };
        Self { view: own, shown }
    }

    /// The view that has the place at `at` (in the minimap's pixels) in the middle of the screen.
    pub fn centred(&self, at: Point, view: &View, screen: (f64, f64)) -> View {
        let flow = self.view.to_flow(at);
        View {
            x: screen.0 / 2.0 - flow.x * view.zoom,
            y: screen.1 / 2.0 - flow.y * view.zoom,
            ..*view
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: (f64, f64) = (860.0, 600.0);

    fn close(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let view = View {
            x: 31.0,
            y: -77.0,
            zoom: 0.8,
        };
        let at = Point { x: 400.0, y: 211.0 };
        for factor in [1.1, 0.5, 100.0, 0.0001] {
            let zoomed = view.zoomed(factor, at);
            assert!(close(zoomed.to_flow(at), view.to_flow(at)), "{factor}");
            assert!((View::FARTHEST..=View::NEAREST).contains(&zoomed.zoom));
        }
        assert!(close(view.to_screen(view.to_flow(at)), at));
    }

    #[test]
    fn fitting_shows_everything() {
        let content = Rect {
            x: -500.0,
            y: 40.0,
            width: 3000.0,
            height: 900.0,
        };
        let shown =
            View::fitting(&content, SCREEN.0, SCREEN.1, 40.0, 1.0).shows(SCREEN.0, SCREEN.1);
        assert!(shown.x <= content.x && shown.right() >= content.right());
        assert!(close(shown.center(), content.center()));
        let small = Rect {
            x: 0.0,
            y: 0.0,
            width: 10.0,
            height: 10.0,
        };
        assert_eq!(
            View::fitting(&small, SCREEN.0, SCREEN.1, 40.0, 1.0).zoom,
            1.0
        );
    }

    #[test]
    fn bringing_moves_only_what_is_needed() {
        let view = View {
            x: 0.0,
            y: 0.0,
            zoom: 1.0,
        };
        let target = |x, y| Rect {
            x,
            y,
            width: 200.0,
            height: 56.0,
        };
        assert_eq!(
            view.bringing(&target(100.0, 100.0), SCREEN.0, SCREEN.1, 24.0),
            view
        );
        assert_eq!(
            view.bringing(&target(900.0, 100.0), SCREEN.0, SCREEN.1, 24.0)
                .x,
            -264.0
        );
        assert_eq!(
            view.bringing(&target(100.0, -50.0), SCREEN.0, SCREEN.1, 24.0)
                .y,
            74.0
        );
    }

    #[test]
    fn the_minimap_leads_where_it_is_pressed() {
        let content = Rect {
            x: 0.0,
            y: 0.0,
            width: 80_000.0,
            height: 60_000.0,
        };
        let view = View {
            x: 0.0,
            y: 0.0,
            zoom: 1.0,
        };
        let map = Minimap::of(&content, &view, SCREEN, (180.0, 120.0));
        let whole = map.view.to_screen(Point {
            x: 80_000.0,
            y: 60_000.0,
        });
        assert!(whole.x <= 180.0 && whole.y <= 120.0);
        let at = Point { x: 90.0, y: 60.0 };
        let led = map
            .centred(at, &view, SCREEN)
            .shows(SCREEN.0, SCREEN.1)
            .center();
        assert!(close(led, content.center()));
        assert!(map.shown.width < 3.0);
    }
}
