//! The picture of a sweep: latency and throughput against what was varied.

use super::curves;
use super::marks::Mark;
use super::panel::{Panel, Series};
use super::picture::{BLACK, Color, GREY, PALETTE, Picture, Point};
use super::scale::Scale;
use super::sheet::{CELL, WIDE, cell, sheet};
use super::theory;
use crate::experiment::results::{Estimate, Latency, SweepPoint, SweepResults, WorkloadResult};
use crate::report::quantity::Kind;
use crate::report::reading::{self, label, overloaded};

/// What is drawn of latency: its name, which estimate, and whether several workloads or axes
/// leave room for it.
type Statistic = (&'static str, fn(&Latency) -> &Estimate);

const EVERY: [Statistic; 4] = [("p50", |l| &l.p50), ("mean", |l| &l.mean), ("p95", |l| &l.p95), ("p99", |l| &l.p99)];
const FEW: [Statistic; 2] = [("mean", |l| &l.mean), ("p99", |l| &l.p99)];

/// Latency above throughput.
pub(super) fn picture(sweep: &SweepResults) -> Picture {
    let title = sweep.points.first().map_or("", |p| p.result.scenario.title.as_str());
    let rows = vec![vec![panel(sweep, WIDE, Kind::Time)], vec![panel(sweep, LOW, Kind::Rate)]];
    sheet(title, rows, &note(sweep))
}

/// How long requests take, against what was varied.
pub(in crate::report) fn latency(sweep: &SweepResults) -> Picture {
    panel(sweep, CELL, Kind::Time)
}

/// How much is answered, against what was varied.
pub(in crate::report) fn throughput(sweep: &SweepResults) -> Picture {
    panel(sweep, CELL, Kind::Rate)
}

/// The size of the throughput under the latency.
const LOW: Point = (WIDE.0, 270.0);

fn note(sweep: &SweepResults) -> String {
    sweep.points.first().map_or_else(String::new, |point| {
        let run = &point.result.scenario;
        let ran = format!("{}: seed {}, {}", run.file, run.seed, reading::replications(sweep));
        let cut = if sweep.partial { ", interrupted" } else { "" };
        let how = if ordered(sweep) { "bands" } else { "bars" };
        let (all, drawn) = (sweep.curves().len(), curves::drawn(sweep).len());
        let some = if drawn < all { format!("{drawn} of {all} curves; ") } else { String::new() };
        format!("{some}{ran}{cut}, knee {}; {how} are 95 % confidence intervals", run.version)
    })
}

fn panel(sweep: &SweepResults, size: Point, kind: Kind) -> Picture {
    let (mut picture, frame) = cell(size);
    let lines = match (kind, sweep.axis.len()) {
        (Kind::Time, 0 | 1) => latencies(sweep),
        (Kind::Time, _) => curves::latency(sweep),
        (_, 0 | 1) => throughputs(sweep),
        _ => curves::throughput(sweep),
    };
    let values = || lines.iter().flat_map(|line| &line.points).map(|p| p.1);
    let y = match kind {
        Kind::Time => Scale::log(kind, values()),
        _ => Scale::linear(kind, values()),
    };
    let mut panel = Panel::new(&mut picture, frame, (x_scale(sweep), y), says(sweep, kind));
    panel.marks(&marks(sweep));
    panel.axes();
    match ordered(sweep) {
        true => lines.iter().for_each(|line| panel.band(line)),
        false => lines.iter().for_each(|line| panel.bars(line)),
    }
    lines.iter().for_each(|line| panel.line(line));
    known(sweep, kind).iter().for_each(|line| panel.guide(line));
    if kind == Kind::Time {
        curves::knees(sweep).into_iter().for_each(|(knee, color)| panel.ring((knee.at[0], knee.latency), color));
    }
    panel.finish();
    picture
}

/// What theory says: of each workload, or of each curve of a single one; the last has a name.
fn known(sweep: &SweepResults, kind: Kind) -> Vec<Series> {
    let joined = ordered(sweep);
    let workloads = names(sweep);
    let curves = curves::drawn(sweep);
    let lines = curves.iter().flat_map(|curve| workloads.iter().take(PALETTE.len()).map(move |name| (curve, name)));
    let line = |(curve, name): (&Vec<&SweepPoint>, &String)| match kind {
        Kind::Time => theory::of_points(curve, name, joined, |means| means.response_mean_s),
        _ if curve.iter().all(|point| theory::is_closed(&point.result)) => {
            theory::of_points(curve, name, joined, |means| means.throughput)
        }
        _ => None,
    };
    // Of several curves and several workloads, the latency that is drawn is that of all requests together.
    let is_drawn = sweep.axis.len() < 2 || workloads.len() < 2;
    let mut known: Vec<Series> = lines.filter(|_| is_drawn).filter_map(line).collect();
    let last = known.len().saturating_sub(1);
    known.iter_mut().take(last).for_each(|line| line.name.clear());
    known
}

/// Heading, name of the y axis, name of the x axis.
fn says(sweep: &SweepResults, kind: Kind) -> [&str; 3] {
    let path = sweep.axis.first().map_or("", |axis| axis.path.as_str());
    let several = sweep.axis.len() > 1;
    match kind {
        Kind::Time if several && ordered(sweep) => ["Latency", "mean, p99 dashed, knees ringed (log scale)", path],
        Kind::Time if several => ["Latency", "mean and p99 (log scale)", path],
        Kind::Time => ["Latency", "from first attempt to answer (log scale)", path],
        _ => ["Throughput", "answers per second", path],
    }
}

/// Whether the first axis has quantities, between which lines make sense, and not words.
fn ordered(sweep: &SweepResults) -> bool {
    sweep.axis.first().is_none_or(|axis| axis.ordered)
}

fn x_scale(sweep: &SweepResults) -> Scale {
    if let ([axis, ..], false) = (sweep.axis.as_slice(), ordered(sweep)) {
        return Scale::words(&axis.labels);
    }
    let at = || sweep.points.iter().filter_map(|point| point.at.first().copied());
    let (low, high) = at().fold((f64::MAX, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    let kind = sweep.axis.first().map_or(Kind::Count, reading::kind);
    match low > 0.0 && high / low > 50.0 {
        true => Scale::log(kind, at()),
        false => Scale::linear(kind, at()),
    }
}

/// Where points are overloaded, of several curves in the colour of each; of one curve, its knee.
fn marks(sweep: &SweepResults) -> Vec<Mark> {
    let several = sweep.axis.len() > 1;
    let mut marks = Vec::new();
    for (curve, color) in curves::drawn(sweep).iter().zip(PALETTE) {
        let why = if several { format!("{} overloaded", curves::name(sweep, curve)) } else { "overloaded".into() };
        let (color, opacity) = if several { (color, 0.07) } else { (GREY, 0.12) };
        marks.extend(unstable(curve).into_iter().map(|range| Mark { color, opacity, ..Mark::span(range, &why) }));
    }
    if let (Some(knee), [axis]) = (&sweep.knee, sweep.axis.as_slice()) {
        marks.push(Mark { color: BLACK, ..Mark::at(knee.at[0], &format!("knee at {}", label(axis, knee.at[0]))) });
    }
    marks
}

/// From and to where the overloaded points of a curve lie, half way to their neighbours.
fn unstable(curve: &[&SweepPoint]) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, bool)> = curve.iter().map(|point| (point.at[0], overloaded(&point.result))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranges: Vec<(f64, f64)> = Vec::new();
    for (index, &(x, is_unstable)) in points.iter().enumerate() {
        let middle = |other: Option<&(f64, bool)>| other.map(|o| (o.0 + x) / 2.0);
        let from = middle(index.checked_sub(1).and_then(|i| points.get(i))).unwrap_or(f64::MIN);
        let to = middle(points.get(index + 1)).unwrap_or(f64::MAX);
        match ranges.last_mut() {
            _ if !is_unstable => {}
            Some(last) if last.1 == from => last.1 = to,
            _ => ranges.push((from, to)),
        }
    }
    ranges
}

fn latencies(sweep: &SweepResults) -> Vec<Series> {
    let workloads = names(sweep);
    let mut lines = Vec::new();
    let alone = workloads.len() == 1;
    for (index, name) in workloads.iter().enumerate().take(PALETTE.len()) {
        let statistics: &[Statistic] = if alone { &EVERY } else { &FEW };
        for (order, (what, of)) in statistics.iter().enumerate() {
            let color = if alone { STATISTICS[order] } else { PALETTE[index] };
            let label = if alone { (*what).to_owned() } else { format!("{name} {what}") };
            let value = |w: &WorkloadResult| *of(&w.latency);
            lines.push(line(sweep, true, name, (&label, color), &value));
        }
    }
    let mean = |line: &Series| line.name.ends_with("mean");
    lines.iter_mut().for_each(|line| line.dashed = !alone && !mean(line));
    lines
}

/// Of one workload: the mean in black, percentiles from cool to warm.
const STATISTICS: [Color; 4] = [PALETTE[0], BLACK, PALETTE[4], PALETTE[1]];

fn throughputs(sweep: &SweepResults) -> Vec<Series> {
    let workloads = names(sweep);
    let label = |name: &String| {
        if workloads.len() == 1 { "answered".into() } else { name.clone() }
    };
    let lines = workloads.iter().zip(PALETTE);
    let lines = lines.map(|(name, color)| line(sweep, false, name, (&label(name), color), &|w| w.throughput));
    let answered: Vec<Series> = lines.collect();
    let mut lines = offered(sweep, &workloads);
    lines.retain(|line| differs(line, answered.first()));
    lines.extend(answered);
    lines
}

/// What a single workload asked for, in the background.
fn offered(sweep: &SweepResults, workloads: &[String]) -> Vec<Series> {
    let [name] = workloads else {
        return Vec::new();
    };
    vec![Series { dashed: true, ..line(sweep, false, name, ("offered", GREY), &|w| w.offered) }]
}

/// Somewhere more than 2 % apart.
fn differs(offered: &Series, answered: Option<&Series>) -> bool {
    let pairs = offered.points.iter().zip(answered.iter().flat_map(|line| &line.points));
    pairs.into_iter().any(|(a, b)| a.1 > 1.02 * b.1)
}

fn names(sweep: &SweepResults) -> Vec<String> {
    let first = sweep.points.first();
    first.map_or_else(Vec::new, |point| point.result.workloads.keys().cloned().collect())
}

/// The line of a workload.
fn line(
    sweep: &SweepResults,
    only_stable: bool,
    workload: &str,
    (name, color): (&str, Color),
    value: &dyn Fn(&WorkloadResult) -> Estimate,
) -> Series {
    let shown = sweep.points.iter().filter(|point| !(only_stable && overloaded(&point.result)));
    let mut points: Vec<_> = shown.filter_map(|point| located(point, workload, value)).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    Series { name: name.to_owned(), color, joined: ordered(sweep), dashed: false, points }
}

fn located(
    point: &SweepPoint,
    workload: &str,
    value: &dyn Fn(&WorkloadResult) -> Estimate,
) -> Option<(f64, f64, Option<[f64; 2]>)> {
    let estimate = value(point.result.workloads.get(workload)?);
    Some((*point.at.first()?, estimate.value?, estimate.ci95))
}
