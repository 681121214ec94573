//! Shapes on a page, in points from the top left, before anything is rendered.

pub(in crate::report) use crate::report::graph::color::{BLACK, Color, GREY, PALE, PALETTE, SHADE};

/// A position in points.
pub(in crate::report) type Point = (f64, f64);

/// The usual height of an em, in points.
pub(in crate::report) const TEXT_SIZE: f64 = 11.0;

/// The page.
pub(in crate::report) const WHITE: Color = (0xff, 0xff, 0xff);

/// Where a text begins, relative to its position; vertically it is centred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Anchor {
    /// The position is its left end.
    Start,
    /// The position is its middle.
    Middle,
    /// The position is its right end.
    End,
}

/// A piece of text.
#[derive(Debug, Clone)]
pub(in crate::report) struct Text {
    /// Where.
    pub(in crate::report) at: Point,
    /// What.
    pub(in crate::report) text: String,
    /// Height of the em, in points.
    pub(in crate::report) size: f64,
    /// In which colour.
    pub(in crate::report) color: Color,
    /// On which side of the position.
    pub(in crate::report) anchor: Anchor,
    /// Heavy.
    pub(in crate::report) bold: bool,
}

/// One thing to draw.
#[derive(Debug, Clone)]
pub(in crate::report) enum Shape {
    /// A line through points, this wide.
    Line(Vec<Point>, Color, f64),
    /// A filled polygon, this opaque.
    Area(Vec<Point>, Color, f64),
    /// A filled circle of this radius.
    Dot(Point, f64, Color),
    /// Text.
    Text(Text),
    /// Shapes that belong together: they are painted like any others, and a page lets its reader point at them.
    Group(Group, Vec<Shape>),
}

/// What a group of shapes is.
#[derive(Debug, Clone)]
pub(in crate::report) enum Group {
    /// What is drawn of a line: its name, its colour, and its points.
    Series(String, Color, Vec<Told>),
    /// The name of a line, where it ends, in its colour.
    Name(String, Color),
    /// Something of which more can be said.
    Told(String),
}

/// A point, and its numbers in words.
#[derive(Debug, Clone)]
pub(in crate::report) struct Told {
    /// Where.
    pub(in crate::report) at: Point,
    /// From left to right.
    pub(in crate::report) x: String,
    /// From the bottom, with the interval if it has one.
    pub(in crate::report) y: String,
}

/// A page and what is on it, from the back to the front.
#[derive(Debug, Clone)]
pub(in crate::report) struct Picture {
    /// In points.
    pub(in crate::report) width: f64,
    /// In points.
    pub(in crate::report) height: f64,
    /// From the back to the front.
    pub(in crate::report) shapes: Vec<Shape>,
}

impl Picture {
    /// An empty page.
    pub(in crate::report) fn new(width: f64, height: f64) -> Self {
        Self { width, height, shapes: Vec::new() }
    }

    /// Adds what `draw` draws as a group.
    pub(in crate::report) fn group(&mut self, group: Group, draw: impl FnOnce(&mut Self)) {
        let before = std::mem::take(&mut self.shapes);
        draw(self);
        let shapes = std::mem::replace(&mut self.shapes, before);
        if !shapes.is_empty() {
            self.shapes.push(Shape::Group(group, shapes));
        }
    }

    /// Adds another picture, its corner here.
    pub(in crate::report) fn place(&mut self, corner: Point, picture: Picture) {
        self.shapes.extend(picture.shapes.into_iter().map(|shape| shape.moved(corner)));
    }

    /// Adds a line.
    pub(in crate::report) fn line(&mut self, points: Vec<Point>, color: Color, width: f64) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line(points, color, width));
        }
    }

    /// Adds a dashed line.
    pub(in crate::report) fn dashes(&mut self, points: &[Point], color: Color, width: f64) {
        for dash in dashes(points, 5.0, 3.5) {
            self.line(dash, color, width);
        }
    }

    /// Adds a filled polygon.
    pub(in crate::report) fn area(&mut self, points: Vec<Point>, color: Color, opacity: f64) {
        if points.len() > 2 {
            self.shapes.push(Shape::Area(points, color, opacity));
        }
    }

    /// Adds a filled circle.
    pub(in crate::report) fn dot(&mut self, at: Point, radius: f64, color: Color) {
        self.shapes.push(Shape::Dot(at, radius, color));
    }

    /// Adds text of the usual size.
    pub(in crate::report) fn text(&mut self, at: Point, text: &str, color: Color, anchor: Anchor) {
        let text = Text { at, text: text.into(), size: TEXT_SIZE, color, anchor, bold: false };
        self.shapes.push(Shape::Text(text));
    }

    /// Adds heavy text of the usual size, in the middle.
    pub(in crate::report) fn bold(&mut self, at: Point, text: &str, color: Color) {
        let text = Text { at, text: text.into(), size: TEXT_SIZE, color, anchor: Anchor::Middle, bold: true };
        self.shapes.push(Shape::Text(text));
    }

    /// Adds a heading.
    pub(in crate::report) fn heading(&mut self, at: Point, text: &str, size: f64) {
        let (anchor, color) = (Anchor::Start, BLACK);
        let text = Text { at, text: text.into(), size, color, anchor, bold: true };
        self.shapes.push(Shape::Text(text));
    }
}

impl Shape {
    /// The same, moved to the right and down.
    fn moved(self, (right, down): Point) -> Self {
        let to = |(x, y): Point| (x + right, y + down);
        let all = |points: Vec<Point>| points.into_iter().map(to).collect();
        match self {
            Self::Line(points, color, width) => Self::Line(all(points), color, width),
            Self::Area(points, color, opacity) => Self::Area(all(points), color, opacity),
            Self::Dot(at, radius, color) => Self::Dot(to(at), radius, color),
            Self::Text(text) => Self::Text(Text { at: to(text.at), ..text }),
            Self::Group(group, shapes) => {
                let shapes = shapes.into_iter().map(|shape| shape.moved((right, down))).collect();
                Self::Group(group.moved((right, down)), shapes)
            }
        }
    }
}

impl Group {
    fn moved(self, (right, down): Point) -> Self {
        let to = |told: Told| Told { at: (told.at.0 + right, told.at.1 + down), ..told };
        match self {
            Self::Series(name, color, points) => Self::Series(name, color, points.into_iter().map(to).collect()),
            other => other,
        }
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
