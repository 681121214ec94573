//! The picture of a search for the capacity: what was measured at each value, its limit, and where it fails.

use super::marks::Mark;
use super::panel::{Panel, Series, ends};
use super::picture::{BLACK, Color, GREY, PALETTE, Picture, Point};
use super::scale::Scale;
use super::sheet::{CELL, WIDE, cell, sheet};
use crate::experiment::results::{CapacityResults, Find, Outcome, Trial};
use crate::model::Condition;
use crate::report::quantity::Kind;
use crate::report::reading::number;

/// A picture for each of the first few objectives, one below the other.
pub(super) fn picture(results: &CapacityResults) -> Picture {
    let sure = number(100.0 * results.confidence);
    let note = format!(
        "{}: seed {}, decisions at {sure} % confidence, knee {}; bars are 95 % confidence intervals",
        results.file, results.seed, results.version
    );
    let rows = panels(results, WIDE).into_iter().take(MOST).map(|panel| vec![panel]).collect();
    sheet(&results.title, rows, &note)
}

/// A picture for each objective: what was measured at each value that was tried, and the limit.
pub(in crate::report) fn objectives(results: &CapacityResults) -> Vec<Picture> {
    panels(results, CELL)
}

fn panels(results: &CapacityResults, size: Point) -> Vec<Picture> {
    let conditions = conditions(results);
    conditions.iter().enumerate().map(|(index, require)| panel(results, size, (index, require))).collect()
}

/// As many pictures as a page shows.
const MOST: usize = 3;

/// The conditions that were measured.
fn conditions(results: &CapacityResults) -> Vec<String> {
    let measured = results.trials.iter().find(|trial| !trial.objectives.is_empty());
    let all = measured.map_or(&[][..], |trial| &trial.objectives);
    all.iter().map(|objective| objective.require.clone()).collect()
}

fn panel(results: &CapacityResults, size: Point, (index, require): (usize, &str)) -> Picture {
    let condition = Condition::parse(require).ok();
    let kind = condition.as_ref().map_or(Kind::Count, |condition| Kind::of(&condition.metric));
    let limit = condition.map(|condition| condition.limit);
    let points = |outcome: Option<Outcome>| {
        let shown = results.trials.iter().filter(move |trial| outcome.is_none_or(|outcome| trial.outcome == outcome));
        shown.filter_map(move |trial| point(trial, index)).collect::<Vec<_>>()
    };
    let all = points(None);
    let values = all.iter().flat_map(ends).chain(limit);
    let y = if kind == Kind::Time { Scale::log(kind, values) } else { Scale::linear(kind, values) };
    let kind_of_x = if results.unit.starts_with('/') { Kind::Rate } else { Kind::Count };
    let path = if results.path == "run.load" { "load, times that of the scenario" } else { &results.path };
    let says = [require, if kind == Kind::Time { "log scale" } else { "" }, path];
    let (mut picture, frame) = cell(size);
    let mut panel = Panel::new(&mut picture, frame, (x_scale(kind_of_x, results), y), says);
    panel.marks(&marks(results));
    panel.axes();
    if let Some(limit) = limit {
        panel.horizontal(limit, "limit");
    }
    for (outcome, name, color) in OUTCOMES {
        let series = Series { name: name.into(), color, joined: false, dashed: false, points: points(Some(outcome)) };
        panel.bars(&series);
        panel.line(&series);
    }
    panel.finish();
    picture
}

/// Where stations are overloaded, and up to where all objectives hold.
fn marks(results: &CapacityResults) -> Vec<Mark> {
    let overloaded = overloaded(results).map(|range| Mark { opacity: 0.12, ..Mark::span(range, "overloaded") });
    let limit = results.capacity.map(|limit| {
        let until = if results.find == Find::Highest { "holds up to" } else { "holds from" };
        let name = format!("{until} {}{}", number(limit.value), results.unit);
        Mark { color: BLACK, ..Mark::at(limit.value, &name) }
    });
    overloaded.into_iter().chain(limit).collect()
}

/// Green, grey and vermilion.
const OUTCOMES: [(Outcome, &str, Color); 3] = [
    (Outcome::Holds, "holds", PALETTE[2]),
    (Outcome::Undecided, "undecided", GREY),
    (Outcome::Fails, "fails", PALETTE[1]),
];

/// From the least value that was tried to the greatest, with room on both sides.
fn x_scale(kind: Kind, results: &CapacityResults) -> Scale {
    let at = || results.trials.iter().map(|trial| trial.at);
    let (low, high) = at().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
    let room = 0.06 * (high - low);
    Scale::linear(kind, at()).exactly(low - room, high + room)
}

/// From and to where stations are overloaded: to the hard end.
fn overloaded(results: &CapacityResults) -> Option<(f64, f64)> {
    let mut overloaded =
        results.trials.iter().filter(|trial| trial.outcome == Outcome::Overloaded).map(|trial| trial.at);
    match results.find {
        Find::Highest => overloaded.next().map(|at| (at, f64::MAX)),
        Find::Lowest => overloaded.next_back().map(|at| (f64::MIN, at)),
    }
}

fn point(trial: &Trial, index: usize) -> Option<(f64, f64, Option<[f64; 2]>)> {
    let measured = trial.measured.get(index)?;
    Some((trial.at, measured.value?, measured.ci95))
}
