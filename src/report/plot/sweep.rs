//! The picture of a sweep: latency and throughput against what was varied.

use super::panel::{Frame, Panel, Series};
use super::picture::{Anchor, BLACK, Color, GREY, PALETTE, Picture};
use super::scale::Scale;
use crate::experiment::results::{Estimate, Latency, SweepPoint, SweepResults, WorkloadResult};
use crate::report::quantity::Kind;
use crate::report::reading::{self, label, overloaded};

/// What is drawn of latency: its name, which estimate, and whether several workloads or axes
/// leave room for it.
type Statistic = (&'static str, fn(&Latency) -> &Estimate);

const EVERY: [Statistic; 4] = [("p50", |l| &l.p50), ("mean", |l| &l.mean), ("p95", |l| &l.p95), ("p99", |l| &l.p99)];
const FEW: [Statistic; 2] = [("mean", |l| &l.mean), ("p99", |l| &l.p99)];

/// Two panels over the same axis, one above the other.
pub(super) fn picture(sweep: &SweepResults) -> Picture {
    let mut picture = Picture::new(760.0, 680.0);
    let title = sweep.points.first().map_or("", |p| p.result.scenario.title.as_str());
    picture.heading((24.0, 26.0), title, 16.0);
    let frame = |top: f64, height: f64| Frame { left: 84.0, top, width: 530.0, height, right: 752.0 };
    panel(&mut picture, frame(104.0, 280.0), sweep, &latency(sweep), Kind::Time);
    panel(&mut picture, frame(484.0, 120.0), sweep, &throughput(sweep), Kind::Rate);
    picture.text((24.0, 664.0), &note(sweep), GREY, Anchor::Start);
    picture
}

fn note(sweep: &SweepResults) -> String {
    sweep.points.first().map_or_else(String::new, |point| {
        let run = &point.result.scenario;
        let ran = format!("{}: seed {}, {} replications", run.file, run.seed, sweep.replications);
        let cut = if sweep.partial { ", interrupted" } else { "" };
        let how = if ordered(sweep) { "bands" } else { "bars" };
        format!("{ran}{cut}, knee {}; {how} are 95 % confidence intervals", run.version)
    })
}

fn panel(picture: &mut Picture, frame: Frame, sweep: &SweepResults, lines: &[Series], kind: Kind) {
    let values = || lines.iter().flat_map(|line| &line.points).map(|p| p.1);
    let y = match kind {
        Kind::Time => Scale::log(kind, values()),
        _ => Scale::linear(kind, values()),
    };
    let path = sweep.axis.first().map_or("", |axis| axis.path.as_str());
    let says = match kind {
        Kind::Time => ["Latency", "from first attempt to answer (log scale)", ""],
        _ => ["Throughput", "answers per second", path],
    };
    let mut panel = Panel::new(picture, frame, (x_scale(sweep), y), says);
    for (from, to) in unstable(sweep) {
        panel.shade(from, to, if kind == Kind::Time { "overloaded" } else { "" });
    }
    panel.axes();
    if let (Some(knee), [axis, ..]) = (&sweep.knee, sweep.axis.as_slice()) {
        let name = format!("knee at {}", label(axis, knee.at[0]));
        panel.vertical(knee.at[0], if kind == Kind::Time { &name } else { "" });
    }
    match ordered(sweep) {
        true => lines.iter().for_each(|line| panel.band(line)),
        false => lines.iter().for_each(|line| panel.bars(line)),
    }
    lines.iter().for_each(|line| panel.line(line));
    panel.finish();
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

/// From and to where the overloaded points lie, half way to their neighbours.
fn unstable(sweep: &SweepResults) -> Vec<(f64, f64)> {
    if sweep.axis.len() > 1 {
        return Vec::new();
    }
    let mut points: Vec<(f64, bool)> =
        sweep.points.iter().filter_map(|p| Some((*p.at.first()?, overloaded(&p.result)))).collect();
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

fn latency(sweep: &SweepResults) -> Vec<Series> {
    let workloads = names(sweep);
    let mut lines = Vec::new();
    let alone = workloads.len() == 1 && sweep.axis.len() == 1;
    for (index, name) in workloads.iter().enumerate().take(PALETTE.len()) {
        let statistics: &[Statistic] = if alone { &EVERY } else { &FEW };
        for (order, (what, of)) in statistics.iter().enumerate() {
            let color = if alone { STATISTICS[order] } else { PALETTE[index] };
            let label = if alone { (*what).to_owned() } else { format!("{name} {what}") };
            let value = |w: &WorkloadResult| *of(&w.latency);
            lines.extend(groups(sweep, true, name, &label, color, &value));
        }
    }
    let mean = |line: &Series| line.name.ends_with("mean");
    lines.iter_mut().for_each(|line| line.dashed = !alone && !mean(line));
    lines
}

/// Of one workload: the mean in black, percentiles from cool to warm.
const STATISTICS: [Color; 4] = [PALETTE[0], BLACK, PALETTE[4], PALETTE[1]];

fn throughput(sweep: &SweepResults) -> Vec<Series> {
    let workloads = names(sweep);
    let label = |name: &String| {
        if workloads.len() == 1 { "answered".into() } else { name.clone() }
    };
    let lines = workloads.iter().take(PALETTE.len()).enumerate();
    let lines =
        lines.flat_map(|(index, name)| groups(sweep, false, name, &label(name), PALETTE[index], &|w| w.throughput));
    let answered: Vec<Series> = lines.collect();
    let mut lines = offered(sweep, &workloads);
    lines.retain(|line| differs(line, answered.first()));
    lines.extend(answered);
    lines
}

/// What a single workload asked for, in the background.
fn offered(sweep: &SweepResults, workloads: &[String]) -> Vec<Series> {
    let ([name], 1) = (workloads, sweep.axis.len()) else {
        return Vec::new();
    };
    let lines = groups(sweep, false, name, "offered", GREY, &|w| w.offered);
    let dashed = lines.into_iter().map(|line| Series { dashed: true, ..line });
    dashed.collect()
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

/// A line for each combination of values on the axes after the first.
fn groups(
    sweep: &SweepResults,
    only_stable: bool,
    workload: &str,
    label: &str,
    color: Color,
    value: &dyn Fn(&WorkloadResult) -> Estimate,
) -> Vec<Series> {
    let mut lines: Vec<(Vec<f64>, Series)> = Vec::new();
    for point in &sweep.points {
        let skip = only_stable && overloaded(&point.result);
        let Some(place) = located(point, workload, value).filter(|_| !skip) else {
            continue;
        };
        let group = point.at.get(1..).unwrap_or_default().to_vec();
        match lines.iter_mut().find(|(of, _)| *of == group) {
            Some((_, line)) => line.points.push(place),
            None => {
                let name = group.iter().fold(label.to_owned(), |name, v| format!("{name}, {v}"));
                lines.push((group, Series { name, color, joined: ordered(sweep), dashed: false, points: vec![place] }));
            }
        }
    }
    let sorted = lines.into_iter().map(|(_, mut line)| {
        line.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        line
    });
    sorted.collect()
}

fn located(
    point: &SweepPoint,
    workload: &str,
    value: &dyn Fn(&WorkloadResult) -> Estimate,
) -> Option<(f64, f64, Option<[f64; 2]>)> {
    let estimate = value(point.result.workloads.get(workload)?);
    Some((*point.at.first()?, estimate.value?, estimate.ci95))
}
