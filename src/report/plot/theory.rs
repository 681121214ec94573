//! What theory says, beside what was simulated: dashed and grey, and only where all of its conditions hold.

use super::picture::GREY;
use crate::experiment::explain::ExactWorkload;
use crate::experiment::results::{Results, SweepPoint, TheoryLine};
use crate::report::graph::Series;
use crate::report::reading::overloaded;

/// Relative differences that only rounding makes.
const EQUAL: f64 = 1e-9;
/// Pieces of a smooth curve.
const PIECES: i32 = 120;

/// What theory says of a workload at each point where it says something; none where that is nowhere.
pub(super) fn of_points(
    points: &[&SweepPoint],
    workload: &str,
    joined: bool,
    value: fn(&ExactWorkload) -> f64,
) -> Option<Series> {
    let known = |point: &&&SweepPoint| point.result.exact.is_some() && !overloaded(&point.result);
    let known: Vec<&SweepPoint> = points.iter().filter(known).copied().collect();
    let place = |point: &&SweepPoint| {
        let means = point.result.exact.as_ref()?.workloads.get(workload)?;
        Some((*point.at.first()?, value(means), None))
    };
    let mut points: Vec<_> = known.iter().filter_map(place).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut names = known.iter().map(|point| model(&point.result));
    let first = names.next()?;
    let name = if names.all(|name| name == first) { format!("theory: {first}") } else { "theory".into() };
    (!points.is_empty()).then_some(Series { name, color: GREY, joined, dashed: true, points })
}

/// Whether throughput is not simply what is offered: of users, it is found by mean value analysis.
pub(super) fn is_closed(results: &Results) -> bool {
    results.exact.as_ref().is_some_and(|exact| exact.method.starts_with("mean value analysis"))
}

/// The model in a word or two: of a single station, that of the station.
fn model(results: &Results) -> String {
    let method = results.exact.as_ref().map_or("", |exact| exact.method.as_str());
    match (alone(results), method.strip_prefix("each station by itself: ")) {
        (Some(station), _) => station.model.clone(),
        (None, Some(models)) => models.to_owned(),
        (None, None) if is_closed(results) => "MVA".into(),
        (None, None) => "Jackson network".into(),
    }
}

/// What theory says of the mean response time of the only station at which anybody can wait.
fn alone(results: &Results) -> Option<&TheoryLine> {
    let mut finite = results.stations.0.iter().filter(|(_, station)| station.servers.is_some());
    let (name, _) = finite.next()?;
    if finite.next().is_some() {
        return None;
    }
    results.theory.iter().find(|line| line.station == *name && line.quantity == "response-mean-s")
}

/// The share of a workload's requests that take longer than t, where that is exponential: where the workload does
/// nothing but visit one station, once, and the station's response time is exponential, as its percentile shows.
pub(super) fn survival(results: &Results, workload: &str, (from, lowest): (f64, f64)) -> Option<Series> {
    let station = alone(results)?;
    let mean = results.exact.as_ref()?.workloads.get(workload)?.response_mean_s;
    let of = |line: &&TheoryLine| line.station == station.station && line.quantity == "response-p99-s";
    let p99 = results.theory.iter().find(of)?.predicted;
    let equal = |a: f64, b: f64| (a - b).abs() <= EQUAL * b;
    if !equal(station.predicted, mean) || !equal(p99, mean * libm::log(100.0)) {
        return None;
    }
    let until = -mean * libm::log(lowest);
    let at = |piece: i32| from * libm::pow(until / from, f64::from(piece) / f64::from(PIECES));
    let points = (0..=PIECES).map(|piece| (at(piece), libm::exp(-at(piece) / mean), None)).collect();
    Some(Series { name: format!("theory: {}", station.model), color: GREY, joined: true, dashed: true, points })
}
