//! The picture of a search for the cheapest configuration: cost against latency, and the frontier.

use super::panel::{Frame, Panel, Series};
use super::picture::{Anchor, Color, GREY, PALETTE, Picture};
use super::scale::Scale;
use crate::experiment::results::{Configuration, OptimizeResults, Status};
use crate::model::Condition;
use crate::report::quantity::{Kind, dollars};
use crate::report::reading::number;

/// One panel: every configuration that was simulated is a dot.
pub(in crate::report) fn picture(results: &OptimizeResults) -> Picture {
    let mut picture = Picture::new(760.0, 520.0);
    picture.heading((24.0, 26.0), &results.title, 16.0);
    panel(&mut picture, results);
    let sure = number(100.0 * results.confidence);
    let note = format!(
        "{}: seed {}, decisions at {sure} % confidence, knee {}; bars are 95 % confidence intervals",
        results.file, results.seed, results.version
    );
    picture.text((24.0, 504.0), &note, GREY, Anchor::Start);
    picture
}

fn panel(picture: &mut Picture, results: &OptimizeResults) {
    let limit = limit(results);
    let values = || results.configurations.iter().filter_map(point);
    let y = Scale::log(Kind::Time, values().map(|point| point.1).chain(limit));
    let x = Scale::linear(Kind::Count, values().map(|point| point.0));
    let frame = Frame { left: 84.0, top: 104.0, width: 530.0, height: 320.0, right: 752.0 };
    let says = [results.metric.as_str(), "log scale", "dollars an hour"];
    let mut panel = Panel::new(picture, frame, (x, y), says);
    panel.axes();
    if let Some(best) = results.cheapest.as_ref().and_then(|best| best.cost.value) {
        panel.vertical(best, &format!("cheapest: {}", dollars(best)));
    }
    if let Some(limit) = limit {
        let high = values().map(|point| point.0).fold(0.0, f64::max);
        let points = vec![(0.0, limit, None), (high, limit, None)];
        panel.line(&Series { name: "limit".into(), color: GREY, joined: true, dashed: true, points });
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
