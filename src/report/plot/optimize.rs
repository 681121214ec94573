//! The picture of a search for the cheapest configuration: cost against latency, and the frontier.

use super::marks::Mark;
use super::panel::{Panel, Series, ends};
use super::picture::{BLACK, Color, PALETTE, Picture, Point};
use super::scale::Scale;
use super::sheet::{CELL, WIDE, cell, sheet};
use crate::experiment::results::{Configuration, OptimizeResults, Status};
use crate::model::Condition;
use crate::report::quantity::{Kind, dollars};
use crate::report::reading::number;

/// The page with it.
pub(super) fn picture(results: &OptimizeResults) -> Picture {
    let sure = number(100.0 * results.confidence);
    let note = format!(
        "{}: seed {}, decisions at {sure} % confidence, knee {}; bars are 95 % confidence intervals",
        results.file, results.seed, results.version
    );
    sheet(&results.title, vec![vec![panel(results, WIDE)]], &note)
}

/// Every configuration that was simulated is a dot.
pub(in crate::report) fn configurations(results: &OptimizeResults) -> Picture {
    panel(results, CELL)
}

fn panel(results: &OptimizeResults, size: Point) -> Picture {
    let limit = limit(results);
    let values = || results.configurations.iter().filter_map(point);
    let y = Scale::log(Kind::Time, values().flat_map(|point| ends(&point)).chain(limit));
    let x = Scale::linear(Kind::Count, values().map(|point| point.0));
    let (mut picture, frame) = cell(size);
    let says = [results.metric.as_str(), "log scale", "dollars an hour"];
    let mut panel = Panel::new(&mut picture, frame, (x, y), says);
    let best = results.cheapest.as_ref().and_then(|best| best.cost.value);
    let cheapest = best.map(|best| Mark { color: BLACK, ..Mark::at(best, &format!("cheapest: {}", dollars(best))) });
    panel.marks(cheapest.as_slice());
    panel.axes();
    if let Some(limit) = limit {
        panel.horizontal(limit, "limit");
    }
    frontier(&mut panel, results);
    let kinds = [(Status::Holds, "holds"), (Status::Undecided, "undecided"), (Status::Fails, "fails")];
    for ((status, name), color) in kinds.into_iter().zip(COLORS) {
        let shown = results.configurations.iter().filter(|one| one.status == status);
        let points = shown.filter_map(point).collect();
        let series = Series { name: name.into(), color, joined: false, dashed: false, points };
        panel.bars(&series);
        panel.line(&series);
    }
    panel.finish();
    picture
}

/// Holds, undecided, fails.
const COLORS: [Color; 3] = [PALETTE[2], PALETTE[4], PALETTE[1]];

/// The line through the configurations that nothing beats, in ascending order of cost.
fn frontier(panel: &mut Panel<'_>, results: &OptimizeResults) {
    let mut points: Vec<_> = results.configurations.iter().filter(|one| one.frontier).filter_map(point).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.iter_mut().for_each(|point| point.2 = None);
    panel.line(&Series { name: "frontier".into(), color: PALETTE[0], joined: true, dashed: false, points });
}

/// The limit of the objective that the latency is about.
fn limit(results: &OptimizeResults) -> Option<f64> {
    let objectives = results.configurations.iter().flat_map(|one| &one.objectives);
    let mut conditions = objectives.filter_map(|objective| Condition::parse(&objective.require).ok());
    conditions.find(|condition| condition.metric.to_string() == results.metric).map(|condition| condition.limit)
}

fn point(one: &Configuration) -> Option<(f64, f64, Option<[f64; 2]>)> {
    (one.replications > 0).then_some(())?;
    Some((one.cost.value?, one.latency.value?, one.latency.ci95))
}
