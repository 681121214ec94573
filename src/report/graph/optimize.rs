//! A search for the cheapest configuration: cost against latency, and the frontier.

use super::color::{Color, GREY, PALETTE};
use super::{Graph, Place, Scale, Series};
use crate::experiment::results::{Configuration, OptimizeResults, Status};
use crate::model::Condition;
use crate::report::quantity::{Kind, dollars};

/// Every configuration that was simulated is a dot.
pub(crate) fn graph(results: &OptimizeResults) -> Graph {
    let limit = limit(results);
    let values = || results.configurations.iter().filter_map(point);
    let y = Scale::log(Kind::Time, values().map(|point| point.1).chain(limit));
    let x = Scale::linear(Kind::Count, values().map(|point| point.0));
    let high = values().map(|point| point.0).fold(0.0, f64::max);
    let limit = limit.map(|limit| {
        let points = vec![(0.0, limit, None), (high, limit, None)];
        Series { name: "limit".into(), color: GREY, joined: true, dashed: true, points }
    });
    let mut lines: Vec<Series> = limit.into_iter().chain([frontier(results)]).collect();
    let kinds = [(Status::Holds, "holds"), (Status::Undecided, "undecided"), (Status::Fails, "fails")];
    for ((status, name), color) in kinds.into_iter().zip(COLORS) {
        let shown = results.configurations.iter().filter(|one| one.status == status);
        let points = shown.filter_map(point).collect();
        lines.push(Series { name: name.into(), color, joined: false, dashed: false, points });
    }
    let says = [results.metric.as_str(), "log scale", "dollars an hour"];
    let mut graph = Graph::new(says, (x, y), lines);
    let best = results.cheapest.as_ref().and_then(|best| best.cost.value);
    graph.verticals.extend(best.map(|best| (best, format!("cheapest: {}", dollars(best)))));
    graph
}

/// Holds, undecided, fails.
const COLORS: [Color; 3] = [PALETTE[2], PALETTE[4], PALETTE[1]];

/// The line through the configurations that nothing beats, in ascending order of cost.
fn frontier(results: &OptimizeResults) -> Series {
    let mut points: Vec<_> = results.configurations.iter().filter(|one| one.frontier).filter_map(point).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.iter_mut().for_each(|point| point.2 = None);
    Series { name: "frontier".into(), color: PALETTE[0], joined: true, dashed: false, points }
}

/// The limit of the objective that the latency is about.
fn limit(results: &OptimizeResults) -> Option<f64> {
    let objectives = results.configurations.iter().flat_map(|one| &one.objectives);
    let mut conditions = objectives.filter_map(|objective| Condition::parse(&objective.require).ok());
    conditions.find(|condition| condition.metric.to_string() == results.metric).map(|condition| condition.limit)
}

fn point(one: &Configuration) -> Option<Place> {
    (one.replications > 0).then_some(())?;
    Some((one.cost.value?, one.latency.value?, one.latency.ci95))
}
