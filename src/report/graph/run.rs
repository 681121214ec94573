//! A run: how long requests take, how busy the stations are, and both over time.

use super::{Graph, Scale, nth};
use crate::experiment::results::{Estimate, Results, SeriesWindow, WorkloadWindow};
use crate::report::quantity::Kind;

/// Shares below this are too rare for the curve to be smooth.
const RAREST: f64 = 1e-5;

/// The share of requests slower than t, a line per workload.
pub(crate) fn survival(results: &Results) -> Graph {
    let curves = &results.curves.survival;
    let seen = |&(t, share): &(f64, f64)| t > 0.0 && share >= RAREST;
    let points = || curves.iter().flat_map(|(_, points)| points).filter(|p| seen(p));
    // Before nearly every request is still unanswered there is nothing to see.
    let bend = points().filter(|p| p.1 <= 0.98).map(|p| p.0);
    let x = Scale::log(Kind::Time, bend);
    let lowest = points().map(|p| p.1).fold(0.01, f64::min);
    let y = Scale::log(Kind::Ratio, [lowest, 1.0].into_iter());
    let lines = curves.iter().enumerate().map(|(index, (name, points))| {
        let points = points.iter().filter(|p| seen(p)).map(|&(t, share)| (t, share, None));
        nth(name, index, points.collect())
    });
    let says = ["How long requests take", "share of requests that take longer", "latency"];
    Graph { column: true, ..Graph::new(says, (x, y), lines.collect()) }
}

/// The 99th percentile of latency in each window, a line per workload.
pub(crate) fn tail_over_time(results: &Results) -> Graph {
    let says = ["How long it takes over time", "99th percentile of latency", "time since warm-up"];
    over_time(results, Kind::Time, says, |own| own.latency_p99)
}

/// A line per workload, a point for each window in its middle.
fn over_time(results: &Results, kind: Kind, says: [&str; 3], value: fn(&WorkloadWindow) -> Estimate) -> Graph {
    let windows = || results.series.iter();
    let end = windows().map(|window| window.to_s).fold(0.0, f64::max);
    let values = windows().flat_map(|window| window.workloads.values()).filter_map(|own| value(own).value);
    let x = Scale::linear(Kind::Time, [0.0, end].into_iter()).exactly(0.0, end);
    let y = Scale::linear(kind, values.chain([0.0]));
    let lines = results.workloads.keys().enumerate().map(|(index, name)| {
        let point = |window: &SeriesWindow| {
            let estimate = value(window.workloads.get(name)?);
            Some(((window.at_s + window.to_s) / 2.0, estimate.value?, estimate.ci95))
        };
        nth(name, index, windows().filter_map(point).collect())
    });
    Graph { bands: false, ..Graph::new(says, (x, y), lines.collect()) }
}
