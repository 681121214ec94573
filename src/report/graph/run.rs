//! A run: how long requests take, how busy the stations are, and both over time.

use super::color::PALETTE;
use super::{Graph, Names, Place, Scale, Series};
use crate::experiment::results::{Estimate, Results, SeriesWindow, WorkloadWindow};
use crate::report::chosen::{chosen, of};
use crate::report::quantity::Kind;

/// Shares below this are too rare for the curve to be smooth.
const RAREST: f64 = 1e-5;
/// Where nearly every request is still unanswered there is nothing to see.
const NEARLY_ALL: f64 = 0.98;

/// The share of requests slower than t, a line per workload.
pub(crate) fn survival(results: &Results) -> Graph {
    let curves = &results.curves.survival;
    let seen = |&(t, share): &(f64, f64)| t > 0.0 && share >= RAREST;
    let lines = lines(results, |name| {
        let own = curves.iter().find(|(known, _)| known == name);
        let points = own.into_iter().flat_map(|(_, points)| points).filter(|point| seen(point));
        points.map(|&(t, share)| (t, share, None)).collect()
    });
    let points = || lines.iter().flat_map(|line| &line.points);
    let bend: Vec<f64> = points().filter(|point| point.1 <= NEARLY_ALL).map(|point| point.0).collect();
    let lowest = points().map(|point| point.1).fold(0.01, f64::min);
    let is_answered = points().next().is_some();
    let nothing = if is_answered { "too few answers for a curve" } else { "nothing was answered" };
    let scales = (Scale::log(Kind::Time, bend.iter().copied()), Scale::log(Kind::Ratio, [lowest, 1.0].into_iter()));
    let meaning = format!("share of requests that take longer{}", some(results));
    let says = ["How long requests take", &meaning, "latency"];
    let lines = if bend.is_empty() { Vec::new() } else { lines };
    Graph { names: Names::InColumn, nothing, ..Graph::new(says, scales, lines) }
}

/// The 99th percentile of latency in each window, a line per workload.
pub(crate) fn tail_over_time(results: &Results) -> Graph {
    let meaning = format!("99th percentile of latency{}", some(results));
    let says = ["How long it takes over time", &meaning, "time since warm-up"];
    let graph = over_time(results, Kind::Time, says, |own| own.latency_p99);
    Graph { nothing: NO_TAIL, ..graph }
}

/// Where no window has a percentile of latency.
pub(crate) const NO_TAIL: &str = "no window has enough answers to tell";

/// How many of the workloads have a line.
pub(crate) fn some(results: &Results) -> String {
    of(chosen(results).len(), results.workloads.len(), "workloads")
}

/// A line for each of the workloads that are shown, in its colour.
fn lines(results: &Results, points: impl Fn(&str) -> Vec<Place>) -> Vec<Series> {
    let line = |(name, color): (&str, _)| Series {
        name: name.into(),
        color,
        joined: true,
        dashed: false,
        points: points(name),
    };
    chosen(results).into_iter().zip(PALETTE).map(line).collect()
}

/// A line per workload, a point for each window in its middle.
fn over_time(results: &Results, kind: Kind, says: [&str; 3], value: fn(&WorkloadWindow) -> Estimate) -> Graph {
    let end = results.series.iter().map(|window| window.to_s).fold(0.0, f64::max);
    let lines = lines(results, |name| {
        let point = |window: &SeriesWindow| {
            let estimate = value(window.workloads.get(name)?);
            Some(((window.at_s + window.to_s) / 2.0, estimate.value?, estimate.ci95))
        };
        results.series.iter().filter_map(point).collect()
    });
    let values = lines.iter().flat_map(|line| &line.points).map(|point| point.1).chain([0.0]);
    let y = Scale::linear(kind, values);
    let x = Scale::linear(Kind::Time, [0.0, end].into_iter()).exactly(0.0, end);
    Graph { bands: false, ..Graph::new(says, (x, y), lines) }
}
