//! A panel: axes, grid, and lines that carry their names at their ends.

use super::picture::{Anchor, BLACK, Color, GREY, Group, PALE, Picture, Point, Told, WHITE};
use super::render::width;
use crate::report::graph::apart::{above, apart};
use crate::report::graph::{Graph, Place, Scale, Series, Shade};

/// Least distance between the names of two lines, in points.
const NAME_HEIGHT: f64 = 14.0;
/// Between the end of a line and its name, in points.
const NAME_GAP: f64 = 8.0;

/// Where a panel's axes are on the page, in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The left axis.
    pub(super) left: f64,
    /// The top of the plot.
    pub(super) top: f64,
    /// To the right end of the axis.
    pub(super) width: f64,
    /// To the bottom axis.
    pub(super) height: f64,
    /// How far to the right names may reach.
    pub(super) right: f64,
}

/// What the shapes of a line are a part of.
fn group(series: &Series, points: Vec<Told>) -> Group {
    Group::Series(series.name.clone(), series.color, points)
}

/// Draws a graph in the frame.
pub(super) fn draw(picture: &mut Picture, frame: Frame, graph: &Graph) {
    let scales = (graph.x.clone(), graph.y.clone());
    let mut panel = Panel::new(picture, frame, scales, graph.says.each_ref().map(String::as_str));
    graph.shades.iter().for_each(|shade| panel.shade(shade));
    panel.axes();
    graph.verticals.iter().for_each(|(at, name)| panel.vertical(*at, name));
    graph.horizontals.iter().for_each(|(at, name)| panel.horizontal(*at, name));
    graph.lines.iter().filter(|line| line.joined && graph.bands).for_each(|line| panel.band(line));
    for line in &graph.lines {
        if !line.joined {
            panel.bars(line);
        }
        panel.line(line);
    }
    graph.rings.iter().for_each(|&(x, y, color)| panel.ring((x, y), color));
    match graph.column {
        true => panel.finish_in_column(),
        false => panel.finish(),
    }
}

/// A frame with its scales, and the page it is drawn on.
pub(super) struct Panel<'a> {
    picture: &'a mut Picture,
    frame: Frame,
    x: Scale,
    y: Scale,
    names: Vec<(Point, String, Color)>,
}

impl<'a> Panel<'a> {
    /// Writes the heading and what the axes mean.
    pub(super) fn new(
        picture: &'a mut Picture,
        frame: Frame,
        (x, y): (Scale, Scale),
        [heading, y_name, x_name]: [&str; 3],
    ) -> Self {
        let Frame { left, top, width, height, .. } = frame;
        picture.heading((left, top - 34.0), heading, 13.0);
        picture.text((left, top - 16.0), y_name, GREY, Anchor::Start);
        let middle = (left + width / 2.0, top + height + 36.0);
        picture.text(middle, x_name, GREY, Anchor::Middle);
        let names = Vec::new();
        Self { picture, frame, x, y, names }
    }

    /// Draws the grid and the ticks, on top of whatever shade there is.
    pub(super) fn axes(&mut self) {
        let Frame { left, top, width, height, .. } = self.frame;
        let bottom = top + height;
        for (value, label) in self.y.ticks() {
            let y = self.at(self.low_x(), value).1;
            self.picture.line(vec![(left, y), (left + width, y)], PALE, 0.8);
            self.picture.text((left - 7.0, y), &label, BLACK, Anchor::End);
        }
        for (value, label) in self.x.ticks() {
            let Some(place) = self.x.place(value) else {
                continue;
            };
            let x = left + place * width;
            self.picture.line(vec![(x, bottom), (x, bottom + 4.0)], BLACK, 0.8);
            let label = self.x.room().map_or(label.clone(), |share| fitted(&label, share * width - NAME_GAP));
            self.picture.text((x, bottom + 14.0), &label, BLACK, Anchor::Middle);
        }
        self.picture.line(vec![(left, bottom), (left + width, bottom)], BLACK, 0.8);
    }

    /// Shades the plot from one value of x to another, and says why: at the bottom, or where others do so too in a row
    /// counted from the top.
    fn shade(&mut self, shade: &Shade) {
        let &Shade { from, to, color, opacity, ref why, row } = shade;
        let Frame { left, top, width, height, .. } = self.frame;
        let place = |x: f64| left + self.x.place(x).unwrap_or(0.0).clamp(0.0, 1.0) * width;
        let (from, to, bottom) = (place(from), place(to), top + height);
        let corners = vec![(from, top), (to, top), (to, bottom), (from, bottom)];
        self.picture.area(corners, color, opacity);
        let (ink, y) = match row {
            Some(row) => (color, top + 9.0 + row as f64 * NAME_HEIGHT),
            None => (GREY, bottom - 10.0),
        };
        self.picture.text(((from + to) / 2.0, y), why, ink, Anchor::Middle);
    }

    /// A dashed vertical at x, named at the top.
    pub(super) fn vertical(&mut self, x: f64, name: &str) {
        let Frame { left, top, width, height, .. } = self.frame;
        let Some(place) = self.x.place(x) else { return };
        let x = left + place * width;
        self.picture.dashes(&[(x, top - 2.0), (x, top + height)], GREY, 1.0);
        let (offset, anchor) = if place > 0.6 { (-5.0, Anchor::End) } else { (5.0, Anchor::Start) };
        self.picture.text((x + offset, top + 6.0), name, BLACK, anchor);
    }

    /// The band of a line's intervals.
    pub(super) fn band(&mut self, series: &Series) {
        let bounds = |which: usize| {
            let points = series.points.iter();
            points.filter_map(move |(x, _, ci)| ci.map(|ci| (*x, ci[which])))
        };
        let corners: Vec<(f64, f64)> = bounds(1).chain(bounds(0).collect::<Vec<_>>().into_iter().rev()).collect();
        let corners = corners.into_iter().map(|(x, y)| self.at(x, y)).collect();
        self.picture.group(group(series, Vec::new()), |picture| picture.area(corners, series.color, 0.18));
    }

    /// A line's intervals, each as a bar of its own.
    pub(super) fn bars(&mut self, series: &Series) {
        let bar = |&(x, _, ci): &Place| Some(ci?.map(|y| self.at(x, y)));
        let bars: Vec<[Point; 2]> = series.points.iter().filter_map(bar).collect();
        self.picture.group(group(series, Vec::new()), |picture| {
            bars.iter().for_each(|ends| picture.line(ends.to_vec(), series.color, 1.2));
        });
    }

    /// A line, with dots on its points if there are few of them.
    pub(super) fn line(&mut self, series: &Series) {
        let points: Vec<Point> = series.points.iter().map(|&(x, y, _)| self.at(x, y)).collect();
        let group = group(series, self.told(series));
        self.picture.group(group, |picture| stroke(picture, series, &points));
        if let (Some(&end), false) = (points.last(), series.name.is_empty()) {
            self.names.push((end, series.name.clone(), series.color));
        }
    }

    /// The points of a line in words.
    fn told(&self, series: &Series) -> Vec<Told> {
        let told = |&(x, y, ci): &Place| {
            let interval =
                ci.map_or_else(String::new, |[low, high]| format!(" ({} to {})", self.y.says(low), self.y.says(high)));
            Told { at: self.at(x, y), x: self.x.says(x), y: self.y.says(y) + &interval }
        };
        series.points.iter().map(told).collect()
    }

    /// A ring around a point.
    pub(super) fn ring(&mut self, (x, y): Point, color: Color) {
        let at = self.at(x, y);
        self.picture.dot(at, 6.0, color);
        self.picture.dot(at, 4.0, WHITE);
        self.picture.dot(at, 2.6, color);
    }

    /// Words just above or below a point, where they do not leave the frame.
    pub(super) fn remark(&mut self, (x, y): (f64, f64), words: &str, color: Color) {
        let (x, y) = self.at(x, y);
        let above = y - self.frame.top > 2.0 * NAME_HEIGHT;
        let y = if above { y - NAME_HEIGHT } else { y + NAME_HEIGHT };
        self.picture.text((x, y), words, color, Anchor::Middle);
    }

    /// A dashed horizontal line at y, named at its right end.
    pub(super) fn horizontal(&mut self, y: f64, name: &str) {
        let Frame { left, width, .. } = self.frame;
        let height = self.at(self.low_x(), y).1;
        self.picture.dashes(&[(left, height), (left + width, height)], GREY, 1.2);
        self.names.push(((left + width, height), name.to_owned(), GREY));
    }

    /// Writes the names of the lines at their ends, moved apart where they would touch.
    pub(super) fn finish(mut self) {
        self.names.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
        let wanted: Vec<f64> = self.names.iter().map(|(at, _, _)| at.1).collect();
        let lowest = self.frame.top + self.frame.height - 8.0;
        let heights = above(apart(&wanted, NAME_HEIGHT), lowest, NAME_HEIGHT);
        for (((x, _), name, color), y) in self.names.iter().zip(heights) {
            let x = x + NAME_GAP;
            label(self.picture, (x, y), name, *color, self.frame.right - x);
        }
    }

    /// Writes the names of lines that end close together in a column beside the plot, in the
    /// order of their ends from the right.
    pub(super) fn finish_in_column(mut self) {
        if self.names.len() < 2 {
            return self.finish();
        }
        self.names.sort_by(|a, b| b.0.0.total_cmp(&a.0.0));
        let (x, top) = (self.frame.left + self.frame.width + NAME_GAP, self.frame.top + 6.0);
        for (index, (_, name, color)) in self.names.iter().enumerate() {
            let y = top + index as f64 * NAME_HEIGHT;
            label(self.picture, (x, y), name, *color, self.frame.right - x);
        }
    }

    /// The place on the page, kept inside the frame.
    fn at(&self, x: f64, y: f64) -> Point {
        let Frame { left, top, width, height, .. } = self.frame;
        let place = |scale: &Scale, v: f64| scale.place(v).unwrap_or(0.0).clamp(0.0, 1.0);
        (left + place(&self.x, x) * width, top + (1.0 - place(&self.y, y)) * height)
    }

    fn low_x(&self) -> f64 {
        self.x.ticks().first().map_or(0.0, |tick| tick.0)
    }
}

/// The name of a line, as much of it as there is room for.
fn label(picture: &mut Picture, at: Point, name: &str, color: Color, room: f64) {
    picture.group(Group::Name(name.to_owned(), color), |picture| {
        picture.text(at, &fitted(name, room), color, Anchor::Start);
    });
}

/// A line where its points are on the page.
fn stroke(picture: &mut Picture, series: &Series, points: &[Point]) {
    let width = if series.name.is_empty() { 1.0 } else { 1.8 };
    if !series.joined {
        // The dots say it all.
    } else if series.dashed {
        picture.dashes(points, series.color, width);
    } else {
        picture.line(points.to_vec(), series.color, width);
    }
    if points.len() <= 24 || !series.joined {
        points.iter().for_each(|&point| picture.dot(point, 2.6, series.color));
    }
}

/// The name, without its beginning where it is wider than this: names differ at their ends.
fn fitted(name: &str, room: f64) -> String {
    let tails = name.char_indices().skip(1).map(|(start, _)| format!("…{}", &name[start..]));
    let mut all = std::iter::once(name.to_owned()).chain(tails);
    all.find(|text| width(text) <= room).unwrap_or_else(|| "…".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_their_ends() {
        let long = "a-service-with-a-very-long-name-indeed.cpu";
        let short = fitted(long, 60.0);
        assert!(short.starts_with('…') && short.ends_with(".cpu") && width(&short) <= 60.0, "{short}");
        assert_eq!(fitted("desk", 60.0), "desk");
    }
}
