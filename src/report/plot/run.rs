//! The picture of a run: how long requests take beside how busy the stations are.

use super::panel::{Frame, Panel, Series};
use super::picture::{PALE, PALETTE, Picture};
use super::scale::Scale;
use super::sheet::{cell, sheet};
use super::why;
use crate::experiment::results::{Estimate, Results, SeriesWindow, WorkloadWindow};
use crate::report::quantity::Kind;

/// Shares below this are too rare for the curve to be smooth.
const RAREST: f64 = 1e-5;

type Curve = (String, Vec<(f64, f64)>);

/// How long requests take beside how busy stations are; below, what happened over time where there is a series, and where
/// the time went where that is known.
pub(super) fn picture(results: &Results) -> Picture {
    let mut rows = vec![vec![latency(results), utilization(results)]];
    if !results.series.is_empty() {
        rows.push(vec![answered(results), tail(results)]);
    }
    rows.extend(results.why.iter().map(|why| vec![why::picture(why)]));
    let run = &results.scenario;
    let note = format!("{}: seed {}, {} replications, knee {}", run.file, run.seed, run.replications, run.version);
    sheet(&run.title, rows, &note)
}

/// How long requests take.
pub(in crate::report) fn latency(results: &Results) -> Picture {
    let (mut picture, frame) = cell();
    survival(&mut picture, frame, &results.curves.survival);
    picture
}

/// How busy stations are over time.
pub(in crate::report) fn utilization(results: &Results) -> Picture {
    let (mut picture, frame) = cell();
    busy(&mut picture, frame, results);
    picture
}

/// How much is answered over time.
pub(in crate::report) fn answered(results: &Results) -> Picture {
    let says = ["What is answered over time", "successes per second", "time since warm-up"];
    over_time(results, (Kind::Rate, says), |own| own.throughput)
}

/// How long the slowest requests take over time.
pub(in crate::report) fn tail(results: &Results) -> Picture {
    let says = ["How long it takes over time", "99th percentile of latency", "time since warm-up"];
    over_time(results, (Kind::Time, says), |own| own.latency_p99)
}

fn survival(picture: &mut Picture, frame: Frame, curves: &[Curve]) {
    let seen = |&(t, share): &(f64, f64)| t > 0.0 && share >= RAREST;
    let points = || curves.iter().flat_map(|(_, points)| points).filter(|p| seen(p));
    // Before nearly every request is still unanswered there is nothing to see.
    let bend = points().filter(|p| p.1 <= 0.98).map(|p| p.0);
    let x = Scale::log(Kind::Time, bend);
    let lowest = points().map(|p| p.1).fold(0.01, f64::min);
    let y = Scale::log(Kind::Ratio, [lowest, 1.0].into_iter());
    let says = ["How long requests take", "share of requests that take longer", "latency"];
    let mut panel = Panel::new(picture, frame, (x, y), says);
    panel.axes();
    for (index, (name, points)) in curves.iter().enumerate() {
        let points = points.iter().filter(|p| seen(p)).map(|&(t, share)| (t, share, None));
        panel.line(&series(name, index, points.collect()));
    }
    panel.finish_in_column();
}

fn busy(picture: &mut Picture, frame: Frame, results: &Results) {
    let mut curves: Vec<&Curve> = results.curves.utilization.iter().collect();
    let busy = |curve: &Curve| results.stations.get(&curve.0).and_then(|s| s.utilization.value);
    curves.sort_by(|a, b| busy(b).unwrap_or(0.0).total_cmp(&busy(a).unwrap_or(0.0)));
    let times = curves.iter().flat_map(|(_, points)| points).map(|p| p.0);
    let end = times.fold(0.0, f64::max);
    let x = Scale::linear(Kind::Time, [0.0, end].into_iter()).exactly(0.0, end);
    let y = Scale::linear(Kind::Ratio, [0.0, 1.0].into_iter());
    let says = ["How busy stations are", "utilization", "time since warm-up"];
    let mut panel = Panel::new(picture, frame, (x, y), says);
    panel.axes();
    for (index, (name, points)) in curves.iter().enumerate().rev() {
        let points = points.iter().map(|&(t, share)| (t, share, None));
        panel.line(&series(name, index, points.collect()));
    }
    panel.finish();
}

/// A line per workload, a point for each window in its middle.
fn over_time(results: &Results, (kind, says): (Kind, [&str; 3]), value: fn(&WorkloadWindow) -> Estimate) -> Picture {
    let (mut picture, frame) = cell();
    let windows = || results.series.iter();
    let end = windows().map(|window| window.to_s).fold(0.0, f64::max);
    let values = windows().flat_map(|window| window.workloads.values()).filter_map(|own| value(own).value);
    let x = Scale::linear(Kind::Time, [0.0, end].into_iter()).exactly(0.0, end);
    let y = Scale::linear(kind, values.chain([0.0]));
    let mut panel = Panel::new(&mut picture, frame, (x, y), says);
    panel.axes();
    for (index, name) in results.workloads.keys().enumerate() {
        let point = |window: &SeriesWindow| {
            let estimate = value(window.workloads.get(name)?);
            Some(((window.at_s + window.to_s) / 2.0, estimate.value?, estimate.ci95))
        };
        panel.line(&series(name, index, windows().filter_map(point).collect()));
    }
    panel.finish();
    picture
}

/// A line in the colour of its index; beyond the palette, pale and without a name.
fn series(name: &str, index: usize, points: Vec<(f64, f64, Option<[f64; 2]>)>) -> Series {
    let color = PALETTE.get(index).copied();
    let name = if color.is_some() { name.to_owned() } else { String::new() };
    Series { name, color: color.unwrap_or(PALE), joined: true, dashed: false, points }
}
