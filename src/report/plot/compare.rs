//! The pictures of a comparison: by how much each metric changes, with its interval.

use super::picture::{Anchor, BLACK, GREY, Group, PALE, Picture, Point};
use super::render::width;
use super::sheet::{CELL, in_rows, sheet};
use super::words::{fitted_apart, wrapped};
use crate::experiment::results::{Change, CompareResults, Difference};
use crate::report::chosen::of;
use crate::report::graph::Scale;
use crate::report::graph::compare::{MOST, color, said, shares};
use crate::report::quantity::{Kind, show};

/// Metrics of a change that are drawn: the first ones.
const MOST_METRICS: usize = 40;
/// The height of a metric's row.
const ROW: f64 = 21.0;
const LEFT: f64 = 24.0;
/// Room for the names of metrics, at most.
const NAMES: f64 = 172.0;
/// Room on the right for what is said of a change.
const SAID: f64 = 84.0;
const HEADING: f64 = 13.0;

/// The first few changes on a page.
pub(super) fn picture(results: &CompareResults) -> Picture {
    let pictures = changes(results);
    let note = format!(
        "bars are 95 % confidence intervals of paired differences; {} tests together, real with 5 % error (Holm){}",
        results.tests,
        of(pictures.len(), results.changes.len(), "changes")
    );
    let each = if pictures.len() > 1 { 2 } else { 1 };
    sheet("What changes, as a share of what it was", in_rows(pictures, each), &note)
}

/// A picture for each of the first few changes: a row for each metric, from less to more.
pub(in crate::report) fn changes(results: &CompareResults) -> Vec<Picture> {
    results.changes.iter().take(MOST).map(|change| picture_of(results, change)).collect()
}

/// How much a metric changes as a share of what it was, and the interval.
type Share = (f64, Option<[f64; 2]>);

fn picture_of(results: &CompareResults, change: &Change) -> Picture {
    let shown: Vec<(&Difference, Share)> = shares(change).into_iter().take(MOST_METRICS).collect();
    let name = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    let mut picture = Picture::new(CELL.0, 26.0);
    let heading = format!("{} against {}", name(change.to), name(change.from));
    for line in wrapped(&heading, CELL.0 - 2.0 * LEFT, HEADING, true) {
        picture.heading((LEFT, picture.height), &line, HEADING);
        picture.height += 18.0;
    }
    let rows = Rows::new(&shown, picture.height + 22.0);
    picture.height = rows.bottom() + 54.0;
    rows.axes(&mut picture);
    let names: Vec<&str> = shown.iter().map(|(one, _)| one.metric.as_str()).collect();
    let names = fitted_apart(&names, rows.left - LEFT - 8.0);
    for (index, (name, one)) in names.iter().zip(&shown).enumerate() {
        rows.row(&mut picture, index, name, one);
    }
    picture
}

/// Where rows are on the page.
struct Rows {
    top: f64,
    count: usize,
    /// From where to where the axis goes.
    left: f64,
    right: f64,
    scale: Scale,
}

impl Rows {
    fn new(shown: &[(&Difference, Share)], top: f64) -> Rows {
        let ends = shown.iter().flat_map(|(_, (value, ci))| ci.map_or([*value; 2], |ci| ci));
        let ends: Vec<f64> = ends.chain(shown.iter().map(|one| one.1.0)).chain([0.0]).collect();
        let (low, high) = ends.iter().fold((0.0_f64, 0.0_f64), |(low, high), &end| (low.min(end), high.max(end)));
        let room = 0.06 * (high - low).max(0.01);
        let scale = Scale::linear(Kind::Ratio, ends.iter().copied()).exactly(low - room, high + room);
        let names = shown.iter().map(|(one, _)| width(&one.metric)).fold(0.0, f64::max).min(NAMES);
        let (left, right) = (LEFT + names + 10.0, CELL.0 - SAID);
        Rows { top, count: shown.len(), left, right, scale }
    }

    fn bottom(&self) -> f64 {
        self.top + self.count.max(1) as f64 * ROW
    }

    fn x(&self, share: f64) -> f64 {
        self.left + self.scale.place(share).unwrap_or(0.0).clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn axes(&self, picture: &mut Picture) {
        let mut free = f64::MIN;
        for (value, label) in self.scale.ticks() {
            let x = self.x(value);
            picture.line(vec![(x, self.top), (x, self.bottom())], PALE, 0.8);
            let half = width(&label) / 2.0;
            if x - half >= free {
                picture.text((x, self.bottom() + 12.0), &label, BLACK, Anchor::Middle);
                free = x + half + 6.0;
            }
        }
        let zero = self.x(0.0);
        picture.dashes(&[(zero, self.top - 4.0), (zero, self.bottom())], GREY, 1.2);
        picture.text((zero, self.top - 11.0), "as it was", GREY, Anchor::Middle);
        picture.line(vec![(self.left, self.bottom()), (self.right, self.bottom())], BLACK, 0.8);
        let middle = ((self.left + self.right) / 2.0, self.bottom() + 32.0);
        picture.text(middle, "change", GREY, Anchor::Middle);
    }

    fn row(&self, picture: &mut Picture, index: usize, name: &str, (difference, (value, ci)): &(&Difference, Share)) {
        let y = self.top + (index as f64 + 0.5) * ROW;
        let (color, said) = (color(difference), said(*value, difference));
        let told = format!("{}: {}{}", difference.metric, show(Kind::Ratio, Some(*value)), interval(*ci));
        picture.group(Group::Told(told), |picture| {
            picture.text((self.left - 8.0, y), name, BLACK, Anchor::End);
            if let Some([a, b]) = ci {
                let ends: Vec<Point> = vec![(self.x(*a), y), (self.x(*b), y)];
                picture.line(ends, color, 4.0);
            }
            picture.dot((self.x(*value), y), 3.6, color);
            picture.text((self.right + 8.0, y), &said, color, Anchor::Start);
        });
    }
}

fn interval(ci: Option<[f64; 2]>) -> String {
    let show = |end: f64| show(Kind::Ratio, Some(end));
    ci.map_or_else(String::new, |[a, b]| format!(" ({} to {})", show(a.min(b)), show(a.max(b))))
}
