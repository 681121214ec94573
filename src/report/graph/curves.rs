//! The lines of a sweep over several axes: one for each curve along the first.

use super::color::{Color, PALETTE};
use super::{Place, Series};
use crate::experiment::results::{Estimate, Knee, SweepPoint, SweepResults, WorkloadResult};
use crate::report::reading::{label, overloaded};

/// Curves that are drawn: as many as there are colours, evenly among all.
pub(super) fn drawn(sweep: &SweepResults) -> Vec<Vec<&SweepPoint>> {
    let mut all = sweep.curves();
    let (count, most) = (all.len(), PALETTE.len());
    if count > most {
        let chosen: Vec<usize> = (0..most).map(|index| index * (count - 1) / (most - 1)).collect();
        all = all.into_iter().enumerate().filter(|(index, _)| chosen.contains(index)).map(|(_, curve)| curve).collect();
    }
    for curve in &mut all {
        curve.sort_by(|a, b| a.at[0].total_cmp(&b.at[0]));
    }
    all
}

/// The mean latency of each curve up to where it is overloaded and, of a single workload, its p99 in dashes.
pub(super) fn latency(sweep: &SweepResults) -> Vec<Series> {
    let mut lines = Vec::new();
    for (curve, color) in drawn(sweep).iter().zip(PALETTE) {
        let joined = sweep.axis[0].ordered;
        let line = |name: String, dashed: bool, of: &dyn Fn(&SweepPoint) -> Option<Estimate>| {
            let stable = curve.iter().filter(|point| !overloaded(&point.result));
            Series { name, color, joined, dashed, points: points(stable.copied(), of) }
        };
        // Between words there are no lines that could be dashed.
        let [mean_name, tail_name] = match joined {
            true => [name(sweep, curve), String::new()],
            false => ["mean", "p99"].map(|what| format!("{} {what}", name(sweep, curve))),
        };
        lines.push(line(mean_name, false, &mean));
        let tail = |point: &SweepPoint| only(point).map(|workload| workload.latency.p99);
        lines.push(line(tail_name, true, &tail));
    }
    lines.retain(|line| !line.points.is_empty());
    lines
}

/// The throughput of all workloads on each curve.
#[cfg(feature = "plot")]
pub(super) fn throughput(sweep: &SweepResults) -> Vec<Series> {
    let line = |(curve, color): (&Vec<&SweepPoint>, _)| {
        let points = points(curve.iter().copied(), &answered);
        Series { name: name(sweep, curve), color, joined: sweep.axis[0].ordered, dashed: false, points }
    };
    drawn(sweep).iter().zip(PALETTE).map(line).collect()
}

/// Where on the line of its curve a knee is.
pub(super) fn knees(sweep: &SweepResults) -> Vec<(&Knee, Color)> {
    let drawn = drawn(sweep);
    let color = |knee: &Knee| {
        let index = drawn.iter().position(|curve| curve[0].at[1..] == knee.at[1..])?;
        PALETTE.get(index).copied()
    };
    sweep.knees.iter().flatten().filter_map(|knee| Some((knee, color(knee)?))).collect()
}

/// The last words of the paths of the other axes, with their values: `servers 2, threads 16`.
pub(super) fn name(sweep: &SweepResults, curve: &[&SweepPoint]) -> String {
    let others = sweep.axis.iter().zip(&curve[0].at).skip(1);
    let named = others.map(|(axis, &value)| {
        let last = axis.path.rsplit('.').next().unwrap_or_default();
        format!("{last} {}", label(axis, value))
    });
    named.collect::<Vec<_>>().join(", ")
}

/// The only workload.
fn only(point: &SweepPoint) -> Option<&WorkloadResult> {
    let mut all = point.result.workloads.values();
    all.next().filter(|_| all.next().is_none())
}

/// With an interval where there is one workload.
fn mean(point: &SweepPoint) -> Option<Estimate> {
    let alone = only(point).map(|workload| workload.latency.mean);
    alone.or_else(|| Some(Estimate { value: Some(point.totals()?.1), ci95: None }))
}

#[cfg(feature = "plot")]
fn answered(point: &SweepPoint) -> Option<Estimate> {
    let alone = only(point).map(|workload| workload.throughput);
    alone.or_else(|| Some(Estimate { value: Some(point.totals()?.0), ci95: None }))
}

fn points<'a>(of: impl Iterator<Item = &'a SweepPoint>, value: &dyn Fn(&SweepPoint) -> Option<Estimate>) -> Vec<Place> {
    of.filter_map(|point| {
        let estimate = value(point)?;
        Some((point.at[0], estimate.value?, estimate.ci95))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn few_curves_are_all_drawn_and_many_evenly() {
        let mut sweep = fixture::curves();
        assert_eq!(drawn(&sweep).len(), 2);
        let point = sweep.points[0].clone();
        let at = |servers: u32| SweepPoint { at: vec![0.2, f64::from(servers)], ..point.clone() };
        sweep.points = (0..51).map(at).collect();
        let servers: Vec<f64> = drawn(&sweep).iter().map(|curve| curve[0].at[1]).collect();
        assert_eq!(servers, [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
    }

    #[test]
    fn lines_are_named_by_what_the_others_are_set_to() {
        let sweep = fixture::curves();
        let names: Vec<String> = latency(&sweep).into_iter().map(|line| line.name).collect();
        assert_eq!(names, ["servers 1", "", "servers 2", ""]);
        assert_eq!(knees(&sweep).len(), 2);
    }
}
