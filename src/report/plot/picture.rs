//! Shapes on a page, in points from the top left, before anything is rendered.

use crate::report::graph::color::{BLACK, Color};

/// A position in points.
pub(super) type Point = (f64, f64);

/// The usual height of an em, in points.
pub(super) const TEXT_SIZE: f64 = 11.0;

/// The page.
pub(super) const WHITE: Color = (0xff, 0xff, 0xff);

/// Where a text begins, relative to its position; vertically it is centred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The position is its left end.
    Start,
    /// The position is its middle.
    Middle,
    /// The position is its right end.
    End,
}

/// A piece of text.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// Where.
    pub(super) at: Point,
    /// What.
    pub(super) text: String,
    /// Height of the em, in points.
    pub(super) size: f64,
    /// In which colour.
    pub(super) color: Color,
    /// On which side of the position.
    pub(super) anchor: Anchor,
    /// Heavy.
    pub(super) bold: bool,
}

/// One thing to draw.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A line through points, this wide.
    Line(Vec<Point>, Color, f64),
    /// A filled polygon, this opaque.
    Area(Vec<Point>, Color, f64),
    /// A filled circle of this radius.
    Dot(Point, f64, Color),
    /// Text.
    Text(Text),
}

/// A page and what is on it, from the back to the front.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    /// In points.
    pub(super) width: f64,
    /// In points.
    pub(super) height: f64,
    /// From the back to the front.
    pub(super) shapes: Vec<Shape>,
}

impl Picture {
    /// An empty page.
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, shapes: Vec::new() }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, points: Vec<Point>, color: Color, width: f64) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line(points, color, width));
        }
    }

    /// Adds a dashed line.
    pub(super) fn dashes(&mut self, points: &[Point], color: Color, width: f64) {
        for dash in dashes(points, 5.0, 3.5) {
            self.line(dash, color, width);
        }
    }

    /// Adds a filled polygon.
    pub(super) fn area(&mut self, points: Vec<Point>, color: Color, opacity: f64) {
        if points.len() > 2 {
            self.shapes.push(Shape::Area(points, color, opacity));
        }
    }

    /// Adds a filled circle.
    pub(super) fn dot(&mut self, at: Point, radius: f64, color: Color) {
        self.shapes.push(Shape::Dot(at, radius, color));
    }

    /// Adds text of the usual size.
    pub(super) fn text(&mut self, at: Point, text: &str, color: Color, anchor: Anchor) {
        let text = Text { at, text: text.into(), size: TEXT_SIZE, color, anchor, bold: false };
        self.shapes.push(Shape::Text(text));
    }

    /// Adds heavy text of the usual size, in the middle.
    pub(super) fn bold(&mut self, at: Point, text: &str, color: Color) {
        let text = Text { at, text: text.into(), size: TEXT_SIZE, color, anchor: Anchor::Middle, bold: true };
        self.shapes.push(Shape::Text(text));
    }

    /// Adds a heading.
    pub(super) fn heading(&mut self, at: Point, text: &str, size: f64) {
        let (anchor, color) = (Anchor::Start, BLACK);
        let text = Text { at, text: text.into(), size, color, anchor, bold: true };
        self.shapes.push(Shape::Text(text));
    }
}

/// Cuts a line into dashes of length `on` with gaps of length `off`.
fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    let (mut done, mut dash, mut left, mut drawing) = (Vec::new(), Vec::new(), on, true);
    for pair in points.windows(2) {
        let ((mut x, mut y), (to_x, to_y)) = (pair[0], pair[1]);
        if drawing {
            dash.push((x, y));
        }
        let mut rest = libm::hypot(to_x - x, to_y - y);
        while rest > left {
            (x, y) = (x + (to_x - x) * left / rest, y + (to_y - y) * left / rest);
            rest -= left;
            dash.push((x, y));
            if drawing {
                done.push(std::mem::take(&mut dash));
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
        left -= rest;
        if drawing {
            dash.push((to_x, to_y));
        }
    }
    done.push(dash);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_and_gaps_alternate() {
        let cut = dashes(&[(0.0, 0.0), (10.0, 0.0), (20.0, 0.0)], 4.0, 2.0);
        let ends: Vec<(f64, f64)> = cut.iter().map(|d| (d[0].0, d[d.len() - 1].0)).collect();
        assert_eq!(ends, [(0.0, 4.0), (6.0, 10.0), (12.0, 16.0), (18.0, 20.0)]);
    }
}
