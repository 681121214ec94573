//! What is marked on a panel from left to right: instants and spans, named above the plot so that no name touches another.

use super::panel::{Frame, Panel};
use super::picture::{Anchor, Color, GREY, Group, Point};
use super::render::width;
use crate::report::graph::Scale;

/// Rows of names above a plot; what finds no place there is marked without a name.
const MOST_ROWS: usize = 4;
/// Height of such a row.
const ROW: f64 = 14.0;
/// Between two names.
const GAP: f64 = 8.0;

/// An instant or a span on the x axis.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Where, or from where on.
    pub(super) from: f64,
    /// Where it ends; none is an instant.
    pub(super) until: Option<f64>,
    /// Written above the plot, if there is room; may be empty.
    pub(super) name: String,
    /// All that is known of it.
    pub(super) told: String,
    /// Of its name, and of its line or shade.
    pub(super) color: Color,
    /// How opaque the shade of a span is.
    pub(super) opacity: f64,
}

impl Mark {
    /// An instant.
    pub(super) fn at(x: f64, name: &str) -> Mark {
        Mark { from: x, until: None, name: name.into(), told: name.into(), color: GREY, opacity: 1.0 }
    }

    /// A span.
    pub(super) fn span((from, until): (f64, f64), name: &str) -> Mark {
        Mark { until: Some(until), opacity: 0.1, ..Mark::at(from, name) }
    }
}

/// A name that has a place: where it begins and ends, and in which row from the plot upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Placed {
    mark: usize,
    start: f64,
    end: f64,
    row: usize,
}

/// How much lower a plot in this frame is for the names of these marks.
pub(super) fn room(marks: &[Mark], frame: Frame, x: &Scale) -> f64 {
    let rows = places(marks, frame, x).1.iter().map(|name| name.row + 1).max().unwrap_or(0);
    if rows > 0 { rows as f64 * ROW + 3.0 } else { 0.0 }
}

/// From and to where each mark is on the page, and the names that have a place.
fn places(marks: &[Mark], frame: Frame, x: &Scale) -> (Vec<[f64; 2]>, Vec<Placed>) {
    let place = |value: f64| frame.left + x.place(value).unwrap_or(0.0).clamp(0.0, 1.0) * frame.width;
    let ends = marks.iter().map(|mark| [place(mark.from), place(mark.until.unwrap_or(mark.from))]);
    let ends: Vec<[f64; 2]> = ends.collect();
    // Further to the left are the numbers of the axis.
    let placed = placed(marks, &ends, (frame.left - 4.0, frame.right));
    (ends, placed)
}

impl Panel<'_> {
    /// Draws marks. The plot is lower afterwards by the rows that their names take: they come before anything else.
    pub(super) fn marks(&mut self, marks: &[Mark]) {
        self.make_room(marks);
        self.draw_marks(marks);
    }

    /// Lowers the plot by the rows that the names of marks take.
    pub(super) fn make_room(&mut self, marks: &[Mark]) {
        let room = room(marks, self.frame, &self.x);
        self.frame.top += room;
        self.frame.height -= room;
    }

    /// Draws marks for which there is room.
    pub(super) fn draw_marks(&mut self, marks: &[Mark]) {
        let (ends, placed) = places(marks, self.frame, &self.x);
        for (index, mark) in marks.iter().enumerate() {
            let name = placed.iter().find(|name| name.mark == index);
            self.mark(mark, ends[index], name);
        }
    }

    fn mark(&mut self, mark: &Mark, [from, until]: [f64; 2], name: Option<&Placed>) {
        let (top, bottom) = (self.frame.top, self.frame.top + self.frame.height);
        self.picture.group(Group::Told(mark.told.clone()), |picture| {
            let height = name.map_or(top, |name| top - name.row as f64 * ROW);
            match mark.until {
                Some(_) => {
                    let corners: Vec<Point> = vec![(from, top), (until, top), (until, bottom), (from, bottom)];
                    picture.area(corners, mark.color, mark.opacity);
                }
                None => picture.dashes(&[(from, height - 3.0), (from, bottom)], mark.color, 1.0),
            }
            if let Some(name) = name {
                picture.text((name.start, height - 10.0), &mark.name, mark.color, Anchor::Start);
            }
        });
    }
}

/// Names from the right to the left, each above those that it would touch; the same name is written once.
fn placed(marks: &[Mark], places: &[[f64; 2]], (left, right): (f64, f64)) -> Vec<Placed> {
    let is_first = |index: usize| marks[..index].iter().all(|before| before.name != marks[index].name);
    let mut order: Vec<usize> =
        (0..marks.len()).filter(|&index| !marks[index].name.is_empty() && is_first(index)).collect();
    order.sort_by(|&a, &b| places[b][0].total_cmp(&places[a][0]).then(b.cmp(&a)));
    let mut placed: Vec<Placed> = Vec::new();
    for mark in order {
        let long = width(&marks[mark].name);
        let [from, until] = places[mark];
        let wanted = if marks[mark].until.is_some() { (from + until - long) / 2.0 } else { from - 4.0 };
        let start = wanted.min(right - long).max(left);
        let touched = placed.iter().filter(|other| other.start < start + long + GAP && start < other.end + GAP);
        let row = touched.map(|other| other.row + 1).max().unwrap_or(0);
        if row < MOST_ROWS && start + long <= right {
            placed.push(Placed { mark, start, end: start + long, row });
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_touch_are_above_each_other_and_written_once() {
        let marks = [Mark::at(0.0, "a crash"), Mark::at(1.0, "a pause"), Mark::at(2.0, "a crash")];
        let rows = |places: &[[f64; 2]]| -> Vec<(usize, usize)> {
            placed(&marks, places, (0.0, 400.0)).iter().map(|name| (name.mark, name.row)).collect()
        };
        assert_eq!(rows(&[[100.0; 2], [110.0; 2], [120.0; 2]]), [(1, 0), (0, 1)]);
        assert_eq!(rows(&[[100.0; 2], [300.0; 2], [320.0; 2]]), [(1, 0), (0, 0)]);
    }

    #[test]
    fn names_stay_on_the_page_and_those_without_a_place_are_left_out() {
        let marks: Vec<Mark> = (0..9).map(|index| Mark::span((0.0, 1.0), &format!("failure {index}"))).collect();
        let placed = placed(&marks, &[[396.0, 399.0]; 9], (0.0, 400.0));
        assert_eq!(placed.len(), MOST_ROWS);
        assert!(placed.iter().all(|name| name.end <= 400.0));
    }
}
