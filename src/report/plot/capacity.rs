//! The picture of a search for the capacity: what was measured at each value, its limit, and where it fails.

use super::panel::{Frame, Panel, Series};
use super::picture::{Anchor, Color, GREY, PALETTE, Picture, SHADE};
use super::scale::Scale;
use crate::experiment::results::{CapacityResults, Find, Outcome, Trial};
use crate::model::Condition;
use crate::report::quantity::Kind;
use crate::report::reading::number;

/// A panel for each of the first few objectives, one above the other.
pub(in crate::report) fn picture(results: &CapacityResults) -> Picture {
    let objectives = objectives(results);
    let count = objectives.len().max(1) as f64;
    let mut picture = Picture::new(760.0, TOP + count * (HEIGHT + GAP) + 20.0);
    picture.heading((24.0, 26.0), &results.title, 16.0);
    for (index, require) in objectives.iter().enumerate() {
        let top = TOP + index as f64 * (HEIGHT + GAP);
        let is_last = index + 1 == objectives.len();
        panel(&mut picture, top, results, (index, require), is_last);
    }
    let bottom = picture.height - 16.0;
    let sure = format!(
        "{}: seed {}, decisions at {} % confidence",
        results.file,
        results.seed,
        number(100.0 * results.confidence)
    );
    picture.text(
        (24.0, bottom),
        &format!("{sure}, knee {}; bars are 95 % confidence intervals", results.version),
        GREY,
        Anchor::Start,
    );
    picture
}

const TOP: f64 = 104.0;
const HEIGHT: f64 = 230.0;
const GAP: f64 = 84.0;
const MOST_PANELS: usize = 3;

/// The conditions that were measured.
fn objectives(results: &CapacityResults) -> Vec<String> {
    let measured = results.trials.iter().find(|trial| !trial.objectives.is_empty());
    let all = measured.map_or(&[][..], |trial| &trial.objectives);
    all.iter().take(MOST_PANELS).map(|objective| objective.require.clone()).collect()
}

fn panel(picture: &mut Picture, top: f64, results: &CapacityResults, (index, require): (usize, &str), is_last: bool) {
    let condition = Condition::parse(require).ok();
    let kind = condition.as_ref().map_or(Kind::Count, |condition| Kind::of(&condition.metric));
    let limit = condition.map(|condition| condition.limit);
    let points = |outcome: Option<Outcome>| {
        let shown = results.trials.iter().filter(move |trial| outcome.is_none_or(|outcome| trial.outcome == outcome));
        shown.filter_map(move |trial| point(trial, index)).collect::<Vec<_>>()
    };
    let all = points(None);
    let values = all.iter().map(|point| point.1).chain(limit);
    let y = if kind == Kind::Time { Scale::log(kind, values) } else { Scale::linear(kind, values) };
    let kind_of_x = if results.unit.starts_with('/') { Kind::Rate } else { Kind::Count };
    let x = x_scale(kind_of_x, results);
    let frame = Frame { left: 84.0, top, width: 530.0, height: HEIGHT, right: 752.0 };
    let path = if results.path == "run.load" { "load, times that of the scenario" } else { &results.path };
    let says = [require, if kind == Kind::Time { "log scale" } else { "" }, if is_last { path } else { "" }];
    let mut panel = Panel::new(picture, frame, (x, y), says);
    if let Some((from, to)) = overloaded(results) {
        panel.shade((from, to), (SHADE, 1.0), "overloaded", None);
    }
    panel.axes();
    if let Some(limit) = results.capacity {
        let until = if results.find == Find::Highest { "holds up to" } else { "holds from" };
        panel.vertical(limit.value, &format!("{until} {}{}", number(limit.value), results.unit));
    }
    if let Some(limit) = limit {
        panel.horizontal(limit, "limit");
    }
    for (outcome, name, color) in OUTCOMES {
        let series = Series { name: name.into(), color, joined: false, dashed: false, points: points(Some(outcome)) };
        panel.bars(&series);
        panel.line(&series);
    }
    panel.finish();
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
