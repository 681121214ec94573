//! The tables of a sweep: for each curve a line per point.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{lines, shortened};
use crate::experiment::results::{Estimate, SweepPoint, SweepResults, WorkloadResult};
use crate::report::quantity::{Kind, estimate, show};
use crate::report::reading::{label, overloaded, setting};

/// Most curves that are shown point by point.
const MOST: usize = 12;
/// Most characters that say which curve it is, beside its numbers.
const LONGEST: usize = 34;

/// For each curve along the first axis, a table per workload; before several, a line per curve.
pub(super) fn tables(sweep: &SweepResults, ink: Ink) -> Vec<String> {
    let curves = sweep.curves();
    let mut parts = Vec::new();
    if sweep.axis.len() > 1 {
        parts.push(overview(sweep, &curves, ink));
    }
    for curve in curves.iter().take(MOST) {
        let mut blocks = names(curve).into_iter().map(|name| table(sweep, curve, &name, ink));
        let first = blocks.next().unwrap_or_default();
        let head = setting(sweep, &curve[0].at);
        let head = if head.is_empty() { head } else { lines(&head, Tone::Head, ink) };
        parts.push(head + &first);
        parts.extend(blocks);
    }
    if curves.len() > MOST {
        let left = curves.len() - MOST;
        parts.push(format!("{left} more curves are not shown here: --format csv has every point\n"));
    }
    parts
}

/// A line per curve: where it bends.
fn overview(sweep: &SweepResults, curves: &[Vec<&SweepPoint>], ink: Ink) -> String {
    let mut table = Table::new(&["curve", "knee at", "throughput", "mean", "overloaded"]);
    for curve in curves {
        let is_own = |at: &[f64]| at[1..] == curve[0].at[1..];
        let knee = sweep.knees.iter().flatten().find(|knee| is_own(&knee.at));
        let at = knee.map_or("–".to_owned(), |knee| label(&sweep.axis[0], knee.at[0]));
        let over = curve.iter().filter(|point| overloaded(&point.result)).count();
        let tone = if over > 0 { Tone::Bad } else { Tone::Plain };
        table.row(vec![
            shortened(&setting(sweep, &curve[0].at), LONGEST).into(),
            at.into(),
            show(Kind::Rate, knee.map(|knee| knee.throughput)).into(),
            show(Kind::Time, knee.map(|knee| knee.latency)).into(),
            Cell::new(format!("{over} of {}", curve.len()), tone),
        ]);
    }
    table.render(ink)
}

fn names(curve: &[&SweepPoint]) -> Vec<String> {
    curve.first().map_or_else(Vec::new, |point| point.result.workloads.keys().cloned().collect())
}

/// With the half-widths of as many times as fit the terminal.
fn table(sweep: &SweepResults, curve: &[&SweepPoint], workload: &str, ink: Ink) -> String {
    let fits = |&form: &Form| rows(sweep, curve, workload, form).fits();
    let whole = [2, 1, 0].map(|halves| Form { halves, longest: usize::MAX });
    let cut = [20, 16, 12].map(|longest| Form { halves: 0, longest });
    let form = whole.into_iter().chain(cut).find(fits).unwrap_or(cut[2]);
    rows(sweep, curve, workload, form).render(ink)
}

/// What is left out of a table, so that it fits.
#[derive(Debug, Clone, Copy)]
struct Form {
    /// How many times have half-widths.
    halves: usize,
    /// Most characters of a name.
    longest: usize,
}

fn rows(sweep: &SweepResults, curve: &[&SweepPoint], workload: &str, form: Form) -> Table {
    let mut results = curve.iter().filter_map(|point| point.result.workloads.get(workload));
    let errors = results.any(|result| result.error_rate.value.is_some_and(|rate| rate > 0.0));
    let name = shortened(workload, form.longest);
    let mut head = vec![name.as_str(), "at", "throughput"];
    head.extend(errors.then_some("errors"));
    for (index, time) in ["mean", "p99"].into_iter().enumerate() {
        head.push(time);
        head.extend((index < form.halves).then_some("±"));
    }
    head.extend(["bottleneck", "busy"]);
    let mut table = Table::new(&head);
    for point in curve {
        if let Some(result) = point.result.workloads.get(workload) {
            table.row(row(sweep, point, result, errors, form));
        }
    }
    table
}

fn row(sweep: &SweepResults, point: &SweepPoint, workload: &WorkloadResult, errors: bool, form: Form) -> Vec<Cell> {
    let throughput = show(Kind::Rate, workload.throughput.value);
    let place = sweep.axis.first().map_or_else(String::new, |axis| label(axis, point.at[0]));
    let is_ordered = sweep.axis.first().is_none_or(|axis| axis.ordered);
    let place = if is_ordered { Cell::from(place) } else { Cell::words(place) };
    let mut cells = vec![remark(sweep, point), place, throughput.into()];
    cells.extend(errors.then(|| failures(workload)));
    let times = [&workload.latency.mean, &workload.latency.p99];
    for (index, time) in times.into_iter().enumerate() {
        cells.extend(duration(time, index < form.halves));
    }
    if let Some(limit) = &point.result.bottleneck {
        let busy = show(Kind::Ratio, Some(limit.utilization));
        cells.push(Cell::left(shortened(&limit.station, form.longest)));
        cells.push(Cell::new(busy, Tone::of_utilization(limit.utilization)));
    }
    cells
}

fn duration(time: &Estimate, half: bool) -> Vec<Cell> {
    let (value, width) = estimate(Kind::Time, time);
    let mut cells = vec![Cell::from(value)];
    cells.extend(half.then(|| Cell::new(width, Tone::Dim)));
    cells
}

fn failures(workload: &WorkloadResult) -> Cell {
    let rate = workload.error_rate.value;
    let tone = if rate.is_some_and(|rate| rate > 0.0) { Tone::Bad } else { Tone::Plain };
    Cell::new(show(Kind::Ratio, rate), tone)
}

fn remark(sweep: &SweepResults, point: &SweepPoint) -> Cell {
    if overloaded(&point.result) {
        return Cell::new("overloaded", Tone::Bad);
    }
    let is_knee = sweep.knee.iter().chain(sweep.knees.iter().flatten()).any(|knee| knee.at == point.at);
    if is_knee { Cell::new("knee →", Tone::Good) } else { Cell::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn long_names_are_cut_where_they_would_not_fit() {
        let mut sweep = fixture::sweep();
        let long = "a-station-with-a-name-that-is-far-too-long-for-any-table.cpu";
        for point in &mut sweep.points {
            if let Some(limit) = &mut point.result.bottleneck {
                limit.station = long.to_owned();
            }
            let workloads = std::mem::take(&mut point.result.workloads);
            point.result.workloads = workloads.into_values().map(|it| (long.to_owned(), it)).collect();
        }
        let text = tables(&sweep, Ink(false)).concat();
        assert!(text.contains("a-station-w….cpu"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
