//! A panel: axes, grid, and lines that carry their names at their ends.

use super::marks::Mark;
use super::picture::{Anchor, BLACK, Color, GREY, Group, PALE, Picture, Point, SHADE, Told, WHITE};
use super::render::width;
use super::words::{fitted, fitted_apart_in, fitted_as};
use crate::report::graph::apart::{above, apart};
use crate::report::graph::{Graph, Names, Place, Scale, Series};

/// Least distance between the names of two lines, in points.
const NAME_HEIGHT: f64 = 14.0;
/// The size of a panel's heading.
const HEADING: f64 = 13.0;
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
    draw_with(picture, frame, graph, &[]);
}

/// Draws a graph in the frame, and lines that were not measured.
pub(super) fn draw_with(picture: &mut Picture, frame: Frame, graph: &Graph, guides: &[Series]) {
    let scales = (graph.x.clone(), graph.y.clone());
    if graph.is_empty() {
        return nothing(picture, frame, [&graph.says[0], &graph.says[1]], graph.nothing);
    }
    let mut panel = Panel::new(picture, frame, scales, graph.says.each_ref().map(String::as_str));
    panel.marks(&marks_of(graph));
    panel.axes();
    graph.horizontals.iter().for_each(|(at, name)| panel.horizontal(*at, name));
    graph.lines.iter().filter(|line| line.joined && graph.bands).for_each(|line| panel.band(line));
    for line in &graph.lines {
        if !line.joined {
            panel.bars(line);
        }
        panel.line(line, graph.is_named_at_its_end(line));
    }
    guides.iter().for_each(|line| panel.guide(line));
    graph.rings.iter().for_each(|&(x, y, color)| panel.ring((x, y), color));
    match graph.names {
        Names::AtEnds => panel.finish(),
        Names::BelowEnds => panel.finish_below(),
        Names::InColumn => panel.finish_in_column(),
    }
}

/// In place of a plot, why there is none.
pub(super) fn nothing(picture: &mut Picture, frame: Frame, says: [&str; 2], why: &str) {
    let Frame { left, top, width, height, .. } = frame;
    headings(picture, frame, says);
    picture.text((left + width / 2.0, top + height / 2.0), why, GREY, Anchor::Middle);
}

/// The heading, and what the vertical axis means.
fn headings(picture: &mut Picture, Frame { left, top, .. }: Frame, [heading, y_name]: [&str; 2]) {
    let room = picture.width - left - 2.0;
    picture.heading((left, top - 34.0), &fitted_as(heading, room, HEADING, true), HEADING);
    picture.text((left, top - 16.0), &fitted(y_name, room), GREY, Anchor::Start);
}

/// What is shaded, and what has a vertical of its own.
fn marks_of(graph: &Graph) -> Vec<Mark> {
    let shades = graph.shades.iter().map(|shade| {
        // On a dark page as on a light one.
        let (color, opacity) = if shade.color == SHADE { (GREY, 0.12) } else { (shade.color, shade.opacity) };
        Mark { color, opacity, ..Mark::span((shade.from, shade.to), &shade.why) }
    });
    let verticals = graph.verticals.iter().map(|(at, name)| Mark { color: BLACK, ..Mark::at(*at, name) });
    shades.chain(verticals).collect()
}

/// A frame with its scales, and the page it is drawn on.
pub(super) struct Panel<'a> {
    pub(super) picture: &'a mut Picture,
    pub(super) frame: Frame,
    pub(super) x: Scale,
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
        headings(picture, frame, [heading, y_name]);
        let middle = left + width / 2.0;
        let room = 2.0 * middle.min(picture.width - middle) - 4.0;
        picture.text((middle, top + height + 36.0), &fitted(x_name, room), GREY, Anchor::Middle);
        let names = Vec::new();
        Self { picture, frame, x, y, names }
    }

    /// Draws the grid and the ticks, on top of whatever shade there is.
    pub(super) fn axes(&mut self) {
        let Frame { left, top, width, height, .. } = self.frame;
        let bottom = top + height;
        for (value, label) in self.y.ticks() {
            let y = self.at(self.low_x(), value).1;
            if self.y.room().is_none() {
                self.picture.line(vec![(left, y), (left + width, y)], PALE, 0.8);
            }
            self.picture.text((left - 7.0, y), &label, BLACK, Anchor::End);
        }
        let ticks: Vec<(f64, String)> =
            self.x.ticks().into_iter().filter_map(|(v, l)| Some((self.x.place(v)?, l))).collect();
        for (place, _) in &ticks {
            let x = left + place * width;
            self.picture.line(vec![(x, bottom), (x, bottom + 4.0)], BLACK, 0.8);
        }
        for (x, label) in self.labels(ticks) {
            self.picture.text((x, bottom + 14.0), &label, BLACK, Anchor::Middle);
        }
        self.picture.line(vec![(left, bottom), (left + width, bottom)], BLACK, 0.8);
    }

    /// Where the labels of the x axis stand: all, or every second, third, … so that none touches another.
    fn labels(&self, ticks: Vec<(f64, String)>) -> Vec<(f64, String)> {
        let Frame { left, width: across, .. } = self.frame;
        let fit =
            |label: String| self.x.room().map_or(label.clone(), |share| fitted(&label, share * across - NAME_GAP));
        let page = self.picture.width;
        let inside = |x: f64, label: String| (x.min(page - width(&label) / 2.0 - 1.0), label);
        let all = ticks.into_iter().map(|(place, label)| inside(left + place * across, fit(label)));
        let all: Vec<(f64, String)> = all.collect();
        let reach = |label: &(f64, String), side: f64| label.0 + side * (width(&label.1) + NAME_GAP / 2.0) / 2.0;
        for every in self.x.strides() {
            let first = self.x.first_label(every);
            let some: Vec<(f64, String)> = all.iter().skip(first).step_by(every).cloned().collect();
            if some.windows(2).all(|pair| reach(&pair[0], 1.0) <= reach(&pair[1], -1.0)) {
                return some;
            }
        }
        Vec::new()
    }

    /// The band of a line's intervals, as often interrupted as the line.
    pub(super) fn band(&mut self, series: &Series) {
        let polygons: Vec<Vec<Point>> = segments(series).map(|points| self.hull(points)).collect();
        self.picture.group(group(series, Vec::new()), |picture| {
            polygons.into_iter().for_each(|corners| picture.area(corners, series.color, 0.18));
        });
    }

    /// Along the upper ends of intervals, and back along the lower ones.
    fn hull(&self, points: &[Place]) -> Vec<Point> {
        let bounds = |which: usize| points.iter().filter_map(move |(x, _, ci)| ci.map(|ci| (*x, ci[which])));
        let corners = bounds(1).chain(bounds(0).collect::<Vec<_>>().into_iter().rev());
        corners.map(|(x, y)| self.at(x, y)).collect()
    }

    /// A line's intervals, each as a bar of its own.
    pub(super) fn bars(&mut self, series: &Series) {
        let bar = |&(x, _, ci): &Place| Some(ci?.map(|y| self.at(x, y)));
        let bars: Vec<[Point; 2]> = series.points.iter().filter_map(bar).collect();
        self.picture.group(group(series, Vec::new()), |picture| {
            bars.iter().for_each(|ends| picture.line(ends.to_vec(), series.color, 1.2));
        });
    }

    /// A line, with dots on its points if there are few of them, and its name at its end or beside the plot.
    pub(super) fn line(&mut self, series: &Series, named_at_its_end: bool) {
        let pieces = segments(series).map(|points| points.iter().map(|&(x, y, _)| self.at(x, y)).collect());
        let pieces: Vec<Vec<Point>> = pieces.collect();
        let told = group(series, self.told(series));
        self.picture.group(told, |picture| pieces.iter().for_each(|points| stroke(picture, series, points)));
        if let (Some(&end), false) = (pieces.last().and_then(|points| points.last()), series.name.is_empty()) {
            let x = if named_at_its_end { end.0 } else { self.frame.left + self.frame.width };
            self.names.push(((x, end.1), series.name.clone(), series.color));
        }
    }

    /// A line that was not measured: thin and without dots.
    pub(super) fn guide(&mut self, series: &Series) {
        let points: Vec<Point> = series.points.iter().map(|&(x, y, _)| self.at(x, y)).collect();
        let told = group(series, self.told(series));
        self.picture.group(told, |picture| match (series.joined, points.len()) {
            (true, 2..) => picture.dashes(&points, series.color, 1.5),
            _ => points.iter().for_each(|&(x, y)| picture.line(vec![(x - 5.0, y), (x + 5.0, y)], series.color, 2.0)),
        });
        if let (Some(&end), false) = (points.last(), series.name.is_empty()) {
            self.names.push((end, series.name.clone(), series.color));
        }
    }

    /// The corners of a rectangle.
    pub(super) fn corners(&self, (left, right): (f64, f64), (low, high): (f64, f64)) -> Vec<Point> {
        let corner = |x: f64, y: f64| self.at(x, y);
        vec![corner(left, high), corner(right, high), corner(right, low), corner(left, low)]
    }

    /// The points of a line in words.
    fn told(&self, series: &Series) -> Vec<Told> {
        let told = |&(x, y, ci): &Place| {
            let interval =
                ci.map_or_else(String::new, |[low, high]| format!(" ({} to {})", self.y.says(low), self.y.says(high)));
            Told { at: self.at(x, y), x: self.x.says(x), y: self.y.says(y) + &interval }
        };
        series.points.iter().filter(|point| point.1.is_finite()).map(told).collect()
    }

    /// A ring around a point.
    pub(super) fn ring(&mut self, (x, y): Point, color: Color) {
        let at = self.at(x, y);
        self.picture.dot(at, 6.0, color);
        self.picture.dot(at, 4.0, WHITE);
        self.picture.dot(at, 2.6, color);
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
        // Above the plot are the names of marks, below it the numbers of the axis.
        let (highest, lowest) = (self.frame.top + 2.0, self.frame.top + self.frame.height - 8.0);
        let heights = below(above(apart(&wanted, NAME_HEIGHT), lowest, NAME_HEIGHT), highest, NAME_HEIGHT);
        let places: Vec<Point> = self.names.iter().zip(heights).map(|((at, ..), y)| (at.0 + NAME_GAP, y)).collect();
        self.write_names(&places);
    }

    /// Writes the names of the lines at their ends, further down than the ends by the height of two names.
    pub(super) fn finish_below(mut self) {
        self.names.iter_mut().for_each(|(at, ..)| at.1 += 1.5 * NAME_HEIGHT);
        self.finish();
    }

    /// Writes the names of the lines beside the plot, also of those that end before.
    pub(super) fn finish_beside(mut self) {
        let right = self.frame.left + self.frame.width;
        self.names.iter_mut().for_each(|(at, _, _)| at.0 = right);
        self.finish();
    }

    /// Writes the names of lines that end close together in a column beside the plot, in the
    /// order of their ends from the right.
    pub(super) fn finish_in_column(mut self) {
        if self.names.len() < 2 {
            return self.finish();
        }
        self.names.sort_by(|a, b| b.0.0.total_cmp(&a.0.0));
        let (x, top) = (self.frame.left + self.frame.width + NAME_GAP, self.frame.top + 6.0);
        let places: Vec<Point> = (0..self.names.len()).map(|row| (x, top + row as f64 * NAME_HEIGHT)).collect();
        self.write_names(&places);
    }

    /// Writes the names from these places on, as much of each as there is room for.
    fn write_names(self, places: &[Point]) {
        let names: Vec<&str> = self.names.iter().map(|(_, name, _)| name.as_str()).collect();
        let room = |index: usize| self.frame.right - places[index].0;
        let shown = fitted_apart_in(&names, &room);
        for (((_, name, color), text), at) in self.names.iter().zip(shown).zip(places) {
            let draw = |picture: &mut Picture| picture.text(*at, &text, *color, Anchor::Start);
            self.picture.group(Group::Name(name.clone(), *color), draw);
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

/// A point's value and both ends of its interval.
pub(super) fn ends(&(_, value, ci): &Place) -> [f64; 3] {
    let [low, high] = ci.unwrap_or([value; 2]);
    [value, low, high]
}

/// The parts of a line between which it is interrupted.
fn segments(series: &Series) -> impl Iterator<Item = &[Place]> {
    series.points.split(|point| !point.1.is_finite()).filter(|points| !points.is_empty())
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
    if points.len() <= 24 && series.points.len() <= 24 || points.len() == 1 || !series.joined {
        points.iter().for_each(|&point| picture.dot(point, 2.6, series.color));
    }
}

/// Heights of things that are at least `least` apart, pushed down so that none is above `highest`.
fn below(mut heights: Vec<f64>, highest: f64, least: f64) -> Vec<f64> {
    let mut ceiling = highest;
    for height in &mut heights {
        *height = height.max(ceiling);
        ceiling = *height + least;
    }
    heights
}
