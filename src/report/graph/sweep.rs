//! A sweep: latency and throughput against what was varied.

#[cfg(feature = "plot")]
use super::color::GREY;
use super::color::{BLACK, Color, PALETTE, SHADE};
use super::{Graph, Place, Scale, Series, Shade, curves};
use crate::experiment::results::{Estimate, Latency, SweepPoint, SweepResults, WorkloadResult};
use crate::report::chosen;
use crate::report::quantity::Kind;
use crate::report::reading::{self, label, overloaded};

/// What is drawn of latency: its name, which estimate, and whether several workloads or axes
/// leave room for it.
type Statistic = (&'static str, fn(&Latency) -> &Estimate);

const EVERY: [Statistic; 4] = [("p50", |l| &l.p50), ("mean", |l| &l.mean), ("p95", |l| &l.p95), ("p99", |l| &l.p99)];
const FEW: [Statistic; 2] = [("mean", |l| &l.mean), ("p99", |l| &l.p99)];

/// Mean latency and percentiles; where several axes are varied, a line for each curve.
pub(crate) fn latency(sweep: &SweepResults) -> Graph {
    let several = sweep.axis.len() > 1;
    let lines = if several { curves::latency(sweep) } else { percentiles(sweep) };
    let y = Scale::log(Kind::Time, values(&lines));
    let above = match (several, ordered(sweep)) {
        (true, true) => "mean, p99 dashed, knees ringed (log scale)",
        (true, false) => "mean and p99 (log scale)",
        (false, _) => "from first attempt to answer (log scale)",
    };
    let above = format!("{above}{}", some(sweep));
    let mut graph = Graph::new(["Latency", &above, path(sweep)], (x_scale(sweep), y), lines);
    let is_stable = sweep.points.iter().any(|point| !overloaded(&point.result));
    graph.nothing = if is_stable { UNANSWERED } else { "no point is stable" };
    graph.shades = shades(sweep, true);
    graph.verticals = knee(sweep, true);
    graph.rings = curves::knees(sweep).into_iter().map(|(knee, color)| (knee.at[0], knee.latency, color)).collect();
    graph
}

/// What is answered, and what was asked for where that is more.
#[cfg(feature = "plot")]
pub(crate) fn throughput(sweep: &SweepResults) -> Graph {
    let lines = if sweep.axis.len() > 1 { curves::throughput(sweep) } else { answers(sweep) };
    let y = Scale::linear(Kind::Rate, values(&lines));
    let meaning = format!("answers per second{}", some(sweep));
    let mut graph = Graph::new(["Throughput", &meaning, path(sweep)], (x_scale(sweep), y), lines);
    graph.nothing = UNANSWERED;
    graph.shades = shades(sweep, false);
    graph.verticals = knee(sweep, false);
    graph
}

/// Where no line has a point.
const UNANSWERED: &str = "nothing was answered";

/// How many of the workloads have lines; of several curves each is of all workloads together.
fn some(sweep: &SweepResults) -> String {
    let all = sweep.points.first().map_or(0, |point| point.result.workloads.len());
    match sweep.axis.len() > 1 {
        true => String::new(),
        false => chosen::of(names(sweep).len(), all, "workloads"),
    }
}

fn path(sweep: &SweepResults) -> &str {
    sweep.axis.first().map_or("", |axis| axis.path.as_str())
}

fn values(lines: &[Series]) -> impl Iterator<Item = f64> {
    lines.iter().flat_map(|line| &line.points).map(|p| p.1)
}

/// Where the only curve bends, named or not.
fn knee(sweep: &SweepResults, is_named: bool) -> Vec<(f64, String)> {
    let (Some(knee), [axis]) = (&sweep.knee, sweep.axis.as_slice()) else { return Vec::new() };
    let name = format!("knee at {}", label(axis, knee.at[0]));
    vec![(knee.at[0], if is_named { name } else { String::new() })]
}

/// The curves that are drawn, as many as there are colours.
#[cfg(feature = "plot")]
pub(crate) fn drawn(sweep: &SweepResults) -> Vec<Vec<&SweepPoint>> {
    curves::drawn(sweep)
}

/// Whether the first axis has quantities, between which lines make sense, and not words.
pub(crate) fn ordered(sweep: &SweepResults) -> bool {
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

/// Where points are overloaded: of several curves, each in its colour.
fn shades(sweep: &SweepResults, is_named: bool) -> Vec<Shade> {
    let drawn = curves::drawn(sweep);
    let several = sweep.axis.len() > 1;
    let mut shades = Vec::new();
    for (row, (curve, color)) in drawn.iter().zip(PALETTE).enumerate() {
        let why = if several { format!("{} overloaded", curves::name(sweep, curve)) } else { "overloaded".into() };
        let why = if is_named { why } else { String::new() };
        let (color, opacity) = if several { (color, 0.07) } else { (SHADE, 1.0) };
        let row = several.then_some(row);
        let ranges = unstable(curve).into_iter();
        shades.extend(ranges.map(|(from, to)| Shade { from, to, color, opacity, why: why.clone(), row }));
    }
    shades
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

fn percentiles(sweep: &SweepResults) -> Vec<Series> {
    let workloads = names(sweep);
    let mut lines = Vec::new();
    let alone = workloads.len() == 1;
    for (index, name) in workloads.iter().enumerate() {
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

#[cfg(feature = "plot")]
fn answers(sweep: &SweepResults) -> Vec<Series> {
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
#[cfg(feature = "plot")]
fn offered(sweep: &SweepResults, workloads: &[String]) -> Vec<Series> {
    let [name] = workloads else {
        return Vec::new();
    };
    vec![Series { dashed: true, ..line(sweep, false, name, ("offered", GREY), &|w| w.offered) }]
}

/// Somewhere more than 2 % apart.
#[cfg(feature = "plot")]
fn differs(offered: &Series, answered: Option<&Series>) -> bool {
    let pairs = offered.points.iter().zip(answered.iter().flat_map(|line| &line.points));
    pairs.into_iter().any(|(a, b)| a.1 > 1.02 * b.1)
}

/// The workloads that have lines: as few as can be told apart, chosen where the load is highest and the system stable.
pub(crate) fn names(sweep: &SweepResults) -> Vec<String> {
    let stable = sweep.points.iter().rev().find(|point| !overloaded(&point.result));
    let names = stable.or(sweep.points.last()).map_or_else(Vec::new, |point| chosen::chosen(&point.result));
    names.into_iter().map(str::to_owned).collect()
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

fn located(point: &SweepPoint, workload: &str, value: &dyn Fn(&WorkloadResult) -> Estimate) -> Option<Place> {
    let estimate = value(point.result.workloads.get(workload)?);
    Some((*point.at.first()?, estimate.value?, estimate.ci95))
}
